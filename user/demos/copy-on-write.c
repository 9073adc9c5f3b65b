/*
 * Demo: fork() copies nothing until somebody writes.
 *
 * The parent fills 1,000 pages and forks. The child first reads them all: no
 * page fault, the frames are shared. Then it writes into every tenth: each of
 * these writes faults once, and the kernel copies that one page. The counts
 * are the kernel's own, from getrusage().
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGES = 1000, PAGE = 4096, STEP = 10 };

static long faults_count(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
}

static void child_run(volatile char *pages)
{
    long start, read, written;
    int sum = 0;

    start = faults_count();
    for (int i = 0; i < PAGES; i++)
        sum += pages[i * PAGE];
    read = faults_count();
    for (int i = 0; i < PAGES; i += STEP)
        pages[i * PAGE] = 2;
    written = faults_count();
    printf("child read %d pages (sum %d): %ld faults\n", PAGES, sum,
           read - start);
    printf("child wrote %d of them:       %ld faults, a copy each\n",
           PAGES / STEP, written - read);
}

int main(void)
{
    volatile char *pages = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long start = faults_count();
    int untouched = 0;
    pid_t child;

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 0; i < PAGES; i++)
        pages[i * PAGE] = 1;
    printf("parent filled %d pages:       %ld faults, a fresh frame each\n",
           PAGES, faults_count() - start);
    child = fork();
    if (child < 0) {
        perror("fork");
        return 1;
    }
    if (child == 0) {
        child_run(pages);
        return 0;
    }
    waitpid(child, NULL, 0);
    for (int i = 0; i < PAGES; i++)
        untouched += pages[i * PAGE] == 1;
    printf("parent still has %d pages as it left them.\n", untouched);
    return 0;
}
