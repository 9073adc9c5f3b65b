; Boots and does nothing, for ever.

%include "fake.inc"
        multiboot_header

start:
        pause
        jmp start
