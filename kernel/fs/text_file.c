/*
 * Files whose text is made when they are read: one block of memory, doubled
 * while the generator appends, kept until the file is closed.
 *
 * Reads run under the file's offset lock, so text and offset belong together.
 */
#include "fs/text_file.h"

#include "core/printk.h"
#include "lib/format.h"
#include "lib/string.h"
#include "mem/heap.h"
#include <asm/errno.h>

#define CAPACITY_FIRST 512u
#define LINE_SIZE      16u
#define LOG_PIECE      200u

struct text_file {
    text_generator generate;
    text_taker take;         /* NULL: it is only read */
    struct text_buffer text; /* text.text NULL: not made yet */
};

/* Makes room for `size` more bytes. */
static bool text_reserve(struct text_buffer *text, u32 size)
{
    if (text->failed || text->capacity - text->length >= size)
        return !text->failed;
    u32 capacity = max(text->capacity, CAPACITY_FIRST);
    while (capacity - text->length < size && capacity < HEAP_SIZE_MAX)
        capacity *= 2;
    bool fits = capacity - text->length >= size;
    char *grown = fits ? heap_resize(text->text, capacity) : NULL;
    if (grown != NULL) {
        text->text = grown;
        text->capacity = capacity;
    }
    text->failed = grown == NULL;
    return grown != NULL;
}

void text_append_bytes(struct text_buffer *text, const void *bytes, u32 size)
{
    if (!text_reserve(text, size))
        return;
    memcpy(text->text + text->length, bytes, size);
    text->length += size;
}

void text_append(struct text_buffer *text, const char *format, ...)
{
    va_list arguments, again;
    if (!text_reserve(text, 1))
        return;
    va_start(arguments, format);
    va_copy(again, arguments);
    u32 room = text->capacity - text->length;
    u32 length =
        format_text_list(text->text + text->length, room, format, arguments);
    if (length >= room && text_reserve(text, length + 1))
        format_text_list(text->text + text->length, length + 1, format, again);
    if (!text->failed)
        text->length += length;
    va_end(again);
    va_end(arguments);
}

static void text_buffer_free(struct text_buffer *text)
{
    heap_free(text->text);
    *text = (struct text_buffer){0};
}

void text_log(void (*tell)(struct text_buffer *text))
{
    struct text_buffer text = {0};
    tell(&text);
    for (u32 at = 0; at < text.length; at += LOG_PIECE)
        printk("%.*s", (int)min(LOG_PIECE, text.length - at), text.text + at);
    text_buffer_free(&text);
}

static int text_make(struct text_file *state, struct inode *inode)
{
    struct text_buffer *text = &state->text;
    text->length = 0;
    text->failed = false;
    if (!text_reserve(text, 1))
        return -ENOMEM;
    int error = state->generate(text, inode);
    if (error == 0 && text->failed)
        error = -ENOMEM;
    if (error < 0)
        text_buffer_free(text);
    return error;
}

static ssize text_file_read(struct file *file, struct io_cursor *to,
                            u64 *offset)
{
    struct text_file *state = file->data;
    struct text_buffer *text = &state->text;
    if (*offset == 0 || text->text == NULL) {
        int error = text_make(state, file->path.inode);
        if (error < 0)
            return error;
    }
    if (*offset >= text->length)
        return 0;
    u32 start = *offset, size = min(to->remaining, text->length - start);
    int error = io_copy_out(to, text->text + start, size);
    if (error < 0)
        return error;
    *offset += size;
    return size;
}

static ssize text_file_write(struct file *file, struct io_cursor *from,
                             u64 *offset)
{
    const struct text_file *state = file->data;
    char line[LINE_SIZE];
    u32 size = from->remaining;

    if (size >= sizeof(line) || !state->take)
        return -EINVAL;
    if (io_copy_in(from, line, size) < 0)
        return -EFAULT;
    line[size] = '\0';
    if (size > 0 && line[size - 1] == '\n')
        line[size - 1] = '\0';
    int result = state->take(file->path.inode, line);
    return result < 0 ? result : (ssize)size;
}

static s64 text_file_seek(struct file *file, s64 offset, int whence)
{
    struct text_file *state = file->data;
    return file_seek_within(file, offset, whence, state->text.length);
}

static void text_file_release(struct file *file)
{
    struct text_file *state = file->data;
    text_buffer_free(&state->text);
    heap_free(state);
}

static const struct file_operations text_file_operations = {
    .read = text_file_read,
    .write = text_file_write,
    .seek = text_file_seek,
    .release = text_file_release,
};

int text_file_open(struct file *file, text_generator generate, text_taker take)
{
    struct text_file *state = heap_alloc_zeroed(sizeof(*state));
    if (state == NULL)
        return -ENOMEM;
    state->generate = generate;
    state->take = take;
    file->data = state;
    file->operations = &text_file_operations;
    return 0;
}
