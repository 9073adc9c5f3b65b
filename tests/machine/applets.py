"""BusyBox's applets run unmodified: those that the programs' comparison with
Linux does not use yet, each with an answer that is known."""

import hashlib

from lib import suite
from lib.machine_tests import live

TEXT = b"3 pears\n1 apple\n2 plums\n"


def test_filters(lab):
    """sha256sum, awk and sed do with a text what they do everywhere."""
    lab.busybox()
    lab.run("sha256sum", stdin=TEXT).wants(
        0, f"{hashlib.sha256(TEXT).hexdigest()}  -\n")
    lab.run("awk", "{ sum += $1; last = $2 } END { print sum, last }",
            stdin=TEXT).wants(0, "6 plums\n")
    lab.run("sed", "-n", "s/^\\([0-9]\\) p/\\1 x/p", stdin=TEXT).wants(
        0, "3 xears\n2 xlums\n")


def test_ash(lab):
    """ash has functions, arithmetic and here-documents."""
    lab.busybox()
    script = ("double() { echo $(($1 * 2)); }; "
              "cat <<END; exit $(double 4)\nsum $(double 21)\nEND\n")
    lab.run("ash", "-c", script).wants(8, "sum 42\n")


def test_processes(lab):
    """ps and top list who runs; kill, the shell's own and the applet, ends one
    of them by its number."""
    lab.busybox()
    run = lab.run("ash", "-c", "sleep 1000 & ps; top -b -n 1; "
                  "kill $!; wait $!; echo ended with $?")
    run.wants(0)
    asleep = [line for line in run.output.splitlines()
              if line.endswith(" sleep 1000")]
    if (len(asleep) != 2 or "\nCPU:" not in run.output
            or not run.output.endswith("ended with 143\n")):
        raise suite.Failure(f"came:\n{run.output}")
    # By its path it is no builtin of the shell's.
    lab.run("ash", "-c", "sleep 1000 & /bin/kill -USR1 $!; echo $?; wait $!; "
            "echo ended with $?; /bin/kill $! 2>&1").wants(
        1, "0\nended with 138\nkill: can't kill pid 3: No such process\n")


@live
def test_vi(lab):
    """vi edits a file on a terminal and leaves the terminal as it was."""
    lab.busybox()
    console = lab.terminal("ash", "-c", "printf 'one\\nthree\\n' >/tmp/f; "
                           "vi /tmp/f; stty -a | grep -c ' icanon'; "
                           "echo $(cat /tmp/f)")
    console.expect("three")
    console.type("omiddle\x1b")
    console.expect("middle")
    console.type(":wq\r")
    console.expect("1\r")
    console.expect("one middle three\r")
    if console.wait() != 0:
        raise suite.Failure(f"status {console.status}")
