; The first instructions: from a Multiboot 1 loader (32-bit protected mode,
; paging off, flat segments of the loader's own) to kernel_main in the higher
; half (boot/high.asm), on the boot stack.
;
;   void boot_start(void)     eax = Multiboot's magic, ebx = its information
;
; Why it is right: everything in .boot is linked at its physical address, so it
; runs before paging. The first 16 MiB are mapped twice, at 0 (for the next
; instruction) and at KERNEL_BASE; 4 KiB pages, since no CPU lacks them. C then
; makes the same directory the kernel's own (direct_map_start).

KERNEL_BASE     equ 0xc0000000
STACK_SIZE      equ 8192                ; core/layout.h
BOOT_TABLES     equ 4                   ; of 4 MiB each

EFLAGS_ID       equ 0x00200000          ; core/cpu.h
FEATURE_CMOV    equ 0x00008000          ; CPUID leaf 1, EDX
SERIAL_PORT     equ 0x3f8
EXIT_PORT       equ 0xf4                ; core/machine_exit.h
EXIT_PANIC      equ 0x12

HAS_MEMORY_SIZE equ 1                   ; Multiboot's flags, and a field
UPPER_KIB       equ 8

HEADER_MAGIC    equ 0x1badb002
HEADER_FLAGS    equ 0x00000003          ; modules on pages, memory map

section .multiboot align=4
        dd HEADER_MAGIC
        dd HEADER_FLAGS
        dd -(HEADER_MAGIC + HEADER_FLAGS)

section .boot progbits alloc exec nowrite align=16
global boot_start
extern boot_high, boot_stack, boot_directory, boot_tables, kernel_end
boot_start:
        cli
        cld
        mov ebp, eax                    ; the magic

        ; Is there memory up to the kernel's end? The loader counts KiB from
        ; the first MiB on, if it counts at all.
        mov esi, too_little_memory
        test dword [ebx], HAS_MEMORY_SIZE
        jz .memory_unknown
        mov eax, [ebx + UPPER_KIB]
        shl eax, 10
        add eax, 0x100000
        cmp eax, kernel_end - KERNEL_BASE
        jb cannot_run
.memory_unknown:
        mov edi, ebx                    ; CPUID destroys ebx
        mov esp, boot_stack - KERNEL_BASE + STACK_SIZE

        ; Has the CPU the instructions that the compiler uses? CPUID is there
        ; when EFLAGS.ID can be changed.
        pushfd
        pop eax
        mov ecx, eax
        xor eax, EFLAGS_ID
        push eax
        popfd
        pushfd
        pop eax
        xor eax, ecx
        mov esi, cpu_too_old
        jz cannot_run
        mov eax, 1
        cpuid
        test edx, FEATURE_CMOV
        jz cannot_run
        mov ebx, edi

        ; Page tables: entry i maps frame i, present and writable.
        mov edi, boot_tables - KERNEL_BASE
        mov eax, 3
        mov ecx, BOOT_TABLES * 1024
.next_page:
        stosd
        add eax, 4096
        loop .next_page

        mov edi, boot_directory - KERNEL_BASE
        mov eax, boot_tables - KERNEL_BASE + 3
        xor ecx, ecx
.next_table:
        mov [edi + ecx * 4], eax
        mov [edi + ecx * 4 + (KERNEL_BASE >> 20)], eax
        add eax, 4096
        inc ecx
        cmp ecx, BOOT_TABLES
        jb .next_table

        mov cr3, edi
        mov eax, cr0
        or eax, 0x80010001              ; paging, write protect, protected mode
        mov cr0, eax
        mov eax, boot_high
        jmp eax

; No line of C can run: say why (esi) on the serial line, end as panic does.
cannot_run:
        mov dx, SERIAL_PORT
.next:
        lodsb
        out dx, al
        cmp al, 10
        jne .next
        mov eax, EXIT_PANIC
        out EXIT_PORT, eax
.halt:
        hlt
        jmp .halt

too_little_memory:
        db "Spindle cannot run: the memory ends before the kernel does; "
        db "16 MiB are enough", 10
cpu_too_old:
        db "Spindle cannot run: this CPU lacks conditional moves (CMOV); "
        db "a Pentium II or newer is needed", 10
