/*
 * What `strace=1` on the kernel's command line shows: a line a call, once it
 * has ended, `12 (sh): read(3, 0x804a000, 512) = 12`. A call that does not
 * come back (exit) is shown before it begins.
 *
 * The arguments are put into words before the call, which may change what
 * they point to. A path is shown as the text it points to, cut at 64 bytes.
 */
#include "syscall/table.h"

#include "core/printk.h"
#include "lib/format.h"
#include "lib/string.h"
#include "proc/process.h"
#include "x86/user_copy.h"

#define PATH_SHOWN 64

/* The arguments' text while it grows. */
struct trace_line {
    char text[176];
    size_t length;
};

static void trace_add(struct trace_line *line, const char *format, u32 word)
{
    size_t room = sizeof(line->text) - line->length;
    int size = format_text(line->text + line->length, room, format, word);
    line->length += min((size_t)size, room - 1);
}

static void trace_add_path(struct trace_line *line, u32 address)
{
    char path[PATH_SHOWN];
    int length = user_string_in(path, (const char user *)address, sizeof(path));
    if (length == -EFAULT) {
        trace_add(line, "0x%x", address);
        return;
    }
    path[PATH_SHOWN - 1] = '\0';
    trace_add(line, "\"%s\"", (u32)(uintptr_t)path);
}

/* How a word of each kind is shown; paths and pairs are more than a word. */
static const char *trace_format(char letter)
{
    static const struct {
        char letter;
        const char *format;
    } formats[] = {
        {'d', "%d"}, {'e', "%d"}, {'u', "%u"}, {'x', "0x%x"}, {'o', "0%o"}};
    for (u32 i = 0; i < array_count(formats); i++)
        if (formats[i].letter == letter)
            return formats[i].format;
    return "%u";
}

static void trace_arguments(struct trace_line *line,
                            const struct trap_frame *frame, const char *letters)
{
    const u32 words[] = {frame->ebx, frame->ecx, frame->edx, frame->esi,
                         frame->edi, frame->ebp, 0};
    u32 n = 0;
    for (; *letters != '\0'; letters++) {
        if (n > 0)
            trace_add(line, ", ", 0);
        if (*letters == 's')
            trace_add_path(line, words[n]);
        else
            trace_add(line, trace_format(*letters), words[n]);
        n++;
        if (*letters == 'l')
            trace_add(line, ":%u", words[n++]);
    }
}

s32 syscall_traced(struct trap_frame *frame, u32 number)
{
    const struct syscall *call = &syscalls[number];
    struct trace_line line = {.length = 0};
    u32 tid = current_task()->tid;

    line.text[0] = '\0';
    trace_arguments(&line, frame, call->arguments);
    if (strchr(call->arguments, 'e'))
        printk("%u (%s): %s(%s)\n", tid, current_process()->name, call->name,
               line.text);
    s32 result = call->call(frame);
    printk("%u (%s): %s(%s) = %d\n", tid, current_process()->name, call->name,
           line.text, result);
    return result;
}
