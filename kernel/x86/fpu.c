/*
 * FPU and SSE state (Intel SDM 1, 10.5; 3A, chapter 13).
 */
#include "x86/fpu.h"

#include "core/cpu.h"
#include "lib/string.h"
#include "x86/cpu_features.h"

#define MXCSR_AT           24
#define MXCSR_MASK_AT      28
#define MXCSR_MASK_DEFAULT 0x0000ffbfu
#define MXCSR_START        0x1f80u /* every exception masked */

static struct fpu_state clean;
static u32 mxcsr_mask = MXCSR_MASK_DEFAULT;

void fpu_state_initialize(struct fpu_state *state)
{
    *state = clean;
}

void fpu_state_sanitize(struct fpu_state *state)
{
    u32 mxcsr;
    memcpy(&mxcsr, state->bytes + MXCSR_AT, sizeof(mxcsr));
    mxcsr &= mxcsr_mask;
    memcpy(state->bytes + MXCSR_AT, &mxcsr, sizeof(mxcsr));
}

static void fpu_enable(void)
{
    u32 cr0 = cr0_read() & ~(CR0_EMULATION | CR0_TASK_SWITCHED);
    cr0_write(cr0 | CR0_MONITOR_COPROCESSOR | CR0_NUMERIC_ERROR);
    cr4_write(cr4_read() | CR4_OSFXSR |
              (cpu_features.sse ? CR4_OSXMMEXCPT : 0));
    __asm__ volatile("fninit");
}

void fpu_start_cpu(void)
{
    fpu_enable();
    fpu_restore(&clean);
}

void fpu_start(void)
{
    fpu_enable();
    fpu_save(&clean);
    u32 mask;
    memcpy(&mask, clean.bytes + MXCSR_MASK_AT, sizeof(mask));
    if (mask != 0)
        mxcsr_mask = mask;
    /* The registers of the loader's programs are nobody's business. */
    memset(clean.bytes + 32, 0, sizeof(clean.bytes) - 32);
    u32 start = cpu_features.sse ? MXCSR_START : 0;
    memcpy(clean.bytes + MXCSR_AT, &start, sizeof(start));
    fpu_restore(&clean);
}

/* One register of FXSAVE's abridged tags: 3 empty, else what it holds. */
static u32 full_tag(const u8 *value)
{
    u32 exponent = (value[8] | value[9] << 8) & 0x7fff;
    u32 low, high;
    memcpy(&low, value, 4);
    memcpy(&high, value + 4, 4);
    if (exponent == 0 && low == 0 && high == 0)
        return 1; /* zero */
    if (exponent == 0 || exponent == 0x7fff || !(high & 0x80000000u))
        return 2; /* special */
    return 0;     /* valid */
}

void fpu_state_to_legacy(const struct fpu_state *state, void *legacy)
{
    const u8 *from = state->bytes;
    u32 words[7];
    u32 top = from[3] >> 3 & 7;
    u32 tags = 0;
    for (u32 i = 0; i < 8; i++) {
        const u8 *value = from + 32 + 16 * ((i - top) & 7);
        tags |= (from[4] >> i & 1 ? full_tag(value) : 3) << (2 * i);
    }
    words[0] = 0xffff0000u | from[0] | from[1] << 8;
    words[1] = 0xffff0000u | from[2] | from[3] << 8;
    words[2] = 0xffff0000u | tags;
    memcpy(&words[3], from + 8, 4);
    words[4] = (u32)(from[12] | from[13] << 8) | (u32)(from[6] | from[7] << 8)
                                                     << 16;
    memcpy(&words[5], from + 16, 4);
    words[6] = 0xffff0000u | (u32)(from[20] | from[21] << 8);
    memcpy(legacy, words, sizeof(words));
    for (u32 i = 0; i < 8; i++)
        memcpy((u8 *)legacy + sizeof(words) + 10 * i, from + 32 + 16 * i, 10);
}
