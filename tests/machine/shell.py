"""user/bin/sh against dash: each snippet must print the same and end with the
same status. What they say on standard error is their own affair.

shell.snippets has one a line; a line that begins with a tab goes on with it.
"""

import functools
import os
import shutil
import subprocess
import tempfile
import threading

from lib import suite, tree
from lib.machine_tests import variants

SNIPPETS = os.path.join(tree.TOP, "tests", "machine", "shell.snippets")
SECONDS = 20
one_asks = threading.Lock()
# Each must be refused: too deep, without an end, or not known here.
HOSTILE = ["(" * 100000, "! " * 50000 + "a", "a|" * 50000 + "a",
           "echo " + "$(" * 50000, "echo " + "\"$(" * 30000,
           "while " * 20000, "echo \"" + "a" * 100000, "echo ${x",
           "echo `true`", "echo \"`true`\"", "echo $((1 + 2))"]
# In the guest, all snippets in one boot. The last line shows that all ran.
DRIVER = """for i in $(cat /snippets/list); do
    mkdir /tmp/place$i; cd /tmp/place$i
    sh -c "$(cat /snippets/$i)" </dev/null >/tmp/out 2>/dev/null
    echo "== $i $?"; cat /tmp/out; echo
done
cd /; rm -r /tmp/place* /tmp/out
echo all"""


def snippets() -> list:
    with open(SNIPPETS, encoding="utf-8") as file:
        return file.read().replace("\n\t", "\0").replace(
            "\n", "\1").replace("\0", "\n").strip("\1").split("\1")


def outcome(shell: str, text: str, folder: str) -> str:
    """Status and output of a text, where `sh` means this very shell."""
    place = os.path.join(folder, "place")
    programs = os.path.join(folder, "bin")
    shutil.rmtree(programs, ignore_errors=True)
    os.makedirs(programs)
    os.makedirs(place)
    os.symlink(shell, os.path.join(programs, "sh"))
    # A bare Debian has none: it is dash's own, and sh has no other.
    with open(os.path.join(programs, "kill"), "w", encoding="utf-8",
              opener=lambda path, flags: os.open(path, flags, 0o755)) as file:
        file.write("#!/bin/dash\nkill \"$@\"\n")
    try:
        run = subprocess.run(
            [os.path.join(programs, "sh"), "-c", text], cwd=place,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS,
            start_new_session=True,
            env={"PATH": f"{programs}:/usr/bin:/bin", "HOME": place,
                 "ASAN_OPTIONS": "detect_leaks=0"})
    except subprocess.TimeoutExpired:
        return f"no end within {SECONDS} s"
    finally:
        shutil.rmtree(place)
    said = run.stderr.decode(errors="replace")
    if "Sanitizer" in said or "runtime error" in said:
        return said
    return f"{run.returncode}\n{run.stdout.decode(errors='replace')}"


def compare(texts: list, wanted: list, came: list) -> None:
    """Fail with each snippet that came out differently."""
    problems = [f"{text}\n{suite.difference(one, other)}"
                for text, one, other in zip(texts, wanted, came)
                if one != other]
    if problems:
        raise suite.Failure("\n\n".join(problems[:10]))


@functools.cache
def answers_of_dash() -> list:
    with tempfile.TemporaryDirectory() as folder:
        dash = shutil.which("dash")
        return [outcome(dash, text, folder) for text in snippets()]


def as_dash_says(lab) -> list:
    """Of all snippets; dash is asked once, whoever comes first."""
    lab.needs("dash")
    with one_asks:
        return answers_of_dash()


def compiled(lab) -> str:
    """sh for the host, with ASan and UBSan."""
    lab.needs("gcc")
    shell = os.path.join(lab.folder(), "shell")
    source = os.path.join(tree.TOP, "user", "bin", "sh")
    subprocess.run(["gcc", "-std=gnu11", "-g", "-O1",
                    "-fsanitize=address,undefined", "-o", shell]
                   + [os.path.join(source, name)
                      for name in sorted(os.listdir(source))
                      if name.endswith(".c")], check=True)
    return shell


@variants("default")
def test_on_host(lab):
    """Compiled for the host, sh does what dash does."""
    texts = snippets()
    wanted = as_dash_says(lab)
    shell = compiled(lab)
    folder = lab.folder()
    compare(texts, wanted, [outcome(shell, text, folder) for text in texts])


@variants("default")
def test_hostile_text(lab):
    """What is nested too deeply, or never ends, is a syntax error."""
    shell = compiled(lab)
    folder = lab.folder()
    compare([text[:40] for text in HOSTILE], ["2\n"] * len(HOSTILE),
            [outcome(shell, text, folder) for text in HOSTILE])


def test_in_spindle(lab):
    """In Spindle, with BusyBox's programs, sh does what dash does on Linux."""
    lab.busybox()
    texts = snippets()
    wanted = as_dash_says(lab)
    folder = os.path.join(lab.folder(), "snippets")
    os.mkdir(folder)
    names = [f"{i:03}" for i in range(len(texts))]
    for name, text in [*zip(names, texts), ("list", "\n".join(names))]:
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text + "\n")
    run = lab.run("/bin/sh", "-c", DRIVER,
                  options=["--add", f"{folder}:/snippets"])
    run.wants(0)
    parts = run.output.split("== ")
    came = [part.partition(" ")[2][:-1] for part in parts[1:]]
    if parts[-1].splitlines()[-1:] != ["all"] or len(came) != len(texts):
        raise suite.Failure(f"wanted: {len(texts)} snippets\n"
                            f"came:   {run.output[-2000:]}\n{run.errors}")
    came[-1] = came[-1].rpartition("\nall")[0]
    compare(texts, wanted, came)
