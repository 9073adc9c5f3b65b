; Passes the first test and dies of a triple fault in the second. A boot
; behind that death would do the same again.

%include "fake.inc"
        multiboot_header

start:
        say VERDICT_PORT, 'plan 2'
        say_test_one VERDICT_PORT
        say VERDICT_PORT, 'begin two'
        lidt [no_table]
        int3
no_table: dw 0
        dd 0
