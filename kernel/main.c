/*
 * The boot order: one captioned line a step, from the loader's jump to the
 * first process.
 *
 * kernel_main runs on the boot stack, interrupts off, until there are threads;
 * then that stack becomes the idle thread's, and the rest (all that may block)
 * is the work of a kernel thread. What a person can mend ends the boot in one
 * sentence (halt_with_message).
 */
#include "boot/multiboot.h"
#include "boot/other_cpus.h"
#include "core/boot_info.h"
#include "core/panic.h"
#include "core/printk.h"
#include "drivers/keyboard.h"
#include "drivers/pci.h"
#include "drivers/rtc.h"
#include "drivers/run_port.h"
#include "drivers/serial.h"
#include "drivers/vga.h"
#include "fs/start.h"
#include "lib/string.h"
#include "mem/frame.h"
#include "proc/process.h"
#include "sched/scheduler.h"
#include "sched/work_queue.h"
#include "selftest.h"
#include "syscall/table.h"
#include "test/test.h"
#include "vm/address_space.h"
#include "x86/clock.h"
#include "x86/cpu_features.h"
#include "x86/fpu.h"
#include "x86/interrupts.h"
#include "x86/local_apic.h"
#include "x86/page_table.h"
#include "x86/tick.h"
#include "x86/topology.h"
#include "x86/trap.h"

#define INIT_PATH "/bin/init"

by_registers void kernel_main(u32 magic, physical_address information);

static void memory_start(void)
{
    direct_map_start(boot_info.ranges[boot_info.range_count - 1].end);
    if (!frames_start())
        halt_with_message("the memory is too little to keep books of it");
    page_tables_start();
    printk("memory: %u MiB, %u frames free\n", boot_info.memory / MIB,
           frame_free_count());
    if (boot_info.memory_unused)
        printk("memory: %u MiB past the direct map stay unused\n",
               boot_info.memory_unused / MIB);
}

static void ramdisk_load(void)
{
    if (boot_info.module_count == 0)
        halt_with_message("there is no ramdisk: give one as Multiboot module "
                          "(qemu -initrd build/ramdisk.cpio)");
    const char *problem;
    if (initramfs_load(&problem) < 0)
        halt_with_message("the ramdisk cannot be used: %s", problem);
}

/* All that may block: devices, files, the first process. */
static void start_processes(void *unused)
{
    other_cpus_start();   /* from here on, threads run side by side */
    work_queue_start();   /* a thread for work that may wait */
    rtc_start();          /* the date */
    file_systems_start(); /* an empty root, /dev, the kinds of file systems */
    processes_start();    /* the process table, procfs */
    syscalls_start();     /* the table is checked, tracing chosen */
    serial_start();       /* the terminal on the serial line */
    vga_start();          /* the terminal on the screen, */
    keyboard_start();     /* and its keys */
    run_port_start();     /* the streams of tools/run, where it started us */
    ramdisk_load();       /* the root gets its contents */
    if (tests_run)
        tests_run(); /* spindle-test.elf only: does not return */
    selftest_run();  /* test=panic and its like */
    char path[128] = INIT_PATH;
    boot_option("init", path, sizeof(path));
    boot_options_check(); /* all have been asked for */
    process_start_init(path);
}

by_registers void kernel_main(u32 magic, physical_address information)
{
    boot_timestamp = cpu_timestamp();
    serial_start_early();               /* a voice */
    traps_start();                      /* an ear for faults */
    cpu_features_start();               /* what the CPU can do */
    smap_sites_patch();                 /* while text can still be written */
    cpu_features_enable();              /* CR4 */
    multiboot_read(magic, information); /* memory, modules, options */
    log_set_quiet(boot_option_is("log", "quiet"));
    memory_start();         /* direct map, frames */
    fpu_start();            /* CR0, a clean FPU state */
    address_spaces_start(); /* the shared page of zeroes */
    topology_start();       /* which CPUs, which controllers */
    interrupts_start();     /* all lines closed */
    local_apic_start();     /* this CPU's own controller */
    clock_start();          /* how fast time goes */
    tick_start();           /* an interrupt a millisecond */
    threads_start();        /* this stack becomes the idle thread's */
    if (!kernel_thread_create("start", start_processes, NULL))
        halt_with_message("there is not enough memory for a thread");
    scheduler_idle();
}
