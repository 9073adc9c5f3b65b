/* Threads in user space begin, end and are joined: a result arrives whoever
 * comes first, errors are told, the last one out ends the process. */
#include "say.h"

#include "uthread/uthread.h"

static struct uthread *first;
static int turns;

static void *number_of(void *argument)
{
    uthread_yield();
    turns++;
    return (char *)argument + 1;
}

static void leave(void)
{
    uthread_exit("from a function");
}

static void *exits(void *argument)
{
    leave();
    return argument;
}

static void *knows_itself(void *argument)
{
    return *(struct uthread **)argument == uthread_self() ? "itself" : "no";
}

static void *joins_itself(void *argument)
{
    (void)argument;
    return (void *)(uintptr_t)uthread_join(uthread_self(), NULL);
}

static void *joins(void *argument)
{
    void *result = NULL;

    uthread_join(argument, &result);
    return result;
}

static struct uthread *made(void *(*function)(void *), void *argument)
{
    struct uthread *thread;
    int error = uthread_create(&thread, function, argument);

    if (error)
        say("no thread: %s", error_name(error));
    return thread;
}

static void *joined(struct uthread *thread)
{
    void *result = NULL;
    int error = uthread_join(thread, &result);

    if (error)
        say("not joined: %s", error_name(error));
    return result;
}

static void results(void)
{
    static struct uthread *self;
    struct uthread *early = made(number_of, (void *)1);

    say("waited for: %d", (int)(uintptr_t)joined(early));
    early = made(number_of, (void *)2);
    while (turns < 2)
        uthread_yield();
    say("already over: %d", (int)(uintptr_t)joined(early));
    say("exit: %s", (char *)joined(made(exits, NULL)));
    self = made(knows_itself, &self);
    say("self: %s", (char *)joined(self));
    say("first: %d", uthread_self() == first);
}

static void errors(void)
{
    struct uthread *slow, *other;

    say("join oneself: %s",
        error_name((int)(uintptr_t)joined(made(joins_itself, NULL))));
    slow = made(number_of, (void *)3);
    other = made(joins, slow);
    uthread_yield();
    say("join twice: %s", error_name(uthread_join(slow, NULL)));
    say("the one who was there: %d", (int)(uintptr_t)joined(other));
    say("start again: %s", error_name(uthread_start(1)));
    say("less than no time: %s", error_name(uthread_preempt(-1)));
}

static void *says_last(void *argument)
{
    say("joined the first: %s", (char *)joined(first));
    return argument;
}

/* main's thread goes first, and another joins it. */
static void last_one_out(void)
{
    uthread_start(1);
    first = uthread_self();
    made(says_last, NULL);
    uthread_exit("gone");
}

static void deadlock(void)
{
    struct uthread_mutex mutex = {0};
    struct uthread_condition never = {{0}};

    uthread_start(1);
    uthread_mutex_lock(&mutex);
    close(2);
    uthread_condition_wait(&never, &mutex);
}

/* Called by a pointer, since a compiler may make a loop of a recursion. */
static int (*volatile again)(int kilobytes);

static int deep(int kilobytes)
{
    volatile char room[1024];

    for (int i = 0; i < 1024; i++)
        room[i] = 1;
    return kilobytes == 0 ? 0 : again(kilobytes - 1) + room[kilobytes];
}

static void *uses(void *kilobytes)
{
    return (char *)NULL + deep((int)(uintptr_t)kilobytes);
}

static void *overflows(void *argument)
{
    _exit(uses(argument) != NULL);
}

/* Below a thread's stack lies that of the next one, but for a page. */
static void overflow(void)
{
    struct uthread *thread;

    uthread_start(1);
    thread = made(overflows, (void *)80);
    made(uses, NULL);
    made(uses, NULL);
    joined(thread);
}

int main(void)
{
    again = deep;
    say("too few: %s", error_name(uthread_start(0)));
    child_run("the last", last_one_out);
    child_run("who waits for nobody", deadlock);
    child_run("who needs too much stack", overflow);
    say("start: %d", uthread_start(1));
    first = uthread_self();
    say("stack: %d", (int)(uintptr_t)joined(made(uses, (void *)40)));
    results();
    errors();
    return 0;
}
