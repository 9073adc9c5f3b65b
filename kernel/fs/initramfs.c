/*
 * The ramdisk: cpio archives, as Multiboot modules, unpacked into the root.
 *
 * Each byte is copied once, from the module into a frame of its file; the
 * module's memory is given back afterwards. A later archive goes over an
 * earlier one: what it names is replaced, directories are kept. Missing
 * parents are made. Hard links are known by their inode number.
 */
#include "fs/start.h"

#include "core/boot_info.h"
#include "core/layout.h"
#include "fs/vfs.h"
#include "lib/cpio.h"
#include "lib/format.h"
#include "lib/string.h"
#include "mem/heap.h"
#include <asm/errno.h>
#include <linux/stat.h>

/* A file whose other names may still come. */
struct linked_file {
    struct list link;
    u32 number; /* in the archive */
    u32 mtime;
    struct path path;
};

/* Unpacking happens once, at boot, on one CPU. */
static struct fs_context *context;
static struct list all_linked = LIST_INITIALIZER(all_linked);
static char problem_text[160];

/* A page of a file, from `size` bytes that are left in the archive. */
static int page_fill(struct memory_object *object, u32 index, const u8 *data,
                     u32 size)
{
    struct frame *frame = frame_alloc();
    if (frame == NULL)
        return -ENOMEM;
    u8 *bytes = frame_address(frame);
    u32 part = min(size, PAGE_SIZE);
    memcpy(bytes, data, part);
    memset(bytes + part, 0, PAGE_SIZE - part);
    int error = memory_object_insert(object, index, frame);
    if (error < 0)
        frame_put(frame);
    return error;
}

static int file_fill(struct inode *inode, const struct cpio_entry *entry)
{
    if (entry->size > FILE_SIZE_MAX)
        return -EFBIG;
    memory_object_resize(inode->object, 0);
    memory_object_resize(inode->object, entry->size);
    int error = 0;
    for (u32 place = 0; place < entry->size && error == 0; place += PAGE_SIZE)
        error = page_fill(inode->object, place / PAGE_SIZE,
                          (const u8 *)entry->data + place, entry->size - place);
    return error;
}

static struct linked_file *linked_find(const struct cpio_entry *entry)
{
    struct linked_file *linked;
    list_for_each (linked, &all_linked, link)
        if (linked->number == entry->inode && linked->mtime == entry->mtime)
            return linked;
    return NULL;
}

static int linked_remember(const struct cpio_entry *entry,
                           const struct path *path)
{
    struct linked_file *linked = heap_alloc(sizeof(*linked));
    if (linked == NULL)
        return -ENOMEM;
    linked->number = entry->inode;
    linked->mtime = entry->mtime;
    linked->path = *path;
    path_get(path);
    list_add_last(&all_linked, &linked->link);
    return 0;
}

static void linked_forget_all(void)
{
    struct linked_file *linked, *following;
    list_for_each_safe (linked, following, &all_linked, link) {
        path_put(&linked->path);
        heap_free(linked);
    }
    list_initialize(&all_linked);
}

/* Another name of a file that is there, or a file of its own. */
static int make_regular(const struct cpio_entry *entry)
{
    struct linked_file *linked = entry->links > 1 ? linked_find(entry) : NULL;
    return linked != NULL
               ? vfs_link(context, &linked->path, NULL, entry->name)
               : vfs_make_node(context, NULL, entry->name, entry->mode, 0);
}

static int make_link(const struct cpio_entry *entry)
{
    if (entry->size >= PATH_LENGTH_MAX)
        return -ENAMETOOLONG;
    char *target = heap_alloc(entry->size + 1);
    if (target == NULL)
        return -ENOMEM;
    memcpy(target, entry->data, entry->size);
    target[entry->size] = '\0';
    int error = vfs_symlink(context, target, NULL, entry->name);
    heap_free(target);
    return error;
}

static int make_entry(const struct cpio_entry *entry)
{
    if (S_ISDIR(entry->mode))
        return vfs_make_directory(context, NULL, entry->name, entry->mode);
    if (S_ISREG(entry->mode))
        return make_regular(entry);
    if (S_ISLNK(entry->mode))
        return make_link(entry);
    u32 device = entry->device_major << 8 | (entry->device_minor & 0xff);
    return vfs_make_node(context, NULL, entry->name, entry->mode, device);
}

/* Makes every directory that leads to a name. */
static int make_parents(const char *name)
{
    char *text = heap_alloc(strlen(name) + 1);
    if (text == NULL)
        return -ENOMEM;
    int error = 0;
    for (u32 i = 1; name[0] != '\0' && name[i] != '\0'; i++) {
        if (name[i] != '/')
            continue;
        memcpy(text, name, i);
        text[i] = '\0';
        error = vfs_make_directory(context, NULL, text, 0755);
        if (error < 0 && error != -EEXIST)
            break;
        error = 0;
    }
    heap_free(text);
    return error;
}

/* An earlier archive has this name: directories stay, all else makes way. */
static int make_way(const struct cpio_entry *entry)
{
    struct path path;
    int error = path_find(context, NULL, entry->name, 0, &path);
    if (error < 0)
        return error;
    bool keep = S_ISDIR(path.inode->mode) && S_ISDIR(entry->mode);
    path_put(&path);
    if (keep)
        return 0;
    error = vfs_unlink(context, NULL, entry->name);
    return error < 0 ? error : make_entry(entry);
}

/* A regular file's bytes, which one of its names brings. */
static int make_bytes(const struct cpio_entry *entry, const struct path *path)
{
    int error = 0;
    if (entry->links > 1 && linked_find(entry) == NULL)
        error = linked_remember(entry, path);
    if (error == 0 && entry->size != 0)
        error = file_fill(path->inode, entry);
    return error;
}

/* Gives what was made all that the archive says of it. */
static int finish_entry(const struct cpio_entry *entry)
{
    struct path path;
    int error = path_find(context, NULL, entry->name, 0, &path);
    if (error < 0)
        return error;
    struct inode *inode = path.inode;
    if (S_ISREG(entry->mode))
        error = make_bytes(entry, &path);
    mutex_lock(&inode->lock);
    inode->mode = (inode->mode & S_IFMT) | (entry->mode & 07777);
    inode->uid = entry->uid;
    inode->gid = entry->gid;
    inode->modified = entry->mtime * NANOSECONDS_PER_SECOND;
    mutex_unlock(&inode->lock);
    path_put(&path);
    return error;
}

static int unpack_entry(const struct cpio_entry *entry)
{
    int error = make_entry(entry);
    if (error == -ENOENT) {
        error = make_parents(entry->name);
        if (error == 0)
            error = make_entry(entry);
    }
    if (error == -EEXIST)
        error = make_way(entry);
    return error < 0 ? error : finish_entry(entry);
}

static int unpack(const void *image, size_t size, u32 module)
{
    struct cpio_entry entry;
    size_t position = 0;
    int result;
    while ((result = cpio_next(image, size, &position, &entry)) > 0) {
        int error = unpack_entry(&entry);
        if (error == 0)
            continue;
        format_text(problem_text, sizeof(problem_text),
                    error == -ENOMEM || error == -ENOSPC
                        ? "ramdisk %u: not enough memory for %s"
                        : "ramdisk %u: cannot make %s",
                    module, entry.name);
        return error;
    }
    if (result < 0 || position == 0)
        format_text(problem_text, sizeof(problem_text),
                    "ramdisk %u is no cpio archive (newc) at byte %u", module,
                    (u32)position);
    return position == 0 ? -EINVAL : result;
}

static int module_load(u32 index)
{
    const struct boot_module *module = &boot_info.modules[index];
    int error = unpack(physical_to_virtual(module->start),
                       module->end - module->start, index);
    linked_forget_all();
    if (error == 0)
        frames_release_range(round_up(module->start, PAGE_SIZE),
                             round_down(module->end, PAGE_SIZE));
    return error;
}

int initramfs_load(const char **problem)
{
    *problem = problem_text;
    context = fs_context_create(&root_path);
    if (context == NULL) {
        *problem = "not enough memory to unpack the ramdisk";
        return -ENOMEM;
    }
    context->umask = 0;
    int error = 0;
    for (u32 i = 0; i < boot_info.module_count && error == 0; i++)
        error = module_load(i);
    fs_context_put(context);
    return error;
}
