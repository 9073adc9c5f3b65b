/* A mapped file is the file: shared writes reach it, private ones do not. */
#include "say.h"

#include <fcntl.h>
#include <sys/mman.h>

int main(void)
{
    const int both = PROT_READ | PROT_WRITE;
    char *shared, *private, *second, bytes[8] = "";
    int fd, reader;

    scratch_enter();
    fd = MUST(open("file", O_CREAT | O_RDWR, 0644));
    MUST(ftruncate(fd, 10000));
    MUST(pwrite(fd, "begin", 5, 0));
    MUST(pwrite(fd, "page2", 5, 8192));
    shared = mmap(NULL, 10000, both, MAP_SHARED, fd, 0);
    private = mmap(NULL, 10000, both, MAP_PRIVATE, fd, 0);
    second = mmap(NULL, 1808, PROT_READ, MAP_SHARED, fd, 8192);
    say("%.5s %.5s %.5s %.5s", shared, shared + 8192, private, second);
    memcpy(shared, "SHARE", 5);
    MUST(pread(fd, bytes, 5, 0));
    say("in the file %s, in the private one %.5s", bytes, private);
    memcpy(private, "OWNED", 5);
    MUST(pread(fd, bytes, 5, 0));
    say("in the file %s, shared %.5s", bytes, shared);
    MUST(pwrite(fd, "WRITE", 5, 0));
    say("shared %.5s, private %.5s", shared, private);
    memcpy(shared + 8192, "LATER", 5);
    say("second %.5s, private %.5s", second, private + 8192);
    say("behind the end %d", shared[10100]);
    TRY(msync(shared, 10000, MS_SYNC));
    TRY(close(fd));
    memcpy(shared + 5, "!", 1);
    TRY(munmap(shared, 10000));
    TRY(munmap(private, 10000));
    file_say("file");
    TRY(reader = open("file", O_RDONLY));
    say("shared for writing: %s",
        mmap(NULL, 4096, both, MAP_SHARED, reader, 0) == MAP_FAILED
            ? error_name(errno)
            : "allowed");
    private = mmap(NULL, 4096, both, MAP_PRIVATE, reader, 0);
    private[0] = '?';
    say("private %.6s", private);
    TRY(reader = open("file", O_WRONLY));
    say("without reading: %s",
        mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, reader, 0) == MAP_FAILED
            ? error_name(errno)
            : "allowed");
    return 0;
}
