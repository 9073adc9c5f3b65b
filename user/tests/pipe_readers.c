/*
 * Each of two readers sees the end of a pipe, also the one that came while the
 * other was still copying the last bytes. A third thread maps and unmaps all
 * the time: so copies into new pages take long and are often interrupted.
 */
#include "say.h"

#include <pthread.h>
#include <sys/mman.h>

enum { ROUNDS = 100, SIZE = 65536, CROWD = 2 << 20 };

static int ends[2];
static volatile int over;

static char *pages_map(size_t size, int more)
{
    return mmap(NULL, size, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | more, -1, 0);
}

static void *disturb(void *nothing)
{
    while (!over)
        munmap(pages_map(CROWD, MAP_POPULATE), CROWD);
    return nothing;
}

/* Returns how many bytes came before the end. */
static void *read_all(void *nothing)
{
    char *bytes = pages_map(SIZE, 0);
    long length = 0, part;

    (void)nothing;
    while ((part = read(ends[0], bytes, SIZE)) > 0)
        length += part;
    munmap(bytes, SIZE);
    return (void *)length;
}

int main(void)
{
    static char bytes[SIZE];
    pthread_t disturber, readers[2];
    void *came;
    long total = 0;

    MUST(-pthread_create(&disturber, NULL, disturb, NULL));
    for (int round = 0; round < ROUNDS; round++) {
        MUST(pipe(ends));
        for (int i = 0; i < 2; i++)
            MUST(-pthread_create(&readers[i], NULL, read_all, NULL));
        MUST(write(ends[1], bytes, SIZE));
        close(ends[1]);
        for (int i = 0; i < 2; i++) {
            MUST(-pthread_join(readers[i], &came));
            total += (long)came;
        }
        close(ends[0]);
    }
    over = 1;
    MUST(-pthread_join(disturber, NULL));
    say("both saw the end %d times, behind %ld bytes in all", ROUNDS, total);
    return 0;
}
