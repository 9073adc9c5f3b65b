; Proves that the other fakes fail for their own reasons: this one passes.

%include "fake.inc"
        multiboot_header

start:
        say VERDICT_PORT, 'plan 2'
        say_test_one VERDICT_PORT
        say_test_two VERDICT_PORT
        say VERDICT_PORT, 'done'
        end_with PASS_CODE
