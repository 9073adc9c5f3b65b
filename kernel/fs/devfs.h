/*
 * devfs: a tmpfs on /dev that holds a node for every registered device.
 * Programs may add links, directories and nodes of their own.
 */
#pragma once

#include "fs/device.h"

/* Makes the one devfs with nodes for the devices registered so far, and
 * registers its name for mount(2). 0 or -ENOMEM. */
int devfs_start(void);

/* Makes the node of a device, once devfs is there. */
void devfs_show(struct device *device);
