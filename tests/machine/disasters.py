"""What the kernel does when it is the kernel that is wrong.

Each disaster is asked for by `test=NAME` (kernel/selftest.c). tools/run must
end with 125 and name the function and the file where it happened.
"""

import os
import re
import signal
import subprocess

from lib import suite, tree
from lib.machine_tests import live, long, variants

EFLAGS_INTERRUPT = 1 << 9
CR0_WRITE_PROTECT = 1 << 16
CR4_GUARDS = 1 << 11 | 1 << 20 | 1 << 21    # UMIP, SMEP, SMAP


def disaster(lab, name: str, *wanted: str) -> None:
    lab.run("/bin/true", options=["--append", f"test={name}"]).wants(
        125, "", ["the kernel panicked", *wanted])


def test_assert(lab):
    """A broken assertion is shown with its text, file and line."""
    disaster(lab, "assert", "1 + 1 == 3", "disaster_assert",
             "kernel/selftest.c:")


def test_panic(lab):
    """A panic shows its caller's registers and begins where it was called."""
    disaster(lab, "panic", "cs 0060", "  panic\n  eax ", "esp f8",
             "backtrace:\n  c", "disaster_panic+0x", "selftest_run+0x")


@variants("smp2", "smp4", "fast4", "smp8")
def test_panic_stops_others(lab):
    """A panic stops every other CPU, however busy: it halts for good, with
    interrupts off. (A machine that the panic cannot end shows it.)"""
    cpus = range(lab.variant.cpus)

    def all_are(is_so) -> bool:
        return all(is_so(console.registers(cpu)) for cpu in cpus)

    console = lab.boot(exits=False)
    console.expect("$ ")
    console.type("for i in 1 2 3 4 5 6 7 8; do while :; do :; done & done\n")
    console.until("busy CPUs", lambda: all_are(lambda cpu: not cpu["HLT"]))
    console.command("chardev-send-break", id="log")
    console.type("c")
    console.expect("end of panic")
    console.until("CPUs that halt with interrupts off", lambda: all_are(
        lambda cpu: cpu["HLT"] and not cpu["EFL"] & EFLAGS_INTERRUPT), 10)


def test_null(lab):
    """The kernel's own null pointer panics; page 0 is never mapped."""
    disaster(lab, "null", "disaster_null", "kernel/selftest.c:")


def test_text_write(lab):
    """The kernel's text is read-only to the kernel."""
    disaster(lab, "text_write", "disaster_text_write")


@long
@variants("kasan")
def test_freed(lab):
    """KASAN's kernel sees a look into memory that was given back."""
    disaster(lab, "freed", "kasan: load of 1 bytes", "free heap block",
             "disaster_freed")


RULES = {
    "lock_order": r"spinlock of rank \d+ is taken while \d+ is held",
    "lock_twice": r"spinlock of rank \d+ is taken twice",
    "lock_foreign": r"spinlock of rank \d+ is released by who does not hold it",
    "lock_sleep": r"spinlock of rank \d+ is taken while \d+ is held",
    "mutex_order": r"mutex of rank \w+ taken while one of rank \w+ is held",
    "undefined": r"undefined behaviour: signed",
    "user_read": r"page fault at \w+ \(error 1\)",
    "user_call": r"page fault at \w+ \(error 11\)",
}


@variants("smp4")
def test_rules(lab):
    """Each rule that kernel/test/test_rules.c breaks ends the machine with its
    panic: ranks, sleep under a spinlock, undefined behaviour, SMAP, SMEP."""
    kernel = tree.test_kernel("checked")
    for rule, panic in RULES.items():
        came = lab.run("true", options=["--kernel", kernel,
                                        "--append", f"test={rule}"])
        came.wants(125, "", ["the kernel panicked"])
        if not re.search(rf"^panic: .*{panic}", came.errors, re.M):
            raise suite.Failure(f"{rule}: wanted: {panic}\n{came.errors}")


def test_stack_overflow(lab):
    """A kernel stack that overflows hits its guard page."""
    disaster(lab, "stack_overflow", "stack", "recurse")


def test_double_fault(lab):
    """A double fault runs on a stack of its own and says where it was, and
    how it came there."""
    disaster(lab, "double_fault", "double fault, last page fault at",
             "context_switch+0x", "kernel/x86/switch.asm:", "selftest_run+0x",
             "kernel/main.c:")


WRONG = """
static int recurse(volatile int depth)
{
    volatile char much[4096];
    much[0] = (char)depth;
    return recurse(depth + 1) + much[0];
}
int main(int count, char **words)
{
    volatile int zero = count - 2;
    switch (words[1][0]) {
    case 'p': *(volatile int *)0x10 = 1; break;
    case 'd': return count / zero;
    case 'i': __asm__ volatile("ud2"); break;
    case 's': return recurse(0);
    }
    return 0;
}
"""


def test_program_errors(lab):
    """What a program does wrong ends it with its signal's status and one line
    in the log: who, which signal, where. Nothing else notices."""
    folder = lab.folder()
    source, path = (os.path.join(folder, name) for name in ("w.c", "wrong"))
    with open(source, "w", encoding="utf-8") as file:
        file.write(WRONG)
    subprocess.run([os.path.join(tree.BUILD, "bin", "spindle-cc"), "-O0",
                    "-o", path, source], check=True)
    came = lab.shell("for way in p d i s; do wrong $way; echo $?; done; "
                     "echo 'goes on'",
                     options=["-v", "--add", f"{path}:/bin/wrong"])
    came.wants(0, "139\n136\n132\n139\ngoes on\n")
    lines = re.findall(r"^\d+ \(wrong\): (\w+) at ([0-9a-f]{8}), eip (\w+)\r?$",
                       came.errors, re.M)
    if [line[0] for line in lines] != ["SIGSEGV", "SIGFPE", "SIGILL",
                                       "SIGSEGV"]:
        raise suite.Failure(f"came: {lines}\n{came.errors}")
    if lines[0][1] != "00000010" or lines[1][1] != lines[1][2]:
        raise suite.Failure(f"not where it was: {lines}")


def test_protections(lab):
    """Every CPU has write protection on, and SMEP, SMAP and UMIP where it
    knows them."""
    console = lab.boot()
    console.expect("$ ")
    old = lab.variant.cpu in ("pentium2", "qemu32")
    for cpu in range(lab.variant.cpus):
        registers = console.registers(cpu)
        cr0, cr4 = registers["CR0"], registers["CR4"]
        if not cr0 & CR0_WRITE_PROTECT or cr4 & CR4_GUARDS != (
                0 if old else CR4_GUARDS):
            raise suite.Failure(f"cpu {cpu}: cr0 {cr0:x} cr4 {cr4:x}")


def test_hang(lab):
    """A kernel that hangs is ended by --timeout, with 124."""
    lab.run("/bin/true", options=["--append", "test=hang", "--timeout",
                                  "3"]).wants(124, "")


@live
@variants("default")
def test_ended_from_outside(lab):
    """A QEMU that somebody else ends is not taken for a machine that turned
    itself off."""
    console = lab.terminal("/bin/sh", "-c", "echo 'up'; sleep 60")
    console.expect("up")
    with open(f"/proc/{console.process}/task/{console.process}/children",
              encoding="ascii") as file:
        emulator = int(file.read().split()[0])
    os.kill(emulator, signal.SIGTERM)
    console.expect("terminating on signal 15")
    if console.wait() != 125:
        raise suite.Failure("wanted: status 125")
