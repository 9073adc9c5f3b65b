/* A thousand processes live at once, each answers, and each ends as told. */
/* only: spindle */
/* timeout: 120 */
#include "say.h"

enum { MANY = 1000 };

/* Answers each byte by one that depends on its own number. */
static void member(int from, int to, int number)
{
    int question, answer[2];

    while (read(from, &question, sizeof question) == sizeof question) {
        answer[0] = number;
        answer[1] = question + number;
        MUST(write(to, answer, sizeof answer));
    }
    _exit(number % 200);
}

int main(void)
{
    int questions[2], answers[2], answer[2], wrong = 0, sum = 0, status;
    static int pids[MANY];

    MUST(pipe(questions));
    MUST(pipe(answers));
    for (int i = 0; i < MANY; i++) {
        pids[i] = MUST(fork());
        if (pids[i] == 0) {
            close(questions[1]);
            close(answers[0]);
            member(questions[0], answers[1], i);
        }
    }
    for (int i = 0; i < MANY; i++) {
        MUST(write(questions[1], &i, sizeof i));
        MUST(read(answers[0], answer, sizeof answer));
        wrong += answer[1] != i + answer[0];
    }
    close(questions[1]);
    close(questions[0]);
    for (int i = 0; i < MANY; i++) {
        MUST(waitpid(pids[i], &status, 0));
        wrong += WEXITSTATUS(status) != i % 200;
        sum++;
    }
    if (wrong || sum != MANY) {
        say("wrong %d, ended %d", wrong, sum);
        return 1;
    }
    say("pass");
    return 0;
}
