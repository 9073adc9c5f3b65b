/*
 * Condition variables (Mesa semantics: check again after waking) for code
 * that holds a mutex, and counting semaphores.
 */
#pragma once

#include "sched/mutex.h"

struct condition {
    struct spinlock lock;
    struct wait_queue waiters;
};

void condition_initialize(struct condition *condition);
/* Unlocks the mutex, waits, locks it again. Results as wait_queue_wait. */
int condition_wait(struct condition *condition, struct mutex *mutex,
                   u64 deadline, enum wait_kind kind);
void condition_signal(struct condition *condition);
void condition_broadcast(struct condition *condition);

struct semaphore {
    struct spinlock lock;
    u32 count;
    struct wait_queue waiters;
};

void semaphore_initialize(struct semaphore *semaphore, u32 count);
/* Units go to those who wait in the order in which they came. */
void semaphore_down(struct semaphore *semaphore);
bool semaphore_try_down(struct semaphore *semaphore);
void semaphore_up(struct semaphore *semaphore); /* any context */
