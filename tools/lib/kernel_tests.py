"""In-kernel tests: boots of spindle-test.elf, judged by the verdict port.
Time counts instructions (--icount) and CPUs take turns: a failure repeats, and
a bound on time is not one on the host's. In a variant whose CPUs run at once, a
thread of the host's for each, the tests that measure time are left out.

Which tests there are is read from the kernel's symbols: test_case_NAME is a
test, test_checkpoint_NAME__TEXT a checkpoint that it has to reach (with _
for what cannot stand in a symbol), test_cpus_NAME__COUNT how many CPUs there
have to be: with fewer it is no test; test_timed_NAME that it measures time.
One boot runs many tests. When a boot dies in one of them, that one has failed
and the next boot goes on behind it, so every boot settles at least one test
and the end is certain.
"""

import re
import subprocess

from lib import ending, machine, observe, suite, symbols, tree, verdict

CASE, CHECKPOINT = "test_case_", "test_checkpoint_"
CPUS, TIMED = "test_cpus_", "test_timed_"
NAMES_ROOM = 700        # of the kernel's 1,024 bytes of command line
BOOT_SECONDS = 180      # a backstop for one boot
LOG_LINES = 25
# 4 ns an instruction: the seconds in which schedulers show their shares pass
# sooner than with 1 ns.
SLOW_CPU = ["-icount", "shift=2,sleep=off"]
NMS = ("nm", "i686-linux-gnu-nm")


def symbol_names(elf: str) -> list:
    for tool in NMS:
        try:
            answer = subprocess.run([tool, elf], capture_output=True,
                                    text=True, stdin=subprocess.DEVNULL)
        except FileNotFoundError:
            continue
        if answer.returncode == 0:
            return [line.split()[-1] for line in answer.stdout.splitlines()]
    raise suite.Failure(f"nm cannot read {elf}")


def expected(elf: str, cpus: int = 1, at_once: bool = False) -> dict:
    """test name -> its checkpoints, of a machine with so many CPUs"""
    names = symbol_names(elf)
    every = sorted(name[len(CASE):] for name in names if name.startswith(CASE))
    timed = {name[len(TIMED):] for name in names if name.startswith(TIMED)}
    least = dict(name[len(CPUS):].split("__") for name in names
                 if name.startswith(CPUS))
    cases = {case: [] for case in every if int(least.get(case, 1)) <= cpus
             and not (at_once and case in timed)}
    for name in names:
        if name.startswith(CHECKPOINT):
            case, _, text = name[len(CHECKPOINT):].partition("__")
            if case in cases or case not in every:
                cases.setdefault(case, []).append(text)
    return cases


def as_symbol(text: str) -> str:
    return re.sub(r"\W", "_", text)


class Batch:
    """Runs tests of one kernel until each has a verdict."""

    def __init__(self, elf: str, cases: dict, variant: suite.Variant,
                 modules=(), seconds: float = BOOT_SECONDS) -> None:
        self.elf, self.cases, self.variant = elf, cases, variant
        self.modules, self.seconds = modules, seconds
        self.problems = {}          # name -> text; empty for passed
        self.boots = 0

    def run(self) -> dict:
        while len(self.problems) < len(self.cases):
            waiting = [name for name in self.cases
                       if name not in self.problems]
            self._boot(self._some(waiting))
        return self.problems

    def _some(self, names: list) -> list:
        """As many as the command line holds, at least one."""
        room, some = NAMES_ROOM, []
        for name in names:
            room -= len(name) + 1
            if some and room < 0:
                break
            some.append(name)
        return some

    def _boot(self, names: list) -> None:
        self.boots += 1
        words = f"test={','.join(names)} {self.variant.append}".strip()
        with machine.Machine(
                kernel=self.elf, modules=self.modules, append=words,
                cpu=self.variant.cpu, cpus=self.variant.cpus,
                icount=not self.variant.at_once,
                channels=("log", "verdict"),
                extra=[] if self.variant.at_once else SLOW_CPU) as guest:
            observer = observe.Observer(guest)
            in_time = observer.to_the_end(self.seconds)
            heard = verdict.Verdict(bytes(observer.said["verdict"]), names)
            self._judge(names, heard, self._end(guest, in_time, heard, names),
                        observer.text())

    def _end(self, guest, in_time: bool, heard, names: list) -> str:
        """What is wrong with how the boot ended; empty when nothing is."""
        if not in_time:
            return f"no end within {self.seconds:g} s of host time"
        honest = machine.FAILED if heard.failed() else machine.PASSED
        if guest.was_reset or guest.status != honest:
            return ending.sentence(guest, self.elf)
        if heard.plan != len(names):
            return f"a plan of {heard.plan} tests for {len(names)} asked for"
        if not heard.done:
            return "an orderly end, but no `done` on the verdict port"
        if heard.strange:
            return f"unexpected on the verdict port: {heard.strange[0]!r}"
        return ""

    def _judge(self, names, heard, end: str, log: str) -> None:
        """Settle what can be settled. A bad end belongs to the test that it
        came in; if that is none, to all that had not ended."""
        guilty = heard.running()
        for name in names:
            case = heard.cases[name]
            missing = [text for text in self.cases[name] if text not in
                       map(as_symbol, case.checks)]
            problem = case.problem()
            if not problem and missing:
                problem = f"checkpoints not reached: {', '.join(missing)}"
            if case is guilty:
                self.problems[name] = self._told(f"{problem}\n{end}", log)
            elif case.ended:
                self.problems[name] = problem and self._told(problem, log)
            elif not end or guilty is None:
                self.problems[name] = self._told(f"{problem}\n{end}", log)
        if end and not guilty:
            # Nobody's fault in particular: nothing of this boot is proven.
            for name in names:
                self.problems[name] = (self.problems[name]
                                       or self._told(end, log))

    def _told(self, problem: str, log: str) -> str:
        words = symbols.symbolise("\n".join(log.splitlines()[-LOG_LINES:]),
                                  self.elf)
        return f"{problem.strip()}\nthe kernel's log:\n{words}"


def jobs(variant: suite.Variant, wanted) -> list:
    """The jobs for one variant: its tests in two batches, so that two CPUs
    have something to do. WANTED(name) selects."""
    elf = tree.test_kernel(variant.flavour)
    all_cases = expected(elf, variant.cpus, variant.at_once)
    cases = {name: checks for name, checks in all_cases.items()
             if wanted(_full(name, variant))}
    names = list(cases)
    halves = [names[:len(names) // 2], names[len(names) // 2:]]
    return [_job(elf, {n: cases[n] for n in half}, variant)
            for half in halves if half]


def _full(name: str, variant: suite.Variant) -> str:
    return f"kernel/{name}@{variant.name}"


def _job(elf: str, cases: dict, variant: suite.Variant) -> suite.Job:
    def act(_names) -> list:
        problems = Batch(elf, cases, variant, [tree.RAMDISK]).run()
        return [suite.Result(_full(name, variant),
                             suite.FAILED if text else suite.PASSED, text)
                for name, text in problems.items()]
    return suite.Job([_full(name, variant) for name in cases], act, cost=20)
