/*
 * The first division of physical memory: what the boot loader calls usable,
 * without what is used already (kernel image, modules, and here the frame
 * array itself), is cut into gaps, and the gaps go to the frame allocator.
 */
#include "core/boot_info.h"
#include "core/kasan.h"
#include "lib/string.h"
#include "mem/frame.h"
#include "mem/frame_internal.h"

/* What is taken already. */
static struct memory_range reserved[MODULES_MAX + 3];
static u32 reserved_count;

static void reservation_add(physical_address start, physical_address end)
{
    reserved[reserved_count++] = (struct memory_range){
        .start = round_down(start, PAGE_SIZE),
        .end = round_up(end, PAGE_SIZE),
    };
}

/* The first address from `address` on that is not reserved. Reservations may
 * touch in any order, so each jump looks at all of them again. */
static physical_address reservations_skip(physical_address address)
{
    for (u32 i = 0; i < reserved_count; i++) {
        const struct memory_range *range = &reserved[i];
        if (range->start <= address && address < range->end)
            return reservations_skip(range->end);
    }
    return address;
}

/* The end of the gap that starts at `start` in RAM up to `end`. */
static physical_address gap_end(physical_address start, physical_address end)
{
    for (u32 i = 0; i < reserved_count; i++)
        if (reserved[i].start > start)
            end = min(end, reserved[i].start);
    return end;
}

/* Moves *gap to the next stretch of RAM behind it that nothing reserves. */
static bool gap_next(struct memory_range *gap)
{
    for (u32 i = 0; i < boot_info.range_count; i++) {
        const struct memory_range *ram = &boot_info.ranges[i];
        physical_address start = reservations_skip(max(gap->end, ram->start));
        if (start >= ram->end)
            continue;
        gap->start = start;
        gap->end = gap_end(start, ram->end);
        return true;
    }
    return false;
}

/* Reserves `size` bytes in the first gap that holds them; NULL if none. */
static void *reserve(u32 size)
{
    struct memory_range gap = {0, 0};
    while (gap_next(&gap))
        if (gap.end - gap.start >= size) {
            reservation_add(gap.start, gap.start + size);
            return physical_to_virtual(gap.start);
        }
    return NULL;
}

/* What the boot loader put into RAM for us. */
static void reserve_loaded(void)
{
    reserved_count = 0;
    reservation_add(virtual_to_physical(kernel_start),
                    virtual_to_physical(kernel_end));
    for (u32 i = 0; i < boot_info.module_count; i++)
        reservation_add(boot_info.modules[i].start, boot_info.modules[i].end);
}

static bool shadow_start(u32 memory)
{
    u8 *shadow = reserve(KASAN_SHADOW_SIZE(memory));
    if (shadow != NULL)
        kasan_start(shadow, memory);
    return shadow != NULL;
}

bool frames_start(void)
{
    if (boot_info.range_count == 0)
        return false;
    reserve_loaded();
    u32 memory = boot_info.ranges[boot_info.range_count - 1].end;
    u32 array_size = memory / PAGE_SIZE * sizeof(struct frame);
    frames = reserve(array_size);
    if (frames == NULL)
        return false;
    frame_total = memory / PAGE_SIZE;
    memset(frames, 0, array_size);
    if (KASAN && !shadow_start(memory))
        return false;
    frame_lists_initialize();
    struct memory_range gap = {0, 0};
    while (gap_next(&gap))
        frames_release_range(gap.start, gap.end);
    return true;
}
