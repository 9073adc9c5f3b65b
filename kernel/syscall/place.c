/*
 * Reading paths from user memory and finding what they name.
 */
#include "syscall/place.h"

#include "mem/heap.h"
#include "x86/user_copy.h"

int path_text_read(struct path_text *path, const char user *source)
{
    path->text = path->small;
    int length = user_string_in(path->small, source, PATH_SHORT);
    if (likely(length >= 0))
        return 0;
    if (length != -ENAMETOOLONG)
        return length;
    path->text = heap_alloc(PATH_LENGTH_MAX);
    if (path->text == NULL)
        return -ENOMEM;
    length = user_string_in(path->text, source, PATH_LENGTH_MAX);
    if (length >= 0)
        return 0;
    heap_free(path->text);
    return length;
}

void path_text_free(struct path_text *path)
{
    if (path->text != path->small)
        heap_free(path->text);
}

int place_read(struct place *place, int directory, const char user *path)
{
    place->file = NULL;
    place->at = NULL;
    int error = path_text_read(&place->path, path);
    if (error < 0)
        return error;
    if (directory == AT_FDCWD || *place->path.text == '/')
        return 0;
    place->file = file_of(directory);
    if (place->file == NULL) {
        path_text_free(&place->path);
        return -EBADF;
    }
    place->at = &place->file->path;
    return 0;
}

void place_free(struct place *place)
{
    if (place->file != NULL)
        file_put(place->file);
    path_text_free(&place->path);
}

int place_find(const struct place *place, u32 flags, struct path *found)
{
    const char *text = place->path.text;
    if ((flags & AT_EMPTY_PATH) && *text == '\0') {
        if (place->at == NULL) {
            *found = fs_context_current(context_current());
        } else {
            *found = *place->at;
            path_get(found);
        }
        return 0;
    }
    return path_find(context_current(), place->at, text,
                     flags & AT_SYMLINK_NOFOLLOW ? 0 : WALK_FOLLOW, found);
}

int path_find_user(int directory, const char user *path, u32 flags,
                   struct path *found)
{
    struct place place;
    int error = place_read(&place, directory, path);
    if (error < 0)
        return error;
    error = place_find(&place, flags, found);
    place_free(&place);
    return error;
}
