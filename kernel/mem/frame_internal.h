/*
 * What only the start of the frame allocator needs of it.
 */
#pragma once

/* Empties the lists of free runs; before the first frames_release_range. */
void frame_lists_initialize(void);
