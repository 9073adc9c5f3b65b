"""make gdb: the kernel under gdb, driven by a script."""

import os
import re
import subprocess

from lib import suite, tree
from lib.machine_tests import variants


@variants("default")
def test_breakpoint(lab):
    """gdb stops at kernel_main with symbols, and steps to the next line."""
    said = batch(lab, "hbreak kernel_main", "continue", "next", "backtrace",
                 "print boot_info.command_line", "kill")
    wants(said, r"kernel_main", r"kernel/main\.c:", r"#0")


@variants("default")
def test_first_instruction(lab):
    """It begins where the kernel does: nothing has run yet. The home
    directory stays as it was."""
    home = lab.folder()
    said = batch(lab, "x/i $eip", "kill", home=home)
    wants(said, r"boot_start \(\) at boot/entry\.asm:\d+",
          r"=> 0x\w+ <boot_start>:")
    if os.listdir(home):
        raise suite.Failure(f"left at home: {os.listdir(home)}")


@variants("default")
def test_backtrace(lab):
    """A backtrace leads through a trap to what it interrupted, kernel and user
    code, a function's first instruction too, and ends without a complaint."""
    said = batch(lab, "hbreak sys_fork", "type :; echo a | cat", "continue",
                 "backtrace", "delete", "break tick_arrived if !(frame->cs & 3)",
                 "continue", "backtrace",
                 "set var frame->eip = (unsigned)&sys_fork", "backtrace 8",
                 "kill")
    call = r"#0  .*sys_fork .*\n#1 .* on_syscall .*\n" \
           r"#2 .* kernel/x86/entry.asm:\d+\n#3  0x0[0-9a-f]+ in user_code \(\)\n"
    tick = r"#0  tick_arrived .*\n(#.*\n)+#\d+ .*trap_dispatch .*\n" \
           r"#\d+ .* kernel/x86/entry.asm:\d+\n#\d+ +"
    wants(said, call, tick + r".*at kernel/.*\n", tick + r"sys_fork ")
    if "Backtrace stopped" in said:
        raise suite.Failure(f"wanted: no complaint\ncame:\n{said}")


def batch(lab, *commands, home: str = None) -> str:
    """What gdb says to these commands."""
    lab.needs("gdb")
    environment = {name: value for name, value in os.environ.items()
                   if not (home and name.startswith("XDG_"))}
    environment.update({"HOME": home} if home else {})
    words = ["tools/gdb/start", "--", "-batch"]
    for command in commands:
        words += ["-ex", command]
    run = subprocess.run(words, capture_output=True, text=True, cwd=tree.TOP,
                         stdin=subprocess.DEVNULL, env=environment,
                         timeout=120)
    return run.stdout + run.stderr


def wants(said: str, *patterns) -> None:
    for pattern in patterns:
        if not re.search(pattern, said):
            raise suite.Failure(f"wanted: {pattern}\ncame:\n{said}")
