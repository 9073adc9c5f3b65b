/*
 * Terminals: a line discipline between a device and the programs that read.
 *
 * Canonical mode edits lines (erase, kill, word erase, EOF), echoes, turns
 * Ctrl-C and friends into signals for the foreground group; raw mode passes
 * bytes. Input comes from interrupt handlers by tty_input.
 */
#pragma once

#include "fs/device.h"
#include "lib/bitmap.h"
#include <asm/termbits.h>
#include <asm/termios.h>

#define TTY_BUFFER_SIZE 4096u

struct tty {
    /* Set by the driver before tty_register. */
    const char *name;
    struct device device;
    /* Sends bytes to the device. Called with the tty's lock NOT held, from
     * thread context (may sleep), and from tty_input for echo (`nonblocking`:
     * returns how many were taken). */
    ssize (*send)(struct tty *tty, const char *bytes, size_t size,
                  bool nonblocking);
    /* Optional: a read made room in the input ring. No lock held. */
    void (*drained)(struct tty *tty);
    void *data;

    struct spinlock lock; /* rank TTY, protects all below */
    struct termios settings;
    struct winsize size;
    /* The ring of what was typed; positions run freely. What lies between
     * read_at and line_at can be read; up to write_at it can be edited. */
    u8 input[TTY_BUFFER_SIZE];
    u32 line_ends[BITMAP_WORDS(TTY_BUFFER_SIZE)]; /* here a line ends: at a
                                   newline, or at the 0 that stands for ^D */
    u32 read_at, line_at, write_at;
    bool literal;    /* ^V: the next byte means itself */
    bool stopped;    /* ^S */
    bool writing;    /* a write is under way: others wait for their turn */
    u32 column;      /* where the next byte shows */
    u32 line_column; /* where the line that is being typed begins */
    struct wait_queue readers;
    struct wait_queue writers;
    /* Changed under process_table_lock too. */
    u32 foreground; /* process group, 0 none */
    u32 session;    /* 0 none */
};

/* Makes /dev/tty and /dev/console; before any tty_register. */
void ttys_start(void);

/* Fills in the defaults and registers the device. */
void tty_register(struct tty *tty);

/* A byte arrived. Interrupt context is fine. */
void tty_input(struct tty *tty, u8 byte);
/* How many more bytes the input ring can take. */
u32 tty_input_room(struct tty *tty);
void tty_set_size(struct tty *tty, u16 rows, u16 columns);

/* The session (table's lock held) lets go of its terminal: returns the group
 * that was in the foreground, 0 none. */
u32 tty_session_over(struct tty *tty, u32 session);
/* The leader of a session takes the terminal from everybody in it. Table's
 * lock held. */
struct process;
void tty_leader_leaves(struct process *process);

/* Makes `tty` what /dev/console is. The first one registered is the default. */
void tty_set_console(struct tty *tty);
