/*
 * The screen's state, shared by vga.c (cells, scrolling, the cursor) and
 * vga_escape.c (what arrives between them). The terminal's lock, or nobody
 * else running (a panic), protects it; every cell is addressed through
 * screen_cell, so that even a torn state writes no other memory.
 */
#pragma once

#include "drivers/vga.h"

#define SCREEN_ROWS    25u
#define SCREEN_COLUMNS 80u
#define SCREEN_TAB     8u

#define COLOUR_NORMAL 7u
#define COLOUR_BRIGHT 8u

#define ESCAPE_PARAMETERS 8

enum escape_state { ESCAPE_NONE, ESCAPE_BEGUN, ESCAPE_LIST, ESCAPE_SKIP };

struct screen {
    volatile u16 *cells; /* NULL: no screen */
    u32 row, column;
    u32 top, bottom; /* scrolling happens in rows [top, bottom) */
    bool wrap;       /* the last column is written: the next one wraps */
    u32 saved_row, saved_column;

    u8 foreground, background;
    bool bright, reverse;
    bool cursor_hidden;

    enum escape_state state;
    bool is_private; /* the list began with ? */
    u32 parameters[ESCAPE_PARAMETERS];
    u32 parameter_count;

    char reply[16]; /* to be given to the terminal as input */
    u32 reply_size;
};

/* Moves the cursor; places outside are moved to the border. */
void screen_go(struct screen *screen, s32 row, s32 column);
/* The cell of the cursor; cells count on from row to row. */
static inline u32 screen_cursor(const struct screen *screen)
{
    return screen->row * SCREEN_COLUMNS + screen->column;
}
/* Blanks `count` cells from the first on, to the end of the screen at most. */
void screen_blank(struct screen *screen, u32 first, u32 count);
/* Moves the rows of [first, bottom) up (or down, when negative). */
void screen_scroll(struct screen *screen, u32 first, s32 rows);
/* Moves the rest of the cursor's row right (or left, when negative). */
void screen_shift(struct screen *screen, s32 columns);
void screen_reset(struct screen *screen);
/* One line down, or up, scrolling at the border. */
void screen_line_down(struct screen *screen);
void screen_line_up(struct screen *screen);

/* Takes the byte if it belongs to an escape sequence. */
bool escape_take(struct screen *screen, u8 byte);
