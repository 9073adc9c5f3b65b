"""make gdb: the kernel under gdb, driven by a script."""

import subprocess

from lib import suite, tree
from lib.machine_tests import variants


@variants("default")
def test_breakpoint(lab):
    """gdb stops at kernel_main with symbols, and steps to the next line."""
    lab.needs("gdb")
    commands = ["hbreak kernel_main", "continue", "next", "backtrace",
                "print boot_info.command_line", "kill"]
    words = ["tools/gdb/start", "--", "-batch"]
    for command in commands:
        words += ["-ex", command]
    run = subprocess.run(words, capture_output=True, text=True, cwd=tree.TOP,
                         stdin=subprocess.DEVNULL, timeout=120)
    for wanted in ("kernel_main", "kernel/main.c:", "#0"):
        if wanted not in run.stdout:
            raise suite.Failure(f"wanted: {wanted!r}\ncame:\n{run.stdout}"
                                f"\n{run.stderr}", suite.command(words))
