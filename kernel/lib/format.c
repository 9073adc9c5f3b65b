/*
 * Reads the format once from left to right; each conversion is decoded into a
 * struct first and then written by the row of a table that its letter names.
 * An unknown conversion is written as it stands and takes no argument.
 */
#include "lib/format.h"
#include "lib/divide.h"
#include "lib/string.h"

/* Where the text goes. `length` counts on when the buffer is full. */
struct output {
    char *buffer;
    size_t size;
    size_t length;
};

/* One conversion: %[flags][width][.precision][length]letter */
struct conversion {
    bool left;      /* - */
    bool zeros;     /* 0 */
    bool plus;      /* + */
    bool space;     /* a space instead of + */
    bool alternate; /* # */
    s32 width;
    s32 precision; /* -1 when not given */
    u32 bytes;     /* of the integer argument: 1, 2, 4, 8 */
    char letter;
};

static void output_character(struct output *output, char character)
{
    if (output->length + 1 < output->size)
        output->buffer[output->length] = character;
    output->length++;
}

static void output_bytes(struct output *output, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        output_character(output, bytes[i]);
}

static void output_repeated(struct output *output, char character, s32 times)
{
    while (times-- > 0)
        output_character(output, character);
}

/* Writes padding, prefix, zeros and body, in the order that C prescribes. */
static void output_field(struct output *output, const struct conversion *c,
                         const char *prefix, s32 zeros, const char *body,
                         size_t size)
{
    s32 prefix_size = (s32)strlen(prefix);
    s32 padding = c->width - prefix_size - zeros - (s32)size;
    if (!c->left)
        output_repeated(output, ' ', padding);
    output_bytes(output, prefix, prefix_size);
    output_repeated(output, '0', zeros);
    output_bytes(output, body, size);
    if (c->left)
        output_repeated(output, ' ', padding);
}

/* Writes the digits backwards from `end`; returns where they start. Zero has
 * no digits: precision brings its one 0 back. */
static char *digits_write(char *end, u64 value, u32 base, char letter_a)
{
    while (value != 0) {
        u32 digit;
        value = divide_u64(value, base, &digit);
        *--end = digit < 10 ? '0' + digit : letter_a + digit - 10;
    }
    return end;
}

static void output_number(struct output *output, const struct conversion *c,
                          const char *prefix, u64 value, u32 base)
{
    char digits[24];
    char *end = digits + sizeof(digits);
    char *start = digits_write(end, value, base, c->letter == 'X' ? 'A' : 'a');
    s32 count = end - start;
    s32 precision = c->precision < 0 ? 1 : c->precision;
    if (c->zeros && !c->left && c->precision < 0)
        precision = max(precision, c->width - (s32)strlen(prefix));
    if (c->alternate && c->letter == 'o')
        precision = max(precision, count + 1);
    output_field(output, c, prefix, max(precision - count, 0), start, count);
}

/* va_list cannot be passed on by address where it is an array; a struct can. */
struct arguments {
    va_list list;
};

static u64 argument_unsigned(struct arguments *arguments, u32 bytes)
{
    if (bytes == 8)
        return va_arg(arguments->list, u64);
    u32 value = va_arg(arguments->list, u32);
    return bytes == 4 ? value : value & ((1u << bytes * 8) - 1);
}

/* The same, with the sign bit of the argument's size spread upwards. */
static s64 argument_signed(struct arguments *arguments, u32 bytes)
{
    u32 unused = 64 - bytes * 8;
    return (s64)(argument_unsigned(arguments, bytes) << unused) >> unused;
}

static void convert_signed(struct output *output, const struct conversion *c,
                           struct arguments *arguments)
{
    s64 value = argument_signed(arguments, c->bytes);
    const char *sign = value < 0 ? "-" : c->plus ? "+" : c->space ? " " : "";
    u64 magnitude = value < 0 ? -(u64)value : (u64)value;
    output_number(output, c, sign, magnitude, 10);
}

static void convert_unsigned(struct output *output, const struct conversion *c,
                             struct arguments *arguments)
{
    u64 value = argument_unsigned(arguments, c->bytes);
    u32 base = c->letter == 'u' ? 10 : c->letter == 'o' ? 8 : 16;
    const char *prefix = "";
    if (base == 16 && c->alternate && value != 0)
        prefix = c->letter == 'X' ? "0X" : "0x";
    output_number(output, c, prefix, value, base);
}

static void convert_pointer(struct output *output, const struct conversion *c,
                            struct arguments *arguments)
{
    struct conversion pointer = *c;
    pointer.precision = 8;
    output_number(output, &pointer, "",
                  (uintptr_t)va_arg(arguments->list, void *), 16);
}

static void convert_character(struct output *output, const struct conversion *c,
                              struct arguments *arguments)
{
    char character = (char)va_arg(arguments->list, int);
    output_field(output, c, "", 0, &character, 1);
}

static void convert_string(struct output *output, const struct conversion *c,
                           struct arguments *arguments)
{
    const char *string = va_arg(arguments->list, const char *);
    if (string == NULL)
        string = "(null)";
    size_t limit = c->precision < 0 ? SIZE_MAX : (size_t)c->precision;
    output_field(output, c, "", 0, string, strnlen(string, limit));
}

static void convert_percent(struct output *output, const struct conversion *c,
                            struct arguments *arguments)
{
    output_character(output, '%');
}

typedef void convert(struct output *output, const struct conversion *c,
                     struct arguments *arguments);

static convert *const conversions[128] = {
    ['d'] = convert_signed,   ['i'] = convert_signed,
    ['u'] = convert_unsigned, ['o'] = convert_unsigned,
    ['x'] = convert_unsigned, ['X'] = convert_unsigned,
    ['p'] = convert_pointer,  ['c'] = convert_character,
    ['s'] = convert_string,   ['%'] = convert_percent,
};

/* Notes a flag; returns false for any other character. */
static bool flag_read(struct conversion *c, char character)
{
    bool *const flags[128] = {
        ['-'] = &c->left,  ['0'] = &c->zeros,     ['+'] = &c->plus,
        [' '] = &c->space, ['#'] = &c->alternate,
    };
    bool *flag = flags[character & 127];
    if (flag == NULL)
        return false;
    *flag = true;
    return true;
}

/* A number in the format, or the next argument for a star. */
static s32 number_read(const char **format, struct arguments *arguments)
{
    if (**format == '*') {
        (*format)++;
        return va_arg(arguments->list, int);
    }
    s32 number = 0;
    while (**format >= '0' && **format <= '9' && number < 100000)
        number = number * 10 + *(*format)++ - '0';
    return number;
}

/* The letters before a conversion that say how wide its argument is. */
static u32 length_read(const char **format)
{
    static const struct {
        const char *letters;
        u32 bytes;
    } lengths[] = {{"hh", 1},
                   {"h", 2},
                   {"ll", 8},
                   {"l", sizeof(long)},
                   {"z", sizeof(size_t)}};
    for (u32 i = 0; i < array_count(lengths); i++) {
        size_t size = strlen(lengths[i].letters);
        if (strncmp(*format, lengths[i].letters, size) == 0) {
            *format += size;
            return lengths[i].bytes;
        }
    }
    return sizeof(int);
}

/* Decodes what follows a percent sign; returns where the format goes on. */
static const char *conversion_read(struct conversion *c, const char *format,
                                   struct arguments *arguments)
{
    *c = (struct conversion){.precision = -1};
    while (flag_read(c, *format))
        format++;
    c->width = number_read(&format, arguments);
    if (c->width < 0) {
        c->left = true;
        c->width = -c->width;
    }
    if (*format == '.') {
        format++;
        s32 precision = number_read(&format, arguments);
        c->precision = max(precision, -1);
    }
    c->bytes = length_read(&format);
    c->letter = *format;
    return c->letter == '\0' ? format : format + 1;
}

static void format_write(struct output *output, const char *format,
                         struct arguments *arguments)
{
    while (*format != '\0') {
        const char *start = format++;
        if (*start != '%') {
            output_character(output, *start);
            continue;
        }
        struct conversion c;
        format = conversion_read(&c, format, arguments);
        convert *const convert_argument = conversions[c.letter & 127];
        if (convert_argument != NULL)
            convert_argument(output, &c, arguments);
        else
            output_bytes(output, start, format - start);
    }
}

int format_text_list(char *buffer, size_t size, const char *format,
                     va_list arguments)
{
    struct output output = {.buffer = buffer, .size = size};
    struct arguments copy;
    va_copy(copy.list, arguments);
    format_write(&output, format, &copy);
    va_end(copy.list);
    if (size != 0)
        buffer[min(output.length, size - 1)] = '\0';
    return (int)output.length;
}

int format_text(char *buffer, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = format_text_list(buffer, size, format, arguments);
    va_end(arguments);
    return length;
}
