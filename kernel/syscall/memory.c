/*
 * The memory calls: brk, mmap and its kin, for the current process.
 *
 * Here flags are decoded; what happens is in vm/.
 */
#include "syscall/table.h"

#include "core/credentials.h"
#include "proc/process.h"
#include "x86/user_copy.h"
#include <asm/mman.h>
#include <linux/mman.h>

#define PROT_ALL (PROT_READ | PROT_WRITE | PROT_EXEC)
#define AREA_ALL (AREA_READ | AREA_WRITE | AREA_EXECUTE)

_Static_assert(PROT_READ == AREA_READ && PROT_WRITE == AREA_WRITE &&
                   PROT_EXEC == AREA_EXECUTE,
               "rights are the same bits");

static struct address_space *space_current(void)
{
    return current_process()->space;
}

/* May so many bytes be locked in all? */
static int may_lock(u64 bytes)
{
    u64 limit = limit_current(RLIMIT_MEMLOCK);
    if (bytes <= limit || acts_as_root())
        return 0;
    return limit == 0 ? -EPERM : -ENOMEM;
}

/* Memory that is out may be back later, as mlock tells it. */
static s32 populate(u32 start, u32 end)
{
    int result = address_space_populate(space_current(), start, end);
    return result == -ENOMEM ? -EAGAIN : result < 0 ? -ENOMEM : 0;
}

s32 sys_brk(u32 end)
{
    return (s32)address_space_set_heap_end(space_current(), end);
}

/* ---- mmap --------------------------------------------------------------- */

/* Fills in what the file decides. The object comes with a reference. */
static int mapping_set_file(struct mapping *mapping, struct file *file)
{
    u32 mode = file->flags & O_ACCMODE;
    bool shared = mapping->flags & AREA_SHARED;
    if (mode == O_WRONLY)
        return -EACCES;
    if (shared && mode != O_RDWR)
        mapping->may &= ~AREA_WRITE;
    if (file->path.mount->flags & MS_NOEXEC)
        mapping->may &= ~AREA_EXECUTE;
    u32 wrong = mapping->flags & AREA_ALL & ~mapping->may;
    if (wrong != 0)
        return wrong & AREA_EXECUTE ? -EPERM : -EACCES;
    if (file->operations->map == NULL)
        return -ENODEV;
    int result = file->operations->map(file, &mapping->object);
    if (result < 0 || mapping->object == NULL)
        return result;
    mapping->backing = file;
    mapping->backing_operations = &file_backing_operations;
    return 0;
}

/* Shared memory without a file is an object that nobody can name. */
static int mapping_set_object(struct mapping *mapping)
{
    if (mapping->object != NULL || !(mapping->flags & AREA_SHARED))
        return 0;
    mapping->object = memory_object_create(round_up(mapping->size, PAGE_SIZE));
    return mapping->object != NULL ? 0 : -ENOMEM;
}

static int mapping_do(struct mapping *mapping, struct file *file, u32 *address)
{
    int result = file != NULL ? mapping_set_file(mapping, file) : 0;
    if (result == 0)
        result = mapping_set_object(mapping);
    if (result == 0)
        result = address_space_map(space_current(), mapping, address);
    if (mapping->object != NULL)
        memory_object_put(mapping->object);
    return result;
}

/* MAP_SHARED and MAP_PRIVATE are numbers, not bits. */
static int map_flags_check(u32 flags, u32 size)
{
    u32 type = flags & MAP_TYPE;
    if (type != MAP_SHARED && type != MAP_PRIVATE &&
        type != MAP_SHARED_VALIDATE)
        return -EINVAL;
    if (size == 0 || flags & MAP_HUGETLB)
        return -EINVAL;
    if (size > USER_END)
        return -ENOMEM;
    if (!(flags & MAP_LOCKED))
        return 0;
    int result = may_lock(address_space_locked(space_current(), 0, 0) + size);
    return result == -ENOMEM ? -EAGAIN : result;
}

s32 sys_mmap2(u32 address, size_t size, u32 rights, u32 flags, s32 fd, u32 page)
{
    struct address_space *space = space_current();
    if (space->locks_future)
        flags |= MAP_LOCKED;
    int result = map_flags_check(flags, size);
    if (result < 0)
        return result;
    struct mapping mapping = {
        .address = address,
        .size = size,
        .flags = rights & PROT_ALL,
        .may = AREA_ALL,
        .fixed = flags & (MAP_FIXED | MAP_FIXED_NOREPLACE),
        .no_replace = flags & MAP_FIXED_NOREPLACE,
    };
    if ((flags & MAP_TYPE) != MAP_PRIVATE)
        mapping.flags |= AREA_SHARED;
    if (flags & MAP_LOCKED)
        mapping.flags |= AREA_LOCKED;
    struct file *file = NULL;
    if (!(flags & MAP_ANONYMOUS)) {
        if (page + (size + PAGE_SIZE - 1) / PAGE_SIZE > ~0u / PAGE_SIZE + 1 ||
            page > ~0u / PAGE_SIZE)
            return -EOVERFLOW;
        mapping.object_page = page;
        file = fd_get(current_process()->files, fd);
        if (file == NULL)
            return -EBADF;
    }
    result = mapping_do(&mapping, file, &address);
    if (file != NULL)
        file_put(file);
    if (result < 0)
        return result;
    if (flags & (MAP_LOCKED | MAP_POPULATE))
        (void)populate(address, address + size);
    return (s32)address;
}

s32 sys_munmap(u32 start, size_t size)
{
    return address_space_unmap(space_current(), start, size);
}

s32 sys_mprotect(u32 start, size_t size, u32 rights)
{
    if (rights & ~(PROT_ALL | PROT_SEM))
        return -EINVAL;
    return address_space_protect(space_current(), start, size,
                                 rights & PROT_ALL);
}

s32 sys_mremap(u32 start, size_t old_size, size_t new_size, u32 flags,
               u32 new_address)
{
    struct remapping remapping = {
        .start = start,
        .old_size = old_size,
        .new_size = new_size,
        .flags = flags,
        .new_address = new_address,
    };
    u32 address;
    int result = address_space_remap(space_current(), &remapping, &address);
    return result < 0 ? result : (s32)address;
}

/* ---- about pages that are mapped ---------------------------------------- */

/* 0 when all of the range is mapped; the end of the range in *end. */
static int range_check(u32 start, size_t size, u32 *end)
{
    if (start > USER_END || size > USER_END - start)
        return -ENOMEM;
    *end = start + round_up(size, PAGE_SIZE);
    if (size == 0)
        return 0;
    struct address_space *space = space_current();
    mutex_lock(&space->lock);
    bool covered = address_space_covers(space, start, *end);
    mutex_unlock(&space->lock);
    return covered ? 0 : -ENOMEM;
}

/* What is mapped and what is in the file are the same frames: nothing is
 * ever out of step. */
s32 sys_msync(u32 start, size_t size, u32 flags)
{
    u32 end;
    if (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC) ||
        (flags & MS_ASYNC && flags & MS_SYNC) || start % PAGE_SIZE != 0)
        return -EINVAL;
    return range_check(start, size, &end);
}

/* The whole pages of a range, and whether all are mapped. */
static int pages_check(u32 *start, size_t size, u32 *end)
{
    u32 inside = *start % PAGE_SIZE;
    if (size > ~0u - (PAGE_SIZE - 1) - *start)
        return -EINVAL;
    *start -= inside;
    return range_check(*start, size + inside, end);
}

s32 sys_mlock2(u32 start, size_t size, u32 flags)
{
    u32 end;
    if (flags & ~MLOCK_ONFAULT)
        return -EINVAL;
    int result = pages_check(&start, size, &end);
    if (result == 0)
        result = may_lock(address_space_locked(space_current(), start, end));
    if (result == 0)
        result = address_space_lock(space_current(), start, end, true);
    return result < 0 || flags != 0 ? result : populate(start, end);
}

s32 sys_munlock(u32 start, size_t size)
{
    u32 end;
    int result = pages_check(&start, size, &end);
    return result < 0 ? result
                      : address_space_lock(space_current(), start, end, false);
}

s32 sys_mlockall(u32 flags)
{
    struct address_space *space = space_current();
    if ((flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)) ||
        !(flags & (MCL_CURRENT | MCL_FUTURE)))
        return -EINVAL;
    u32 end = flags & MCL_CURRENT ? USER_END : USER_START;
    int result = may_lock(address_space_locked(space, USER_START, end));
    if (result == 0)
        result = address_space_lock(space, USER_START, end, true);
    if (result < 0)
        return result;
    space->locks_future = flags & MCL_FUTURE;
    if (!(flags & MCL_ONFAULT))
        (void)populate(USER_START, end);
    return 0;
}

s32 sys_munlockall(void)
{
    space_current()->locks_future = false;
    return address_space_lock(space_current(), USER_START, USER_END, false);
}

enum advice_effect { ADVICE_UNKNOWN, ADVICE_NOTHING, ADVICE_DISCARD };

static const u8 advice_effects[] = {
    [MADV_NORMAL] = ADVICE_NOTHING,     [MADV_RANDOM] = ADVICE_NOTHING,
    [MADV_SEQUENTIAL] = ADVICE_NOTHING, [MADV_WILLNEED] = ADVICE_NOTHING,
    [MADV_DONTNEED] = ADVICE_DISCARD,   [MADV_FREE] = ADVICE_DISCARD,
    [MADV_DODUMP] = ADVICE_NOTHING,     [MADV_DONTDUMP] = ADVICE_NOTHING,
    [MADV_COLD] = ADVICE_NOTHING,       [MADV_PAGEOUT] = ADVICE_NOTHING,
};

s32 sys_madvise(u32 start, size_t size, s32 advice)
{
    u32 end;
    if ((u32)advice >= array_count(advice_effects) ||
        advice_effects[advice] == ADVICE_UNKNOWN || start % PAGE_SIZE != 0)
        return -EINVAL;
    if (advice_effects[advice] == ADVICE_DISCARD)
        return address_space_discard(space_current(), start, size);
    return range_check(start, size, &end);
}

s32 sys_mincore(u32 start, size_t size, u8 user *present)
{
    u8 bytes[64];
    u32 end;
    if (start % PAGE_SIZE != 0)
        return -EINVAL;
    int result = range_check(start, size, &end);
    while (result == 0 && start < end) {
        u32 count = min((end - start) / PAGE_SIZE, sizeof(bytes));
        result = address_space_presence(space_current(), start, count, bytes);
        if (result == 0)
            result = user_copy_out(present, bytes, count);
        if (result < 0)
            break;
        start += count * PAGE_SIZE;
        present += count;
    }
    return result;
}
