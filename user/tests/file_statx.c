/* statx() and fstatat() agree with each other and honour their flags. */
#include "say.h"

#include <fcntl.h>
#include <sys/syscall.h>

/* The beginning of struct statx, as the ABI has it; this libc has no name. */
struct extended {
    uint32_t mask, block_size;
    uint64_t attributes;
    uint32_t links, uid, gid;
    uint16_t mode, unused;
    uint64_t inode, size, blocks, known;
    uint64_t rest[26];
};

enum { BASIC = 0x7ff };

static int statx(int fd, const char *path, int flags, struct extended *x)
{
    return syscall(SYS_statx, fd, path, flags, BASIC, x);
}

int main(void)
{
    struct extended x = {0};
    struct stat s;
    int fd;

    scratch_enter();
    file_make("file", "12345");
    MUST(symlink("file", "link"));
    TRY(fd = open("file", O_RDONLY));
    TRY(statx(AT_FDCWD, "file", 0, &x));
    TRY(fstatat(AT_FDCWD, "file", &s, 0));
    say("size %d mode %o, agree: %d", (int)x.size, x.mode,
        x.inode == s.st_ino && x.links == s.st_nlink && x.uid == s.st_uid);
    say("basic fields: %d", (x.mask & BASIC) == BASIC);
    TRY(statx(AT_FDCWD, "link", AT_SYMLINK_NOFOLLOW, &x));
    say("a link: %d", S_ISLNK(x.mode));
    TRY(statx(fd, "", AT_EMPTY_PATH, &x));
    say("size %d", (int)x.size);
    TRY(statx(fd, "", 0, &x));
    TRY(fstatat(AT_FDCWD, "link", &s, AT_SYMLINK_NOFOLLOW));
    say("a link: %d", S_ISLNK(s.st_mode));
    TRY(statx(AT_FDCWD, "file", 0x40000000, &x));
    TRY(statx(AT_FDCWD, "none", 0, &x));
    TRY(statx(AT_FDCWD, NULL, 0, &x));
    TRY(statx(AT_FDCWD, "file", 0, NULL));
    return 0;
}
