"""What switches cost: the demo that measures it, by the kernel's counters."""

import re

from lib import suite
from lib.machine_tests import variants

DIRECT = re.compile(r"(.+?) +(\d+) ns +([\d.]+) +([\d.]+)$", re.M)
# name: switches and loads of page tables, each way
SWITCHES = {"sched_yield, nobody else there": (0, 0),
            "thread to thread, sched_yield": (1, 0),
            "process to process, sched_yield": (1, 1),
            "thread to thread, futex": (1, 0),
            "process to process, futex": (1, 1),
            "user thread to user thread": (0, 0)}


def wants(right: bool, what: str) -> None:
    if not right:
        raise suite.Failure(what)


def walks(output: str) -> list:
    """(KiB, alone, added by a thread, by a process) of each row."""
    return [tuple(float(word) for word in row) for row in re.findall(
        r"^ *(\d+) +([\d.]+) +([+-][\d.]+) +([+-][\d.]+) ", output, re.M)]


@variants("default", "smp4")
def test_direct(lab):
    """A switch is what it is called: the kernel counts as many switches and
    page tables as the table says, and time follows them."""
    shown = lab.run("switch-cost", options=["--icount"])
    shown.wants(0)
    rows = {name: (float(time), round(float(switches), 1),
                   round(float(loads), 1))
            for name, time, switches, loads in DIRECT.findall(shown.output)}
    came = {name: row[1:] for name, row in rows.items()}
    wants(came == SWITCHES, f"wanted: {SWITCHES}\ncame: {came}")
    alone, threads, processes, _futex, _futexes, user = (
        rows[name][0] for name in SWITCHES)
    wants(user < alone < threads < processes, shown.output)
    sizes = walks(shown.output)
    wants([row[0] for row in sizes] == [4 << i for i in range(11)],
          shown.output)
    wants(all(abs(thread) + abs(process) <= 0.1 * time
              for _size, time, thread, process in sizes), shown.output)


@variants("default")
def test_pages(lab):
    """In the host's time, memory costs more after another process ran, and
    the more the more pages there are."""
    shown = lab.run("switch-cost")
    shown.wants(0)
    added = [process for _size, _time, _thread, process in walks(shown.output)]
    wants(min(added[:3]) > 0 and added[-1] > 2 * added[0], shown.output)
