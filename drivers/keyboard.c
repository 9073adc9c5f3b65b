/*
 * Scan codes of set 1, as the i8042 translates them (IBM PS/2 Technical
 * Reference), into the bytes that a terminal sends.
 *
 * A code below 0x80 is a key going down, the same plus 0x80 is it going up;
 * 0xe0 comes before the keys that the first PC did not have. Shift, Ctrl and
 * Alt are held, Caps Lock is switched; Alt sends ESC before the character.
 */
#include "drivers/keyboard.h"
#include "core/debug_key.h"
#include "core/cpu.h"
#include "drivers/vga.h"
#include "x86/interrupts.h"

#define DATA_PORT     0x60
#define STATUS_PORT   0x64 /* when read; commands when written */
#define STATUS_OUTPUT 0x01 /* a byte is there for us */
#define STATUS_INPUT  0x02 /* ours has not been taken yet */
#define STATUS_MOUSE  0x20

#define COMMAND_READ_CONFIGURATION  0x20
#define COMMAND_WRITE_CONFIGURATION 0x60
#define CONFIGURATION_INTERRUPT     0x01
#define CONFIGURATION_CLOCK_OFF     0x10
#define CONFIGURATION_TRANSLATE     0x40

#define KEYBOARD_LINE 1
#define TRIES         10000u
#define EXTENDED      0xe0
#define KEY_UP        0x80
#define ESCAPE        0x1b

enum modifier {
    LEFT_SHIFT = 1,
    RIGHT_SHIFT = 2,
    LEFT_CONTROL = 4,
    RIGHT_CONTROL = 8,
    LEFT_ALT = 16,
    RIGHT_ALT = 32,
    SYSTEM_REQUEST = 64, /* what Alt and Print Screen send */
};

#define SHIFT   (LEFT_SHIFT | RIGHT_SHIFT)
#define CONTROL (LEFT_CONTROL | RIGHT_CONTROL)
#define ALT     (LEFT_ALT | RIGHT_ALT)

/* Interrupt context only. */
static u32 held;
static bool caps_lock;
static bool extended;

/* By scan code; 0 for keys without a character. */
static const u8 plain[] = "\0\x1b"
                          "1234567890-=\x7f\t"
                          "qwertyuiop[]\r\0"
                          "asdfghjkl;'`\0\\"
                          "zxcvbnm,./\0*\0 ";
static const u8 shifted[] = "\0\x1b"
                            "!@#$%^&*()_+\x7f\t"
                            "QWERTYUIOP{}\r\0"
                            "ASDFGHJKL:\"~\0|"
                            "ZXCVBNM<>?\0*\0 ";

enum key_set { FIRST = 1, SECOND = 2, BOTH = 3 }; /* SECOND: after 0xe0 */

struct key {
    u8 code;
    u8 set;
    u8 modifier;
    const char *bytes;
};

/* The number pad works as with Num Lock off. */
static const struct key keys[] = {
    {0x2a, FIRST, LEFT_SHIFT, NULL},
    {0x36, FIRST, RIGHT_SHIFT, NULL},
    {0x1d, FIRST, LEFT_CONTROL, NULL},
    {0x1d, SECOND, RIGHT_CONTROL, NULL},
    {0x38, FIRST, LEFT_ALT, NULL},
    {0x38, SECOND, RIGHT_ALT, NULL},
    {0x54, FIRST, SYSTEM_REQUEST, NULL},
    {0x3b, FIRST, 0, "\x1bOP"}, /* F1 */
    {0x3c, FIRST, 0, "\x1bOQ"},
    {0x3d, FIRST, 0, "\x1bOR"},
    {0x3e, FIRST, 0, "\x1bOS"},
    {0x3f, FIRST, 0, "\x1b[15~"},
    {0x40, FIRST, 0, "\x1b[17~"},
    {0x41, FIRST, 0, "\x1b[18~"},
    {0x42, FIRST, 0, "\x1b[19~"},
    {0x43, FIRST, 0, "\x1b[20~"},
    {0x44, FIRST, 0, "\x1b[21~"},
    {0x57, FIRST, 0, "\x1b[23~"},
    {0x58, FIRST, 0, "\x1b[24~"}, /* F12 */
    {0x48, BOTH, 0, "\x1b[A"},    /* up, down, right, left */
    {0x50, BOTH, 0, "\x1b[B"},
    {0x4d, BOTH, 0, "\x1b[C"},
    {0x4b, BOTH, 0, "\x1b[D"},
    {0x47, BOTH, 0, "\x1b[H"}, /* home, end */
    {0x4f, BOTH, 0, "\x1b[F"},
    {0x49, BOTH, 0, "\x1b[5~"}, /* page up, page down */
    {0x51, BOTH, 0, "\x1b[6~"},
    {0x52, BOTH, 0, "\x1b[2~"}, /* insert, delete */
    {0x53, BOTH, 0, "\x1b[3~"},
    {0x4a, FIRST, 0, "-"},
    {0x4e, FIRST, 0, "+"},
    {0x1c, SECOND, 0, "\r"},
    {0x35, SECOND, 0, "/"},
};

static const struct key *key_find(u8 code, u8 set)
{
    for (u32 i = 0; i < array_count(keys); i++)
        if (keys[i].code == code && (keys[i].set & set))
            return &keys[i];
    return NULL;
}

static void type(const char *bytes)
{
    while (*bytes)
        tty_input(vga_terminal(), (u8)*bytes++);
}

static void type_character(u8 code)
{
    bool shift = held & SHIFT;
    u8 character = plain[code];

    if (caps_lock && character >= 'a' && character <= 'z')
        shift = !shift;
    if (shift)
        character = shifted[code];
    if (character == 0)
        return;
    if (held & SYSTEM_REQUEST) {
        debug_key_pressed((char)plain[code]);
        return;
    }
    if ((held & CONTROL) && (character == ' ' || character >= '@'))
        character &= character == 0x7f ? 0x7f : 0x1f;
    if (held & ALT)
        tty_input(vga_terminal(), ESCAPE);
    tty_input(vga_terminal(), character);
}

static void key_changed(const struct key *key, bool down)
{
    if (down && key->bytes)
        type(key->bytes);
    held = down ? held | key->modifier : held & ~(u32)key->modifier;
}

static void code_take(u8 byte)
{
    u8 code = byte & (u8)~KEY_UP;
    bool down = !(byte & KEY_UP);
    const struct key *key = key_find(code, extended ? SECOND : FIRST);

    if (key)
        key_changed(key, down);
    else if (!extended && down && code == 0x3a)
        caps_lock = !caps_lock;
    else if (!extended && down && code < sizeof(plain))
        type_character(code);
    extended = false;
}

static void keyboard_handle(const struct trap_frame *frame)
{
    u8 status = port_read8(STATUS_PORT);

    if (!(status & STATUS_OUTPUT))
        return;
    u8 byte = port_read8(DATA_PORT);
    if (status & STATUS_MOUSE)
        return;
    if (byte == EXTENDED)
        extended = true;
    else
        code_take(byte);
}

/* ---- starting ------------------------------------------------------------ */

static bool status_wait(u8 mask, u8 wanted)
{
    for (u32 i = 0; i < TRIES; i++)
        if ((port_read8(STATUS_PORT) & mask) == wanted)
            return true;
    return false;
}

static void output_discard(void)
{
    for (u32 i = 0; i < 32 && (port_read8(STATUS_PORT) & STATUS_OUTPUT); i++)
        port_read8(DATA_PORT);
}

/* Interrupts on, codes of set 1. False when nobody answers. */
static bool controller_configure(void)
{
    output_discard();
    if (!status_wait(STATUS_INPUT, 0))
        return false;
    port_write8(STATUS_PORT, COMMAND_READ_CONFIGURATION);
    if (!status_wait(STATUS_OUTPUT, STATUS_OUTPUT))
        return false;
    u8 configuration = port_read8(DATA_PORT);
    configuration |= CONFIGURATION_INTERRUPT | CONFIGURATION_TRANSLATE;
    configuration &= (u8)~CONFIGURATION_CLOCK_OFF;
    port_write8(STATUS_PORT, COMMAND_WRITE_CONFIGURATION);
    if (!status_wait(STATUS_INPUT, 0))
        return false;
    port_write8(DATA_PORT, configuration);
    return status_wait(STATUS_INPUT, 0);
}

void keyboard_start(void)
{
    if (!vga_terminal() || !controller_configure())
        return;
    output_discard();
    interrupt_register(KEYBOARD_LINE, keyboard_handle);
}
