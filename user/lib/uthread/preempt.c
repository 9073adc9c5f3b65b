/*
 * Preemption: an interval timer sends SIGVTALRM, and its handler switches.
 *
 * The timer counts the time of all carriers together, and the kernel chooses
 * who gets the signal; the handler passes it to the carrier whose turn it is,
 * so that each has had a quantum of its own between two of its turns.
 *
 * The signal is not blocked in its handler (SA_NODEFER): the switch from there
 * may lead to a thread that has left by yield, and never returns from a
 * handler. So the mask is right on either side, without a system call; what
 * keeps the handler out of itself is `hold`. Only on its way out, for the
 * last instructions, can a second frame come to lie on the first.
 */
#include "uthread/internal.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

static volatile bool used; /* since preemption was first turned on */
static unsigned turn;      /* whose carrier is next; atomic */

__attribute__((noinline)) int uthread_errno_get(void)
{
    return errno;
}

__attribute__((noinline)) void uthread_errno_set(int error)
{
    errno = error;
}

void uthread_preempt_now(struct uthread *self)
{
    int error = uthread_errno_get();

    while (self->hold == HOLD_DUE) {
        self->hold = 1; /* nobody switches twice */
        uthread_yield();
        uthread_errno_set(error);
        hold_lower(self);
    }
}

/* ---- the timer ----------------------------------------------------------- */

/* The next carrier that runs a thread, or NULL. */
static struct carrier *carrier_in_turn(void)
{
    unsigned count = (unsigned)uthread_carriers_count;

    for (unsigned i = 0; i < count; i++) {
        unsigned number = __atomic_add_fetch(&turn, 1, __ATOMIC_RELAXED);

        if (uthread_carriers[number % count].runs)
            return &uthread_carriers[number % count];
    }
    return NULL;
}

/* Is it this kernel thread's turn? If not, whose it is gets the signal. */
static bool turn_is_mine(void)
{
    struct carrier *carrier = carrier_in_turn();
    int error = uthread_errno_get();

    if (!carrier || carrier == carrier_now())
        return carrier != NULL;
    syscall(SYS_tkill, carrier->number, SIGVTALRM);
    uthread_errno_set(error);
    return false;
}

/* A kernel thread without a thread, just made or not ours, passes it on too. */
static void on_timer(int number, siginfo_t *info, void *context)
{
    struct uthread *self = thread_now();

    (void)number, (void)context;
    if (self)
        uthread_hold();
    bool mine = info->si_code == SI_TKILL || turn_is_mine();
    if (!self)
        return;
    if (mine)
        self->hold |= HOLD_DUE;
    uthread_release();
}

int uthread_preempt(long microseconds)
{
    struct sigaction action = {.sa_sigaction = on_timer,
                               .sa_flags =
                                   SA_SIGINFO | SA_NODEFER | SA_RESTART};
    struct timeval quantum = {microseconds / 1000000, microseconds % 1000000};
    struct itimerval timer = {quantum, quantum};

    if (microseconds < 0)
        return EINVAL;
    used = true;
    if (sigaction(SIGVTALRM, &action, NULL) < 0 ||
        setitimer(ITIMER_VIRTUAL, &timer, NULL) < 0)
        return uthread_errno_get();
    return 0;
}

void uthread_timer_block(bool block)
{
    sigset_t set;

    if (!used)
        return;
    sigemptyset(&set);
    sigaddset(&set, SIGVTALRM);
    pthread_sigmask(block ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}
