"""tools/bench: its figures repeat, and what got worse is called worse."""

import os
import re

from lib import bench_history, bench_table, suite
from lib.bench_rows import Figure
from lib.machine_tests import variants


# The first compiler that doctor finds, which make takes.
COMPILER = re.compile(r"Compilers.*\n(?:  \S+ +-\n)*  \S*gcc .* 12\.\d")


@variants("default")
def test_repeats(lab):
    """The figure of a row is the same in two runs, to the instruction."""
    once = lab.host("tools/bench --only getpid")
    once.wants(0)
    lab.host("tools/bench --only getpid").wants(0, once.output)


@variants("default")
def test_goals(lab):
    """Every goal in instructions is met, and no row is 3 % worse than its last
    record or its first: by the compiler that the records are of."""
    if not COMPILER.search(lab.host("make -s doctor").output):
        raise suite.Skip("gcc 12 is not the compiler")
    came = lab.host("tools/bench --compare")
    came.wants(0)
    rows = re.findall(r"^(\w+) .* (met|missed)", came.output, re.M)
    missed = [name for name, judged in rows
              if judged == "missed" and name != "first_output"]
    if len(rows) < 27 or missed:
        raise suite.Failure(f"wanted: 27 goals met\n{came.output}")


@variants("default")
def test_judgement(lab):
    """More than 3 % above a record is worse, in value or events."""
    del lab
    last = {"row": Figure(1000, (2000, 0, 0))}
    cases = ((1030, (2000, 0, 0), 0), (1031, (2000, 0, 0), 1),
             (900, (2000, 0, 0), 0), (1000, (2061, 0, 0), 1),
             (1000, (2000, 10, 0), 0), (1000, (2000, 0, 11), 1))
    for value, events, wanted in cases:
        worse, _rows = bench_table.compare(last,
                                           {"row": Figure(value, events)})
        if len(worse) != wanted:
            raise suite.Failure(f"{value} {events}: wanted {wanted} rows that "
                                f"got worse, came {len(worse)}")


@variants("default")
def test_records(lab):
    """Compared are the last block and what each row was at first."""
    text = (bench_history.HEAD + "# 2026-01-01 a\nold\t100\t0\t0\t0\n"
            "# 2026-01-02 b\nold\t102\t0\t0\t0\nnew\t7\n")
    path, bench_history.PATH = bench_history.PATH, os.path.join(
        lab.folder(), "history")
    try:
        with open(bench_history.PATH, "w", encoding="utf-8") as file:
            file.write(text)
        came = [{key: figure.value for key, figure in block.items()}
                for _since, block in bench_history.records()]
    finally:
        bench_history.PATH = path
    wanted = [{"old": 102, "new": 7}, {"old": 100, "new": 7}]
    if came != wanted:
        raise suite.Failure(f"wanted: {wanted}\ncame:   {came}")


@variants("default")
def test_usage(lab):
    """A row that is not there is refused, not measured as nothing."""
    lab.host("tools/bench --only nonsense").wants(
        2, "", ["there is no row nonsense"])
