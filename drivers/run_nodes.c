/*
 * The nodes of the run port: /dev/run/{stdin,stdout,stderr,control}.
 *
 * Whoever opens one of them also settles whose the input is: the terminal's
 * if tools/run said in /.run/terminals that its standard input is one, else
 * the stream's.
 */
#include "drivers/run_port_internal.h"
#include "fs/vfs.h"
#include "proc/process.h"
#include <asm/errno.h>
#include <linux/fcntl.h>

#define MAJOR 240

/* ---- control ------------------------------------------------------------- */

static bool is_allowed(u32 type)
{
    return type == RECORD_EXIT || type == RECORD_BOOKS || type == RECORD_NOTICE;
}

static ssize control_write(struct file *file, struct io_cursor *from,
                           u64 *offset)
{
    u32 size = from->remaining;
    u32 type;

    if (size < sizeof(type) || size - sizeof(type) > RECORD_PAYLOAD_MAX)
        return -EINVAL;
    if (io_copy_in(from, &type, sizeof(type)) < 0)
        return -EFAULT;
    if (!is_allowed(type))
        return -EINVAL;
    int result = run_record_write(type, from);
    return result < 0 ? result : (ssize)size;
}

static const struct file_operations control_operations = {
    .write = control_write,
};

/* ---- opening ------------------------------------------------------------- */

static bool input_is_terminal(void)
{
    struct file *file;
    char answer = '1'; /* nobody said: somebody types */

    if (vfs_open(current_process()->context, NULL, "/.run/terminals", O_RDONLY,
                 0, &file) < 0)
        return true;
    file_read_kernel(file, &answer, sizeof(answer), 0);
    file_put(file);
    return answer == '1';
}

static int node_open(struct device *device, struct file *file)
{
    static bool settled;

    file->operations = device->operations;
    file->data = device->data;
    if (!settled) {
        settled = true;
        run_input_route(input_is_terminal());
    }
    return 0;
}

static struct device nodes[] = {
    {.name = "run/stdin",
     .number = DEVICE_NUMBER(MAJOR, 0),
     .mode = 0400,
     .operations = &run_input_operations,
     .open = node_open},
    {.name = "run/stdout",
     .number = DEVICE_NUMBER(MAJOR, 1),
     .mode = 0222,
     .operations = &run_output_operations,
     .data = &run_streams[RUN_OUTPUT],
     .open = node_open},
    {.name = "run/stderr",
     .number = DEVICE_NUMBER(MAJOR, 2),
     .mode = 0222,
     .operations = &run_output_operations,
     .data = &run_streams[RUN_ERROR],
     .open = node_open},
    {.name = "run/control",
     .number = DEVICE_NUMBER(MAJOR, 5),
     .mode = 0200,
     .operations = &control_operations,
     .open = node_open},
};

void run_nodes_register(void)
{
    for (size_t i = 0; i < array_count(nodes); i++)
        device_register(&nodes[i]);
}
