"""The measuring itself: from a key of bench/peers.tsv to a Figure.

Most rows come from a run of build/bench/bench in the guest, and their IPIs from
a second one, on two CPUs; boot, image and first_output are measured from
outside. A row that cannot be measured is named with its reason and has no
figure: nothing is guessed.
"""

import os
import re
import statistics
import struct
import subprocess
import time

from lib import tree

RUN = os.path.join(tree.TOP, "tools", "run")
PROGRAM = os.path.join("build", "bench", "bench")
COUNTED = [RUN, "--icount", "--mem", "512"]
BACKSTOP = 900          # seconds of host time; counted machines are slow
OUTPUT_RUNS = 7
HOST_TIME = ("first_output",)

ROW = re.compile(r"(\w+)((?: \d+)+)")
BOOTED = re.compile(r"boot: first user instruction after (\d+) cycles")


class Unmeasured(Exception):
    """Why a figure could not be had."""


class Figure:
    """A value, and loads, flushes and IPIs in thousandths of one for each
    operation, as far as the program told them."""

    def __init__(self, value: int, events=()) -> None:
        self.value, self.events = value, tuple(events)


def _run(words: list, what: str):
    try:
        run = subprocess.run(words, stdin=subprocess.DEVNULL, text=True,
                             capture_output=True, timeout=BACKSTOP)
    except subprocess.TimeoutExpired:
        raise Unmeasured(f"{what}: no end within {BACKSTOP} s") from None
    if run.returncode:
        raise Unmeasured(f"{what}: status {run.returncode}\n{run.stderr}")
    return run


def _printed(cpus: int, only: "str | None") -> dict:
    """key -> the numbers behind it, from a run on so many CPUs"""
    run = _run([*COUNTED, "--smp", str(cpus), "--", PROGRAM,
                *([only] if only else [])], PROGRAM)
    rows = {}
    for line in run.stdout.splitlines():
        found = ROW.fullmatch(line.strip())
        if not found:
            raise Unmeasured(f"{PROGRAM}: cannot be read: {line!r}")
        rows[found[1]] = list(map(int, found[2].split()))
    return rows


def measure_program(wanted: list, only: "str | None") -> dict:
    """The rows that the program in the guest prints."""
    if not os.path.exists(PROGRAM):
        raise Unmeasured(f"{PROGRAM} is missing: `make user` builds it")
    alone, beside = _printed(1, only), _printed(2, only)
    figures = {key: Figure(value, [loads, flushes, beside[key][-1]])
               for key, (value, loads, flushes, _none) in alone.items()}
    missing = [key for key in wanted if key not in figures]
    unknown = [key for key in figures if key not in wanted]
    if unknown:
        raise Unmeasured(f"{PROGRAM} printed what was not asked for, or has "
                         f"no line in bench/peers.tsv: {' '.join(unknown)}")
    if missing:
        raise Unmeasured(f"{PROGRAM} did not print: {' '.join(missing)}")
    return figures


def measure_boot() -> Figure:
    """Instructions from the kernel's first to the first user's."""
    run = _run([*COUNTED, "-v", "--", "/bin/sh", "-c", ":"], "boot")
    found = BOOTED.search(run.stderr)
    if not found:
        raise Unmeasured("boot: the kernel's log does not say `boot: first "
                         "user instruction after N cycles`")
    return Figure(int(found[1]))


def measure_image() -> Figure:
    """Bytes that the loadable segments have in the kernel's file."""
    try:
        with open(tree.kernel(), "rb") as file:
            elf = file.read()
    except OSError as error:
        raise Unmeasured(f"image: {error}") from None
    start, = struct.unpack_from("<I", elf, 28)
    size, count = struct.unpack_from("<HH", elf, 42)
    headers = [struct.unpack_from("<8I", elf, start + i * size)
               for i in range(count)]
    return Figure(sum(header[4] for header in headers if header[0] == 1))


def _seconds_to_output() -> float:
    begin = time.monotonic()
    with subprocess.Popen([RUN, "--", "/bin/sh", "-c", "echo x"],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as run:
        first = os.read(run.stdout.fileno(), 1)
        taken = time.monotonic() - begin
        errors = run.communicate()[1]
    if first != b"x" or run.returncode:
        raise Unmeasured(f"first_output: status {run.returncode}\n"
                         + errors.decode(errors="replace"))
    return taken


def measure_first_output() -> Figure:
    """Milliseconds of the host from the command to its first byte."""
    taken = [_seconds_to_output() for _ in range(OUTPUT_RUNS)]
    return Figure(round(statistics.median(taken) * 1000))


OUTSIDE = {"boot": measure_boot, "image": measure_image,
           "first_output": measure_first_output}


def measure(keys: list, only: "str | None") -> tuple:
    """(key -> Figure, what failed) for all keys, or for one."""
    wanted = [only] if only else keys
    inside = [key for key in wanted if key not in OUTSIDE]
    figures, failures = {}, []
    try:
        if inside:
            figures.update(measure_program(inside, only))
    except Unmeasured as reason:
        failures.append(str(reason))
    for key in wanted:
        try:
            if key in OUTSIDE:
                figures[key] = OUTSIDE[key]()
        except Unmeasured as reason:
            failures.append(str(reason))
    return figures, failures
