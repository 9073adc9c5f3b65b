/* A sleep lasts as long as asked, not shorter, and refuses nonsense. */
#include "say.h"

#include <sys/syscall.h>
#include <time.h>

static long milliseconds(void)
{
    struct timespec now;

    MUST(clock_gettime(CLOCK_MONOTONIC, &now));
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A nanosecond on each clock, past the library's own opinion of them. That of
 * the process's own time would not go on while it sleeps. */
static void clocks_sleep(void)
{
    static const int clocks[] = {CLOCK_REALTIME,
                                 CLOCK_MONOTONIC,
                                 CLOCK_THREAD_CPUTIME_ID,
                                 CLOCK_MONOTONIC_RAW,
                                 CLOCK_REALTIME_COARSE,
                                 CLOCK_MONOTONIC_COARSE,
                                 CLOCK_BOOTTIME,
                                 CLOCK_TAI,
                                 12,
                                 -1};

    for (size_t i = 0; i < COUNT(clocks); i++) {
        long long nanosecond[2] = {0, 1};

        say("clock %d", clocks[i]);
        TRY(syscall(SYS_clock_nanosleep_time64, clocks[i], 0, nanosecond, 0));
    }
}

int main(void)
{
    struct timespec wrong = {0, 1000000000}, less = {-1, 0}, time;
    long start = milliseconds(), took;

    TRY(usleep(50000));
    took = milliseconds() - start;
    say("50 ms: %s", took < 50 ? "too short" : took > 2000 ? "long" : "right");
    TRY(nanosleep(&wrong, NULL));
    TRY(nanosleep(&less, NULL));
    TRY(nanosleep(&(struct timespec){0, 0}, NULL));
    MUST(clock_gettime(CLOCK_MONOTONIC, &time));
    time.tv_nsec += 20000000;
    if (time.tv_nsec >= 1000000000) {
        time.tv_nsec -= 1000000000;
        time.tv_sec++;
    }
    start = milliseconds();
    TRY(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL));
    took = milliseconds() - start;
    say("20 ms: %s", took < 19 ? "too short" : took > 2000 ? "long" : "right");
    TRY(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL));
    clocks_sleep();
    return 0;
}
