/*
 * Load averages decay exponentially, one step each five seconds. Nobody
 * counts in the background: whoever asks makes the steps that are due, each
 * with the number of threads that want to run now.
 */
#include "proc/load.h"

#include "proc/process.h"
#include "sched/busy.h"
#include "x86/clock.h"

#define STEP_NANOSECONDS 5000000000ull
#define STEPS_MAX        400u /* after that nothing of the past is left */
#define ONE              (1u << LOAD_SHIFT)

/* e to the minus (5 seconds / 1, 5, 15 minutes), in units of 1 / ONE. */
static const u32 decay[3] = {1884, 2014, 2037};

/* Under process_table_lock. */
static struct load current;
static u64 next_step;

static void load_step(u32 runnable)
{
    for (u32 i = 0; i < array_count(decay); i++)
        current.average[i] = (current.average[i] * decay[i] +
                              runnable * ONE * (ONE - decay[i])) >>
                             LOAD_SHIFT;
}

void load_read(struct load *load)
{
    u64 now = clock_nanoseconds();
    /* The one who asks does not count. */
    u32 runnable = min(busy_thread_count() - 1, 512u);

    spin_lock(&process_table_lock);
    for (u32 steps = 0; next_step <= now; steps++) {
        if (steps < STEPS_MAX)
            load_step(runnable);
        next_step = steps < STEPS_MAX ? next_step + STEP_NANOSECONDS
                                      : now + STEP_NANOSECONDS;
    }
    *load = current;
    spin_unlock(&process_table_lock);
}
