/*
 * A process's memory as text.
 *
 * The lock of an address space stands below those that names of files need,
 * so areas are looked at one by one: copied under the lock, described after.
 */
#include "proc/proc_memory.h"

#include "lib/string.h"
#include "proc/process.h"
#include <asm/errno.h>

#define NAME_SIZE 256u

/* ---- cmdline, environ ---------------------------------------------------- */

static void strings_copy(struct text_buffer *text, struct address_space *space,
                         u32 start, u32 end)
{
    u8 bytes[NAME_SIZE];

    while (start < end && !text->failed) {
        u32 size = min(end - start, NAME_SIZE);
        if (address_space_copy_in(space, bytes, start, size) < 0)
            return; /* unmapped by the program: an end like any other */
        text_append_bytes(text, bytes, size);
        start += size;
    }
}

void proc_cmdline_tell(struct text_buffer *text, struct address_space *space)
{
    strings_copy(text, space, space->arguments_start, space->arguments_end);
}

void proc_environ_tell(struct text_buffer *text, struct address_space *space)
{
    strings_copy(text, space, space->environment_start, space->environment_end);
}

/* ---- maps ---------------------------------------------------------------- */

/* Copies the first area that ends above `address`, its file kept alive. */
static bool area_read(struct address_space *space, u32 address,
                      struct area *copy)
{
    mutex_lock(&space->lock);
    struct area *area = address_space_find_from(space, address);
    if (area) {
        *copy = *area;
        if (copy->backing)
            copy->backing_operations->get(copy->backing);
    }
    mutex_unlock(&space->lock);
    return area != NULL;
}

static const char *anonymous_name(const struct area *area)
{
    return area->flags & AREA_HEAP         ? "[heap]"
           : area->flags & AREA_GROWS_DOWN ? "[stack]"
                                           : "";
}

static void area_describe(struct text_buffer *text, const struct area *area)
{
    char name[NAME_SIZE];
    const struct inode *inode = NULL;

    string_copy(name, anonymous_name(area), sizeof(name));
    if (area->backing) {
        const struct file *file = area->backing;
        inode = file->path.inode;
        area->backing_operations->describe(area->backing, name, sizeof(name));
    }
    u32 device = inode ? inode->file_system->device : 0;
    u32 flags = area->flags;
    text_append(text, "%08x-%08x %c%c%c%c %08x %02x:%02x %-10u %s%s\n",
                area->start, area->end, flags & AREA_READ ? 'r' : '-',
                flags & AREA_WRITE ? 'w' : '-',
                flags & AREA_EXECUTE ? 'x' : '-',
                flags & AREA_SHARED ? 's' : 'p', area->object_page * PAGE_SIZE,
                device >> 8, device & 0xff, inode ? inode->number : 0,
                *name ? "          " : "", name);
}

void proc_maps_tell(struct text_buffer *text, struct address_space *space)
{
    struct area area;

    for (u32 at = 0; !text->failed && area_read(space, at, &area);
         at = area.end) {
        area_describe(text, &area);
        if (area.backing)
            area.backing_operations->put(area.backing);
    }
}

/* ---- frames -------------------------------------------------------------- */

static void page_describe(struct text_buffer *text, struct address_space *space,
                          u32 address)
{
    page_table_entry *entry = page_table_find(&space->page_table, address);

    if (!entry || !(*entry & PTE_ADDRESS))
        return;
    physical_address frame = *entry & PTE_ADDRESS;
    text_append(text, "%08x %08x %u\n", address, frame,
                frame_of_physical(frame)->references);
}

void proc_frames_tell(struct text_buffer *text, struct address_space *space)
{
    mutex_lock(&space->lock);
    struct area *area = address_space_find_from(space, 0);
    while (area && !text->failed) {
        u32 end = area->end;
        for (u32 at = area->start; at < end; at += PAGE_SIZE)
            page_describe(text, space, at);
        area = address_space_find_from(space, end);
    }
    mutex_unlock(&space->lock);
}

/* ---- fail-nth ------------------------------------------------------------ */

/* For the stack that counts the allocations of the process's first task. A
 * number in decimal; 0 stops the count. Only in CHECKED builds. */
int proc_fail_nth_write(struct inode *inode, const char *line)
{
    int result = -ESRCH;
    u32 count;

    if (!CHECKED)
        return -EOPNOTSUPP;
    if (!string_to_u32(line, &count))
        return -EINVAL;
    spin_lock(&process_table_lock);
    struct process *process = process_find(proc_inode_of(inode)->pid);
    if (process && !process_may_control(process)) {
        result = -EACCES;
    } else if (process && !list_is_empty(&process->tasks)) {
        list_first(&process->tasks, struct task, link)
            ->thread.stack->fail_after = count;
        result = 0;
    }
    spin_unlock(&process_table_lock);
    return result;
}
