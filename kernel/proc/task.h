/*
 * The floor's own: how tasks come into the table of processes and leave it,
 * for fork and exit.
 */
#pragma once

#include "proc/process.h"

/* A task whose thread will run function(argument), not started: memory given
 * by the caller, from the heap. 0, -ENOMEM, -EAGAIN. */
int task_prepare(struct task *task, struct process *process,
                 void (*function)(void *argument), void *argument);
/* Undoes task_prepare and frees the task. */
void task_abandon(struct task *task);

/* A task of `process` with the registers of the current one, ready to be
 * started; 0 or -errno. */
int task_copy(struct process *process, const struct trap_frame *frame,
              const struct fork_request *request, struct task **copied);
/* Starts one that is in the table. */
void task_launch(struct task *task, const struct fork_request *request);

/* The task is about to leave its address space, by its end or by exec: tells
 * the thread library of who shares that, and who waits for its locks. */
void task_leave_space(struct task *task);

/* Lock held: into the table, and out of it, when it has nothing left to do
 * but thread_exit. */
void task_enlist(struct task *task, u32 tid);
void task_delist(struct task *task);
/* Who has called execve takes the number of its process. */
void task_renumber(struct task *task, u32 tid);
void task_usage(const struct task *task, struct process_usage *usage);

/* threads.c. exec: the caller becomes the only task. 0, or -EAGAIN when it is
 * to end. */
int process_end_other_tasks(void);
/* Lock held. All but the current one are to end. */
void threads_end_others(struct process *process);
/* One has ended: for what it was to see to, and who waits for that. */
void threads_go_on(struct process *process);

/* Space, files, directories and program: given back, those that there are. The
 * actions stay, which a zombie's end still asks. */
void process_drop_parts(struct process *process);

/* The table takes a reference of its own. `parent` NULL: the first. */
void process_enlist(struct process *process, struct process *parent, u32 pid);
