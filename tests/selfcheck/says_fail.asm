; Reports a failure in the second test, and ends as it should.

%include "fake.inc"
        multiboot_header

start:
        say VERDICT_PORT, 'plan 2'
        say_test_one VERDICT_PORT
        say VERDICT_PORT, 'begin two'
        say VERDICT_PORT, 'check two halfway'
        say VERDICT_PORT, 'fail two fake.asm:1 wanted 2 got 3'
        say VERDICT_PORT, 'books two balanced'
        say VERDICT_PORT, 'end two'
        say VERDICT_PORT, 'done'
        end_with FAIL_CODE
