"""bench/history.tsv: what each measured commit cost.

A block is a line `# DATE COMMIT`, the commit's own date, and a line for each
row: key, value, then loads, flushes and IPIs in thousandths. Nothing of the
machine goes in, neither its clock nor its speed, so the same commit gives the
same block anywhere. Only figures of what is committed are written, once.
"""

import os
import subprocess

from lib import tree
from lib.bench_rows import HOST_TIME, Figure

NAME = "bench/history.tsv"
PATH = os.path.join(tree.TOP, NAME)
HEAD = """\
# What operations cost at each measured commit: tools/bench --write adds blocks.
# key	value	page-table loads, TLB flushes, IPIs (thousandths an operation)
"""


def _git(*words) -> str:
    return subprocess.run(["git", "-C", tree.TOP, *words], text=True,
                          capture_output=True, check=True).stdout.strip()


def _blocks() -> list:
    """(commit, key -> Figure) of each block, oldest first."""
    blocks = []
    try:
        with open(PATH) as file:
            lines = file.read().splitlines()
    except FileNotFoundError:
        return blocks
    for line in lines[HEAD.count("\n"):]:
        if line.startswith("# "):
            blocks.append((line.split()[2], {}))
        elif line:
            key, value, *events = line.split("\t")
            blocks[-1][1][key] = Figure(int(value), map(int, events))
    return blocks


def records() -> list:
    """(since when, key -> Figure) of what to compare with, if anything."""
    blocks = [block for _commit, block in _blocks()]
    if not blocks:
        return []
    first = {}
    for block in reversed(blocks):
        first.update(block)
    return [("the last block of the history", blocks[-1]),
            ("each row's first record", first)]


def _block(commit: str, date: str, figures: dict) -> str:
    rows = ["\t".join(map(str, [key, figure.value, *figure.events]))
            for key, figure in figures.items() if key not in HOST_TIME]
    return "\n".join([f"# {date} {commit}", *rows, ""])


def write(figures: dict) -> str:
    """Append a block where that is right; what was done, in one line."""
    try:
        changed = _git("status", "--porcelain", "--", ".", f":!{NAME}")
        commit, date = _git("log", "-1", "--abbrev=10",
                            "--format=%h %cs").split()
    except (OSError, subprocess.CalledProcessError):
        return f"this is no git repository: {NAME} stays as it is"
    if changed:
        return f"the tree has uncommitted changes: {NAME} stays as it is"
    if commit in [name for name, _figures in _blocks()]:
        return f"{NAME} has figures of {commit} already"
    is_new = not os.path.exists(PATH)
    with open(PATH, "a") as file:
        file.write((HEAD if is_new else "") + _block(commit, date, figures))
    return f"figures of {commit} appended to {NAME}: commit it"
