/*
 * The files of /proc/PID and of /proc/PID/task/TID: state and figures as ps and
 * top read them, the strings it was started with, links to its program and
 * directories. What only its owner may see is refused at the read.
 */
#include "lib/divide.h"
#include "lib/format.h"
#include "lib/string.h"
#include "proc/proc_facts.h"
#include "proc/proc_memory.h"
#include "proc/procfs.h"
#include "x86/clock.h"
#include <asm/errno.h>
#include <linux/stat.h>

#define PRIVATE   (S_IFREG | 0400)
#define LINK_MODE (S_IFLNK | 0777)

static int facts_of(struct inode *inode, struct process_facts *facts)
{
    const struct proc_inode *node = proc_inode_of(inode);
    return process_facts_read(node->pid, node->tid, facts) ? 0 : -ESRCH;
}

/* ---- stat, statm, status, comm ------------------------------------------- */

static void stat_times(struct text_buffer *text,
                       const struct process_facts *facts)
{
    const struct process_usage *own = &facts->usage;
    const struct process_usage *children = &facts->children_usage;

    text_append(text, " %u %u %u %u", own->minor_faults, children->minor_faults,
                own->major_faults, children->major_faults);
    text_append(text, " %u %u %u %u", user_ticks(own->user_ticks),
                user_ticks(own->kernel_ticks), user_ticks(children->user_ticks),
                user_ticks(children->kernel_ticks));
}

/* With what is lent: 20 + nice, or -1 - the real-time priority. */
static int stat_priority(u32 priority)
{
    u32 zero = PRIORITY_NICE_MAX - (priority > PRIORITY_NICE_MAX);
    return (int)(zero - priority);
}

/* 52 numbers; proc(5) says what they are. 0 where Spindle has no such thing. */
static int stat_generate(struct text_buffer *text, struct inode *inode)
{
    struct process_facts facts;
    int result = facts_of(inode, &facts);

    if (result < 0)
        return result;
    text_append(text, "%u (%s) %c %u %u %u %u %d 0", facts.tid, facts.name,
                facts.state, facts.parent, facts.group, facts.session,
                facts.terminal,
                facts.foreground != 0 ? (int)facts.foreground : -1);
    stat_times(text, &facts);
    text_append(
        text, " %d %d %u 0 %u %u %u %u", stat_priority(facts.priority),
        facts.schedule.nice, facts.threads, clock_hundredths(facts.start_time),
        facts.mapped_pages * PAGE_SIZE, facts.resident_pages, 0xffffffffu);
    text_append(text, " 0 0 0 0 0 %u %u %u %u 0 0 0 %u %u %u %u 0 0 0",
                (u32)facts.pending & 0x7fffffff,
                (u32)facts.blocked & 0x7fffffff,
                (u32)facts.ignored & 0x7fffffff, (u32)facts.caught & 0x7fffffff,
                facts.exit_signal, facts.cpu, facts.schedule.real_time,
                facts.schedule.policy);
    text_append(text, " 0 0 0 0 0 0 0 0\n");
    return 0;
}

static int statm_generate(struct text_buffer *text, struct inode *inode)
{
    struct process_facts facts;
    int result = facts_of(inode, &facts);

    if (result == 0)
        text_append(text, "%u %u 0 0 0 %u 0\n", facts.mapped_pages,
                    facts.resident_pages, facts.mapped_pages);
    return result;
}

static const char *state_word(char state)
{
    return state == 'R'   ? "R (running)"
           : state == 'T' ? "T (stopped)"
           : state == 'Z' ? "Z (zombie)"
                          : "S (sleeping)";
}

static void status_numbers(struct text_buffer *text, const char *name,
                           const struct identity *who)
{
    text_append(text, "%s:\t%u\t%u\t%u\t%u\n", name, who->real, who->effective,
                who->saved, who->effective);
}

static void status_identity(struct text_buffer *text,
                            const struct process_facts *facts)
{
    const struct credentials *who = &facts->credentials;

    text_append(text, "Name:\t%s\nState:\t%s\n", facts->name,
                state_word(facts->state));
    text_append(text, "Tgid:\t%u\nPid:\t%u\nPPid:\t%u\nTracerPid:\t0\n",
                facts->pid, facts->tid, facts->parent);
    status_numbers(text, "Uid", &who->uid);
    status_numbers(text, "Gid", &who->gid);
    text_append(text, "Groups:\t");
    for (u32 i = 0; i < who->group_count; i++)
        text_append(text, "%u ", who->groups[i]);
    text_append(text, "\n");
}

static void status_signals(struct text_buffer *text,
                           const struct process_facts *facts)
{
    const struct {
        const char *name;
        signal_set set;
    } sets[] = {
        {"SigPnd", facts->pending}, {"ShdPnd", facts->shared_pending},
        {"SigBlk", facts->blocked}, {"SigIgn", facts->ignored},
        {"SigCgt", facts->caught},
    };

    for (u32 i = 0; i < array_count(sets); i++)
        text_append(text, "%s:\t%016llx\n", sets[i].name, sets[i].set);
}

static int status_generate(struct text_buffer *text, struct inode *inode)
{
    struct process_facts facts;
    int result = facts_of(inode, &facts);

    if (result < 0)
        return result;
    status_identity(text, &facts);
    if (facts.mapped_pages != 0)
        text_append(text, "VmSize:\t%8u kB\nVmHWM:\t%8u kB\nVmRSS:\t%8u kB\n",
                    facts.mapped_pages * 4, facts.usage.peak_resident * 4,
                    facts.resident_pages * 4);
    text_append(text, "Threads:\t%u\n", facts.threads);
    status_signals(text, &facts);
    text_append(text,
                "voluntary_ctxt_switches:\t%u\n"
                "nonvoluntary_ctxt_switches:\t%u\n",
                facts.usage.switches_wanted, facts.usage.switches_suffered);
    return 0;
}

static int comm_generate(struct text_buffer *text, struct inode *inode)
{
    struct process_facts facts;
    int result = facts_of(inode, &facts);

    if (result == 0)
        text_append(text, "%s\n", facts.name);
    return result;
}

/* ---- links --------------------------------------------------------------- */

/* A process that the caller may look into, with a reference. */
static int process_open(u32 pid, struct process **process)
{
    *process = process_find_get(pid);
    if (!*process)
        return -ENOENT;
    if (process_may_control(*process))
        return 0;
    process_put(*process);
    return -EACCES;
}

static int executable_follow(u32 pid, struct path *target)
{
    struct process *process;
    int result = process_open(pid, &process);

    if (result < 0)
        return result;
    result = process_executable_get(process, target) ? 0 : -ENOENT;
    process_put(process);
    return result;
}

static int place_follow(u32 pid, struct path *target,
                        struct path (*place)(struct fs_context *context))
{
    struct process *process;
    int result = process_open(pid, &process);

    if (result < 0)
        return result;
    struct fs_context *context = process_context_get(process);
    process_put(process);
    if (!context)
        return -ENOENT;
    *target = place(context);
    fs_context_put(context);
    return 0;
}

static int current_follow(u32 pid, struct path *target)
{
    return place_follow(pid, target, fs_context_current);
}

static int root_follow(u32 pid, struct path *target)
{
    return place_follow(pid, target, fs_context_root);
}

const struct proc_entry proc_process_entries[] = {
    {.name = "stat", .generate = stat_generate},
    {.name = "statm", .generate = statm_generate},
    {.name = "status", .generate = status_generate},
    {.name = "comm", .generate = comm_generate},
    {.name = "cmdline", .generate = proc_cmdline_generate},
    {.name = "environ", .mode = PRIVATE, .generate = proc_environ_generate},
    {.name = "maps", .generate = proc_maps_generate},
    {.name = "frames", .mode = PRIVATE, .generate = proc_frames_generate},
    {.name = "fail-nth",
     .mode = S_IFREG | 0600,
     .generate = proc_fail_nth_generate,
     .write = proc_fail_nth_write},
    {.name = "exe", .mode = LINK_MODE, .follow = executable_follow},
    {.name = "cwd", .mode = LINK_MODE, .follow = current_follow},
    {.name = "root", .mode = LINK_MODE, .follow = root_follow},
    {.name = "fd", .mode = S_IFDIR | 0500, .numbers = &proc_fds},
    {.name = "task", .mode = S_IFDIR | 0555, .numbers = &proc_tasks},
    {.name = NULL},
};

const struct proc_entry proc_task_entries[] = {
    {.name = "stat", .generate = stat_generate},
    {.name = "statm", .generate = statm_generate},
    {.name = "status", .generate = status_generate},
    {.name = "comm", .generate = comm_generate},
    {.name = "cmdline", .generate = proc_cmdline_generate},
    {.name = NULL},
};
