; Ends with the code of passed tests, and has run none.

%include "fake.inc"
        multiboot_header

start:
        end_with PASS_CODE
