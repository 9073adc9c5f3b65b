"""Archives in cpio's "newc" format: writing, and listing the names.

An archive that is written twice from the same files is the same, byte for
byte: root owns everything, times are zero, inodes count from 1. Names have
no leading slash. Writing refuses what is neither file, directory nor link.
"""

import os
import stat

MAGIC = b"070701"
TRAILER = "TRAILER!!!"
DIRECTORY = stat.S_IFDIR | 0o755
HEADER = 110


class Refused(Exception):
    """A file of a kind that an archive is not given."""


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)


class Writer:
    """Collects entries; archive() is the whole as bytes."""

    def __init__(self) -> None:
        self.pieces = []
        self.names = {}

    def entry(self, name: str, mode: int, data: bytes = b"") -> None:
        raw = os.fsencode(name) + b"\0"
        inode = len(self.names) + 1
        links = 2 if stat.S_ISDIR(mode) else 1
        fields = (inode, mode, 0, 0, links, 0, len(data), 0, 0, 0, 0,
                  len(raw), 0)
        header = MAGIC + b"".join(b"%08X" % field for field in fields)
        self.pieces.append(_padded(header + raw) + _padded(data))
        self.names[name] = mode

    def parents(self, name: str, present=frozenset()) -> None:
        """The directories above NAME, save those that are PRESENT already."""
        parts = name.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            above = "/".join(parts[:depth])
            if above not in self.names and above not in present:
                self.entry(above, DIRECTORY)

    def tree(self, host: str, name: str, follow: bool = True) -> None:
        """The host's file, link or directory with all below it."""
        status = os.stat(host) if follow else os.lstat(host)
        mode = stat.S_IFMT(status.st_mode) | status.st_mode & 0o777
        if stat.S_ISREG(mode):
            with open(host, "rb") as file:
                self.entry(name, mode, file.read())
        elif stat.S_ISLNK(mode):
            self.entry(name, mode, os.fsencode(os.readlink(host)))
        elif stat.S_ISDIR(mode):
            self.entry(name, mode)
            for child in sorted(os.listdir(host)):
                self.tree(os.path.join(host, child), f"{name}/{child}", False)
        else:
            raise Refused(f"{host} is no file, directory or link")

    def archive(self) -> bytes:
        self.entry(TRAILER, 0)
        return b"".join(self.pieces)


def names(archive: bytes) -> dict:
    """The names in an archive, with the mode of each; a damaged end is left
    to the kernel."""
    found, at = {}, 0
    while archive[at:at + 6] == MAGIC:
        mode = int(archive[at + 14:at + 22], 16)
        size = int(archive[at + 54:at + 62], 16)
        length = int(archive[at + 94:at + 102], 16)
        start = at + HEADER
        name = os.fsdecode(archive[start:start + length - 1])
        if name == TRAILER:
            break
        name = name[2:] if name.startswith("./") else name.lstrip("/")
        found[name] = mode
        at = (start + length + 3 & ~3) + (size + 3 & ~3)
    return found
