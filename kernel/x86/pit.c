/*
 * The programmable interval timer (Intel 8254 data sheet): channel 0 as a
 * source of ticks.
 */
#include "x86/pit.h"

#include "core/cpu.h"
#include "x86/interrupts.h"
#include "x86/tick.h"

#define CHANNEL_0 0x40
#define CHANNEL_2 0x42 /* the speaker's */
#define COMMAND   0x43

#define REPEAT      0x34 /* channel 0, two bytes, mode 2: again and again */
#define ONCE        0x30 /* channel 0, two bytes, mode 0 */
#define SPEAKER_RUN 0xb4 /* channel 2, two bytes, mode 2 */
#define LATCH       0x80 /* channel 2: hold the count for reading */

#define SPEAKER_PORT  0x61
#define SPEAKER_GATE  0x01 /* channel 2 counts */
#define SPEAKER_SOUND 0x02

#define COUNTS_PER_TICK ((PIT_HERTZ + TICKS_PER_SECOND / 2) / TICKS_PER_SECOND)

static void channel_0_start(u8 command, u32 count)
{
    port_write8(COMMAND, command);
    port_write8(CHANNEL_0, (u8)count);
    port_write8(CHANNEL_0, (u8)(count >> 8));
}

static void pit_repeat(void)
{
    channel_0_start(REPEAT, COUNTS_PER_TICK);
}

static void pit_once(u32 ticks)
{
    channel_0_start(ONCE, ticks * COUNTS_PER_TICK);
}

static const struct tick_source source = {
    .repeat = pit_repeat,
    .once = pit_once,
    .ticks_max = 0xffff / COUNTS_PER_TICK,
};

void pit_repeat_slowly(void)
{
    channel_0_start(REPEAT, 0x10000);
}

const struct tick_source *pit_tick_source(void)
{
    interrupt_register(0, tick_arrived);
    return &source;
}

void pit_count_start(void)
{
    u8 gate = port_read8(SPEAKER_PORT) & (u8)~SPEAKER_SOUND;

    port_write8(SPEAKER_PORT, gate | SPEAKER_GATE);
    port_write8(COMMAND, SPEAKER_RUN);
    port_write8(CHANNEL_2, 0xff);
    port_write8(CHANNEL_2, 0xff);
}

void pit_count_latch(void)
{
    port_write8(COMMAND, LATCH);
}

u16 pit_count_read(void)
{
    u16 low = port_read8(CHANNEL_2);
    return low | (u16)(port_read8(CHANNEL_2) << 8);
}
