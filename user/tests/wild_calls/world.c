/*
 * A share's world: a file system of its own to spoil, descriptors of every
 * kind, and pages with all kinds of edges.
 *
 * The page that may only be read is a file's, mapped from a descriptor that
 * was opened for reading: nothing a program may do makes it writable, so a
 * byte that changes there is the kernel's fault.
 */
#include "wild.h"

#include "../say.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/sysmacros.h>
#include <sys/time.h>

/* Where a share has taken all memory, there is no world for the next. */
#define NEED(call)                                                             \
    ({                                                                         \
        long result = (long)(call);                                            \
        if (result == -1)                                                      \
            _exit(1);                                                          \
        result;                                                                \
    })

char *arena;

static void arena_map(int fixed_fd)
{
    arena = mmap((void *)0x20000000, ARENA_PAGES * PAGE, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    char *fixed = mmap(arena + ARENA_FIXED * PAGE, PAGE, PROT_READ,
                       MAP_SHARED | MAP_FIXED, fixed_fd, 0);

    if (arena == MAP_FAILED || fixed == MAP_FAILED)
        _exit(1);
    munmap(arena + ARENA_HOLE * PAGE, PAGE);
    munmap(arena + (ARENA_LAST + 1) * PAGE, PAGE);
}

static void file_write(const char *path, const char *text)
{
    int fd = NEED(open(path, O_WRONLY | O_CREAT, 0777));

    NEED(write(fd, text, strlen(text)));
    close(fd);
}

static void files_make(void)
{
    static const struct {
        const char *name;
        mode_t mode;
        dev_t device;
    } nodes[] = {
        {"null", S_IFCHR | 0666, makedev(1, 3)},
        {"zero", S_IFCHR | 0666, makedev(1, 5)},
        {"full", S_IFCHR | 0666, makedev(1, 7)},
        {"random", S_IFCHR | 0666, makedev(1, 8)},
        {"tty", S_IFCHR | 0666, makedev(5, 0)},
        {"console", S_IFCHR | 0666, makedev(5, 1)},
        {"fifo", S_IFIFO | 0666, 0},
    };

    umask(0);
    for (size_t i = 0; i < COUNT(nodes); i++)
        NEED(mknod(nodes[i].name, nodes[i].mode, nodes[i].device));
    NEED(mkdir("dir", 0777));
    NEED(mkdir("dir/mount", 0777));
    NEED(mkdir("proc", 0777));
    NEED(mount("proc", "proc", "proc", 0, NULL));
    file_write("file", "a file with some text in it\nand a second line\n");
    file_write("dir/file", "another one\n");
    file_write("script", "#!/proc/self/exe -x\n");
    NEED(symlink("dir/file", "link"));
    NEED(symlink("loop", "loop"));
}

static void place(int fd, int number)
{
    if (fd != number) {
        NEED(dup2(fd, number));
        close(fd);
    }
}

static void pipe_place(int first, int flags)
{
    int ends[2];

    NEED(pipe2(ends, flags));
    place(ends[1], DESCRIPTORS + 1); /* out of the way */
    place(ends[0], first);
    place(DESCRIPTORS + 1, first + 1);
}

static void descriptors_open(void)
{
    static const struct {
        int number;
        const char *path;
        int flags;
    } files[] = {
        {0, "file", O_RDWR},
        {1, "dir/file", O_WRONLY | O_APPEND},
        {2, "dir/file", O_RDONLY},
        {3, "dir", O_RDONLY | O_DIRECTORY},
        {4, "/", O_RDONLY | O_DIRECTORY},
        {5, "proc", O_RDONLY | O_DIRECTORY},
        {6, "fifo", O_RDWR},
        {7, "null", O_RDWR},
        {8, "zero", O_RDWR},
        {9, "full", O_RDWR},
        {10, "random", O_RDWR},
        {11, "console", O_RDONLY | O_NOCTTY | O_NONBLOCK},
        {12, "proc/self/status", O_RDONLY},
        {13, "proc/self/maps", O_RDONLY},
    };

    for (size_t i = 0; i < COUNT(files); i++) {
        int fd = open(files[i].path, files[i].flags);

        place(fd < 0 ? (int)NEED(open("null", O_RDWR)) : fd, files[i].number);
    }
    pipe_place(14, 0);
    pipe_place(16, O_NONBLOCK);
    pipe_place(18, O_NONBLOCK); /* nobody writes */
    close(19);
    pipe_place(20, O_NONBLOCK); /* nobody reads */
    close(20);
    NEED(write(15, "0123456789", 10));
}

void world_enter(int job, int fixed_fd, bool as_root)
{
    char path[32];
    int user = FIRST_USER + job;

    arena_map(fixed_fd);
    setsid();
    snprintf(path, sizeof path, "/tmp/wild-%d", job);
    mkdir(path, 0777);
    NEED(mount("wild", path, "tmpfs", 0, NULL));
    NEED(chdir(path));
    /* Who gets out of his root by chroot and `..` is not out of here soon. */
    for (int depth = 0; depth < 12; depth++) {
        NEED(mkdir("deep", 0777));
        NEED(chdir("deep"));
    }
    files_make();
    int fail = open("proc/self/fail-nth", O_RDWR);
    NEED(chroot("."));
    for (int fd = 0; fd < DESCRIPTORS + 2; fd++)
        if (fd != fail)
            close(fd);
    if (fail >= 0)
        place(fail, FAIL_NTH);
    descriptors_open();
    if (!as_root) {
        NEED(setresgid(user, user, user));
        NEED(setresuid(user, user, user));
    }
}

void world_leave(int job)
{
    char path[32];

    snprintf(path, sizeof path, "/tmp/wild-%d", job);
    for (int stacked = 0; stacked < 100; stacked++)
        if (umount2(path, MNT_DETACH) < 0)
            break;
    rmdir(path);
}
