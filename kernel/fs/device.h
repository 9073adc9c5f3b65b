/*
 * Character devices: a node in /dev has a number, the number finds the
 * operations. devfs shows every registered device under its name.
 */
#pragma once

#include "fs/file.h"

struct device {
    const char *name; /* below /dev, may hold one slash: "run/stdin" */
    u32 number;       /* DEVICE_NUMBER(major, minor) */
    u32 mode;         /* permissions */
    const struct file_operations *operations;
    void *data; /* copied to file->data by open */
    /* Optional: instead of the plain opening; may replace operations. */
    int (*open)(struct device *device, struct file *file);
    struct device *next;
};

#define DEVICE_NUMBER(major, minor) ((major) << 8 | (minor))

/* Before or after devfs is mounted. */
void device_register(struct device *device);
struct device *device_find(u32 number);
struct device *device_first(void);
/* Opens the inode of a character device: -ENXIO when none has its number. */
int device_open(struct inode *inode, struct file *file);
