/*
 * The real-time clock of the PC, in the CMOS chip: the date at boot.
 */
#pragma once

#include "lib/types.h"

/* Sets the wall clock. The chip is taken to show UTC. */
void rtc_start(void);
