; Has no Multiboot header, so that QEMU refuses it, whatever the code would say.

%include "fake.inc"

start:
        say VERDICT_PORT, 'plan 2'
        say_test_one VERDICT_PORT
        say_test_two VERDICT_PORT
        say VERDICT_PORT, 'done'
        end_with PASS_CODE
