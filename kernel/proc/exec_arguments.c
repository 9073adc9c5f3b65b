/*
 * The argument block: argv, envp and the auxiliary vector for a new program.
 *
 * Strings are copied once, from the old program's memory into the frames that
 * become the new stack. Pointers are counted first, so the table's size is
 * known and strings can follow it; a second thread that changes argv in the
 * meantime only cheats itself: no more pointers than were counted are read.
 */
#include "proc/exec_internal.h"

#include "core/cpu.h"
#include "fs/random.h"
#include "lib/string.h"
#include "x86/user_copy.h"
#include <asm/errno.h>
#include <linux/auxvec.h>

#define STRING_SIZE_MAX (32 * PAGE_SIZE)
#define AUXILIARY_COUNT 18u
#define RANDOM_SIZE     16u
#define CLOCK_TICKS     100u
/* Free stack in the first frame: a small program touches no other page. */
#define STACK_START 2048u

/* ---- cursors ------------------------------------------------------------ */

static void *cursor_place(const struct block_cursor *cursor)
{
    return (u8 *)frame_address(cursor->frame) + cursor->offset % PAGE_SIZE;
}

static u32 cursor_room(const struct block_cursor *cursor)
{
    return PAGE_SIZE - cursor->offset % PAGE_SIZE;
}

static int block_grow(struct argument_block *block)
{
    if (block->size >= block->limit)
        return -E2BIG;
    struct frame *frame = frame_alloc_zeroed();
    if (frame == NULL)
        return -ENOMEM;
    list_add_last(&block->frames, &frame->link);
    block->size += PAGE_SIZE;
    return 0;
}

/* Moves on by at most cursor_room bytes. */
static int cursor_advance(struct argument_block *block,
                          struct block_cursor *cursor, u32 size)
{
    cursor->offset += size;
    if (cursor->offset % PAGE_SIZE != 0)
        return 0;
    bool last = cursor->frame->link.next == &block->frames;
    int result = last ? block_grow(block) : 0;
    if (result == 0)
        cursor->frame =
            container_of(cursor->frame->link.next, struct frame, link);
    return result;
}

/* The table lies before the strings, so there is always a next frame. */
static void slot_push(struct argument_block *block, u32 word)
{
    *(u32 *)cursor_place(&block->slot) = word;
    cursor_advance(block, &block->slot, sizeof(word));
}

/* ---- strings ------------------------------------------------------------ */

/* `bytes` may be NULL: then zeroes, as which the frames come. */
static int text_push_kernel(struct argument_block *block, const void *bytes,
                            u32 size)
{
    for (u32 done = 0, part; done < size; done += part) {
        part = min(size - done, cursor_room(&block->text));
        if (bytes != NULL)
            memcpy(cursor_place(&block->text), (const u8 *)bytes + done, part);
        int result = cursor_advance(block, &block->text, part);
        if (result < 0)
            return result;
    }
    return 0;
}

static int text_push_user(struct argument_block *block, const char user *string)
{
    for (u32 copied = 0; copied < STRING_SIZE_MAX;) {
        void *place = cursor_place(&block->text);
        u32 room = min(cursor_room(&block->text), STRING_SIZE_MAX - copied);
        int length = user_string_in(place, string + copied, room);
        if (length >= 0)
            return cursor_advance(block, &block->text, (u32)length + 1);
        if (length != -ENAMETOOLONG)
            return length;
        /* It goes on past this room: all of that is part of it. */
        int result = user_copy_in(place, string + copied, room);
        if (result == 0)
            result = cursor_advance(block, &block->text, room);
        if (result < 0)
            return result;
        copied += room;
    }
    return -E2BIG;
}

static int string_push_kernel(struct argument_block *block, const char *string)
{
    slot_push(block, block->text.offset);
    return text_push_kernel(block, string, strlen(string) + 1);
}

/* Element `index` of a vector, which was counted to be there. */
static int string_push(struct argument_block *block,
                       const struct string_vector *vector, u32 index)
{
    if (vector->strings != NULL)
        return string_push_kernel(block, vector->strings[index]);
    u32 pointer;
    int result = user_load(&pointer, vector->pointers + index);
    if (result < 0)
        return result;
    slot_push(block, block->text.offset);
    return text_push_user(block, (const char user *)(uintptr_t)pointer);
}

static int vector_count(const struct string_vector *vector, u32 limit,
                        u32 *count)
{
    *count = 0;
    if (vector->strings != NULL) {
        while (vector->strings[*count] != NULL)
            ++*count;
        return 0;
    }
    if (vector->pointers == NULL)
        return 0;
    u32 pointer;
    int result;
    while ((result = user_load(&pointer, vector->pointers + *count)) == 0 &&
           pointer != 0)
        if (++*count >= limit)
            return -E2BIG;
    return result;
}

/* ---- the block ---------------------------------------------------------- */

/* Lays the table out for what was counted; both cursors are set. */
static int block_start(struct argument_block *block)
{
    int result = block_grow(block);
    if (result < 0)
        return result;
    u32 words = 1 + block->argument_count + 1 + block->environment_count + 1 +
                2 * AUXILIARY_COUNT;
    struct frame *first = list_first(&block->frames, struct frame, link);
    block->stack = STACK_START;
    block->slot = (struct block_cursor){first, STACK_START};
    block->text = block->slot;
    return text_push_kernel(block, NULL, words * sizeof(u32));
}

/* argv, whose first element `leading` stands for if there is any. A program
 * without arguments gets an empty one, as on Linux. */
static int arguments_push(struct argument_block *block,
                          const struct execution *execution)
{
    int result = 0;
    slot_push(block, block->argument_count);
    block->strings = block->text.offset;
    for (u32 i = 0; result == 0 && i < execution->leading_count; i++)
        result = string_push_kernel(block, execution->leading[i]);
    u32 first = execution->leading_count != 0 ? 1 : 0;
    for (u32 i = first; result == 0 && i < block->arguments_given; i++)
        result = string_push(block, &execution->arguments, i);
    if (first == 0 && block->arguments_given == 0)
        result = string_push_kernel(block, "");
    if (result == 0)
        slot_push(block, 0);
    return result;
}

static int environment_push(struct argument_block *block,
                            const struct execution *execution)
{
    int result = 0;
    block->environment = block->text.offset;
    for (u32 i = 0; result == 0 && i < block->environment_count; i++)
        result = string_push(block, &execution->environment, i);
    if (result == 0)
        slot_push(block, 0);
    block->strings_end = block->text.offset;
    return result;
}

/* What the auxiliary vector points to. */
static int extras_push(struct argument_block *block, const char *name)
{
    static const char platform[] = "i686";
    u8 bytes[RANDOM_SIZE];
    random_bytes(bytes, sizeof(bytes));
    block->name = block->text.offset;
    int result = text_push_kernel(block, name, strlen(name) + 1);
    if (result < 0)
        return result;
    block->platform = block->text.offset;
    result = text_push_kernel(block, platform, sizeof(platform));
    if (result < 0)
        return result;
    block->random = block->text.offset;
    return text_push_kernel(block, bytes, sizeof(bytes));
}

static int block_count(struct argument_block *block,
                       const struct execution *execution)
{
    u32 most = block->limit / sizeof(u32);
    int result =
        vector_count(&execution->arguments, most, &block->arguments_given);
    if (result == 0)
        result = vector_count(&execution->environment, most,
                              &block->environment_count);
    u32 rest = max(block->arguments_given, 1u) - 1;
    block->argument_count = max(execution->leading_count, 1u) + rest;
    return result;
}

int argument_block_fill(struct argument_block *block,
                        const struct execution *execution, u32 limit)
{
    *block = (struct argument_block){.limit = limit};
    list_initialize(&block->frames);
    int result = block_count(block, execution);
    if (result == 0)
        result = block_start(block);
    if (result == 0)
        result = arguments_push(block, execution);
    if (result == 0)
        result = environment_push(block, execution);
    if (result == 0)
        result = extras_push(block, execution->name);
    return result;
}

u32 argument_block_address(const struct argument_block *block, u32 offset)
{
    return USER_END - block->size + offset;
}

static void slots_relocate(struct argument_block *block,
                           struct block_cursor *cursor, u32 count)
{
    for (u32 i = 0; i < count; i++) {
        u32 *word = cursor_place(cursor);
        *word = argument_block_address(block, *word);
        cursor_advance(block, cursor, sizeof(*word));
    }
    cursor_advance(block, cursor, sizeof(u32)); /* the 0 at the end */
}

void argument_block_finish(struct argument_block *block,
                           const struct execution *execution)
{
    const struct credentials *who = credentials_current();
    const struct elf_program *program = &execution->program;
    bool secure =
        who->uid.real != execution->uid || who->gid.real != execution->gid;
    const u32 auxiliary[AUXILIARY_COUNT][2] = {
        {AT_HWCAP, cpu_identify(1, 0).edx},
        {AT_PAGESZ, PAGE_SIZE},
        {AT_CLKTCK, CLOCK_TICKS},
        {AT_PHDR, program->header_address},
        {AT_PHENT, 32},
        {AT_PHNUM, program->header_count},
        {AT_BASE, 0},
        {AT_FLAGS, 0},
        {AT_ENTRY, program->entry},
        {AT_UID, who->uid.real},
        {AT_EUID, execution->uid},
        {AT_GID, who->gid.real},
        {AT_EGID, execution->gid},
        {AT_SECURE, secure},
        {AT_RANDOM, argument_block_address(block, block->random)},
        {AT_EXECFN, argument_block_address(block, block->name)},
        {AT_PLATFORM, argument_block_address(block, block->platform)},
        {AT_NULL, 0},
    };
    struct frame *first = list_first(&block->frames, struct frame, link);
    struct block_cursor words = {first, block->stack + sizeof(u32)};
    slots_relocate(block, &words, block->argument_count);
    slots_relocate(block, &words, block->environment_count);
    for (u32 i = 0; i < AUXILIARY_COUNT; i++) {
        slot_push(block, auxiliary[i][0]);
        slot_push(block, auxiliary[i][1]);
    }
}

void argument_block_drop(struct argument_block *block)
{
    struct frame *frame, *next;
    list_for_each_safe (frame, next, &block->frames, link)
        frame_put(frame);
}
