/* posix_spawn() starts programs with their files arranged, or says why not. */
#include "say.h"

#include <fcntl.h>
#include <spawn.h>

extern char **environ;

int main(int count, char **arguments)
{
    char *words[] = {"x", "child", NULL};
    posix_spawn_file_actions_t files;
    int status;
    pid_t pid;

    if (count > 1) {
        say("%s says this", arguments[1]);
        return 6;
    }
    scratch_enter();
    MUST(posix_spawn(&pid, self_path(), NULL, NULL, words, environ));
    MUST(waitpid(pid, &status, 0));
    say_status("spawned", status);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 1, "out", O_CREAT | O_WRONLY,
                                     0644);
    TRY(posix_spawn(&pid, self_path(), &files, NULL, words, environ));
    MUST(waitpid(pid, &status, 0));
    say_status("spawned", status);
    posix_spawn_file_actions_destroy(&files);
    file_say("out");
    say("%s",
        error_name(posix_spawn(&pid, "none", NULL, NULL, words, environ)));
    TRY(wait(&status));
    return 0;
}
