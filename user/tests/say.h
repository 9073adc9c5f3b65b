/*
 * What a test program needs to speak: it says what it does and what came of
 * it, one line a step, the same on Linux and on Spindle. So never print an
 * address, a process id, a time or anything else that may differ.
 *
 * Each line is one write(): lines of parent and child never mix, and a fork
 * copies no half-full buffer. Do not use stdio's output beside it.
 */
#pragma once

#define _GNU_SOURCE 1

#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Does a step and says what it returned, with errno's name if that is -1. */
#define TRY(call) say_result(#call, (errno = 0, (long)(call)))

/* A step that cannot fail unless everything has: then the test ends. */
#define MUST(call) must(#call, (long)(call))

static inline void say(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

static inline void say(const char *format, ...)
{
    char line[4096];
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    if (length > (int)sizeof line - 2)
        length = sizeof line - 2;
    line[length] = '\n';
    if (write(1, line, length + 1) < 0)
        _exit(99);
}

static inline const char *error_name(int error)
{
#define ROW(name) [name] = #name
    static const char *const names[] = {
        ROW(E2BIG),   ROW(EACCES),     ROW(EAGAIN),         ROW(EBADF),
        ROW(EBUSY),   ROW(ECHILD),     ROW(EEXIST),         ROW(EFAULT),
        ROW(EFBIG),   ROW(EINTR),      ROW(EINVAL),         ROW(EIO),
        ROW(EISDIR),  ROW(ELOOP),      ROW(EMFILE),         ROW(EMLINK),
        ROW(ENFILE),  ROW(ENODEV),     ROW(ENAMETOOLONG),   ROW(ENOENT),
        ROW(ENOEXEC), ROW(ENOMEM),     ROW(ENOSPC),         ROW(ENOSYS),
        ROW(ENOTDIR), ROW(ENOTEMPTY),  ROW(ENOTTY),         ROW(ENXIO),
        ROW(EPERM),   ROW(EPIPE),      ROW(ERANGE),         ROW(EROFS),
        ROW(ESPIPE),  ROW(ESRCH),      ROW(ETIMEDOUT),      ROW(ETXTBSY),
        ROW(EXDEV),   ROW(EOVERFLOW),  ROW(EOPNOTSUPP),     ROW(ENOTSOCK),
        ROW(EDEADLK), ROW(EOWNERDEAD), ROW(ENOTRECOVERABLE)};
#undef ROW

    if (error > 0 && error < (int)COUNT(names) && names[error])
        return names[error];
    return error ? "another error" : "no error";
}

static inline const char *signal_name(int number)
{
#define ROW(name) [name] = #name
    static const char *const names[] = {
        ROW(SIGHUP),  ROW(SIGINT),   ROW(SIGQUIT), ROW(SIGILL),  ROW(SIGTRAP),
        ROW(SIGABRT), ROW(SIGBUS),   ROW(SIGFPE),  ROW(SIGKILL), ROW(SIGUSR1),
        ROW(SIGSEGV), ROW(SIGUSR2),  ROW(SIGPIPE), ROW(SIGALRM), ROW(SIGTERM),
        ROW(SIGCHLD), ROW(SIGCONT),  ROW(SIGSTOP), ROW(SIGTSTP), ROW(SIGTTIN),
        ROW(SIGTTOU), ROW(SIGURG),   ROW(SIGXCPU), ROW(SIGXFSZ), ROW(SIGVTALRM),
        ROW(SIGPROF), ROW(SIGWINCH), ROW(SIGIO),   ROW(SIGPWR),  ROW(SIGSYS)};
#undef ROW

    if (number > 0 && number < (int)COUNT(names) && names[number])
        return names[number];
    return "another signal";
}

static inline long say_result(const char *call, long result)
{
    int error = errno;

    if (result == -1 && error)
        say("%s: %s", call, error_name(error));
    else
        say("%s: %ld", call, result);
    errno = error;
    return result;
}

static inline long must(const char *call, long result)
{
    if (result == -1) {
        say("cannot go on: %s: %s", call, error_name(errno));
        _exit(98);
    }
    return result;
}

/* Says how a process ended, from the status that wait() gave. */
static inline void say_status(const char *who, int status)
{
    if (WIFEXITED(status))
        say("%s exited with %d", who, WEXITSTATUS(status));
    else if (WIFSIGNALED(status))
        say("%s was killed by %s", who, signal_name(WTERMSIG(status)));
    else if (WIFSTOPPED(status))
        say("%s was stopped by %s", who, signal_name(WSTOPSIG(status)));
    else if (WIFCONTINUED(status))
        say("%s was continued", who);
    else
        say("%s has the strange status %x", who, status);
}

/* The path of the running program, for those that start themselves again. */
static inline const char *self_path(void)
{
    return (const char *)getauxval(AT_EXECFN);
}

/* Makes a copy of the running program. */
static inline void self_copy(const char *path)
{
    static char bytes[65536];
    FILE *from = fopen(self_path(), "r"), *to = fopen(path, "w");
    size_t size;

    if (!from || !to)
        must("self_copy", -1);
    while ((size = fread(bytes, 1, sizeof bytes, from)) > 0)
        if (fwrite(bytes, 1, size, to) != size)
            must("self_copy", -1);
    fclose(from);
    if (fclose(to) != 0 || chmod(path, 0755) < 0)
        must("self_copy", -1);
}

/* Runs a function in a child and says how the child ended. */
static inline void child_run(const char *who, void (*function)(void))
{
    pid_t pid = MUST(fork());
    int status = 0;

    if (pid == 0) {
        function();
        _exit(0);
    }
    MUST(waitpid(pid, &status, 0));
    say_status(who, status);
}

static char scratch_path[64];
static pid_t scratch_owner;

static inline int scratch_forget(const char *path, const struct stat *about,
                                 int kind, struct FTW *where)
{
    (void)about, (void)kind, (void)where;
    return remove(path);
}

static inline void scratch_remove(void)
{
    if (getpid() != scratch_owner || chdir("/") < 0)
        return;
    nftw(scratch_path, scratch_forget, 16, FTW_DEPTH | FTW_PHYS);
}

/* Goes to a new directory, which vanishes with the program's normal end. */
static inline void scratch_enter(void)
{
    strcpy(scratch_path, "/tmp/test-XXXXXX");
    if (!mkdtemp(scratch_path))
        must("mkdtemp", -1);
    scratch_owner = getpid();
    MUST(chdir(scratch_path));
    umask(022);
    atexit(scratch_remove);
}

/* Makes a file with these contents. */
static inline void file_make(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        must("file_make", -1);
}

/* Says the contents of a small file, unprintable bytes as dots. */
static inline void file_say(const char *path)
{
    char bytes[1024];
    FILE *file = fopen(path, "r");
    size_t length = file ? fread(bytes, 1, sizeof bytes - 1, file) : 0;

    for (size_t i = 0; i < length; i++)
        if (bytes[i] < ' ' || bytes[i] > '~')
            bytes[i] = '.';
    bytes[length] = '\0';
    if (file)
        fclose(file);
    say("%s: \"%s\"%s", path, bytes, file ? "" : " (none)");
}

/* Installs a handler with these flags and an empty mask. */
static inline void handler_set(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

    MUST(sigaction(number, &action, NULL));
}
