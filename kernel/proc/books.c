/*
 * The table of the books; each is kept by who hands the things out.
 */
#include "proc/books.h"
#include "fs/file.h"
#include "fs/pipe.h"
#include "mem/frame.h"
#include "mem/heap.h"
#include "proc/process.h"
#include "vm/memory_object.h"
#include "x86/kernel_stack.h"

/* Frames that hold something. */
static u32 frames_used(void)
{
    u32 idle = frame_free_count() + heap_frame_count() +
               page_table_spare_count() +
               kernel_stack_spare_count() * (STACK_SIZE / PAGE_SIZE);

    return frame_managed_count() - idle;
}

const struct book books[BOOK_COUNT] = {
    {"frames", frames_used},         {"heap", heap_block_count},
    {"stacks", kernel_stack_count},  {"files", file_count},
    {"threads", thread_count},       {"processes", process_count},
    {"spaces", address_space_count}, {"objects", memory_object_count},
    {"pipes", pipe_count},
};
