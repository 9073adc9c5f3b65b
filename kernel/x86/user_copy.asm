; The instructions that touch user memory: all of them are in this file.
;
;   int user_copy_in(void *destination, const void user *source, size_t size);
;   int user_copy_out(void user *destination, const void *source, size_t size);
;   int user_clear(void user *destination, size_t size);
;   int user_string_copy(char *destination, const char user *source, size_t size);
;   int user_load(u32 *value, const u32 user *source);
;   int user_store(u32 user *destination, u32 value);
;   int user_copy_in_nofault, user_copy_out_nofault, user_load_nofault: as
;   without _nofault
;   int user_compare_exchange_nofault(u32 user *place, u32 expected,
;                                     u32 desired, u32 *seen);
;
; Arguments are in eax, edx and ecx, a fourth one on the stack.
;
; Why it is right: a range is checked against USER_END before it is touched.
; A page fault on the way is handled like any other (x86/trap.c) and the
; instruction tried again; what cannot be handled goes on at the fix-up, which
; closes the SMAP window and returns -EFAULT. Between user_nofault_start and
; user_nofault_end a fault goes to the fix-up at once.

%include "kernel/x86/smap.inc"

USER_END        equ 0xc0000000          ; core/layout.h
EFAULT          equ 14                  ; asm/errno.h
ENAMETOOLONG    equ 36

global user_copy_in, user_copy_out, user_clear, user_string_in, user_store
global user_load, user_load_nofault, user_copy_in_nofault, user_copy_out_nofault
global user_compare_exchange_nofault, user_nofault_start, user_nofault_end

section .text

; Jumps to %3 unless [%1, %1 + %2) lies below USER_END. Destroys eax.
%macro CHECK_RANGE 3
        cmp %2, USER_END
        ja %3
        mov eax, USER_END
        sub eax, %2
        cmp %1, eax
        ja %3
%endmacro

; A copy as %1; %2 is the register that holds the user's address.
%macro USER_COPY 2
align 16
%1:
        push esi
        push edi
        mov edi, eax                    ; destination
        mov esi, edx                    ; source
        CHECK_RANGE %2, ecx, copy_bad   ; size
        STAC
        mov edx, ecx
        shr ecx, 2
        jz %%tail
%%words:
        rep movsd
%%tail:
        and edx, 3
        jz %%done
        mov ecx, edx
%%bytes:
        rep movsb
%%done:
        CLAC
        xor eax, eax
        pop edi
        pop esi
        ret

        FIXUP %%words, copy_fault
        FIXUP %%bytes, copy_fault
%endmacro

USER_COPY user_copy_in, esi
USER_COPY user_copy_out, edi

copy_fault:
        CLAC
copy_bad:
        mov eax, -EFAULT
        pop edi
        pop esi
        ret

align 16
user_clear:
        push esi                        ; so that copy_fault's way out fits
        push edi
        mov edi, eax                    ; destination
        CHECK_RANGE edi, edx, copy_bad  ; size
        STAC
        xor eax, eax
        mov ecx, edx
        shr ecx, 2
clear_words:
        rep stosd
        mov ecx, edx
        and ecx, 3
clear_bytes:
        rep stosb
        CLAC
        pop edi
        pop esi
        ret

        FIXUP clear_words, copy_fault
        FIXUP clear_bytes, copy_fault

; Byte by byte up to and with the NUL; stops at USER_END as at a bad page.
align 16
user_string_in:
        push esi
        push edi
        mov edi, eax                    ; destination
        mov esi, edx                    ; source
        xor edx, edx                    ; characters so far
        STAC
string_next:
        cmp edx, ecx
        jae string_too_long
        cmp esi, USER_END
        jae copy_fault
string_load:
        mov al, [esi]
        mov [edi + edx], al
        test al, al
        jz string_done
        inc edx
        inc esi
        jmp string_next
string_too_long:
        mov edx, -ENAMETOOLONG
string_done:
        CLAC
        mov eax, edx
        pop edi
        pop esi
        ret

        FIXUP string_load, copy_fault

; A word as %1.
%macro USER_LOAD 1
%1:
        cmp edx, USER_END - 4
        ja word_bad
        STAC
%%word:
        mov edx, [edx]
        CLAC
        mov [eax], edx
        xor eax, eax
        ret

        FIXUP %%word, word_fault
%endmacro

USER_LOAD user_load

user_store:
        cmp eax, USER_END - 4
        ja word_bad
        STAC
store_word:
        mov [eax], edx
        CLAC
        xor eax, eax
        ret

word_fault:
        CLAC
word_bad:
        mov eax, -EFAULT
        ret

        FIXUP store_word, word_fault

user_nofault_start:
USER_COPY user_copy_in_nofault, esi
USER_COPY user_copy_out_nofault, edi
USER_LOAD user_load_nofault

user_compare_exchange_nofault:
        cmp eax, USER_END - 4
        ja word_bad
        xchg eax, edx                   ; expected; edx = place
        STAC
exchange_word:
        lock cmpxchg [edx], ecx         ; desired
        CLAC
        mov edx, [esp + 4]              ; seen
        mov [edx], eax
        xor eax, eax
        ret
user_nofault_end:

        FIXUP exchange_word, word_fault
