/*
 * The floor's own: how a task and a process come into the table and leave it
 * (process.c), for fork and exit.
 */
#pragma once

#include "proc/process.h"

/* A task whose thread will run function(argument), not started: memory given
 * by the caller, from the heap. 0, -ENOMEM, -EAGAIN. */
int task_prepare(struct task *task, struct process *process,
                 void (*function)(void *argument), void *argument);
/* Undoes task_prepare and frees the task. */
void task_abandon(struct task *task);

/* Lock held: into the table, and out of it, when it has nothing left to do
 * but thread_exit. */
void task_enlist(struct task *task, u32 tid);
void task_delist(struct task *task);
/* The table takes a reference of its own. `parent` NULL: the first. */
void process_enlist(struct process *process, struct process *parent, u32 pid);
