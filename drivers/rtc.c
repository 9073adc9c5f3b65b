/*
 * The date, read once from the MC146818's registers (Motorola data sheet).
 *
 * The chip changes its registers once a second, not all at the same time: a
 * reading counts when none was under way at its beginning and a second
 * reading agrees. Numbers are BCD and hours of twelve where status B says so.
 * A chip that never agrees, or a date that cannot be, leaves the wall clock
 * at 1970.
 */
#include "drivers/rtc.h"
#include "core/cpu.h"
#include "core/printk.h"
#include "lib/string.h"
#include "x86/clock.h"

#define CMOS_ADDRESS 0x70
#define CMOS_DATA    0x71
#define STATUS_A     0x0a
#define STATUS_B     0x0b
#define UPDATING     0x80 /* in A */
#define BINARY       0x04 /* in B */
#define HOURS_24     0x02 /* in B */
#define AFTERNOON    0x80 /* in the hours, when of twelve */
#define TRIES        20000u

enum date_part { SECOND, MINUTE, HOUR, DAY, MONTH, YEAR, PARTS };

struct date {
    u8 part[PARTS];
};

static u8 cmos_read(u8 address)
{
    port_write8(CMOS_ADDRESS, address);
    return port_read8(CMOS_DATA);
}

static bool date_read_once(struct date *date)
{
    static const u8 addresses[PARTS] = {0, 2, 4, 7, 8, 9};

    if (cmos_read(STATUS_A) & UPDATING)
        return false;
    for (u32 i = 0; i < PARTS; i++)
        date->part[i] = cmos_read(addresses[i]);
    return true;
}

static bool date_read(struct date *date)
{
    struct date again;

    for (u32 i = 0; i < TRIES; i++)
        if (date_read_once(date) && date_read_once(&again) &&
            memcmp(date, &again, sizeof(again)) == 0)
            return true;
    return false;
}

static void date_decode(struct date *date, u8 status)
{
    bool afternoon = !(status & HOURS_24) && (date->part[HOUR] & AFTERNOON);

    if (!(status & HOURS_24))
        date->part[HOUR] &= (u8)~AFTERNOON;
    for (u32 i = 0; i < PARTS && !(status & BINARY); i++)
        date->part[i] = (u8)(date->part[i] / 16 * 10 + date->part[i] % 16);
    if (!(status & HOURS_24))
        date->part[HOUR] = (u8)(date->part[HOUR] % 12 + 12 * afternoon);
}

static bool date_is_good(const struct date *date)
{
    return date->part[SECOND] < 60 && date->part[MINUTE] < 60 &&
           date->part[HOUR] < 24 && date->part[DAY] - 1u < 31 &&
           date->part[MONTH] - 1u < 12 && date->part[YEAR] < 100;
}

/* Days since 1970-01-01. Counting years from March puts the leap day last;
 * the century is the one after 2000. */
static u32 date_days(const struct date *date)
{
    u32 year = 2000u + date->part[YEAR], month = date->part[MONTH];

    if (month < 3) {
        year--;
        month += 12;
    }
    u32 leap_days = year / 4 - year / 100 + year / 400;
    return 365 * year + leap_days + (153 * (month - 3) + 2) / 5 +
           date->part[DAY] - 1 - 719468;
}

void rtc_start(void)
{
    struct date date;

    if (date_read(&date))
        date_decode(&date, cmos_read(STATUS_B));
    else
        memset(&date, 0, sizeof(date));
    if (!date_is_good(&date)) {
        printk("rtc: no date\n");
        return;
    }
    u32 seconds =
        ((date_days(&date) * 24 + date.part[HOUR]) * 60 + date.part[MINUTE]) *
            60 +
        date.part[SECOND];
    clock_set_real_nanoseconds(seconds * NANOSECONDS_PER_SECOND);
}
