/* sendfile() copies from a file to a file or a pipe and counts its offset. */
#include "say.h"

#include <fcntl.h>
#include <sys/sendfile.h>

int main(void)
{
    char bytes[16] = "";
    int from, to, ends[2];
    off_t at = 2;

    scratch_enter();
    file_make("from", "0123456789");
    TRY(from = open("from", O_RDONLY));
    TRY(to = open("to", O_CREAT | O_RDWR, 0644));
    TRY(sendfile(to, from, NULL, 4));
    TRY(lseek(from, 0, SEEK_CUR));
    TRY(sendfile(to, from, &at, 3));
    say("offset %d", (int)at);
    TRY(lseek(from, 0, SEEK_CUR));
    TRY(sendfile(to, from, NULL, 100));
    TRY(sendfile(to, from, NULL, 100));
    file_say("to");
    MUST(pipe(ends));
    at = 0;
    TRY(sendfile(ends[1], from, &at, 5));
    TRY(read(ends[0], bytes, 16));
    say("through the pipe: %s", bytes);
    TRY(sendfile(99, from, NULL, 1));
    TRY(sendfile(to, 99, NULL, 1));
    return 0;
}
