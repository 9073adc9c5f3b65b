; Says all that is expected, but on the console, which is no verdict.

%include "fake.inc"
        multiboot_header

start:
        say CONSOLE_PORT, 'plan 2'
        say_test_one CONSOLE_PORT
        say_test_two CONSOLE_PORT
        say CONSOLE_PORT, 'done'
        end_with PASS_CODE
