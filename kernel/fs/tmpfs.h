/*
 * tmpfs: a file system in memory. Bytes of files are memory objects, so that
 * programs map the very frames that read and write copy; names are nodes on
 * the heap.
 */
#pragma once

#include "fs/inode.h"

/* A new one with a root directory of this mode; one reference. 0 or -ENOMEM.
 * `type` is what /proc/mounts calls it. */
int tmpfs_create(const char *type, u32 mode, struct file_system **system);

/* Registers "tmpfs" for mount(2). */
void tmpfs_start(void);
