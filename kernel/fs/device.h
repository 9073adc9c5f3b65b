/*
 * Character devices: a node in /dev has a number, the number finds the
 * operations. devfs, a tmpfs on /dev, shows every registered device under its
 * name; programs may add links, directories and nodes of their own.
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

/* Before or after devfs is there. */
void device_register(struct device *device);
/* Opens the inode of a character device: -ENXIO when none has its number. */
int device_open(struct inode *inode, struct file *file);

/* Makes the one devfs with nodes for the devices registered so far, and
 * registers its name for mount(2). 0 or -ENOMEM. */
int devfs_start(void);

/* Registers null, zero, full, random and urandom. */
void memory_devices_start(void);
