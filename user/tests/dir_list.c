/* A directory lists each of its entries once, however many there are. */
#include "say.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>

enum { MANY = 700 };

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void small_list(void)
{
    char *names[16];
    int count = 0;
    DIR *dir = opendir(".");
    struct dirent *entry;
    static char lines[16][300];

    while (count < 16 && (entry = readdir(dir)) != NULL) {
        snprintf(lines[count], 300, "%s kind %d", entry->d_name, entry->d_type);
        names[count] = lines[count];
        count++;
    }
    closedir(dir);
    qsort(names, count, sizeof *names, by_name);
    for (int i = 0; i < count; i++)
        say("%s", names[i]);
}

static void many_list(void)
{
    static int seen[MANY];
    int wrong = 0, twice = 0, missing = 0;
    struct dirent *entry;
    DIR *dir = opendir("many");

    for (int round = 0; round < 2; round++) {
        while ((entry = readdir(dir)) != NULL)
            if (*entry->d_name == 'f')
                seen[atoi(entry->d_name + 1) % MANY]++;
            else
                wrong += *entry->d_name != '.';
        rewinddir(dir);
    }
    for (int i = 0; i < MANY; i++) {
        missing += seen[i] < 2;
        twice += seen[i] > 2;
    }
    closedir(dir);
    say("wrong %d, missing %d, twice %d", wrong, missing, twice);
}

/* Whoever removes what it reads must not miss anything. */
static void many_remove(void)
{
    struct dirent *entry;
    DIR *dir = opendir("many");
    char path[300];

    while ((entry = readdir(dir)) != NULL) {
        snprintf(path, sizeof path, "many/%s", entry->d_name);
        if (*entry->d_name != '.')
            MUST(unlink(path));
    }
    closedir(dir);
    TRY(rmdir("many"));
}

int main(void)
{
    char path[32], bytes[64];
    int fd;

    scratch_enter();
    file_make("file", "");
    MUST(mkdir("dir", 0755));
    MUST(symlink("nowhere", "link"));
    small_list();
    MUST(mkdir("many", 0755));
    for (int i = 0; i < MANY; i++) {
        snprintf(path, sizeof path, "many/f%d", i);
        file_make(path, "");
    }
    many_list();
    many_remove();
    TRY(fd = open("file", O_RDONLY));
    TRY(syscall(SYS_getdents64, fd, bytes, sizeof bytes));
    TRY(fd = open("dir", O_RDONLY));
    TRY(syscall(SYS_getdents64, fd, bytes, 10));
    TRY(syscall(SYS_getdents64, 99, bytes, sizeof bytes));
    MUST(rmdir("dir"));
    TRY(syscall(SYS_getdents64, fd, bytes, sizeof bytes));
    return 0;
}
