/*
 * The line discipline: what happens between a key and a program's read, and
 * between a program's write and the screen.
 *
 * In canonical mode a line can be edited until its end is typed; only whole
 * lines can be read. The ring keeps one slot for the end of a line, so that a
 * line that is too long can still be ended (its rest is dropped, as on Linux).
 * What a byte makes to be sent, echo and signal, is collected under the lock
 * and done after it.
 */
#include "proc/tty_internal.h"

#include "proc/process.h"
#include <asm/siginfo.h>
#include <asm/signal.h>

#define DELETE    127
#define TAB_WIDTH 8u

/* What one byte of input leads to. */
struct effects {
    char echo[TTY_CHUNK];
    u32 echo_size;
    u32 signal; /* for the foreground group, 0 none */
};

/* ---- output -------------------------------------------------------------- */

/* Where the next byte shows after this one. */
static u32 column_after(u32 column, u8 byte)
{
    if (byte == '\n' || byte == '\r')
        return 0;
    if (byte == '\b')
        return column > 0 ? column - 1 : 0;
    if (byte == '\t')
        return column + TAB_WIDTH - column % TAB_WIDTH;
    bool shows = byte >= ' ' && byte != DELETE && (byte & 0xc0) != 0x80;
    return column + shows;
}

static bool adds_return(const struct tty *tty, u8 byte)
{
    return byte == '\n' && (tty->settings.c_oflag & OPOST) &&
           (tty->settings.c_oflag & ONLCR);
}

u32 tty_expand(struct tty *tty, const u8 *bytes, u32 size, char *expanded)
{
    u32 length = 0;

    for (u32 i = 0; i < size; i++) {
        if (adds_return(tty, bytes[i]))
            expanded[length++] = '\r';
        expanded[length++] = (char)bytes[i];
        tty->column = column_after(tty->column, bytes[i]);
    }
    return length;
}

u32 tty_expanded_from(const struct tty *tty, const u8 *bytes, u32 size,
                      u32 sent)
{
    for (u32 i = 0; i < size; i++) {
        u32 needs = adds_return(tty, bytes[i]) ? 2 : 1;
        if (sent < needs)
            return i;
        sent -= needs;
    }
    return size;
}

/* ---- echo ---------------------------------------------------------------- */

static void echo_raw(struct tty *tty, struct effects *effects, u8 byte)
{
    if (effects->echo_size + 2 > sizeof(effects->echo))
        return;
    effects->echo_size +=
        tty_expand(tty, &byte, 1, effects->echo + effects->echo_size);
}

static bool shows_as_caret(const struct tty *tty, u8 byte)
{
    return tty_has(tty, ECHOCTL) && (byte < ' ' || byte == DELETE) &&
           byte != '\t' && byte != '\n';
}

static void echo(struct tty *tty, struct effects *effects, u8 byte)
{
    if (!tty_has(tty, ECHO) && !(byte == '\n' && tty_has(tty, ECHONL)))
        return;
    if (shows_as_caret(tty, byte)) {
        echo_raw(tty, effects, '^');
        byte ^= 0x40;
    }
    echo_raw(tty, effects, byte);
}

/* ---- editing ------------------------------------------------------------- */

static u8 typed(const struct tty *tty, u32 position)
{
    return tty->input[position % TTY_BUFFER_SIZE];
}

/* The columns that the typed byte at `position` takes on the screen. */
static u32 width_of(const struct tty *tty, u32 position)
{
    u32 column = tty->line_column, before = column;

    for (u32 i = tty->line_at; i <= position; i++) {
        u8 byte = typed(tty, i);
        before = column;
        column =
            shows_as_caret(tty, byte) ? column + 2 : column_after(column, byte);
    }
    return column - before;
}

/* Takes the last typed byte back. */
static void erase_byte(struct tty *tty, struct effects *effects)
{
    u32 width = width_of(tty, tty->write_at - 1);
    bool tab = typed(tty, tty->write_at - 1) == '\t';

    tty->write_at--;
    if (!tty_has(tty, ECHO) || !tty_has(tty, ECHOE))
        return;
    for (; width > 0; width--) {
        echo_raw(tty, effects, '\b');
        if (tab)
            continue;
        echo_raw(tty, effects, ' ');
        echo_raw(tty, effects, '\b');
    }
}

/* A character: with UTF-8 that may be several bytes. */
static void erase_character(struct tty *tty, struct effects *effects)
{
    bool utf8 = (tty->settings.c_iflag & IUTF8) != 0;

    while (tty->write_at != tty->line_at) {
        u8 byte = typed(tty, tty->write_at - 1);
        erase_byte(tty, effects);
        if (!utf8 || (byte & 0xc0) != 0x80)
            return;
    }
}

static bool is_word(u8 byte)
{
    u8 letter = byte | 0x20;
    return (letter >= 'a' && letter <= 'z') || (byte >= '0' && byte <= '9') ||
           byte == '_' || byte >= 0x80;
}

static void erase_word(struct tty *tty, struct effects *effects)
{
    bool seen = false;

    while (tty->write_at != tty->line_at) {
        bool word = is_word(typed(tty, tty->write_at - 1));
        if (seen && !word)
            return;
        seen = seen || word;
        erase_byte(tty, effects);
    }
}

/* The whole line: what is too long to be wiped out leaves a new line. */
static void erase_line(struct tty *tty, struct effects *effects)
{
    bool wipe = tty_has(tty, ECHOKE) &&
                tty->write_at - tty->line_at < TTY_CHUNK / TAB_WIDTH;

    while (wipe && tty->write_at != tty->line_at)
        erase_byte(tty, effects);
    tty->write_at = tty->line_at;
    if (!wipe && tty_has(tty, ECHO)) {
        echo_raw(tty, effects, '\n');
        tty->line_column = 0;
    }
}

static void show_line_again(struct tty *tty, struct effects *effects)
{
    echo(tty, effects, tty->settings.c_cc[VREPRINT]);
    echo_raw(tty, effects, '\n');
    tty->line_column = 0;
    for (u32 i = tty->line_at; i != tty->write_at; i++)
        echo(tty, effects, typed(tty, i));
}

static void quote_next(struct tty *tty, struct effects *effects)
{
    tty->literal = true;
    if (tty_has(tty, ECHO)) {
        echo_raw(tty, effects, '^');
        echo_raw(tty, effects, '\b');
    }
}

static const struct {
    u8 key;        /* index in c_cc */
    bool extended; /* needs IEXTEN */
    void (*edit)(struct tty *tty, struct effects *effects);
} edits[] = {
    {VERASE, false, erase_character}, {VKILL, false, erase_line},
    {VWERASE, true, erase_word},      {VREPRINT, true, show_line_again},
    {VLNEXT, true, quote_next},
};

/* ---- into the ring ------------------------------------------------------- */

static u32 ring_room(const struct tty *tty)
{
    return TTY_BUFFER_SIZE - (tty->write_at - tty->read_at);
}

static void ring_put(struct tty *tty, u8 byte, bool ends_line)
{
    u32 slot = tty->write_at % TTY_BUFFER_SIZE;

    tty->input[slot] = byte;
    if (ends_line)
        bitmap_set(tty->line_ends, slot);
    else
        bitmap_clear(tty->line_ends, slot);
    tty->write_at++;
}

/* What was typed can be read now. */
static void ring_publish(struct tty *tty)
{
    tty->line_at = tty->write_at;
    wait_queue_wake_all(&tty->readers);
}

static bool is_key(const struct tty *tty, u32 key, u8 byte)
{
    return byte == tty->settings.c_cc[key] && byte != 0;
}

static void input_line(struct tty *tty, struct effects *effects, u8 byte)
{
    bool end_of_file = is_key(tty, VEOF, byte) && !tty->literal;
    bool ends_line =
        end_of_file ||
        (!tty->literal &&
         (byte == '\n' || is_key(tty, VEOL, byte) || is_key(tty, VEOL2, byte)));

    tty->literal = false;
    if (ring_room(tty) <= (ends_line ? 0u : 1u))
        return;
    if (tty->write_at == tty->line_at)
        tty->line_column = tty->column;
    if (!end_of_file)
        echo(tty, effects, byte);
    ring_put(tty, end_of_file ? 0 : byte, ends_line);
    if (ends_line)
        ring_publish(tty);
}

static void input_edited(struct tty *tty, struct effects *effects, u8 byte)
{
    for (u32 i = 0; i < array_count(edits) && !tty->literal; i++) {
        if (!is_key(tty, edits[i].key, byte) ||
            (edits[i].extended && !tty_has(tty, IEXTEN)))
            continue;
        if (tty->write_at != tty->line_at || edits[i].edit == quote_next)
            edits[i].edit(tty, effects);
        return;
    }
    input_line(tty, effects, byte);
}

static void input_raw(struct tty *tty, struct effects *effects, u8 byte)
{
    if (ring_room(tty) == 0)
        return;
    echo(tty, effects, byte);
    ring_put(tty, byte, false);
    ring_publish(tty);
}

/* ---- a byte arrives ------------------------------------------------------ */

static const struct {
    u8 key;
    u8 signal;
} signal_keys[] = {{VINTR, SIGINT}, {VQUIT, SIGQUIT}, {VSUSP, SIGTSTP}};

static bool input_signal(struct tty *tty, struct effects *effects, u8 byte)
{
    if (!tty_has(tty, ISIG) || tty->literal)
        return false;
    for (u32 i = 0; i < array_count(signal_keys); i++) {
        if (!is_key(tty, signal_keys[i].key, byte))
            continue;
        if (!tty_has(tty, NOFLSH))
            tty_forget_input(tty);
        echo(tty, effects, byte);
        effects->signal = signal_keys[i].signal;
        return true;
    }
    return false;
}

static void output_hold(struct tty *tty, bool hold)
{
    tty->stopped = hold;
    if (!hold)
        wait_queue_wake_all(&tty->writers);
}

static bool input_flow(struct tty *tty, u8 byte)
{
    if (!(tty->settings.c_iflag & IXON) || tty->literal)
        return false;
    if (is_key(tty, VSTOP, byte))
        output_hold(tty, true);
    else if (is_key(tty, VSTART, byte))
        output_hold(tty, false);
    else
        return false;
    return true;
}

/* What c_iflag makes of a byte; false when nothing is left of it. */
static bool input_map(const struct tty *tty, u8 *byte)
{
    u32 flags = tty->settings.c_iflag;

    if (flags & ISTRIP)
        *byte &= 0x7f;
    if (*byte == '\r' && (flags & IGNCR))
        return false;
    if (*byte == '\r' && (flags & ICRNL))
        *byte = '\n';
    else if (*byte == '\n' && (flags & INLCR))
        *byte = '\r';
    return true;
}

static void input_take(struct tty *tty, struct effects *effects, u8 byte)
{
    if (!tty->literal && !input_map(tty, &byte))
        return;
    if (input_flow(tty, byte) || input_signal(tty, effects, byte))
        return;
    if (tty->stopped && (tty->settings.c_iflag & IXANY))
        output_hold(tty, false);
    if (tty_has(tty, ICANON))
        input_edited(tty, effects, byte);
    else
        input_raw(tty, effects, byte);
}

void tty_input(struct tty *tty, u8 byte)
{
    struct effects effects;

    effects.echo_size = 0;
    effects.signal = 0;
    spin_lock(&tty->lock);
    input_take(tty, &effects, byte);
    u32 group = tty->foreground;
    spin_unlock(&tty->lock);
    if (effects.echo_size > 0)
        (void)tty->send(tty, effects.echo, effects.echo_size, true);
    if (effects.signal != 0 && group != 0)
        signal_send_group(group, effects.signal, SI_KERNEL);
}

u32 tty_input_room(struct tty *tty)
{
    spin_lock(&tty->lock);
    u32 room = ring_room(tty);
    bool nothing_to_read = tty->line_at == tty->read_at;
    spin_unlock(&tty->lock);
    if (room > 1)
        return room - 1;
    return nothing_to_read ? 1 : 0;
}

void tty_forget_input(struct tty *tty)
{
    tty->read_at = tty->write_at;
    tty->line_at = tty->write_at;
    tty->literal = false;
}

void tty_settings_changed(struct tty *tty, const struct termios *old)
{
    /* A line that was being edited becomes readable in raw mode. */
    if ((old->c_lflag ^ tty->settings.c_lflag) & ICANON) {
        tty->literal = false;
        ring_publish(tty);
    }
    if (tty->stopped && !(tty->settings.c_iflag & IXON))
        output_hold(tty, false);
}
