/* Touching a file's hole without memory is SIGBUS; programs go on. */
/* only: spindle */
/* timeout: 120 */
/* mem: 64 */
#include "say.h"

#include <fcntl.h>
#include <setjmp.h>
#include <sys/mman.h>

#define SIZE (256 << 20) /* more than there is */

static sigjmp_buf back;
static void *where;

static void on_fault(int number, siginfo_t *info, void *context)
{
    (void)context;
    where = info->si_addr;
    siglongjmp(back, number);
}

/* Bytes that could be touched from `start` on. */
static int touch_all(char *start)
{
    volatile int done = 0;
    int number = sigsetjmp(back, 1);

    for (; number == 0 && done < SIZE; done += 4096)
        start[done] = 1;
    say("%s at the page: %d", signal_name(number), where == start + done);
    return done;
}

/* Others find memory still, and read() into the hole is an error. */
static void go_on(int fd, char *hole)
{
    char *memory = malloc(400000);
    int status;

    memset(memory, 1, 400000);
    if (MUST(fork()) == 0)
        _exit(memory[399999]);
    MUST(wait(&status));
    say_status("child", status);
    TRY(pread(open("/dev/zero", O_RDONLY), hole, 4096, 0));
    TRY(pwrite(fd, "x", 1, SIZE - 1));
    TRY(fallocate(fd, 0, 0, SIZE));
}

int main(void)
{
    struct sigaction action = {.sa_sigaction = on_fault,
                               .sa_flags = SA_SIGINFO};
    char *map;
    int fd, done;

    scratch_enter();
    fd = MUST(open("file", O_CREAT | O_RDWR, 0644));
    MUST(ftruncate(fd, SIZE));
    map = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    MUST(sigaction(SIGBUS, &action, NULL));
    done = touch_all(map);
    go_on(fd, map + done);
    TRY(ftruncate(fd, 4096));
    TRY(ftruncate(fd, SIZE));
    say("again as far: %d", touch_all(map) > done / 8 * 7);
    MUST(unlink("file"));
    say("pass");
    return 0;
}
