/*
 * The files of /proc itself: the machine and the whole system.
 */
#include "core/boot_info.h"
#include "lib/divide.h"
#include "lib/format.h"
#include "lib/string.h"
#include "mem/frame.h"
#include "mem/heap.h"
#include "fs/vfs.h"
#include "proc/books.h"
#include "proc/load.h"
#include "proc/proc_locks.h"
#include "proc/proc_waits.h"
#include "proc/process.h"
#include "proc/procfs.h"
#include "sched/busy.h"
#include "x86/clock.h"
#include "x86/cpu_features.h"
#include <asm/errno.h>
#include <linux/stat.h>

static ssize self_read_link(char *buffer, size_t size)
{
    char text[12];

    size_t length =
        (size_t)format_text(text, sizeof(text), "%u", current_process()->pid);
    length = min(length, size);
    memcpy(buffer, text, length);
    return (ssize)length;
}

/* ---- memory and time ----------------------------------------------------- */

static void meminfo_tell(struct text_buffer *text)
{
    u32 page = PAGE_SIZE / KIB;
    u32 free = frame_free_count() * page;
    u32 shared = memory_object_frame_count() * page; /* files and mappings */

    text_append(text, "MemTotal:    %8u kB\n", frame_managed_count() * page);
    text_append(text, "MemFree:     %8u kB\n", free);
    text_append(text, "MemAvailable:%8u kB\n", free);
    text_append(text, "Cached:      %8u kB\nShmem:       %8u kB\n", shared,
                shared);
}

static u64 sum_of_cpus(size_t field)
{
    u64 sum = 0;

    for (u32 i = 0; i < cpu_count; i++)
        sum += *(const u64 *)((const char *)&cpus[i] + field);
    return sum;
}

#define CPU_SUM(field) sum_of_cpus(offsetof(struct cpu, field))

/* Ticks count as busy or idle; the busy ones stand under "user". */
static void stat_tell(struct text_buffer *text)
{
    u64 busy, idle;

    busy_times(&busy, &idle);
    text_append(text, "cpu  %u 0 0 %u 0 0 0 0 0 0\n", user_ticks(busy),
                clock_hundredths(idle));
    for (u32 i = 0; i < cpu_count; i++)
        text_append(text, "cpu%u %u 0 0 %u 0 0 0 0 0 0\n", i,
                    user_ticks(run_queues[i].busy_ticks),
                    clock_hundredths(busy_idle_time(&run_queues[i])));
    text_append(text, "intr %llu\nctxt %llu\nbtime %u\n", CPU_SUM(interrupts),
                CPU_SUM(switches), clock_boot_time());
    text_append(text, "processes %u\nprocs_running %u\nprocs_blocked 0\n",
                process_count(), busy_thread_count());
}

static void append_hundredths(struct text_buffer *text, u64 hundredths)
{
    u32 rest;
    u64 whole = divide_u64(hundredths, 100, &rest);

    text_append(text, "%llu.%02u", whole, rest);
}

static void uptime_tell(struct text_buffer *text)
{
    u64 busy, idle;

    busy_times(&busy, &idle);
    append_hundredths(text, clock_hundredths(clock_nanoseconds()));
    text_append(text, " ");
    append_hundredths(text, clock_hundredths(idle));
    text_append(text, "\n");
}

static void loadavg_tell(struct text_buffer *text)
{
    struct load load;

    load_read(&load);
    for (u32 i = 0; i < array_count(load.average); i++) {
        append_hundredths(text, (load.average[i] * 100) >> LOAD_SHIFT);
        text_append(text, " ");
    }
    text_append(text, "%u/%u %u\n", busy_thread_count(), thread_count(),
                current_process()->pid);
}

/* All policies, the one in force in brackets; its name, written, changes it. */
static void scheduler_tell(struct text_buffer *text)
{
    const struct scheduler_policy *policy;

    for (u32 i = 0; (policy = scheduler_policy_at(i)) != NULL; i++)
        text_append(text, policy == scheduler_policy() ? "%s[%s]" : "%s%s",
                    i == 0 ? "" : " ", policy->name);
    text_append(text, "\n");
}

static int scheduler_write(struct inode *inode, const char *line)
{
    return acts_as_root() ? scheduler_choose(line) : -EPERM;
}

/* ---- the machine --------------------------------------------------------- */

static const struct {
    const char *name;
    size_t offset;
} flags[] = {
    {"pge", offsetof(struct cpu_features, pge)},
    {"fxsr", offsetof(struct cpu_features, fxsr)},
    {"sse", offsetof(struct cpu_features, sse)},
    {"smep", offsetof(struct cpu_features, smep)},
    {"smap", offsetof(struct cpu_features, smap)},
    {"umip", offsetof(struct cpu_features, umip)},
    {"apic", offsetof(struct cpu_features, apic)},
};

static void cpuinfo_tell(struct text_buffer *text)
{
    const struct cpu_features *cpu = &cpu_features;

    for (u32 i = 0; i < cpu_count; i++) {
        text_append(text, "processor\t: %u\nvendor_id\t: %s\n", i, cpu->vendor);
        text_append(text, "cpu family\t: %u\nmodel\t\t: %u\n", cpu->family,
                    cpu->model_number);
        text_append(text,
                    "model name\t: %s\nstepping\t: %u\nflags\t\t:", cpu->model,
                    cpu->stepping);
        for (u32 j = 0; j < array_count(flags); j++)
            if (*((const bool *)cpu + flags[j].offset))
                text_append(text, " %s", flags[j].name);
        text_append(text, "\n\n");
    }
}

static void cmdline_tell(struct text_buffer *text)
{
    text_append(text, "%s\n", boot_info.command_line);
}

static void version_tell(struct text_buffer *text)
{
    text_append(text, "Linux version 6.1.0-spindle (Spindle) #1 Spindle\n");
}

/* ---- files --------------------------------------------------------------- */

static void file_system_append(const char *name, void *context)
{
    text_append(context, "nodev\t%s\n", name);
}

static void filesystems_tell(struct text_buffer *text)
{
    file_system_type_for_each(file_system_append, text);
}

/* Mounts, copied under their lock; their places are named after it. */
struct mount_list {
    u32 count;
    struct mount_copy {
        struct path covered; /* references */
        const char *type;
        u32 flags;
        char source[sizeof(((struct mount *)0)->source)];
    } copies[256]; /* more are not told */
};

static void mount_copy(struct mount *mount, void *context)
{
    struct mount_list *list = context;

    if (list->count == array_count(list->copies))
        return;
    struct mount_copy *copy = &list->copies[list->count++];
    copy->covered = mount->covered;
    if (copy->covered.inode)
        path_get(&copy->covered);
    copy->type = mount->file_system->type;
    copy->flags = mount->flags;
    memcpy(copy->source, mount->source, sizeof(copy->source));
}

static const struct {
    u32 flag;
    const char *word;
} mount_words[] = {
    {MS_NOSUID, "nosuid"},         {MS_NODEV, "nodev"},
    {MS_NOEXEC, "noexec"},         {MS_NOATIME, "noatime"},
    {MS_NODIRATIME, "nodiratime"},
};

static void mount_describe(struct text_buffer *text, struct mount_copy *copy,
                           char *name)
{
    string_copy(name, "/", PATH_LENGTH_MAX);
    if (copy->covered.inode) {
        path_describe(&copy->covered, name, PATH_LENGTH_MAX);
        path_put(&copy->covered);
    }
    text_append(text, "%s %s %s %s", copy->source, name, copy->type,
                copy->flags & MS_RDONLY ? "ro" : "rw");
    for (u32 i = 0; i < array_count(mount_words); i++)
        if (copy->flags & mount_words[i].flag)
            text_append(text, ",%s", mount_words[i].word);
    text_append(text, copy->flags & MS_NOATIME ? " 0 0\n" : ",relatime 0 0\n");
}

void proc_mounts_tell(struct text_buffer *text)
{
    struct mount_list *list = heap_alloc(sizeof(*list));
    char *name = heap_alloc(PATH_LENGTH_MAX);

    if (!list || !name) {
        heap_free(list);
        heap_free(name);
        text->failed = true;
        return;
    }
    list->count = 0;
    mount_for_each(mount_copy, list);
    for (u32 i = 0; i < list->count; i++)
        mount_describe(text, &list->copies[i], name);
    heap_free(name);
    heap_free(list);
}

/* ---- for the tests and the benchmark ------------------------------------- */

static void books_tell(struct text_buffer *text)
{
    threads_wait_buried();
    for (u32 i = 0; i < BOOK_COUNT; i++)
        text_append(text, "%s %u\n", books[i].name, books[i].read());
}

static void counters_tell(struct text_buffer *text)
{
    text_append(text, "page_table_loads %llu\n", CPU_SUM(page_table_loads));
    text_append(text, "tlb_flushes %llu\n", CPU_SUM(tlb_flushes));
    text_append(text, "switches %llu\n", CPU_SUM(switches));
    text_append(text, "interrupts %llu\n", CPU_SUM(interrupts));
    text_append(text, "interrupts_sent %llu\n", CPU_SUM(interrupts_sent));
    for (u32 i = 0; i < cpu_count; i++)
        text_append(text, "cpu%u_idle %llu\nbusy%u_ticks %llu\n", i,
                    busy_idle_time(&run_queues[i]), i + 1,
                    busy_ticks_of(i + 1));
}

const struct proc_entry proc_system_entries[] = {
    {.name = "self", .mode = S_IFLNK | 0777, .read_link = self_read_link},
    {.name = "books", .tell = books_tell},
    {.name = "cmdline", .tell = cmdline_tell},
    {.name = "counters", .tell = counters_tell},
    {.name = "cpuinfo", .tell = cpuinfo_tell},
    {.name = "filesystems", .tell = filesystems_tell},
    {.name = "loadavg", .tell = loadavg_tell},
    {.name = "meminfo", .tell = meminfo_tell},
    {.name = "mounts", .tell = proc_mounts_tell},
    {.name = "scheduler",
     .mode = S_IFREG | 0644,
     .tell = scheduler_tell,
     .write = scheduler_write},
    {.name = "stat", .tell = stat_tell},
    {.name = "uptime", .tell = uptime_tell},
    {.name = "version", .tell = version_tell},
    {.name = "waits", .tell = waits_tell},
    /* Last: other builds end here. */
    {.name = CHECKED ? "lock_stat" : NULL,
     .tell = CHECKED ? lock_stat_tell : NULL},
    {.name = NULL},
};
