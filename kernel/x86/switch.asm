; The switch of threads.
;
;   void context_switch(u32 *save, u32 next);
;
; Why it is right: the C ABI lets a call destroy eax, ecx and edx, so a thread
; that calls this needs only its other registers, its stack and the return
; address on it. Flags need not be kept: interrupts are off on both sides.

global context_switch, context_entry

section .text
context_switch:
        push ebp
        push ebx
        push esi
        push edi
        mov [eax], esp                  ; save
        mov esp, edx                    ; next
        pop edi
        pop esi
        pop ebx
        pop ebp
        ret

; Where a new thread begins: context_prepare (x86/trap.c) left the function in
; ebx and its argument in esi. The zero return address ends backtraces.
context_entry:
        mov eax, esi
        push dword 0
        jmp ebx

; Loads user selectors for FS and GS; a bad one becomes 0.
;
;   void segments_load(u16 fs, u16 gs);

%include "kernel/x86/smap.inc"

global segments_load

segments_load:
.fs:    mov fs, eax
.gs:    mov gs, edx
        ret
.bad_fs:
        xor eax, eax
        jmp .fs
.bad_gs:
        xor edx, edx
        jmp .gs

        FIXUP segments_load.fs, segments_load.bad_fs
        FIXUP segments_load.gs, segments_load.bad_gs
