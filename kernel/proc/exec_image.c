/*
 * The image: a new address space with a program in it.
 *
 * Segments are mapped, not read: pages come at the first touch, from the
 * file's own frames. Only the page in which a segment's bytes end and its
 * zeroes begin is made at once, since it must be cleared behind the bytes.
 */
#include "proc/exec_internal.h"

#include <asm/errno.h>
#include <linux/resource.h>

/* Of the stack's area, below the arguments. */
#define STACK_EXTRA     (128 * KIB)
#define STACK_LIMIT_MAX (1024 * MIB)

static u32 segment_flags(const struct elf_segment *segment)
{
    return (segment->readable ? AREA_READ : 0) |
           (segment->writable ? AREA_WRITE : 0) |
           (segment->executable ? AREA_EXECUTE : 0);
}

static int area_place(struct address_space *space, struct mapping *mapping,
                      u32 start, u32 end)
{
    mapping->address = start;
    mapping->size = end - start;
    mapping->fixed = true;
    mapping->no_replace = true;
    mapping->may = AREA_READ | AREA_WRITE | AREA_EXECUTE;
    return address_space_map(space, mapping, &start);
}

/* Maps [start, end), the pages that hold bytes of the file. */
static int segment_map_file(struct address_space *space, struct file *file,
                            const struct elf_segment *segment, u32 start,
                            u32 end)
{
    struct memory_object *object;
    int result = file->operations->map(file, &object);
    if (result < 0)
        return result;
    if (object == NULL)
        return -ENOEXEC;
    struct mapping mapping = {
        .flags = segment_flags(segment),
        .object = object,
        .object_page = segment->offset / PAGE_SIZE,
        .backing = file,
        .backing_operations = &file_backing_operations,
    };
    result = area_place(space, &mapping, start, end);
    memory_object_put(object);
    u32 zeroes = segment->address + segment->file_size;
    if (result == 0 && segment->memory_size > segment->file_size &&
        segment->writable)
        result = address_space_clear(space, zeroes, end - zeroes);
    return result;
}

static int segment_map(struct address_space *space, struct file *file,
                       const struct elf_segment *segment)
{
    u32 start = round_down(segment->address, PAGE_SIZE);
    u32 end = round_up(segment->address + segment->memory_size, PAGE_SIZE);
    u32 middle = start;
    int result = 0;
    if (segment->file_size != 0) {
        middle = round_up(segment->address + segment->file_size, PAGE_SIZE);
        result = segment_map_file(space, file, segment, start, middle);
    }
    if (result == 0 && middle < end) {
        struct mapping mapping = {.flags = segment_flags(segment)};
        result = area_place(space, &mapping, middle, end);
    }
    space->heap_start = end;
    space->heap_end = end;
    return result;
}

/* The block's frames become the top of the stack, one by one. */
static int stack_map(struct address_space *space, struct argument_block *block)
{
    u32 address = USER_END - block->size;
    struct mapping mapping = {
        .flags = AREA_READ | AREA_WRITE | AREA_GROWS_DOWN,
    };
    int result = area_place(space, &mapping, address - STACK_EXTRA, USER_END);
    while (result == 0 && !list_is_empty(&block->frames)) {
        struct frame *frame = list_first(&block->frames, struct frame, link);
        list_remove(&frame->link);
        result = address_space_give(space, address, frame);
        if (result < 0)
            frame_put(frame);
        address += PAGE_SIZE;
    }
    return result;
}

/* For /proc/PID/cmdline and environ. */
static void space_note_strings(struct address_space *space,
                               const struct argument_block *block)
{
    space->arguments_start = argument_block_address(block, block->strings);
    space->arguments_end = argument_block_address(block, block->environment);
    space->environment_start = space->arguments_end;
    space->environment_end = argument_block_address(block, block->strings_end);
}

static int image_fill(struct address_space *space, struct execution *execution)
{
    const struct elf_program *program = &execution->program;
    for (u32 i = 0; i < program->segment_count; i++) {
        int result = segment_map(space, execution->file, &program->segments[i]);
        if (result < 0)
            return result;
    }
    struct argument_block *block = &execution->block;
    argument_block_finish(block, execution);
    execution->stack = argument_block_address(block, block->stack);
    space_note_strings(space, block);
    return stack_map(space, block);
}

int image_build(struct execution *execution)
{
    struct address_space *space = address_space_create();
    if (space == NULL)
        return -ENOMEM;
    u64 limit = current_process()->limits[RLIMIT_STACK].rlim_cur;
    space->stack_limit = (u32)min(limit, (u64)STACK_LIMIT_MAX);
    int result = image_fill(space, execution);
    if (result < 0)
        address_space_put(space);
    else
        execution->space = space;
    return result;
}
