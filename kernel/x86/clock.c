/*
 * Time, read from the time-stamp counter (TSC).
 *
 * nanoseconds = (TSC - TSC at boot) * multiplier / 2^24. How fast the TSC
 * counts is found by letting 2 ms go by on the PIT's third channel, whose pace
 * every PC agrees on; both are read as close together as can be, and the
 * result is taken to the nearest MHz, since it is known no better. The
 * counters of all CPUs are taken to count together.
 */
#include "x86/clock.h"
#include "core/atomic.h"
#include "core/cpu.h"
#include "core/printk.h"
#include "core/spinlock.h"
#include "lib/divide.h"
#include "x86/pit.h"

#define SHIFT             24
#define CALIBRATION_TICKS (PIT_HERTZ / 500)   /* 2 ms */
#define CHECK_TICKS       (PIT_HERTZ / 10000) /* 0.1 ms */

u32 clock_tick_counts;
static u32 multiplier;
static u64 counter_at_boot;

static struct spinlock real_lock = SPINLOCK_INITIALIZER(RANK_CLOCK);
static volatile u64 real_at_boot; /* since 1970; real_lock, to set it */
static u32 real_changes;          /* odd while it is being set */

/* ---- how fast the TSC counts --------------------------------------------- */

struct sample {
    u64 counter;
    u16 pit; /* counts down */
};

/* Both clocks at the moment at which the PIT's count changes. */
static struct sample sample_take(void)
{
    struct sample sample;
    u16 before = 0;

    for (u32 reads = 0;; reads++) {
        pit_count_latch();
        sample.counter = cpu_timestamp();
        sample.pit = pit_count_read();
        if (reads > 0 && sample.pit != before)
            return sample;
        before = sample.pit;
    }
}

static u32 megahertz_in(u32 pit_ticks)
{
    struct sample first = sample_take(), last;
    do
        last = sample_take();
    while ((u16)(first.pit - last.pit) < pit_ticks);
    u64 hertz = divide_u64((last.counter - first.counter) * PIT_HERTZ,
                           (u16)(first.pit - last.pit), NULL);
    u32 megahertz = (u32)divide_u64(hertz + 500000, 1000000, NULL);

    return max(megahertz, 1u);
}

/* A host that lets the machine stand still for 55 ms or more meanwhile makes
 * the PIT's count come round: then the counter seems many times too fast. A
 * short second measurement tells. */
static u32 counter_megahertz(void)
{
    u32 megahertz;

    pit_count_start();
    do
        megahertz = megahertz_in(CALIBRATION_TICKS);
    while (megahertz / 2 > megahertz_in(CHECK_TICKS));
    return megahertz;
}

/* ---- reading ------------------------------------------------------------- */

u64 clock_span(u64 counts)
{
    u64 low = (u64)(u32)counts * multiplier;
    u64 high = (u64)(u32)(counts >> 32) * multiplier;

    return (high << (32 - SHIFT)) + (low >> SHIFT);
}

u64 clock_nanoseconds(void)
{
    return clock_span(cpu_timestamp() - counter_at_boot);
}

/* Every new inode asks, on every CPU: so without the lock, and once more if
 * somebody has set it meanwhile. */
u64 clock_real_nanoseconds(void)
{
    for (;;) {
        u32 changes = atomic_load(&real_changes);
        u64 base = real_at_boot;

        if (likely(changes % 2 == 0 && changes == atomic_load(&real_changes)))
            return base + clock_nanoseconds();
        cpu_pause();
    }
}

void clock_set_real_nanoseconds(u64 nanoseconds)
{
    spin_lock(&real_lock);
    atomic_increment(&real_changes);
    real_at_boot = nanoseconds - clock_nanoseconds();
    atomic_increment(&real_changes);
    spin_unlock(&real_lock);
}

u32 clock_boot_time(void)
{
    u64 now = clock_real_nanoseconds() - clock_nanoseconds();

    return (u32)divide_u64(now, (u32)NANOSECONDS_PER_SECOND, NULL);
}

void clock_delay(u32 microseconds)
{
    u64 end = clock_nanoseconds() + (u64)microseconds * 1000;

    while (clock_nanoseconds() < end)
        cpu_pause();
}

void clock_start(void)
{
    u32 megahertz = counter_megahertz();

    multiplier = (u32)divide_u64(1000ull << SHIFT, megahertz, NULL);
    clock_tick_counts = megahertz * (1000000 / TICKS_PER_SECOND);
    counter_at_boot = cpu_timestamp();
    printk("clock: %u MHz\n", megahertz);
}
