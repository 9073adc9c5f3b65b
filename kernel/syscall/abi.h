/*
 * The Linux i386 ABI that the system calls speak: the UAPI headers, and what
 * those lack or say for user space only, with asserted sizes. Kernel code
 * takes every number and layout of the ABI from here.
 *
 * UAPI's sigset_t is the old one of 4 bytes; the rt_ calls take 8 (signal_set
 * of proc/signal.h), and UAPI's struct sigaction is that of old sigaction;
 * rt_sigaction's is struct signal_action.
 */
#pragma once

#include "proc/signal.h"
#include <asm/errno.h>
#include <asm/ldt.h>
#include <asm/poll.h>
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <asm/stat.h>
#include <asm/statfs.h>
#include <asm/unistd.h>
#include <linux/fcntl.h>
#include <linux/resource.h>
#include <linux/stat.h>
#include <linux/sysinfo.h>
#include <linux/time.h>
#include <linux/time_types.h>
#include <linux/times.h>
#include <linux/uio.h>
#include <linux/utsname.h>

/* One entry that getdents64 writes, padded to 8 bytes; the name follows. */
struct linux_dirent64 {
    u64 d_ino;
    s64 d_off;
    u16 d_reclen;
    u8 d_type;
    char d_name[];
} __attribute__((packed));

/* UAPI's struct sigaction, as words. */
struct old_sigaction {
    u32 handler, mask, flags, restorer;
};

_Static_assert(offsetof(struct linux_dirent64, d_name) == 19, "dirent64");
_Static_assert(sizeof(struct signal_action) == 20, "kernel_sigaction");
_Static_assert(sizeof(struct old_sigaction) == 16, "old sigaction");
_Static_assert(sizeof(siginfo_t) == 128, "siginfo");
_Static_assert(sizeof(stack_t) == 12, "stack_t");
_Static_assert(sizeof(struct stat64) == 96, "stat64");
_Static_assert(sizeof(struct statx) == 256, "statx");
_Static_assert(sizeof(struct statfs64) == 84, "statfs64");
_Static_assert(sizeof(struct rusage) == 72, "rusage");
_Static_assert(sizeof(struct sysinfo) == 64, "sysinfo");
_Static_assert(sizeof(struct user_desc) == 16, "user_desc");
_Static_assert(sizeof(struct __kernel_old_timespec) == 8, "timespec");
_Static_assert(sizeof(struct __kernel_timespec) == 16, "timespec64");
_Static_assert(sizeof(struct iovec) == 8, "iovec");
