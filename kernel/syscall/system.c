/*
 * The machine as a whole: its name, what it has, its log, its end; and random
 * bytes.
 */
#include "syscall/table.h"

#include "core/machine_exit.h"
#include "core/printk.h"
#include "fs/random.h"
#include "lib/divide.h"
#include "lib/string.h"
#include "mem/frame.h"
#include "mem/heap.h"
#include "proc/load.h"
#include "proc/process.h"
#include "syscall/time.h"
#include "x86/clock.h"
#include "x86/user_copy.h"
#include <linux/random.h>
#include <linux/reboot.h>

/* Under process_table_lock. */
static char host_name[__NEW_UTS_LEN + 1] = "spindle";

/* ---- uname --------------------------------------------------------------- */

s32 sys_uname(struct new_utsname *names)
{
    static const struct new_utsname fixed = {
        .sysname = "Linux",
        .release = "6.1.0-spindle",
        .version = "#1 Spindle",
        .machine = "i686",
        .domainname = "(none)",
    };

    *names = fixed;
    spin_lock(&process_table_lock);
    memcpy(names->nodename, host_name, sizeof(host_name));
    spin_unlock(&process_table_lock);
    return 0;
}

s32 sys_sethostname(const char user *name, s32 length)
{
    char text[__NEW_UTS_LEN + 1];

    if (!acts_as_root())
        return -EPERM;
    if (length < 0 || length > __NEW_UTS_LEN)
        return -EINVAL;
    memset(text, 0, sizeof(text));
    if (user_copy_in(text, name, (u32)length) < 0)
        return -EFAULT;
    spin_lock(&process_table_lock);
    memcpy(host_name, text, sizeof(host_name));
    spin_unlock(&process_table_lock);
    return 0;
}

/* ---- sysinfo ------------------------------------------------------------- */

s32 sys_sysinfo(struct sysinfo *info)
{
    struct load load;

    load_read(&load);
    *info = (struct sysinfo){
        .uptime = (s32)divide_u64(clock_nanoseconds(),
                                  (u32)NANOSECONDS_PER_SECOND, NULL),
        .totalram = frame_managed_count() * PAGE_SIZE,
        .freeram = frame_free_count() * PAGE_SIZE,
        .sharedram = memory_object_frame_count() * PAGE_SIZE,
        .procs = (u16)process_count(),
        .mem_unit = 1,
    };
    for (u32 i = 0; i < array_count(load.average); i++)
        info->loads[i] = load.average[i] << (SI_LOAD_SHIFT - LOAD_SHIFT);
    return 0;
}

/* ---- the end ------------------------------------------------------------- */

static noreturn void halt(void)
{
    printk("The system is halted\n");
    machine_exit(MACHINE_EXIT_OFF);
}

static const struct {
    u32 command;
    noreturn void (*act)(void);
} endings[] = {
    {LINUX_REBOOT_CMD_POWER_OFF, machine_power_off},
    {LINUX_REBOOT_CMD_RESTART, machine_restart},
    {LINUX_REBOOT_CMD_RESTART2, machine_restart},
    {LINUX_REBOOT_CMD_HALT, halt},
};

static bool magic_is_good(u32 magic1, u32 magic2)
{
    return magic1 == LINUX_REBOOT_MAGIC1 &&
           (magic2 == LINUX_REBOOT_MAGIC2 || magic2 == LINUX_REBOOT_MAGIC2A ||
            magic2 == LINUX_REBOOT_MAGIC2B || magic2 == LINUX_REBOOT_MAGIC2C);
}

s32 sys_reboot(u32 magic1, u32 magic2, u32 command)
{
    if (!acts_as_root())
        return -EPERM;
    if (!magic_is_good(magic1, magic2))
        return -EINVAL;
    /* No Ctrl-Alt-Del is caught here, so its switch has nothing to do. */
    if (command == LINUX_REBOOT_CMD_CAD_ON ||
        command == LINUX_REBOOT_CMD_CAD_OFF)
        return 0;
    for (u32 i = 0; i < array_count(endings); i++)
        if (endings[i].command == command)
            endings[i].act();
    return -EINVAL;
}

/* ---- the log ------------------------------------------------------------- */

/* What klogctl(3) asks for. Reading the whole log and its size are free to
 * all; the rest is root's. */
enum log_action {
    LOG_CLOSE,
    LOG_OPEN,
    LOG_READ,
    LOG_READ_ALL,
    LOG_READ_CLEAR,
    LOG_CLEAR,
    LOG_CONSOLE_OFF,
    LOG_CONSOLE_ON,
    LOG_CONSOLE_LEVEL,
    LOG_SIZE_UNREAD,
    LOG_SIZE_BUFFER,
};

#define LOG_LOOK       (NANOSECONDS_PER_SECOND / 10)
#define LOG_LEVEL_OURS 4 /* Linux's for a message that gives none */
#define LOG_LEVEL_MOST 8

/* Waits for something to take: printk wakes nobody, so who waits looks. */
static s32 log_wait(void)
{
    while (log_untaken() == 0) {
        if (thread_is_interrupted())
            return -ERESTARTSYS;
        thread_park_until(clock_deadline(LOG_LOOK));
    }
    return 0;
}

static s32 log_read(s32 type, char user *buffer, s32 size)
{
    if (!buffer || size < 0)
        return -EINVAL;
    s32 result = type == LOG_READ && size != 0 ? log_wait() : 0;
    if (result < 0)
        return result;
    char *text = heap_alloc(LOG_SIZE);
    if (!text)
        return -ENOMEM;
    size_t most = min((u32)size, LOG_SIZE);
    size_t length =
        type == LOG_READ ? log_take(text, most) : log_copy(text, most);
    result = user_copy_out(buffer, text, length);
    heap_free(text);
    if (result == 0 && type == LOG_READ_CLEAR)
        log_clear();
    return result < 0 ? result : (s32)length;
}

s32 sys_syslog(s32 type, char user *buffer, s32 size)
{
    if (type != LOG_READ_ALL && type != LOG_SIZE_BUFFER && !acts_as_root())
        return -EPERM;
    if (type >= LOG_READ && type <= LOG_READ_CLEAR)
        return log_read(type, buffer, size);
    if (type == LOG_SIZE_UNREAD)
        return (s32)log_untaken();
    if (type == LOG_SIZE_BUFFER)
        return LOG_SIZE;
    if ((u32)type > LOG_SIZE_BUFFER ||
        (type == LOG_CONSOLE_LEVEL && (size < 1 || size > LOG_LEVEL_MOST)))
        return -EINVAL;
    if (type == LOG_CLEAR)
        log_clear();
    if (type == LOG_CONSOLE_LEVEL)
        log_set_quiet(size <= LOG_LEVEL_OURS);
    if (type == LOG_CONSOLE_OFF || type == LOG_CONSOLE_ON)
        log_set_quiet(type == LOG_CONSOLE_OFF);
    return 0;
}

/* ---- random bytes -------------------------------------------------------- */

s32 sys_getrandom(void user *buffer, size_t size, u32 flags)
{
    u8 bytes[256];
    size_t done = 0;

    if (flags & ~(u32)(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE))
        return -EINVAL;
    size = min(size, 0x7fffffffu);
    while (done < size) {
        size_t part = min(size - done, sizeof(bytes));
        random_bytes(bytes, part);
        if (user_copy_out((char user *)buffer + done, bytes, part) < 0)
            return done != 0 ? (s32)done : -EFAULT;
        done += part;
        if (thread_is_interrupted() && done < size)
            return (s32)done;
    }
    return (s32)done;
}
