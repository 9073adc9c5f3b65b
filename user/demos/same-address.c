/*
 * Demo: one address, two contents.
 *
 * After fork() parent and child print the same address and find different
 * values there. The address is virtual: each process has a page table of its
 * own, and the two tables lead the address to two different frames.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int value = 1;

/* The frame behind an address, by the kernel's own account; 0 if unknown. */
static unsigned long frame_of(const volatile void *address)
{
    unsigned long page, frame, found = 0;
    unsigned references;
    char line[128];
    FILE *frames = fopen("/proc/self/frames", "r");

    while (frames && fgets(line, sizeof line, frames))
        if (sscanf(line, "%lx %lx %u", &page, &frame, &references) == 3 &&
            page == ((unsigned long)address & ~4095ul))
            found = frame;
    if (frames)
        fclose(frames);
    return found;
}

static void look(const char *who)
{
    printf("%-7s address %p holds %d, in frame %lx\n", who, (void *)&value,
           value, frame_of(&value));
}

int main(void)
{
    pid_t child;

    setvbuf(stdout, NULL, _IOLBF, 0);
    look("before:");
    child = fork();
    if (child < 0) {
        perror("fork");
        return 1;
    }
    if (child == 0) {
        value = 2;
        look("child:");
        return 0;
    }
    waitpid(child, NULL, 0);
    look("parent:");
    puts("The child's write did not reach the parent: same virtual address,\n"
         "two page tables, two frames.");
    return 0;
}
