/*
 * The kernel's table of calls, read once more, and the way into the kernel.
 */
#include "wild.h"

#define INT(name)                                                              \
    {                                                                          \
        'd', "s32", #name                                                      \
    }
#define U32(name)                                                              \
    {                                                                          \
        'd', "u32", #name                                                      \
    }
#define FLAGS(name)                                                            \
    {                                                                          \
        'd', "flags", #name                                                    \
    }
#define MODE(name)                                                             \
    {                                                                          \
        'd', "mode", #name                                                     \
    }
#define OFF32(name)                                                            \
    {                                                                          \
        'd', "offset", #name                                                   \
    }
#define EXIT(name)                                                             \
    {                                                                          \
        'd', "status", #name                                                   \
    }
#define FD(name)                                                               \
    {                                                                          \
        'f', "fd", #name                                                       \
    }
#define SIZE(name)                                                             \
    {                                                                          \
        's', "size", #name                                                     \
    }
#define USER(type, name)                                                       \
    {                                                                          \
        'p', #type, #name                                                      \
    }
#define PATH(name)                                                             \
    {                                                                          \
        'P', "path", #name                                                     \
    }
#define OFF64(name)                                                            \
    {                                                                          \
        'l', "offset", #name                                                   \
    }
#define FRAME                                                                  \
    {                                                                          \
        0, "", ""                                                              \
    }
#define FIXED(type, value)                                                     \
    {                                                                          \
        0, "", ""                                                              \
    }
#define NO_FLAGS FRAME
#define NARROW   FRAME
#define WIDE     FRAME
#define READS    FRAME
#define OWN_UID  FRAME
#define OWN_GID  FRAME
#define WRITES   FRAME
#define ITS_FILE FRAME

#define OPEN(name)                        FD(name)
#define FOUND_FD(name)                    FD(name)
#define PLACE(name)                       PATH(name)
#define FOUND(name)                       PATH(name)
#define FOUND_LINK(name)                  PATH(name)
#define PLACE_AT(name)                    FD(directory), PATH(name)
#define FOUND_AT(name)                    FD(directory), PATH(name)
#define FOUND_BY(name, word, known)       FD(directory), PATH(name)
#define FOUND_OR_FD(name)                 FD(directory), PATH(name)
#define FOUND_OR_FD_BY(name, word, known) FD(directory), PATH(name)
#define IN(type, name)                    USER(const type, name)
#define IN_OR_NULL(type, name)            USER(const type, name)
#define OUT(type, name)                   USER(type, name)
#define IN_OUT(type, name)                USER(type, name)
#define OUT_OR_NULL(type, name)           USER(type, name)

#define SYSCALL(number, name, ...)              {number, #name, {__VA_ARGS__}},
#define SYSCALL_AS(number, name, function, ...) {number, #name, {__VA_ARGS__}},

const struct row rows[] = {
#include "../../../kernel/syscall/calls.h"
};
const int row_count = sizeof(rows) / sizeof(*rows);

volatile uint32_t call_child_ends;

/* Below the registers of who calls lies the address of the call; what is
 * pushed after it, pushf and pusha, are struct call's fields from eflags on.
 * A stack is known by its top word, which is its own address. */
__asm__("        .text\n"
        "        .globl call_make\n"
        "call_make:\n"
        "        pusha\n"
        "        movl 36(%esp), %eax\n"
        "        pushl %eax\n"
        "        movl 4(%eax), %ebx\n"
        "        movl 8(%eax), %ecx\n"
        "        movl 12(%eax), %edx\n"
        "        movl 16(%eax), %esi\n"
        "        movl 20(%eax), %edi\n"
        "        movl 24(%eax), %ebp\n"
        "        movl (%eax), %eax\n"
        "        pushl %esp\n"
        "        subl $4, (%esp)\n"
        "        int $0x80\n"
        "        cmpl %esp, (%esp)\n"
        "        jne 1f\n"
        "        leal 4(%esp), %esp\n"
        "        testl %eax, %eax\n"
        "        jne 2f\n"
        "        cmpl $0, call_child_ends\n"
        "        je 2f\n"
        "1:      movl $1, %eax\n"
        "        xorl %ebx, %ebx\n"
        "        int $0x80\n"
        "        hlt\n"
        "2:      pusha\n"
        "        pushf\n"
        "        cld\n"
        "        movl 36(%esp), %edi\n"
        "        addl $28, %edi\n"
        "        movl %esp, %esi\n"
        "        movl $9, %ecx\n"
        "        rep movsl\n"
        "        addl $40, %esp\n"
        "        popa\n"
        "        ret\n");

uint32_t twin_start(void (*function)(void), void *stack_end)
{
    enum { SHARED = 0x100 | 0x200 | 0x400, CLONE = 120 }; /* VM, FS, FILES */
    uint32_t *stack = stack_end, result;

    *--stack = (uint32_t)(uintptr_t)function;
    __asm__ volatile("int $0x80\n\t"
                     "testl %%eax, %%eax\n\t"
                     "jnz 1f\n\t"
                     "ret\n"
                     "1:"
                     : "=a"(result)
                     : "a"(CLONE), "b"(SHARED), "c"(stack), "d"(0), "S"(0),
                       "D"(0)
                     : "memory", "cc");
    return result;
}

uint32_t raw(uint32_t number, uint32_t a, uint32_t b, uint32_t c)
{
    uint32_t result;

    __asm__ volatile("int $0x80"
                     : "=a"(result)
                     : "a"(number), "b"(a), "c"(b), "d"(c)
                     : "memory", "cc");
    return result;
}
