/*
 * init: the first process, the ancestor of all others.
 *
 * It mounts what the kernel leaves to us, then runs one program. If tools/run
 * named one (the ramdisk has /.run/argv), init runs that, reports how it ended
 * through /dev/run/control and turns the machine off. Otherwise it keeps a
 * shell running on the console until somebody says `poweroff`.
 *
 * Promises: every orphan is reaped; with `books=1` on the kernel's command
 * line the kernel's books are compared before the program's start and after
 * the end of the last process, and each difference is reported; init itself
 * never returns, since the death of the first process is a panic.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* The records that /dev/run/control takes; the kernel adds the lengths. */
enum record { RECORD_EXIT = 3, RECORD_BOOKS = 5, RECORD_NOTICE = 6 };

/* How long the orphans of a program whose books are compared may live on, and
 * the books may take to balance. */
enum { ORPHAN_SECONDS = 2 };

static char books_before[4096], books_after[4096], books_changed[4096];
static int control = -1;

static void say(const char *what, const char *why)
{
    dprintf(2, "init: %s: %s\n", what, why);
}

/*
 * Reads a whole small file and ends it with a NUL. Returns its length, or -1.
 */
static ssize_t file_read(const char *path, char *bytes, size_t room)
{
    ssize_t length = 0, count;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return -1;
    while ((count = read(fd, bytes + length, room - 1 - length)) > 0)
        length += count;
    close(fd);
    bytes[length] = '\0';
    return count < 0 ? -1 : length;
}

static void record_send(enum record type, const void *payload, size_t length)
{
    uint32_t head = type;
    struct iovec parts[] = {{&head, sizeof head}, {(void *)payload, length}};

    if (writev(control, parts, 2) < 0)
        say("/dev/run/control", strerror(errno));
}

static void mounts_make(void)
{
    static const struct {
        const char *path;
        mode_t mode;
    } directories[] = {{"/proc", 0555},
                       {"/dev/shm", 01777},
                       {"/tmp", 01777},
                       {"/root", 0700},
                       {"/etc", 0755}};

    for (size_t i = 0; i < sizeof directories / sizeof *directories; i++) {
        mkdir(directories[i].path, 0755);
        chmod(directories[i].path, directories[i].mode);
    }
    if (mount("proc", "/proc", "proc", 0, NULL) < 0 && errno != EBUSY)
        say("/proc", strerror(errno));
}

/* Makes fd 0, 1 and 2 the console, for what init itself has to say. */
static void console_open(const char *path)
{
    int fd = open(path, O_RDWR);

    for (int stream = 0; fd >= 0 && stream < 3; stream++)
        if (fd != stream)
            dup2(fd, stream);
    if (fd > 2)
        close(fd);
}

/* What tools/run's terminal has; a screen knows its own size. */
static void window_size_set(int terminal)
{
    struct winsize size = {0};
    char text[32];

    ioctl(terminal, TIOCGWINSZ, &size);
    if (size.ws_row == 0 && file_read("/.run/size", text, sizeof text) > 0 &&
        sscanf(text, "%hu %hu", &size.ws_row, &size.ws_col) == 2)
        ioctl(terminal, TIOCSWINSZ, &size);
}

/* A fork before any program runs; without it there is nothing left to do. */
static pid_t fork_or_die(void)
{
    pid_t pid = fork();

    if (pid >= 0)
        return pid;
    say("fork", strerror(errno));
    reboot(RB_POWER_OFF);
    for (;;)
        pause();
}

static void shell_exec(void)
{
    setsid();
    console_open("/dev/console");
    ioctl(0, TIOCSCTTY, 0);
    window_size_set(0);
    setenv("PATH", "/bin", 1);
    setenv("HOME", "/root", 1);
    setenv("TERM", "vt100", 0);
    execl("/bin/sh", "sh", (char *)NULL);
    say("/bin/sh", strerror(errno));
    _exit(127);
}

/* Runs shell after shell; only a shell that cannot start ends the machine. */
static void shell_keep(void)
{
    for (;;) {
        pid_t ended, shell = fork_or_die();
        int status = 0;

        if (shell == 0)
            shell_exec();
        do
            ended = wait(&status);
        while (ended != shell);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
            if (access("/bin/sh", X_OK) < 0)
                reboot(RB_POWER_OFF);
            sleep(1); /* out of memory, say: not as fast as it can fail */
        }
        dprintf(1, "\nThe shell ended; here is a new one. `poweroff` turns "
                   "the machine off.\n");
    }
}

/* Cuts NUL-ended strings apart. The vector ends with a null pointer. */
static char **strings_split(char *bytes, ssize_t length)
{
    char **vector = calloc(length + 2, sizeof *vector);
    size_t count = 0;

    for (char *at = bytes; vector && at < bytes + length; at += strlen(at) + 1)
        vector[count++] = at;
    return vector;
}

/*
 * Like file_read for the files of any size that tools/run packs: the vector
 * of strings in a file, empty if there is no such file.
 */
static char **strings_load(const char *path)
{
    struct stat about = {0};
    char *bytes;
    ssize_t length;

    stat(path, &about);
    bytes = malloc(about.st_size + 2);
    if (!bytes)
        return NULL;
    length = file_read(path, bytes, about.st_size + 2);
    return strings_split(bytes, length < 0 ? 0 : length);
}

static int stream_open(int stream)
{
    static const char *const paths[] = {"/dev/run/stdin", "/dev/run/stdout",
                                        "/dev/run/stderr"};

    if (stream != 0)
        return open(paths[stream], O_WRONLY);
    if (access("/.run/stdin", R_OK) == 0)
        return open("/.run/stdin", O_RDONLY);
    return open(paths[0], O_RDONLY);
}

/*
 * Gives the program a session whose terminal is tools/run's, so that the
 * host's signals find its foreground group, and streams that are terminals
 * exactly where the host's are.
 */
static void streams_open(void)
{
    char terminals[8] = "000";
    int terminal = open("/dev/run/tty", O_RDWR | O_CLOEXEC);

    setsid();
    ioctl(terminal, TIOCSCTTY, 0);
    window_size_set(terminal);
    file_read("/.run/terminals", terminals, sizeof terminals);
    for (int stream = 0; stream < 3; stream++) {
        bool tty = terminals[stream] == '1';
        int fd = tty ? dup(terminal) : stream_open(stream);

        if (fd < 0)
            say("a standard stream", strerror(errno));
        if (fd >= 0 && fd != stream) {
            dup2(fd, stream);
            close(fd);
        }
    }
    close(terminal);
}

/* Tells the host why the program did not start, as a shell would put it. */
static void exec_refused(const char *name, int error)
{
    int status = error == ENOENT || error == ENOTDIR ? 127 : 126;
    char text[512];
    int length = snprintf(text, sizeof text, "%d %s: %s", status, name,
                          status == 127 ? "not found" : strerror(error));

    if (length >= (int)sizeof text)
        length = sizeof text - 1;
    record_send(RECORD_NOTICE, text, length);
    _exit(status);
}

static void program_exec(void)
{
    char **arguments = strings_load("/.run/argv");
    char **variables = strings_load("/.run/environ");
    const char *name;

    if (!arguments || !variables || !arguments[0])
        exec_refused("/.run/argv", ENOENT);
    name = arguments[0];
    clearenv();
    for (char **variable = variables; *variable; variable++)
        putenv(*variable);
    setenv("PATH", "/bin", 0);
    setenv("HOME", "/root", 0);
    streams_open();
    /* A file of the host comes along under /.run/bin; argv[0] stays as given */
    if (strchr(name, '/')) {
        char copy[4096];

        snprintf(copy, sizeof copy, "/.run/bin/%s", strrchr(name, '/') + 1);
        execv(access(copy, F_OK) == 0 ? copy : name, arguments);
    } else {
        execvp(name, arguments);
    }
    exec_refused(name, errno);
}

static volatile sig_atomic_t alarm_rang;

static void alarm_rings(int number)
{
    alarm_rang = number;
}

/*
 * Ends what the program left behind, after `seconds` of grace. A kill reaches
 * only those that are there, and a fork bomb's next are not yet: repeat until
 * no child is left. The alarm repeats too, since it may ring between two waits.
 */
static void orphans_end(unsigned seconds)
{
    struct sigaction ring = {.sa_handler = alarm_rings};
    struct itimerval grace = {{0, 100000}, {seconds, 0}}, never = {{0}, {0}};
    bool killing = seconds == 0;

    sigaction(SIGALRM, &ring, NULL);
    setitimer(ITIMER_REAL, &grace, NULL);
    for (;;) {
        if (killing)
            kill(-1, SIGKILL);
        if (wait(NULL) < 0 && errno == ECHILD)
            break;
        while (waitpid(-1, NULL, WNOHANG) > 0)
            continue;
        killing = killing || alarm_rang;
    }
    setitimer(ITIMER_REAL, &never, NULL);
}

/* The value that a `name value` line of the books gives to a name, or "-". */
static const char *books_find(const char *books, const char *name, char *value)
{
    size_t length = strlen(name);

    strcpy(value, "-");
    for (const char *line = books; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, length) == 0 && line[length] == ' ') {
            sscanf(line + length, "%31s", value);
            break;
        }
    }
    return value;
}

/* Appends `name before after` for each name of one book that changed. */
static void books_compare(const char *names, char *report, size_t room)
{
    char name[32], before[32], after[32];

    *report = '\0';
    for (const char *line = names; line; line = strchr(line, '\n')) {
        size_t used = strlen(report);

        line += *line == '\n';
        if (sscanf(line, "%31s", name) != 1)
            continue;
        books_find(books_before, name, before);
        books_find(books_after, name, after);
        if (strcmp(before, after) != 0)
            snprintf(report + used, room - used, "%s %s %s\n", name, before,
                     after);
    }
}

/*
 * Reads twice: what the kernel allocates for the reading itself, and keeps,
 * is then there before as well as after.
 */
static bool books_read(char *books, size_t room)
{
    return file_read("/proc/books", books, room) > 0 &&
           file_read("/proc/books", books, room) > 0;
}

/*
 * A thread that its process has outlived may still be on another CPU, about to
 * give its memory back: what differs is looked at again for a while.
 */
static void books_report(bool opened)
{
    char *report = books_changed;

    for (int left = ORPHAN_SECONDS * 1000; left >= 0; left--) {
        if (!opened || !books_read(books_after, sizeof books_after)) {
            strcpy(report, "/proc/books missing missing\n");
            break;
        }
        books_compare(books_after, report, sizeof books_changed);
        if (*report == '\0')
            break;
        usleep(1000);
    }
    record_send(RECORD_BOOKS, report, strlen(report));
}

static bool books_wanted(void)
{
    char options[4096];

    return file_read("/proc/cmdline", options, sizeof options) > 0 &&
           strstr(options, "books=1");
}

/* Runs the program of tools/run and reports how it ended. */
static void program_run(void)
{
    bool wanted = books_wanted(), opened = false;
    uint32_t report;
    int status = 0;
    pid_t program, ended;

    control = open("/dev/run/control", O_WRONLY | O_CLOEXEC);
    if (control < 0)
        say("/dev/run/control", strerror(errno));
    if (wanted) {
        /* Pages of ours that are first written later would look like a leak. */
        memset(books_after, ' ', sizeof books_after);
        memset(books_changed, ' ', sizeof books_changed);
        opened = books_read(books_before, sizeof books_before);
    }
    program = fork_or_die();
    if (program == 0)
        program_exec();
    do
        ended = wait(&status);
    while (ended != program);
    orphans_end(wanted ? ORPHAN_SECONDS : 0);
    if (wanted)
        books_report(opened);
    report = status;
    record_send(RECORD_EXIT, &report, sizeof report);
}

int main(void)
{
    if (getpid() != 1) {
        say("I am the first process or nothing", "somebody else is");
        return 1;
    }
    if (fcntl(0, F_GETFD) < 0)
        console_open("/dev/console");
    umask(022);
    mounts_make();
    if (access("/.run/argv", F_OK) == 0)
        program_run();
    else
        shell_keep();
    reboot(RB_POWER_OFF);
    say("the machine stays on", strerror(errno));
    for (;;)
        pause();
}
