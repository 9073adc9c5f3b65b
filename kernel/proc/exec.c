/*
 * execve: another program in the same process.
 *
 * Everything that can fail happens first, on things of our own: the file and
 * its interpreters, the strings, a complete new address space; then the other
 * threads end, and what clone left shared with other processes is copied.
 * What follows, execution_commit, cannot fail, and after it the old program
 * is gone.
 */
#include "proc/exec_internal.h"

#include "core/boot_info.h"
#include "core/panic.h"
#include "core/printk.h"
#include "fs/vfs.h"
#include "lib/string.h"
#include "mem/heap.h"
#include "proc/futex.h"
#include "proc/task.h"
#include "x86/switch.h"
#include "x86/user_copy.h"
#include <asm/errno.h>
#include <linux/fcntl.h>
#include <linux/resource.h>
#include <linux/stat.h>

#define INIT_PATH_SIZE     256
#define IMAGE_LIMIT        0xb0000000u /* no segment reaches the stack */
#define ARGUMENT_BYTES_MIN (128 * KIB)
#define ARGUMENT_BYTES_MAX (6 * MIB)

/* ---- everything that can fail ------------------------------------------- */

/* Whose numbers the program will run under. */
static void identity_choose(struct execution *execution)
{
    const struct inode *inode = execution->file->path.inode;
    const struct credentials *who = credentials_current();
    execution->uid = who->uid.effective;
    execution->gid = who->gid.effective;
    if (execution->file->path.mount->flags & MS_NOSUID)
        return;
    if (inode->mode & S_ISUID)
        execution->uid = inode->uid;
    if ((inode->mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
        execution->gid = inode->gid;
}

/* Opens the file and reads its beginning. */
static int file_open(struct execution *execution, const char *path)
{
    struct fs_context *context = current_process()->context;
    int result = vfs_open(context, NULL, path,
                          O_RDONLY | O_NONBLOCK | O_NOCTTY | FILE_RUNS, 0,
                          &execution->file);
    if (result < 0) {
        execution->file = NULL;
        return result;
    }
    if (execution->file->operations->map == NULL)
        return -EACCES;
    identity_choose(execution);
    ssize size = file_read_kernel(execution->file, execution->header,
                                  EXEC_HEADER_SIZE, 0);
    execution->header_size = size > 0 ? (u32)size : 0;
    return size < 0 ? (int)size : 0;
}

static bool is_script(const struct execution *execution)
{
    return execution->header_size >= 2 && execution->header[0] == '#' &&
           execution->header[1] == '!';
}

/* Finds the program: the file itself, or what its #! line leads to. */
static int program_find(struct execution *execution, const char *path)
{
    int result = file_open(execution, path);
    while (result == 0 && is_script(execution)) {
        result = script_read(execution, path);
        if (result < 0)
            break;
        file_put(execution->file);
        path = execution->leading[0];
        result = file_open(execution, path);
    }
    if (result < 0)
        return result;
    return elf_read(execution->header, execution->header_size,
                    inode_size(execution->file->path.inode), IMAGE_LIMIT,
                    &execution->program);
}

/* How much of the new stack strings may take: a quarter of it. */
static u32 argument_limit(void)
{
    u64 limit = current_process()->limits[RLIMIT_STACK].rlim_cur / 4;
    limit = max(limit, (u64)ARGUMENT_BYTES_MIN);
    return (u32)min(limit, (u64)ARGUMENT_BYTES_MAX);
}

/* What clone left shared becomes the new program's own. */
static int shares_end(struct execution *execution)
{
    struct process *process = current_process();
    if (process->files->references > 1) {
        execution->files = fd_table_copy(process->files);
        if (execution->files == NULL)
            return -ENOMEM;
    }
    if (process->actions->references > 1) {
        execution->actions = signal_actions_copy(process->actions);
        if (execution->actions == NULL)
            return -ENOMEM;
    }
    return 0;
}

static int execution_prepare(struct execution *execution)
{
    int result = program_find(execution, execution->name);
    if (result == 0)
        result =
            argument_block_fill(&execution->block, execution, argument_limit());
    if (result == 0)
        result = image_build(execution);
    if (result == 0)
        result = process_end_other_tasks();
    if (result == 0)
        result = shares_end(execution);
    return result;
}

/* ---- what cannot fail --------------------------------------------------- */

#define swap(left, right)                                                      \
    do {                                                                       \
        __typeof__(left) swapped = (left);                                     \
        (left) = (right);                                                      \
        (right) = swapped;                                                     \
    } while (0)

/* Exchanges the process's things with the execution's, which gives the old
 * ones back at its end. */
static void process_exchange(struct process *process,
                             struct execution *execution, struct path *program)
{
    spin_lock(&process_table_lock);
    swap(process->space, execution->space);
    swap(process->executable, *program);
    if (execution->files != NULL)
        swap(process->files, execution->files);
    if (execution->actions != NULL)
        swap(process->actions, execution->actions);
    process->executed = true;
    futex_owner_ends(current_task());
    task_renumber(current_task(), process->pid);
    struct credentials *who = &process->credentials;
    who->uid.effective = who->uid.saved = execution->uid;
    who->gid.effective = who->gid.saved = execution->gid;
    spin_unlock(&process_table_lock);
}

static void process_rename(struct process *process, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    string_copy(process->name, name, sizeof(process->name));
    string_copy(current_thread()->name, name, THREAD_NAME_SIZE);
}

/* Registers and per-thread state as a new program finds them. */
static void task_reset(struct task *task)
{
    cpu_interrupts_disable();
    memset(&task->thread.segments, 0, sizeof(task->thread.segments));
    segments_load_tls(&task->thread.segments);
    segments_load(0, 0);
    fpu_state_initialize(&task->fpu);
    fpu_restore(&task->fpu);
    cpu_interrupts_enable();
}

static void execution_commit(struct execution *execution,
                             struct trap_frame *frame)
{
    struct process *process = current_process();
    struct path program = execution->file->path;
    path_get(&program);
    task_leave_space(current_task());
    process_exchange(process, execution, &program);
    thread_use_page_table(&process->space->page_table);
    path_put(&program);
    process_rename(process, execution->name);
    signal_actions_reset(process);
    fd_table_close_on_exec(process->files);
    task_reset(current_task());
    process_vfork_done(process);
    trap_frame_initialize(frame, execution->program.entry, execution->stack);
}

/* ---- the whole ---------------------------------------------------------- */

/* Gives back whatever the execution still holds. */
static void execution_drop(struct execution *execution)
{
    argument_block_drop(&execution->block);
    if (execution->space != NULL)
        address_space_put(execution->space);
    if (execution->files != NULL)
        fd_table_put(execution->files);
    if (execution->actions != NULL)
        signal_actions_put(execution->actions);
    if (execution->file != NULL)
        file_put(execution->file);
    heap_free(execution);
}

static int execute(struct trap_frame *frame, const char *path,
                   struct string_vector arguments,
                   struct string_vector environment)
{
    struct execution *execution = heap_alloc(sizeof(*execution));
    if (execution == NULL)
        return -ENOMEM;
    memset(execution, 0, offsetof(struct execution, lines));
    execution->name = path;
    execution->arguments = arguments;
    execution->environment = environment;
    list_initialize(&execution->block.frames);
    int result = execution_prepare(execution);
    if (result == 0)
        execution_commit(execution, frame);
    execution_drop(execution);
    return result;
}

int process_execute(struct trap_frame *frame, const char user *path,
                    const u32 user *arguments, const u32 user *environment)
{
    char *text = heap_alloc(PATH_LENGTH_MAX);
    if (text == NULL)
        return -ENOMEM;
    int result = user_string_in(text, path, PATH_LENGTH_MAX);
    if (result >= 0)
        result =
            execute(frame, text, (struct string_vector){.pointers = arguments},
                    (struct string_vector){.pointers = environment});
    heap_free(text);
    return result;
}

/* ---- the first program -------------------------------------------------- */

/* As Linux does, init finds the console as its first three descriptors. */
static void console_open(void)
{
    struct process *process = current_process();
    struct file *file;
    if (vfs_open(process->context, NULL, "/dev/console", O_RDWR | O_NOCTTY, 0,
                 &file) < 0)
        return;
    for (u32 i = 0; i < 3; i++) {
        int fd = fd_reserve(process->files, i, FD_LIMIT_DEFAULT);
        if (fd < 0)
            break;
        file_get(file);
        fd_install(process->files, fd, file, false);
    }
    file_put(file);
}

static void init_enter(void *argument)
{
    const char *path = argument;
    const char *const arguments[] = {path, NULL};
    const char *const environment[] = {"HOME=/", "TERM=linux", NULL};
    struct trap_frame *frame = thread_user_frame(current_thread());
    console_open();
    int result =
        execute(frame, path, (struct string_vector){.strings = arguments},
                (struct string_vector){.strings = environment});
    if (result < 0)
        halt_with_message("the first program, %s, %s", path,
                          result == -ENOENT   ? "is not there"
                          : result == -ENOMEM ? "is too large for the memory"
                                              : "is none that can be run");
    printk("boot: first user instruction after %llu cycles\n",
           cpu_timestamp() - boot_timestamp);
    cpu_interrupts_disable();
    trap_return(frame);
}

void process_start_init(const char *path)
{
    static char kept[INIT_PATH_SIZE]; /* the caller's stack goes away */
    string_copy(kept, path, sizeof(kept));
    thread_retire(); /* whatever init counts, it does not meet us any more */
    if (process_create_first(init_enter, kept) == NULL)
        halt_with_message("there is not enough memory for the first process");
    thread_exit();
}
