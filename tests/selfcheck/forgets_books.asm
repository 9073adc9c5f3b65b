; Says of the first test no word about its books.

%include "fake.inc"
        multiboot_header

start:
        say VERDICT_PORT, 'plan 2'
        say VERDICT_PORT, 'begin one'
        say VERDICT_PORT, 'end one'
        say_test_two VERDICT_PORT
        say VERDICT_PORT, 'done'
        end_with PASS_CODE
