/*
 * The rules. Each reads its text from the token on and, if it is live, does
 * what is said there; then shell.status is its $?.
 *
 *   list      chains, each ended by ; or & or a new line
 *   chain     pipelines joined by && and ||
 *   pipeline  [!] commands joined by |
 *   command   a compound, or words; among and behind them redirections
 *
 * Only what stands behind a command says where it runs: before | and & in a
 * process of its own, before redirections with them. So it is read first.
 */
#include "sh.h"

#define DEEPEST 500 /* pipelines in each other, so that the stack is enough */

static int depth;
static rule pipeline_run;

/* Where the text of a rule that is at the token ends */
static const char *end_of(rule *run)
{
    const char *start = token, *end;

    run(false);
    end = token;
    token = start;
    return end;
}

/* Gives a descriptor another number. If there is none, that is closed. */
static void descriptor_move(int from, int to)
{
    if (from == to)
        return;
    if (dup2(from, to) < 0)
        close(to);
    close(from);
}

/*
 * A process for a rule at the token, or, without one, for what the caller does.
 * One end of a pipe, if any, becomes that descriptor. Ctrl-C ends the process,
 * even one that came while there was only one of us.
 */
pid_t process_start(rule *run, const int *ends, int end)
{
    pid_t pid = fork();

    if (pid < 0)
        warn("fork");
    if (pid != 0)
        return pid;
    if (shell.interactive)
        signal(SIGINT, SIG_DFL);
    if (shell.interrupted)
        raise(SIGINT);
    shell.interactive = false;
    if (ends) {
        descriptor_move(ends[end], end);
        close(ends[!end]);
    }
    if (!run)
        return 0;
    shell.end = end_of(run);
    run(true);
    exit(shell.status);
}

/* 0 to 255, or 128 + N for a process that signal N ended */
int process_wait(pid_t pid, bool stops)
{
    int status = 126 << 8;

    while (pid > 0 && waitpid(pid, &status, 0) < 0)
        if (errno != EINTR || (stops && shell.interrupted))
            return 127;
    if (!WIFSIGNALED(status))
        return WEXITSTATUS(status);
    if (WTERMSIG(status) == SIGINT && shell.interactive)
        shell.interrupted = true;
    return 128 + WTERMSIG(status);
}

int program_exec(char **words)
{
    execvp(*words, words);
    if (errno == ENOENT)
        errx(127, "%s: not found", *words);
    err(126, "%s", *words);
}

/* Whether, behind new lines, no command can come */
static bool list_ends(void)
{
    static const char *const closings[] = {")",  "then", "elif", "else",
                                           "fi", "do",   "done", NULL};
    const char *start, *const *closing = closings;

    for (blanks_skip(); accept("\n");)
        continue;
    start = token;
    while (*closing && !accept(*closing))
        closing++;
    token = start;
    return !*token || *closing;
}

/* A program gets a process of its own, unless this one is there for it. */
static void simple_run(bool live)
{
    const char *start = token;
    builtin *run = NULL;
    glob_t words;
    pid_t pid = 0;

    assignments_read(false);
    words = words_read(live);
    if (!live)
        return;
    if (words.gl_pathc > 0)
        run = builtin_find(words.gl_pathv);
    if (run == program_exec && token != shell.end)
        pid = process_start(NULL, NULL, 0);
    if (pid == 0) {
        token = start;
        assignments_read(true);
        shell.status = run ? run(words.gl_pathv) : shell.substituted;
    } else {
        shell.status = process_wait(pid, false);
    }
    globfree(&words);
}

static void subshell_run(bool live)
{
    if (live)
        shell.status = process_wait(process_start(list_run, NULL, 0), false);
    list_run(false);
    require(accept(")"));
}

static void if_run(bool live)
{
    bool right;

    list_run(live);
    right = live && shell.status == 0;
    require(accept("then"));
    list_run(right);
    live = live && !right;
    if (accept("elif")) {
        if_run(live);
        return;
    }
    shell.status = live ? 0 : shell.status;
    if (accept("else"))
        list_run(live);
    require(accept("fi"));
}

/* A round of a loop. Whether there may be another one */
static bool round_run(bool live)
{
    bool more;

    require(accept("do"));
    list_run(live);
    require(accept("done"));
    more = live && shell.leaving != 'b' && !shell.interrupted;
    shell.leaving = live ? '\0' : shell.leaving;
    return more;
}

static void while_run(bool live)
{
    const char *start = token;
    int status = live ? 0 : shell.status;
    bool more;

    do {
        token = start;
        list_run(live);
        live = live && shell.status == 0;
        shell.status = live ? 0 : status;
        more = round_run(live);
        status = shell.status;
    } while (more);
}

static void for_run(bool live)
{
    const char *name = token, *body;
    glob_t values;
    size_t i = 0;

    require(is_word());
    word_read(SKIPPED);
    require(accept("in"));
    values = words_read(live);
    shell.status = live ? 0 : shell.status;
    accept(";");
    list_ends();
    body = token;
    do {
        token = name;
        if (i < values.gl_pathc)
            setenv(word_read(JOINED), values.gl_pathv[i], true);
        token = body;
    } while (round_run(i++ < values.gl_pathc));
    globfree(&values);
}

/* ---- redirections, and how commands are joined --------------------------- */

/*
 * Runs a rule at `text` with the redirections that are found at the token, or
 * behind words there. Each is undone as soon as what it is for has run.
 */
static void redirected_run(rule *run, const char *text)
{
    const char *start, *sign;
    int fd, how, saved, opened;
    char *name;

    while (is_word())
        word_read(SKIPPED);
    start = token;
    if (!is_redirection()) {
        token = text;
        run(true);
        return;
    }
    sign = strpbrk(start, "<>");
    fd = sign > start ? atoi(start) : *sign == '>';
    how = *sign == '<' ? O_RDONLY : sign[1] == '>' ? O_APPEND : O_TRUNC;
    how |= *sign == '<' ? 0 : O_WRONLY | O_CREAT;
    name = word_read(JOINED);
    saved = fcntl(fd, F_DUPFD_CLOEXEC, 10);
    opened = sign[1] != '&'
                 ? open(name, how, 0666)
                 : dup(isdigit((unsigned char)*name) ? atoi(name) : -1);
    if (opened < 0 && (sign[1] != '&' || strcmp(name, "-") != 0)) {
        warn("%s", name);
        shell.status = 2;
    } else {
        descriptor_move(opened, fd);
        redirected_run(run, text);
    }
    descriptor_move(saved, fd);
}

static void command_run(bool live)
{
    static const struct {
        const char *opening;
        rule *run;
    } kinds[] = {{"(", subshell_run},
                 {"if", if_run},
                 {"while", while_run},
                 {"for", for_run},
                 {"", simple_run}};
    const char *start = token, *body, *redirections, *end;
    int kind = 0;

    while (*kinds[kind].opening && !accept(kinds[kind].opening))
        kind++;
    body = token;
    kinds[kind].run(false);
    redirections = *kinds[kind].opening ? token : body;
    while (is_redirection())
        word_read(SKIPPED);
    end = token;
    require(end > start);
    if (live) {
        shell.substituted = 0;
        token = redirections;
        redirected_run(kinds[kind].run, body);
        token = end;
    }
}

/* The token is at the left of a pipe, `bar` is behind that. */
static void pipe_run(const char *bar)
{
    int ends[2] = {-1, -1};
    pid_t left, right;

    if (pipe(ends) < 0)
        warn("pipe");
    left = process_start(command_run, ends, 1);
    token = bar;
    accept("|");
    right = process_start(pipeline_run, ends, 0);
    close(ends[0]);
    close(ends[1]);
    process_wait(left, false);
    shell.status = process_wait(right, false);
}

/* Nothing runs while `break` or Ctrl-C is on its way. */
static void pipeline_run(bool live)
{
    bool negated = accept("!");
    const char *end;

    live = live && !shell.leaving && !shell.interrupted;
    shell.end = live && negated ? NULL : shell.end;
    require(!list_ends() && !accept("!") && depth++ < DEEPEST);
    end = end_of(command_run);
    if (live && *end == '|' && end[1] != '|')
        pipe_run(end);
    else if (live)
        command_run(true);
    token = end;
    if (accept("|"))
        pipeline_run(false);
    if (live && negated)
        shell.status = !shell.status;
    depth--;
}

static void chain_run(bool live)
{
    pipeline_run(live);
    for (;;)
        if (accept("&&"))
            pipeline_run(live && shell.status == 0);
        else if (accept("||"))
            pipeline_run(live && shell.status != 0);
        else
            return;
}

/* Ctrl-C and the keyboard are not for what runs in the background. */
static void background_run(bool live)
{
    signal(SIGINT, SIG_IGN);
    descriptor_move(open("/dev/null", O_RDONLY), 0);
    chain_run(live);
}

void list_run(bool live)
{
    const char *end;

    do {
        end = end_of(chain_run);
        if (live && *end == '&') {
            shell.background = process_start(background_run, NULL, 0);
            shell.status = 0;
        } else if (live) {
            chain_run(true);
        }
        token = end;
    } while ((accept("&") || accept(";") || accept("\n")) && !list_ends());
}

/*
 * Runs a text. If it is not whole and more of it may come, nothing is done and
 * the answer is false.
 */
bool text_run(const char *text, bool more)
{
    depth = 0;
    shell.leaving = '\0';
    if (setjmp(syntax_error) == 0) {
        for (int live = false; live <= true; live++) {
            token = text;
            if (!list_ends())
                list_run(live);
            require(!*token &&
                    !(more && token > text + 1 && token[-2] == '\\'));
        }
    } else if (*token || !more) {
        warnx("syntax error: %.40s", *token ? token : "too early an end");
        shell.status = 2;
        if (!shell.interactive)
            exit(2);
    } else {
        return false;
    }
    return true;
}
