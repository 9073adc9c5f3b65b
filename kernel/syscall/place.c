/*
 * Reading paths from user memory and finding what they name.
 */
#include "syscall/place.h"

#include "mem/heap.h"
#include "x86/user_copy.h"

static int text_read(struct place *place, const char user *source)
{
    int length = user_string_in(place->small, source, PATH_SHORT);
    if (likely(length != -ENAMETOOLONG))
        return length;
    char *text = heap_alloc(PATH_LENGTH_MAX);
    if (text == NULL)
        return -ENOMEM;
    place->text = text;
    return user_string_in(text, source, PATH_LENGTH_MAX);
}

int place_read(struct place *place, int directory, const char user *path)
{
    place->text = place->small;
    place->file = NULL;
    place->at = NULL;
    int error = text_read(place, path);
    if (error < 0)
        return error;
    if (directory == AT_FDCWD || *place->text == '/')
        return 0;
    place->file = file_of(directory);
    if (place->file == NULL)
        return -EBADF;
    place->at = &place->file->path;
    return 0;
}

void place_free(struct place *place)
{
    if (place->file != NULL)
        file_put(place->file);
    if (place->text != place->small)
        heap_free(place->text);
}

int place_find(const struct place *place, u32 flags, struct path *found)
{
    if ((flags & AT_EMPTY_PATH) && *place->text == '\0') {
        if (place->at == NULL) {
            *found = fs_context_current(context_current());
        } else {
            *found = *place->at;
            path_get(found);
        }
        return 0;
    }
    return path_find(context_current(), place->at, place->text,
                     flags & AT_SYMLINK_NOFOLLOW ? 0 : WALK_FOLLOW, found);
}

static int file_path(int fd, struct path *found)
{
    struct file *file = file_of(fd);
    if (file == NULL)
        return -EBADF;
    *found = file->path;
    path_get(found);
    file_put(file);
    return 0;
}

int path_find_user(int directory, const char user *path, u32 flags, u32 known,
                   struct path *found)
{
    struct place place;
    *found = (struct path){NULL, NULL};
    if (flags & ~(known & ~AT_NULL_PATH))
        return -EINVAL;
    if (path == NULL && (known & AT_NULL_PATH) && directory != AT_FDCWD)
        return file_path(directory, found);
    int error = place_read(&place, directory, path);
    if (error == 0)
        error = place_find(&place, flags, found);
    place_free(&place);
    return error;
}
