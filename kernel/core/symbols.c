/*
 * The table of tools/symbols, read from its start. A row for each function, in
 * the order of their addresses:
 *
 *   2 bytes   how far it lies behind the function before (the first: behind
 *             text_start)
 *   1 byte    how many characters its name shares with the name before
 *   the rest of the name, and a zero
 *
 * Neighbours have much of their names in common, so this takes half of what
 * addresses and names would. In the first of the two links the table is empty,
 * and every address is nameless.
 */
#include "core/symbols.h"
#include "core/layout.h"
#include "lib/string.h"

extern const u32 symbol_count;
extern const u8 symbol_rows[];

bool symbol_find(u32 address, char name[SYMBOL_NAME_SIZE], u32 *offset)
{
    if (address >= (u32)(uintptr_t)text_end)
        return false;
    u32 start = (u32)(uintptr_t)text_start;
    bool found = false;
    const u8 *row = symbol_rows;
    for (u32 i = 0; i < symbol_count; i++) {
        start += row[0] | (u32)row[1] << 8;
        if (start > address)
            break;
        found = true;
        *offset = address - start;
        const char *rest = (const char *)row + 3;
        string_copy(name + row[2], rest, SYMBOL_NAME_SIZE - row[2]);
        row += 3 + strlen(rest) + 1;
    }
    return found;
}
