/* Odd processor flags (AC, DF, NT, TF) stay the program's own affair. */
#include "fault.h"

#include <sys/syscall.h>

static volatile int traps, handler_flags;

static unsigned flags_get(void)
{
    unsigned flags;

    __asm__ volatile("pushfl\npopl %0" : "=r"(flags));
    return flags;
}

/* A system call with these bits set; returns the bits after it. */
static unsigned flags_call(unsigned bits)
{
    unsigned flags, number = SYS_getppid;

    __asm__ volatile("pushfl\n"
                     "orl %2, (%%esp)\n"
                     "popfl\n"
                     "int $0x80\n"
                     "pushfl\n"
                     "popl %0\n"
                     "pushl %0\n"
                     "andl %3, (%%esp)\n"
                     "popfl\n"
                     : "=&r"(flags), "+a"(number)
                     : "r"(bits), "r"(~bits)
                     : "memory", "cc");
    return flags & bits;
}

static void on_signal(int number)
{
    (void)number;
    handler_flags = flags_get() & 0x400;
}

static void on_trap(int number)
{
    (void)number;
    traps++;
}

int main(void)
{
    handler_set(SIGUSR1, on_signal, 0);
    handler_set(SIGTRAP, on_trap, 0);
    say("AC after a call: %d", flags_call(1 << 18) != 0);
    say("DF after a call: %d", flags_call(1 << 10) != 0);
    say("NT after a call: %d", flags_call(1 << 14) != 0);
    __asm__ volatile("std\n"
                     "int $0x80\n"
                     "cld"
                     :
                     : "a"(SYS_kill), "b"(getpid()), "c"(SIGUSR1)
                     : "memory", "cc");
    say("DF in a handler: %d", handler_flags != 0);
    __asm__ volatile("pushfl\n"
                     "orl $0x100, (%%esp)\n"
                     "popfl\n"
                     "nop\nnop\nnop\n"
                     "pushfl\n"
                     "andl $~0x100, (%%esp)\n"
                     "popfl\n"
                     :
                     :
                     : "memory", "cc");
    say("single steps: %d", traps >= 5 && traps <= 8);
    traps = 0;
    __asm__ volatile("pushfl\n"
                     "orl $0x100, (%%esp)\n"
                     "popfl\n"
                     "int $0x80\n"
                     "nop\n"
                     "pushfl\n"
                     "andl $~0x100, (%%esp)\n"
                     "popfl\n"
                     :
                     : "a"(SYS_getppid)
                     : "memory", "cc");
    say("single steps across a call: %d", traps >= 3);
    __asm__ volatile("pushl $0x3202\npopfl" : : : "cc");
    say("no right to IOPL: %d", (flags_get() >> 12 & 3) == 0);
    __asm__ volatile("pushl $0\npopfl" : : : "cc");
    say("interrupts stay on: %d", (flags_get() >> 9 & 1) == 1);
    return 0;
}
