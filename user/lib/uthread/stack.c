/*
 * Stacks: 64 KiB, below them a page that nobody may touch, so that a thread
 * that needs more is stopped and not another's memory overwritten. At the top
 * of each lies the thread it belongs to. A stack that is given back is the
 * next to be taken, so that the memory it has touched is used again; none
 * goes back to the kernel before the process ends.
 */
#include "uthread/internal.h"

#include <sys/mman.h>

enum { GUARD = 4096, SIZE = 65536 };

static struct uthread *unused; /* linked; lock */

static struct uthread *stack_map(void)
{
    char *area = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (area == MAP_FAILED)
        return NULL;
    if (mprotect(area, GUARD, PROT_NONE) < 0) {
        munmap(area, SIZE);
        return NULL;
    }
    return (struct uthread *)(area + SIZE) - 1;
}

struct uthread *uthread_stack_take(void)
{
    struct uthread *thread = unused;

    if (!thread)
        return stack_map();
    unused = thread->link;
    return thread;
}

void uthread_stack_give(struct uthread *thread)
{
    thread->link = unused;
    unused = thread;
}
