"""Finds code that was copied.

Lines are compared without comments and with white space folded; lines that
say little by themselves (braces, includes, `break;`) do not count. As many
such lines in a row as LEAST says that stand in two places are one problem,
however long the run, reported where it stands the second time. An instruction
says less than a line of C, so assembly may repeat more of them.
"""

import re

from lib.check_files import Problem, Tree

LEAST, LEAST_ASSEMBLY = 6, 12
FOLDERS = ("kernel/", "boot/", "drivers/", "user/", "tools/")
KINDS = ("c", "header", "assembly", "python", "shell")
TRIVIAL = re.compile(
    r"\W*|[#%]\s*(include|pragma|endif|else)\b.*|(from|import) .*"
    r"|(break|continue|else|do|try|fi|done|then|esac|default|pass)\W*"
    r"|return( 0| NULL| result| None)?;?|\w{1,2};?")


def significant(source) -> list:
    """(line number, folded line) of each line that counts."""
    folded = ((number, " ".join(line.split()))
              for number, line in enumerate(source.code, 1))
    return [(number, line) for number, line in folded
            if not TRIVIAL.fullmatch(line)]


class Finder:
    """Remembers where each window of so many lines was seen first."""

    def __init__(self, least: int) -> None:
        self.least = least
        self.first = {}         # window -> (file, index)
        self.lines = {}         # file -> its significant lines

    def add(self, path: str, lines: list):
        self.lines[path] = lines
        at = 0
        while at + self.least <= len(lines):
            place = self._seen(path, at)
            if place is None:
                at += 1
                continue
            count = self._run(place, path, at)
            yield self._problem(place, path, at, count)
            at += count

    def _seen(self, path: str, at: int):
        window = tuple(line for _, line in self.lines[path][at:at + self.least])
        place = self.first.setdefault(window, (path, at))
        if place[0] == path and at - place[1] < self.least:
            return None         # itself, or its own neighbour
        return place

    def _run(self, place: tuple, path: str, at: int) -> int:
        """How many lines from here on are equal to those at PLACE."""
        there, here = self.lines[place[0]][place[1]:], self.lines[path][at:]
        if place[0] == path:
            there = there[:at - place[1]]
        count = 0
        while (count < min(len(there), len(here))
               and there[count][1] == here[count][1]):
            count += 1
        return count

    def _problem(self, place: tuple, path: str, at: int, count: int):
        number = self.lines[place[0]][place[1]][0]
        return Problem(path, self.lines[path][at][0],
                       f"{count} lines are the same as from {place[0]}:"
                       f"{number} on: make them one function")


def check_duplicates(tree: Tree):
    assembly, others = Finder(LEAST_ASSEMBLY), Finder(LEAST)
    for source in tree.of_kind(*KINDS):
        if source.path.startswith(FOLDERS):
            finder = assembly if source.kind == "assembly" else others
            yield from finder.add(source.path, significant(source))
