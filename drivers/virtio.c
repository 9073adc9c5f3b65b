/*
 * The legacy virtio transport.
 *
 *   first page(s)   descriptors, then the available ring: written by us
 *   next page       the used ring: written by the device
 *
 * The device is trusted as hardware is, except that numbers which index our
 * memory are checked. Ordering: x86 keeps our stores in order; only where a
 * load must not pass an earlier store is a full barrier needed.
 */
#include "drivers/virtio.h"
#include "core/cpu.h"
#include "core/panic.h"
#include "lib/string.h"
#include "mem/frame.h"
#include <asm/errno.h>

#define PORT_HOST_FEATURES  0
#define PORT_GUEST_FEATURES 4
#define PORT_QUEUE_FRAME    8
#define PORT_QUEUE_SIZE     12
#define PORT_QUEUE_SELECT   14
#define PORT_QUEUE_NOTIFY   16
#define PORT_STATUS         18
#define PORT_CAUSE          19

#define STATUS_RESET       0
#define STATUS_ACKNOWLEDGE 1
#define STATUS_DRIVER      2
#define STATUS_RUNNING     4

#define DESCRIPTOR_DEVICE_WRITES 2
#define AVAILABLE_NO_INTERRUPT   1
#define USED_NO_NOTIFY           1

struct virtio_descriptor {
    u64 address;
    u32 size;
    u16 flags;
    u16 next;
};

struct virtio_available {
    u16 flags;
    u16 index; /* free-running */
    u16 ring[];
};

struct virtio_used {
    u16 flags;
    u16 index; /* free-running */
    struct {
        u32 request;
        u32 written;
    } ring[];
};

bool virtio_start(struct virtio_device *device, const struct pci_device *pci,
                  u32 features)
{
    device->ports = pci_io_base(pci, 0);
    if (device->ports == 0)
        return false;
    pci_enable(pci);
    port_write8(device->ports + PORT_STATUS, STATUS_RESET);
    port_write8(device->ports + PORT_STATUS, STATUS_ACKNOWLEDGE);
    port_write8(device->ports + PORT_STATUS,
                STATUS_ACKNOWLEDGE | STATUS_DRIVER);
    u32 offered = port_read32(device->ports + PORT_HOST_FEATURES);
    port_write32(device->ports + PORT_GUEST_FEATURES, offered & features);
    return (offered & features) == features;
}

void virtio_run(struct virtio_device *device)
{
    port_write8(device->ports + PORT_STATUS,
                STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_RUNNING);
}

/* Descriptors and the available ring come first, whole pages of them. */
static u32 first_part_size(u16 size)
{
    u32 bytes = size * sizeof(struct virtio_descriptor) +
                sizeof(struct virtio_available) + (size + 1u) * sizeof(u16);

    return round_up(bytes, PAGE_SIZE);
}

int virtio_queue_start(struct virtio_queue *queue, struct virtio_device *device,
                       u16 index)
{
    port_write16(device->ports + PORT_QUEUE_SELECT, index);
    u16 size = port_read16(device->ports + PORT_QUEUE_SIZE);
    if (size == 0 || size > VIRTIO_QUEUE_MAX)
        return -ENODEV;
    u32 first = first_part_size(size);
    u32 order = frame_order(first + sizeof(struct virtio_used) + size * 8 + 2);
    struct frame *frame = frame_alloc_run(order);
    if (!frame)
        return -ENOMEM;
    u8 *memory = frame_address(frame);
    memset(memory, 0, PAGE_SIZE << order);
    *queue = (struct virtio_queue){
        .device = device,
        .index = index,
        .size = size,
        .descriptors = (struct virtio_descriptor *)memory,
        .available = (struct virtio_available *)(memory + size * 16),
        .used = (struct virtio_used *)(memory + first),
    };
    port_write32(device->ports + PORT_QUEUE_FRAME,
                 frame_physical(frame) >> PAGE_SHIFT);
    return 0;
}

u8 virtio_interrupt_cause(struct virtio_device *device)
{
    return port_read8(device->ports + PORT_CAUSE);
}

void virtio_queue_submit(struct virtio_queue *queue, u16 request,
                         const void *buffer, u32 size, bool device_writes)
{
    assert(request < queue->size);
    queue->descriptors[request] = (struct virtio_descriptor){
        .address = virtual_to_physical(buffer),
        .size = size,
        .flags = device_writes ? DESCRIPTOR_DEVICE_WRITES : 0,
    };
    u16 index = queue->available->index;
    queue->available->ring[index % queue->size] = request;
    __atomic_thread_fence(__ATOMIC_RELEASE);
    queue->available->index = (u16)(index + 1);
}

void virtio_queue_notify(struct virtio_queue *queue)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (!(queue->used->flags & USED_NO_NOTIFY))
        port_write16(queue->device->ports + PORT_QUEUE_NOTIFY, queue->index);
}

bool virtio_queue_take(struct virtio_queue *queue, u16 *request, u32 *written)
{
    if (queue->used->index == queue->seen)
        return false;
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    u32 place = queue->seen++ % queue->size;

    *request = (u16)queue->used->ring[place].request;
    *written = queue->used->ring[place].written;
    assert(*request < queue->size);
    return true;
}

void virtio_queue_interrupts(struct virtio_queue *queue, bool wanted)
{
    queue->available->flags = wanted ? 0 : AVAILABLE_NO_INTERRUPT;
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
