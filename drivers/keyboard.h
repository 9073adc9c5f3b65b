/*
 * The PS/2 keyboard, US layout: keys become bytes for the screen's terminal.
 */
#pragma once

/* After vga_start: without a screen, keys have nowhere to go. */
void keyboard_start(void);
