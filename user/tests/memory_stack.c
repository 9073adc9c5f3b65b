/* The stack grows by itself, page by page or by leaps, up to its limit. */
#include "fault.h"

#include <sys/resource.h>

static int depth_sum(int depth)
{
    volatile char frame[3000];

    frame[0] = depth;
    frame[2999] = 1;
    return depth == 0 ? 0 : depth_sum(depth - 1) + frame[2999];
}

static int leap(void)
{
    volatile char frame[1000000];

    frame[0] = 1;
    frame[999999] = 2;
    return frame[0] + frame[999999] + frame[500000];
}

static volatile int deep;

static int endless(volatile int *above)
{
    volatile int here[1000];

    here[0] = *above + 1;
    deep = here[0];
    return here[0] < 0 ? 0 : endless(here) + here[0];
}

static void overflow(void)
{
    volatile int start = 0;

    endless(&start);
}

static char other_stack[16384];

static void on_fault(int number)
{
    (void)number;
    say("caught on the other stack, deep enough: %d", deep > 1000);
    _exit(3);
}

static void overflow_caught(void)
{
    stack_t stack = {.ss_sp = other_stack, .ss_size = sizeof other_stack};

    MUST(sigaltstack(&stack, NULL));
    handler_set(SIGSEGV, on_fault, SA_ONSTACK);
    overflow();
}

static void overflow_handled_badly(void)
{
    handler_set(SIGSEGV, on_fault, 0);
    overflow();
}

int main(void)
{
    say("deep: %d", depth_sum(1000));
    say("leap: %d", leap());
    child_run("overflow", overflow);
    child_run("caught overflow", overflow_caught);
    child_run("no stack for the handler", overflow_handled_badly);
    return 0;
}
