# User land: the C library, how its programs are built, and the ramdisk.
# A part of the Makefile, which includes it.

# ---- C library, UAPI headers and unmodified programs, from Debian's packages
sysroot: $(SYSROOT)/.done
$(SYSROOT)/.done: tools/sysroot
	$(call say,FETCH,$(SYSROOT))
	$(Q)tools/sysroot $(SYSROOT) $(BUILD)/cache

$(BUILD)/bin/spindle-cc: tools/spindle-cc $(SYSROOT)/.done
	@mkdir -p $(@D)
	$(Q)install -m 755 $< $@

# ---- user programs: one a file, or one a folder, with user/lib --------------
USER_CC     := $(BUILD)/bin/spindle-cc
USER_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Wmissing-prototypes -Wshadow \
               -Wstrict-prototypes $(WERROR) -Iuser/lib -Iuser

folders       := $(wildcard user/bin user/demos user/tests bench)
files         := $(wildcard $(addsuffix /*.c,$(folders)))
directories   := $(patsubst %/,%,$(sort $(dir $(wildcard $(addsuffix /*/*.c,$(folders))))))
user_library  := $(BUILD)/objects/user/lib.a
user_programs := $(patsubst %.c,$(BUILD)/%,$(files)) $(addprefix $(BUILD)/,$(directories))
user: $(user_programs)

user_object = $(addprefix $(BUILD)/objects/,$(addsuffix .o,$(basename $(1))))
$(BUILD)/objects/%.o: %.c | $(USER_CC)
	@mkdir -p $(@D)
	$(Q)$(USER_CC) $(USER_CFLAGS) -MMD -MP -c $< -o $@
$(BUILD)/objects/%.o: %.asm; $(Q)mkdir -p $(@D) && nasm -f elf32 -o $@ $<
$(user_library): $(call user_object,$(wildcard user/lib/*/*.c user/lib/*/*.asm))
	$(Q)rm -f $@; $(call found,ar i686-linux-gnu-ar i686-elf-ar llvm-ar) rcs $@ $^

# Programs whose user threads let others run while they wait in the kernel.
$(addprefix $(BUILD)/user/,tests/uthread_% demos/uthreads demos/three-models) \
    : WAITS := -Wl,--wrap=__syscall_cp,-u,__wrap___syscall_cp

define program
$(BUILD)/$(1): $(call user_object,$(2)) $(user_library)
	$$(call say,USER,$(1))
	@mkdir -p $$(@D)
	$$(Q)$(USER_CC) -pthread $$(WAITS) -o $$@ $$^
endef
$(foreach file,$(files),$(eval $(call program,$(file:.c=),$(file))))
$(foreach folder,$(directories),$(eval $(call program,$(folder),$(wildcard $(folder)/*.c))))

-include $(patsubst %.o,%.d,$(call user_object,\
    $(files) $(wildcard $(addsuffix /*.c,$(directories) user/lib/*))))

on_ramdisk := $(filter $(BUILD)/user/bin/% $(BUILD)/user/demos/%,$(user_programs))
ramdisk: $(BUILD)/ramdisk.cpio
$(BUILD)/ramdisk.cpio: $(on_ramdisk) tools/ramdisk $(SYSROOT)/.done
	$(call say,PACK,$@)
	$(Q)tools/ramdisk $@ $(SYSROOT) $(on_ramdisk)
