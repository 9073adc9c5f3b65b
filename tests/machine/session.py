"""Sessions at the shell on the serial console, typed as a person types."""

import os
import subprocess

from lib import cpio, machine, suite, tree

# Wants every thread that comes free, then ends the shell that started it.
FILLER = """
#include <errno.h>
#include <signal.h>
#include <unistd.h>
int main(void)
{
    pid_t shell = getppid(), first = getpid();
    signal(SIGHUP, SIG_IGN);
    while (fork() >= 0)
        ;
    if (getpid() == first) {
        write(1, errno == EAGAIN ? "full\\n" : "strange\\n", 5);
        kill(shell, SIGKILL);
    }
    for (;;)
        fork();
}
"""


def booted(lab, **options):
    console = lab.boot(**options)
    console.expect("$ ")
    return console


def test_prompt(lab):
    """A boot without a program ends at a prompt; poweroff turns it off."""
    console = booted(lab)
    console.type("echo 'fo'rty-two\n")
    console.expect("\nforty-two")
    console.expect("$ ")
    console.type("poweroff\n")
    console.ends(machine.POWERED_OFF)


def test_pipeline(lab):
    """A pipeline with redirections works at the prompt."""
    lab.busybox()
    console = booted(lab)
    console.type("seq 1 1000 | grep 7 | wc -l >/tmp/n; cat </tmp/n\n")
    console.expect("\n271")
    console.expect("$ ")


def test_interrupt(lab):
    """Ctrl-C ends the program in front and not the shell."""
    console = booted(lab)
    console.type("while :; do :; done\n")
    console.expect("\n")
    console.type("\x03")
    console.expect("$ ")
    console.type("sh -c \"echo 'slee'ping; exec sleep 1000\"\n")
    console.expect("\nsleeping")
    console.type("\x03")
    console.expect("$ ")
    console.type("echo 'al'ive\n")
    console.expect("\nalive")


def test_interrupt_any_time(lab):
    """Whenever Ctrl-C comes, a new line and a fresh prompt come."""
    console = booted(lab)
    lines = ("", "echo not to the end", "while :; do :; done\n",
             "while (exit 0); do :; done\n", "sh -c :\n", "sleep 1000\n",
             "sleep 1 & wait\n", "(sleep 1000) | wait\n", "echo $(sleep 1)\n")
    for line in lines * 10:
        console.type(line + "\x03")
        console.expect("^C")
        console.expect("\n$ ")
    console.type("echo 'al'ive\n")
    console.expect("\nalive")


def test_line_editing(lab):
    """Backspace, Ctrl-U and Ctrl-D do in a line what they do everywhere."""
    console = booted(lab)
    console.type("echo wrong\x15echo goox\x7fd\n")
    console.expect("\ngood")
    console.expect("$ ")
    console.type("cat\nabc\n\x04")
    console.expect("\nabc\n")
    console.expect("$ ")


def test_end_of_file(lab):
    """Ctrl-D at the prompt ends the shell, and a new one comes."""
    console = booted(lab)
    console.type("x=kept\n")
    console.expect("$ ")
    console.type("\x04")
    console.expect("new one")
    console.expect("$ ")
    console.type("echo \"<$x>\"\n")
    console.expect("\n<>")


def filler(lab) -> bytes:
    """A ramdisk with /filler."""
    path = os.path.join(lab.folder(), "filler")
    subprocess.run([os.path.join(tree.BUILD, "bin", "spindle-cc"), "-O1", "-x",
                    "c", "-o", path, "-"], input=FILLER.encode(), check=True)
    writer = cpio.Writer()
    writer.tree(path, "filler")
    return writer.archive()


def test_shell_for_full_table(lab):
    """While others take every thread that they can get, init can still make a
    child: the shell was killed, and a new one comes."""
    console = booted(lab, modules=[tree.RAMDISK, filler(lab)],
                     append="threads=64")
    console.type("/filler\n")
    console.expect("\nfull")
    console.expect("new one")
    console.expect("$ ")
    console.type("exec echo 'al'ive\n")    # which needs no thread
    console.expect("\nalive")


def test_program_error(lab):
    """A program that jumps into nowhere dies; the shell goes on."""
    console = booted(lab)
    console.type("sh -c 'kill -SEGV $$'; echo \"status $?\"\n")
    console.expect("\nstatus 139")
    console.expect("$ ")


def test_background(lab):
    """A job in the background runs beside the shell and is waited for."""
    console = booted(lab)
    console.type("(sleep 1; echo 'be'hind) & echo 'be'fore; wait\n")
    console.expect("\nbefore")
    console.expect("behind")
    console.expect("$ ")


def test_scheduler(lab):
    """The scheduler is read and changed at the prompt while a loop runs, and
    renice makes the loop nicer, which ps shows."""
    lab.busybox()
    console = booted(lab)
    console.type("cat /proc/scheduler\n")
    console.expect("\n[rr] prio mlfq stride fair")
    console.expect("$ ")
    console.type("while :; do :; done &\n")
    console.expect("$ ")
    for name in ("prio", "mlfq", "stride", "fair"):
        console.type(f"echo {name} >/proc/scheduler; cat /proc/scheduler\n")
        console.expect(f"[{name}]")
        console.expect("$ ")
    console.type("echo cfs >/proc/scheduler || echo 're'fused\n")
    console.expect("\nrefused")
    console.expect("$ ")
    console.type("renice -n 7 $! && ps -o pid,nice | grep \"^ *$! \"\n")
    console.expect(" 7")
    console.expect("$ ")
    console.type("kill $!; wait; echo 'go'ne\n")
    console.expect("\ngone")


def test_quiet(lab):
    """With log=quiet the first thing on the console is the prompt."""
    console = lab.boot(append="log=quiet")
    before = console.expect("$ ")
    if before.strip():
        raise suite.Failure(f"wanted: nothing\ncame:   {before!r}")
