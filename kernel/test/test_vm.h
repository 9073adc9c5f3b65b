/*
 * What the tests of address spaces share.
 */
#pragma once

#include "vm/address_space.h"

/* Writes a word of the space as its process would. 0, -EFAULT or -ENOMEM. */
static inline int space_store(struct address_space *space, u32 address,
                              u32 value)
{
    struct frame *frame;
    int result = address_space_pin(space, address, true, &frame);
    if (result < 0)
        return result;
    *(u32 *)((u8 *)frame_address(frame) + address % PAGE_SIZE) = value;
    frame_put(frame);
    return 0;
}
