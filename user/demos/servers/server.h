/*
 * Servers of several shapes, and what they serve. A request computes, reads a
 * block from the disk unless it is in the cache, computes again, and is
 * answered; a shape only says which thread does that when.
 *
 *   clients ==requests pipe==> server ==disk pipe==> heads (threads)
 *      ^                         |  ^                  |
 *      +---- a pipe each --------+  +-- pipe named in --+
 *            with answers              the read
 *
 * The disk has several heads: so many reads at once, each takes DISK_US, the
 * others wait in the pipe. All messages are shorter than PIPE_BUF, so writers
 * never mix them, and of one length, so readers never split them.
 */
#pragma once

#include "demos/demo.h"

enum { CLIENTS = 8, EACH = 24, REQUESTS = CLIENTS * EACH, WORKERS = 4 };
enum { HEADS = 4, DISK_US = 4000, WORK = 10000 };

struct request {
    int client;
    int cached; /* no need for the disk */
};

struct shape {
    const char *name, *parallel, *calls;
    void (*serve)(void); /* returns when REQUESTS requests are taken */
};

enum { SHAPES = 4 };
extern const struct shape shapes[SHAPES];

extern int requests[2]; /* the pipe that they come by */

void pipe_make(int ends[2]);
/* Whole messages; a failure ends the demo. */
void receive(int from, void *message, size_t length);
void send(int to, const void *message, size_t length);

/* Hands a read to the disk, which writes the request to `answer_to` when it is
 * done. */
void disk_begin(const struct request *request, int answer_to);
/* Waits until the disk has read. */
void disk_read(const struct request *request);
/* From the first to the last; blocks in between. */
void request_serve(const struct request *request);
void request_answer(const struct request *request);
