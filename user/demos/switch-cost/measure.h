/*
 * What both parts of the demo use to measure.
 */
#pragma once

/* Switches of threads and loads of a page table so far, on the whole machine:
 * false where the kernel does not tell (/proc/counters). */
struct events {
    double switches, loads;
};
int events_read(struct events *events);

/* The two parts. */
void direct_show(void);
void indirect_show(void);
