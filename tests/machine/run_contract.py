"""The contract of tools/run (design, section 6), as its users meet it."""

import glob
import os
import signal
import subprocess
import time

from lib import suite, tree
from lib.machine_tests import BACKSTOP, RUN, live, variants

HELLO = r"""
#include <stdio.h>
int main(int count, char **words)
{
    for (int i = 0; i < count; i++)
        printf("%d %s\n", i, words[i]);
    return count;
}
"""
AGAIN = r"""
#include <stdio.h>
#include <unistd.h>
int main(int count, char **words)
{
    if (count == 1)
        execl(words[0], words[0], "again", NULL);
    printf("%s\n", count == 2 ? words[1] : words[0]);
    return access(words[0], X_OK) ? 1 : 0;
}
"""
COUNTER = r"""
#include <stdio.h>
int main(void)
{
    unsigned low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    printf("%u %u\n", high, low);
    return 0;
}
"""
ERRORS = r"""
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(void)
{
    char byte;
    for (int stream = 0; stream < 3; stream++)
        printf("%d", isatty(stream));
    fprintf(stderr, "to error\n");
    return read(0, &byte, 1) == 0 ? 3 : 4;
}
"""


def compiled(lab, text: str, name: str = "program") -> str:
    """TEXT as a static program made by spindle-cc."""
    folder = lab.folder()
    source = os.path.join(folder, f"{name}.c")
    with open(source, "w", encoding="utf-8") as file:
        file.write(text)
    path = os.path.join(folder, name)
    subprocess.run([os.path.join(tree.BUILD, "bin", "spindle-cc"), "-O2",
                    "-o", path, source], check=True)
    return path


def test_pipeline(lab):
    """A pipeline of unmodified programs prints what it prints on Linux."""
    lab.busybox()
    lab.shell("seq 1 100000 | sort -n | tail -n 1").wants(0, "100000\n")


def test_input(lab):
    """Standard input reaches the program."""
    lab.busybox()
    lab.run("sort", stdin=b"b\na\n").wants(0, "a\nb\n")


def test_late_input(lab):
    """Input that comes while the program waits for it reaches it."""
    lab.busybox()
    lab.host("(sleep 1; echo x) | $RUN -- cat").wants(0, "x\n")


@live
def test_answer_before_end(lab):
    """Output arrives while the program runs, and it may be answered."""
    lab.busybox()
    lab.host("""
        coproc guest { $RUN -- cat; }
        for i in 1 2 3; do
            echo "line $i" >&${guest[1]}
            read -r answer <&${guest[0]} && echo "got $answer"
        done
        exec {guest[1]}>&-
        wait
        """).wants(0, "got line 1\ngot line 2\ngot line 3\n")


def test_exit_status(lab):
    """The exit status is the program's own."""
    lab.shell("exit 7").wants(7, "")


def test_killed(lab):
    """A program that signal 9 killed ends with 137."""
    lab.shell("kill -9 $$").wants(137, "")


def test_host_program(lab):
    """A host program runs by its path, with its arguments and argv[0]."""
    path = compiled(lab, HELLO)
    lab.run(path, "a b", "").wants(3, f"0 {path}\n1 a b\n2 \n")


def test_relative_program(lab):
    """A host program with a relative path runs, in a directory with spaces."""
    path = compiled(lab, HELLO, "a program")
    lab.run("./a program", cwd=os.path.dirname(path)).wants(
        1, "0 ./a program\n")


def test_program_again(lab):
    """A host program can open and execute its argv[0], wherever it lies."""
    path = compiled(lab, AGAIN)
    folder = os.path.dirname(path)
    os.mkdir(os.path.join(folder, "bin"))
    for word in (path, "./program", f"../{os.path.basename(folder)}/program"):
        lab.run(word, cwd=folder).wants(0, "again\n")
    os.rename(path, os.path.join(folder, "bin", "sh"))
    lab.run("bin/sh", "x", cwd=folder).wants(0, "x\n")


def test_streams_apart(lab):
    """Output and error stay apart, isatty is the host's, input can end."""
    came = lab.run(compiled(lab, ERRORS))
    came.wants(3, "000")
    if came.errors != "to error\n":
        raise suite.Failure(suite.difference("to error\n", came.errors))


def test_added_file(lab):
    """--add brings a file to the place that was asked for."""
    lab.busybox()
    folder = lab.folder()
    path = os.path.join(folder, "text")
    with open(path, "w", encoding="utf-8") as file:
        file.write("brought\n")
    lab.run("cat", "/some/where", options=[
        "--add", f"{path}:/some/where"]).wants(0, "brought\n")


def test_added_names(lab):
    """What several --add bring, be it a directory, keeps its path where none
    is given, and its name where that path leads upwards."""
    lab.busybox()
    folder = lab.folder()
    os.makedirs(os.path.join(folder, "here", "things", "inner"))
    os.mkdir(os.path.join(folder, "near"))
    for name in ("near/beside", "here/note", "here/things/first",
                 "here/things/inner/second"):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(f"{name}\n")
    whole = os.path.join(folder, "here", "note")
    lab.run("cat", "/note", "/things/first", "/things/inner/second", "/beside",
            whole, cwd=os.path.join(folder, "here"), options=[
                "--add", "note", "--add", "things", "--add", "../near/beside",
                "--add", whole]).wants(
        0, "here/note\nhere/things/first\nhere/things/inner/second\n"
        "near/beside\nhere/note\n")


def test_binary_data(lab):
    """10 MB of binary data go through cat and come back identical."""
    lab.busybox()
    data = bytes(range(256)) * 16 * 2560 + os.urandom(4096)
    came = lab.run("cat", stdin=data)
    came.wants(0)
    if came.raw != data:
        raise suite.Failure(f"wanted: {len(data)} bytes, unchanged\n"
                            f"came:   {len(came.raw)} bytes")


def children(process: int) -> list:
    with open(f"/proc/{process}/task/{process}/children",
              encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


def cpu_threads(lab, *options) -> list:
    """The names of the host's threads that are the CPUs of tools/run."""
    words = [RUN, *lab.run_words(), *options, "--", "/bin/sh", "-c",
             "echo up; while :; do :; done"]
    names = []
    with subprocess.Popen(words, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE) as run:
        try:
            run.stdout.readline()
            threads = f"/proc/{children(run.pid)[0]}/task/*/comm"
            for path in glob.glob(threads):
                with open(path, encoding="ascii") as file:
                    names.append(file.read().strip())
        finally:
            run.kill()
    return sorted(name for name in names if name.endswith("/TCG"))


@variants("default")
def test_threads(lab):
    """Each CPU is a thread of the host's; under --icount they share one and
    take turns."""
    for options, wanted in ((["--smp", "4"], [f"CPU {number}/TCG"
                                              for number in range(4)]),
                            (["--smp", "4", "--icount"], ["ALL CPUs/TCG"])):
        came = cpu_threads(lab, *options)
        if came != wanted:
            raise suite.Failure(f"wanted: {wanted}\ncame:   {came}")


def rests(process: int) -> bool:
    """Has PROCESS, and its children, taken no CPU time for a while?"""
    def ticks() -> int:
        total = 0
        for member in [process, *children(process)]:
            with open(f"/proc/{member}/stat", encoding="ascii") as file:
                total += sum(map(int, file.read().split()[13:15]))
        return total

    before = ticks()
    time.sleep(0.3)
    return ticks() - before <= 3


@live
def test_small_writes(lab):
    """While nobody takes them from the machine, many small writes wait."""
    lab.busybox()
    count = 60000
    words = [RUN, *lab.run_words(), "--", "/bin/sh", "-c", "echo up >&2; "
             f"exec busybox dd if=/dev/zero bs=1 count={count} 2>/dev/null"]
    with subprocess.Popen(words, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as run:
        try:
            run.stderr.readline()
            run.send_signal(signal.SIGSTOP)
            deadline = time.monotonic() + BACKSTOP
            while not rests(run.pid):
                if time.monotonic() > deadline:
                    raise suite.Failure("it never comes to rest")
            run.send_signal(signal.SIGCONT)
            output, errors = run.communicate(timeout=BACKSTOP)
        finally:
            run.kill()  # a stopped process would be waited for for ever
    came = (run.returncode, len(output), errors)
    if came != (0, count, b""):
        raise suite.Failure(f"came: {came}")


@live
def test_input_nobody_reads(lab):
    """A program that never reads its input ends all the same."""
    lab.host("$RUN -- /bin/sh -c 'exit 5' </dev/zero").wants(5, "")


def test_closed_output(lab):
    """Behind a reader that leaves, tools/run ends by SIGPIPE, quietly."""
    lab.busybox()
    lab.host("set -o pipefail; $RUN -- yes | head -n 2").wants(141, "y\ny\n")


def test_slow_output(lab):
    """A reader that is slow gets everything."""
    lab.busybox()
    lab.host("cmp <($RUN -- seq 1 200000 | (sleep 1; cat)) "
             "<(seq 1 200000) && echo same").wants(0, "same\n")


def test_not_found(lab):
    """A program that is not there: 127, and a word about it."""
    lab.run("no-such-program").wants(127, "", ["no-such-program"])


def test_not_executable(lab):
    """A file that cannot be executed: 126."""
    folder = lab.folder()
    path = os.path.join(folder, "data")
    with open(path, "wb") as file:
        file.write(b"\0\1\2\3")
    os.chmod(path, 0o755)
    lab.run(path).wants(126, "")


def test_timeout(lab):
    """--timeout ends an endless loop with 124."""
    lab.run("/bin/sh", "-c", "while :; do :; done",
            options=["--timeout", "2"]).wants(124, "")


def test_panic(lab):
    """A panic gives 125, and a backtrace with files and lines."""
    came = lab.run("/bin/true", options=["--append", "test=panic"])
    came.wants(125, "", ["asked for by test=panic", "kernel/selftest.c:",
                         "kernel/main.c:"])


def test_kernel_log(lab):
    """-v shows the kernel's log on standard error; without it, nothing."""
    lab.shell("echo out", options=["-v"]).wants(0, "out\n", ["memory: "])
    if lab.shell(":").errors:
        raise suite.Failure("standard error was not left alone")


def test_trace(lab):
    """--trace writes the program's system calls with their results."""
    path = os.path.join(lab.folder(), "trace")
    lab.shell("echo traced", options=["--trace", path]).wants(0, "traced\n")
    with open(path, encoding="utf-8", errors="replace") as file:
        text = file.read()
    for wanted in ("execve(", "exit_group(", "write("):
        if wanted not in text:
            raise suite.Failure(f"wanted: {wanted!r} in the trace\n"
                                f"came:   {text[-2000:]}")


@variants("default", "checked")
def test_repeats_exactly(lab):
    """Two runs under --icount read the same instruction counter."""
    path = compiled(lab, COUNTER)
    runs = [lab.run(path, options=["--icount"]) for _ in range(2)]
    for run in runs:
        run.wants(0)
    if runs[0].output != runs[1].output or not runs[0].output.strip():
        raise suite.Failure(f"{runs[0].output!r} and {runs[1].output!r}")


@variants("default", "checked")
def test_icount_input(lab):
    """Under --icount standard input is read whole and reaches the program."""
    lab.busybox()
    lab.run("sort", stdin=b"b\na\n", options=["--icount"]).wants(0, "a\nb\n")


def test_piped_shell(lab):
    """Without a program and terminal, the shell reads commands from input."""
    lab.host("printf 'echo one\\necho two\\nexit 4\\n' | $RUN").wants(
        4, "one\ntwo\n")
    lab.host("printf 'echo one\npoweroff\n' | $RUN").wants(0, "one\n")


@variants("default")
def test_make_run(lab):
    """`make run SMP=N` starts a machine with so many CPUs."""
    lab.host("echo grep -c processor /proc/cpuinfo | make -s run SMP=3").wants(
        0, "3\n")


EATER = """
#include <string.h>
#include <sys/mman.h>
int main(void)
{
    for (;;) {
        void *map = mmap(0, 1 << 20, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (map != MAP_FAILED)
            memset(map, 1, 1 << 20);
    }
}
"""


def test_init_without_memory(lab):
    """An init that eats all memory, alone, ends the machine in a sentence."""
    eater = compiled(lab, EATER)
    lab.run("true", options=["--mem", "32", "--append", "init=/eater",
                             "--add", f"{eater}:/eater"]).wants(
        125, "", ["out of memory, and only init is left"])


@variants("default")
def test_bad_usage(lab):
    """Bad usage gives 2 and says why."""
    for words, why in (("--no-such", "no such option"), ("--smp x", "--smp"),
                       ("--mem", "wants a value"), ("--", "program"),
                       ("--mem 1", "above the first MiB"),
                       ("--env -- true", "--env wants a value"),
                       ("--add ''", "a file"), ("--add :/x", "a file")):
        lab.host(f"$RUN {words}").wants(2, "", [why])


@variants("default")
def test_cannot_start(lab):
    """What cannot be started as it was asked for gives 2 and says why."""
    missing = "No such file or directory"
    for words, why in (("--add /nowhere", f"/nowhere: {missing}"),
                       ("--trace /nowhere/x", f"/nowhere/x: {missing}"),
                       ("--kernel /nowhere", "/nowhere is missing\n"),
                       ("--kernel README.md", "no Multiboot kernel"),
                       ("--ramdisk /nowhere", "/nowhere is missing\n"),
                       ("--ramdisk /dev/null", "/dev/null is no file"),
                       ("--cpu nope", "CPU model 'nope'"),
                       ("--ramdisk README.md", "no cpio archive"),
                       ("--machine nope", "--machine nope"),
                       ("--smp 300", "Invalid SMP CPUs 300")):
        lab.host(f"tools/run {words} -- true").wants(2, "", [why])


@variants("default")
def test_missing_kernel(lab):
    """A kernel that has not been built is named."""
    lab.host("SPINDLE_KERNEL=/nowhere/kernel tools/run -- true").wants(
        2, "", ["/nowhere/kernel is missing: `make` builds it"])
