/*
 * The run port: standard streams between a program in the guest and
 * tools/run on the host, as records over the virtio console.
 *
 * A record is u32 type, u32 length, payload, little endian, both ways.
 *
 *   guest to host                       host to guest
 *   1 OUTPUT bytes                      1 INPUT bytes
 *   2 ERROR bytes                       2 INPUT_END
 *   3 EXIT u32 wait status              3 CREDIT_OUTPUT u32
 *   4 CREDIT u32, more INPUT is fine    4 CREDIT_ERROR u32
 *   5 BOOKS text                        5 SIZE u16 rows, u16 columns
 *   6 NOTICE text                       6 SIGNAL u32
 *   7 TERMINAL bytes                    7 CREDIT_TERMINAL u32
 *
 * Nobody sends more payload of a stream than the other side has granted;
 * RUN_CREDIT bytes are granted unasked. With `run.credit=unlimited` on the
 * command line output needs no credit.
 *
 * Programs see /dev/run/stdin, stdout and stderr (plain streams), /dev/run/tty
 * (a terminal) and /dev/run/control (one EXIT, BOOKS or NOTICE a write, which
 * returns when the host has everything that was sent before).
 */
#pragma once

#include "lib/types.h"

#define RUN_CREDIT 65536u

/* Without the device there are no nodes. */
void run_port_start(void);
