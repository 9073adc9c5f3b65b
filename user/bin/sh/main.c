/*
 * sh [-c TEXT | FILE] [ARGUMENT...]: runs a text, a script, or what comes from
 * standard input, with a prompt if that is a terminal. There, Ctrl-C ends the
 * program in the foreground and the line being typed, never the shell.
 */
#include "sh.h"

struct shell shell;

static void interrupt(int number)
{
    shell.interrupted = number;
    if (shell.escapable)
        longjmp(shell.escape, true);
}

/* A Ctrl-C that comes after the look at it here is for the next line. */
static void prompt_write(const char *prompt)
{
    if (shell.interrupted) {
        shell.interrupted = 0;
        shell.status = 128 + SIGINT;
        dprintf(2, "\n");
    }
    dprintf(2, "%s", prompt);
    while (waitpid(-1, NULL, WNOHANG) > 0)
        continue;
}

/*
 * Byte by byte, so that commands find the rest. If Ctrl-C came right before
 * read(), that would not end; so its handler jumps, back to here.
 */
static bool byte_read(int fd, char *byte)
{
    bool came = false;

    if (setjmp(shell.escape) == 0) {
        shell.escapable = true;
        came = !shell.interrupted && read(fd, byte, 1) == 1;
    }
    shell.escapable = false;
    return came && !shell.interrupted;
}

/* Whatever is not a whole command yet waits for the next line. */
static int file_run(int fd)
{
    struct text text = {NULL, 0};
    bool more = true;

    while (more) {
        char byte = '\0';

        if (shell.interactive)
            prompt_write(text.length ? "> " : "$ ");
        while (byte != '\n' && byte_read(fd, &byte))
            text_add(&text, byte);
        more = byte == '\n' || shell.interrupted;
        if (shell.interrupted || !text.length || text_run(text.bytes, more))
            text.length = 0;
    }
    return shell.status;
}

int main(int count, char **arguments)
{
    struct sigaction on_interrupt = {.sa_handler = interrupt,
                                     .sa_flags = SA_NODEFER};
    bool is_text = count > 2 && strcmp(arguments[1], "-c") == 0;
    int first = is_text ? 3 : 1, fd = 0;

    shell.pid = getpid();
    shell.arguments = count > first ? arguments + first : arguments;
    shell.count = count > first ? count - first - 1 : 0;
    if (is_text) {
        text_run(arguments[2], false);
        return shell.status;
    }
    if (count > 1)
        fd = open(arguments[1], O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        err(127, "%s", arguments[1]);
    shell.interactive = count == 1 && isatty(0);
    if (shell.interactive) {
        sigaction(SIGINT, &on_interrupt, NULL);
        signal(SIGQUIT, SIG_IGN);
    }
    return file_run(fd);
}
