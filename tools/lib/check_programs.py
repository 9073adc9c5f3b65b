"""Do the scripts parse? Python is compiled in memory, shells read with -n."""

import os
import re
import subprocess

from lib.check_files import Problem, Tree


def check_programs(tree: Tree):
    for source in tree.of_kind("python"):
        try:
            compile(source.text, source.path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            yield Problem(source.path, getattr(error, "lineno", 1) or 1,
                          f"does not compile: {getattr(error, 'msg', error)}")
    for source in tree.of_kind("shell"):
        yield from _shell(tree, source)


def _shell(tree: Tree, source):
    shell = "bash" if "bash" in source.lines[0] else "sh"
    run = subprocess.run([shell, "-n", os.path.join(tree.top, source.path)],
                         stdin=subprocess.DEVNULL, capture_output=True,
                         text=True)
    if run.returncode:
        said = run.stderr.strip().split("\n")[0]
        found = re.search(r"(?:line )?(\d+): (.*)", said)
        line, text = (int(found[1]), found[2]) if found else (1, said)
        yield Problem(source.path, line, f"{shell} cannot read it: {text}")
