/* Megabytes through a chain of three processes arrive as they were sent. */
#include "say.h"

enum { TOTAL = 5000000 };

static unsigned char next(unsigned *seed)
{
    return (*seed = *seed * 1103515245 + 12345) >> 16;
}

static void producer(int to)
{
    unsigned char bytes[3000];
    unsigned seed = 42;

    for (int left = TOTAL; left > 0;) {
        int count = left < 3000 ? left : 3000;

        for (int i = 0; i < count; i++)
            bytes[i] = next(&seed);
        for (int done = 0; done < count;)
            done += MUST(write(to, bytes + done, count - done));
        left -= count;
    }
    _exit(0);
}

static void passer(int from, int to)
{
    static char bytes[70001];
    ssize_t count;

    while ((count = MUST(read(from, bytes, sizeof bytes))) > 0)
        for (ssize_t done = 0; done < count;)
            done += MUST(write(to, bytes + done, count - done));
    _exit(0);
}

int main(void)
{
    int first[2], second[2], wrong = 0, total = 0;
    unsigned char bytes[5000];
    unsigned seed = 42;
    ssize_t count;

    MUST(pipe(first));
    if (MUST(fork()) == 0)
        producer(first[1]);
    close(first[1]);
    MUST(pipe(second));
    if (MUST(fork()) == 0)
        passer(first[0], second[1]);
    close(first[0]);
    close(second[1]);
    while ((count = MUST(read(second[0], bytes, sizeof bytes))) > 0) {
        for (ssize_t i = 0; i < count; i++)
            wrong += bytes[i] != next(&seed);
        total += count;
    }
    say("%d bytes, %d wrong", total, wrong);
    for (int status; wait(&status) > 0;)
        say_status("stage", status);
    return 0;
}
