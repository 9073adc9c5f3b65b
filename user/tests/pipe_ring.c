/* A token goes a thousand times round a ring of sixteen processes. */
#include "say.h"

enum { MEMBERS = 16, LAPS = 1000 };

static void member(int from, int to)
{
    int token;

    while (MUST(read(from, &token, sizeof token)) == sizeof token) {
        token++;
        MUST(write(to, &token, sizeof token));
    }
    _exit(0);
}

int main(void)
{
    int first[2], in, next[2], token = 0, ended = 0;

    MUST(pipe(first));
    in = first[0];
    for (int i = 0; i < MEMBERS; i++) {
        MUST(pipe(next));
        if (MUST(fork()) == 0) {
            close(first[1]);
            close(next[0]);
            member(in, next[1]);
        }
        close(in);
        close(next[1]);
        in = next[0];
    }
    for (int lap = 0; lap < LAPS; lap++) {
        MUST(write(first[1], &token, sizeof token));
        MUST(read(in, &token, sizeof token));
    }
    say("token %d", token);
    close(first[1]);
    TRY(read(in, &token, sizeof token));
    while (wait(NULL) > 0)
        ended++;
    say("ended %d", ended);
    return 0;
}
