"""Budgets, and the Makefile as the table of contents.

The first course counts every line, since every line is read; so does a policy
of the scheduler, one file to be understood by itself. The kernel, hyper/,
assembly and the shell count lines of code, neither blank nor comment, as the
figures of other kernels that ours stand beside do. kernel/test/, what only
CHECKED and KASAN builds link, and what only gdb reads, is not the kernel that
people run. The files of a first course are the paths in backticks in the lists
of docs/first-course.md.
"""

import re

from lib.check_files import KERNEL_FOLDERS, Problem, Tree

COURSE = "docs/first-course.md"
COURSE_LINES, HYPER_LINES, KERNEL_LINES = 6000, 4500, 26700
SHELL, SHELL_LINES = "user/bin/sh", 700
ASSEMBLY_LINES = 500
POLICIES = ("round_robin", "priority", "feedback", "stride", "fair")
POLICY_LINES = 250
KERNEL_KINDS = ("c", "header", "assembly")
FOR_GDB = "kernel/x86/unwind.inc"

LIST_ITEM = re.compile(r"\s*(?:[-*+]|\d+\.)\s")
COURSE_PATH = re.compile(r"`([\w./-]+\.(?:c|h|asm|inc|ld))`")
LISTED = re.compile(r"(kernel|checked|kasan|test)\s*[:+]?=\s*([^#\n]*)(#.*)?")


def _code(source) -> int:
    return sum(bool(line.strip()) for line in source.code)


def _listed(tree: Tree):
    """(line, list, path, caption) of each source that the Makefile lists."""
    for number, line in enumerate(tree.by_path["Makefile"].lines, 1):
        found = LISTED.fullmatch(line)
        for path in found[2].split() if found else ():
            yield number, found[1], path, found[3]


def _instruments(tree: Tree) -> set:
    if "Makefile" not in tree.by_path:
        return set()
    return {path for _number, name, path, _caption in _listed(tree)
            if name in ("checked", "kasan")}


def _lines(tree: Tree, folders) -> int:
    instruments = _instruments(tree)
    return sum(_code(source) for source in tree.of_kind(*KERNEL_KINDS)
               if source.path.startswith(folders)
               and not source.path.startswith("kernel/test/")
               and source.path not in instruments
               and source.path != FOR_GDB)


def _assembly(tree: Tree) -> int:
    return sum(_code(source) for source in tree.of_kind("assembly")
               if source.in_kernel())


def course_paths(tree: Tree):
    """(line, path) of each file of the first course."""
    page = tree.by_path.get(COURSE)
    for number, line in enumerate(page.lines if page else (), 1):
        if LIST_ITEM.match(line):
            for path in COURSE_PATH.findall(line):
                yield number, path


def _course(tree: Tree) -> int:
    paths = {path for _line, path in course_paths(tree)}
    return sum(len(tree.by_path[path].lines) for path in paths
               if path in tree.by_path)


def _shell(tree: Tree) -> int:
    return sum(_code(source) for source in tree.sources
               if source.path.startswith(SHELL + "/"))


def _budgets(tree: Tree) -> list:
    """(what, where it is reported, lines, limit)"""
    return [
        ("first course", COURSE, _course(tree), COURSE_LINES),
        ("hyper", "kernel/hyper", _lines(tree, "kernel/hyper/"), HYPER_LINES),
        ("kernel", "kernel", _lines(tree, KERNEL_FOLDERS), KERNEL_LINES),
        ("assembly", "kernel", _assembly(tree), ASSEMBLY_LINES),
        ("sh", SHELL, _shell(tree), SHELL_LINES),
    ]


def _policies(tree: Tree):
    """As _budgets, for each policy of the scheduler."""
    for name in POLICIES:
        path = f"kernel/sched/{name}.c"
        if path in tree.by_path:
            yield name, path, len(tree.by_path[path].lines), POLICY_LINES


def figures(tree: Tree) -> str:
    return "lines: " + ", ".join(f"{what} {lines:,} of {limit:,}" for
                                 what, _path, lines, limit in _budgets(tree))


def check_budgets(tree: Tree):
    for what, path, lines, limit in [*_budgets(tree), *_policies(tree)]:
        if lines >= limit:
            yield Problem(path, 1, f"{what}: {lines:,} lines, the budget is "
                          f"under {limit:,}: think again, don't squeeze")
    if COURSE not in tree.by_path:
        yield Problem(COURSE, 1, "is missing: list the files of the first "
                                 "course, paths in backticks")
    seen = set()
    for number, path in course_paths(tree):
        if path not in tree.by_path:
            yield Problem(COURSE, number, f"there is no {path}: name a file "
                                          "that is there")
        elif path in seen:
            yield Problem(COURSE, number, f"{path} is listed twice: keep one")
        seen.add(path)


def check_makefile(tree: Tree):
    """Every source of the kernel stands in one list, with a caption."""
    if "Makefile" not in tree.by_path:
        yield Problem("Makefile", 1, "is missing: nothing can be built")
        return
    listed = {}
    for number, _name, path, caption in _listed(tree):
        yield from _judge(tree, listed, number, path, caption)
        listed[path] = number
    for source in tree.of_kind("c", "assembly"):
        if (source.in_kernel() and source.path not in listed
                and not source.path.endswith(".inc")):
            yield Problem(source.path, 1, "is not listed in the Makefile: give "
                                          "it a line on its floor")


def _judge(tree: Tree, listed: dict, number: int, path: str, caption):
    if path not in tree.by_path:
        yield Problem("Makefile", number, f"there is no {path}: take the line "
                                          "out, or write the file")
    if path in listed:
        yield Problem("Makefile", number, f"{path} stands in line "
                      f"{listed[path]} already: keep one")
    if not caption:
        yield Problem("Makefile", number, f"{path} has no caption: say in a "
                                          "few words what it is for")
