"""How a machine's end becomes an exit status and a report.

The report is what a person needs: one clear sentence, then the kernel's own
last words with file and line behind every address.
"""

import os
import signal

from lib import machine as machines

TIMED_OUT, KERNEL_FAILED = 124, 125
SENTENCES = {
    machines.PASSED: "the kernel ended with the status of passed tests",
    machines.FAILED: "the kernel gave up",
    machines.PANICKED: "the kernel panicked",
    machines.WATCHDOG: "the kernel's watchdog found it stuck",
}
LAST_LINES = 60
# How the kernel's report begins: of a bug, and of what a person can mend.
PANIC, REFUSAL = "panic: ", "Spindle cannot run: "


def program_status(wait_status: int) -> int:
    """What a shell would make of the status that wait4 gave."""
    if wait_status & 0x7f:
        return 128 + (wait_status & 0x7f)
    return wait_status >> 8 & 0xff


def die_of(number: int) -> None:
    """End as a program does that leaves the signal alone."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(128 + number)


def is_failure(machine) -> bool:
    """Did it end as no machine should that was turned off?"""
    return machine.was_reset or machine.status in SENTENCES


def was_turned_off(machine) -> bool:
    return not machine.was_reset and machine.status in machines.POWERED_OFF


def was_refused(machine) -> bool:
    """Did QEMU say no to what it was asked for, before anything ran?"""
    return machine.status == 1 and machine.complaint() != ""


def sentence(machine, kernel: str) -> str:
    """Why the machine ended, in one sentence."""
    if machine.was_reset:
        from lib import symbols
        triple, eip = machine.last_reset()
        cause = "a triple fault" if triple else "not by a fault"
        return f"the CPU was reset ({cause}) at {symbols.place_of(eip, kernel)}"
    if machine.status in SENTENCES:
        return SENTENCES[machine.status]
    complaint = machine.complaint()
    if was_turned_off(machine) and not complaint:
        return "the machine was turned off before the program had ended"
    if machine.status == -signal.SIGKILL:
        return "QEMU was killed" + (f": {complaint}" if complaint else "")
    return f"QEMU ended with status {machine.status}: {complaint or 'silently'}"


def option_faults(log: bytes) -> list:
    """What the kernel said about its options, at boot."""
    boot = log.decode(errors="replace").partition("\nboot: ")[0]
    return [line for line in boot.replace("\r", "").splitlines()
            if line.startswith("option ")]


def last_words(log: bytes, kernel: str) -> str:
    """The kernel's log from its panic on, or its last lines; symbolised."""
    from lib import symbols
    lines = log.decode(errors="replace").replace("\r", "").splitlines()
    starts = [i for i, line in enumerate(lines)
              if PANIC in line or REFUSAL in line]
    start = starts[0] if starts else max(0, len(lines) - LAST_LINES)
    return symbols.symbolise("\n".join(lines[start:]), kernel)


def report(machine, log: bytes, kernel: str) -> str:
    words = last_words(log, kernel)
    if words.startswith(REFUSAL):
        return f"tools/run: {words}\n"
    text = f"tools/run: {sentence(machine, kernel)}\n"
    return text + (words + "\n" if words.strip() else
                   "The kernel's log is empty.\n")
