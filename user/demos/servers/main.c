/*
 * Demo: shapes of servers under the same load.
 *
 * Eight clients each have one request under way: as soon as it is answered
 * they send the next. One in three is in the cache; the others wait for the
 * disk. A server that waits itself serves nobody meanwhile; one that has
 * another thread for the next request, or never waits but for "whatever comes
 * next", keeps the disk's heads busy.
 *
 * Each shape runs in a process of its own; times are those of the machine.
 */
#include "server.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

int requests[2];
static int disk[2], answers[CLIENTS][2], disk_answers[CLIENTS][2];

/* ---- pipes ---- */

void pipe_make(int ends[2])
{
    must(pipe(ends) < 0 ? errno : 0, "a pipe");
}

void receive(int from, void *message, size_t length)
{
    must(read(from, message, length) == (ssize_t)length ? 0 : EIO, "read");
}

void send(int to, const void *message, size_t length)
{
    must(write(to, message, length) == (ssize_t)length ? 0 : EIO, "write");
}

/* ---- the disk ---- */

struct disk_order {
    struct request request;
    int answer_to;
};

static _Noreturn void *head(void *argument)
{
    struct disk_order wanted;

    (void)argument;
    for (;;) {
        receive(disk[0], &wanted, sizeof wanted);
        usleep(DISK_US);
        send(wanted.answer_to, &wanted.request, sizeof wanted.request);
    }
}

void disk_begin(const struct request *request, int answer_to)
{
    struct disk_order wanted = {*request, answer_to};

    send(disk[1], &wanted, sizeof wanted);
}

void disk_read(const struct request *request)
{
    struct request done;

    disk_begin(request, disk_answers[request->client][1]);
    receive(disk_answers[request->client][0], &done, sizeof done);
}

/* ---- a request ---- */

void request_answer(const struct request *request)
{
    compute(WORK);
    send(answers[request->client][1], request, sizeof *request);
}

void request_serve(const struct request *request)
{
    compute(WORK);
    if (!request->cached)
        disk_read(request);
    request_answer(request);
}

/* ---- the clients ---- */

static struct client {
    pthread_t thread;
    double sum, worst; /* nanoseconds from request to answer */
} clients[CLIENTS];

static void *asks(void *argument)
{
    struct client *me = argument;
    int number = (int)(me - clients);

    for (int i = 0; i < EACH; i++) {
        struct request request = {number, (number + i) % 3 == 0}, answer;
        double begin = now();

        send(requests[1], &request, sizeof request);
        receive(answers[number][0], &answer, sizeof answer);
        must(answer.client == number ? 0 : EIO, "somebody else's answer");
        me->sum += now() - begin;
        if (now() - begin > me->worst)
            me->worst = now() - begin;
    }
    return NULL;
}

static void measure(const struct shape *shape)
{
    double sum = 0, worst = 0, begin;

    pipe_make(requests);
    pipe_make(disk);
    for (int i = 0; i < HEADS; i++)
        thread_start(head, NULL);
    begin = now();
    for (int i = 0; i < CLIENTS; i++) {
        pipe_make(answers[i]);
        pipe_make(disk_answers[i]);
        clients[i].thread = thread_start(asks, &clients[i]);
    }
    shape->serve();
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(clients[i].thread, NULL);
        sum += clients[i].sum;
        worst = worst < clients[i].worst ? clients[i].worst : worst;
    }
    printf("%-20s %8s %8s %10.0f %8.1f ms %7.1f ms\n", shape->name,
           shape->parallel, shape->calls, REQUESTS / (now() - begin) * 1e9,
           sum / REQUESTS / 1e6, worst / 1e6);
    exit(0); /* and so the heads end */
}

int main(void)
{
    int status;

    printf("%d clients, %d requests; a disk with %d heads, %d ms a read, for "
           "2 in 3; CPUs: %d\n\n",
           CLIENTS, REQUESTS, HEADS, DISK_US / 1000, cpu_count());
    printf("%-20s %8s %8s %10s %11s %10s\n", "", "", "calls", "requests",
           "mean", "worst");
    printf("%-20s %8s %8s %10s %11s %10s\n", "shape", "parallel", "block",
           "a second", "latency", "latency");
    for (const struct shape *shape = shapes; shape < shapes + SHAPES; shape++) {
        fflush(stdout);
        pid_t pid = fork();
        if (pid == 0)
            measure(shape);
        if (pid < 0 || waitpid(pid, &status, 0) < 0 || status != 0)
            return fprintf(stderr, "servers: no %s\n", shape->name), 1;
    }
    printf("\nIterative: the disk has one read at a time, and its other heads "
           "are idle. The\n%d workers have %d at a time, and no more requests "
           "on their stacks than that.\nThe event loop has no stacks: what a "
           "request has come to is said by data.\n",
           WORKERS, WORKERS);
    return 0;
}
