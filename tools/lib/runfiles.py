"""The second ramdisk: what tools/run tells the guest about the program.

Directory /.run holds argv and environ (strings ended by NUL), terminals
(is standard input, output, error a terminal: three characters 0 or 1), size
("ROWS COLUMNS", for a shell too), stdin (the whole input, only where it cannot
come by the port), and bin/ with the program where it is a file of the host's:
init runs it from there, and a link leads there from the program's own path, so
that it can open and execute its argv[0]. Files that --add brings stand beside
/.run.
"""

import os
import stat

from lib import cpio

FOLDER = ".run"
LINK = stat.S_IFLNK | 0o777


class Files:
    """Builds the archive."""

    def __init__(self, ramdisk: str) -> None:
        with open(ramdisk, "rb") as file:
            archive = file.read()
        self.present = cpio.names(archive)
        if not archive.startswith(cpio.MAGIC):
            raise cpio.Refused(f"{ramdisk} is no cpio archive (newc)")
        self.writer = cpio.Writer()
        self.writer.entry(FOLDER, cpio.DIRECTORY)

    def say(self, name: str, data: bytes) -> None:
        self.writer.entry(f"{FOLDER}/{name}", 0o100644, data)

    def program(self, words: list, environment: dict) -> None:
        """The program's words; words[0] may name a file of the host's."""
        self.say("argv", b"".join(os.fsencode(w) + b"\0" for w in words))
        self.say("environ", b"".join(os.fsencode(f"{name}={value}") + b"\0"
                                     for name, value in environment.items()))
        if self._of_host(words[0]):
            place = f"{FOLDER}/bin/{os.path.basename(words[0])}"
            self.writer.parents(place)
            self.writer.tree(words[0], place)
            self._link(os.path.normpath("/" + words[0]).lstrip("/"), place)

    def _link(self, name: str, place: str) -> None:
        """A link at NAME to PLACE, unless something else is in its way."""
        taken = {**self.present, **self.writer.names}
        parts = name.split("/")
        above = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
        if name not in taken and all(
                stat.S_ISDIR(taken.get(a, cpio.DIRECTORY)) for a in above):
            self.writer.parents(name, self.present)
            self.writer.entry(name, LINK, os.fsencode(f"/{place}"))

    def _of_host(self, word: str) -> bool:
        """Does WORD name a file of the host? An absolute path that the
        ramdisk has, such as /bin/sh, means the guest's own."""
        if "/" not in word or not os.path.isfile(word):
            return False
        return not (word.startswith("/")
                    and os.path.normpath(word).lstrip("/") in self.present)

    def add(self, wish: str) -> None:
        """HOST[:GUEST]. Without GUEST the file keeps its path, counted from
        the guest's root directory."""
        host, _, guest = wish.partition(":")
        if not guest:
            outside = os.path.relpath(host).startswith("..")
            guest = (os.path.basename(os.path.abspath(host))
                     if outside and not os.path.isabs(host) else host)
        name = os.path.normpath("/" + guest).lstrip("/")
        self.writer.parents(name, self.present)
        self.writer.tree(host, name)

    def archive(self) -> bytes:
        return self.writer.archive()
