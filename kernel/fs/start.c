/*
 * The order in which files come up. Failing here means that there is no
 * memory at all yet, which a person can mend, so it says so in a sentence.
 */
#include "fs/start.h"

#include "core/panic.h"
#include "fs/device.h"
#include "fs/pipe.h"
#include "fs/random.h"
#include "fs/tmpfs.h"
#include "fs/vfs.h"

#define ROOT_MODE 0755

static int root_start(void)
{
    struct file_system *system;
    int error = tmpfs_create("rootfs", ROOT_MODE, &system);
    return error < 0 ? error : mount_root(system);
}

/* /dev, and devfs on it. */
static int devices_start(void)
{
    struct fs_context *context = fs_context_create(&root_path);
    struct file_system *system;
    struct path where;
    int error = devfs_start();
    if (context == NULL || error < 0)
        return -1;
    error = vfs_make_directory(context, NULL, "/dev", 0755);
    if (error == 0)
        error = path_find(context, NULL, "/dev", WALK_FOLLOW, &where);
    if (error == 0) {
        error = file_system_create("devtmpfs", &system);
        if (error == 0)
            error = mount_add("devtmpfs", system, &where, 0);
        path_put(&where);
    }
    fs_context_put(context);
    return error;
}

void file_systems_start(void)
{
    random_start();
    tmpfs_start();
    pipes_start();
    memory_devices_start();
    if (root_start() < 0 || devices_start() < 0)
        halt_with_message("There is not enough memory for the root file "
                          "system: give the machine more (tools/run --mem).");
}
