"""How far the kernel scales, by counters and guest time: so the result is the
same on any host."""

import re

from lib import suite
from lib.machine_tests import variants

TRANSFERS_MOST = 10
UNEVEN_MOST = 0.05
TLP_OF_EACH = 0.95      # 3.8 on 4 CPUs

# What each process does on its own; getpid threads of one process as well.
SCALES = ("getpid", "pipe write+read", "pipe+close", "page fault",
          "page fault, many", "mmap+munmap", "brk")


def wants(right: bool, what: str) -> None:
    if not right:
        raise suite.Failure(what)


def even(what: str, values: list) -> None:
    """Each is within 5 % of what they are on average."""
    mean = sum(values) / len(values)
    wants(all(abs(value - mean) <= UNEVEN_MOST * mean for value in values),
          f"{what}, wanted: within 5 % of {mean:g}\ncame: {values}")


@variants("smp4")
def test_transfers(lab):
    """Where each CPU works on its own things, a lock comes from another CPU
    at most 10 times in 1,000 operations."""
    shown = lab.run("scaling", "4", options=["--icount"])
    shown.wants(0)
    rows = {}
    for line in shown.output.splitlines()[2:]:
        row = re.match(r"(.+?) +(processes|threads) +[\d.]+ +([\d.]+) ", line)
        rows[row[1], row[2]] = float(row[3])
    wanted = [(name, "processes") for name in SCALES]
    wanted.append(("getpid", "threads"))
    bad = [f"{name} by {who}: {rows.get((name, who), 'no such row')}"
           for name, who in wanted
           if rows.get((name, who), TRANSFERS_MOST + 1) > TRANSFERS_MOST]
    wants(not bad, f"wanted: at most {TRANSFERS_MOST} transfers\ncame: "
          + "; ".join(bad) + "\n" + shown.output)
    wants(rows["mmap+munmap", "threads"] > TRANSFERS_MOST,
          f"no transfers of what threads share\n{shown.output}")


@variants("smp4")
def test_parallel(lab):
    """Work that splits into independent parts keeps all CPUs busy, four or two,
    with as much for each."""
    for cpus in (4, 2):
        shown = lab.run("tlp", "parallel", str(cpus), "1000000",
                        options=["--icount", "--smp", str(cpus)])
        shown.wants(0, errors=[f"on {cpus} CPUs"])
        wants("78498 primes below 1000000" in shown.output, shown.output)
        even("divisions", [int(word) for word in
                           re.findall(r"(\d+) divisions", shown.output)])
        busy = [float(word) for word in
                re.findall(r"cpu \d busy ([\d.]+) ms", shown.errors)]
        wants(len(busy) == cpus, shown.errors)
        even("busy time", busy)
        tlp = float(re.search(r"TLP ([\d.]+)", shown.errors)[1])
        wants(tlp >= TLP_OF_EACH * cpus, f"wanted: TLP {TLP_OF_EACH * cpus:g} "
              f"or more\n{shown.errors}")


@variants("smp4", "default")
def test_tlp(lab):
    """tlp tells one busy CPU from two and from none, and ends as the command
    does."""
    cases = (("sleep 1; exit 3", 3, 0, 0.01),
             ("parallel 1 300000 >/dev/null; exit 4", 4, 0.98, 1),
             ("sleep 1; kill -9 $$", 137, 0, 0.01))
    for script, status, least, most in cases:
        shown = lab.run("tlp", "sh", "-c", script, options=["--icount"])
        shown.wants(status, "", ["busy"])
        share = re.search(r"c_1 +([\d.]+) %|no sample met", shown.errors)
        wants(least <= float(share[1] or 0) / 100 <= most, shown.errors)
    lab.run("tlp", "nonsense").wants(127)
    lab.run("tlp").wants(2, "", ["usage: tlp"])
    shown = lab.run("tlp", "parallel", "2", "300000", options=["--icount"])
    shown.wants(0)
    tlp = float(re.search(r"TLP ([\d.]+)", shown.errors)[1])
    most = min(2, lab.variant.cpus)
    wants(abs(tlp - most) <= 0.1, shown.errors)
    parts = [float(part) / 100
             for part in re.findall(r"c_\d +([\d.]+) %", shown.errors)]
    formula = sum(i * part for i, part in enumerate(parts)) / (1 - parts[0])
    wants(abs(sum(parts) - 1) < 0.001 and abs(tlp - formula) < 0.01,
          shown.errors)
