/* Each kind of program error is its signal, with its code and address. */
#include "fault.h"

static volatile int zero, least = -2147483647 - 1, one = -1, result;

static void kind_say(const char *what)
{
    say("%s: %s code %d", what, signal_name(fault_info.si_signo),
        fault_info.si_code);
}

#define ERROR(what, step)                                                      \
    do {                                                                       \
        if (sigsetjmp(fault_escape, 1) == 0) {                                 \
            step;                                                              \
            say("%s: nothing happens", what);                                  \
        } else {                                                               \
            kind_say(what);                                                    \
        }                                                                      \
    } while (0)

static void divides(void)
{
    result = 100 / zero;
}

static void traps(void)
{
    __asm__ volatile("int3");
}

int main(void)
{
    faults_catch(0);
    ERROR("division by zero", result = 100 / zero);
    ERROR("quotient too large", result = least / one);
    ERROR("no instruction", __asm__ volatile("ud2"));
    ERROR("breakpoint", __asm__ volatile("int3"));
    ERROR("halt", __asm__ volatile("hlt"));
    ERROR("interrupts off", __asm__ volatile("cli"));
    ERROR("port", __asm__ volatile("outb %al, $0x80"));
    ERROR("control register", __asm__ volatile("movl %%cr3, %%eax"
                                               :
                                               :
                                               : "eax"));
    ERROR("kernel's interrupt", __asm__ volatile("int $0x20"));
    ERROR("page fault's vector", __asm__ volatile("int $14"));
    ERROR("bound", __asm__ volatile("boundl %0, (%1)"
                                    :
                                    : "r"(5), "r"((int[]){1, 2})));
    ERROR("overflow", __asm__ volatile("movl $0x7fffffff, %%eax\n"
                                       "addl $1, %%eax\n"
                                       "into"
                                       :
                                       :
                                       : "eax", "cc"));
    signal(SIGFPE, SIG_DFL);
    signal(SIGTRAP, SIG_DFL);
    child_run("divider", divides);
    child_run("breakpoint", traps);
    return 0;
}
