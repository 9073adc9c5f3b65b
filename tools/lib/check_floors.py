"""Floors: what may include what, by kernel/FLOORS.

A file includes from its own folder and from folders on lower floors, never
from a neighbour on its own floor. Files that stand in kernel/ itself are on
the floor of main.c. Includes are written from kernel/ or from the top, and a
.c file includes its own header before all others.
"""

import os
import re

from lib.check_files import Problem, Tree

FLOORS = "kernel/FLOORS"
INCLUDE = re.compile(r'\s*[#%]\s*include\s*([<"])([^>"]+)[>"]')


def folder_of(path: str) -> str:
    """The name by which kernel/FLOORS knows the folder of PATH."""
    parts = path.split("/")
    if parts[0] != "kernel":
        return parts[0]
    return parts[1] if len(parts) > 2 else "main.c"


def read_floors(tree: Tree):
    """folder -> floor, and the problems of the table itself."""
    floors, problems = {}, []
    if FLOORS not in tree.by_path:
        return floors, [Problem(FLOORS, 1, "is missing: give each folder its "
                                           "floor, `NUMBER FOLDER...`")]
    for number, line in enumerate(tree.by_path[FLOORS].lines, 1):
        words = line.partition("#")[0].split()
        for folder in words[1:]:
            if folder in floors:
                problems.append(Problem(FLOORS, number, f"{folder} stands here "
                                        "twice: keep one"))
            floors[folder] = int(words[0])
    return floors, problems


def resolve(tree: Tree, written: str) -> "str | None":
    """The path of the file that `#include "WRITTEN"` means."""
    for path in (f"kernel/{written}", written):
        if path in tree.by_path:
            return path
    return None


def includes(source):
    """(line, what is written, with quotes?) for each include."""
    for number, line in enumerate(source.code, 1):
        found = INCLUDE.match(line)
        if found:
            yield number, found[2], found[1] == '"'


def check_floors(tree: Tree):
    floors, problems = read_floors(tree)
    yield from problems
    if not floors:
        return
    for source in tree.of_kind("c", "header", "assembly"):
        if not source.in_kernel():
            continue
        if folder_of(source.path) not in floors:
            yield Problem(source.path, 1, "this folder has no floor: give it "
                                          f"one in {FLOORS}")
            continue
        for number, written, quoted in includes(source):
            # In angle brackets there may be a header from elsewhere.
            if not quoted and resolve(tree, written) is None:
                continue
            wrong = _judge(tree, floors, source.path, written)
            if wrong:
                yield Problem(source.path, number, wrong)


def _judge(tree: Tree, floors: dict, path: str, written: str) -> str:
    """What is wrong with this include, or nothing."""
    target = resolve(tree, written)
    if target is None:
        return (f'"{written}" is neither below kernel/ nor below the top: '
                "write the path from there")
    own, other = folder_of(path), folder_of(target)
    if own == other:
        return ""
    if other not in floors:
        return (f'"{written}" is not on a floor of the kernel: it may not be '
                "included here")
    if floors[other] < floors[own]:
        return ""
    way = ("is a neighbour" if floors[other] == floors[own]
           else "is higher up")
    return (f"{own} (floor {floors[own]}) includes \"{written}\", but {other} "
            f"(floor {floors[other]}) {way}: move what is needed to a lower "
            "floor, or declare an upcall")


def check_own_header(tree: Tree):
    for source in tree.of_kind("c"):
        header = os.path.splitext(source.path)[0] + ".h"
        if not source.in_kernel() or header not in tree.by_path:
            continue
        first = next(includes(source), (1, ""))
        if resolve(tree, first[1]) != header:
            written = header[len("kernel/"):] \
                if header.startswith("kernel/") else header
            yield Problem(source.path, first[0], "the file's own header comes "
                          f'first: #include "{written}"')
