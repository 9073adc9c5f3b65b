"""What the kernel does when it is the kernel that is wrong.

Each disaster is asked for by `test=NAME` (kernel/selftest.c). tools/run must
end with 125 and name the function and the file where it happened.
"""

import os
import signal

from lib import suite
from lib.machine_tests import live, long, variants


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


def test_stack_overflow(lab):
    """A kernel stack that overflows hits its guard page."""
    disaster(lab, "stack_overflow", "stack", "recurse")


def test_double_fault(lab):
    """A double fault runs on a stack of its own and says where it was."""
    disaster(lab, "double_fault", "double fault")


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
