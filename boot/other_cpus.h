/*
 * The start of all CPUs but the first.
 */
#pragma once

/* Starts those that the topology names, one after the other, and waits for
 * each. From a kernel thread; sleeps. One that does not come is left out, with
 * a line in the log. */
void other_cpus_start(void);
