/*
 * File descriptors: numbers for open files.
 *
 * Opening takes two steps, so that nothing can fail once the file exists:
 * fd_reserve sets the number's bit in `used`, fd_install puts the file there.
 * In between the number is taken but leads nowhere. Files are let go of only
 * after the lock is released, since closing may sleep.
 */
#include "fs/fs_context.h"

#include "core/atomic.h"
#include "core/panic.h"
#include "lib/string.h"
#include "mem/heap.h"
#include <asm/errno.h>

/* One block: the files, then both bitmaps. */
static struct file **arrays_alloc(u32 capacity)
{
    u32 bitmaps = 2 * BITMAP_WORDS(capacity) * sizeof(u32);
    return heap_alloc_zeroed(capacity * sizeof(struct file *) + bitmaps);
}

static void table_use_arrays(struct fd_table *table, void *arrays, u32 capacity)
{
    table->files = arrays;
    table->used = (u32 *)(table->files + capacity);
    table->close_on_exec = table->used + BITMAP_WORDS(capacity);
    table->capacity = capacity;
}

static void arrays_free(struct fd_table *table, void *arrays)
{
    if (arrays != table->inline_arrays)
        heap_free(arrays);
}

struct fd_table *fd_table_create(void)
{
    struct fd_table *table = heap_alloc(sizeof(*table));
    if (table == NULL)
        return NULL;
    *table = (struct fd_table){.references = 1};
    spinlock_initialize(&table->lock, RANK_FD_TABLE);
    table_use_arrays(table, table->inline_arrays, FD_INLINE);
    return table;
}

/* Makes room for numbers below `wanted`. The arrays are made before the lock
 * is taken; others who share the table may have been quicker. */
static int table_grow(struct fd_table *table, u32 wanted)
{
    u32 capacity = FD_INLINE;
    while (capacity < wanted)
        capacity *= 2;
    struct file **files = arrays_alloc(capacity);
    if (files == NULL)
        return -ENOMEM;
    struct file **unused = files;
    spin_lock(&table->lock);
    if (table->capacity < capacity) {
        struct fd_table old = *table;
        table_use_arrays(table, files, capacity);
        u32 words = BITMAP_WORDS(old.capacity) * sizeof(u32);
        memcpy(files, old.files, old.capacity * sizeof(*files));
        memcpy(table->used, old.used, words);
        memcpy(table->close_on_exec, old.close_on_exec, words);
        unused = old.files;
    }
    spin_unlock(&table->lock);
    arrays_free(table, unused);
    return 0;
}

/* Copies the open files, not the reserved numbers. Source's lock held. */
static void table_copy_files(struct fd_table *to, const struct fd_table *from)
{
    for (u32 word = 0; word < BITMAP_WORDS(from->capacity); word++) {
        u32 bits = from->used[word];
        to->close_on_exec[word] = from->close_on_exec[word];
        for (; bits != 0; bits &= bits - 1) {
            u32 fd = word * 32 + __builtin_ctz(bits);
            struct file *file = from->files[fd];
            if (file == NULL)
                continue;
            file_get(file);
            to->files[fd] = file;
            bitmap_set(to->used, fd);
        }
    }
}

struct fd_table *fd_table_copy(struct fd_table *table)
{
    struct fd_table *copy = fd_table_create();
    if (copy == NULL)
        return NULL;
    spin_lock(&table->lock);
    while (copy->capacity < table->capacity) {
        u32 wanted = table->capacity;
        spin_unlock(&table->lock);
        if (table_grow(copy, wanted) < 0) {
            fd_table_put(copy);
            return NULL;
        }
        spin_lock(&table->lock);
    }
    table_copy_files(copy, table);
    spin_unlock(&table->lock);
    return copy;
}

void fd_table_get(struct fd_table *table)
{
    atomic_increment(&table->references);
}

void fd_table_put(struct fd_table *table)
{
    if (!atomic_decrement(&table->references))
        return;
    for (u32 word = 0; word < BITMAP_WORDS(table->capacity); word++) {
        u32 bits = table->used[word];
        for (; bits != 0; bits &= bits - 1) {
            struct file *file = table->files[word * 32 + __builtin_ctz(bits)];
            if (file != NULL)
                file_put(file);
        }
    }
    arrays_free(table, table->files);
    heap_free(table);
}

void fd_table_close_on_exec(struct fd_table *table)
{
    for (u32 word = 0; word < BITMAP_WORDS(table->capacity); word++) {
        u32 bits = table->close_on_exec[word] & table->used[word];
        for (; bits != 0; bits &= bits - 1)
            fd_close(table, word * 32 + __builtin_ctz(bits));
    }
}

struct file *fd_get_shared(struct fd_table *table, u32 fd)
{
    spin_lock(&table->lock);
    struct file *file = fd < table->capacity ? table->files[fd] : NULL;
    if (file != NULL)
        file_get(file);
    spin_unlock(&table->lock);
    return file;
}

int fd_next(struct fd_table *table, u32 from)
{
    int found = -1;
    spin_lock(&table->lock);
    for (u32 fd = from; fd < table->capacity && found < 0; fd++)
        if (table->files[fd] != NULL)
            found = fd;
    spin_unlock(&table->lock);
    return found;
}

/* Takes the first free number if the table has room for it; else only says
 * which it would be. */
static u32 table_reserve(struct fd_table *table, u32 from, u32 limit)
{
    u32 fd = max(from, table->full_below);
    if (fd < table->capacity)
        fd = bitmap_find_clear(table->used, table->capacity, fd);
    if (from <= table->full_below)
        table->full_below = fd;
    if (fd < table->capacity && fd < limit)
        bitmap_set(table->used, fd);
    return fd;
}

static void table_release(struct fd_table *table, u32 fd)
{
    bitmap_clear(table->used, fd);
    table->full_below = min(table->full_below, fd);
}

/* What others read under the lock (files, capacity) does not change here, so
 * a process alone with its table needs none. */
int fd_reserve(struct fd_table *table, u32 from, u32 limit)
{
    limit = min(limit, FD_LIMIT_MAX);
    while (true) {
        u32 fd, capacity;
        if (likely(atomic_load(&table->references) == 1)) {
            capacity = table->capacity;
            fd = table_reserve(table, from, limit);
        } else {
            spin_lock(&table->lock);
            capacity = table->capacity;
            fd = table_reserve(table, from, limit);
            spin_unlock(&table->lock);
        }
        if (fd >= limit)
            return -EMFILE;
        if (fd < capacity)
            return fd;
        int error = table_grow(table, fd + 1);
        if (error < 0)
            return error;
    }
}

static void bitmap_put(u32 *words, u32 bit, bool on)
{
    if (on)
        bitmap_set(words, bit);
    else
        bitmap_clear(words, bit);
}

/* A free number has its bit in close_on_exec clear. */
static void table_install(struct fd_table *table, int fd, struct file *file,
                          bool close_on_exec)
{
    assert_checked(bitmap_test(table->used, fd) && table->files[fd] == NULL);
    if (close_on_exec)
        bitmap_set(table->close_on_exec, fd);
    __atomic_store_n(&table->files[fd], file, __ATOMIC_RELEASE);
}

void fd_install(struct fd_table *table, int fd, struct file *file,
                bool close_on_exec)
{
    if (likely(atomic_load(&table->references) == 1)) {
        table_install(table, fd, file, close_on_exec);
        return;
    }
    spin_lock(&table->lock);
    table_install(table, fd, file, close_on_exec);
    spin_unlock(&table->lock);
}

void fd_cancel(struct fd_table *table, int fd)
{
    spin_lock(&table->lock);
    assert_checked(bitmap_test(table->used, fd) && table->files[fd] == NULL);
    table_release(table, fd);
    spin_unlock(&table->lock);
}

int fd_close(struct fd_table *table, int fd)
{
    struct file *file = NULL;
    spin_lock(&table->lock);
    if ((u32)fd < table->capacity)
        file = table->files[fd];
    if (file != NULL) {
        table->files[fd] = NULL;
        table_release(table, fd);
        bitmap_clear(table->close_on_exec, fd);
    }
    spin_unlock(&table->lock);
    if (file == NULL)
        return -EBADF;
    file_put(file);
    return 0;
}

/* Puts `file` at a number within the capacity; what was there in *old. */
static int table_replace(struct fd_table *table, u32 to, struct file *file,
                         bool close_on_exec, struct file **old)
{
    *old = table->files[to];
    if (*old == NULL && bitmap_test(table->used, to))
        return -EBUSY;
    table->files[to] = file;
    bitmap_set(table->used, to);
    bitmap_put(table->close_on_exec, to, close_on_exec);
    return 0;
}

int fd_duplicate_to(struct fd_table *table, int from, int to, u32 limit,
                    bool close_on_exec)
{
    if ((u32)to >= min(limit, FD_LIMIT_MAX))
        return -EBADF;
    struct file *old = NULL, *file = fd_get(table, from);
    if (file == NULL)
        return -EBADF;
    int error = 0;
    if ((u32)to >= table->capacity)
        error = table_grow(table, to + 1);
    if (error == 0) {
        spin_lock(&table->lock);
        error = table_replace(table, to, file, close_on_exec, &old);
        spin_unlock(&table->lock);
    }
    if (error < 0) {
        file_put(file);
        return error;
    }
    if (old != NULL)
        file_put(old);
    return to;
}

int fd_get_close_on_exec(struct fd_table *table, int fd)
{
    int result = -EBADF;
    spin_lock(&table->lock);
    if ((u32)fd < table->capacity && table->files[fd] != NULL)
        result = bitmap_test(table->close_on_exec, fd);
    spin_unlock(&table->lock);
    return result;
}

int fd_set_close_on_exec(struct fd_table *table, int fd, bool on)
{
    int result = -EBADF;
    spin_lock(&table->lock);
    if ((u32)fd < table->capacity && table->files[fd] != NULL) {
        bitmap_put(table->close_on_exec, fd, on);
        result = 0;
    }
    spin_unlock(&table->lock);
    return result;
}
