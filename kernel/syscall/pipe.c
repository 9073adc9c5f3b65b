/*
 * pipe and pipe2: two descriptors at once, or none.
 */
#include "syscall/place.h"

#include "fs/pipe.h"
#include "x86/user_copy.h"

/* Two free numbers, reserved. */
static int reserve_pair(struct fd_table *files, s32 fds[2])
{
    fds[0] = fd_reserve(files, 0, fd_limit());
    if (fds[0] < 0)
        return fds[0];
    fds[1] = fd_reserve(files, 0, fd_limit());
    if (fds[1] >= 0)
        return 0;
    fd_cancel(files, fds[0]);
    return fds[1];
}

s32 sys_pipe2(s32 user *result, u32 flags)
{
    struct fd_table *files = files_current();
    struct file *read_end, *write_end;
    s32 fds[2];
    if (flags & ~(O_CLOEXEC | O_NONBLOCK))
        return -EINVAL;
    int error = reserve_pair(files, fds);
    if (error < 0)
        return error;
    error = pipe_create(flags & O_NONBLOCK, &read_end, &write_end);
    if (error < 0)
        goto no_pipe;
    error = user_copy_out(result, fds, sizeof(fds));
    if (error < 0)
        goto no_result;
    fd_install(files, fds[0], read_end, flags & O_CLOEXEC);
    fd_install(files, fds[1], write_end, flags & O_CLOEXEC);
    return 0;

no_result:
    file_put(read_end);
    file_put(write_end);
no_pipe:
    fd_cancel(files, fds[0]);
    fd_cancel(files, fds[1]);
    return error;
}
