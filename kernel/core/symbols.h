/*
 * The names of the kernel's own functions, from the table that the build
 * links in last (tools/symbols).
 */
#pragma once

#include "lib/types.h"

#define SYMBOL_NAME_SIZE 64

/* The function around a kernel text address and the offset into it; false
 * for an address outside the kernel's text. Reads some thousand bytes: for
 * reports only. */
bool symbol_find(u32 address, char name[SYMBOL_NAME_SIZE], u32 *offset);
