"""C is laid out as clang-format 14 with our .clang-format lays it out.

Other versions disagree among themselves, so without that version nothing is
said but one line that the layout was not checked. Files are handed to one
process for each CPU, which work while the other checks run.
"""

import os
import re
import shutil
import subprocess

from lib.check_files import C_LIKE, Problem, Tree

VERSION = "14"
WARNING = re.compile(r"(.*?):(\d+):\d+: (?:warning|error): code should be")


def find_formatter() -> "str | None":
    """clang-format of the version that our rules are written for."""
    for name in (f"clang-format-{VERSION}", "clang-format"):
        path = shutil.which(name)
        if path and f"version {VERSION}." in subprocess.run(
                [path, "--version"], capture_output=True, text=True).stdout:
            return path
    return None


def _shares(sources: list, count: int) -> list:
    """Shares of about equal size, the largest files first."""
    shares = [[0, []] for _ in range(count)]
    for source in sorted(sources, key=lambda one: -len(one.text)):
        smallest = min(shares, key=lambda share: share[0])
        smallest[0] += len(source.text)
        smallest[1].append(source.path)
    return [paths for _size, paths in shares if paths]


class Formatter:
    """Begins when it is made; problems() waits for the end."""

    def __init__(self, tree: Tree) -> None:
        self.notes, self.processes = [], []
        program = find_formatter()
        if not program:
            self.notes = [f"format: not checked, clang-format {VERSION} is "
                          f"missing (package clang-format-{VERSION})"]
            return
        for paths in _shares(tree.of_kind(*C_LIKE), os.cpu_count() or 1):
            self.processes.append(subprocess.Popen(
                [program, "-n", *paths], cwd=tree.top, text=True,
                stdin=subprocess.DEVNULL, stderr=subprocess.PIPE))

    def problems(self):
        """One for each file, at its first line that differs."""
        for process in self.processes:
            said = process.communicate()[1]
            places = {}
            for line in said.splitlines():
                found = WARNING.match(line)
                if found:
                    places.setdefault(found[1], []).append(int(found[2]))
            for path, lines in places.items():
                yield Problem(path, min(lines), "from here on not laid out as "
                              f"clang-format {VERSION} does it, in "
                              f"{len(lines)} places: `clang-format -i {path}`")
            if process.returncode and not places:
                yield Problem(".clang-format", 1, "clang-format failed: "
                              + said.strip())
