/*
 * The shapes: how a server uses threads while requests wait for the disk.
 */
#include "server.h"

#include <errno.h>
#include <poll.h>

/* ---- iterative: one request after the other ---- */

static void iterative(void)
{
    struct request request;

    for (int i = 0; i < REQUESTS; i++) {
        receive(requests[0], &request, sizeof request);
        request_serve(&request);
    }
}

/* ---- a thread for each request ---- */

static void *serves_one(void *argument)
{
    request_serve(argument);
    free(argument);
    return NULL;
}

static void thread_each(void)
{
    for (int i = 0; i < REQUESTS; i++) {
        struct request *request = malloc(sizeof *request);

        must(request ? 0 : ENOMEM, "a request");
        receive(requests[0], request, sizeof *request);
        must(pthread_detach(thread_start(serves_one, request)), "detach");
    }
}

/* ---- a dispatcher and a pool of workers ---- */

static int work[2]; /* from the dispatcher to the workers */

static void *works(void *argument)
{
    struct request request;

    for (;;) {
        receive(work[0], &request, sizeof request);
        if (request.client < 0)
            return argument;
        request_serve(&request);
    }
}

static void pool(void)
{
    struct request request, none = {.client = -1};
    pthread_t workers[WORKERS];

    pipe_make(work);
    for (int i = 0; i < WORKERS; i++)
        workers[i] = thread_start(works, NULL);
    for (int i = 0; i < REQUESTS; i++) {
        receive(requests[0], &request, sizeof request);
        send(work[1], &request, sizeof request);
    }
    for (int i = 0; i < WORKERS; i++)
        send(work[1], &none, sizeof none);
    for (int i = 0; i < WORKERS; i++)
        pthread_join(workers[i], NULL);
}

/* ---- one thread, an event at a time ----
 *
 * A request's state is not a stack that waits but where its next message comes
 * from: new ones by one pipe, those that the disk has read by the other.
 *
 *     NEW --in the cache-----------------> answered
 *      +----else--> READING --disk done--> answered
 */
static void on_request(const struct request *request, int disk_done)
{
    compute(WORK);
    if (request->cached)
        request_answer(request);
    else
        disk_begin(request, disk_done);
}

static void event_loop(void)
{
    struct request request;
    int disk_done[2], taken = 0, reading = 0;

    pipe_make(disk_done);
    while (taken < REQUESTS || reading > 0) {
        struct pollfd sources[] = {{.fd = disk_done[0], .events = POLLIN},
                                   {.fd = requests[0], .events = POLLIN}};

        must(poll(sources, 2, -1) < 0 ? errno : 0, "poll");
        if (sources[0].revents) {
            receive(disk_done[0], &request, sizeof request);
            reading--;
            request_answer(&request);
        } else {
            receive(requests[0], &request, sizeof request);
            taken++;
            reading += !request.cached;
            on_request(&request, disk_done[1]);
        }
    }
}

const struct shape shapes[SHAPES] = {
    {"iterative", "no", "yes", iterative},
    {"thread a request", "yes", "yes", thread_each},
    {"dispatcher, workers", "yes", "yes", pool},
    {"event loop", "yes", "no", event_loop},
};
