"""What the runner's parts share: variants, results, jobs.

A job is what one worker does in one go; it gives one Result for every name
that it promised, whatever happens: an exception or a missing result is a
failure, never silence.
"""

import difflib
import shlex
import time
import traceback

from lib import tree

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
DIFFERENCE_LINES = 24


class Variant:
    """One way to build and start the kernel. Whole-machine tests take no part
    in those that only order threads another way. In-kernel tests have CPUs that
    take turns, but for a variant where they are to run AT_ONCE."""

    def __init__(self, name: str, flavour: str = "default", cpu: str = "max",
                 append: str = "", icount: bool = False, cpus: int = 1,
                 machines: bool = True, at_once: bool = False) -> None:
        self.name, self.flavour, self.cpu = name, flavour, cpu
        self.append, self.icount, self.cpus = append, icount, cpus
        self.machines, self.at_once = machines, at_once

    def run_words(self) -> list:
        """The options of tools/run that mean this variant."""
        words = []
        if self.flavour != "default":
            words += ["--kernel", tree.relative(tree.kernel(self.flavour))]
        if self.cpu != "max":
            words += ["--cpu", self.cpu]
        if self.cpus != 1:
            words += ["--smp", str(self.cpus)]
        if self.append:
            words += ["--append", self.append]
        return words + (["--icount"] if self.icount else [])


SHORT = (Variant("default"), Variant("smp4", "checked", cpus=4))
LONG = SHORT + (
    Variant("checked", "checked"),
    Variant("smp2", cpus=2),
    Variant("fast4", cpus=4),
    Variant("smp8", "checked", cpus=8),
    Variant("kasan", "kasan"),
    Variant("pentium2", cpu="pentium2"),
    Variant("qemu32", cpu="qemu32"),
    Variant("quantum1", "checked", append="quantum=1"),
    Variant("at_once2", "checked", append="quantum=1", cpus=2, machines=False,
            at_once=True),
    Variant("icount", "checked", icount=True),
    *(Variant(f"jitter{seed}", "checked", append=f"jitter={seed} quantum=5",
              cpus=2, machines=False) for seed in range(1, 6)),
)


class Result:
    """How one test ended."""

    def __init__(self, name: str, state: str, text: str = "",
                 repeat: str = "") -> None:
        self.name, self.state, self.text = name, state, text
        self.repeat = repeat or f"tools/test {shlex.quote(name)}"


class Skip(Exception):
    """A test that cannot be run here; the text says what is missing."""


class Failure(Exception):
    """A test that failed; the text says what was wanted and what came."""

    def __init__(self, text: str, repeat: str = "") -> None:
        super().__init__(text)
        self.repeat = repeat


class Job:
    """Names, and the function that gives a Result for each of them. Once it
    has run, it knows how many seconds of the host that took."""

    def __init__(self, names, act, sentence: str = "", cost: float = 1) -> None:
        self.names, self.act = list(names), act
        self.sentence, self.cost = sentence, cost
        self.seconds = 0.0

    def run(self) -> list:
        begin = time.monotonic()
        try:
            results = self.act(self.names)
        except Exception:  # whatever it is, it is a failure of these tests
            text = traceback.format_exc()
            return [Result(name, FAILED, text) for name in self.names]
        finally:
            self.seconds = time.monotonic() - begin
        told = {result.name for result in results}
        return results + [Result(name, FAILED, "The test gave no result.")
                          for name in self.names if name not in told]


def single(name: str, act, sentence: str = "", cost: float = 1) -> Job:
    """A job of one test, which passes when ACT() returns."""
    def run(_names) -> list:
        try:
            act()
        except Skip as reason:
            return [Result(name, SKIPPED, str(reason))]
        except Failure as failure:
            return [Result(name, FAILED, str(failure), failure.repeat)]
        return [Result(name, PASSED)]
    return Job([name], run, sentence, cost)


def difference(wanted: str, came: str) -> str:
    """Both texts, or where they differ when they are long."""
    if len(wanted) + len(came) < 160:
        return f"wanted: {wanted!r}\ncame:   {came!r}"
    rows = list(difflib.unified_diff(wanted.splitlines(), came.splitlines(),
                                     "wanted", "came", lineterm="", n=2))
    more = len(rows) - DIFFERENCE_LINES
    return "\n".join(rows[:DIFFERENCE_LINES]
                     + ([f"... and {more} lines more"] if more > 0 else []))


def command(words) -> str:
    return " ".join(shlex.quote(str(word)) for word in words)
