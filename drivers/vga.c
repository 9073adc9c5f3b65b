/*
 * VGA text memory: cells of a character and its colours, in rows.
 *
 * The log writes here too, from any context and without a lock; a line of it
 * may land in the middle of a program's picture, as on every console.
 */
#include "drivers/vga.h"
#include "core/boot_info.h"
#include "core/cpu.h"
#include "core/layout.h"
#include "core/printk.h"
#include "drivers/vga_internal.h"
#include "lib/string.h"

#define TEXT_MEMORY     0xb8000
#define CRTC_INDEX      0x3d4
#define CRTC_DATA       0x3d5
#define CRTC_CURSOR     0x0a /* where the cursor's shape begins, or hidden */
#define CRTC_PLACE_HIGH 0x0e
#define CRTC_PLACE_LOW  0x0f
#define CURSOR_SHAPE    0x0e
#define CURSOR_HIDDEN   0x20

static struct screen screen;
static struct spinlock lock = SPINLOCK_INITIALIZER(RANK_DRIVER);

/* ---- cells --------------------------------------------------------------- */

static volatile u16 *screen_cell(struct screen *on, u32 place)
{
    return &on->cells[place % (SCREEN_ROWS * SCREEN_COLUMNS)];
}

static u16 cell_value(const struct screen *on, u8 character)
{
    u32 front = on->foreground | (on->bright ? COLOUR_BRIGHT : 0);
    u32 back = on->background;

    if (on->reverse) {
        front = on->background;
        back = on->foreground;
    }
    return (u16)(back << 12 | front << 8 | character);
}

void screen_blank(struct screen *on, u32 first, u32 count)
{
    u32 end = min(first + count, SCREEN_ROWS * SCREEN_COLUMNS);

    for (u32 i = first; i < end; i++)
        *screen_cell(on, i) = cell_value(on, ' ');
}

/* Moves what stands in [first, end) on (or back, when negative), up to its
 * border; what it leaves behind is blank. */
static void cells_move(struct screen *on, u32 first, u32 end, s32 distance)
{
    u32 size = end - first;
    u32 count = min((u32)(distance < 0 ? -distance : distance), size);

    for (u32 i = 0; i < size; i++) {
        u32 place = distance < 0 ? first + i : end - 1 - i;

        if (i + count >= size)
            screen_blank(on, place, 1);
        else
            *screen_cell(on, place) =
                *screen_cell(on, distance < 0 ? place + count : place - count);
    }
}

void screen_scroll(struct screen *on, u32 first, s32 rows)
{
    cells_move(on, first * SCREEN_COLUMNS, on->bottom * SCREEN_COLUMNS,
               -rows * (s32)SCREEN_COLUMNS);
}

void screen_shift(struct screen *on, s32 columns)
{
    cells_move(on, screen_cursor(on), (on->row + 1) * SCREEN_COLUMNS, columns);
}

/* ---- the cursor ---------------------------------------------------------- */

static void crtc_write(u8 index, u8 value)
{
    port_write8(CRTC_INDEX, index);
    port_write8(CRTC_DATA, value);
}

static void cursor_show(const struct screen *on)
{
    u32 place = screen_cursor(on);

    crtc_write(CRTC_PLACE_HIGH, (u8)(place >> 8));
    crtc_write(CRTC_PLACE_LOW, (u8)place);
    crtc_write(CRTC_CURSOR, on->cursor_hidden ? CURSOR_HIDDEN : CURSOR_SHAPE);
}

void screen_go(struct screen *on, s32 row, s32 column)
{
    on->row = (u32)max(0, min(row, (s32)SCREEN_ROWS - 1));
    on->column = (u32)max(0, min(column, (s32)SCREEN_COLUMNS - 1));
    on->wrap = false;
}

void screen_line_down(struct screen *on)
{
    if (on->row + 1 == on->bottom)
        screen_scroll(on, on->top, 1);
    else
        screen_go(on, (s32)on->row + 1, (s32)on->column);
    on->wrap = false;
}

void screen_line_up(struct screen *on)
{
    if (on->row == on->top)
        screen_scroll(on, on->top, -1);
    else
        screen_go(on, (s32)on->row - 1, (s32)on->column);
}

void screen_reset(struct screen *on)
{
    *on = (struct screen){
        .cells = on->cells,
        .bottom = SCREEN_ROWS,
        .foreground = COLOUR_NORMAL,
    };
    screen_blank(on, 0, SCREEN_ROWS * SCREEN_COLUMNS);
}

/* ---- bytes --------------------------------------------------------------- */

static void show(struct screen *on, u8 byte)
{
    if (on->wrap) {
        on->column = 0;
        screen_line_down(on);
    }
    *screen_cell(on, screen_cursor(on)) = cell_value(on, byte);
    if (on->column + 1 == SCREEN_COLUMNS)
        on->wrap = true;
    else
        on->column++;
}

static void control(struct screen *on, u8 byte)
{
    s32 row = (s32)on->row, column = (s32)on->column;

    if (byte == '\n')
        screen_line_down(on);
    else if (byte == '\r')
        screen_go(on, row, 0);
    else if (byte == '\b')
        screen_go(on, row, column - 1);
    else if (byte == '\t')
        screen_go(on, row,
                  (s32)round_down((u32)column + SCREEN_TAB, SCREEN_TAB));
}

static void byte_put(struct screen *on, u8 byte)
{
    if (escape_take(on, byte))
        return;
    if (byte < ' ')
        control(on, byte);
    else
        show(on, byte);
}

/* ---- the log and the terminal -------------------------------------------- */

static void log_write(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\n')
            byte_put(&screen, '\r');
        byte_put(&screen, (u8)bytes[i]);
    }
    cursor_show(&screen);
}

static struct log_console log = {.write = log_write};

static ssize vga_send(struct tty *tty, const char *bytes, size_t size,
                      bool nonblocking)
{
    char reply[sizeof(screen.reply)];

    spin_lock(&lock);
    for (size_t i = 0; i < size; i++)
        byte_put(&screen, (u8)bytes[i]);
    cursor_show(&screen);
    u32 reply_size = screen.reply_size;
    memcpy(reply, screen.reply, reply_size);
    screen.reply_size = 0;
    spin_unlock(&lock);
    for (u32 i = 0; i < reply_size; i++)
        tty_input(tty, (u8)reply[i]);
    return (ssize)size;
}

static struct tty vga_tty = {
    .name = "tty1",
    .device.number = DEVICE_NUMBER(4, 1),
    .send = vga_send,
};

struct tty *vga_terminal(void)
{
    return screen.cells ? &vga_tty : NULL;
}

static bool is_present(volatile u16 *cells)
{
    u16 before = cells[0];

    cells[0] = 0x0755;
    bool kept = cells[0] == 0x0755;
    cells[0] = 0x07aa;
    kept = kept && cells[0] == 0x07aa;
    cells[0] = before;
    return kept;
}

void vga_start(void)
{
    volatile u16 *cells = physical_to_virtual(TEXT_MEMORY);

    if (!is_present(cells))
        return;
    screen.cells = cells;
    screen_reset(&screen);
    log_console_register(&log);
    tty_register(&vga_tty);
    tty_set_size(&vga_tty, SCREEN_ROWS, SCREEN_COLUMNS);
    if (boot_option_is("console", "vga"))
        tty_set_console(&vga_tty);
}
