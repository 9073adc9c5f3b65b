/*
 * Demo: one program run twice is in memory once.
 *
 * The program starts itself a second time. Both copies then list the frames
 * behind their code: they are the same frames, since code is mapped from the
 * file and never changes. The frames behind a variable that both have written
 * differ.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int written;

/* Frame and reference count of the page at an address, as text. */
static void frame_print(const char *who, const char *what,
                        const volatile void *address)
{
    unsigned long page, frame;
    unsigned references;
    char line[128];
    FILE *frames = fopen("/proc/self/frames", "r");

    if (!frames) {
        perror("/proc/self/frames");
        exit(1);
    }
    while (fgets(line, sizeof line, frames))
        if (sscanf(line, "%lx %lx %u", &page, &frame, &references) == 3 &&
            page == ((unsigned long)address & ~4095ul))
            printf("%-7s %-9s at %08lx: frame %lx, %u references\n", who, what,
                   page, frame, references);
    fclose(frames);
}

static void look(const char *who)
{
    written = getpid();
    frame_print(who, "code", (const void *)look);
    frame_print(who, "variable", &written);
}

int main(int count, char **arguments)
{
    pid_t second;

    setvbuf(stdout, NULL, _IOLBF, 0);
    if (count > 1) {
        look("second:");
        return 0;
    }
    look("first:");
    second = fork();
    if (second == 0) {
        execlp(arguments[0], arguments[0], "again", (char *)NULL);
        perror(arguments[0]);
        _exit(1);
    }
    waitpid(second, NULL, 0);
    puts("The code of both lies in the same frame, their variables do not.");
    return 0;
}
