; The first instructions at kernel addresses: onto the boot stack and into C.
;
;   noreturn void boot_high(void)    ebp = Multiboot's magic, ebx = information
;
; Why it is right: the boot stack is aligned to its size and begins with a
; struct stack_base, so that this_cpu() works from the first C line. The page
; directory stays the kernel's for good (x86/page_table.c).

STACK_SIZE        equ 8192              ; core/layout.h
STACK_CANARY      equ 0x57acba5e        ; core/percpu.h
STACK_BASE_CANARY equ 16                ; struct stack_base
BOOT_TABLES       equ 4                 ; boot/entry.asm

section .text
global boot_high
extern kernel_main, cpus
boot_high:
        mov esp, boot_stack + STACK_SIZE
        mov dword [boot_stack], cpus    ; struct stack_base: cpu 0,
        mov dword [boot_stack + STACK_BASE_CANARY], STACK_CANARY
        push dword 0                    ; backtraces end here
        mov eax, ebp
        mov edx, ebx
        xor ebp, ebp
        call kernel_main
        ud2                             ; it does not return

section .bss nobits align=8192
global boot_stack, boot_directory, boot_tables
boot_stack:     resb STACK_SIZE
boot_directory: resb 4096
boot_tables:    resb 4096 * BOOT_TABLES
