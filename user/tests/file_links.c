/* Hard links are names of equal right, symbolic links are text. */
#include "say.h"

int main(void)
{
    struct stat about;
    char text[16] = "";

    scratch_enter();
    file_make("file", "text");
    MUST(mkdir("dir", 0755));
    TRY(link("file", "dir/twin"));
    TRY(stat("file", &about));
    say("links %u", (unsigned)about.st_nlink);
    TRY(link("file", "dir/twin"));
    TRY(link("none", "x"));
    TRY(link("dir", "x"));
    TRY(link("file", "none/x"));
    TRY(unlink("file"));
    file_say("dir/twin");
    TRY(symlink("dir/twin", "link"));
    file_say("link");
    TRY(readlink("link", text, sizeof text));
    say("to %s", text);
    memset(text, 0, sizeof text);
    TRY(readlink("link", text, 3));
    say("cut to %s", text);
    TRY(readlink("link", text, 0));
    TRY(readlink("dir/twin", text, sizeof text));
    TRY(readlink("none", text, sizeof text));
    TRY(symlink("x", "link"));
    TRY(symlink("", "empty"));
    TRY(symlink("dir", "way"));
    file_say("way/twin");
    TRY(lstat("way/", &about));
    say("a directory: %d", S_ISDIR(about.st_mode));
    TRY(link("link", "second"));
    TRY(lstat("second", &about));
    say("a link: %d", S_ISLNK(about.st_mode));
    TRY(unlink("way"));
    TRY(unlink("dir"));
    TRY(unlink("none"));
    return 0;
}
