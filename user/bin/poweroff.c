/*
 * poweroff: turns the machine off, at once.
 *
 * Files live in memory, so nothing has to be brought to safety first. It
 * returns only when the kernel refuses, and then says why.
 */
#include <stdio.h>
#include <sys/reboot.h>
#include <unistd.h>

int main(void)
{
    sync();
    reboot(RB_POWER_OFF);
    perror("poweroff");
    return 1;
}
