/*
 * Catching faults on purpose: FAULT(access) says which signal an access to
 * memory raised, with its code and whether si_addr is the place.
 */
#pragma once

#include "say.h"

#include <setjmp.h>

static sigjmp_buf fault_escape;
static siginfo_t fault_info;
static pid_t fault_owner;

static void fault_caught(int number, siginfo_t *info, void *context)
{
    (void)context, (void)number;
    /* A child that jumped would go through its parent's code once more. */
    if (getpid() != fault_owner)
        _exit(97);
    fault_info = *info;
    siglongjmp(fault_escape, 1);
}

static inline void faults_catch(int extra_flags)
{
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
    struct sigaction action = {.sa_sigaction = fault_caught,
                               .sa_flags = SA_SIGINFO | extra_flags};

    fault_owner = getpid();
    for (size_t i = 0; i < COUNT(numbers); i++)
        MUST(sigaction(numbers[i], &action, NULL));
}

/* Does the step; says `place` faulted there, or that nothing happened. */
#define FAULT(place, step)                                                     \
    do {                                                                       \
        if (sigsetjmp(fault_escape, 1) == 0) {                                 \
            step;                                                              \
            say("%s: nothing happens", #step);                                 \
        } else {                                                               \
            say("%s: %s, code %d, address is %s", #step,                       \
                signal_name(fault_info.si_signo), fault_info.si_code,          \
                fault_info.si_addr == (void *)(place) ? "right" : "wrong");    \
        }                                                                      \
    } while (0)
