/* Writes of up to PIPE_BUF bytes arrive whole, however many write at once. */
#include "say.h"

#include <limits.h>

enum { WRITERS = 6, ROUNDS = 40 };

static int ends[2];

static void writer(char letter)
{
    char bytes[PIPE_BUF];

    memset(bytes, letter, sizeof bytes);
    for (int i = 0; i < ROUNDS; i++)
        MUST(write(ends[1], bytes, sizeof bytes));
    _exit(0);
}

static void block_read(char *bytes)
{
    for (int got = 0; got < PIPE_BUF;)
        got += MUST(read(ends[0], bytes + got, PIPE_BUF - got));
}

int main(void)
{
    char bytes[PIPE_BUF];
    int counts[WRITERS] = {0}, torn = 0;

    MUST(pipe(ends));
    for (int i = 0; i < WRITERS; i++)
        if (MUST(fork()) == 0)
            writer('a' + i);
    close(ends[1]);
    for (int i = 0; i < WRITERS * ROUNDS; i++) {
        block_read(bytes);
        for (int j = 1; j < PIPE_BUF; j++)
            torn += bytes[j] != bytes[0];
        counts[bytes[0] - 'a']++;
    }
    TRY(read(ends[0], bytes, 1));
    for (int i = 0; i < WRITERS; i++)
        say("writer %c: %d blocks", 'a' + i, counts[i]);
    say("torn bytes %d", torn);
    while (wait(NULL) > 0)
        continue;
    return 0;
}
