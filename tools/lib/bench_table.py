"""The tables that tools/bench prints: beside the peers, and against the past.

The best peer is the one with the lowest figure; a dash says that a peer cannot
do it. A goal is met by a figure that is not above it.
"""

import os

from lib import tree
from lib.bench_rows import HOST_TIME, Figure

PEERS = os.path.join(tree.TOP, "bench", "peers.tsv")
WORSE = 1.03            # by more than this a row got worse
EVENT_SLACK = 10        # thousandths of an event: one in a hundred operations
EVENTS = ("loads", "flushes", "IPIs")


class Peers:
    """bench/peers.tsv: what each operation is, costs elsewhere, may cost."""

    def __init__(self, lines: list) -> None:
        head = [line for line in lines if line.startswith("# key\t")][0]
        self.names = head.rstrip("\n").split("\t")[2:-1]
        cells = [line.rstrip("\n").split("\t") for line in lines
                 if line.strip() and not line.startswith("#")]
        self.rows = {row[0]: row for row in cells}
        self.keys = list(self.rows)

    def operation(self, key: str) -> str:
        return self.rows[key][1]

    def figures(self, key: str) -> list:
        return [None if cell == "-" else int(cell)
                for cell in self.rows[key][2:-1]]

    def goal(self, key: str) -> int:
        return int(self.rows[key][-1])


def read_peers() -> Peers:
    with open(PEERS) as file:
        return Peers(file.readlines())


def _number(value) -> str:
    return "-" if value is None else f"{value:,}"


def _thousandths(value: int) -> str:
    return f"{value / 1000:.3f}".rstrip("0").rstrip(".")


def _row(peers: Peers, key: str, figure: Figure) -> list:
    others = peers.figures(key)
    known = [other for other in others if other is not None]
    ratio = f"{figure.value / min(known):.2f}" if known else "-"
    met = "met" if figure.value <= peers.goal(key) else "missed"
    events = [_thousandths(event) for event in figure.events]
    return [key, _number(figure.value), *map(_number, others), ratio,
            _number(peers.goal(key)), met, *events,
            *[""] * (len(EVENTS) - len(events))]


def _print(rows: list) -> None:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        first, *rest = [cell.rjust(width) for cell, width in zip(row, widths)]
        print("  ".join([row[0].ljust(len(first)), *rest]).rstrip())


def show(peers: Peers, figures: dict) -> None:
    """All figures beside the peers'; what a key means stands below."""
    keys = [key for key in peers.keys if key in figures]
    if not keys:
        return
    head = ["", "Spindle", *peers.names, "of best", "goal", "", *EVENTS]
    _print([head] + [_row(peers, key, figures[key]) for key in keys])
    met = sum(figures[key].value <= peers.goal(key) for key in keys)
    print(f"\n{met} of {len(keys)} goals met. Guest instructions for one "
          "operation, except:")
    print("  image is bytes")
    for key in HOST_TIME:
        print(f"  {key} is milliseconds of this host's time, and differs "
              "from run to run")


def _is_worse(before: int, now: int, slack: int) -> bool:
    return now > before * WORSE and now - before > slack


def _changes(before: Figure, now: Figure):
    """(what, before, now, is it worse) for value and events."""
    yield ("", before.value, now.value, _is_worse(before.value, now.value, 0))
    for name, old, new in zip(EVENTS, before.events, now.events):
        yield f" {name}/1000", old, new, _is_worse(old, new, EVENT_SLACK)


def compare(before: dict, figures: dict) -> tuple:
    """(the rows that got worse, a line of text for each change)"""
    worse, rows = set(), []
    for key in (key for key in before if key in figures):
        for what, old, new, is_worse in _changes(before[key], figures[key]):
            if is_worse:
                worse.add(key)
            if old != new:
                change = f"{(new - old) / old:+.1%}" if old else "new"
                rows.append([key + what, _number(old), _number(new), change,
                             "worse" if is_worse else ""])
    return worse, rows


def show_changes(since: str, before: dict, figures: dict) -> int:
    """How many rows got worse; prints each that changed."""
    worse, rows = compare(before, figures)
    if rows:
        print(f"\nsince {since}:")
        _print([["", "before", "now", "change", ""]] + rows)
    print(f"bench: {len(worse)} rows got worse by more than 3 %")
    return len(worse)
