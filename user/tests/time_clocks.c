/* Clocks never go back, agree with each other, and refuse unknown names. */
#include "say.h"

#include <sys/time.h>
#include <time.h>

static long long nanoseconds(clockid_t clock)
{
    struct timespec now = {0};

    MUST(clock_gettime(clock, &now));
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(void)
{
    long long last = nanoseconds(CLOCK_MONOTONIC), now, wall;
    int back = 0, moved = 0;
    struct timespec time;
    struct timeval day;

    for (int i = 0; i < 10000; i++) {
        now = nanoseconds(CLOCK_MONOTONIC);
        back += now < last;
        moved += now > last;
        last = now;
    }
    say("went back %d times, moved: %d", back, moved > 0);
    wall = nanoseconds(CLOCK_REALTIME);
    MUST(gettimeofday(&day, NULL));
    say("wall clocks agree: %d", day.tv_sec - wall / 1000000000 >= 0 &&
                                     day.tv_sec - wall / 1000000000 <= 2);
    say("this century: %d",
        day.tv_sec > 1700000000 && day.tv_sec < 4000000000LL);
    TRY(clock_getres(CLOCK_MONOTONIC, &time));
    say("fine: %d", time.tv_sec == 0 && time.tv_nsec <= 10000000);
    now = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    for (volatile int i = 0; i < 3000000; i++)
        continue;
    say("working takes time: %d", nanoseconds(CLOCK_PROCESS_CPUTIME_ID) > now);
    TRY(clock_gettime(77, &time));
    TRY(clock_getres(77, &time));
    return 0;
}
