"""Every way to start the kernel, and every way in which that can go wrong."""

import os
import re
import subprocess

from lib import cpio, machine, suite, tree
from lib.machine_tests import variants

SAID = (machine.PANICKED, machine.FAILED)


def says(lab, wanted: str, **options) -> None:
    """The boot ends by itself, with one clear sentence, not in silence."""
    console = lab.boot(**options)
    log = console.ends(SAID)
    if wanted not in log:
        raise suite.Failure(f"wanted: {wanted!r}\ncame:   {log[-2000:]!r}")


def least_memory(lab, memory: int, options: list) -> int:
    """The MiB that the kernel asks for when it has only so many."""
    came = lab.run("/bin/true", options=["--mem", str(memory), *options])
    found = re.search(rf"Spindle cannot run: {memory} MiB of memory are too "
                      r"little, (\d+) MiB are needed\n$", came.errors)
    if came.status != 125 or not found:
        raise suite.Failure(f"wanted: 125, and what is needed\ncame:   "
                            f"{came.status}, {came.errors}")
    return int(found[1])


# KASAN's shadow memory and the books of CHECKED builds come on top.
@variants("default")
def test_too_little_memory(lab):
    """With too little memory the kernel says how much it needs: at any size
    the same, and so much is enough, but no MiB less."""
    lab.busybox()
    path = os.path.join(lab.folder(), "large")
    with open(path, "wb") as file:
        file.write(os.urandom(5 << 20))
    for options in ([], ["--add", f"{path}:/large"], ["--smp", "8"]):
        least = least_memory(lab, 2, options)
        for memory in (4, least - 1):
            if least_memory(lab, memory, options) != least:
                raise suite.Failure(f"{memory} MiB: not {least} MiB again")
        lab.run("/bin/sh", "-c", "ls /tmp | wc -l", options=[
            "--mem", str(least), *options]).wants(0, "0\n")


def test_no_ramdisk(lab):
    """Without a ramdisk the kernel says so."""
    says(lab, "ramdisk", modules=[])


def test_bad_ramdisk(lab):
    """A ramdisk that is no archive ends in a sentence about it."""
    says(lab, "ramdisk", modules=[b"this is no archive" * 100])


def test_cut_ramdisk(lab):
    """A ramdisk that ends in the middle of a file is noticed."""
    with open(tree.RAMDISK, "rb") as file:
        archive = file.read()
    says(lab, "ramdisk", modules=[archive[:len(archive) // 2]])


def test_empty_ramdisk(lab):
    """A ramdisk without an init ends in a sentence that names it."""
    says(lab, "init", modules=[cpio.Writer().archive()])


def test_bad_options(lab):
    """An option that is not known, or has a value that makes no sense, is said
    once, without -v too; the boot goes on with the default."""
    words = "quantum=often threads=99999999999 foo=bar sched=nope test=nope " \
            "log=nope console=nope seed=1 books"
    wanted = sorted([
        "option quantum=often is no number from 1 to 1000: it stays 10",
        "option threads=99999999999 is no number from 32 to 7168: it stays "
        "4096", "option foo=bar is unknown to this kernel",
        "option sched=nope is unknown: see /proc/scheduler",
        "option test=nope is unknown: kernel/selftest.c lists them",
        "option log=nope is unknown: there is log=quiet",
        "option console=nope is unknown: there is console=vga"])
    for verbose in ([], ["-v"]):
        came = lab.shell(":", options=["--smp", "4", *verbose, "--append",
                                       words])
        came.wants(0, "")
        said = sorted(line[line.index("option "):]
                      for line in came.errors.splitlines()
                      if "option " in line)
        if said != wanted:
            raise suite.Failure(suite.difference("\n".join(wanted),
                                                 "\n".join(said)))


@variants("default")
def test_schedulers(lab):
    """sched= chooses each of the five, which /proc/scheduler names."""
    for name in ("rr", "prio", "mlfq", "stride", "fair"):
        came = lab.run("cat", "/proc/scheduler",
                       options=["--append", f"sched={name}"])
        came.wants(0)
        if f"[{name}]" not in came.output:
            raise suite.Failure(f"sched={name}\ncame: {came.output}")


@variants("default")
def test_jitter(lab):
    """jitter=SEED varies the quanta: each seed by itself in the same way, and
    in another way than the next one, or than none."""
    def lost(word: str) -> str:
        came = lab.run("preemption", options=["--icount", "--append", word])
        came.wants(0)
        return came.output

    outputs = [lost(word) for word in ("seed=1", "jitter=1", "jitter=2")]
    if len(set(outputs)) != 3:
        raise suite.Failure("two of them are alike:\n" + "\n".join(outputs))
    if lost("jitter=2") != outputs[2]:
        raise suite.Failure("jitter=2 is not what it was")


@variants("default")
def test_leak(lab):
    """What a program leaves behind is told, whatever its own status is."""
    came = lab.shell("echo kept >/tmp/kept; exit 3",
                     options=["--append", "books=1"])
    came.wants(125, "", ["status 3", "books do not balance", "objects"])


@variants("default")
def test_every_count(lab):
    """Any number of CPUs from 1 to 8 comes to work."""
    lab.busybox()
    for count in range(1, 9):
        came = lab.run("/bin/busybox", "nproc",
                       options=["-v", "--smp", str(count)])
        came.wants(0, f"{count}\n", [f"cpus: {count} at work"]
                   if count > 1 else [])


def test_idle(lab):
    """Where nothing is to be done, every CPU halts."""
    console = lab.boot()
    console.expect("$ ")
    console.until("halted CPUs", lambda: all(
        console.registers(cpu)["HLT"] for cpu in range(lab.variant.cpus)), 20)


def test_no_multiboot_header(lab):
    """The kernel's image is one that GRUB would boot."""
    lab.needs("grub-file")
    if subprocess.run(["grub-file", "--is-x86-multiboot",
                       lab.kernel]).returncode:
        raise suite.Failure("grub-file finds no Multiboot header")


def test_cpu_count(lab):
    """Programs are told of every CPU, by sysconf and by /proc/cpuinfo."""
    lab.busybox()
    count = lab.variant.cpus
    lab.run("/bin/busybox", "nproc").wants(0, f"{count}\n")
    lab.run("/bin/busybox", "grep", "-c", "^processor",
            "/proc/cpuinfo").wants(0, f"{count}\n")


def every_cpu(lab, source: str, cpus: int, *options) -> None:
    """SOURCE tells of the CPUs, and a program runs on each in turn."""
    ran = lab.run(os.path.join(tree.BUILD, "user/tests/schedule_affinity"),
                  options=["-v", "--smp", str(cpus), *options])
    ran.wants(0, errors=[f"cpus: {source} tells of {cpus}"])
    if "count: 1\n" not in ran.output or "wrong: 0\n" not in ran.output:
        raise suite.Failure(f"came: {ran.output!r}", suite.command(ran.words))


@variants("default")
def test_every_cpu_q35(lab):
    """On a q35 board ACPI's tables tell of each CPU."""
    every_cpu(lab, "ACPI", 4, "--machine", "q35")


@variants("default")
def test_every_cpu_mp_table(lab):
    """Without ACPI the MP table tells of each CPU. (SeaBIOS lists there one
    a socket.)"""
    every_cpu(lab, "the MP table", 4,
              "--machine", "pc,acpi=off,smp.sockets=4")


@variants("default")
def test_no_table(lab):
    """Where no table tells of an APIC there is one CPU, and its timer
    preempts."""
    ran = lab.run("preemption", options=[
        "-v", "--cpu", "pentium2,-apic", "--machine", "pc,acpi=off"])
    ran.wants(0, errors=["no table tells of any APIC"])


@variants("default")
def test_pentium2(lab):
    """A Pentium II, without APIC features of later CPUs, runs programs."""
    lab.shell("echo ok", options=["--cpu", "pentium2"]).wants(0, "ok\n")


@variants("default")
def test_qemu32(lab):
    """QEMU's default CPU, without SMEP and SMAP, runs programs."""
    lab.shell("echo ok", options=["--cpu", "qemu32"]).wants(0, "ok\n")


@variants("default")
def test_486(lab):
    """A CPU that lacks what we need ends in a sentence about CPUs."""
    says(lab, "Pentium II", cpu="486")


@variants("default")
def test_lacks_feature(lab):
    """A Pentium II without one thing that we need ends in one sentence that
    names it."""
    for word, named in (("cmov", "conditional moves (CMOV)"), ("fpu", "an FPU"),
                        ("pse", "4 MiB pages (PSE)"),
                        ("tsc", "a time-stamp counter (TSC)"),
                        ("fxsr", "FXSAVE (FXSR)")):
        log = lab.boot(cpu=f"pentium2,-{word}").ends(SAID)
        sentence = (f"Spindle cannot run: this CPU lacks {named}; "
                    "a Pentium II or newer is needed\n")
        if log.count(sentence) != 1 or "panic" in log:
            raise suite.Failure(f"wanted: {sentence!r}\ncame:   {log!r}")


def test_much_memory(lab):
    """Memory past the direct map is reported and left unused."""
    lab.shell("echo ok", options=["--mem", "1536", "-v"]).wants(
        0, "ok\n", ["stay unused"])


def test_little_memory(lab):
    """32 MiB are enough for a shell."""
    lab.shell("echo ok", options=["--mem", "32"]).wants(0, "ok\n")


def disc(lab, options: str) -> str:
    lab.needs("grub-mkrescue")
    lab.needs("xorriso")
    if not os.path.isdir("/usr/lib/grub/i386-pc"):
        raise suite.Skip("GRUB for BIOS (grub-pc-bin) is missing")
    image = os.path.join(lab.folder(), "spindle.iso")
    subprocess.run([os.path.join(tree.TOP, "tools", "iso"), image, lab.kernel,
                    tree.RAMDISK, options], check=True)
    return image


def from_disc(lab, board: str) -> None:
    console = lab.boot(kernel=None, modules=[], board=board,
                       extra=["-cdrom", disc(lab, "log=quiet")])
    console.expect("$ ")
    console.type("echo 'disc' ok\n")
    console.expect("disc ok")
    console.type("poweroff\n")
    console.ends(machine.POWERED_OFF)


def test_disc_pc(lab):
    """A GRUB disc boots to the shell on QEMU's pc."""
    from_disc(lab, "pc")


@variants("default")
def test_disc_q35(lab):
    """A GRUB disc boots to the shell on QEMU's q35."""
    from_disc(lab, "q35")
