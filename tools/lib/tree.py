"""Where things stand in the source tree and in build/.

Everything is derived from the place of this file, so that the tools work
from any working directory. Nothing is created or checked here.
"""

import os

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.path.join(TOP, "build")
RAMDISK = os.path.join(BUILD, "ramdisk.cpio")
FLAVOURS = ("default", "checked", "kasan")


def kernel(flavour: str = "default") -> str:
    """The kernel that people run."""
    return os.path.join(BUILD, flavour, "spindle.elf")


def test_kernel(flavour: str = "default") -> str:
    """The same kernel with the in-kernel tests linked in."""
    return os.path.join(BUILD, flavour, "spindle-test.elf")


def relative(path: str) -> str:
    """PATH as a reader at the top of the tree would type it."""
    inside = os.path.relpath(path, TOP)
    return path if inside.startswith("..") else inside
