/*
 * The rank of every lock: floor x 16 + order within the floor.
 *
 * A CPU takes spinlocks, and a thread takes mutexes, from high rank to low,
 * never two spinlocks of one rank. CHECKED builds assert it. Locks that
 * interrupt handlers take rank below all others of their floor.
 */
#pragma once

#define FLOOR_RANK(floor, order) ((floor)*16 + (order))

enum lock_rank {
    RANK_NONE = 0,
    /* floor 1, core: any context may log */
    RANK_PRINTK = FLOOR_RANK(1, 0),
    RANK_CONSOLE = FLOOR_RANK(1, 1),
    /* floor 2, mem */
    RANK_FRAME = FLOOR_RANK(2, 0),
    RANK_HEAP = FLOOR_RANK(2, 1),
    /* floor 3, x86 */
    RANK_INTERRUPT_CONTROLLER = FLOOR_RANK(3, 0),
    RANK_CLOCK = FLOOR_RANK(3, 1),
    RANK_STACK_POOL = FLOOR_RANK(3, 2),
    /* floor 4, sched */
    RANK_RUN_QUEUE = FLOOR_RANK(4, 0),
    RANK_TIMER = FLOOR_RANK(4, 1),
    RANK_WAIT = FLOOR_RANK(4, 2), /* inside mutex, semaphore, condition */
    RANK_THREAD_LIST = FLOOR_RANK(4, 3),
    RANK_POLICY = FLOOR_RANK(4, 4),
    /* floor 5, vm */
    RANK_MEMORY_OBJECT = FLOOR_RANK(5, 0),
    RANK_ADDRESS_SPACE = FLOOR_RANK(5, 1), /* mutex */
    /* floor 6, fs */
    RANK_POLL = FLOOR_RANK(6, 0),
    RANK_PIPE = FLOOR_RANK(6, 1),
    RANK_FILE = FLOOR_RANK(6, 2),
    RANK_FD_TABLE = FLOOR_RANK(6, 3),
    RANK_FS_CONTEXT = FLOOR_RANK(6, 4),
    RANK_MOUNT = FLOOR_RANK(6, 5),
    RANK_INODE = FLOOR_RANK(6, 6),       /* mutex: bytes of one file */
    RANK_NAMES = FLOOR_RANK(6, 7),       /* mutex: names of a file system */
    RANK_FILE_OFFSET = FLOOR_RANK(6, 8), /* mutex: read and write of one file */
    RANK_RANDOM = FLOOR_RANK(6, 9),
    /* floor 7, proc */
    RANK_TTY = FLOOR_RANK(7, 0), /* interrupt handlers feed input */
    RANK_SIGNAL = FLOOR_RANK(7, 1),
    RANK_FUTEX = FLOOR_RANK(7, 2),
    RANK_PROCESS_TABLE = FLOOR_RANK(7, 3),
    /* floor 9, drivers */
    RANK_DRIVER = FLOOR_RANK(9, 0),
};
