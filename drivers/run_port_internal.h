/*
 * What the two halves of the run port share: output (run_output.c) and input
 * (run_port.c), with the nodes in run_nodes.c.
 *
 * run_lock (rank DRIVER) protects the virtio console and all state of both
 * halves. It is never held while user memory is touched, nor while the
 * terminal is told anything, since its echo comes back here.
 */
#pragma once

#include "drivers/run_port.h"
#include "drivers/virtio_console.h"
#include "fs/file.h"
#include "proc/tty.h"

enum record_to_host {
    RECORD_OUTPUT = 1,
    RECORD_ERROR = 2,
    RECORD_EXIT = 3,
    RECORD_CREDIT = 4,
    RECORD_BOOKS = 5,
    RECORD_NOTICE = 6,
    RECORD_TERMINAL = 7,
};

struct record_header {
    u32 type;
    u32 length;
};

#define RECORD_PAYLOAD_MAX (CONSOLE_BUFFER_SIZE - sizeof(struct record_header))

extern struct spinlock run_lock;

/* ---- output -------------------------------------------------------------- */

struct run_stream {
    u32 record;                /* type of its records, */
    u32 credit_record;         /* and of those that bring it credit */
    bool unlimited;            /* needs no credit */
    u32 credit;                /* bytes that the host still takes; run_lock */
    struct wait_queue writers; /* until there is credit and a buffer */
};

/* RUN_SINGLE: what is no stream, a record at a time. */
enum run_stream_name {
    RUN_OUTPUT,
    RUN_ERROR,
    RUN_TERMINAL,
    RUN_SINGLE,
    RUN_STREAMS
};

extern struct run_stream run_streams[RUN_STREAMS];

void run_output_start(void);
void run_credit_add(struct run_stream *stream, u32 credit);
/* Buffers may have come back: wakes who waits for one. */
void run_output_continue(void);
/* The host may send as much more INPUT. */
void run_input_grant(u32 size);
/* Of /dev/run/stdout and stderr: `data` is the stream. */
extern const struct file_operations run_output_operations;
/* One record of at most RECORD_PAYLOAD_MAX, and the wait until the host has it.
 * 0 or -errno. */
int run_record_write(u32 type, struct io_cursor *payload);

/* ---- input --------------------------------------------------------------- */

extern const struct file_operations run_input_operations; /* stdin's */
/* From now on input goes to the terminal, or to who reads the stream. */
void run_input_route(bool to_terminal);
/* The terminal has room again. */
void run_input_pump(void);

extern struct tty run_tty;

/* ---- nodes --------------------------------------------------------------- */

void run_nodes_register(void);
