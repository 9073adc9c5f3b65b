; Runs both tests, but the second never gets to its checkpoint.

%include "fake.inc"
        multiboot_header

start:
        say VERDICT_PORT, 'plan 2'
        say_test_one VERDICT_PORT
        say VERDICT_PORT, 'begin two'
        say VERDICT_PORT, 'books two balanced'
        say VERDICT_PORT, 'end two'
        say VERDICT_PORT, 'done'
        end_with PASS_CODE
