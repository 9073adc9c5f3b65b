"""README's tour is true: what it shows is what comes.

Addresses differ from build to build, what runs first from run to run; all else
is compared to the letter.
"""

import os
import re
import shutil
import subprocess

from lib import suite, tree
from lib.machine_tests import long, variants

QUANTUM = ("--icount", "--append", "quantum=100")
LOOPS = re.compile(r"^loop \d had .*$", re.M)
VARIES = re.compile(r"0x[0-9a-f]+|\b[0-9a-f]{8}\b|\d+ switches")


def blocks(kind: str = "") -> list:
    """README's blocks between ```KIND and ```."""
    with open(os.path.join(tree.TOP, "README.md"), encoding="utf-8") as file:
        found = re.findall(r"^```(\w*)\n(.*?)^```$", file.read(), re.M | re.S)
    return [text for mark, text in found if mark == kind]


def block(part: str) -> str:
    """The first one in which PART stands."""
    found = [text for text in blocks() if part in text]
    if not found:
        raise suite.Failure(f"README.md shows no {part!r} any more")
    return found[0]


def loops_shown() -> list:
    """What the loops print, before and after the change, as README says."""
    shown = [LOOPS.findall(text) for text in blocks() if "-- preemption" in text]
    if [len(lines) for lines in shown] != [2, 2]:
        raise suite.Failure(f"wanted: two runs of two loops\ncame: {shown}")
    return shown


def same(wanted: list, came: list) -> None:
    if wanted != came:
        raise suite.Failure(suite.difference("\n".join(wanted) + "\n",
                                             "\n".join(came) + "\n"))


def masked(lines: list) -> list:
    return [VARIES.sub("VARIES", line) for line in lines]


@variants("default")
def test_before(lab):
    """The two loops get what README says, before anything is changed."""
    run = lab.run("preemption", options=QUANTUM)
    run.wants(0)
    same(loops_shown()[0], LOOPS.findall(run.output))


@variants("default")
def test_trace(lab):
    """The lines of which a pipeline is made are in its trace."""
    wanted = sorted(masked(block("): pipe(").splitlines()))
    calls = os.path.join(lab.folder(), "calls")
    lab.run("sh", "-c", "true | cat",
            options=["--trace", calls]).wants(0)
    with open(calls, encoding="utf-8") as file:
        came = sorted(masked(file.read().splitlines()))
    same(wanted, [line for line in came if line in wanted])


@variants("default")
def test_panic(lab):
    """A panic looks like the one that README shows."""
    wanted = masked(block("panic: asked for").splitlines())
    run = lab.run("true", options=["--append", "test=panic"])
    run.wants(125)
    same(wanted, masked(run.errors.splitlines()))


@variants("default")
@long
def test_after(lab):
    """The scheduler is changed as README says, built, and does what it says."""
    before, after = blocks("c")
    top = os.path.join(lab.folder(), "tree")
    shutil.copytree(tree.TOP, top, symlinks=True,
                    ignore=shutil.ignore_patterns(".git"))
    path = os.path.join(top, "kernel/sched/round_robin.c")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    start = text.index(" round_robin_enqueue(")
    end = text.index("\n}\n", start) + 1
    if text[start:end].count(before) != 1:
        raise suite.Failure(f"round_robin_enqueue has not once:\n{before}")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text[:start] + text[start:end].replace(before, after)
                   + text[end:])
    words = [["make"], ["tools/run", *QUANTUM, "--", "preemption"]]
    for command in words:
        run = subprocess.run(command, cwd=top, capture_output=True, text=True,
                             stdin=subprocess.DEVNULL, timeout=300)
        if run.returncode != 0:
            raise suite.Failure(run.stdout[-2000:] + run.stderr[-2000:])
    same(loops_shown()[1], LOOPS.findall(run.stdout))
