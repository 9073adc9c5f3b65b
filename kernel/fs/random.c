/*
 * The generator: ChaCha20 (RFC 8439) with fast key erasure. Each request
 * takes one block of the common key: half of it becomes the next common key,
 * the other half the key of this request, which makes its bytes without lock.
 */
#include "fs/random.h"

#include "core/boot_info.h"
#include "core/cpu.h"
#include "core/spinlock.h"
#include "lib/string.h"
#include "x86/clock.h"

#define KEY_WORDS   8
#define BLOCK_WORDS 16
#define BLOCK_SIZE  (BLOCK_WORDS * sizeof(u32))

static struct spinlock key_lock = SPINLOCK_INITIALIZER(RANK_RANDOM);
static u32 key[KEY_WORDS]; /* under key_lock */

static inline u32 rotate(u32 value, u32 count)
{
    return value << count | value >> (32 - count);
}

static inline void quarter_round(u32 *s, u32 a, u32 b, u32 c, u32 d)
{
    s[a] += s[b];
    s[d] = rotate(s[d] ^ s[a], 16);
    s[c] += s[d];
    s[b] = rotate(s[b] ^ s[c], 12);
    s[a] += s[b];
    s[d] = rotate(s[d] ^ s[a], 8);
    s[c] += s[d];
    s[b] = rotate(s[b] ^ s[c], 7);
}

static void chacha_block(const u32 with_key[KEY_WORDS], u32 counter,
                         u32 block[BLOCK_WORDS])
{
    static const u32 constants[4] = {0x61707865, 0x3320646e, 0x79622d32,
                                     0x6b206574};
    u32 start[BLOCK_WORDS] = {0};
    memcpy(start, constants, sizeof(constants));
    memcpy(start + 4, with_key, KEY_WORDS * sizeof(u32));
    start[12] = counter;
    memcpy(block, start, BLOCK_SIZE);
    for (u32 round = 0; round < 10; round++) {
        for (u32 i = 0; i < 4; i++)
            quarter_round(block, i, i + 4, i + 8, i + 12);
        for (u32 i = 0; i < 4; i++)
            quarter_round(block, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4,
                          12 + (i + 3) % 4);
    }
    for (u32 i = 0; i < BLOCK_WORDS; i++)
        block[i] += start[i];
}

/* Replaces the common key; key_lock held. */
static void key_advance(u32 request_key[KEY_WORDS])
{
    u32 block[BLOCK_WORDS];
    u64 now = cpu_timestamp();
    key[0] ^= (u32)now;
    key[1] ^= (u32)(now >> 32);
    chacha_block(key, 0, block);
    memcpy(key, block, sizeof(key));
    if (request_key != NULL)
        memcpy(request_key, block + KEY_WORDS, sizeof(key));
}

void random_bytes(void *buffer, size_t size)
{
    u32 request_key[KEY_WORDS], block[BLOCK_WORDS];
    spin_lock(&key_lock);
    key_advance(request_key);
    spin_unlock(&key_lock);
    u8 *place = buffer;
    for (u32 counter = 1; size != 0; counter++) {
        u32 part = min(size, BLOCK_SIZE);
        chacha_block(request_key, counter, block);
        memcpy(place, block, part);
        place += part;
        size -= part;
    }
}

void random_stir(const void *bytes, size_t size)
{
    const u8 *place = bytes;
    spin_lock(&key_lock);
    while (size != 0) {
        u32 part = min(size, sizeof(key));
        for (u32 i = 0; i < part; i++)
            ((u8 *)key)[i] ^= place[i];
        key_advance(NULL);
        place += part;
        size -= part;
    }
    spin_unlock(&key_lock);
}

void random_start(void)
{
    char seed[128] = "";
    u64 now = clock_nanoseconds();
    u32 date = clock_boot_time();
    boot_option("seed", seed, sizeof(seed));
    random_stir(&now, sizeof(now));
    random_stir(&date, sizeof(date));
    random_stir(seed, strlen(seed));
}
