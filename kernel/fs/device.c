/*
 * Character devices: a list of who stands behind which number. It is only
 * added to, at boot; a device is never taken away.
 */
#include "fs/device.h"

#include "core/panic.h"
#include "fs/devfs.h"
#include <asm/errno.h>

static struct device *devices; /* newest first */

void device_register(struct device *device)
{
    assert(device_find(device->number) == NULL);
    device->next = devices;
    devices = device;
    devfs_show(device);
}

struct device *device_find(u32 number)
{
    struct device *device = devices;
    while (device != NULL && device->number != number)
        device = device->next;
    return device;
}

struct device *device_first(void)
{
    return devices;
}

int device_open(struct inode *inode, struct file *file)
{
    struct device *device = device_find(inode->device);
    if (file->path.mount->flags & MS_NODEV)
        return -EACCES;
    if (device == NULL)
        return -ENXIO;
    file->operations = device->operations;
    file->data = device->data;
    return device->open != NULL ? device->open(device, file) : 0;
}
