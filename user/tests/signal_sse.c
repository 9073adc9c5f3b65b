/* SSE registers, MXCSR and the FPU control word belong to their process. */
/* without: pentium2 */
#include "say.h"

static unsigned mxcsr_get(void)
{
    unsigned value;

    __asm__ volatile("stmxcsr %0" : "=m"(value));
    return value;
}

static unsigned short control_get(void)
{
    unsigned short value;

    __asm__ volatile("fnstcw %0" : "=m"(value));
    return value;
}

static void on_signal(int number)
{
    unsigned other = 0x3f80, zero[4] = {0};
    unsigned short control = 0x7f;

    (void)number;
    say("handler starts with mxcsr %x control %x", mxcsr_get(), control_get());
    __asm__ volatile("ldmxcsr %0" : : "m"(other));
    __asm__ volatile("fldcw %0" : : "m"(control));
    __asm__ volatile("movups %0, %%xmm0\nmovups %0, %%xmm7" : : "m"(zero));
}

static void child(void)
{
    say("child has mxcsr %x control %x", mxcsr_get(), control_get());
}

static void fresh(void)
{
    execl(self_path(), "x", "fresh", NULL);
}

int main(int count, char **arguments)
{
    unsigned marks[4] = {1, 2, 3, 4}, low[4], high[4], rounding = 0x5f80;
    unsigned short control = 0xc7f;

    (void)arguments;
    if (count > 1) {
        child();
        return 0;
    }
    say("at first mxcsr %x control %x", mxcsr_get(), control_get());
    handler_set(SIGUSR1, on_signal, 0);
    __asm__ volatile("ldmxcsr %0" : : "m"(rounding));
    __asm__ volatile("fldcw %0" : : "m"(control));
    __asm__ volatile("movups %2, %%xmm0\n"
                     "movups %2, %%xmm7\n"
                     "int $0x80\n"
                     "movups %%xmm0, %0\n"
                     "movups %%xmm7, %1"
                     : "=m"(low), "=m"(high)
                     : "m"(marks), "a"(37), "b"(getpid()), "c"(SIGUSR1)
                     : "memory", "edx");
    say("xmm0 %u %u %u %u, xmm7 %u %u %u %u", low[0], low[1], low[2], low[3],
        high[0], high[1], high[2], high[3]);
    say("mxcsr %x control %x", mxcsr_get(), control_get());
    child_run("child", child);
    child_run("exec", fresh);
    return 0;
}
