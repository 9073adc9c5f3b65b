/* A handler can read and change the registers that its program resumes with.*/
#include "fault.h"

#include <ucontext.h>

static volatile unsigned seen_eax, seen_number;

/* The faulting instruction is two bytes long: go on behind it. */
static void on_fault(int number, siginfo_t *info, void *context)
{
    ucontext_t *user = context;
    greg_t *registers = user->uc_mcontext.gregs;

    (void)info;
    seen_number = number;
    seen_eax = registers[REG_EAX];
    registers[REG_EAX] = 0x5678;
    registers[REG_EIP] += 2;
}

int main(void)
{
    struct sigaction action = {.sa_sigaction = on_fault,
                               .sa_flags = SA_SIGINFO};
    unsigned eax = 0x1234, ebx = 1, ecx = 2, edx = 3, esi = 4, edi = 5;

    MUST(sigaction(SIGSEGV, &action, NULL));
    MUST(sigaction(SIGILL, &action, NULL));
    __asm__ volatile("ud2"
                     : "+a"(eax), "+b"(ebx), "+c"(ecx), "+d"(edx), "+S"(esi),
                       "+D"(edi)
                     :
                     : "memory");
    say("%s: eax was %x, is %x, the others %u %u %u %u %u",
        signal_name(seen_number), seen_eax, eax, ebx, ecx, edx, esi, edi);
    eax = 16;
    __asm__ volatile("movl (%%eax), %%ecx" : "+a"(eax), "+c"(ecx) : : "memory");
    say("%s: eax was %x, is %x, ecx %u", signal_name(seen_number), seen_eax,
        eax, ecx);
    return 0;
}
