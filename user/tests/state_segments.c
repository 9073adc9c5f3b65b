/* Wild selectors are the program's own fault, wherever it loads them. */
#include "fault.h"

#include <sys/syscall.h>
#include <ucontext.h>

static int which;
static unsigned value;

static void selector_load(unsigned selector)
{
    __asm__ volatile("movw %w0, %%gs" : : "r"(selector));
}

/* Spoils one segment register of the frame that sigreturn then loads. */
static void spoil(int number, siginfo_t *info, void *context)
{
    ucontext_t *user = context;

    (void)number, (void)info;
    user->uc_mcontext.gregs[which] = value;
}

static void sigreturn_bad(void)
{
    struct sigaction action = {.sa_sigaction = spoil, .sa_flags = SA_SIGINFO};

    MUST(sigaction(SIGUSR1, &action, NULL));
    for (int i = SIGHUP; i < SIGSYS; i++)
        if (i == SIGSEGV || i == SIGBUS || i == SIGILL)
            signal(i, SIG_DFL);
    kill(getpid(), SIGUSR1);
    _exit(0);
}

static void sigreturn_try(const char *name, int place, unsigned selector)
{
    which = place;
    value = selector;
    child_run(name, sigreturn_bad);
}

/* The null selector may be loaded; only its use is a fault. */
static void gs_null(void)
{
    selector_load(0);
    __asm__ volatile("int $0x80" : : "a"(SYS_exit), "b"(0));
}

static void gs_null_used(void)
{
    selector_load(0);
    __asm__ volatile("movl %gs:0, %eax");
}

static void es_null_call(void)
{
    __asm__ volatile("movw %w0, %%es\nmovw %w0, %%fs\n"
                     "int $0x80"
                     :
                     : "b"(0), "a"(SYS_exit));
}

int main(void)
{
    unsigned cs, ds;

    __asm__("movl %%cs, %0\nmovl %%ds, %1" : "=r"(cs), "=r"(ds));
    say("rings %u %u", cs & 3, ds & 3);
    faults_catch(0);
    if (sigsetjmp(fault_escape, 1) == 0) {
        selector_load(0xfff8);
        say("a wild selector is taken");
    } else {
        say("wild selector: %s code %d", signal_name(fault_info.si_signo),
            fault_info.si_code);
    }
    child_run("null gs", gs_null);
    child_run("null gs used", gs_null_used);
    child_run("null es and fs in a call", es_null_call);
    sigreturn_try("wild cs", REG_CS, 0xffff);
    sigreturn_try("kernel's cs", REG_CS, 8);
    sigreturn_try("null cs", REG_CS, 0);
    sigreturn_try("data as cs", REG_CS, ds);
    sigreturn_try("wild ss", REG_SS, 0xffff);
    sigreturn_try("null ss", REG_SS, 0);
    sigreturn_try("code as ss", REG_SS, cs);
    sigreturn_try("odd eip", REG_EIP, 0xc0000000);
    sigreturn_try("flags of the kernel", REG_EFL,
                  0xffffffff & ~0x100 & ~0x20000 & ~0x4000);
    return 0;
}
