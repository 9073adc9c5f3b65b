/*
 * An archive is read back as it was written, several in a row too; cut
 * anywhere or changed anywhere, it gives entries or an error, and no byte
 * outside is read.
 */
#include "unit.h"
#include <asm/errno.h>
#include "kernel_string.h"
#include "kernel/lib/cpio.c"

#define IMAGE_MAX 4096

static const struct {
    const char *name; /* as in the archive, */
    const char *read; /* as it comes back */
    const char *data;
    u32 mode;
} files[] = {
    {".", ".", "", 040755},
    {"bin", "bin", "", 040755},
    {"./bin/sh", "bin/sh", "program", 0100755},
    {"/etc/motd", "etc/motd", "four", 0100644},
    {"empty", "empty", "", 0100600},
    {"link", "link", "bin/sh", 0120777},
    {"console", "console", "", 020600},
};

static size_t pad(char *image, size_t at)
{
    while (at % 4 != 0)
        image[at++] = '\0';
    return at;
}

static size_t entry_write(char *image, size_t at, u32 number, const char *name,
                          const char *data, u32 mode)
{
    at += sprintf(image + at,
                  "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
                  number, mode, number + 1, number + 2, 1, 1000 + number,
                  (u32)strlen(data), 8, 1, 5, number, (u32)strlen(name) + 1, 0);
    at += sprintf(image + at, "%s", name) + 1;
    at = pad(image, at);
    memcpy(image + at, data, strlen(data));
    return pad(image, at + strlen(data));
}

static size_t archive_write(char *image, size_t at)
{
    for (u32 i = 0; i < array_count(files); i++)
        at = entry_write(image, at, i, files[i].name, files[i].data,
                         files[i].mode);
    return entry_write(image, at, 0, "TRAILER!!!", "", 0);
}

static void check_entry(const struct cpio_entry *entry, u32 i)
{
    check_text(entry->name, files[i].read);
    check_number(entry->size, strlen(files[i].data));
    check(memcmp(entry->data, files[i].data, entry->size) == 0);
    check_number(entry->mode, files[i].mode);
    check_number(entry->inode, i);
    check_number(entry->uid, i + 1);
    check_number(entry->gid, i + 2);
    check_number(entry->links, 1);
    check_number(entry->mtime, 1000 + i);
    check_number(entry->device_major, 5);
    check_number(entry->device_minor, i);
}

/* Reads all of a copy that ends where the image ends. `full` compares each
 * entry with what was written. Returns the last result. */
static int read_all(const char *image, size_t size, bool full, u32 *count)
{
    char *bytes = malloc(size ? size : 1);
    memcpy(bytes, image, size);
    size_t position = 0;
    struct cpio_entry entry;
    int result;
    *count = 0;
    while ((result = cpio_next(bytes, size, &position, &entry)) == 1) {
        check(position <= size);
        check((const char *)entry.data >= bytes);
        check((const char *)entry.data + entry.size <= bytes + size);
        check(entry.name + strlen(entry.name) < bytes + size);
        if (full)
            check_entry(&entry, *count % array_count(files));
        ++*count;
    }
    free(bytes);
    return result;
}

static void one_archive(void)
{
    char image[IMAGE_MAX];
    u32 count;
    size_t size = archive_write(image, 0);
    check_number(read_all(image, size, true, &count), 0);
    check_number(count, array_count(files));
}

static void several_in_a_row(void)
{
    for (size_t padding = 0; padding <= 512; padding += 4) {
        char image[3 * IMAGE_MAX];
        u32 count;
        size_t size = archive_write(image, 0);
        memset(image + size, 0, padding);
        size = archive_write(image, size + padding);
        memset(image + size, 0, padding);
        check_number(read_all(image, size + padding, true, &count), 0);
        check_number(count, 2 * array_count(files));
    }
}

static void nothing_at_all(void)
{
    char image[512] = {0};
    u32 count;
    check_number(read_all(image, 0, true, &count), 0);
    check_number(read_all(image, sizeof(image), true, &count), 0);
    check_number(count, 0);
}

static void cut_at_every_byte(void)
{
    char image[IMAGE_MAX];
    size_t whole = archive_write(image, 0);
    u32 before = 0;
    int broken = 0;
    for (size_t size = 0; size <= whole; size++) {
        u32 count;
        int result = read_all(image, size, true, &count);
        check(result == 0 || result == -EINVAL);
        check(count >= before);
        before = count;
        broken += result == -EINVAL;
    }
    check_number(before, array_count(files));
    check(broken > 800);
}

static void wrong_archives(void)
{
    char image[IMAGE_MAX];
    u32 count;
    size_t size = archive_write(image, 0);
    memcpy(image, "070707", 6);
    check_number(read_all(image, size, false, &count), -EINVAL);
    archive_write(image, 0);
    image[20] = 'g';
    check_number(read_all(image, size, false, &count), -EINVAL);
    archive_write(image, 0);
    memcpy(image + offsetof(struct cpio_header, name_size), "00000000", 8);
    check_number(read_all(image, size, false, &count), -EINVAL);
    check_number(read_all("garbage!", 8, false, &count), -EINVAL);
}

static void mutations(void)
{
    static const char *const numbers[] = {"FFFFFFFF", "FFFFFFFC", "7FFFFFFF",
                                          "80000000", "00000000", "FFFFFF91",
                                          "00001000", "FFFFFFFE"};
    int accepted = 0;
    for (int round = 0; round < 100000; round++) {
        char image[IMAGE_MAX];
        u32 count;
        size_t size = archive_write(image, 0);
        if (unit_random_below(2)) {
            u32 field = unit_random_below(13);
            memcpy(image + 6 + field * 8,
                   numbers[unit_random_below(array_count(numbers))], 8);
        } else {
            image[unit_random_below(size)] = unit_random();
        }
        int result = read_all(image, size, false, &count);
        check(result == 0 || result == -EINVAL);
        accepted += result == 0;
    }
    check(accepted > 1000);
    check(accepted < 99000);
}

UNIT_TESTS(UNIT_TEST(one_archive), UNIT_TEST(several_in_a_row),
           UNIT_TEST(nothing_at_all), UNIT_TEST(cut_at_every_byte),
           UNIT_TEST(wrong_archives), UNIT_TEST(mutations))
