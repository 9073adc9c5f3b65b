/*
 * Bringing files up: tmpfs as root with the ramdisk's contents, devfs on
 * /dev. Called once from main.c with threads running.
 */
#pragma once

#include "lib/types.h"

/* Mounts tmpfs as root, /dev, and registers the file systems' names. */
void file_systems_start(void);

/* Unpacks every module into the root, giving its memory back afterwards.
 * 0 or -errno with what was wrong and where in *problem. */
int initramfs_load(const char **problem);
