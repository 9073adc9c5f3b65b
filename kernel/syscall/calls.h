/*
 * The system calls: one row a call, in the order of their Linux i386 numbers.
 *
 *     SYSCALL(number, name, arguments...)
 *     SYSCALL_AS(number, name, function, arguments...)
 *
 * A row is all that is needed besides the function itself, which is
 * `s32 sys_NAME(typed arguments)` in the file of its group and returns a
 * result >= 0 or -errno. From the row come the prototype, the entry of the
 * dispatch table, and what `strace=1` prints. A call that is another one with
 * less said has no function of its own: its row names the other's, and gives
 * what its caller doesn't. An argument is one of:
 *
 *     INT(n) FD(n)      int n                 printed as a signed number
 *     U32(n) SIZE(n)    u32 n, size_t n       printed as a number
 *     FLAGS(n) MODE(n)  u32 n                 hexadecimal, octal
 *     USER(type, n)     type user *n          hexadecimal
 *     PATH(n)           const char user *n    printed as "text"
 *     OFF64(n)          u64 n                 two registers, the low one first
 *     OFF32(n)          u64 n                 one register, with its sign
 *     EXIT(n)           int n                 the call never returns
 *     FRAME             struct trap_frame *frame, in no register
 *     FIXED(type, value)                      given here, in no register:
 *     NO_FLAGS          u32 flags             0
 *     NARROW WIDE       bool wide             times and masks of 32 or 64 bits
 *     OWN_UID OWN_GID   struct identity *who  the caller's
 *     READS WRITES      file_mover move       file_read, file_write
 *
 * Some are got before the call and given back after it, whatever comes of it;
 * where they cannot be had, there is no call, only its -errno:
 *
 *     OPEN(n)           struct file *n        of a descriptor, or -EBADF
 *     ITS_FILE          struct file *file     of the FD before, in no register
 *     PLACE(n)          struct place *n       a path's text
 *     PLACE_AT(n)                             directory and path
 *     FOUND(n)          const struct path *n  what a path leads to
 *     FOUND_LINK(n)                           itself, if that is a link
 *     FOUND_AT(n)                             directory and path
 *     FOUND_BY(n, w, known)                   by the AT_ flags in word w, of
 *                                             which `known` are allowed
 *     FOUND_FD(n)                             of a descriptor
 *     FOUND_OR_FD(n) FOUND_OR_FD_BY(...)      directory and path, which may be
 *                                             NULL: then of the descriptor
 *     IN(type, n)       const type *n         a copy
 *     OUT(type, n)      type *n               copied out if the result is >= 0
 *     IN_OUT(type, n)   type *n               both
 *     IN_OR_NULL(...) OUT_OR_NULL(...)        NULL where the caller gave none
 *
 * This file is included once for each thing made from it; see table.h.
 */

SYSCALL(0, restart_syscall)
SYSCALL(1, exit, EXIT(status))
SYSCALL(2, fork, FRAME)
SYSCALL(3, read, FD(fd), USER(void, buffer), SIZE(size))
SYSCALL(4, write, FD(fd), USER(const void, buffer), SIZE(size))
SYSCALL_AS(5, open, openat, PLACE(path), FLAGS(flags), MODE(mode))
SYSCALL(6, close, FD(fd))
SYSCALL_AS(7, waitpid, wait4, INT(pid), USER(u32, status), FLAGS(options),
           FIXED(struct rusage user *, NULL))
SYSCALL_AS(8, creat, openat, PLACE(path),
           FIXED(u32, O_CREAT | O_WRONLY | O_TRUNC), MODE(mode))
SYSCALL_AS(9, link, linkat, PLACE(old_path), PLACE(new_path), NO_FLAGS)
SYSCALL_AS(10, unlink, unlinkat, PLACE(path), NO_FLAGS)
SYSCALL(11, execve, FRAME, PATH(path), USER(const u32, arguments),
        USER(const u32, environment))
SYSCALL(12, chdir, FOUND(path))
SYSCALL(13, time, USER(s32, seconds))
SYSCALL_AS(14, mknod, mknodat, PLACE(path), MODE(mode), U32(device))
SYSCALL(15, chmod, FOUND(path), MODE(mode))
SYSCALL(19, lseek, OPEN(fd), INT(offset), U32(whence))
SYSCALL(20, getpid)
SYSCALL(21, mount, PATH(source), PATH(target), PATH(type), FLAGS(flags),
        USER(void, data))
SYSCALL(24, getuid, OWN_UID)
SYSCALL(27, alarm, U32(seconds))
SYSCALL(29, pause)
SYSCALL(30, utime, FOUND(path), USER(const s32, times))
SYSCALL_AS(33, access, faccessat2, FOUND(path), MODE(want), NO_FLAGS)
SYSCALL(34, nice, INT(increment))
SYSCALL(36, sync)
SYSCALL(37, kill, INT(pid), INT(signal))
SYSCALL_AS(38, rename, renameat2, PLACE(old_path), PLACE(new_path), NO_FLAGS)
SYSCALL_AS(39, mkdir, mkdirat, PLACE(path), MODE(mode))
SYSCALL_AS(40, rmdir, unlinkat, PLACE(path), FIXED(u32, AT_REMOVEDIR))
SYSCALL(41, dup, OPEN(fd))
SYSCALL_AS(42, pipe, pipe2, USER(s32, fds), NO_FLAGS)
SYSCALL(43, times, OUT_OR_NULL(struct tms, times))
SYSCALL(45, brk, U32(end))
SYSCALL_AS(47, getgid, getuid, OWN_GID)
SYSCALL(49, geteuid, OWN_UID)
SYSCALL_AS(50, getegid, geteuid, OWN_GID)
SYSCALL(52, umount2, PATH(target), FLAGS(flags))
SYSCALL(54, ioctl, FD(fd), ITS_FILE, FLAGS(request), FLAGS(argument))
SYSCALL(55, fcntl, FD(fd), ITS_FILE, U32(command), FLAGS(argument))
SYSCALL(57, setpgid, INT(pid), INT(group))
SYSCALL(60, umask, MODE(mask))
SYSCALL(61, chroot, FOUND(path))
SYSCALL(63, dup2, FD(from), FD(to))
SYSCALL(64, getppid)
SYSCALL_AS(65, getpgrp, getpgid, FIXED(s32, 0), FIXED(bool, false))
SYSCALL(66, setsid)
SYSCALL(67, sigaction, INT(signal), IN_OR_NULL(struct old_sigaction, action),
        OUT_OR_NULL(struct old_sigaction, old))
SYSCALL(72, sigsuspend, U32(unused1), U32(unused2), FLAGS(mask))
SYSCALL_AS(73, sigpending, rt_sigpending, USER(void, set),
           FIXED(size_t, sizeof(u32)))
SYSCALL(74, sethostname, USER(const char, name), INT(length))
SYSCALL(75, setrlimit, U32(resource), IN(struct rlimit, limit))
SYSCALL(77, getrusage, INT(who), OUT(struct rusage, usage))
SYSCALL(78, gettimeofday, OUT_OR_NULL(struct __kernel_old_timeval, time),
        OUT_OR_NULL(struct timezone, zone))
SYSCALL(79, settimeofday, IN_OR_NULL(struct __kernel_old_timeval, time))
SYSCALL_AS(81, setgroups, setgroups32, INT(count), USER(const void, groups),
           NARROW)
SYSCALL_AS(83, symlink, symlinkat, PLACE(target), PLACE(path))
SYSCALL_AS(85, readlink, readlinkat, PLACE(path), USER(char, buffer), INT(size))
SYSCALL(88, reboot, FLAGS(magic1), FLAGS(magic2), FLAGS(command))
SYSCALL(91, munmap, U32(start), SIZE(size))
SYSCALL_AS(92, truncate, truncate64, PLACE(path), OFF32(size))
SYSCALL_AS(93, ftruncate, ftruncate64, OPEN(fd), OFF32(size))
SYSCALL_AS(94, fchmod, chmod, FOUND_FD(fd), MODE(mode))
SYSCALL_AS(96, getpriority, setpriority, INT(which), INT(who), FIXED(s32, 0),
           FIXED(bool, true))
SYSCALL(97, setpriority, INT(which), INT(who), INT(priority),
        FIXED(bool, false))
SYSCALL_AS(99, statfs, statfs64, FOUND(path),
           FIXED(size_t, sizeof(struct statfs64)), USER(void, result), NARROW)
SYSCALL_AS(100, fstatfs, statfs64, FOUND_FD(fd),
           FIXED(size_t, sizeof(struct statfs64)), USER(void, result), NARROW)
SYSCALL(103, syslog, INT(type), USER(char, buffer), INT(size))
SYSCALL(104, setitimer, INT(which),
        IN_OR_NULL(struct __kernel_old_itimerval, value),
        OUT_OR_NULL(struct __kernel_old_itimerval, old))
SYSCALL(105, getitimer, INT(which), OUT(struct __kernel_old_itimerval, value))
SYSCALL(114, wait4, INT(pid), USER(u32, status), FLAGS(options),
        USER(struct rusage, usage))
SYSCALL(116, sysinfo, OUT(struct sysinfo, info))
SYSCALL(118, fsync, OPEN(fd))
SYSCALL(119, sigreturn, FRAME, FIXED(bool, false))
SYSCALL(120, clone, FRAME, FLAGS(flags), U32(stack), USER(u32, parent_tid),
        USER(void, tls), USER(u32, child_tid))
SYSCALL(122, uname, OUT(struct new_utsname, names))
SYSCALL(125, mprotect, U32(start), SIZE(size), FLAGS(rights))
SYSCALL_AS(126, sigprocmask, rt_sigprocmask, INT(how), USER(const void, set),
           USER(void, old), FIXED(size_t, sizeof(signal_set)), NARROW)
SYSCALL(132, getpgid, INT(pid), FIXED(bool, false))
SYSCALL_AS(133, fchdir, chdir, FOUND_FD(fd))
SYSCALL(136, personality, FLAGS(persona))
SYSCALL(140, _llseek, OPEN(fd), U32(high), U32(low), OUT(s64, result),
        U32(whence))
SYSCALL(142, _newselect, INT(count), USER(u32, read), USER(u32, write),
        USER(u32, other), USER(struct __kernel_old_timeval, timeout))
SYSCALL(144, msync, U32(start), SIZE(size), FLAGS(flags))
SYSCALL_AS(145, readv, preadv2, OPEN(fd), USER(const struct iovec, vectors),
           U32(count), FIXED(u64, UINT64_MAX), NO_FLAGS, FIXED(bool, false),
           READS)
SYSCALL_AS(146, writev, preadv2, OPEN(fd), USER(const struct iovec, vectors),
           U32(count), FIXED(u64, UINT64_MAX), NO_FLAGS, FIXED(bool, false),
           WRITES)
SYSCALL_AS(147, getsid, getpgid, INT(pid), FIXED(bool, true))
SYSCALL_AS(148, fdatasync, fsync, OPEN(fd))
SYSCALL_AS(150, mlock, mlock2, U32(start), SIZE(size), NO_FLAGS)
SYSCALL(151, munlock, U32(start), SIZE(size))
SYSCALL(152, mlockall, FLAGS(flags))
SYSCALL(153, munlockall)
SYSCALL(154, sched_setparam, INT(pid), IN_OR_NULL(s32, parameter))
SYSCALL(155, sched_getparam, INT(pid), OUT_OR_NULL(s32, parameter))
SYSCALL(156, sched_setscheduler, INT(pid), INT(policy),
        IN_OR_NULL(s32, parameter))
SYSCALL(157, sched_getscheduler, INT(pid))
SYSCALL(158, sched_yield)
SYSCALL(159, sched_get_priority_max, INT(policy), FIXED(u32, REAL_TIME_BEST))
SYSCALL_AS(160, sched_get_priority_min, sched_get_priority_max, INT(policy),
           FIXED(u32, 1))
SYSCALL(161, sched_rr_get_interval, INT(pid), USER(void, interval), NARROW)
SYSCALL_AS(162, nanosleep, clock_nanosleep, FIXED(s32, CLOCK_MONOTONIC),
           NO_FLAGS, USER(const void, request), USER(void, remaining), NARROW)
SYSCALL(163, mremap, U32(start), SIZE(old_size), SIZE(new_size), FLAGS(flags),
        U32(new_address))
SYSCALL(164, setresuid, OWN_UID, U32(real), U32(effective), U32(saved))
SYSCALL(168, poll, USER(struct pollfd, fds), U32(count), INT(milliseconds))
SYSCALL_AS(170, setresgid, setresuid, OWN_GID, U32(real), U32(effective),
           U32(saved))
SYSCALL(172, prctl, INT(option), U32(argument2))
SYSCALL_AS(173, rt_sigreturn, sigreturn, FRAME, FIXED(bool, true))
SYSCALL(174, rt_sigaction, INT(signal),
        IN_OR_NULL(struct signal_action, action),
        OUT_OR_NULL(struct signal_action, old), SIZE(set_size))
SYSCALL(175, rt_sigprocmask, INT(how), USER(const void, set), USER(void, old),
        SIZE(set_size), WIDE)
SYSCALL(176, rt_sigpending, USER(void, set), SIZE(set_size))
SYSCALL(177, rt_sigtimedwait, IN(u64, set), OUT_OR_NULL(siginfo_t, info),
        USER(const void, timeout), SIZE(set_size), NARROW)
SYSCALL(178, rt_sigqueueinfo, INT(pid), INT(signal), IN(siginfo_t, info))
SYSCALL(179, rt_sigsuspend, IN(u64, set), SIZE(set_size))
SYSCALL(180, pread64, OPEN(fd), USER(void, buffer), SIZE(size), OFF64(offset),
        READS)
SYSCALL_AS(181, pwrite64, pread64, OPEN(fd), USER(void, buffer), SIZE(size),
           OFF64(offset), WRITES)
SYSCALL(183, getcwd, USER(char, buffer), SIZE(size))
SYSCALL(186, sigaltstack, FRAME, IN_OR_NULL(stack_t, stack),
        OUT_OR_NULL(stack_t, old))
SYSCALL_AS(187, sendfile, sendfile64, OPEN(out), OPEN(in), USER(void, offset),
           SIZE(size), NARROW)
SYSCALL(190, vfork, FRAME)
SYSCALL(191, ugetrlimit, U32(resource), OUT(struct rlimit, limit))
SYSCALL(192, mmap2, U32(address), SIZE(size), FLAGS(rights), FLAGS(flags),
        FD(fd), U32(page))
SYSCALL(193, truncate64, PLACE(path), OFF64(size))
SYSCALL(194, ftruncate64, OPEN(fd), OFF64(size))
SYSCALL_AS(195, stat64, fstatat64, FOUND(path), OUT(struct stat64, result),
           NO_FLAGS)
SYSCALL_AS(196, lstat64, fstatat64, FOUND_LINK(path),
           OUT(struct stat64, result), NO_FLAGS)
SYSCALL_AS(197, fstat64, fstatat64, FOUND_FD(fd), OUT(struct stat64, result),
           NO_FLAGS)
SYSCALL_AS(198, lchown32, fchownat, FOUND_LINK(path), U32(uid), U32(gid),
           NO_FLAGS)
SYSCALL(199, getuid32, OWN_UID)
SYSCALL_AS(200, getgid32, getuid32, OWN_GID)
SYSCALL(201, geteuid32, OWN_UID)
SYSCALL_AS(202, getegid32, geteuid32, OWN_GID)
SYSCALL(203, setreuid32, OWN_UID, U32(real), U32(effective))
SYSCALL_AS(204, setregid32, setreuid32, OWN_GID, U32(real), U32(effective))
SYSCALL(205, getgroups32, INT(count), USER(u32, groups))
SYSCALL(206, setgroups32, INT(count), USER(const void, groups), WIDE)
SYSCALL_AS(207, fchown32, fchownat, FOUND_FD(fd), U32(uid), U32(gid), NO_FLAGS)
SYSCALL(208, setresuid32, OWN_UID, U32(real), U32(effective), U32(saved))
SYSCALL(209, getresuid32, OWN_UID, OUT(u32, real), OUT(u32, effective),
        OUT(u32, saved))
SYSCALL_AS(210, setresgid32, setresuid32, OWN_GID, U32(real), U32(effective),
           U32(saved))
SYSCALL_AS(211, getresgid32, getresuid32, OWN_GID, OUT(u32, real),
           OUT(u32, effective), OUT(u32, saved))
SYSCALL_AS(212, chown32, fchownat, FOUND(path), U32(uid), U32(gid), NO_FLAGS)
SYSCALL(213, setuid32, OWN_UID, U32(uid))
SYSCALL_AS(214, setgid32, setuid32, OWN_GID, U32(gid))
SYSCALL(215, setfsuid32, OWN_UID, U32(uid))
SYSCALL_AS(216, setfsgid32, setfsuid32, OWN_GID, U32(gid))
SYSCALL(218, mincore, U32(start), SIZE(size), USER(u8, present))
SYSCALL(219, madvise, U32(start), SIZE(size), INT(advice))
SYSCALL(220, getdents64, OPEN(fd), USER(struct linux_dirent64, entries),
        U32(size))
SYSCALL_AS(221, fcntl64, fcntl, FD(fd), ITS_FILE, U32(command), FLAGS(argument))
SYSCALL(224, gettid)
SYSCALL(238, tkill, INT(tid), INT(signal))
SYSCALL(239, sendfile64, OPEN(out), OPEN(in), USER(void, offset), SIZE(size),
        WIDE)
SYSCALL(240, futex, USER(u32, word), FLAGS(op), U32(value),
        USER(const void, timeout), USER(u32, word2), U32(value3), NARROW)
SYSCALL(241, sched_setaffinity, INT(pid), SIZE(size), USER(const u32, mask))
SYSCALL(242, sched_getaffinity, INT(pid), SIZE(size), OUT(u32, mask))
SYSCALL(243, set_thread_area, IN_OUT(struct user_desc, description))
SYSCALL(244, get_thread_area, IN_OUT(struct user_desc, description))
SYSCALL(250, fadvise64, OPEN(fd), OFF64(offset), SIZE(size), U32(advice))
SYSCALL(252, exit_group, EXIT(status))
SYSCALL(258, set_tid_address, USER(u32, tid))
SYSCALL(264, clock_settime, INT(clock), USER(const void, time), NARROW)
SYSCALL(265, clock_gettime, INT(clock), USER(void, time), NARROW)
SYSCALL(266, clock_getres, INT(clock), USER(void, time), NARROW)
SYSCALL(267, clock_nanosleep, INT(clock), FLAGS(flags),
        USER(const void, request), USER(void, remaining), NARROW)
SYSCALL(268, statfs64, FOUND(path), SIZE(size), USER(void, result), WIDE)
SYSCALL_AS(269, fstatfs64, statfs64, FOUND_FD(fd), SIZE(size),
           USER(void, result), WIDE)
SYSCALL(270, tgkill, INT(group), INT(tid), INT(signal))
SYSCALL_AS(271, utimes, futimesat, FOUND(path),
           USER(const struct __kernel_old_timeval, times))
SYSCALL(272, fadvise64_64, OPEN(fd), OFF64(offset), OFF64(size), U32(advice))
SYSCALL(284, waitid, INT(which), INT(id), USER(siginfo_t, info), FLAGS(options),
        USER(struct rusage, usage))
SYSCALL(295, openat, PLACE_AT(path), FLAGS(flags), MODE(mode))
SYSCALL(296, mkdirat, PLACE_AT(path), MODE(mode))
SYSCALL(297, mknodat, PLACE_AT(path), MODE(mode), U32(device))
SYSCALL(298, fchownat, FOUND_BY(path, 4, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH),
        U32(uid), U32(gid), FLAGS(flags))
SYSCALL(299, futimesat, FOUND_OR_FD(path),
        USER(const struct __kernel_old_timeval, times))
SYSCALL(300, fstatat64,
        FOUND_BY(path, 3,
                 AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT),
        OUT(struct stat64, result), FLAGS(flags))
SYSCALL(301, unlinkat, PLACE_AT(path), FLAGS(flags))
SYSCALL_AS(302, renameat, renameat2, PLACE_AT(old_path), PLACE_AT(new_path),
           NO_FLAGS)
SYSCALL(303, linkat, PLACE_AT(old_path), PLACE_AT(new_path), FLAGS(flags))
SYSCALL(304, symlinkat, PLACE(target), PLACE_AT(path))
SYSCALL(305, readlinkat, PLACE_AT(path), USER(char, buffer), INT(size))
SYSCALL_AS(306, fchmodat, chmod, FOUND_AT(path), MODE(mode))
SYSCALL_AS(307, faccessat, faccessat2, FOUND_AT(path), MODE(want), NO_FLAGS)
SYSCALL(308, pselect6, INT(count), USER(u32, read), USER(u32, write),
        USER(u32, other), USER(void, timeout), USER(const u32, mask), NARROW)
SYSCALL(309, ppoll, USER(struct pollfd, fds), U32(count), USER(void, timeout),
        USER(const u64, mask), SIZE(mask_size), NARROW)
SYSCALL(311, set_robust_list, USER(void, head), SIZE(size))
SYSCALL(312, get_robust_list, INT(tid), OUT(u32, head), OUT(u32, size))
SYSCALL(318, getcpu, OUT_OR_NULL(u32, cpu), OUT_OR_NULL(u32, node))
SYSCALL(320, utimensat,
        FOUND_OR_FD_BY(path, 3, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH),
        USER(const void, times), FLAGS(flags), NARROW)
SYSCALL(324, fallocate, OPEN(fd), FLAGS(mode), OFF64(offset), OFF64(size))
SYSCALL(330, dup3, FD(from), FD(to), FLAGS(flags))
SYSCALL(331, pipe2, USER(s32, fds), FLAGS(flags))
SYSCALL_AS(333, preadv, preadv2, OPEN(fd), USER(const struct iovec, vectors),
           U32(count), OFF64(offset), NO_FLAGS, FIXED(bool, true), READS)
SYSCALL_AS(334, pwritev, preadv2, OPEN(fd), USER(const struct iovec, vectors),
           U32(count), OFF64(offset), NO_FLAGS, FIXED(bool, true), WRITES)
SYSCALL(335, rt_tgsigqueueinfo, INT(group), INT(tid), INT(signal),
        IN(siginfo_t, info))
SYSCALL(340, prlimit64, INT(pid), U32(resource),
        IN_OR_NULL(struct rlimit64, limit), OUT_OR_NULL(struct rlimit64, old))
SYSCALL(344, syncfs, OPEN(fd))
SYSCALL(353, renameat2, PLACE_AT(old_path), PLACE_AT(new_path), FLAGS(flags))
SYSCALL(355, getrandom, USER(void, buffer), SIZE(size), FLAGS(flags))
SYSCALL(376, mlock2, U32(start), SIZE(size), FLAGS(flags))
SYSCALL(377, copy_file_range, OPEN(in), USER(u64, in_offset), OPEN(out),
        USER(u64, out_offset), SIZE(size), FLAGS(flags))
SYSCALL(378, preadv2, OPEN(fd), USER(const struct iovec, vectors), U32(count),
        OFF64(offset), FLAGS(flags), FIXED(bool, false), READS)
SYSCALL_AS(379, pwritev2, preadv2, OPEN(fd), USER(const struct iovec, vectors),
           U32(count), OFF64(offset), FLAGS(flags), FIXED(bool, false), WRITES)
SYSCALL(383, statx,
        FOUND_BY(path, 2,
                 AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT |
                     AT_STATX_SYNC_TYPE),
        FLAGS(flags), FLAGS(mask), OUT(struct statx, result))
SYSCALL_AS(403, clock_gettime64, clock_gettime, INT(clock), USER(void, time),
           WIDE)
SYSCALL_AS(404, clock_settime64, clock_settime, INT(clock),
           USER(const void, time), WIDE)
SYSCALL_AS(406, clock_getres_time64, clock_getres, INT(clock), USER(void, time),
           WIDE)
SYSCALL_AS(407, clock_nanosleep_time64, clock_nanosleep, INT(clock),
           FLAGS(flags), USER(const void, request), USER(void, remaining), WIDE)
SYSCALL_AS(412, utimensat_time64, utimensat,
           FOUND_OR_FD_BY(path, 3, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH),
           USER(const void, times), FLAGS(flags), WIDE)
SYSCALL_AS(413, pselect6_time64, pselect6, INT(count), USER(u32, read),
           USER(u32, write), USER(u32, other), USER(void, timeout),
           USER(const u32, mask), WIDE)
SYSCALL_AS(414, ppoll_time64, ppoll, USER(struct pollfd, fds), U32(count),
           USER(void, timeout), USER(const u64, mask), SIZE(mask_size), WIDE)
SYSCALL_AS(421, rt_sigtimedwait_time64, rt_sigtimedwait, IN(u64, set),
           OUT_OR_NULL(siginfo_t, info), USER(const void, timeout),
           SIZE(set_size), WIDE)
SYSCALL_AS(422, futex_time64, futex, USER(u32, word), FLAGS(op), U32(value),
           USER(const void, timeout), USER(u32, word2), U32(value3), WIDE)
SYSCALL_AS(423, sched_rr_get_interval_time64, sched_rr_get_interval, INT(pid),
           USER(void, interval), WIDE)
SYSCALL(436, close_range, U32(first), U32(last), FLAGS(flags))
SYSCALL(439, faccessat2,
        FOUND_BY(path, 3, AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH),
        MODE(want), FLAGS(flags))
