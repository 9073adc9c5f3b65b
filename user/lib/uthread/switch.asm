; The switch of threads in user space.
;
;   void uthread_context_switch(struct uthread *from, struct uthread *to)
;       __attribute__((regparm(2)));
;
; A thread's first two fields are its stack pointer and the FPU's control word
; while it is away. Why this is right: the C ABI lets a call destroy eax, ecx,
; edx, the flags and all of the FPU but that word. What else must survive lies
; on the stack that is left, and comes back from the one that is taken up, with
; the address to return to.

global uthread_context_switch

section .text
uthread_context_switch:                 ; eax from, edx to
        push ebp
        push ebx
        push esi
        push edi
        fnstcw [eax + 4]
        mov [eax], esp
        mov esp, [edx]
        fldcw [edx + 4]
        pop edi
        pop esi
        pop ebx
        pop ebp
        ret

section .note.GNU-stack noalloc noexec nowrite progbits
