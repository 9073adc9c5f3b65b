"""Whole-machine tests: functions test_*(lab) in tests/machine/*.py.

Each opens with the sentence it proves. A test talks to the machine through
its Lab, and fails by Lab's checks or any exception; suite.Skip skips it.
@variants("default") limits where it runs, @live keeps it off --icount, @long
leaves it to --long.
"""

import importlib.util
import inspect
import json
import os
import re
import shutil
import subprocess
import tempfile
import time

from lib import machine, observe, pseudo, suite, tree

FOLDER = os.path.join(tree.TOP, "tests", "machine")
RUN = os.path.join(tree.TOP, "tools", "run")
BACKSTOP = 120
# For boot(extra=...), as --icount, but with a console that is alive: time is
# the machine's own, 4 ns an instruction, however slow the host is.
CLOCK = ["-rtc", "base=2026-01-01,clock=vm"]
PACED = ["-icount", "shift=2,sleep=off", *CLOCK]
ACPI_RATE = 3579545


def variants(*names):
    """Run the test in these variants only."""
    def mark(function):
        function.only = names
        return function
    return mark


def live(function):
    """The test answers what the guest says: not where the input is read
    whole first (icount)."""
    function.live = True
    return function


def long(function):
    function.long = True
    return function


class Completed:
    """How a command ended: status as a shell says it, and both outputs."""

    def __init__(self, words, run) -> None:
        self.words = words
        self.status = 128 - run.returncode if run.returncode < 0 \
            else run.returncode
        self.raw = run.stdout
        self.output = run.stdout.decode(errors="replace")
        self.errors = run.stderr.decode(errors="replace")

    def wants(self, status: int = 0, output: str = None, errors=()) -> None:
        """Fail unless it ended so. ERRORS are parts of standard error."""
        problems = []
        if self.status != status:
            problems.append(f"status, wanted: {status}\n"
                            f"status, came:   {self.status}")
        if output is not None and self.output != output:
            problems.append(suite.difference(output, self.output))
        problems += [f"standard error, wanted: {part!r}" for part in errors
                     if part not in self.errors]
        if problems:
            raise suite.Failure("\n".join(problems) + "\nstandard error:\n"
                                + self.errors[-4000:],
                                suite.command(self.words))


class Lab:
    """What a whole-machine test may use."""

    def __init__(self, variant: suite.Variant) -> None:
        self.variant = variant
        self.kernel = tree.kernel(variant.flavour)
        self.open = []

    def run_words(self) -> list:
        """Options of tools/run that hold in any directory."""
        return [*self.variant.run_words(), "--kernel", self.kernel]

    def run(self, *words, stdin: bytes = b"", options=(), cwd: str = tree.TOP,
            seconds: float = BACKSTOP) -> Completed:
        """`tools/run OPTIONS -- WORDS` with STDIN. With a program, the
        kernel's books must balance at its end."""
        books = ["--append", "books=1"] if words else []
        rest = [*books, *options, "--", *words]
        words = ["tools/run", *self.variant.run_words(), *rest]
        absolute = [RUN, *self.run_words(), *rest]
        run = subprocess.run(absolute, input=stdin, capture_output=True,
                             cwd=cwd, timeout=seconds)
        return Completed(words, run)

    def shell(self, script: str, stdin: bytes = b"", options=()) -> Completed:
        return self.run("/bin/sh", "-c", script, stdin=stdin, options=options)

    def host(self, script: str, seconds: float = BACKSTOP) -> Completed:
        """A bash script on the host, at the top of the tree. $RUN is
        tools/run in this variant."""
        words = [RUN, *self.run_words()]
        environment = dict(os.environ, RUN=suite.command(words))
        environment.pop("MAKEFLAGS", None)  # a make in it is none of ours
        run = subprocess.run(["bash", "-c", script], capture_output=True,
                             stdin=subprocess.DEVNULL, env=environment,
                             cwd=tree.TOP, timeout=seconds)
        return Completed(["bash", "-c", script], run)

    def boot(self, **options) -> "Console":
        """A machine with its console in our hands; Machine's options."""
        given = {"kernel": self.kernel, "modules": [tree.RAMDISK],
                 "append": self.variant.append, "cpu": self.variant.cpu, "cpus": self.variant.cpus,
                 "channels": ("log",), **options}
        console = Console(machine.Machine(**given), self.kernel)
        self.open.append(console)
        return console

    def terminal(self, *words, options=(), **more) -> pseudo.Pseudo:
        """`tools/run OPTIONS -- WORDS` on a terminal; no WORDS: a shell."""
        console = pseudo.Pseudo(
            [RUN, "--kernel", self.kernel, *self.variant.run_words(),
             *options, *(["--", *words] if words else [])], **more)
        self.open.append(console)
        return console

    def folder(self) -> str:
        """A temporary directory that goes with the test."""
        path = tempfile.mkdtemp()
        self.open.append(Folder(path))
        return path

    def needs(self, program: str) -> None:
        """Skip the test where the host lacks PROGRAM."""
        if not shutil.which(program):
            raise suite.Skip(f"{program} is missing")

    def busybox(self) -> None:
        """Skip the test where the ramdisk lacks BusyBox."""
        from lib import program_tests
        if program_tests.missing_of("busybox"):
            raise suite.Skip("the ramdisk has no busybox")

    def close(self) -> None:
        for thing in self.open:
            thing.close()


class Folder:
    """A directory to be removed."""

    def __init__(self, path: str) -> None:
        self.path = path

    def close(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


class Console:
    """A booted machine whose serial console we read and type on."""

    def __init__(self, guest: machine.Machine, kernel: str) -> None:
        self.guest, self.kernel = guest, kernel
        self.observer = observe.Observer(guest)
        self.at = 0
        self.commands = 0

    def expect(self, wanted: str, seconds: float = 60) -> str:
        """Wait for WANTED behind what was expected last; the text that
        came before it."""
        before = self.at
        try:
            self.at = self.observer.expect(wanted, seconds, before)
        except TimeoutError as error:
            raise suite.Failure(str(error)) from None
        return self.observer.text()[before:self.at - len(wanted)]

    def type(self, text: str) -> None:
        """Type TEXT as fast as the machine takes it."""
        waiting = text.encode()
        import select
        while waiting:
            poll = select.poll()
            poll.register(self.guest.log.descriptor, select.POLLOUT)
            if not poll.poll(30000):
                raise suite.Failure(f"the console takes no keys: {text!r}")
            waiting = waiting[self.guest.log.write(waiting):]

    def command(self, name: str, **arguments):
        """Have QEMU's monitor (QMP) do something; what it answers."""
        self.commands += 1
        words = {"execute": name, "arguments": arguments, "id": self.commands}
        self.guest.monitor.write(json.dumps(words).encode() + b"\n")
        mark = f'"id": {self.commands}'
        done, refused = f"{mark}}}", f'{{{mark}, "error"'
        while True:
            for line in self.guest.heard.decode(errors="replace").split("\n"):
                if line.startswith(refused):
                    raise suite.Failure(f"QEMU refuses {name}: {line}")
                if line.rstrip().endswith(done):
                    return json.loads(line).get("return")
            if not self.follow():
                raise suite.Failure(f"QEMU ended before it did {name}")

    def registers(self, cpu: int) -> dict:
        """Name -> value of a CPU's; HLT is 1 while it is halted."""
        text = self.command("human-monitor-command", **{
            "command-line": "info registers", "cpu-index": cpu})
        return {name: int(value, 16) for name, value
                in re.findall(r"(\w+) *=([0-9a-f]+)", text)}

    def until(self, what: str, true, seconds: float = 60) -> None:
        """Follow the machine until TRUE(), which WHAT says in words."""
        deadline = time.monotonic() + seconds
        while not true():
            if not self.follow() or time.monotonic() > deadline:
                raise suite.Failure(f"wanted: {what}\ncame:   "
                                    f"{self.observer.text()[-2000:]!r}")

    def stopped_seconds(self) -> float:
        """Stops the machine; the guest's time in seconds, to a microsecond.
        Wants PACED's clock of the machine, whose date has the seconds: the
        ACPI timer is exact, but begins again every 2**24 ticks, 4.7 s."""
        self.command("stop")
        date = self.command("qom-get", path="/machine", property="rtc-time")
        whole = (date["tm_hour"] * 60 + date["tm_min"]) * 60 + date["tm_sec"]
        said = self.command("human-monitor-command",
                            **{"command-line": "i/w 0x608"})
        part = int(said.split("=")[1], 16) / ACPI_RATE
        turn = 2**24 / ACPI_RATE
        return part + round((whole + 0.5 - part) / turn) * turn

    def follow(self, seconds: float = 0.1) -> bool:
        """Take what the machine says for a moment. False when it ended."""
        self.observer.step(time.monotonic() + seconds)
        return not self.guest.ended()

    def ends(self, status=(0,), seconds: float = 60) -> str:
        """Wait for QEMU's end and check its status; the whole log."""
        in_time = self.observer.to_the_end(seconds)
        log = self.observer.text()
        if not in_time:
            raise suite.Failure(f"no end within {seconds:g} s\n{log[-3000:]}")
        if self.guest.was_reset or self.guest.status not in status:
            came = "a reset" if self.guest.was_reset else self.guest.status
            raise suite.Failure(f"QEMU's status, wanted: {status}\n"
                                f"came: {came}\n{self.guest.complaint()}\n"
                                f"{log[-3000:]}")
        return log

    def close(self) -> None:
        self.guest.close()


def modules() -> list:
    names = sorted(os.listdir(FOLDER)) if os.path.isdir(FOLDER) else []
    found = []
    for name in names:
        if name.endswith(".py"):
            spec = importlib.util.spec_from_file_location(
                f"machine_{name[:-3]}", os.path.join(FOLDER, name))
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            found.append((name[:-3], module))
    return found


def jobs(all_variants, wanted, with_long: bool) -> list:
    result = []
    for file, module in modules():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if not name.startswith("test_"):
                continue
            if getattr(function, "long", False) and not with_long:
                continue
            result += _jobs_of(file, name, function, all_variants, wanted)
    return result


def _jobs_of(file: str, name: str, function, all_variants, wanted) -> list:
    only = getattr(function, "only", None)
    needs_life = getattr(function, "live", False)
    sentence = " ".join((function.__doc__ or "").split())
    result = []
    for variant in all_variants:
        full = f"machine/{file}/{name[len('test_'):]}@{variant.name}"
        if not variant.machines or (needs_life and variant.icount):
            continue
        if wanted(full) and (only is None or variant.name in only):
            def act(variant=variant, full=full) -> None:
                lab = Lab(variant)
                try:
                    function(lab)
                finally:
                    lab.close()
            result.append(suite.single(full, act, sentence, 3))
    return result
