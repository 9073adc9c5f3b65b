/*
 * Demo: the kernel's own threads.
 *
 * The kernel runs work of its own in threads that the scheduler treats like
 * any other. In /proc they look like processes, with one difference: they have
 * no memory map, since they never leave the kernel's part of every address
 * space.
 */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

/* Reads name and state of a process. False if it has gone meanwhile. */
static int stat_read(const char *pid, char *name, char *state)
{
    char path[64];
    int known = 0;
    FILE *stat;

    snprintf(path, sizeof path, "/proc/%.16s/stat", pid);
    stat = fopen(path, "r");
    if (stat) {
        known = fscanf(stat, "%*d (%63[^)]) %c", name, state) == 2;
        fclose(stat);
    }
    return known;
}

static int areas_count(const char *pid)
{
    char path[64], line[512];
    int count = 0;
    FILE *maps;

    snprintf(path, sizeof path, "/proc/%.16s/maps", pid);
    maps = fopen(path, "r");
    while (maps && fgets(line, sizeof line, maps))
        count++;
    if (maps)
        fclose(maps);
    return count;
}

int main(void)
{
    DIR *processes = opendir("/proc");
    struct dirent *entry;
    int threads = 0;

    if (!processes) {
        perror("/proc");
        return 1;
    }
    printf("  pid state areas name\n");
    while ((entry = readdir(processes)) != NULL) {
        char name[64], state;
        int areas;

        if (!isdigit((unsigned char)*entry->d_name) ||
            !stat_read(entry->d_name, name, &state))
            continue;
        areas = areas_count(entry->d_name);
        threads += areas == 0;
        printf("%5s %5c %5d %s%s\n", entry->d_name, state, areas, name,
               areas == 0 ? "   <- a kernel thread: no memory map" : "");
    }
    closedir(processes);
    printf("%d of them are threads of the kernel.\n", threads);
    return 0;
}
