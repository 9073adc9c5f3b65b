/* A mount obeys its flags: read-only, no set-user-ID, no devices, no programs.
 */
#include "say.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <utime.h>

static void say_flags(const char *when)
{
    struct statvfs about;
    char line[512], shown[128] = "", scratch[128], *words[4];
    FILE *file = fopen("/proc/mounts", "r");

    MUST(statvfs("at", &about));
    snprintf(scratch, sizeof scratch, "%s/at", scratch_path);
    while (fgets(line, sizeof line, file)) {
        for (int i = 0; i < 4; i++)
            words[i] = strtok(i == 0 ? line : NULL, " ");
        if (strcmp(words[1], scratch) == 0)
            strcpy(shown, words[3]);
    }
    fclose(file);
    if (strchr(shown, ',') && strstr(shown, ",size="))
        *strstr(shown, ",size=") = '\0';
    say("%s: %lx %s", when, about.f_flag & 0x40f, shown);
}

static void remount(unsigned long flags)
{
    TRY(mount(NULL, "at", NULL, MS_REMOUNT | flags, NULL));
}

static void read_only(void)
{
    struct stat before, after;
    struct utimbuf times = {1, 2};
    char byte;
    int fd;

    TRY(open("at/file", O_WRONLY));
    TRY(open("at/file", O_RDWR));
    TRY(open("at/file", O_RDONLY | O_TRUNC));
    TRY(open("at/new", O_CREAT | O_RDONLY, 0644));
    TRY(open("at/file", O_CREAT | O_EXCL | O_RDONLY, 0644));
    TRY(close(open("at/file", O_CREAT | O_RDONLY, 0644)));
    TRY(close(open("at/null", O_WRONLY)));
    TRY(close(open("at/fifo", O_RDWR)));
    TRY(open("at/dir", O_WRONLY));
    TRY(truncate("at/file", 0));
    TRY(mkdir("at/new", 0755));
    TRY(mkdir("at/dir", 0755));
    TRY(mknod("at/new", S_IFIFO | 0644, 0));
    TRY(symlink("x", "at/new"));
    TRY(link("at/file", "at/new"));
    TRY(link("at/file", "at/dir"));
    TRY(unlink("at/file"));
    TRY(unlink("at/none"));
    TRY(rmdir("at/dir"));
    TRY(rename("at/file", "at/new"));
    TRY(rename("at/none", "at/new"));
    TRY(chmod("at/file", 0600));
    TRY(chown("at/file", 0, 0));
    TRY(utime("at/file", &times));
    TRY(access("at/file", W_OK));
    TRY(access("at/null", W_OK));
    TRY(access("at/file", R_OK));
    MUST(stat("at/file", &before));
    fd = MUST(open("at/file", O_RDONLY));
    MUST(read(fd, &byte, 1));
    MUST(stat("at/file", &after));
    say("access time moved: %d", before.st_atime != after.st_atime);
    TRY(fchmod(fd, 0600));
    close(fd);
}

static void run_copy(void)
{
    execl("at/copy", "copy", "who", (char *)NULL);
    say("no: %s", error_name(errno));
}

static void run_copy_as_other(void)
{
    MUST(setgid(23456));
    MUST(setuid(12345));
    run_copy();
}

static void new_mounts(void)
{
    struct stat about;

    TRY(mount("none", "at", "tmpfs", MS_RDONLY, NULL));
    TRY(mkdir("at/dir", 0755));
    TRY(umount("at"));
    TRY(mount("none", "at", "tmpfs", 0, "mode=0710"));
    MUST(stat("at", &about));
    say("%o", about.st_mode);
    TRY(umount("at"));
    TRY(mount("none", "at", "tmpfs", 0, "mode=9"));
    TRY(mount("none", "at", "tmpfs", 0, "nonsense"));
    TRY(mount("none", "at", "tmpfs", 0, (void *)16));
}

int main(int count, char **arguments)
{
    struct timeval past[2] = {{1000, 0}, {2000, 0}};
    char *map;
    int fd;

    (void)arguments;
    if (count > 1) {
        say("runs as %d", (int)geteuid());
        return 0;
    }
    scratch_enter();
    MUST(chmod(".", 0755));
    MUST(mkdir("at", 0755));
    TRY(mount("none", "at", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL));
    say_flags("mounted");
    MUST(chmod("at", 0755));
    self_copy("at/copy");
    MUST(chown("at/copy", 54321, 0));
    MUST(chmod("at/copy", 04755));
    MUST(mknod("at/null", S_IFCHR | 0666, makedev(1, 3)));
    MUST(mkfifo("at/fifo", 0666));
    MUST(mkdir("at/dir", 0755));
    file_make("at/file", "text");
    MUST(utimes("at/file", past));
    TRY(open("at/null", O_RDWR));
    child_run("no programs", run_copy);
    TRY(access("at/copy", X_OK));
    fd = MUST(open("at/copy", O_RDONLY));
    map = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
    say("%s", map == MAP_FAILED ? error_name(errno) : "mapped");
    map = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
    TRY(mprotect(map, 4096, PROT_READ | PROT_EXEC));
    MUST(munmap(map, 4096));
    close(fd);
    remount(MS_NOSUID);
    say_flags("programs");
    child_run("not as its owner", run_copy_as_other);
    TRY(close(open("at/null", O_RDWR)));
    remount(0);
    say_flags("all");
    child_run("as its owner", run_copy_as_other);
    fd = MUST(open("at/file", O_RDWR));
    remount(MS_RDONLY);
    close(fd);
    remount(MS_RDONLY);
    say_flags("read-only");
    read_only();
    child_run("programs run", run_copy);
    remount(MS_NOATIME);
    say_flags("writable");
    TRY(unlink("at/file"));
    TRY(mount(NULL, "at/dir", NULL, MS_REMOUNT, NULL));
    TRY(umount("at"));
    new_mounts();
    return 0;
}
