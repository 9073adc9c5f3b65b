/* A switch in user space keeps what belongs to a thread: by yield the registers
 * that survive a call and the x87 control word, by preemption everything. */
#include "say.h"

#include "uthread/uthread.h"

/* Calls uthread_yield with a value, and those that follow it, in the registers
 * that a call keeps; 0 when they are there afterwards. */
unsigned kept_by_yield(unsigned value);

/* Spins with values in all registers and on the FPU's stack until the gate is
 * open; 0 when all are there still. */
unsigned kept_by_timer(unsigned value, const volatile int *gate);

__asm__("kept_by_yield:\n"
        "    pushl %ebp\n    pushl %ebx\n    pushl %esi\n    pushl %edi\n"
        "    movl 20(%esp), %ebx\n"
        "    leal 1(%ebx), %esi\n"
        "    leal 2(%ebx), %edi\n"
        "    leal 3(%ebx), %ebp\n"
        "    subl $12, %esp\n"
        "    call uthread_yield\n"
        "    addl $12, %esp\n"
        "    movl 20(%esp), %edx\n"
        "    xorl %edx, %ebx\n"
        "    incl %edx\n    xorl %edx, %esi\n"
        "    incl %edx\n    xorl %edx, %edi\n"
        "    incl %edx\n    xorl %ebp, %edx\n"
        "    movl %ebx, %eax\n"
        "    orl %esi, %eax\n    orl %edi, %eax\n    orl %edx, %eax\n"
        "    popl %edi\n    popl %esi\n    popl %ebx\n    popl %ebp\n"
        "    ret\n"

        "kept_by_timer:\n"
        "    pushl %ebp\n    pushl %ebx\n    pushl %esi\n    pushl %edi\n"
        "    movl 20(%esp), %eax\n"
        "    movl 24(%esp), %edx\n"
        "    leal 1(%eax), %ebx\n"
        "    leal 2(%eax), %ecx\n"
        "    leal 3(%eax), %esi\n"
        "    leal 4(%eax), %edi\n"
        "    leal 5(%eax), %ebp\n"
        "    fldl2e\n    fildl 20(%esp)\n"
        "1:  cmpl $0, (%edx)\n"
        "    je 1b\n"
        "    subl $1, %ebx\n    xorl %eax, %ebx\n"
        "    subl $2, %ecx\n    xorl %eax, %ecx\n    orl %ecx, %ebx\n"
        "    subl $3, %esi\n    xorl %eax, %esi\n    orl %esi, %ebx\n"
        "    subl $4, %edi\n    xorl %eax, %edi\n    orl %edi, %ebx\n"
        "    subl $5, %ebp\n    xorl %eax, %ebp\n    orl %ebp, %ebx\n"
        "    xorl 20(%esp), %eax\n    orl %eax, %ebx\n"
        "    xorl 24(%esp), %edx\n    orl %edx, %ebx\n"
        "    pushl %eax\n    fistpl (%esp)\n    popl %eax\n"
        "    xorl 20(%esp), %eax\n    orl %eax, %ebx\n"
        "    fldl2e\n    fucompp\n    fnstsw %ax\n"
        "    andl $0x4500, %eax\n    xorl $0x4000, %eax\n"
        "    orl %ebx, %eax\n"
        "    popl %edi\n    popl %esi\n    popl %ebx\n    popl %ebp\n"
        "    ret\n");

static unsigned short control_word(void)
{
    unsigned short word;

    __asm__ volatile("fnstcw %0" : "=m"(word));
    return word;
}

static void control_word_set(unsigned short word)
{
    __asm__ volatile("fldcw %0" ::"m"(word));
}

enum { THREADS = 4, ROUNDS = 1000, CONTROL_ROUNDING = 0x0c00 };

static unsigned wrong[THREADS];

static void *yields(void *argument)
{
    unsigned number = (unsigned)(uintptr_t)argument;
    unsigned short word = (unsigned short)(0x037f | number << 10);

    control_word_set(word);
    for (unsigned i = 0; i < ROUNDS; i++) {
        wrong[number] += kept_by_yield(number << 28 | i) != 0;
        wrong[number] += control_word() != word;
    }
    return NULL;
}

static volatile int gates[THREADS];

/* Each opens its successor's gate: nobody but the timer lets it run. */
static void *spins(void *argument)
{
    unsigned number = (unsigned)(uintptr_t)argument;
    unsigned short word = (unsigned short)(0x037f | number << 10);

    control_word_set(word);
    if (number > 0)
        wrong[number] += kept_by_timer(number << 24 | 5, &gates[number]) != 0;
    gates[(number + THREADS - 1) % THREADS] = 1;
    if (number == 0)
        wrong[number] += kept_by_timer(5, &gates[0]) != 0;
    wrong[number] += control_word() != word;
    return NULL;
}

static void all(const char *what, void *(*function)(void *))
{
    struct uthread *threads[THREADS];
    unsigned sum = 0;

    for (uintptr_t i = 0; i < THREADS; i++)
        if (uthread_create(&threads[i], function, (void *)i) != 0)
            say("no thread");
    for (int i = 0; i < THREADS; i++)
        uthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++)
        sum += wrong[i];
    say("%s: %u wrong", what, sum);
}

int main(void)
{
    unsigned short word = control_word();

    say("start: %d", uthread_start(1));
    all("yield", yields);
    say("preempt: %d", uthread_preempt(10000));
    all("timer", spins);
    say("the first thread's control word: %d", control_word() == word);
    return 0;
}
