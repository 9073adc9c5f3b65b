/* system() and popen() reach the shell and bring back what it says. */
#include "say.h"

int main(int count, char **arguments)
{
    char command[300], line[64] = "";
    FILE *pipe;

    if (count > 1) {
        say("%s", arguments[1]);
        return 3;
    }
    scratch_enter();
    say_status("system", system("exit 5"));
    say_status("system", system("kill -9 $$"));
    say_status("system", system(": > made && : < made || exit 1"));
    TRY(access("made", F_OK));
    snprintf(command, sizeof command, "exec %s spoken", self_path());
    pipe = popen(command, "r");
    if (fgets(line, sizeof line, pipe))
        say("heard %s", strtok(line, "\n"));
    say_status("popen", pclose(pipe));
    say_status("system", system(command));
    return 0;
}
