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

/* clone with CLONE_THREAD: the new task's tid or -errno. */
int process_add_thread(const struct trap_frame *frame,
                       const struct fork_request *request);

/* Lock held: into the table, and out of it. */
void task_enlist(struct task *task, u32 tid);
void task_delist(struct task *task);
void task_usage(const struct task *task, struct process_usage *usage);
/* The table takes a reference of its own. `parent` NULL: the first. */
void process_enlist(struct process *process, struct process *parent, u32 pid);
