"""Host-side unit tests: build/unit/NAME, from tests/unit/NAME.c.

A program prints its plan `1..N` first, then `ok NAME` for each test; ASan
and UBSan end it with a status of their own. It passes when the plan came,
exactly N came out ok, nothing failed and the status is 0.
"""

import os
import re
import subprocess

from lib import suite, tree

SECONDS = 120


def jobs(wanted) -> list:
    folder = os.path.join(tree.TOP, "tests", "unit")
    sources = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    names = [name[:-2] for name in sources if name.endswith(".c")]
    return [suite.single(f"unit/{name}", lambda name=name: check(name))
            for name in names if wanted(f"unit/{name}")]


def check(name: str) -> None:
    path = os.path.join(tree.BUILD, "unit", name)
    if not os.path.exists(path):
        raise suite.Failure(f"{tree.relative(path)} has not been built",
                            "make unit-tests")
    run = subprocess.run([path], stdin=subprocess.DEVNULL, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         errors="replace", timeout=SECONDS, cwd=tree.TOP)
    problem = judge(run.stdout, run.returncode)
    if problem:
        raise suite.Failure(f"{problem}\n{tail(run.stdout)}",
                            tree.relative(path))


def judge(output: str, status: int) -> str:
    """Why it has not passed; empty when it has."""
    plan = re.match(r"1\.\.(\d+)$", output.split("\n", 1)[0])
    passed = len(re.findall(r"^ok \S", output, re.M))
    failed = re.findall(r"^FAIL.*", output, re.M)
    if failed:
        return "\n".join(failed)
    if not plan:
        return "wanted: a plan 1..N on the first line"
    if passed != int(plan[1]) or not passed:
        return f"wanted: {plan[1]} tests ok\ncame:   {passed}"
    return f"wanted: exit status 0\ncame:   {status}" if status else ""


def tail(output: str) -> str:
    lines = [line for line in output.splitlines()
             if not line.startswith("ok ")]
    return "\n".join(lines[-40:])
