/*
 * The virtio console device (Virtio 1.0, section 5.3) with its port 1: queue
 * 4 receives, queue 5 transmits, and queue 3 tells the device that the port is
 * in use. Not port 0, the console: what the host has no room for is thrown
 * away there, while any other port's buffers stay with the device until then.
 *
 * Transmit interrupts are off unless somebody waits: QEMU is mostly done with
 * a buffer when the notification returns, and the next look finds it.
 */
#include "drivers/virtio_console.h"
#include "core/panic.h"
#include "drivers/virtio.h"
#include "mem/frame.h"
#include "x86/interrupts.h"
#include <asm/errno.h>

#define DEVICE_CONSOLE    0x1003
#define FEATURE_MULTIPORT (1u << 1)
#define PORT              1
#define CONTROL_QUEUE     3 /* to the device; what it has to say is known */
#define RECEIVE_QUEUE     4
#define TRANSMIT_QUEUE    5
#define BUFFERS_ORDER     5 /* all of one direction are one run of frames */

_Static_assert(PAGE_SIZE << BUFFERS_ORDER ==
                   CONSOLE_BUFFERS * CONSOLE_BUFFER_SIZE,
               "a run of frames is cut into buffers");

/* What the control queue carries: this event of a port has this value. */
static const struct control {
    u32 port;
    u16 event, value;
} opening[] = {
    {.event = 0, .value = 1},               /* the driver is ready */
    {.port = PORT, .event = 3, .value = 1}, /* the port is ready */
    {.port = PORT, .event = 6, .value = 1}, /* it is open */
};

static struct virtio_device device;
static struct virtio_queue control, receive, transmit;
static u8 *receive_memory, *transmit_memory;
static u16 free_buffers[CONSOLE_BUFFERS]; /* a stack of those not in use */
static u32 free_count;
static bool received_any; /* one is being looked at: */
static u16 received_request;
static void (*interrupted_upcall)(void);

static u8 *buffer_of(u8 *memory, u16 request)
{
    return memory + request * CONSOLE_BUFFER_SIZE;
}

static u16 request_of(const u8 *buffer)
{
    return (u16)((u32)(buffer - transmit_memory) / CONSOLE_BUFFER_SIZE);
}

/* ---- sending ------------------------------------------------------------- */

static void sent_collect(void)
{
    u16 request;
    u32 written;

    while (virtio_queue_take(&transmit, &request, &written))
        free_buffers[free_count++] = request;
}

bool virtio_console_has_buffers(u32 wanted)
{
    sent_collect();
    if (likely(free_count >= wanted)) {
        virtio_queue_interrupts(&transmit, false);
        return true;
    }
    virtio_queue_interrupts(&transmit, true);
    sent_collect();
    return free_count >= wanted;
}

u8 *virtio_console_buffer_take(void)
{
    if (!virtio_console_has_buffers(1))
        return NULL;
    return buffer_of(transmit_memory, free_buffers[--free_count]);
}

void virtio_console_buffer_send(u8 *buffer, u32 size)
{
    assert(size > 0 && size <= CONSOLE_BUFFER_SIZE);
    virtio_queue_submit(&transmit, request_of(buffer), buffer, size, false);
    virtio_queue_notify(&transmit);
}

void virtio_console_buffer_return(u8 *buffer)
{
    free_buffers[free_count++] = request_of(buffer);
}

/* ---- receiving ----------------------------------------------------------- */

static void receive_offer(u16 request)
{
    virtio_queue_submit(&receive, request, buffer_of(receive_memory, request),
                        CONSOLE_BUFFER_SIZE, true);
}

u32 virtio_console_receive(const u8 **bytes)
{
    u32 size;

    if (received_any) {
        receive_offer(received_request);
        virtio_queue_notify(&receive);
    }
    received_any = virtio_queue_take(&receive, &received_request, &size);
    if (!received_any)
        return 0;
    *bytes = buffer_of(receive_memory, received_request);
    return min(size, CONSOLE_BUFFER_SIZE);
}

/* ---- starting ------------------------------------------------------------ */

static void console_handle(const struct trap_frame *frame)
{
    if (virtio_interrupt_cause(&device) != 0)
        interrupted_upcall();
}

static u8 *buffers_alloc(void)
{
    struct frame *frame = frame_alloc_run(BUFFERS_ORDER);

    return frame ? frame_address(frame) : NULL;
}

static int queues_start(void)
{
    int result = virtio_queue_start(&control, &device, CONTROL_QUEUE);

    if (result == 0)
        result = virtio_queue_start(&receive, &device, RECEIVE_QUEUE);
    if (result == 0)
        result = virtio_queue_start(&transmit, &device, TRANSMIT_QUEUE);
    if (result < 0)
        return result;
    if (receive.size < CONSOLE_BUFFERS || transmit.size < CONSOLE_BUFFERS)
        return -ENODEV;
    receive_memory = buffers_alloc();
    transmit_memory = buffers_alloc();
    return receive_memory && transmit_memory ? 0 : -ENOMEM;
}

static void port_open(void)
{
    virtio_queue_interrupts(&control, false);
    for (u16 i = 0; i < array_count(opening); i++)
        virtio_queue_submit(&control, i, &opening[i], sizeof(opening[i]),
                            false);
    virtio_queue_notify(&control);
}

/* Memory that was given to a device which then fails to start is lost; that
 * happens at most once, at boot. */
int virtio_console_start(void (*interrupted)(void))
{
    struct pci_device pci;

    if (!pci_find(VIRTIO_VENDOR, DEVICE_CONSOLE, &pci) ||
        pci.line >= INTERRUPT_LINES ||
        !virtio_start(&device, &pci, FEATURE_MULTIPORT))
        return -ENODEV;
    int result = queues_start();
    if (result < 0)
        return result;
    interrupted_upcall = interrupted;
    for (u16 i = 0; i < CONSOLE_BUFFERS; i++)
        free_buffers[free_count++] = i;
    virtio_queue_interrupts(&transmit, false);
    interrupt_register(pci.line, console_handle);
    virtio_run(&device);
    port_open();
    for (u16 i = 0; i < CONSOLE_BUFFERS; i++)
        receive_offer(i);
    virtio_queue_notify(&receive);
    return 0;
}
