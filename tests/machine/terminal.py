"""tools/run on a terminal: what a person at the keyboard sees."""

import os

from lib import suite
from lib.machine_tests import live


def wants(true: bool, text: str) -> None:
    if not true:
        raise suite.Failure(f"wanted: {text}")


@live
def test_is_terminal(lab):
    """On a terminal, isatty is true in the guest, and the size is ours."""
    lab.busybox()
    console = lab.terminal("/bin/sh", "-c",
                           "test -t 0 && test -t 1 && test -t 2 && stty size",
                           rows=31, columns=91)
    console.expect("31 91")
    wants(console.wait() == 0, "status 0")
    wants(console.is_restored(), "the terminal as it was")


@live
def test_resize(lab):
    """A change of the window's size reaches the guest."""
    lab.busybox()
    console = lab.terminal("/bin/sh", "-c", "echo up; head -n 1; stty size")
    console.expect("up")
    console.resize(40, 100)
    console.type("\r")
    console.expect("40 100")
    wants(console.wait() == 0, "status 0")


@live
def test_control_c(lab):
    """Ctrl-C goes to the guest's program, which it ends: status 130."""
    console = lab.terminal("/bin/sh", "-c", "echo up; exec sleep 1000")
    console.expect("up")
    wants(console.is_raw(), "a raw terminal while the program runs")
    console.type("\x03")
    wants(console.wait() == 130, "status 130")
    wants(console.is_restored(), "the terminal as it was")


@live
def test_echo_and_end(lab):
    """The guest's terminal echoes, edits lines and takes Ctrl-D."""
    lab.busybox()
    console = lab.terminal("/bin/sh", "-c", "echo up; exec cat")
    console.expect("up")
    console.type("abx\x7fc\r")
    console.expect("abx")
    console.expect("abc\r\n")
    console.type("\x04")
    wants(console.wait() == 0, "status 0")


@live
def test_echo_stays_out_of_the_pipe(lab):
    """With output into a pipe, the echo still goes to the terminal."""
    lab.busybox()
    read_end, write_end = os.pipe()
    console = lab.terminal("/bin/sh", "-c", "echo up >&2; exec cat",
                           elsewhere={1: write_end})
    os.close(write_end)
    console.expect("up")
    console.type("text\r")
    console.expect("text")
    console.type("\x04")
    wants(console.wait() == 0, "status 0")
    with open(read_end, "rb") as file:
        came = file.read()
    if came != b"text\n":
        raise suite.Failure(suite.difference("text\n", came.decode()))


@live
def test_own_terminal(lab):
    """/dev/tty is the terminal, where standard output leads elsewhere too."""
    lab.busybox()
    read_end, write_end = os.pipe()
    console = lab.terminal(
        "/bin/busybox", "sh", "-c", "echo to you >/dev/tty; echo away; "
        "read word </dev/tty; echo \"got $word\"",
        elsewhere={1: write_end, 2: write_end})
    os.close(write_end)
    console.expect("to you")
    console.type("word\r")
    wants(console.wait() == 0, "status 0")
    wants("away" not in console.said, "no standard output here")
    with open(read_end, "rb") as file:
        came = file.read()
    if came != b"away\ngot word\n":
        raise suite.Failure(f"came: {came}")


@live
def test_readers(lab):
    """Of four readers of one terminal each line goes to one, whole, and no
    reader gets an empty one."""
    lab.busybox()
    console = lab.terminal(
        "/bin/busybox", "sh", "-c", "exec 3<&0; busybox stty -echo; "
        "reader() { n=1; while [ $n != 0 ]; do "
        "n=$(busybox dd bs=4096 count=1 <&3 2>/dev/null | busybox wc -c); "
        "echo \"($n)\"; done; }; "
        "for i in 1 2 3 4; do reader & done; echo up; wait")
    console.expect("up")
    sizes = range(10, 1000, 20)
    for size in sizes:
        console.type("x" * (size - 1) + "\r")
    for size in sizes:
        console.at = 0
        console.expect(f"({size})")
    wants("(0)" not in console.said, "no reader at its end")
    console.type("\x04" * 4)
    wants(console.wait() == 0, "status 0")


@live
def test_writers(lab):
    """What one write sends to a terminal comes out in one piece."""
    lab.busybox()
    console = lab.terminal(
        "/bin/busybox", "sh", "-c", "line() { i=0; while [ $i != 20 ]; do "
        "busybox printf '<%01000d>\\n' $1; i=$((i + 1)); done; }; "
        "line 1 & line 2 & line 3 & wait; echo over")
    console.expect("over")
    for number in (1, 2, 3):
        wants(console.said.count(f"<{number:01000d}>\r\n") == 20,
              f"20 whole lines of {number}")
    wants(console.wait() == 0, "status 0")


def test_shell(lab):
    """Without a program there is a shell; Ctrl-A X leaves it."""
    console = lab.terminal()
    console.expect("$ ")
    console.type("echo 'he'llo\r")
    console.expect("hello\r")
    console.expect("$ ")
    console.type("\x01x")
    wants(console.wait() == 0, "status 0")
    wants(console.is_restored(), "the terminal as it was")


def test_shell_size(lab):
    """The shell's terminal is as large as ours."""
    lab.busybox()
    console = lab.terminal(rows=31, columns=91)
    console.expect("$ ")
    console.type("stty size\r")
    console.expect("\n31 91\r")
    console.type("poweroff\r")
    wants(console.wait() == 0, "status 0")


def test_shell_poweroff(lab):
    """`poweroff` leaves the shell."""
    console = lab.terminal()
    console.expect("$ ")
    console.type("poweroff\r")
    wants(console.wait() == 0, "status 0")
    wants(console.is_restored(), "the terminal as it was")


def test_panic_on_terminal(lab):
    """A panic in front of a person gives 125, files and lines."""
    console = lab.terminal(options=["--append", "test=panic"])
    console.expect("the kernel panicked")
    console.expect("kernel/selftest.c:")
    wants(console.wait() == 125, "status 125")
    wants(console.is_restored(), "the terminal as it was")
