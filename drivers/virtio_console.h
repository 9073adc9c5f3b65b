/*
 * The virtio console: a pair of byte streams to the host, of which the run
 * port (drivers/run_port.h) is the one user.
 *
 * Sending fills buffers that the device reads where they are; what is sent
 * first arrives first. The user serialises all calls with a lock of its own;
 * `interrupted` is called without it.
 */
#pragma once

#include "lib/types.h"

#define CONSOLE_BUFFER_SIZE 8192u
#define CONSOLE_BUFFERS     16u /* for each direction */

/* Finds the device and starts it; `interrupted` is called when something was
 * received or, while somebody waits for it, sent. 0, -ENODEV, or -ENOMEM. */
int virtio_console_start(void (*interrupted)(void));

/* A buffer to fill, or NULL: an interrupt will tell when there is one. Each
 * goes back by one of the two below. */
u8 *virtio_console_buffer_take(void);
void virtio_console_buffer_send(u8 *buffer, u32 size);
void virtio_console_buffer_return(u8 *buffer);

/* Are there as many buffers to take (all: whatever was sent has arrived)? If
 * not, an interrupt will tell. */
bool virtio_console_has_buffers(u32 wanted);

/* The oldest bytes received, in *bytes; their number, 0 when there are none.
 * They stay until the next call. */
u32 virtio_console_receive(const u8 **bytes);
