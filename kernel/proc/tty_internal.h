/*
 * The pieces of a terminal, for each other: the line discipline
 * (tty_line.c), what ioctl asks (tty_ioctl.c), sessions and the foreground
 * (tty_job.c), the file (tty.c).
 */
#pragma once

#include "proc/tty.h"

#define TTY_CHUNK 256u /* bytes handled at a time */

static inline bool tty_has(const struct tty *tty, u32 local_flag)
{
    return (tty->settings.c_lflag & local_flag) != 0;
}

/* ---- tty_line.c, lock held ----------------------------------------------- */

/* Output processing: at most two bytes for each. Returns how many. */
u32 tty_expand(struct tty *tty, const u8 *bytes, u32 size, char *expanded);
/* How many of `bytes` the first `sent` expanded bytes show whole. */
u32 tty_expanded_from(const struct tty *tty, const u8 *bytes, u32 size,
                      u32 sent);
void tty_forget_input(struct tty *tty);
/* The settings have changed from `old`. */
void tty_settings_changed(struct tty *tty, const struct termios *old);

/* ---- tty_job.c ----------------------------------------------------------- */

/* May the caller's group use the terminal as it wants to? 0, -EIO, or -EINTR
 * after `number` (SIGTTIN, SIGTTOU) was sent to its group. */
int tty_background_check(struct tty *tty, u32 number);
/* open: a session leader without a terminal gets this one. */
void tty_take_if_free(struct tty *tty);
int tty_take(struct tty *tty, u32 argument);  /* TIOCSCTTY; 1: from others */
int tty_give_up(struct tty *tty, u32 unused); /* TIOCNOTTY */
int tty_foreground_set(struct tty *tty, u32 group);
/* The caller's terminal is this one: foreground and session; else -ENOTTY. */
int tty_foreground_get(struct tty *tty, u32 *group, u32 *session);
/* The controlling terminal of the caller, or NULL. */
struct tty *tty_of_caller(void);

/* ---- tty_ioctl.c --------------------------------------------------------- */

int tty_ioctl(struct file *file, u32 request, u32 argument);
