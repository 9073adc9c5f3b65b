/*
 * Memory objects: the frames behind something that can be mapped or read, by
 * page index: a file of tmpfs, an anonymous mapping that fork shares.
 *
 * The object holds one reference to each of its frames; every mapping adds
 * one. A missing page is made when it is asked for, full of zeroes.
 */
#pragma once

#include "core/spinlock.h"
#include "mem/frame.h"

struct memory_object {
    volatile u32 references; /* atomic */
    struct spinlock lock;    /* rank MEMORY_OBJECT, protects all below */
    struct frame **pages;    /* by index; NULL where there is none */
    u32 page_capacity;
    u32 page_count;      /* frames it holds */
    u32 size;            /* bytes: pages wholly past it cannot be had */
    bool leaves_reserve; /* no page comes when frames are scarce: -EIO */
    struct list areas;   /* that show it, in all address spaces */
    u32 shrink_count;
};

/* One from the heap, freed at the last put; NULL when out of memory. */
struct memory_object *memory_object_create(u32 size);

void memory_object_get(struct memory_object *object);
void memory_object_put(struct memory_object *object);

/* The frame of page `index` with a reference for the caller, made if missing.
 * 0, -ENOMEM, or -EIO past the end of the object. */
int memory_object_frame(struct memory_object *object, u32 index,
                        struct frame **frame);

/* The frame if it is there, with a reference; else NULL. Never sleeps. */
static inline struct frame *memory_object_peek(struct memory_object *object,
                                               u32 index)
{
    struct frame *frame = NULL;
    spin_lock(&object->lock);
    if (index < object->page_capacity)
        frame = object->pages[index];
    if (frame != NULL)
        frame_get(frame);
    spin_unlock(&object->lock);
    return frame;
}

/* Hands a filled frame over (initramfs): takes over the reference.
 * 0, -ENOMEM, -EEXIST, or -EIO past the size (set it first); after an error
 * the reference is still the caller's. */
int memory_object_insert(struct memory_object *object, u32 index,
                         struct frame *frame);

/* Sets the size. When it shrinks, frames past the end are given back, the
 * rest of the last page is cleared, and nobody sees pages past the end any
 * more: who touches one gets -EIO. May sleep. No address space locked. */
void memory_object_resize(struct memory_object *object, u32 size);

/* Objects alive: for the books. Frames that they hold: for /proc/meminfo. */
u32 memory_object_count(void);
u32 memory_object_frame_count(void);
