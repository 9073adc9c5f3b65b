/* Opening everything there is ends in EMFILE or ENFILE, never in harm. */
/* only: spindle */
/* mem: 64 */
/* timeout: 120 */
#include "say.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>

static int opened, refused;

/* Opens whatever lies below a directory, three levels deep, and keeps it. */
static void everything_open(const char *path, int depth)
{
    DIR *dir = depth > 0 ? opendir(path) : NULL;
    struct dirent *entry;
    char below[512];
    struct stat about;

    while (dir && (entry = readdir(dir)) != NULL) {
        if (*entry->d_name == '.')
            continue;
        snprintf(below, sizeof below, "%s/%.200s", path, entry->d_name);
        if (open(below, O_RDONLY | O_NONBLOCK) >= 0)
            opened++;
        else
            refused++;
        if (lstat(below, &about) == 0 && S_ISDIR(about.st_mode))
            everything_open(below, depth - 1);
    }
    if (dir)
        closedir(dir);
}

static void hoard(void)
{
    struct rlimit limit;
    int ends[2];

    MUST(getrlimit(RLIMIT_NOFILE, &limit));
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    everything_open("", 3);
    while (pipe(ends) == 0)
        opened += 2;
    _exit(errno == EMFILE || errno == ENFILE || errno == ENOMEM ? 0 : 1);
}

int main(void)
{
    int wrong = 0, status;

    for (int i = 0; i < 20; i++)
        if (MUST(fork()) == 0)
            hoard();
    while (wait(&status) > 0)
        wrong += status != 0;
    if (wrong) {
        say("%d hoarders ended in another way", wrong);
        return 1;
    }
    say("pass");
    return 0;
}
