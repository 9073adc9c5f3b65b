/*
 * Clocks, sleeping, and interval timers. Inside the kernel a time is one
 * number of nanoseconds; here it becomes the four structs of the ABI.
 */
#include "syscall/time.h"

#include "lib/divide.h"
#include "proc/itimer.h"
#include "syscall/table.h"
#include "x86/clock.h"
#include "x86/user_copy.h"

#define MICROSECOND 1000u
#define SECOND      ((u32)NANOSECONDS_PER_SECOND)
#define SECONDS_MAX 18000000000ull /* fits 64 bits of nanoseconds */

/* ---- the structs --------------------------------------------------------- */

int timespec_in(const void user *source, bool wide, u64 *nanoseconds)
{
    struct __kernel_timespec time;
    struct __kernel_old_timespec narrow;

    if (wide) {
        if (user_copy_in(&time, source, sizeof(time)) < 0)
            return -EFAULT;
        time.tv_nsec = (u32)time.tv_nsec; /* the rest is padding on i386 */
    } else {
        if (user_copy_in(&narrow, source, sizeof(narrow)) < 0)
            return -EFAULT;
        time.tv_sec = narrow.tv_sec;
        time.tv_nsec = (u32)narrow.tv_nsec;
    }
    if (time.tv_sec < 0 || (u64)time.tv_nsec >= SECOND)
        return -EINVAL;
    u64 seconds = min((u64)time.tv_sec, SECONDS_MAX);
    *nanoseconds = seconds * SECOND + (u64)time.tv_nsec;
    return 0;
}

int timespec_out(void user *target, bool wide, u64 nanoseconds)
{
    u32 rest;
    u64 seconds = divide_u64(nanoseconds, SECOND, &rest);
    struct __kernel_timespec time = {(s64)seconds, rest};
    struct __kernel_old_timespec narrow = {(s32)seconds, (s32)rest};

    return wide ? user_copy_out(target, &time, sizeof(time))
                : user_copy_out(target, &narrow, sizeof(narrow));
}

static int timeval_decode(const struct __kernel_old_timeval *time,
                          u64 *nanoseconds)
{
    if (time->tv_sec < 0 || (u32)time->tv_usec >= SECOND / MICROSECOND)
        return -EINVAL;
    *nanoseconds =
        (u64)(u32)time->tv_sec * SECOND + (u64)(u32)time->tv_usec * MICROSECOND;
    return 0;
}

struct __kernel_old_timeval timeval_encode(u64 nanoseconds)
{
    u32 rest;
    u64 seconds = divide_u64(nanoseconds, SECOND, &rest);

    return (struct __kernel_old_timeval){
        .tv_sec = (s32)seconds,
        .tv_usec = (s32)(rest / MICROSECOND),
    };
}

u64 clock_deadline(u64 span)
{
    u64 now = clock_nanoseconds();
    return span > ~now ? ~0ull : now + max(span, 1ull);
}

/* ---- clocks -------------------------------------------------------------- */

static u64 process_time(void)
{
    struct process_usage usage;

    spin_lock(&process_table_lock);
    process_usage(current_process(), &usage);
    spin_unlock(&process_table_lock);
    return clock_span(usage.ran);
}

static u64 thread_time(void)
{
    return clock_span(thread_ran(current_thread()));
}

struct clock {
    u64 (*read)(void);
    u32 resolution;
};

static const struct clock clocks[] = {
    [CLOCK_REALTIME] = {clock_real_nanoseconds, 1},
    [CLOCK_MONOTONIC] = {clock_nanoseconds, 1},
    [CLOCK_PROCESS_CPUTIME_ID] = {process_time, 1},
    [CLOCK_THREAD_CPUTIME_ID] = {thread_time, 1},
    [CLOCK_MONOTONIC_RAW] = {clock_nanoseconds, 1},
    [CLOCK_REALTIME_COARSE] = {clock_real_nanoseconds, NANOSECONDS_PER_TICK},
    [CLOCK_MONOTONIC_COARSE] = {clock_nanoseconds, NANOSECONDS_PER_TICK},
    [CLOCK_BOOTTIME] = {clock_nanoseconds, 1},
    [CLOCK_TAI] = {clock_real_nanoseconds, 1}, /* no leap second is known */
};

#define CLOCKS_TO_SLEEP_BY                                                     \
    (1u << CLOCK_REALTIME | 1u << CLOCK_MONOTONIC | 1u << CLOCK_BOOTTIME |     \
     1u << CLOCK_TAI)

static const struct clock *clock_find(s32 number)
{
    bool exists = (u32)number < array_count(clocks) && clocks[number].read;
    return exists ? &clocks[number] : NULL;
}

s32 sys_clock_gettime(s32 number, void user *time, bool wide)
{
    const struct clock *clock = clock_find(number);
    return clock ? timespec_out(time, wide, clock->read()) : -EINVAL;
}

s32 sys_clock_getres(s32 number, void user *time, bool wide)
{
    const struct clock *clock = clock_find(number);

    if (!clock)
        return -EINVAL;
    return time ? timespec_out(time, wide, clock->resolution) : 0;
}

/* Linux's bound: what a signed count of nanoseconds holds, less the 30 years
 * that a machine may run on. */
#define REAL_TIME_MAX (8277292036ull * SECOND)

static s32 real_time_set(u64 nanoseconds)
{
    if (nanoseconds > REAL_TIME_MAX)
        return -EINVAL;
    if (!acts_as_root())
        return -EPERM;
    clock_set_real_nanoseconds(nanoseconds);
    return 0;
}

s32 sys_clock_settime(s32 clock, const void user *time, bool wide)
{
    u64 nanoseconds;

    if (clock != CLOCK_REALTIME)
        return -EINVAL;
    int result = timespec_in(time, wide, &nanoseconds);
    return result < 0 ? result : real_time_set(nanoseconds);
}

s32 sys_gettimeofday(struct __kernel_old_timeval *time, struct timezone *zone)
{
    if (time)
        *time = timeval_encode(clock_real_nanoseconds());
    if (zone)
        *zone = (struct timezone){0, 0};
    return 0;
}

/* Of a zone the kernel knows nothing: it keeps universal time only. */
s32 sys_settimeofday(const struct __kernel_old_timeval *time)
{
    u64 nanoseconds;

    if (!time)
        return 0;
    int result = timeval_decode(time, &nanoseconds);
    return result < 0 ? result : real_time_set(nanoseconds);
}

s32 sys_time(s32 user *seconds)
{
    u32 now = (u32)divide_u64(clock_real_nanoseconds(), SECOND, NULL);

    if (seconds && user_store((u32 user *)seconds, now) < 0)
        return -EFAULT;
    return (s32)now;
}

/* ---- sleeping ------------------------------------------------------------ */

static s32 sleep_until(u64 deadline)
{
    while (clock_nanoseconds() < deadline) {
        if (thread_is_interrupted())
            return -EINTR;
        thread_park_until(deadline);
    }
    return 0;
}

/* Sleeps, and when a signal comes says what is left and how to go on. */
static s32 sleep_restartable(struct call_restart *restart)
{
    if (sleep_until(restart->deadline) == 0)
        return 0;
    u64 now = clock_nanoseconds();
    u64 left = restart->deadline > now ? restart->deadline - now : 0;
    if (restart->memory &&
        timespec_out(restart->memory, restart->wide, left) < 0)
        return -EFAULT;
    restart->again = sleep_restartable;
    return -ERESTART_RESTARTBLOCK;
}

static s32 sleep_for(u64 span, void user *remaining, bool wide)
{
    struct call_restart *restart = &current_task()->restart;

    restart->deadline = clock_deadline(span);
    restart->memory = remaining;
    restart->wide = wide;
    return sleep_restartable(restart);
}

s32 sys_restart_syscall(void)
{
    struct call_restart *restart = &current_task()->restart;
    s32 (*again)(struct call_restart * restart) = restart->again;

    restart->again = NULL;
    return again ? again(restart) : -EINTR;
}

/* Until a moment of a clock: with a signal the call is just made again. */
static s32 sleep_until_clock(const struct clock *clock, u64 moment)
{
    u64 now = clock->read();
    u64 span = moment > now ? moment - now : 0;
    s32 result = sleep_until(clock_deadline(span));

    return result == -EINTR ? -ERESTARTNOHAND : result;
}

s32 sys_clock_nanosleep(s32 number, u32 flags, const void user *request,
                        void user *remaining, bool wide)
{
    const struct clock *clock = clock_find(number);
    u64 time;

    if (!clock)
        return -EINVAL;
    if (!(CLOCKS_TO_SLEEP_BY >> number & 1))
        return -EOPNOTSUPP;
    int result = timespec_in(request, wide, &time);
    if (result < 0)
        return result;
    return flags & TIMER_ABSTIME ? sleep_until_clock(clock, time)
                                 : sleep_for(time, remaining, wide);
}

/* ---- interval timers ----------------------------------------------------- */

s32 sys_getitimer(s32 which, struct __kernel_old_itimerval *value)
{
    u64 left, interval;

    if ((u32)which > ITIMER_PROF)
        return -EINVAL;
    interval_timer_get(current_process(), which, &left, &interval);
    value->it_interval = timeval_encode(interval);
    value->it_value =
        timeval_encode(left == 0 ? 0 : max(left, 1ull * MICROSECOND));
    return 0;
}

s32 sys_setitimer(s32 which, const struct __kernel_old_itimerval *value,
                  struct __kernel_old_itimerval *old)
{
    u64 left = 0, interval = 0;

    if ((u32)which > ITIMER_PROF ||
        (value && (timeval_decode(&value->it_value, &left) < 0 ||
                   timeval_decode(&value->it_interval, &interval) < 0)))
        return -EINVAL;
    if (old)
        sys_getitimer(which, old);
    interval_timer_set(current_process(), which, left, interval);
    return 0;
}

/* Whole seconds; what is left of the old alarm is rounded, but not to 0. */
s32 sys_alarm(u32 seconds)
{
    u64 left, interval;

    interval_timer_get(current_process(), ITIMER_REAL, &left, &interval);
    seconds = min(seconds, INT32_MAX); /* the result is no error */
    interval_timer_set(current_process(), ITIMER_REAL, (u64)seconds * SECOND,
                       0);
    if (left == 0)
        return 0;
    u32 rounded = (u32)divide_u64(left + SECOND / 2, SECOND, NULL);
    return (s32)max(rounded, 1u);
}
