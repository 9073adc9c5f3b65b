/*
 * What the ticks have counted, added up for whoever asks.
 */
#include "sched/busy.h"

u64 busy_samples[1 << CPU_MAX];

static u32 bit_count(u32 bits)
{
    u32 count = 0;

    for (; bits != 0; bits &= bits - 1)
        count++;
    return count;
}

u64 busy_ticks_of(u32 busy)
{
    u64 sum = 0;

    if (cpu_count == 1)
        return run_queues[0].busy_ticks;
    for (u32 idle = 0; idle < 1u << cpu_count; idle++)
        if (cpu_count - bit_count(idle) == busy)
            sum += busy_samples[idle];
    return sum;
}

u64 busy_idle_time(struct run_queue *queue)
{
    return clock_span(thread_ran(queue->idle));
}

/* The busy ones are read without a lock: a reader on another CPU may be off
 * by one carry for an instant, which no statistic minds. */
void busy_times(u64 *busy, u64 *idle)
{
    *busy = 0;
    *idle = 0;
    for (u32 i = 0; i < cpu_count; i++) {
        *busy += run_queues[i].busy_ticks;
        *idle += busy_idle_time(&run_queues[i]);
    }
}

u32 busy_thread_count(void)
{
    u32 threads = 0;

    for (u32 i = 0; i < cpu_count; i++)
        threads += run_queues[i].ready_count +
                   (run_queues[i].current != run_queues[i].idle);
    return threads;
}
