/* Threads share descriptors, the current directory and the mask of new files:
 * what one opens, another reads and closes, and no number is given twice. */
#include "thread.h"

#include <fcntl.h>
#include <pthread.h>

#define CREW   4
#define ROUNDS 500

static int ends[2];
static volatile int twice, taken[256];

static void *opens(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        int fd = open("/dev/zero", O_RDONLY);
        if (fd < 0 || fd >= (int)COUNT(taken)) {
            say("open: %s", error_name(errno));
            break;
        }
        if (__atomic_fetch_add(&taken[fd], 1, __ATOMIC_SEQ_CST) != 0)
            twice++;
        char byte = 1;
        if (read(fd, &byte, 1) != 1 || byte != 0)
            say("read something else");
        __atomic_fetch_sub(&taken[fd], 1, __ATOMIC_SEQ_CST);
        close(fd);
    }
    return argument;
}

static void *closes(void *argument)
{
    int fd = *(int *)argument;
    char text[16] = "";

    say("read: %d", (int)pread(fd, text, 5, 0));
    say("text: %s", text);
    TRY(close(fd));
    TRY(chdir("inner"));
    umask(077);
    return NULL;
}

/* Who blocks in a read keeps the file, whatever happens to its number. */
static void *reads(void *argument)
{
    char byte;

    return (void *)(intptr_t)(read(*(int *)argument, &byte, 1) == 1 ? byte : 0);
}

static void closed_under(void)
{
    pthread_t thread;
    void *result;
    int fd = ends[0];

    pthread_create(&thread, NULL, reads, &fd);
    usleep(3000);
    close(ends[0]);
    MUST(write(ends[1], "x", 1));
    pthread_join(thread, &result);
    say("read all the same: %c", (char)(intptr_t)result);
    signal(SIGPIPE, SIG_IGN);
    TRY(write(ends[1], "x", 1));
}

int main(void)
{
    pthread_t crew[CREW];
    struct stat about;

    scratch_enter();
    for (int i = 0; i < CREW; i++)
        pthread_create(&crew[i], NULL, opens, NULL);
    for (int i = 0; i < CREW; i++)
        pthread_join(crew[i], NULL);
    say("numbers given twice: %d", twice);
    file_make("file", "hello");
    MUST(mkdir("inner", 0755));
    int fd = MUST(open("file", O_RDWR));
    pthread_create(&crew[0], NULL, closes, &fd);
    pthread_join(crew[0], NULL);
    TRY(close(fd));
    file_make("made", "");
    MUST(stat("../inner/made", &about));
    say("mode: %o", about.st_mode & 0777);
    MUST(pipe(ends));
    closed_under();
    MUST(chdir(".."));
    return 0;
}
