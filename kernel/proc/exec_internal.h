/*
 * What the files of exec share: the argument block and the image.
 */
#pragma once

#include "lib/elf.h"
#include "proc/process.h"

/* Bytes of a file that exec looks at: ELF and program headers, or #!. */
#define EXEC_HEADER_SIZE 1024u
#define SCRIPT_LINE_SIZE 256u
#define SCRIPT_DEPTH_MAX 4u

/* argv or envp: pointers in user memory, or (for init) kernel strings. */
struct string_vector {
    const u32 user *pointers;   /* ends with a 0; may be NULL */
    const char *const *strings; /* ends with a NULL; used when not NULL */
};

/* One place in a chain of frames, always a valid one. */
struct block_cursor {
    struct frame *frame;
    u32 offset; /* from the start of the block */
};

/*
 * The top of the new stack while it is made, in frames that nobody maps yet:
 *
 *   0        stack                                                     size
 *   | free   | argc | argv.. 0 | envp.. 0 | auxv | argv strings | envp strings
 *   |        |      |          |          |      |  | name, platform, random |
 *
 * Its last byte will be the last below USER_END. Words of argv and envp hold
 * offsets until argument_block_finish knows where the block begins.
 */
struct argument_block {
    struct list frames; /* ascending, by frame->link */
    u32 size;           /* bytes of all frames */
    u32 limit;          /* that size may reach */
    u32 stack;
    u32 arguments_given; /* by the caller; #! lines may add some */
    u32 argument_count, environment_count;
    u32 strings, environment, strings_end; /* offsets: see the picture */
    u32 name, platform, random;
    struct block_cursor slot; /* next word of the table */
    struct block_cursor text; /* next byte of the strings */
};

/* One exec under way; in one block of the heap, since stacks are small. */
struct execution {
    struct file *file;
    const char *name; /* as asked for: AT_EXECFN and the process's name */
    struct string_vector arguments, environment;
    /* What comes before argv[1...]: argv[0], or what #! lines made of it. */
    const char *leading[2 * SCRIPT_DEPTH_MAX + 1];
    u32 leading_count;
    struct argument_block block;
    struct elf_program program;
    u32 uid, gid; /* effective, once it runs */
    struct address_space *space;
    struct fd_table *files; /* own copies where they were shared */
    struct signal_actions *actions;
    u32 stack; /* the first stack pointer */
    u32 script_depth;
    u32 header_size;
    char lines[SCRIPT_DEPTH_MAX][SCRIPT_LINE_SIZE];
    char header[EXEC_HEADER_SIZE];
};

/* exec_arguments.c. Copies all strings. 0, -EFAULT, -E2BIG, -ENOMEM; the
 * block may be dropped after each, and must be. */
int argument_block_fill(struct argument_block *block,
                        const struct execution *execution, u32 limit);
/* Turns offsets into addresses, writes the auxiliary vector. */
void argument_block_finish(struct argument_block *block,
                           const struct execution *execution);
/* The user address of an offset. */
u32 argument_block_address(const struct argument_block *block, u32 offset);
void argument_block_drop(struct argument_block *block);

/* exec_image.c. Makes execution->space with the program's segments, its heap
 * and its stack, which takes the block's frames. 0 or -errno, and then there
 * is no space. */
int image_build(struct execution *execution);

/* exec_script.c. The file begins with #!: makes its interpreter's path the
 * first leading string. 0, -ENOEXEC, -ELOOP. */
int script_read(struct execution *execution, const char *path);
