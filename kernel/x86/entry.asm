; Every way into the kernel by a trap, and the one way out.
;
;   void trap_dispatch(struct trap_frame *frame);     x86/trap.c, called here
;   void on_syscall(struct trap_frame *frame);        syscall/, called here
;   void on_return_to_user(struct trap_frame *frame); proc/, called here
;   noreturn void panic(const char *format, ...);
;   noreturn void trap_return(struct trap_frame *frame);
;   extern const u32 trap_entries[256];               addresses for the IDT
;
; C's arguments are in eax, edx and ecx (-mregparm=3), those of a function
; with `...` on the stack.
;
; Why it is right: each entry leaves exactly a struct trap_frame on the stack
; (x86/trap.c asserts its size and offsets), clears DF, and AC where there is
; SMAP, and loads flat data segments before C runs; the CPU itself clears TF
; and NT. FS and GS stay the user's: the kernel uses neither. On the way out
; a user's bad selector faults here in kernel mode; the fix-ups turn that into
; a null selector, or, for the IRET itself, into a protection fault of the
; user code that it was to enter.

%include "kernel/x86/smap.inc"
%include "kernel/x86/unwind.inc"

STACK_SIZE              equ 8192        ; core/layout.h
STACK_BASE_THREAD       equ 4           ; struct stack_base
THREAD_WORK             equ 0           ; struct thread
FRAME_CS                equ 52          ; struct trap_frame
SELECTOR_USER_DATA      equ 0x7b        ; x86/segments.h
TRAP_PANIC              equ 15
TRAP_BAD_RETURN         equ 31
TRAP_SYSCALL            equ 0x80

extern trap_dispatch, on_syscall, on_return_to_user
global trap_entries, trap_return, syscall_entry, panic

section .text

%macro SAVE_CONTEXT 0
        cld
        CLAC
        push ds
        push es
        pusha
        mov eax, SELECTOR_USER_DATA     ; flat, and good in the kernel too
        mov ds, eax
        mov es, eax
%endmacro

; ---- system calls: the hot path ---------------------------------------------
align 16
syscall_entry:
        push dword 0
        push dword TRAP_SYSCALL
        SAVE_CONTEXT
syscall_saved:
        mov eax, esp
        call on_syscall
return_to_user:
        cli                             ; no work may arrive unseen from here on
        mov eax, esp
        and eax, -STACK_SIZE
        mov eax, [eax + STACK_BASE_THREAD]
        cmp dword [eax + THREAD_WORK], 0
        jne .work
restore_context:
        popa
.restore_es:
        pop es
.restore_ds:
        pop ds
        add esp, 8                      ; vector and error code
.return:
        iret

return_to_user.work:
        mov eax, esp
        call on_return_to_user
        jmp return_to_user
return_to_user.work_end:

; A bad ES or DS: load a null selector instead.
restore_context.bad_es:
        mov dword [esp], 0
        jmp restore_context.restore_es
restore_context.bad_ds:
        mov dword [esp], 0
        jmp restore_context.restore_ds
; IRET refused the user's CS, SS or EIP: report it as that code's own fault.
restore_context.bad_return:
        push dword 0
        push dword TRAP_BAD_RETURN
        jmp trap_common

        FIXUP restore_context.restore_es, restore_context.bad_es
        FIXUP restore_context.restore_ds, restore_context.bad_ds
        FIXUP restore_context.return, restore_context.bad_return

; ---- all other traps --------------------------------------------------------
align 16
trap_common:
        SAVE_CONTEXT
trap_saved:
        mov eax, esp
        call trap_dispatch
        test byte [esp + FRAME_CS], 3
        jnz return_to_user
        jmp restore_context

; The frame to leave by may lie anywhere on this stack.
trap_return:
        mov esp, eax
        jmp return_to_user

; As a trap whose place is the call of panic.
panic:
        push cs
        push dword [esp + 4]
        dec dword [esp]                 ; inside the CALL: nothing need follow it
        pushfd
        pop dword [esp + 8]             ; in place of the return address
        push dword 0
        push dword TRAP_PANIC
        jmp trap_common

; One entry a vector. The CPU pushes an error code for some; the others push 0.
%assign vector 0
%rep 256
trap_entry_%+vector:
%if vector = 8 || (vector >= 10 && vector <= 14) || vector = 17 || vector = 21
%else
        push dword 0
%endif
        push dword vector
        jmp trap_common
%assign vector vector + 1
%endrep

section .rodata
align 4
trap_entries:
%assign vector 0
%rep 256
        dd trap_entry_%+vector
%assign vector vector + 1
%endrep
