/* /proc describes a process as it is: name, memory, files, arguments. */
/* only: spindle */
#include "say.h"

#include <fcntl.h>
#include <stdbool.h>

static char text[8192];

static const char *proc_read(const char *name)
{
    char path[64];
    ssize_t length = 0, count;
    int fd;

    snprintf(path, sizeof path, "/proc/%s", name);
    fd = MUST(open(path, O_RDONLY));
    while ((count = MUST(read(fd, text + length, 100))) > 0)
        length += count;
    text[length] = '\0';
    close(fd);
    return text;
}

static int wrong;

static void check(const char *what, bool right)
{
    if (!right)
        say("%s is wrong:\n%s", what, text);
    wrong += !right;
}

int main(void)
{
    char path[64];
    int pid, parent;

    proc_read("self/stat");
    check("stat", sscanf(text, "%d (procfs_self) R %d", &pid, &parent) == 2 &&
                      pid == getpid() && parent == getppid());
    check("status", strstr(proc_read("self/status"), "Name:\tprocfs_self\n"));
    check("maps",
          strstr(proc_read("self/maps"), " r-xp ") && strstr(text, "[stack]"));
    check("cmdline", strstr(proc_read("self/cmdline"), "procfs_self"));
    check("meminfo", strstr(proc_read("meminfo"), "MemTotal:"));
    check("stat of all", strstr(proc_read("stat"), "cpu "));
    usleep(20000);
    check("uptime", atof(proc_read("uptime")) > 0);
    check("mounts", strstr(proc_read("mounts"), " /proc proc "));
    snprintf(path, sizeof path, "%d/cmdline", getpid());
    check("by number", strstr(proc_read(path), "procfs_self"));
    check("fd 0", readlink("/proc/self/fd/0", path, sizeof path) > 0);
    check("fd 99", readlink("/proc/self/fd/99", path, sizeof path) < 0);
    check("none", open("/proc/999999", O_RDONLY) < 0);
    check("not writable", open("/proc/self/new", O_CREAT | O_RDWR, 0644) < 0);
    if (wrong == 0)
        say("pass");
    return wrong != 0;
}
