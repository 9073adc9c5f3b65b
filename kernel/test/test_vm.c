/*
 * Tests of vm/, one idea each: what a page is worth to whom, where mappings
 * go, what limits them. The address spaces are worked on from outside; nobody
 * runs in them.
 */
#include "test/test_vm.h"

#include "test/test.h"
#include "lib/string.h"
#include "mem/frame.h"
#include <asm/errno.h>

#define RIGHTS (AREA_READ | AREA_WRITE | AREA_EXECUTE)

TEST(vm_copy_on_write, "a page shared by fork is copied once and kept after")
{
    struct address_space *space = address_space_create();
    struct mapping mapping = {
        .size = PAGE_SIZE, .flags = AREA_READ | AREA_WRITE, .may = RIGHTS};
    u32 address, word = 1;
    EXPECT_EQUAL(address_space_map(space, &mapping, &address), 0);
    EXPECT_EQUAL(space_store(space, address, word), 0);
    struct frame *before, *after;
    EXPECT_EQUAL(address_space_pin(space, address, false, &before), 0);
    frame_put(before);

    struct address_space *child = address_space_fork(space);
    EXPECT_EQUAL(before->references, 2);
    EXPECT_EQUAL(address_space_pin(child, address, true, &after), 0);
    EXPECT(after != before);
    frame_put(after);
    EXPECT_EQUAL(before->references, 1);
    EXPECT_EQUAL(address_space_pin(space, address, true, &after), 0);
    EXPECT(after == before);
    frame_put(after);
    address_space_put(child);
    address_space_put(space);
}

TEST(vm_zero_frame, "memory that was only read costs no frame of its own")
{
    struct address_space *space = address_space_create();
    struct mapping mapping = {
        .size = 64 * PAGE_SIZE, .flags = AREA_READ | AREA_WRITE, .may = RIGHTS};
    u32 address, word = 1;
    EXPECT_EQUAL(address_space_map(space, &mapping, &address), 0);
    EXPECT_EQUAL(address_space_copy_in(space, &word, address, 4), 0);
    EXPECT_EQUAL(word, 0);
    u32 free = frame_free_count();
    for (u32 i = 0; i < 64; i++)
        address_space_copy_in(space, &word, address + i * PAGE_SIZE, 4);
    EXPECT_EQUAL(frame_free_count(), free);
    EXPECT_EQUAL(address_space_resident(space), 64);
    address_space_put(space);
}

TEST(vm_stack, "the stack grows to its limit and keeps its distance")
{
    struct address_space *space = address_space_create();
    u32 top = USER_END - PAGE_SIZE, address, word = 7;
    struct mapping stack = {.address = top,
                            .size = PAGE_SIZE,
                            .flags = AREA_READ | AREA_WRITE | AREA_GROWS_DOWN,
                            .may = RIGHTS,
                            .fixed = true};
    EXPECT_EQUAL(address_space_map(space, &stack, &address), 0);
    u32 lowest = USER_END - space->stack_limit;
    EXPECT_EQUAL(space_store(space, lowest - 4, word), -EFAULT);
    EXPECT_EQUAL(space_store(space, top - 3 * PAGE_SIZE, word), 0);
    struct mapping below = {.address = lowest,
                            .size = PAGE_SIZE,
                            .flags = AREA_READ,
                            .may = RIGHTS,
                            .fixed = true};
    EXPECT_EQUAL(address_space_map(space, &below, &address), 0);
    EXPECT_EQUAL(space_store(space, lowest + 2 * PAGE_SIZE, word), -EFAULT);
    EXPECT_EQUAL(space_store(space, lowest + 2 * MIB, word), 0);
    address_space_put(space);
}

TEST(vm_heap, "brk grows, shrinks, forgets, and stops at its neighbour")
{
    struct address_space *space = address_space_create();
    u32 start = 0x10000000, address, word = 3;
    space->heap_start = space->heap_end = start;
    EXPECT_EQUAL(address_space_set_heap_end(space, start + 5000), start + 5000);
    EXPECT_EQUAL(space_store(space, start + 4096, word), 0);
    EXPECT_EQUAL(space_store(space, start + 8192, word), -EFAULT);
    EXPECT_EQUAL(address_space_set_heap_end(space, start + 10), start + 10);
    EXPECT_EQUAL(address_space_set_heap_end(space, start + 9000), start + 9000);
    EXPECT_EQUAL(address_space_copy_in(space, &word, start + 4096, 4), 0);
    EXPECT_EQUAL(word, 0);
    EXPECT_EQUAL(space->area_count, 1);
    struct mapping wall = {.address = start + 4 * PAGE_SIZE,
                           .size = PAGE_SIZE,
                           .flags = AREA_READ,
                           .may = RIGHTS,
                           .fixed = true};
    EXPECT_EQUAL(address_space_map(space, &wall, &address), 0);
    EXPECT_EQUAL(address_space_set_heap_end(space, start + 4 * PAGE_SIZE + 1),
                 start + 9000);
    EXPECT_EQUAL(address_space_set_heap_end(space, start - 1), start + 9000);
    address_space_put(space);
}

TEST(vm_placement, "mappings go from the top down, and into holes that fit")
{
    struct address_space *space = address_space_create();
    struct mapping mapping = {
        .size = 4 * PAGE_SIZE, .flags = AREA_READ, .may = RIGHTS};
    u32 places[3], again;
    for (u32 i = 0; i < 3; i++)
        EXPECT_EQUAL(address_space_map(space, &mapping, &places[i]), 0);
    EXPECT_EQUAL(places[1], places[0] - 4 * PAGE_SIZE);
    EXPECT_EQUAL(places[2], places[1] - 4 * PAGE_SIZE);
    EXPECT_EQUAL(space->area_count, 1);
    EXPECT_EQUAL(address_space_unmap(space, places[1], 4 * PAGE_SIZE), 0);
    EXPECT_EQUAL(space->area_count, 2);
    EXPECT_EQUAL(address_space_map(space, &mapping, &again), 0);
    EXPECT_EQUAL(again, places[1]);
    EXPECT_EQUAL(space->area_count, 1);
    mapping.size = 0xa0000000;
    EXPECT_EQUAL(address_space_map(space, &mapping, &again), 0);
    EXPECT_EQUAL(address_space_map(space, &mapping, &again), -ENOMEM);
    address_space_put(space);
}

TEST(vm_object_size, "an object's pages end with it, and come back as zeroes")
{
    struct memory_object *object = memory_object_create(3 * PAGE_SIZE);
    struct frame *frame;
    EXPECT_EQUAL(memory_object_frame(object, 2, &frame), 0);
    memset(frame_address(frame), 0x55, PAGE_SIZE);
    frame_put(frame);
    EXPECT_EQUAL(memory_object_frame(object, 3, &frame), -EIO);
    memory_object_resize(object, 2 * PAGE_SIZE + 100);
    memory_object_resize(object, 3 * PAGE_SIZE);
    EXPECT_EQUAL(memory_object_frame(object, 2, &frame), 0);
    const u8 *bytes = frame_address(frame);
    EXPECT_EQUAL(bytes[99], 0x55);
    EXPECT_EQUAL(bytes[100], 0);
    frame_put(frame);
    memory_object_resize(object, 10);
    EXPECT_EQUAL(object->page_count, 0);
    EXPECT(memory_object_peek(object, 2) == NULL);
    memory_object_put(object);
}

TEST(vm_protect, "a page that may not be touched is kept, with no right left")
{
    struct address_space *space = address_space_create();
    struct mapping mapping = {
        .size = PAGE_SIZE, .flags = AREA_READ | AREA_WRITE, .may = RIGHTS};
    u32 address, word = 5;
    EXPECT_EQUAL(address_space_map(space, &mapping, &address), 0);
    EXPECT_EQUAL(space_store(space, address, word), 0);
    page_table_entry *entry = page_table_find(&space->page_table, address);
    EXPECT(*entry & PTE_WRITE);
    EXPECT_EQUAL(address_space_protect(space, address, 1, 0), 0);
    EXPECT(!(*entry & PTE_PRESENT));
    EXPECT_EQUAL(address_space_copy_in(space, &word, address, 4), -EFAULT);
    EXPECT_EQUAL(address_space_protect(space, address, 1, AREA_READ), 0);
    word = 0;
    EXPECT_EQUAL(address_space_copy_in(space, &word, address, 4), 0);
    EXPECT_EQUAL(word, 5);
    EXPECT((*entry & (PTE_PRESENT | PTE_WRITE)) == PTE_PRESENT);
    EXPECT_EQUAL(address_space_protect(space, address, 1, 0), 0);
    struct address_space *child = address_space_fork(space);
    EXPECT_EQUAL(address_space_protect(space, address, 1, AREA_READ), 0);
    EXPECT_EQUAL(space_store(space, address, word), -EFAULT);
    EXPECT_EQUAL(address_space_protect(child, address, 1, RIGHTS), 0);
    word = 6;
    EXPECT_EQUAL(space_store(child, address, word), 0);
    EXPECT_EQUAL(address_space_copy_in(space, &word, address, 4), 0);
    EXPECT_EQUAL(word, 5);
    address_space_put(child);
    address_space_put(space);
}

TEST(vm_truncate, "a page that its object has lost is gone from every mapping")
{
    struct memory_object *object = memory_object_create(4 * PAGE_SIZE);
    struct address_space *space = address_space_create();
    struct mapping mapping = {.size = 4 * PAGE_SIZE,
                              .flags = AREA_READ | AREA_WRITE | AREA_SHARED,
                              .may = RIGHTS,
                              .object = object};
    u32 shared, private, word = 9;
    EXPECT_EQUAL(address_space_map(space, &mapping, &shared), 0);
    mapping.flags &= ~AREA_SHARED;
    EXPECT_EQUAL(address_space_map(space, &mapping, &private), 0);
    for (u32 i = 0; i < 4; i++) {
        space_store(space, shared + i * PAGE_SIZE, word);
        space_store(space, private + i * PAGE_SIZE, word);
    }
    struct address_space *child = address_space_fork(space);
    memory_object_resize(object, PAGE_SIZE + 1);
    EXPECT_EQUAL(address_space_resident(space), 4);
    EXPECT_EQUAL(address_space_resident(child), 4);
    u32 gone = 2 * PAGE_SIZE;
    EXPECT_EQUAL(address_space_copy_in(space, &word, shared + gone, 4),
                 -EFAULT);
    EXPECT_EQUAL(address_space_copy_in(child, &word, private + gone, 4),
                 -EFAULT);
    EXPECT_EQUAL(address_space_copy_in(child, &word, shared, 4), 0);
    EXPECT_EQUAL(word, 9);
    memory_object_resize(object, 4 * PAGE_SIZE);
    EXPECT_EQUAL(address_space_copy_in(space, &word, shared + gone, 4), 0);
    EXPECT_EQUAL(word, 0);
    address_space_put(child);
    address_space_put(space);
    memory_object_put(object);
}
