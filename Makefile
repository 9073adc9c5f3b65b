# Spindle's build, and its table of contents: every kernel source stands here
# once, on its floor, with one line that says what it is for. Reading order of a
# first course: docs/first-course.md. What may include what: kernel/FLOORS.
#
#   make run      a shell on this terminal      make test    all tests
#   make gdb      stopped at the first line     make help    everything else
#
# Output goes to build/ only. CHECKED=1 and KASAN=1 choose a flavour, CC= a
# compiler, V=1 shows the commands. A missing tool is installed by tools/setup.

all:

# ---- boot: every path by which a CPU reaches C ------------------------------
kernel :=
kernel += boot/entry.asm                  # the first instructions: paging on
kernel += boot/high.asm                   # onto the boot stack, into C
kernel += boot/multiboot.c                # what the boot loader told us, checked
kernel += boot/other_cpu.asm              # the other CPUs' first instructions
kernel += boot/other_cpus.c               # they are started, one by one

# ---- floor 0, kernel/lib: pure functions without state ----------------------
kernel += kernel/lib/string.c             # bytes and strings
kernel += kernel/lib/divide.c             # 64-bit division
kernel += kernel/lib/format.c             # printf's formatting
kernel += kernel/lib/bitmap.c             # a row of bits
kernel += kernel/lib/tree.c               # balanced tree
kernel += kernel/lib/command_line.c       # the options in a command line
kernel += kernel/lib/elf.c                # reading an executable, every number hostile
kernel += kernel/lib/cpio.c               # reading the ramdisk's archive

# ---- floor 1, kernel/core: what any line may use ----------------------------
kernel += kernel/core/percpu.c            # what each CPU has of its own
kernel += kernel/core/spinlock.c          # the rarer ways to lock
kernel += kernel/core/printk.c            # the kernel's log
kernel += kernel/core/panic.c             # the last words
kernel += kernel/core/symbols.c           # names for addresses
kernel += kernel/core/debug_key.c         # keys that make the kernel report
kernel += kernel/core/boot_info.c         # the boot loader's words, and options
kernel += kernel/core/machine_exit.c      # power off, restart, verdicts

# ---- floor 2, kernel/mem: physical memory -----------------------------------
kernel += kernel/mem/frame_start.c        # which memory is free at first
kernel += kernel/mem/frame.c              # frames: buddies behind a per-CPU cache
kernel += kernel/mem/heap.c               # blocks of any size

# ---- floor 3, kernel/x86: the machine ---------------------------------------
kernel += kernel/x86/entry.asm            # every way in by a trap, the one way out
kernel += kernel/x86/switch.asm           # the switch of threads
kernel += kernel/x86/user_copy.asm        # the instructions that touch user memory
kernel += kernel/x86/cpu_features.c       # what the CPU can do
kernel += kernel/x86/trap.c               # what becomes of each trap
kernel += kernel/x86/locate.c             # where each CPU is now
kernel += kernel/x86/segments.c           # GDT, TSS, thread-local storage
kernel += kernel/x86/double_fault.c       # the fault that needs a stack of its own
kernel += kernel/x86/fpu.c                # FPU and SSE state
kernel += kernel/x86/page_table.c         # two-level page tables, TLB
kernel += kernel/x86/kernel_stack.c       # stacks with a guard page below
kernel += kernel/x86/tlb.c                # which CPU has which loaded; shoot-down
kernel += kernel/x86/topology.c           # which CPUs there are, which controllers
kernel += kernel/x86/acpi.c               # as ACPI tells it
kernel += kernel/x86/mp_table.c           # as older firmware does
kernel += kernel/x86/interrupts.c         # who handles which line
kernel += kernel/x86/pic.c                # the 8259 controllers
kernel += kernel/x86/io_apic.c            # the I/O APIC
kernel += kernel/x86/local_apic.c         # each CPU's own: IPIs, timer
kernel += kernel/x86/clock.c              # what time it is
kernel += kernel/x86/pit.c                # the 8254
kernel += kernel/x86/tick.c               # an interrupt a millisecond, or none

# ---- floor 4, kernel/sched: threads that can block --------------------------
kernel += kernel/sched/thread.c           # the life of a thread, the list of all
kernel += kernel/sched/scheduler.c        # the run queue and the switch
kernel += kernel/sched/balance.c          # which CPU a thread runs on
kernel += kernel/sched/policy.c           # which policy orders the threads
kernel += kernel/sched/levels.c           # lines of threads, one a level
kernel += kernel/sched/order.c            # threads in the order of a number
kernel += kernel/sched/round_robin.c      # a policy: everyone in turn
kernel += kernel/sched/priority.c         # a policy: the most important first
kernel += kernel/sched/feedback.c         # a policy: who computes sinks
kernel += kernel/sched/stride.c           # a policy: shares, by tickets
kernel += kernel/sched/fair.c             # a policy: shares, by virtual deadline
kernel += kernel/sched/tick.c             # what happens once a millisecond
kernel += kernel/sched/busy.c             # how busy the CPUs are
kernel += kernel/sched/timer.c            # functions called at a time
kernel += kernel/sched/wait_queue.c       # threads that wait for one thing
kernel += kernel/sched/work_queue.c       # work for later, and who does it
kernel += kernel/sched/mutex.c            # sleeping locks, handed over
kernel += kernel/sched/lend.c             # who waits for one lends its priority
kernel += kernel/sched/condition.c        # condition variables, semaphores

# ---- floor 5, kernel/vm: address spaces -------------------------------------
kernel += kernel/vm/memory_object.c  # the frames behind a file or shared memory
kernel += kernel/vm/area.c           # areas: found, cut, joined, taken out
kernel += kernel/vm/address_space.c  # birth, fork, death
kernel += kernel/vm/fault.c          # every page comes through here
kernel += kernel/vm/map.c            # mmap, munmap, and where mappings go
kernel += kernel/vm/protect.c        # mprotect, forgetting pages
kernel += kernel/vm/remap.c          # mremap: pages move by their entries
kernel += kernel/vm/heap_area.c      # brk
kernel += kernel/vm/limits.c         # how far it may grow
kernel += kernel/vm/lock.c           # mlock, pages made in advance
kernel += kernel/vm/truncate.c       # a file gets shorter under its mappings
kernel += kernel/vm/reach.c          # another process's memory

# ---- floor 6, kernel/fs: files ----------------------------------------------
kernel += kernel/fs/io_cursor.c           # copying to and from wherever a call points
kernel += kernel/fs/inode.c               # what all inodes have in common
kernel += kernel/fs/permission.c          # who may do what to an inode
kernel += kernel/fs/mount.c               # which root hides which place
kernel += kernel/fs/path.c                # the walk from a text to a place
kernel += kernel/fs/path_name.c           # and from a place back to its name
kernel += kernel/fs/file.c                # open files
kernel += kernel/fs/memory_file.c         # regular files: bytes in a memory object
kernel += kernel/fs/directory_file.c      # open directories
kernel += kernel/fs/open.c                # open(2)
kernel += kernel/fs/names.c               # make, link, rename, remove
kernel += kernel/fs/attributes.c          # size, mode, owner, dates; where a process stands
kernel += kernel/fs/fd_table.c            # file descriptors
kernel += kernel/fs/fs_context.c          # root, current directory, umask
kernel += kernel/fs/file_system.c         # the kinds of file systems, by name
kernel += kernel/fs/tmpfs.c               # files in memory
kernel += kernel/fs/tmpfs_directory.c     # its directories: two trees of names
kernel += kernel/fs/device.c              # character devices by number, and /dev
kernel += kernel/fs/memory_devices.c      # null, zero, full, random
kernel += kernel/fs/random.c              # the random generator
kernel += kernel/fs/pipe.c                # pipes and FIFOs, opened and closed
kernel += kernel/fs/pipe_ring.c           # reading, writing and waiting in them
kernel += kernel/fs/poll.c                # waiting for many files at once
kernel += kernel/fs/text_file.c           # files whose text is made when they are read
kernel += kernel/fs/initramfs.c           # unpacking the ramdisk
kernel += kernel/fs/start.c               # the order in which files come up

# ---- floor 7, kernel/proc: processes ----------------------------------------
kernel += kernel/proc/exec.c           # execve: all that can fail, then the rest
kernel += kernel/proc/exec_arguments.c # argv, envp, auxiliary vector
kernel += kernel/proc/exec_image.c     # the new address space
kernel += kernel/proc/exec_script.c    # the line that begins with #!
kernel += kernel/proc/process.c           # the table of processes
kernel += kernel/proc/task.c              # their threads: made, copied, listed
kernel += kernel/proc/threads.c           # several in one process
kernel += kernel/proc/schedule.c          # how they are scheduled, who may say so
kernel += kernel/proc/number.c            # the numbers that name them
kernel += kernel/proc/group.c             # process groups and sessions
kernel += kernel/proc/fork.c              # a new process as a copy
kernel += kernel/proc/exit.c              # the end of a task, of a process
kernel += kernel/proc/wait.c              # a parent waits for its children
kernel += kernel/proc/tls.c               # thread-local storage
kernel += kernel/proc/futex.c             # sleeping on a word of user memory
kernel += kernel/proc/futex_pair.c        # on two of them
kernel += kernel/proc/futex_pi.c          # locks whose owner the kernel knows
kernel += kernel/proc/futex_robust.c      # locks whose owner has died
kernel += kernel/proc/signal_action.c     # handlers and masks
kernel += kernel/proc/signal_queue.c      # what is pending
kernel += kernel/proc/signal_send.c       # to a task, a process, a group
kernel += kernel/proc/signal_deliver.c    # what happens on the way to user code
kernel += kernel/proc/signal_frame.c      # a handler's frame, and sigreturn
kernel += kernel/proc/fault_signal.c      # what user code did wrong, as a signal
kernel += kernel/proc/itimer.c            # interval timers, the limit on CPU time
kernel += kernel/proc/oom.c               # who goes when memory is out
kernel += kernel/proc/tty.c               # a terminal as a file
kernel += kernel/proc/tty_line.c          # editing, echo, Ctrl-C
kernel += kernel/proc/tty_job.c           # sessions and the foreground
kernel += kernel/proc/tty_ioctl.c         # what ioctl asks of a terminal
kernel += kernel/proc/procfs.c            # the directories of /proc
kernel += kernel/proc/proc_numbers.c      # those of descriptors and threads
kernel += kernel/proc/proc_system.c       # its files about the whole system
kernel += kernel/proc/proc_process.c      # about one process
kernel += kernel/proc/proc_facts.c        # what they tell, collected
kernel += kernel/proc/proc_memory.c       # about its memory
kernel += kernel/proc/proc_waits.c        # who waits for whom, and deadlocks
kernel += kernel/proc/proc_kernel.c       # and about kernel threads
kernel += kernel/proc/load.c              # load averages
kernel += kernel/proc/books.c             # what has to be given back

# ---- floor 9, drivers -------------------------------------------------------
kernel += drivers/serial.c                # the log and the terminal on COM1
kernel += drivers/vga.c                   # the terminal on the screen
kernel += drivers/vga_escape.c            # what escape sequences do to it
kernel += drivers/keyboard.c              # its keys
kernel += drivers/rtc.c                   # the date
kernel += drivers/pci.c                   # who is on the PCI buses
kernel += drivers/virtio.c                # virtio devices and their queues
kernel += drivers/virtio_console.c        # byte streams to the host
kernel += drivers/run_port.c              # records from tools/run
kernel += drivers/run_output.c            # records to tools/run
kernel += drivers/run_nodes.c             # /dev/run

# ---- floor 10, kernel/syscall: decode and check -----------------------------
kernel += kernel/syscall/dispatch.c       # where a call arrives
kernel += kernel/syscall/table.c          # the table, from the rows of calls.h
kernel += kernel/syscall/trace.c          # strace=1
kernel += kernel/syscall/process.c        # birth, waiting, death; groups
kernel += kernel/syscall/usage.c          # accounting and limits
kernel += kernel/syscall/identity.c       # users and groups
kernel += kernel/syscall/schedule.c       # yielding, questions about CPUs
kernel += kernel/syscall/futex.c          # what user land's locks ask for
kernel += kernel/syscall/signal.c         # the signal calls
kernel += kernel/syscall/time.c           # clocks, sleeping, timers
kernel += kernel/syscall/system.c         # uname, sysinfo, reboot, log, random
kernel += kernel/syscall/memory.c # brk, mmap and its kin
kernel += kernel/syscall/place.c          # paths from user memory, and what they name
kernel += kernel/syscall/io.c             # read, write, lseek, sendfile
kernel += kernel/syscall/descriptor.c     # open, close, dup, fcntl, ioctl
kernel += kernel/syscall/directory.c      # names, reading directories, chdir
kernel += kernel/syscall/status.c         # the stat family, statfs, access
kernel += kernel/syscall/attributes.c     # chmod, chown, utime, truncate
kernel += kernel/syscall/pipe.c           # pipe, pipe2
kernel += kernel/syscall/poll.c           # poll and select in all forms
kernel += kernel/syscall/mount.c          # mount, umount

# ---- floor 12: the boot order -----------------------------------------------
kernel += kernel/main.c                   # the boot order, a line a step
kernel += kernel/selftest.c               # deliberate disasters: test=panic

# ---- only in one flavour ----------------------------------------------------
checked :=
checked += kernel/core/lock_check.c        # the rules of locks, and what they cost
checked += kernel/x86/watchdog.c          # who keeps interrupts off too long
checked += kernel/proc/proc_locks.c       # what locks cost, as a file
checked += kernel/mem/heap_check.c        # poison and guard words
checked += kernel/core/ubsan.c            # what undefined behaviour calls
kasan   :=
kasan   += kernel/core/kasan.c            # which memory may be touched now

# ---- floor 11, kernel/test: only in spindle-test.elf ------------------------
test :=
test += kernel/test/test.c                # the runner, the verdict port
test += kernel/test/test_sched.c          # threads and the scheduler
test += kernel/test/test_workers.c        # busy threads, and their shares
test += kernel/test/test_policy.c         # what each policy promises
test += kernel/test/test_balance.c        # ... on several CPUs
test += kernel/test/test_books.c          # each book tells of what is kept
test += kernel/test/test_rules.c          # what ends the machine when it is broken
test += kernel/test/test_wait.c           # waiting of every kind
test += kernel/test/test_lend.c           # lending priority
test += kernel/test/test_mem.c            # frames, heap, bytes
test += kernel/test/test_vm.c             # address spaces, one idea each
test += kernel/test/test_vm_model.c       # address spaces against a model

# ---- flags that one file needs ----------------------------------------------
# A loop that is memset must not be compiled into a call of memset.
flags.kernel/lib/string.c = $(no_loop_to_call)
# The allocators write into memory that nobody may touch: their own lists.
flags.kernel/core/kasan.c     = -fno-sanitize=kernel-address
flags.kernel/mem/heap.c       = $(without_kasan_$(FLAVOUR))
flags.kernel/mem/heap_check.c = $(without_kasan_$(FLAVOUR))
without_kasan_kasan := -fno-sanitize=kernel-address

# What programs wait for is compiled for speed, the rest for size: a third less.
for_speed := lib/bitmap lib/divide lib/string lib/tree mem/frame mem/heap \
             x86/fpu x86/kernel_stack x86/page_table x86/segments x86/tick \
             x86/trap sched/mutex sched/round_robin sched/scheduler \
             sched/thread sched/wait_queue vm/address_space vm/fault \
             vm/heap_area vm/memory_object fs/fd_table fs/file fs/inode \
             fs/io_cursor fs/memory_file fs/open fs/path fs/pipe_ring \
             fs/random fs/tmpfs fs/tmpfs_directory proc/exec \
             proc/exec_arguments proc/exec_image proc/exit proc/fork \
             proc/futex proc/number proc/process proc/task proc/wait \
             syscall/descriptor syscall/dispatch syscall/futex syscall/io \
             syscall/process
for_size := $(filter-out $(for_speed:%=kernel/%.c),$(kernel))
$(foreach source,$(for_size),$(eval flags.$(source) := -Os))

# ---- flavours ---------------------------------------------------------------
FLAVOUR := $(if $(filter 1,$(KASAN)),kasan,$(if $(filter 1,$(CHECKED)),checked,default))
BUILD   := build
OUT     := $(BUILD)/$(FLAVOUR)
SYSROOT := $(BUILD)/sysroot

sources_default :=
sources_checked  = $(checked)
sources_kasan    = $(checked) $(kasan)

# ---- compilers: the first that is there, or CC= -----------------------------
found = $(firstword $(foreach tool,$(1),$(if $(shell command -v $(tool)),$(tool))))

ifeq ($(origin CC),default)
CC := $(call found,i686-linux-gnu-gcc i686-elf-gcc gcc clang)
endif
LD       := $(call found,i686-linux-gnu-ld i686-elf-ld ld ld.lld)
NM       := $(call found,i686-linux-gnu-nm i686-elf-nm nm llvm-nm)
HOSTCC   ?= $(call found,gcc clang)
COMPILER := $(if $(findstring clang,$(if $(CC),$(shell $(CC) --version 2>/dev/null))),clang,gcc)
LD_KIND  := $(if $(findstring lld,$(LD)),lld,bfd)

# No padding before functions and loops: smaller, and nothing is executed for it.
dense       := -falign-functions=1 -falign-loops=1
# clang is not told of -mregparm: it calls memset by that rule or not, as it likes.
flags_gcc   := -mpreferred-stack-boundary=2 -mregparm=3 \
               $(dense) -falign-jumps=1 -falign-labels=1
flags_clang := --target=i686-elf -mstack-alignment=4 $(dense)

no_loop_to_call_gcc   := -fno-tree-loop-distribute-patterns
no_loop_to_call_clang := -fno-builtin
no_loop_to_call       := $(no_loop_to_call_$(COMPILER))

checks_undefined := -fsanitize=undefined -fno-sanitize=alignment
kasan_gcc   := --param asan-instrumentation-with-call-threshold=0 \
               --param asan-globals=0 --param asan-stack=0
kasan_clang := --target=i686-linux-gnu -mllvm -asan-instrumentation-with-call-threshold=0 \
               -mllvm -asan-globals=0 -mllvm -asan-stack=0

# Headers ask CHECKED and KASAN, which are always 0 or 1.
flavour_default := -DCHECKED=0 -DKASAN=0
flavour_checked := -DCHECKED=1 -DKASAN=0 $(checks_undefined)
flavour_kasan   := -DCHECKED=1 -DKASAN=1 -fsanitize=kernel-address $(kasan_$(COMPILER))

# A frame pointer in every function, leaves too: backtraces are always right.
frames   := -fno-omit-frame-pointer
WERROR   := $(if $(filter true,$(CI)),-Werror)
# What a table of operations hands to all, not everyone needs.
WARNINGS := -Wall -Wextra -Wno-unused-parameter -Wmissing-prototypes \
            -Wshadow -Wstrict-prototypes -Wvla $(WERROR)

CPPFLAGS := -Ikernel -I. -nostdinc -isystem $(SYSROOT)/uapi \
            -isystem $(if $(CC),$(shell $(CC) -print-file-name=include 2>/dev/null))
CFLAGS    = -std=gnu11 -O2 -g -m32 -march=i686 -ffreestanding -fno-pic -fno-pie \
            -mno-sse -mno-mmx -mno-80387 -msoft-float -fno-stack-protector \
            -fno-strict-aliasing -fno-delete-null-pointer-checks \
            -fno-asynchronous-unwind-tables -fcf-protection=none $(frames) \
            $(flags_$(COMPILER)) $(flavour_$(FLAVOUR)) $(WARNINGS) $(CPPFLAGS)
ASFLAGS  := -f elf32 -g -F dwarf -w+all -I./ -Ikernel/
LDFLAGS  := -m elf_i386 -T linker.ld --orphan-handling=error -z noexecstack \
            -z max-page-size=4096 --build-id=none

# ---- help, jobs and quiet ---------------------------------------------------
# As many jobs as there are CPUs, unless a number was given.
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 2)
endif
Q   := $(if $(filter 1,$(V)),,@)
# Said by make itself: a process for it would cost as much as assembling.
say  = $(info $()  $(1)	$(2))

.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
FORCE:

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' Makefile
	@echo 'all run test test-long gdb check bench iso doctor format clean distclean'
	@echo 'kernel test-kernel user ramdisk unit-tests sysroot compile_commands.json'

# ---- the tools: asked for before anything else, then make reads itself again
without_tools := clean distclean doctor check format help
ifneq ($(if $(MAKECMDGOALS),$(filter-out $(without_tools),$(MAKECMDGOALS)),all),)
include $(BUILD)/setup.mk
endif

$(BUILD)/setup.mk: FORCE
	@tools/setup --stamp $@

# ---- the kernel -------------------------------------------------------------
object         = $(patsubst %,$(OUT)/%.o,$(1))
kernel_objects = $(call object,$(kernel) $(sources_$(FLAVOUR)))
test_objects   = $(kernel_objects) $(call object,$(test))

all: kernel ramdisk $(BUILD)/bin/spindle-cc
kernel: $(OUT)/spindle.elf
test-kernel: $(OUT)/spindle-test.elf

# Objects follow the flags, not the Makefile: a new source rebuilds nothing old.
$(OUT)/flags: FORCE
	@mkdir -p $(sort $(@D) $(dir $(test_objects)))
	@printf '%s\n' '$(CC) $(CFLAGS) $(ASFLAGS) $(for_size)' | cmp -s - $@ || \
		printf '%s\n' '$(CC) $(CFLAGS) $(ASFLAGS) $(for_size)' >$@

$(OUT)/%.c.o: %.c $(OUT)/flags | $(SYSROOT)/.done
	$(call say,CC,$<)
	$(Q)$(CC) $(CFLAGS) $(flags.$<) -MMD -MP -c $< -o $@

$(OUT)/%.asm.o: %.asm $(OUT)/flags
	$(call say,NASM,$<)
	$(Q)nasm $(ASFLAGS) -M -MT $@ -MP -MF $(@:.o=.d) $<
	$(Q)nasm $(ASFLAGS) -o $@ $<

# Linked twice: the first link says where each function is, the second carries
# that table, placed behind everything else, so that no address moves.
$(OUT)/spindle.objects: objects = $(kernel_objects)
$(OUT)/spindle-test.objects: objects = $(test_objects)
$(OUT)/%.objects: FORCE
	@mkdir -p $(@D)
	@echo '$(objects)' | cmp -s - $@ || echo '$(objects)' >$@

$(OUT)/%.first.elf: $(OUT)/%.objects $(OUT)/no-symbols.o linker.ld
	$(Q)$(LD) $(LDFLAGS) -o $@ @$< $(OUT)/no-symbols.o
$(OUT)/%.first.nm: $(OUT)/%.first.elf
	$(Q)$(NM) -n $< >$@
$(OUT)/%.symbols.asm: $(OUT)/%.first.nm tools/symbols
	$(Q)tools/symbols table $< >$@
$(OUT)/no-symbols.asm: tools/symbols
	@mkdir -p $(@D)
	$(Q)tools/symbols table /dev/null >$@
$(OUT)/%.o: $(OUT)/%.asm
	$(Q)nasm -f elf32 -o $@ $<

$(OUT)/spindle.elf: $(kernel_objects)
$(OUT)/spindle.first.elf: $(kernel_objects)
$(OUT)/spindle-test.elf: $(test_objects)
$(OUT)/spindle-test.first.elf: $(test_objects)
$(OUT)/%.elf: $(OUT)/%.objects $(OUT)/%.symbols.o $(OUT)/%.first.nm linker.ld
	$(call say,LINK,$@)
	$(Q)$(LD) $(LDFLAGS) -o $@.new @$< $(OUT)/$*.symbols.o
	$(Q)$(NM) -n $@.new >$(OUT)/$*.nm
	$(Q)tools/symbols check $@.new $(OUT)/$*.first.nm $(OUT)/$*.nm
	$(Q)mv $@.new $@

-include $(patsubst %.o,%.d,$(sort $(kernel_objects) $(test_objects)))

include user/rules.mk

# ---- host-side unit tests: each includes the sources it tests ---------------
unit_tests := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/*.c))
unit-tests: $(unit_tests)
$(BUILD)/unit/%: tests/unit/%.c
	$(call say,UNIT,$<)
	@mkdir -p $(@D)
	$(Q)$(HOSTCC) -std=gnu11 -O1 -g -Wall -Wextra -Wno-unused-parameter $(WERROR) -fno-builtin -DCHECKED=1 -DKASAN=0 \
		-fsanitize=address,undefined -fno-sanitize-recover=all \
		-Itests/unit/fake -Itests/unit -Ikernel -I. -MMD -MP -MF $@.d -o $@ $<
-include $(addsuffix .d,$(unit_tests))

# ---- what people type -------------------------------------------------------
machine = --kernel $(OUT)/spindle.elf --ramdisk $(BUILD)/ramdisk.cpio \
          $(if $(SMP),--smp $(SMP)) $(if $(MEM),--mem $(MEM)) --append '$(APPEND)'
run: all
	@tools/run $(machine)

under_test: all test-kernel user unit-tests
	@$(MAKE) --no-print-directory CHECKED=1 kernel test-kernel
test: under_test
	@tools/test
test-long: under_test
	@$(MAKE) --no-print-directory KASAN=1 kernel test-kernel
	@tools/oracle --check
	@tools/test --long

gdb: all
	@tools/gdb/start $(machine)

bench: all user
	@tools/bench --write

iso: $(BUILD)/spindle.iso
$(BUILD)/spindle.iso: $(OUT)/spindle.elf $(BUILD)/ramdisk.cpio tools/iso
	$(call say,ISO,$@)
	$(Q)tools/iso $@ $(OUT)/spindle.elf $(BUILD)/ramdisk.cpio '$(APPEND)'

check:
	@tools/check
doctor:
	@tools/doctor || :
format:
	clang-format -i $(shell git ls-files '*.c' '*.h')

comma := ,
command = {"directory": "$(CURDIR)", "file": "$(1)", "command": "$(CC) $(CFLAGS) -c $(1)"}
compile_commands.json: FORCE
	$(file >$(BUILD)/$@,[$(subst } {,}$(comma) {,$(foreach source,\
		$(filter %.c,$(kernel) $(checked) $(kasan) $(test)),$(call command,$(source))))])
	@ln -sf $(BUILD)/$@ $@

clean:
	rm -rf $(filter-out $(SYSROOT) $(BUILD)/cache,$(wildcard $(BUILD)/*)) compile_commands.json
distclean:
	rm -rf $(BUILD) compile_commands.json

.PHONY: all help kernel test-kernel sysroot user ramdisk unit-tests run test under_test \
        test-long gdb bench iso check doctor format clean distclean FORCE
