/*
 * sh [-c TEXT | FILE] [ARGUMENT...]: runs a text, a script, or what comes from
 * standard input, with a prompt if that is a terminal.
 *
 * Ctrl-C ends the program in the foreground and the line being typed, never a
 * shell with a prompt. Lines are read one by one, unbuffered, so that commands
 * find the rest of standard input.
 */
#include "sh.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct shell shell;

int complain(int status, const char *what, const char *why)
{
    dprintf(2, "sh: %s: %s\n", what, why);
    return status;
}

static void interrupt(int number)
{
    shell.interrupted = number;
}

static void prompt_write(const char *prompt)
{
    dprintf(2, "%s%s", shell.interrupted ? "\n" : "", prompt);
    shell.interrupted = false;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        continue;
}

/* Appends a line; false at the end of the file. Ctrl-C empties the text. */
static bool line_read(FILE *file, struct text *text)
{
    int byte;

    if (shell.interactive)
        prompt_write(text->length ? "> " : "$ ");
    do {
        byte = getc(file);
        if (byte != EOF)
            text_add(text, byte);
    } while (byte != EOF && byte != '\n');
    if (!shell.interrupted)
        return byte != EOF;
    clearerr(file);
    *text = (struct text){memory_string("", 0), 0};
    return true;
}

/* Whatever is not a whole command yet waits for the next line. */
static int file_run(FILE *file)
{
    void *memory = memory_take(0);
    struct text text = {memory_string("", 0), 0};
    struct node *tree;
    bool more = true;

    while (more && (shell.interactive || shell.status != 2)) {
        more = line_read(file, &text);
        if (more && parse(text.bytes, &tree) == INCOMPLETE)
            continue;
        text_run(text.bytes);
        memory_return(memory);
        text = (struct text){memory_string("", 0), 0};
    }
    return shell.status;
}

int main(int count, char **arguments)
{
    struct sigaction on_interrupt = {.sa_handler = interrupt};
    FILE *file = stdin;

    shell.pid = getpid();
    shell.arguments = arguments;
    if (count > 2 && strcmp(arguments[1], "-c") == 0) {
        char *text = arguments[2];

        shell.arguments += count > 3 ? 3 : 2;
        if (count == 3)
            arguments[2] = arguments[0];
        return text_run(text);
    }
    if (count > 1) {
        shell.arguments++;
        file = fopen(arguments[1], "re");
        if (!file)
            return complain(127, arguments[1], strerror(errno));
    }
    shell.interactive = count == 1 && isatty(0);
    if (shell.interactive)
        sigaction(SIGINT, &on_interrupt, NULL);
    setvbuf(file, NULL, _IONBF, 0);
    return file_run(file);
}
