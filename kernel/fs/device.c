/*
 * Character devices: a list of who stands behind which number, and one tmpfs
 * on /dev whose nodes follow the list. A device is never taken away.
 */
#include "fs/device.h"

#include "core/panic.h"
#include "core/printk.h"
#include "fs/tmpfs.h"
#include "fs/vfs.h"
#include "lib/string.h"
#include <asm/errno.h>
#include <linux/stat.h>

#define DIRECTORY_MODE 0755

static struct device *devices; /* newest first */
static struct file_system *devfs;

/* Names that programs expect beside the devices. */
static const struct {
    const char *name;
    const char *target;
} links[] = {
    {"fd", "/proc/self/fd"},
    {"stdin", "/proc/self/fd/0"},
    {"stdout", "/proc/self/fd/1"},
    {"stderr", "/proc/self/fd/2"},
};

/* The directory `name` below the root, made if it is missing. */
static int directory_find(struct name name, struct inode **directory)
{
    struct inode *root = devfs->root;
    int error = root->operations->lookup(root, name, directory);
    if (error != -ENOENT)
        return error;
    return root->operations->create(root, name, S_IFDIR | DIRECTORY_MODE, 0,
                                    directory);
}

static int node_make(const struct device *device)
{
    struct inode *directory = devfs->root, *node;
    const char *name = device->name, *slash = strchr(name, '/');
    inode_get(directory);
    if (slash != NULL) {
        inode_put(directory);
        int error =
            directory_find((struct name){name, slash - name}, &directory);
        if (error < 0)
            return error;
        name = slash + 1;
    }
    int error = directory->operations->create(
        directory, (struct name){name, strlen(name)}, S_IFCHR | device->mode,
        device->number, &node);
    inode_put(directory);
    if (error == 0)
        inode_put(node);
    return error;
}

static void node_show(const struct device *device)
{
    mutex_lock(&devfs->names);
    int error = node_make(device);
    mutex_unlock(&devfs->names);
    if (error < 0)
        printk("devfs: no node for %s: error %d\n", device->name, -error);
}

static struct device *device_find(u32 number)
{
    struct device *device = devices;
    while (device != NULL && device->number != number)
        device = device->next;
    return device;
}

void device_register(struct device *device)
{
    assert(device_find(device->number) == NULL);
    device->next = devices;
    devices = device;
    if (devfs != NULL)
        node_show(device);
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

static int devfs_get(struct file_system **system)
{
    atomic_increment(&devfs->references);
    *system = devfs;
    return 0;
}

int devfs_start(void)
{
    static struct file_system_type type = {"devtmpfs", devfs_get, NULL};
    int error = tmpfs_create("devtmpfs", DIRECTORY_MODE, &devfs);
    if (error < 0)
        return error;
    for (struct device *device = devices; device; device = device->next)
        node_show(device);
    struct inode *root = devfs->root;
    mutex_lock(&devfs->names);
    for (u32 i = 0; i < array_count(links) && error == 0; i++) {
        struct name name = {links[i].name, strlen(links[i].name)};
        error = root->operations->symlink(root, name, links[i].target);
    }
    mutex_unlock(&devfs->names);
    file_system_register(&type);
    return error;
}
