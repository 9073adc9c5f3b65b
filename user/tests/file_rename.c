/* rename() replaces in one step what it may, and refuses all the rest. */
#include "say.h"

int main(void)
{
    scratch_enter();
    file_make("a", "A");
    file_make("b", "B");
    MUST(mkdir("dir", 0755));
    MUST(mkdir("dir/sub", 0755));
    MUST(mkdir("empty", 0755));
    TRY(rename("a", "b"));
    file_say("a");
    file_say("b");
    TRY(rename("none", "b"));
    TRY(rename("b", "dir"));
    TRY(rename("dir", "b"));
    TRY(rename("empty", "dir"));
    TRY(rename("dir", "empty"));
    TRY(access("dir", F_OK));
    TRY(access("empty/sub", F_OK));
    TRY(rename("empty", "empty/sub/below"));
    TRY(rename("empty", "empty"));
    TRY(rename("b", "empty/sub/c"));
    file_say("empty/sub/c");
    TRY(rename("empty/sub/c", "none/c"));
    TRY(rename("empty/sub/c", "b/"));
    TRY(link("empty/sub/c", "twin"));
    TRY(rename("empty/sub/c", "twin"));
    TRY(access("empty/sub/c", F_OK));
    TRY(symlink("twin", "link"));
    TRY(rename("link", "moved"));
    file_say("moved");
    TRY(rename("", "x"));
    TRY(rename("moved", ""));
    TRY(rename("empty/.", "x"));
    TRY(rename("/", "x"));
    return 0;
}
