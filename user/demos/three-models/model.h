/*
 * A model of threads, as a table: the measurements know nothing else of it.
 */
#pragma once

enum { THREADS = 8 };

struct model {
    const char *name;
    void (*start)(void); /* once in a process */
    void *(*create)(void *(*function)(void *), void *argument);
    void (*join)(void *thread);
    void (*yield)(void);
};

enum { MODELS = 3 };

extern const struct model models[MODELS];
