/*
 * The books themselves: each tells of a thing that somebody keeps. Of processes
 * the programs' tests tell, whose books init reads.
 */
#include "fs/file.h"
#include "fs/pipe.h"
#include "lib/string.h"
#include "mem/frame.h"
#include "mem/heap.h"
#include "proc/books.h"
#include "test/test.h"
#include "vm/address_space.h"
#include "x86/kernel_stack.h"

static u32 book(const char *name)
{
    threads_wait_buried();
    for (u32 i = 0; i < BOOK_COUNT; i++)
        if (strcmp(books[i].name, name) == 0)
            return books[i].read();
    test_failed(__FILE__, __LINE__, "wanted a book of %s got none", name);
    return 0;
}

/* What the book tells of `made` more, which `give_back` undoes. */
#define BOOK_TELLS(name, count, made, give_back)                               \
    do {                                                                       \
        u32 before = book(name);                                               \
        made;                                                                  \
        EXPECT_EQUAL(book(name), before + (count));                            \
        give_back;                                                             \
        EXPECT_EQUAL(book(name), before);                                      \
    } while (0)

static volatile bool ends;

static void wait_for_end(void *unused)
{
    while (!ends)
        test_sleep(1);
}

TEST(books_tell, "the books tell of each thing that is kept, and of its end")
{
    struct address_space *space;
    struct memory_object *object;
    struct file *read_end, *write_end;
    struct frame *frame;
    struct stack_base *stack;
    struct test_thread thread;
    void *block;

    BOOK_TELLS("frames", 1, frame = frame_alloc(), frame_put(frame));
    BOOK_TELLS("heap", 1, block = heap_alloc(100), heap_free(block));
    BOOK_TELLS("stacks", 1, stack = kernel_stack_alloc(),
               kernel_stack_free(stack));
    BOOK_TELLS("spaces", 1, space = address_space_create(),
               address_space_put(space));
    BOOK_TELLS("objects", 1, object = memory_object_create(PAGE_SIZE),
               memory_object_put(object));
    BOOK_TELLS("pipes", 1, pipe_create(0, &read_end, &write_end),
               (file_put(read_end), file_put(write_end)));
    BOOK_TELLS("files", 2, pipe_create(0, &read_end, &write_end),
               (file_put(read_end), file_put(write_end)));
    ends = false;
    BOOK_TELLS("threads", 1, test_thread_start(&thread, wait_for_end, NULL),
               (ends = true, test_thread_join(&thread)));
}
