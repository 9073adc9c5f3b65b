; The first instructions of every CPU but the first: from real mode to C in the
; higher half.
;
;   other_cpu_code .. other_cpu_code_end   copied to TRAMPOLINE, and run there
;   other_cpu_directory, other_cpu_stack   words in it that C fills in first
;
; Why it is right: a CPU that is started runs at the page it was told, in real
; mode, interrupts off, caches off. The code knows its own place only by
; TRAMPOLINE, since it runs at another address than it was linked at. The page
; directory is the kernel's, with the first 4 MiB mapped at 0 as well.

TRAMPOLINE      equ 0x8000              ; boot/other_cpus.c
CR4_PSE         equ 0x10                ; core/cpu.h: the directory needs it
CODE            equ 0x08
DATA            equ 0x10

%define HERE(label) (TRAMPOLINE + (label) - other_cpu_code)

global other_cpu_code, other_cpu_code_end, other_cpu_directory, other_cpu_stack
extern other_cpu_main

section .rodata
bits 16
align 16
other_cpu_code:
        cli
        xor ax, ax
        mov ds, ax
        o32 lgdt [HERE(table_pointer)]
        mov eax, cr0
        or al, 1
        mov cr0, eax
        jmp dword CODE:HERE(protected)

bits 32
protected:
        mov eax, DATA
        mov ds, eax
        mov es, eax
        mov ss, eax
        mov eax, cr4
        or eax, CR4_PSE
        mov cr4, eax
        mov eax, [HERE(other_cpu_directory)]
        mov cr3, eax
        mov eax, cr0
        or eax, 0x80010001              ; paging, write protect, protected mode
        and eax, 0x9fffffff             ; caches on
        mov cr0, eax
        mov esp, [HERE(other_cpu_stack)]
        mov eax, other_cpu_high
        jmp eax

align 8
table:          dq 0
                dq 0x00cf9a000000ffff   ; code, flat
                dq 0x00cf92000000ffff   ; data, flat
table_pointer:  dw 3 * 8 - 1
                dd HERE(table)
other_cpu_directory: dd 0
other_cpu_stack:     dd 0
other_cpu_code_end:

section .text
other_cpu_high:
        push dword 0                    ; backtraces end here
        xor ebp, ebp
        call other_cpu_main
        ud2                             ; it does not return
