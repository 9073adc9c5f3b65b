"""Targets of the Makefile that no other test comes by."""

import json
import os

from lib import suite, tree
from lib.machine_tests import variants


@variants("default")
def test_compile_commands(lab):
    """compile_commands.json names files that are there, and how each is
    compiled. (It is made in a copy of the tree: this one stays as it is.)"""
    top = lab.folder()
    for name in os.listdir(tree.TOP):
        if name not in ("build", "compile_commands.json"):
            os.symlink(os.path.join(tree.TOP, name), os.path.join(top, name))
    os.mkdir(os.path.join(top, "build"))
    os.symlink(os.path.join(tree.BUILD, "sysroot"),
               os.path.join(top, "build", "sysroot"))
    lab.host(f"make -s -C {top} compile_commands.json").wants(0)
    with open(os.path.join(top, "compile_commands.json"),
              encoding="utf-8") as file:
        commands = {entry["file"]: entry for entry in json.load(file)}
    gone = [path for path, entry in commands.items() if not os.path.isfile(
        os.path.join(entry["directory"], path))]
    if gone:
        raise suite.Failure(f"not there: {gone}")
    for path in ("kernel/main.c", "drivers/serial.c", "kernel/core/kasan.c"):
        entry = commands[path]
        lab.host(f"cd {entry['directory']} && "
                 f"{entry['command']} -fsyntax-only").wants(0)


@variants("default")
def test_iso_and_gdb(lab):
    """`make iso` and `make gdb` give their tools the kernel and the ramdisk
    that were built."""
    came = lab.host("make -n -W tools/iso iso gdb SMP=2 APPEND=seed=1")
    came.wants(0)
    kernel, ramdisk = "build/default/spindle.elf", "build/ramdisk.cpio"
    for line in (f"tools/iso build/spindle.iso {kernel} {ramdisk} 'seed=1'",
                 f"tools/gdb/start --kernel {kernel} --ramdisk {ramdisk} "
                 "--smp 2 --append 'seed=1'"):
        said = [" ".join(one.split()) for one in came.output.splitlines()]
        if line not in said:
            raise suite.Failure(f"wanted: {line}\ncame:\n{came.output}")
