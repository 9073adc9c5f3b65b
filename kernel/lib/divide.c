/*
 * Long division, as on paper, with digits of 32 bits: the remainder of the
 * high digit is smaller than the divisor, so the second step cannot overflow.
 */
#include "lib/divide.h"
#include "lib/instructions.h"

u64 divide_u64(u64 dividend, u32 divisor, u32 *remainder)
{
    u32 high = (u32)(dividend >> 32);
    u32 rest;
    u32 low = divide_wide(high % divisor, (u32)dividend, divisor, &rest);
    if (remainder != NULL)
        *remainder = rest;
    return (u64)(high / divisor) << 32 | low;
}
