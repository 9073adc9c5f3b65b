"""tools/check --self-test: every check is shown to fail when it should.

tests/check/good.tree is a small tree in which nothing falls short; each
tests/check/*.case lays a few files over it and says, problem for problem,
what must be found there: more or fewer is a failure. A check that no case
makes fail is a failure as well. What the files look like:

  # the sentence that the case proves
  wants CHECK PATH:LINE: part of the text
  --- PATH              the file's lines follow
  %repeat N TEXT        N lines, {n} in TEXT being their number from 1
  %raw TEXT             a line with Python's escapes, such as \\t and \\x20
  --- PATH (absent)     the file is taken away
"""

import os
import re
import shutil
import tempfile

from lib import check_format, check_rules

FOLDER = os.path.join("tests", "check")
WANTS = re.compile(r"wants (\w+) (\S+?):(\d+): (.+)")


class Case:
    """A parsed file: what is wanted, and path -> text (None: absent)."""

    def __init__(self, path: str) -> None:
        self.name = os.path.basename(path)
        self.wanted, self.files = [], {}
        into = None
        with open(path) as file:
            for line in file.read().splitlines():
                if line.startswith("--- "):
                    into = self._begin(line[4:])
                elif into is not None:
                    into += expand(line)
                else:
                    self._head(line)

    def _begin(self, path: str) -> list:
        if path.endswith(" (absent)"):
            self.files[path[:-len(" (absent)")]] = None
            return []
        return self.files.setdefault(path, [])

    def _head(self, line: str) -> None:
        found = WANTS.fullmatch(line)
        if found:
            self.wanted.append((found[1], found[2], int(found[3]), found[4]))
        elif line and not line.startswith("#"):
            raise ValueError(f"{self.name}: cannot be read: {line}")

    def write(self, top: str) -> None:
        for path, lines in self.files.items():
            whole = os.path.join(top, path)
            if lines is None:
                os.unlink(whole)
                continue
            os.makedirs(os.path.dirname(whole), exist_ok=True)
            with open(whole, "w") as file:
                file.writelines(line + "\n" for line in lines)


def expand(line: str) -> list:
    word, _, rest = line.partition(" ")
    if word == "%repeat":
        count, _, text = rest.partition(" ")
        return [text.replace("{n}", str(n + 1)) for n in range(int(count))]
    if word == "%raw":
        return [rest.encode().decode("unicode_escape")]
    return [line]


def judge(case: Case, problems: list) -> list:
    """What came and was not wanted, what was wanted and did not come."""
    wanted, surprises = list(case.wanted), []
    for problem in problems:
        fits = [one for one in wanted
                if one[:3] == (problem.check, problem.path, problem.line)
                and one[3] in str(problem)]
        if fits:
            wanted.remove(fits[0])
        else:
            surprises.append(f"{case.name}: not wanted: {problem.check} "
                             f"{problem}")
    return surprises + [f"{case.name}: did not come: {check} {path}:{line}: "
                        f"{text}" for check, path, line, text in wanted]


def run_case(top: str, case: Case) -> list:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(os.path.join(top, ".clang-format"), folder)
        Case(os.path.join(top, FOLDER, "good.tree")).write(folder)
        case.write(folder)
        return judge(case, check_rules.run(folder).problems)


def run(top: str) -> tuple:
    """(failures, number of cases)"""
    folder = os.path.join(top, FOLDER)
    cases = [Case(os.path.join(folder, name))
             for name in sorted(os.listdir(folder))]
    if not check_format.find_formatter():
        cases = [case for case in cases
                 if all(one[0] != "format" for one in case.wanted)]
    failures = [failure for case in cases for failure in run_case(top, case)]
    shown = {one[0] for case in cases for one in case.wanted}
    failures += [f"no case shows that the check `{check}` can fail"
                 for check in check_rules.ALL if check not in shown
                 and (check != "format" or check_format.find_formatter())]
    return failures, len(cases)
