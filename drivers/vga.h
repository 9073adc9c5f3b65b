/*
 * The screen: 80 x 25 characters of VGA text, which shows the kernel's log
 * and is the terminal "tty1" together with the keyboard. With `console=vga`
 * on the command line it is the console.
 *
 * It understands what vi and top send to a vt100 or Linux terminal.
 */
#pragma once

#include "proc/tty.h"

/* Without VGA memory there is no terminal, and tty1 is not registered. */
void vga_start(void);

/* NULL when there is no screen: whose keys the keyboard's are. */
struct tty *vga_terminal(void);
