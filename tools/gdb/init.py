"""What gdb knows about Spindle; read by tools/gdb/start, inside gdb.

Attaches to the machine that start prepared, lets the firmware run and stops at
the kernel's first instruction, shows the guest's console among
gdb's own lines, and adds the commands `type` (a line for the guest's console)
and `page` (what an address is mapped to). Nothing is written to the home
directory: no history, no cache, no downloads of debug information.

.boot is linked where it runs, at physical addresses, and all else in the
higher half, so that one symbol file serves from the first instruction on.
"""
import os
import threading
import time

import gdb
from gdb.FrameDecorator import FrameDecorator

CONNECT_SECONDS = 10
SETTINGS = (
    "set confirm off", "set pagination off", "set history save off",
    "set architecture i386", "set disassembly-flavor intel",
    "set print pretty on",
)
KERNEL_BASE = 0xc0000000
PRESENT, LARGE = 1, 1 << 7
RIGHTS = ((1 << 1, "writable"), (1 << 2, "user"), (1 << 5, "accessed"),
          (1 << 6, "dirty"), (1 << 8, "global"))


def attach(server: str) -> None:
    """Connects; QEMU makes its socket a moment after it starts."""
    deadline = time.monotonic() + CONNECT_SECONDS
    while not os.path.exists(server):
        if time.monotonic() > deadline:
            raise gdb.GdbError("QEMU does not answer: see `tools/run -v`")
        time.sleep(0.01)
    gdb.execute(f"target remote {server}", to_string=True)
    # By hardware: the firmware has yet to write the kernel where this points.
    gdb.execute("thbreak *boot_start", to_string=True)
    gdb.execute("continue")


def show_console(descriptor: int) -> None:
    """A thread that shows what the guest prints, while it runs or stands."""
    def follow() -> None:
        # gdb may only be called from its own thread, hence post_event.
        while text := os.read(descriptor, 4096):
            shown = text.decode(errors="replace").replace("\r", "")
            gdb.post_event(lambda shown=shown: gdb.write(shown))
    os.set_blocking(descriptor, True)
    threading.Thread(target=follow, daemon=True).start()


class Type(gdb.Command):
    """type TEXT: types TEXT and Enter on the guest's console.
The guest reads it when it runs: `continue` afterwards."""

    def __init__(self, descriptor: int) -> None:
        super().__init__("type", gdb.COMMAND_RUNNING)
        self.descriptor = descriptor

    def invoke(self, text: str, from_tty: bool) -> None:
        os.write(self.descriptor, text.encode() + b"\n")


def physical_word(address: int) -> int:
    """A word of physical memory, asked of QEMU's monitor."""
    answer = gdb.execute(f"monitor xp /1xw {address:#x}", to_string=True)
    return int(answer.split(":")[1], 16)


def describe(entry: int) -> str:
    names = [name for bit, name in RIGHTS if entry & bit]
    return f"{entry & ~0xfff:#010x} {' '.join(names)}".rstrip()


class Page(gdb.Command):
    """page ADDRESS: walks the page tables that are loaded now.
Shows the entry of the page directory and that of the page table."""

    def __init__(self) -> None:
        super().__init__("page", gdb.COMMAND_DATA)

    def invoke(self, text: str, from_tty: bool) -> None:
        address = int(gdb.parse_and_eval(text)) & 0xffffffff
        if not int(gdb.parse_and_eval("$cr0")) >> 31 & 1:
            raise gdb.GdbError("paging is off: addresses are physical")
        directory = int(gdb.parse_and_eval("$cr3")) & 0xfffff000
        entry = physical_word(directory + (address >> 22) * 4)
        if not entry & PRESENT:
            raise gdb.GdbError(f"no page table for {address:#010x}")
        print(f"directory[{address >> 22}]: {describe(entry)}")
        if entry & LARGE:
            print(f"one page of 4 MiB, from {entry & 0xffc00000:#010x}")
            return
        number = address >> 12 & 0x3ff
        entry = physical_word((entry & 0xfffff000) + number * 4)
        state = describe(entry) if entry & PRESENT else "not present"
        print(f"table[{number}]: {state}")


class TrapEntry(FrameDecorator):
    """A frame of kernel/x86/entry.asm, which gdb takes for a signal handler's:
    like that it leads on to what was interrupted, not to a caller."""

    def function(self) -> str:
        return self.inferior_frame().name()

    def line(self) -> int:
        return self.inferior_frame().find_sal().line


class UserCode(FrameDecorator):
    """A frame of a user program without symbols."""

    def function(self) -> str:
        return "user_code"


class TrapFilter:
    """Names what a trap enters by, and ends a backtrace at user code without
    symbols: of its stack nothing is known."""

    name, enabled, priority = "trap", True, 100

    def filter(self, frames):
        for frame in frames:
            pc = frame.inferior_frame().pc()
            if pc < KERNEL_BASE and gdb.block_for_pc(pc) is None:
                yield UserCode(frame)
                return
            trap = frame.inferior_frame().type() == gdb.SIGTRAMP_FRAME
            yield TrapEntry(frame) if trap else frame


for setting in SETTINGS:
    gdb.execute(setting)
try:
    gdb.execute("set debuginfod enabled off")
except gdb.error:
    pass            # a gdb without it downloads nothing either
console = int(os.environ["SPINDLE_GDB_CONSOLE"])
show_console(console)
Type(console)
Page()
gdb.frame_filters["trap"] = TrapFilter()
attach(os.environ["SPINDLE_GDB_SERVER"])
