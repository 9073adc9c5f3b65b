/*
 * Reading a cpio archive in the newc format, several of which may follow one
 * another in one image (zero padding between them), as for Linux.
 */
#pragma once

#include "lib/types.h"

struct cpio_entry {
    const char *name; /* NUL-terminated, inside the archive, no leading / */
    const void *data;
    u32 size;
    u32 mode; /* S_IFMT bits and permissions */
    u32 links;
    u32 inode; /* entries with the same number and links > 1 are hard links */
    u32 mtime;
    u32 device_major; /* of the device a node stands for */
    u32 device_minor;
    u32 uid;
    u32 gid;
};

/*
 * Reads the entry at *position and moves *position past it. Returns 1 for an
 * entry, 0 at the end of the image, -EINVAL for a broken archive. Trailers
 * and padding are skipped. Nothing outside [image, image + size) is read.
 */
int cpio_next(const void *image, size_t size, size_t *position,
              struct cpio_entry *entry);
