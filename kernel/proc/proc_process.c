/*
 * The files of /proc/PID and of /proc/PID/task/TID: state and figures as ps and
 * top read them, the strings it was started with, links to its program and
 * directories. What only its owner may see is refused at the read.
 */
#include "proc/proc_facts.h"
#include "proc/proc_memory.h"
#include "proc/procfs.h"
#include "x86/clock.h"
#include <asm/errno.h>
#include <linux/stat.h>

#define PRIVATE   (S_IFREG | 0400)
#define LINK_MODE (S_IFLNK | 0777)

/* ---- stat, statm, status, comm ------------------------------------------- */

static void stat_times(struct text_buffer *text,
                       const struct process_facts *facts)
{
    const struct process_usage *own = &facts->usage;
    const struct process_usage *children = &facts->children_usage;

    text_append(text, " %u %u 0 0", own->minor_faults, children->minor_faults);
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
static void stat_tell(struct text_buffer *text,
                      const struct process_facts *facts)
{
    text_append(text, "%u (%s) %c %u %u %u %u %d 0", facts->tid, facts->name,
                facts->state, facts->parent, facts->group, facts->session,
                facts->terminal,
                facts->foreground != 0 ? (int)facts->foreground : -1);
    stat_times(text, facts);
    text_append(text, " %d %d %u 0 %u %u %u %u", stat_priority(facts->priority),
                facts->schedule.nice, facts->threads,
                clock_hundredths(facts->start_time),
                facts->mapped_pages * PAGE_SIZE, facts->resident_pages,
                0xffffffffu);
    text_append(text, " 0 0 0 0 0 %u %u %u %u 0 0 0 %u %u %u %u 0 0 0",
                (u32)facts->pending & 0x7fffffff,
                (u32)facts->blocked & 0x7fffffff,
                (u32)facts->ignored & 0x7fffffff,
                (u32)facts->caught & 0x7fffffff, facts->exit_signal, facts->cpu,
                facts->schedule.real_time, facts->schedule.policy);
    text_append(text, " 0 0 0 0 0 0 0 0\n");
}

static void statm_tell(struct text_buffer *text,
                       const struct process_facts *facts)
{
    text_append(text, "%u %u 0 0 0 %u 0\n", facts->mapped_pages,
                facts->resident_pages, facts->mapped_pages);
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

static void status_tell(struct text_buffer *text,
                        const struct process_facts *facts)
{
    status_identity(text, facts);
    if (facts->mapped_pages != 0)
        text_append(text, "VmSize:\t%8u kB\nVmHWM:\t%8u kB\nVmRSS:\t%8u kB\n",
                    facts->mapped_pages * 4, facts->usage.peak_resident * 4,
                    facts->resident_pages * 4);
    text_append(text, "Threads:\t%u\n", facts->threads);
    status_signals(text, facts);
    text_append(text,
                "voluntary_ctxt_switches:\t%u\n"
                "nonvoluntary_ctxt_switches:\t%u\n",
                facts->usage.switches_wanted, facts->usage.switches_suffered);
}

static void comm_tell(struct text_buffer *text,
                      const struct process_facts *facts)
{
    text_append(text, "%s\n", facts->name);
}

static void fail_nth_tell(struct text_buffer *text,
                          const struct process_facts *facts)
{
    text_append(text, "%u\n", facts->fail_after);
}

/* ---- files --------------------------------------------------------------- */

int proc_process_get(u32 pid, bool private, struct process **process)
{
    *process = process_find_get(pid);
    if (!*process)
        return -ESRCH;
    if (!private || process_may_control(*process))
        return 0;
    process_put(*process);
    return -EACCES;
}

/* Kernel threads have no memory, nor have zombies: nothing is told. */
static void memory_tell(struct text_buffer *text, struct process *process,
                        const struct proc_entry *entry)
{
    spin_lock(&process_table_lock);
    struct address_space *space = process ? process->space : NULL;
    if (space)
        address_space_get(space);
    spin_unlock(&process_table_lock);
    if (!space)
        return;
    entry->tell_memory(text, space);
    address_space_put(space);
}

int proc_generate(struct text_buffer *text, struct inode *inode)
{
    const struct proc_inode *node = proc_inode_of(inode);
    const struct proc_entry *entry = node->entry;
    struct process *process = NULL;
    struct process_facts facts;
    int result = 0;

    if (node->pid != 0 && node->pid < NUMBER_MAX)
        result = proc_process_get(
            node->pid, entry->mode != 0 && !(entry->mode & S_IROTH), &process);
    if (result < 0)
        return result;
    if (entry->tell)
        entry->tell(text);
    else if (entry->tell_memory)
        memory_tell(text, process, entry);
    else if (process_facts_read(node->pid, node->tid, &facts))
        entry->tell_facts(text, &facts);
    else
        result = -ESRCH;
    if (process)
        process_put(process);
    return result;
}

/* ---- links --------------------------------------------------------------- */

static int executable_follow(struct process *process, struct path *target)
{
    spin_lock(&process_table_lock);
    *target = process->executable;
    if (target->inode)
        path_get(target);
    spin_unlock(&process_table_lock);
    return target->inode ? 0 : -ENOENT;
}

static int place_follow(struct process *process, struct path *target,
                        struct path (*place)(struct fs_context *context))
{
    spin_lock(&process_table_lock);
    struct fs_context *context = process->context;
    if (context)
        fs_context_get(context);
    spin_unlock(&process_table_lock);
    if (!context)
        return -ENOENT;
    *target = place(context);
    fs_context_put(context);
    return 0;
}

static int current_follow(struct process *process, struct path *target)
{
    return place_follow(process, target, fs_context_current);
}

static int root_follow(struct process *process, struct path *target)
{
    return place_follow(process, target, fs_context_root);
}

const struct proc_entry proc_process_entries[] = {
    {.name = "stat", .tell_facts = stat_tell},
    {.name = "statm", .tell_facts = statm_tell},
    {.name = "status", .tell_facts = status_tell},
    {.name = "comm", .tell_facts = comm_tell},
    {.name = "cmdline", .tell_memory = proc_cmdline_tell},
    {.name = "environ", .mode = PRIVATE, .tell_memory = proc_environ_tell},
    {.name = "maps", .tell_memory = proc_maps_tell},
    {.name = "mounts", .tell = proc_mounts_tell},
    {.name = "frames", .mode = PRIVATE, .tell_memory = proc_frames_tell},
    {.name = "fail-nth",
     .mode = S_IFREG | 0600,
     .tell_facts = fail_nth_tell,
     .write = proc_fail_nth_write},
    {.name = "exe", .mode = LINK_MODE, .follow = executable_follow},
    {.name = "cwd", .mode = LINK_MODE, .follow = current_follow},
    {.name = "root", .mode = LINK_MODE, .follow = root_follow},
    {.name = "fd", .mode = S_IFDIR | 0500, .numbers = &proc_fds},
    {.name = "task", .mode = S_IFDIR | 0555, .numbers = &proc_tasks},
    {.name = NULL},
};

const struct proc_entry proc_task_entries[] = {
    {.name = "stat", .tell_facts = stat_tell},
    {.name = "statm", .tell_facts = statm_tell},
    {.name = "status", .tell_facts = status_tell},
    {.name = "comm", .tell_facts = comm_tell},
    {.name = "cmdline", .tell_memory = proc_cmdline_tell},
    {.name = NULL},
};
