/*
 * What each worker does, on what belongs to it alone.
 */
#pragma once

struct own {
    int cpu, pipe[2];
    char path[32];
    char *memory; /* PAGES, private; the next one to touch: */
    int page;
};

/* Where these fail, the demo ends, all its workers with it. */
void own_make(struct own *own);
void own_release(struct own *own);
_Noreturn void fail(const char *what);

struct operation {
    const char *name;
    int (*act)(struct own *own); /* other than 0: it failed */
    int by_threads;              /* measured by threads as well */
};

/* Ended by one without a name. */
extern const struct operation operations[];
