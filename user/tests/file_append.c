/* With O_APPEND every write goes to the end, whoever moved it there. */
#include "say.h"

#include <fcntl.h>

int main(void)
{
    int one, two;

    scratch_enter();
    TRY(one = open("file", O_CREAT | O_WRONLY | O_APPEND, 0644));
    TRY(two = open("file", O_WRONLY | O_APPEND));
    TRY(write(one, "a", 1));
    TRY(write(two, "b", 1));
    TRY(write(one, "c", 1));
    TRY(lseek(one, 0, SEEK_CUR));
    TRY(lseek(one, 0, SEEK_SET));
    TRY(write(one, "d", 1));
    file_say("file");
    TRY(fcntl(one, F_SETFL, 0));
    TRY(lseek(one, 0, SEEK_SET));
    TRY(write(one, "X", 1));
    file_say("file");
    TRY(fcntl(one, F_SETFL, O_APPEND));
    TRY(write(one, "e", 1));
    file_say("file");
    return 0;
}
