"""What the kernel tells of itself while it runs: watchdog and debug keys."""

from lib import suite
from lib.machine_tests import variants


def ranks(lock_stat: str) -> dict:
    """Rank -> how often taken, by another CPU, waited for, longest hold."""
    return {row.split()[0]: [int(word) for word in row.split()[1:]]
            for row in lock_stat.splitlines()[1:] if not row.startswith(" ")}


@variants("smp4", "checked", "smp8")
def test_late(lab):
    """A lock held too long and interrupts kept off too long are reported
    with a backtrace, when they end."""
    came = lab.run("cat", "/proc/lock_stat", options=[
        "-v", "--append", "watchdog=20 test=late"])
    came.wants(0, errors=[
        "a spinlock of rank DRIVER was held for", "until here:",
        "disaster_late+0x", "selftest_run+0x"])
    if ranks(came.output)["DRIVER"][3] < 20000:
        raise suite.Failure(f"DRIVER: no hold of 20 ms\n{came.output}")


@variants("smp4", "checked", "smp8")
def test_stuck(lab):
    """A CPU that never comes back is reported with the place where it is: the
    only one, which an NMI makes report itself, and another one."""
    for cpus in {1, lab.variant.cpus}:
        console = lab.boot(append="watchdog=50 test=hang", cpus=cpus)
        console.expect(f"cpu {cpus - 1} has had interrupts off for")
        console.expect("disaster_hang+0x")


def press(console, key: str) -> None:
    console.command("chardev-send-break", id="log")
    console.type(key)


def places(console) -> str:
    """Asks where each CPU is; the answer to the time before."""
    press(console, "l")
    return console.expect("debug key l: ")


@variants("default", "smp4")
def test_keys(lab):
    """A break and a key make the kernel report, even while the log is quiet
    and a program reads the terminal raw; other keys are that program's."""
    console = lab.boot(append=f"{lab.variant.append} log=quiet")
    console.expect("$ ")
    press(console, "h")
    console.expect("c  panic")
    press(console, "l")
    for cpu in range(lab.variant.cpus):
        console.expect(f"cpu {cpu}")
    console.type("while :; do :; done\n")
    console.expect("done\n")
    if not any("runs user code at 08" in places(console)
               for _ in range(100)):
        raise suite.Failure("nobody ever runs a busy loop")
    console.type("\x03")
    console.expect("$ ")
    press(console, "w")
    console.expect("debug key w: ")
    console.type("cat\n")
    console.expect("cat\n")
    console.type("l h\n")
    console.expect("l h\nl h\n")
    press(console, "c")
    console.expect("a debug key asked for it")


@variants("smp4")
def test_lock_key(lab):
    """CHECKED builds show what locks have cost, at a key and as a file."""
    console = lab.boot(append="log=quiet")
    console.expect("$ ")
    press(console, "d")
    console.expect("RUN_QUEUE")
    shown = lab.run("cat", "/proc/lock_stat")
    shown.wants(0)
    rows, locks = {}, {}
    for row in shown.output.splitlines()[1:]:
        name, *figures = row.split()
        figures = [int(word) for word in figures]
        if row.startswith(" "):
            locks[rank].append(figures)
        else:
            rank = name
            rows[rank], locks[rank] = figures, []
    # The rank is read before its locks, which are taken meanwhile.
    queues = [taken for taken, *_rest in locks["RUN_QUEUE"]]
    if not (2 <= len(queues) <= 4 and sum(queues) >= rows["RUN_QUEUE"][0]):
        raise suite.Failure(f"not each run queue: {shown.output}")
    for rank in ("RUN_QUEUE", "FRAME", "PROCESS_TABLE", "ADDRESS_SPACE"):
        if not rows[rank][0] > rows[rank][1]:
            raise suite.Failure(f"{rank}: {rows[rank]}")


LOOKS = "for i in 1 2; do ls -lR / >/dev/null 2>&1; done"


@variants("smp4", "smp8")
def test_contended(lab):
    """Of a lock that all processes want, CHECKED builds count who had to wait
    and who got it from another CPU."""
    lab.busybox()
    shown = lab.shell(f"({LOOKS}) & ({LOOKS}) & ({LOOKS}) & {LOOKS}; wait; "
                      "cat /proc/lock_stat")
    shown.wants(0)
    figures = ranks(shown.output)
    for rank, (taken, transfers, contended, _longest) in figures.items():
        if taken < transfers or taken < contended:
            raise suite.Failure(f"{rank}: {shown.output}")
    taken, transfers, contended, _longest = figures["NAMES"]
    if taken < 1000 or min(transfers, contended) < taken // 100:
        raise suite.Failure(f"NAMES is shared by all:\n{shown.output}")
