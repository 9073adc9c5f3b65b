/*
 * Registers lie 16 bytes apart, each 32 bits wide. Sending takes two writes to
 * the command register, so interrupts are off between them.
 *
 * The timer counts down at a rate of its own, the same on all CPUs; it is
 * measured while the clock is, against the same time stamps.
 */
#include "x86/local_apic.h"

#include "core/panic.h"
#include "lib/divide.h"
#include "x86/clock.h"
#include "x86/page_table.h"
#include "x86/tick.h"
#include "x86/topology.h"
#include "x86/trap.h"

enum local_apic_register {
    REGISTER_ID = 0x20 / 4,
    REGISTER_TASK_PRIORITY = 0x80 / 4,
    REGISTER_END = 0xb0 / 4,
    REGISTER_SPURIOUS = 0xf0 / 4,
    REGISTER_COMMAND = 0x300 / 4,
    REGISTER_COMMAND_TARGET = 0x310 / 4,
    REGISTER_TIMER = 0x320 / 4,
    REGISTER_PIN_0 = 0x350 / 4,
    REGISTER_PIN_1 = 0x360 / 4,
    REGISTER_ERROR = 0x370 / 4,
    REGISTER_TIMER_START = 0x380 / 4,
    REGISTER_TIMER_NOW = 0x390 / 4,
    REGISTER_TIMER_DIVIDE = 0x3e0 / 4,
};

#define ENABLED         0x100u /* of the spurious vector's register */
#define MASKED          0x10000u
#define PERIODIC        0x20000u
#define COMMAND_PENDING 0x1000u
#define COMMAND_ASSERT  0x4000u
#define ID_SHIFT        24
#define DIVIDE_BY_1     0xbu

bool local_apic_present;

static volatile u32 *registers;
static u64 calibration_start; /* time stamp */
static u32 timer_rate;        /* counts of the timer in a tick */

u32 local_apic_id(void)
{
    return registers[REGISTER_ID] >> ID_SHIFT;
}

void local_apic_end(void)
{
    registers[REGISTER_END] = 0;
}

/* ---- other CPUs ---------------------------------------------------------- */

void local_apic_send(const struct cpu *target, u32 command)
{
    bool enabled = cpu_interrupts_save();
    while (registers[REGISTER_COMMAND] & COMMAND_PENDING)
        cpu_pause();
    registers[REGISTER_COMMAND_TARGET] = target->apic_id << ID_SHIFT;
    registers[REGISTER_COMMAND] = command | COMMAND_ASSERT;
    this_cpu()->interrupts_sent++;
    cpu_interrupts_restore(enabled);
}

/* ---- the timer ----------------------------------------------------------- */

static void timer_repeat(void)
{
    registers[REGISTER_TIMER] = TRAP_LOCAL_TIMER | PERIODIC;
    registers[REGISTER_TIMER_START] = timer_rate;
}

static void timer_once(u32 ticks)
{
    registers[REGISTER_TIMER] = TRAP_LOCAL_TIMER;
    registers[REGISTER_TIMER_START] = ticks * timer_rate;
}

static struct tick_source timer_source = {
    .repeat = timer_repeat,
    .once = timer_once,
};

/* Counts down from here on, silently. */
static void timer_calibrate_begin(void)
{
    registers[REGISTER_TIMER] = TRAP_LOCAL_TIMER | MASKED;
    registers[REGISTER_TIMER_START] = ~0u;
    calibration_start = cpu_timestamp();
}

static void timer_calibrate_end(void)
{
    u32 counted = ~0u - registers[REGISTER_TIMER_NOW];
    u64 passed = clock_span(cpu_timestamp() - calibration_start);

    timer_rate =
        (u32)divide_u64((u64)counted * NANOSECONDS_PER_TICK, (u32)passed, NULL);
    timer_source.ticks_max = ~0u / max(timer_rate, 1u);
}

const struct tick_source *local_apic_tick_source(void)
{
    if (!local_apic_present)
        return NULL;
    timer_calibrate_end();
    return timer_rate != 0 ? &timer_source : NULL;
}

/* ---- starting ------------------------------------------------------------ */

/* The 8259s' interrupts (pin 0) are the I/O APIC's business now. */
void local_apic_start_cpu(void)
{
    registers[REGISTER_SPURIOUS] = ENABLED | TRAP_LOCAL_SPURIOUS;
    registers[REGISTER_TASK_PRIORITY] = 0;
    registers[REGISTER_PIN_0] = MASKED;
    registers[REGISTER_PIN_1] = LOCAL_APIC_NMI;
    registers[REGISTER_ERROR] = MASKED;
    registers[REGISTER_TIMER_DIVIDE] = DIVIDE_BY_1;
}

void local_apic_start(void)
{
    if (topology.local_apic == 0)
        return;
    registers = device_map(topology.local_apic, PAGE_SIZE);
    assert(registers != NULL);
    local_apic_start_cpu();
    topology.boot_apic_id = local_apic_id();
    this_cpu()->apic_id = topology.boot_apic_id;
    local_apic_present = true;
    timer_calibrate_begin();
}
