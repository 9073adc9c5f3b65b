/*
 * An option is found by its whole key only; the last one wins; its value is
 * cut to the buffer and never runs into the next word.
 */
#include "unit.h"
#include "kernel_string.h"
#include "kernel/lib/command_line.c"

static void values(void)
{
    static const struct {
        const char *line;
        const char *key;
        const char *value; /* NULL: not there */
    } cases[] = {
        {"", "a", NULL},
        {" ", "a", NULL},
        {"a", "a", ""},
        {"a=", "a", ""},
        {"a=1", "a", "1"},
        {"a=1 b=2", "a", "1"},
        {"a=1 b=2", "b", "2"},
        {"  a=1   b=2  ", "b", "2"},
        {"a=1 a=2", "a", "2"},
        {"a=1 a", "a", ""},
        {"ab=1", "a", NULL},
        {"ba=1", "a", NULL},
        {"a=b=c", "a", "b=c"},
        {"x=a a=1", "a", "1"},
        {"x=a", "a", NULL},
        {"init=/bin/sh quantum=5 books", "books", ""},
        {"init=/bin/sh quantum=5 books", "quantum", "5"},
        {"init=/bin/sh quantum=5 books", "init", "/bin/sh"},
        {"init=/bin/sh quantum=5 books", "qu", NULL},
        {"run.credit=unlimited", "run.credit", "unlimited"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        char value[32] = "unchanged";
        bool found =
            command_line_get(cases[i].line, cases[i].key, value, sizeof(value));
        check_number(found, cases[i].value != NULL);
        check_text(value, cases[i].value ? cases[i].value : "unchanged");
    }
}

static void cut_to_the_buffer(void)
{
    for (size_t size = 1; size < 8; size++) {
        char *value = malloc(size);
        check(command_line_get("key=value next", "key", value, size));
        check_number(strlen(value), size - 1 < 5 ? size - 1 : 5);
        check(strncmp(value, "value", strlen(value)) == 0);
        free(value);
    }
}

static void words_one_by_one(void)
{
    const char *line = "  a=1 bc  d ";
    size_t length;

    for (int i = 0; i < 3; i++) {
        const char *word = command_line_word(&line, &length);
        check_number(length, i == 0 ? 3 : i == 1 ? 2 : 1);
        check(command_line_value(word, length,
                                 i == 0   ? "a"
                                 : i == 1 ? "bc"
                                          : "d"));
        check(!command_line_value(word, length, i == 1 ? "b" : "bc"));
    }
    check(command_line_word(&line, &length) == NULL);
    check(command_line_word(&line, &length) == NULL);
}

UNIT_TESTS(UNIT_TEST(values), UNIT_TEST(cut_to_the_buffer),
           UNIT_TEST(words_one_by_one))
