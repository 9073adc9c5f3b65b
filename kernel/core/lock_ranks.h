/*
 * The rank of every lock: floor x 16 + order within the floor.
 *
 * A CPU takes spinlocks, and a thread takes mutexes, from high rank to low,
 * never two spinlocks of one rank. CHECKED builds assert it. Locks that
 * interrupt handlers take rank below all others of their floor.
 */
#pragma once

/* clang-format off */
#define LOCK_RANKS(RANK)                                                       \
    /* floor 1, core: any context may log */                                   \
    RANK(PRINTK, 1, 0)                                                         \
    RANK(CONSOLE, 1, 1)                                                        \
    /* floor 2, mem */                                                         \
    RANK(FRAME, 2, 0)                                                          \
    RANK(HEAP, 2, 1)                                                           \
    /* floor 3, x86 */                                                         \
    RANK(INTERRUPT_CONTROLLER, 3, 0)                                           \
    RANK(CLOCK, 3, 1)                                                          \
    RANK(STACK_POOL, 3, 2)                                                     \
    /* floor 4, sched */                                                       \
    RANK(RUN_QUEUE, 4, 0)                                                      \
    RANK(LEND, 4, 1)                                                           \
    RANK(TIMER, 4, 2)                                                          \
    RANK(WAIT, 4, 3) /* inside mutex, semaphore, condition */                  \
    RANK(THREAD_LIST, 4, 4)                                                    \
    RANK(POLICY, 4, 5)                                                         \
    /* floor 5, vm */                                                          \
    RANK(MEMORY_OBJECT, 5, 0)                                                  \
    RANK(ADDRESS_SPACE, 5, 1) /* mutex */                                      \
    /* floor 6, fs */                                                          \
    RANK(PIPE, 6, 1)                                                           \
    RANK(FD_TABLE, 6, 3)                                                       \
    RANK(FS_CONTEXT, 6, 4)                                                     \
    RANK(MOUNT, 6, 5)                                                          \
    RANK(INODE, 6, 6)       /* mutex: bytes of one file */                     \
    RANK(NAMES, 6, 7)       /* mutex: names of a file system */                \
    RANK(FILE_OFFSET, 6, 8) /* mutex: read and write of one file */            \
    RANK(RANDOM, 6, 9)                                                         \
    /* floor 7, proc */                                                        \
    RANK(TTY, 7, 0) /* interrupt handlers feed input */                        \
    RANK(SIGNAL, 7, 1)                                                         \
    RANK(FUTEX, 7, 2)                                                          \
    RANK(PROCESS_TABLE, 7, 3)                                                  \
    /* floor 9, drivers */                                                     \
    RANK(DRIVER, 9, 0)
/* clang-format on */

#define LOCK_RANK_VALUE(name, floor, order) RANK_##name = (floor)*16 + (order),

enum lock_rank {
    RANK_NONE = 0,
    LOCK_RANKS(LOCK_RANK_VALUE) RANK_END,
};
