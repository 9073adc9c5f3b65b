"""The demos keep what they promise, in the figures that they print."""

import re

from lib import suite

ICOUNT = ("--icount",)


def rows(output: str, label: str) -> list:
    """The numbers of each line that begins with LABEL."""
    lines = [line[len(label):] for line in output.splitlines()
             if line.startswith(label)]
    if not lines:
        raise suite.Failure(f"no line begins with {label!r}:\n{output}")
    return [[float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", line)]
            for line in lines]


def wants(holds: bool, what: str, output: str) -> None:
    if not holds:
        raise suite.Failure(f"wanted: {what}\ncame:\n{output}")


def shown(lab, name: str, options=ICOUNT) -> str:
    """What a demo prints. It ends with 0, by its own account too."""
    run = lab.run(name, options=options)
    run.wants(0)
    return run.output


def frames(output: str, label: str) -> list:
    """The frames that the lines beginning with LABEL name."""
    return [line.partition("frame ")[2].split(",")[0]
            for line in output.splitlines() if line.startswith(label)]


def test_fork_tree(lab):
    """A tree of forks three deep has fifteen processes, each one's number
    printed by itself and waited for by its parent."""
    output = shown(lab, "fork-tree", ())
    found = re.findall(r"process (\d+), child of (\d+)", output)
    children = {child for child, _ in found}
    parents = {parent for _, parent in found}
    wants(len(children) == 15 and len(parents - children) == 1,
          "15 processes, and the parents of all but the first among them",
          output)
    wants("15 processes: each" in output, "the sum of 15", output)


def test_uthreads(lab):
    """Where all user threads share one kernel thread, one that sleeps in the
    kernel stops all of them; with two, the other goes on."""
    output = shown(lab, "uthreads")
    (on_one,) = rows(output, "On 1 kernel thread: one thread slept for")
    (on_two,) = rows(output, "On 2 kernel threads: one thread slept for")
    wants(on_one == [100, 0] and on_two[0] == 100 and on_two[1] > 1000,
          "no turn while one sleeps on 1, many on 2", output)
    wants(" a1 b1 c1 a2 b2 c2 a3 b3 c3" in output, "turns in order", output)
    loops = rows(output, "Two loops that never yield")
    wants(len(loops) > 1 and all(min(rounds) > 0 for rounds in loops),
          "both loops get on, by the timer alone", output)


def test_same_address(lab):
    """One address holds two values in two processes: it is two frames."""
    output = shown(lab, "same-address", ())
    (before,), (child,), (parent,) = (frames(output, label) for label in
                                      ("before", "child", "parent"))
    addresses = set(re.findall(r"address (0x\w+) holds", output))
    wants(before == parent != child and len(addresses) == 1,
          "one address, and another frame in the child", output)
    wants([int(value) for value in re.findall(r"holds (\d+)", output)]
          == [1, 2, 1], "only the child sees its write", output)


def test_shared_text(lab):
    """Two runs of a program share the frames of its code, not of its data."""
    output = shown(lab, "shared-text", ())
    code = frames(output, "first:  code") + frames(output, "second: code")
    data = (frames(output, "first:  variable")
            + frames(output, "second: variable"))
    wants(len(code) == 2 and len(set(code)) == 1, "one frame of code", output)
    wants(len(data) == 2 and len(set(data)) == 2, "two of data", output)


def test_copy_on_write(lab):
    """After a fork only a write takes a fault and a frame, once a page."""
    output = shown(lab, "copy-on-write", ())
    found = [int(count) for count in re.findall(r"(\d+) faults", output)]
    wants(found == [1000, 0, 100], "1000, 0 and 100 faults", output)


def test_pipeline(lab):
    """Three processes add up squares through two pipes."""
    total = sum(number ** 2 for number in range(1, 1001))
    output = shown(lab, "pipeline", ())
    wants(f"add up to {total}." in output, f"{total}", output)


def test_kernel_threads(lab):
    """The process table shows the kernel's threads: a CPU's idle one, the
    worker and, where there is something to balance, the balancer."""
    output = shown(lab, "kernel-threads", ())
    names = ["idle/0", "worker"] + ["balancer"] * (lab.variant.cpus > 1)
    wants(all(re.search(rf" 0 {name} +<- a kernel", output) for name in names),
          ", ".join(names), output)


def test_three_models(lab):
    """Threads of the library cost less than the kernel's; where the kernel
    knows one, all wait for one that waits, and where it knows several, not."""
    output = shown(lab, "three-models")
    models = ("one-to-one", "many-to-one", "many-to-many")
    one, library, both = (rows(output, model)[0] for model in models)
    for part, what in ((0, "creating"), (1, "switching")):
        wants(max(library[part], both[part]) < one[part],
              f"{what} is cheaper in the library", output)
    wants(library[2] >= 8 * 20 and library[3] == 1,
          "eight times 20 ms one after the other on one thread", output)
    wants(max(one[2], both[2]) < 2 * 20, "20 ms side by side", output)
    if lab.variant.cpus >= 4:
        wants(min(one[-1], both[-1]) > 3 and library[-1] < 1.1,
              "several CPUs busy but with many-to-one", output)


def losses(output: str, way: str, tables: int) -> list:
    """Wanted - came of a way in each table, and that the table says so."""
    found = rows(output, way)
    wants(len(found) == tables, f"{tables} tables", output)
    for wanted, came, lost, *_ in found:
        wants(wanted - came == lost, f"{way}: lost is wanted - came", output)
    return [row[2] for row in found]


def race(lab, options) -> str:
    output = shown(lab, "race", options)
    tables = 2 if lab.variant.cpus > 1 else 1
    wants(min(losses(output, "load, work, store", tables)) > 0,
          "the wrong way loses, on several CPUs and on one", output)
    for way in ("mutex", "atomic instruction", "spinlock", "a counter each"):
        wants(losses(output, way, tables) == [0] * tables,
              f"{way} loses nothing", output)
    return output


def test_race(lab):
    """An unprotected counter loses updates, four ways to protect it none; who
    waits for a spinlock on one CPU spins for whole quanta."""
    output = race(lab, ICOUNT)
    spun = float(re.findall(r"spun for ([\d.]+) ms", output)[-1])
    quantum = 1 if "quantum=1" in lab.variant.append else 10
    wants(spun > quantum, f"more than {quantum} ms on one CPU", output)


def test_race_in_time(lab):
    """So it is when the CPUs run as they like."""
    race(lab, ())


def test_producer_consumer(lab):
    """Nothing is lost or doubled, and the fast side waits."""
    output = shown(lab, "producer-consumer")
    full, empty = {}, {}
    for load in ("both fast", "slow consumers", "slow producers"):
        [[items, lost, doubled, full[load], empty[load], _]] = rows(output,
                                                                    load)
        wants(items == 1200 and lost == doubled == 0,
              f"{load}: each of 1200 items once", output)
    wants(full["slow consumers"] > 10 * empty["slow consumers"],
          "slow consumers: producers wait, for room", output)
    wants(empty["slow producers"] > 10 * full["slow producers"],
          "slow producers: consumers wait, for items", output)


def test_readers_writers(lab):
    """Writers are alone; each lock starves one side, and says which."""
    output = shown(lab, "readers-writers")
    library, own = (rows(output, lock)
                    for lock in ("pthread_rwlock", "writers first"))
    wants(len(library) == len(own) == 2, "two loads for each lock", output)
    for row in library + own:
        wants(row[-1] == 0, "no writer that was not alone", output)
    [_, reads, _, writes, wait, most, _], rare = library
    wants(most == 6, "all readers inside at once", output)
    wants((writes < 10 and wait > 200) or reads < 10,
          "pthread_rwlock: who came first lets the other side starve", output)
    wants(rare[3] < 10 and rare[4] > 200,
          "pthread_rwlock: rare writers starve", output)
    [_, reads, wait, writes, _, _, _], rare = own
    wants(wait > 200 and reads < 20 and writes > 50,
          "writers first: many writers starve readers", output)
    wants(rare[1] > 100 and rare[3] > 10 and max(rare[2], rare[4]) < 50,
          "writers first: rare writers starve nobody", output)


WAITS = re.compile(r"    (\d+ philosopher-\d) waits for a mutex of "
                   r"(\d+ philosopher-\d)")


def waits(text: str) -> dict:
    return dict(WAITS.findall(text))


def circle(edges: dict, one: str) -> list:
    """Who waits for whom from ONE on, until somebody comes again."""
    way = [one]
    while way[-1] in edges and one not in way[1:] and len(way) < 9:
        way.append(edges[way[-1]])
    return way


def test_philosophers(lab):
    """Left first ends in a circle of all five; in order and refused do not."""
    output = shown(lab, "philosophers")
    told = waits(output.split("The kernel", 1)[0])
    for one in told:
        way = circle(told, one)
        wants(len(told) == 5 and len(way) == 6 and way[5] == one,
              "a circle of five", output)
    wants("left first: a deadlock" in output, "a deadlock", output)
    for way in ("in order", "refused"):
        wants(f"{way}: 100 of 100 meals" in output
              and f"{way}: all have eaten" in output,
              f"{way}: all have eaten", output)
    wants(rows(output, "in order: ")[0][2] == 0
          and rows(output, "refused: ")[0][2] > 0,
          "somebody is refused only where circles are", output)


def test_philosophers_in_kernel(lab):
    """The kernel names four who wait, and the circle of all five that the
    last one would have closed."""
    output = shown(lab, "philosophers")
    told, _, kernel = output.partition("The kernel's /proc/waits:")
    told, known = waits(told), waits(kernel)
    wants(len(known) == 4 and known.items() <= told.items(),
          "four of the five waits, and no others", output)
    [refused] = told.keys() - known.keys()
    wants(f"deadlock: {' -> '.join(circle(told, refused))}\n" in kernel,
          "the circle, from the refused one on", output)


def test_inversion(lab):
    """Who waits for a plain mutex waits for who computes; with lending, only
    for the owner."""
    output = shown(lab, "inversion")
    [[section, computing]] = rows(output, "low needs")
    [[plain]] = rows(output, "plain mutex")
    [[inherit]] = rows(output, "PTHREAD_PRIO_INHERIT")
    wants(plain > 0.9 * (computing + section),
          "plain: as long as both", output)
    wants(inherit < 1.2 * section, "inherit: as long as the owner", output)


def test_servers(lab):
    """What overlaps requests serves more of them, sooner, event loop or
    threads; and four workers have no more than four under way."""
    output = shown(lab, "servers")
    rate, mean, worst = {}, {}, {}
    for shape in ("iterative", "thread a request", "dispatcher, workers",
                  "event loop"):
        [[rate[shape], mean[shape], worst[shape]]] = rows(output, shape)
        wants(0 < mean[shape] <= worst[shape], "worst above mean", output)
    for shape in ("thread a request", "dispatcher, workers", "event loop"):
        wants(rate[shape] > 2.5 * rate["iterative"]
              and mean[shape] < mean["iterative"] / 2.5
              and worst[shape] < worst["iterative"] / 2,
              f"{shape} beats iterative", output)
    wants(rate["iterative"] < 1000 / (4 * 2 / 3),
          "iterative: the disk's time for each, one after the other", output)
    wants(rate["event loop"] < 4 * 1000 / (4 * 2 / 3),
          "no more than four heads give", output)
