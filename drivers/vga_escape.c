/*
 * Escape sequences: ESC and one character, or ESC [ numbers character
 * (ECMA-48; the Linux manual page console_codes(4)). Unknown ones are read to
 * their end and change nothing.
 */
#include "drivers/vga_internal.h"
#include "lib/format.h"

#define ESCAPE       0x1b
#define NUMBER_LIMIT 10000u

/* A number of the list; `fallback` where it is missing or 0. */
static s32 number(const struct screen *on, u32 index, u32 fallback)
{
    u32 value = index < on->parameter_count ? on->parameters[index] : 0;

    return (s32)(value ? value : fallback);
}

/* ---- moving -------------------------------------------------------------- */

/* Each gets the list's first number (1 where it is missing), with the sign of
 * its row in the table. */
static void cursor_rows(struct screen *on, s32 count)
{
    screen_go(on, (s32)on->row + count, (s32)on->column);
}

static void cursor_columns(struct screen *on, s32 count)
{
    screen_go(on, (s32)on->row, (s32)on->column + count);
}

static void cursor_column(struct screen *on, s32 count)
{
    screen_go(on, (s32)on->row, count - 1);
}

static void cursor_row(struct screen *on, s32 count)
{
    screen_go(on, count - 1, (s32)on->column);
}

static void cursor_place(struct screen *on, s32 count)
{
    screen_go(on, count - 1, number(on, 1, 1) - 1);
}

static void cursor_save(struct screen *on)
{
    on->saved_row = on->row;
    on->saved_column = on->column;
}

static void cursor_restore(struct screen *on)
{
    screen_go(on, (s32)on->saved_row, (s32)on->saved_column);
}

/* ---- erasing and shifting ------------------------------------------------ */

/* Cells [first, end), of which the cursor's is one: from it on, up to it, or
 * all of them. */
static void erase(struct screen *on, u32 first, u32 end)
{
    u32 cursor = screen_cursor(on);
    s32 what = number(on, 0, 0);

    if (what == 0)
        first = cursor;
    else if (what == 1)
        end = cursor + 1;
    screen_blank(on, first, end - first);
}

static void erase_screen(struct screen *on)
{
    erase(on, 0, SCREEN_ROWS * SCREEN_COLUMNS);
}

static void erase_line(struct screen *on)
{
    u32 first = on->row * SCREEN_COLUMNS;

    erase(on, first, first + SCREEN_COLUMNS);
}

static void erase_characters(struct screen *on, s32 count)
{
    screen_blank(on, screen_cursor(on),
                 min((u32)count, SCREEN_COLUMNS - on->column));
}

static void shift_lines(struct screen *on, s32 count)
{
    if (on->row >= on->top && on->row < on->bottom)
        screen_scroll(on, on->row, count);
}

static void scroll(struct screen *on, s32 count)
{
    screen_scroll(on, on->top, count);
}

static void scroll_region(struct screen *on, s32 count)
{
    u32 top = (u32)count - 1;
    u32 bottom = (u32)number(on, 1, SCREEN_ROWS);

    if (bottom > SCREEN_ROWS || top + 1 >= bottom)
        return;
    on->top = top;
    on->bottom = bottom;
    screen_go(on, 0, 0);
}

/* ---- colours and the rest ------------------------------------------------ */

/* ANSI counts red as 1, VGA as 4. */
static u8 colour(u32 ansi)
{
    static const u8 colours[] = {0, 4, 2, 6, 1, 5, 3, 7};

    return colours[ansi % 8];
}

static void colour_set(struct screen *on, u32 code)
{
    if (code >= 30 && code <= 37) {
        on->foreground = colour(code - 30);
    } else if (code >= 40 && code <= 47) {
        on->background = colour(code - 40);
    } else if (code >= 90 && code <= 97) {
        on->foreground = colour(code - 90);
        on->bright = true;
    } else if (code == 39) {
        on->foreground = COLOUR_NORMAL;
    } else if (code == 49) {
        on->background = 0;
    }
}

static void style_set(struct screen *on, u32 code)
{
    if (code == 0) {
        on->foreground = COLOUR_NORMAL;
        on->background = 0;
        on->bright = false;
        on->reverse = false;
    } else if (code == 1 || code == 22) {
        on->bright = code == 1;
    } else if (code == 7 || code == 27) {
        on->reverse = code == 7;
    } else {
        colour_set(on, code);
    }
}

static void styles(struct screen *on)
{
    for (u32 i = 0; i < on->parameter_count; i++)
        style_set(on, on->parameters[i]);
}

/* h and l: the only mode there is shows the cursor. */
static void mode_set(struct screen *on, s32 count)
{
    if (on->is_private && (count == 25 || count == -25))
        on->cursor_hidden = count < 0;
}

static void report(struct screen *on)
{
    s32 what = number(on, 0, 0);

    if (what == 5)
        on->reply_size =
            (u32)format_text(on->reply, sizeof(on->reply), "\x1b[0n");
    if (what == 6)
        on->reply_size =
            (u32)format_text(on->reply, sizeof(on->reply), "\x1b[%u;%uR",
                             on->row + 1, on->column + 1);
}

static void line_down_at_left(struct screen *on)
{
    on->column = 0;
    screen_line_down(on);
}

/* ESC [ number ... */
static const struct {
    char last;
    void (*act)(struct screen *on, s32 count);
    s32 sign;
} counted[] = {
    {'A', cursor_rows, -1},   {'B', cursor_rows, 1},
    {'C', cursor_columns, 1}, {'D', cursor_columns, -1},
    {'G', cursor_column, 1},  {'H', cursor_place, 1},
    {'L', shift_lines, -1},   {'M', shift_lines, 1},
    {'P', screen_shift, -1},  {'S', scroll, 1},
    {'T', scroll, -1},        {'X', erase_characters, 1},
    {'@', screen_shift, 1},   {'d', cursor_row, 1},
    {'f', cursor_place, 1},   {'h', mode_set, 1},
    {'l', mode_set, -1},      {'r', scroll_region, 1},
};

struct escape {
    char last;
    void (*act)(struct screen *on);
};

/* ESC [ numbers ... */
static const struct escape lists[] = {
    {'J', erase_screen}, {'K', erase_line},  {'m', styles},
    {'n', report},       {'s', cursor_save}, {'u', cursor_restore},
};

/* ESC ... */
static const struct escape singles[] = {
    {'7', cursor_save},    {'8', cursor_restore},    {'D', screen_line_down},
    {'M', screen_line_up}, {'E', line_down_at_left}, {'c', screen_reset},
};

static void act(struct screen *on, const struct escape *table, u32 count,
                u8 last)
{
    on->state = ESCAPE_NONE;
    for (u32 i = 0; i < count; i++)
        if ((u8)table[i].last == last)
            table[i].act(on);
}

static void act_counted(struct screen *on, u8 last)
{
    for (u32 i = 0; i < array_count(counted); i++)
        if ((u8)counted[i].last == last)
            counted[i].act(on, counted[i].sign * number(on, 0, 1));
}

/* ---- reading them -------------------------------------------------------- */

static void begun(struct screen *on, u8 byte)
{
    if (byte == '[') {
        on->state = ESCAPE_LIST;
        on->is_private = false;
        on->parameter_count = 1;
        on->parameters[0] = 0;
    } else if (byte == '(' || byte == ')' || byte == '#') {
        on->state = ESCAPE_SKIP; /* character sets: one more byte */
    } else {
        act(on, singles, array_count(singles), byte);
    }
}

static void list_take(struct screen *on, u8 byte)
{
    u32 *last = &on->parameters[on->parameter_count - 1];

    if (byte >= '0' && byte <= '9') {
        *last = min(*last * 10 + (byte - '0'), NUMBER_LIMIT);
    } else if (byte == ';') {
        if (on->parameter_count < ESCAPE_PARAMETERS)
            on->parameters[on->parameter_count++] = 0;
    } else if (byte == '?') {
        on->is_private = true;
    } else if (byte >= '@') {
        act_counted(on, byte);
        act(on, lists, array_count(lists), byte);
    }
}

bool escape_take(struct screen *on, u8 byte)
{
    if (byte == ESCAPE) {
        on->state = ESCAPE_BEGUN;
        return true;
    }
    if (on->state == ESCAPE_NONE || byte < ' ')
        return false;
    if (on->state == ESCAPE_BEGUN)
        begun(on, byte);
    else if (on->state == ESCAPE_LIST)
        list_take(on, byte);
    else
        on->state = ESCAPE_NONE;
    return true;
}
