/*
 * The kinds of file systems there are, by name.
 */
#include "fs/vfs.h"

#include "core/panic.h"
#include "lib/string.h"
#include <asm/errno.h>

/* Only added to, at boot, by one CPU: reading takes no lock. */
static struct file_system_type *types;

void file_system_register(struct file_system_type *type)
{
    assert(type->create != NULL);
    type->next = types;
    types = type;
}

int file_system_create(const char *name, struct file_system **system)
{
    for (struct file_system_type *type = types; type; type = type->next)
        if (strcmp(type->name, name) == 0)
            return type->create(system);
    return -ENODEV;
}

void file_system_type_for_each(void (*visit)(const char *name, void *context),
                               void *context)
{
    for (struct file_system_type *type = types; type; type = type->next)
        visit(type->name, context);
}
