"""The runner checks itself: fake kernels that must come out as failures.

tests/selfcheck/*.asm are flat Multiboot images. Each is run as if it were
the test kernel, with tests `one` and `two` expected of it, and by tools/run
as if a program were asked of it. Only `honest` may pass: it shows that the
others do not fail for a reason of no interest.
"""

import os
import subprocess
import tempfile

from lib import cpio, kernel_tests, suite, tree

FOLDER = os.path.join(tree.TOP, "tests", "selfcheck")
RUN = os.path.join(tree.TOP, "tools", "run")
SECONDS = 3             # of host time for a fake that never ends
CASES = {"one": [], "two": ["halfway"]}
# fake: which of its tests pass, why the others do not, tools/run's status
FAKES = {
    "honest": (("one", "two"), "", 125),
    "never_boots": ((), "QEMU ended with status 1", 2),
    "prints_everything": ((), "came:   nothing", 125),
    "hangs": ((), "no end within", 124),
    "passes_at_once": ((), "a plan of None", 125),
    "forgets_checkpoint": (("one",), "not reached: halfway", 125),
    "forgets_books": (("two",), "the books, wanted: balanced", 125),
    "says_fail": (("one",), "wanted 2 got 3", 125),
    "resets": (("one",), "triple fault", 125),
    "no_done": ((), "no `done`", 125),
}


def jobs(wanted) -> list:
    result = []
    for fake, (passing, reason, status) in FAKES.items():
        result += [
            suite.single(f"selfcheck/{fake}/verdict",
                         lambda f=fake, p=passing, r=reason:
                         check_verdict(f, p, r),
                         f"Of the fake kernel {fake} these tests pass: "
                         f"{', '.join(passing) or 'none'}.", 2),
            suite.single(f"selfcheck/{fake}/run",
                         lambda f=fake, s=status: check_run(f, s),
                         f"tools/run ends with {status} on the fake kernel "
                         f"{fake}.", 2)]
    return [job for job in result if wanted(job.names[0])]


def assemble(fake: str, folder: str) -> str:
    path = os.path.join(folder, fake)
    subprocess.run(["nasm", "-f", "bin", "-I", FOLDER + "/", "-o", path,
                    os.path.join(FOLDER, f"{fake}.asm")], check=True)
    return path


def check_verdict(fake: str, passing, reason: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        problems = kernel_tests.Batch(assemble(fake, folder), CASES,
                                      suite.SHORT[0], seconds=SECONDS).run()
    came = tuple(name for name, problem in problems.items() if not problem)
    reasons = [problem for problem in problems.values() if problem]
    if (set(problems) != set(CASES) or came != tuple(passing)
            or not all(reason in problem for problem in reasons)):
        raise suite.Failure(f"passed, wanted: {passing}\npassed, came: {came}"
                            f"\nreason, wanted: {reason}\n{problems}")


def check_run(fake: str, status: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ramdisk = os.path.join(folder, "ramdisk")
        with open(ramdisk, "wb") as file:
            file.write(cpio.Writer().archive())
        run = subprocess.run(
            [RUN, "--kernel", assemble(fake, folder), "--ramdisk", ramdisk,
             "--timeout", str(SECONDS), "--", "true"], capture_output=True,
            stdin=subprocess.DEVNULL, timeout=60)
    if run.returncode != status or run.stdout or not run.stderr:
        raise suite.Failure(
            f"status, wanted: {status}\nstatus, came: {run.returncode}\n"
            f"output: {run.stdout!r}\nerrors: {run.stderr!r}")
