"""tools/bench: its figures repeat, and what got worse is called worse."""

from lib import bench_table, suite
from lib.bench_rows import Figure
from lib.machine_tests import variants


@variants("default")
def test_repeats(lab):
    """The figure of a row is the same in two runs, to the instruction."""
    once = lab.host("tools/bench --only getpid")
    once.wants(0)
    lab.host("tools/bench --only getpid").wants(0, once.output)


@variants("default")
def test_judgement(lab):
    """More than 3 % above the last block is worse, in value or events."""
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
def test_usage(lab):
    """A row that is not there is refused, not measured as nothing."""
    lab.host("tools/bench --only nonsense").wants(
        2, "", ["there is no row nonsense"])
