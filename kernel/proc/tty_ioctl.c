/*
 * What ioctl asks of a terminal: settings, size, queues, sessions. One row a
 * request.
 */
#include "proc/tty_internal.h"

#include "proc/process.h"
#include "x86/user_copy.h"
#include <asm/errno.h>
#include <asm/ioctls.h>
#include <asm/siginfo.h>
#include <asm/signal.h>

typedef int (*tty_request)(struct tty *tty, u32 argument);

static int settings_get(struct tty *tty, u32 argument)
{
    spin_lock(&tty->lock);
    struct termios settings = tty->settings;
    spin_unlock(&tty->lock);
    return user_copy_out((void user *)argument, &settings, sizeof(settings));
}

static int settings_change(struct tty *tty, u32 argument, bool forget)
{
    struct termios wanted;
    int result = tty_background_check(tty, SIGTTOU);

    if (result < 0)
        return result;
    if (user_copy_in(&wanted, (const void user *)argument, sizeof(wanted)) < 0)
        return -EFAULT;
    spin_lock(&tty->lock);
    struct termios old = tty->settings;
    tty->settings = wanted;
    if (forget)
        tty_forget_input(tty);
    tty_settings_changed(tty, &old);
    spin_unlock(&tty->lock);
    return 0;
}

/* Output is with the device as soon as a write returns, so there is nothing
 * to wait for in between. */
static int settings_set(struct tty *tty, u32 argument)
{
    return settings_change(tty, argument, false);
}

static int settings_set_forget(struct tty *tty, u32 argument)
{
    return settings_change(tty, argument, true);
}

void tty_set_size(struct tty *tty, u16 rows, u16 columns)
{
    spin_lock(&tty->lock);
    bool changed = tty->size.ws_row != rows || tty->size.ws_col != columns;
    tty->size.ws_row = rows;
    tty->size.ws_col = columns;
    u32 group = tty->foreground;
    spin_unlock(&tty->lock);
    if (changed && group != 0)
        signal_send_group(group, SIGWINCH, SI_KERNEL);
}

static int size_get(struct tty *tty, u32 argument)
{
    spin_lock(&tty->lock);
    struct winsize size = tty->size;
    spin_unlock(&tty->lock);
    return user_copy_out((void user *)argument, &size, sizeof(size));
}

static int size_set(struct tty *tty, u32 argument)
{
    struct winsize size;

    if (user_copy_in(&size, (const void user *)argument, sizeof(size)) < 0)
        return -EFAULT;
    tty_set_size(tty, size.ws_row, size.ws_col);
    return 0;
}

static int foreground_get(struct tty *tty, u32 argument)
{
    u32 group, session;
    int result = tty_foreground_get(tty, &group, &session);

    return result < 0 ? result : user_store((u32 user *)argument, group);
}

static int foreground_set(struct tty *tty, u32 argument)
{
    u32 group;

    if (user_load(&group, (const u32 user *)argument) < 0)
        return -EFAULT;
    return (s32)group < 0 ? -EINVAL : tty_foreground_set(tty, group);
}

static int session_get(struct tty *tty, u32 argument)
{
    u32 group, session;
    int result = tty_foreground_get(tty, &group, &session);

    return result < 0 ? result : user_store((u32 user *)argument, session);
}

static int input_size(struct tty *tty, u32 argument)
{
    spin_lock(&tty->lock);
    u32 size = tty->line_at - tty->read_at;
    spin_unlock(&tty->lock);
    return user_store((u32 user *)argument, size);
}

/* Nothing waits to be sent; there is one discipline, the first. */
static int zero_get(struct tty *tty, u32 argument)
{
    return user_store((u32 user *)argument, 0);
}

static int flush(struct tty *tty, u32 argument)
{
    if (argument > TCIOFLUSH)
        return -EINVAL;
    if (argument == TCOFLUSH)
        return 0;
    spin_lock(&tty->lock);
    tty_forget_input(tty);
    spin_unlock(&tty->lock);
    if (tty->drained)
        tty->drained(tty);
    return 0;
}

static int drain(struct tty *tty, u32 argument)
{
    return 0;
}

static int flow(struct tty *tty, u32 argument)
{
    if (argument > TCION)
        return -EINVAL;
    if (argument != TCOOFF && argument != TCOON)
        return 0;
    spin_lock(&tty->lock);
    tty->stopped = argument == TCOOFF;
    if (!tty->stopped)
        wait_queue_wake_all(&tty->writers);
    spin_unlock(&tty->lock);
    return 0;
}

static const struct {
    u32 number;
    tty_request carry_out;
} requests[] = {
    {TCGETS, settings_get},
    {TCSETS, settings_set},
    {TCSETSW, settings_set},
    {TCSETSF, settings_set_forget},
    {TIOCGWINSZ, size_get},
    {TIOCSWINSZ, size_set},
    {TIOCGPGRP, foreground_get},
    {TIOCSPGRP, foreground_set},
    {TIOCGSID, session_get},
    {TIOCSCTTY, tty_take},
    {TIOCNOTTY, tty_give_up},
    {FIONREAD, input_size},
    {TIOCOUTQ, zero_get},
    {TCFLSH, flush},
    {TCSBRK, drain},
    {TCSBRKP, drain},
    {TCXONC, flow},
    {TIOCGETD, zero_get},
};

int tty_ioctl(struct file *file, u32 request, u32 argument)
{
    for (u32 i = 0; i < array_count(requests); i++)
        if (requests[i].number == request)
            return requests[i].carry_out(file->data, argument);
    return -ENOTTY;
}
