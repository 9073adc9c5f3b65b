/*
 * Virtio devices on PCI by the legacy interface (Virtio 1.0, sections 2.4
 * and 4.1.4.8), and their queues.
 *
 * A queue is used the simple way: request n is always descriptor n, a single
 * buffer. Who owns the device serialises all calls with a lock of its own.
 */
#pragma once

#include "drivers/pci.h"

#define VIRTIO_VENDOR    0x1af4
#define VIRTIO_QUEUE_MAX 1024

struct virtio_device {
    u16 ports;
};

struct virtio_descriptor;
struct virtio_available;
struct virtio_used;

struct virtio_queue {
    struct virtio_device *device;
    u16 index;
    u16 size; /* descriptors */
    u16 seen; /* used entries that were taken, free-running */
    struct virtio_descriptor *descriptors;
    volatile struct virtio_available *available;
    volatile struct virtio_used *used;
};

/* Resets the device and takes these of its features. False when it lacks one
 * or has no I/O ports. */
bool virtio_start(struct virtio_device *device, const struct pci_device *pci,
                  u32 features);
/* 0, -ENODEV when the device lacks the queue, or -ENOMEM. */
int virtio_queue_start(struct virtio_queue *queue, struct virtio_device *device,
                       u16 index);
/* All queues stand: the device may begin. */
void virtio_run(struct virtio_device *device);

/* Why it interrupted: 0 when it was somebody else. Reading acknowledges. */
u8 virtio_interrupt_cause(struct virtio_device *device);

/* Hands the device a buffer, to read from or to write into. */
void virtio_queue_submit(struct virtio_queue *queue, u16 request,
                         const void *buffer, u32 size, bool device_writes);
/* Tells the device that there is something new, if it wants to know. */
void virtio_queue_notify(struct virtio_queue *queue);
/* A request that the device is done with, and the bytes it wrote. */
bool virtio_queue_take(struct virtio_queue *queue, u16 *request, u32 *written);
/* Whether the device shall interrupt when it is done with a request. One that
 * it has just finished may be missed: look again after asking. */
void virtio_queue_interrupts(struct virtio_queue *queue, bool wanted);
