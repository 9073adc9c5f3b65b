/*
 * What the CPU reports upwards: each function is declared here and defined
 * by exactly one upper floor (named behind it). All run on the kernel stack
 * of the interrupted thread.
 */
#pragma once

#include "x86/trap.h"

/* syscall/: int 0x80 from user code, interrupts on. Stores the result. */
by_registers void on_syscall(struct trap_frame *frame);

/* vm/: a page fault at an address below USER_END, from user code or from a
 * user-copy routine, interrupts as they were. Returns 0 when the access may
 * be tried again, else -EFAULT (no area), -EACCES (area forbids it), -ENOMEM,
 * or -EIO (past the end of the file: SIGBUS). */
int on_page_fault(u32 address, u32 error);

/* proc/: user code did what it must not; turns it into a signal. For page
 * faults `result` is on_page_fault's, else 0; `address` is the bad one. */
void on_user_fault(struct trap_frame *frame, u32 address, int result);

/* proc/: the way back to user code, interrupts off, when thread_work is set
 * (a signal may be pending). May enable interrupts, sleep, and change the
 * frame or never return. Comes back with interrupts off. */
by_registers void on_return_to_user(struct trap_frame *frame);

/* sched/: the timer interrupt of this CPU; interrupts off. from_user says
 * whether user code was interrupted (accounting). */
void on_timer_tick(bool from_user);
