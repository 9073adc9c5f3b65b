"""The table of tools/check's checks, and the run of all of them.

A check is a function that takes a Tree and yields Problems. clang-format, the
slowest, works in processes of its own while the others run. Every check of
this table is shown to fail by a case in tests/check/.
"""

from lib import (check_budgets, check_duplicates, check_floors, check_format,
                 check_programs, check_style)
from lib.check_files import Tree, allowed

CHECKS = {
    "floors": check_floors.check_floors,
    "own_header": check_floors.check_own_header,
    "contract": check_style.check_contract,
    "pragma": check_style.check_pragma,
    "assembly": check_style.check_assembly,
    "conditions": check_style.check_conditions,
    "lengths": check_style.check_lengths,
    "blanks": check_style.check_blanks,
    "places": check_style.check_places,
    "programs": check_programs.check_programs,
    "duplicates": check_duplicates.check_duplicates,
    "makefile": check_budgets.check_makefile,
    "budgets": check_budgets.check_budgets,
}
ALL = (*CHECKS, "format")


class Report:
    """What was found: problems in order, and lines that are only told."""

    def __init__(self, tree: Tree) -> None:
        self.files = len(tree.sources)
        self.problems, self.notes = [], [check_budgets.figures(tree)]

    def add(self, check: str, problems) -> None:
        for problem in problems:
            if not allowed(check, problem.path):
                problem.check = check
                self.problems.append(problem)


def run(top: str) -> Report:
    tree = Tree(top)
    report = Report(tree)
    formatter = check_format.Formatter(tree)
    for name, check in CHECKS.items():
        report.add(name, check(tree))
    report.add("format", formatter.problems())
    report.notes += formatter.notes
    report.problems.sort(key=lambda one: (one.path, one.line, one.text))
    return report
