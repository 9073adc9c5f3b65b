/*
 * An entry in the newc format, each part padded with zeroes to 4 bytes:
 *
 *   "070701", 13 numbers of 8 hexadecimal digits | name and NUL | data
 *
 * Positions and sizes are compared by subtraction, never by a sum that a
 * hostile size could wrap.
 */
#include "lib/cpio.h"
#include "lib/string.h"
#include <asm/errno.h>

#define FIELD_DIGITS 8

struct cpio_header {
    char magic[6];
    char inode[FIELD_DIGITS];
    char mode[FIELD_DIGITS];
    char uid[FIELD_DIGITS];
    char gid[FIELD_DIGITS];
    char links[FIELD_DIGITS];
    char mtime[FIELD_DIGITS];
    char size[FIELD_DIGITS];
    char major[FIELD_DIGITS];
    char minor[FIELD_DIGITS];
    char device_major[FIELD_DIGITS];
    char device_minor[FIELD_DIGITS];
    char name_size[FIELD_DIGITS];
    char checksum[FIELD_DIGITS];
};

_Static_assert(sizeof(struct cpio_header) == 110, "newc has 110 bytes");

static bool field_read(const char *digits, u32 *number)
{
    u32 value = 0;
    for (u32 i = 0; i < FIELD_DIGITS; i++) {
        u32 digit = digit_value(digits[i]);
        if (digit >= 16)
            return false;
        value = value << 4 | digit;
    }
    *number = value;
    return true;
}

static bool header_read(const struct cpio_header *header, u32 *name_size,
                        struct cpio_entry *entry)
{
    return (memcmp(header->magic, "070701", 6) == 0 ||
            memcmp(header->magic, "070702", 6) == 0) &&
           field_read(header->inode, &entry->inode) &&
           field_read(header->mode, &entry->mode) &&
           field_read(header->uid, &entry->uid) &&
           field_read(header->gid, &entry->gid) &&
           field_read(header->links, &entry->links) &&
           field_read(header->mtime, &entry->mtime) &&
           field_read(header->size, &entry->size) &&
           field_read(header->device_major, &entry->device_major) &&
           field_read(header->device_minor, &entry->device_minor) &&
           field_read(header->name_size, name_size);
}

/* Moves *position over `part` bytes and their padding; the padding of the
 * very last part may be missing. Returns false past the end. */
static bool part_skip(size_t size, size_t *position, size_t part)
{
    if (part > size - *position)
        return false;
    *position = min(round_up(*position + part, 4), size);
    return true;
}

/* "/bin/sh", "./bin/sh" and "bin/sh" all mean the same. */
static const char *name_relative(const char *name)
{
    while (name[0] == '/' || (name[0] == '.' && name[1] == '/'))
        name++;
    return *name == '\0' ? "." : name;
}

/* Reads the entry at *position, a trailer too. */
static bool entry_read(const char *image, size_t size, size_t *position,
                       struct cpio_entry *entry)
{
    struct cpio_header header;
    u32 name_size;
    size_t at = *position;
    if (at % 4 != 0 || sizeof(header) > size - at)
        return false;
    memcpy(&header, image + at, sizeof(header));
    /* The name follows at once; only its end is padded. */
    const char *name = image + at + sizeof(header);
    if (!header_read(&header, &name_size, entry) || name_size == 0 ||
        name_size > size || !part_skip(size, &at, sizeof(header) + name_size) ||
        name[name_size - 1] != '\0')
        return false;
    entry->name = name_relative(name);
    entry->data = image + at;
    if (!part_skip(size, &at, entry->size))
        return false;
    *position = at;
    return true;
}

int cpio_next(const void *image, size_t size, size_t *position,
              struct cpio_entry *entry)
{
    const char *bytes = image;
    for (;;) {
        while (*position < size && bytes[*position] == '\0')
            ++*position;
        if (*position >= size)
            return 0;
        if (!entry_read(bytes, size, position, entry))
            return -EINVAL;
        if (strcmp(entry->name, "TRAILER!!!") != 0)
            return 1;
    }
}
