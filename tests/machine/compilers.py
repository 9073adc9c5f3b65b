"""The compilers that the Makefile knows."""

import os

from lib import suite, tree
from lib.machine_tests import long, variants

COMPILERS = ("gcc", "clang", "i686-linux-gnu-gcc", "i686-elf-gcc")
FLAVOURS = {"default": "", "checked": "CHECKED=1", "kasan": "KASAN=1"}


def boots_from(lab, compiler: str) -> None:
    lab.needs(compiler)
    build = lab.folder()
    os.symlink(os.path.join(tree.BUILD, "sysroot"),
               os.path.join(build, "sysroot"))
    for flavour, words in FLAVOURS.items():
        made = lab.host(f"make --no-print-directory -j2 CC={compiler} {words} "
                        f"BUILD={build} kernel 2>&1", seconds=600)
        made.wants(0)
        if "warning" in made.output:
            raise suite.Failure(made.output[-3000:])
        lab.run("/bin/sh", "-c", "seq 1 1000 | sort -n | tail -n 1", options=[
            "--smp", "2", "--kernel", f"{build}/{flavour}/spindle.elf"]).wants(
                0, "1000\n")


def each(compiler: str):
    @long
    @variants("default")
    def test(lab) -> None:
        boots_from(lab, compiler)
    test.__doc__ = (f"{compiler} compiles each flavour without a warning, and "
                    "what it compiles runs a pipeline.")
    return test


for name in COMPILERS:
    globals()["test_" + name.replace("-", "_")] = each(name)
