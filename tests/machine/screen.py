"""The console of a machine with a window: VGA's text screen, and the keys.

The screen is read where the card shows it from, in memory, and the keys are
pressed on QEMU's keyboard: nothing here goes by the serial line.
"""

import os
import time

from lib import suite
from lib.machine_tests import live, variants

ROWS, COLUMNS = 25, 80
TEXT_MEMORY = 0xb8000
SECONDS = 60
KEYS = {" ": "spc", "\r": "ret", "\b": "backspace", "-": "minus",
        "'": "apostrophe", ";": "semicolon", "$": "shift-4",
        "?": "shift-slash", "\x03": "ctrl-c", "\x04": "ctrl-d"}


class Screen:
    """A machine whose shell is on its screen."""

    def __init__(self, lab) -> None:
        self.copy = os.path.join(lab.folder(), "screen")
        self.console = lab.boot(append="console=vga", extra=["-vga", "std"])

    def rows(self) -> list:
        """The text of all rows, without blanks at their ends."""
        self.console.command("pmemsave", val=TEXT_MEMORY,
                             size=ROWS * COLUMNS * 2, filename=self.copy)
        with open(self.copy, "rb") as file:
            text = file.read()[::2].decode("cp437")
        return [text[at:at + COLUMNS].rstrip(" \0")
                for at in range(0, ROWS * COLUMNS, COLUMNS)]

    def type(self, text: str) -> None:
        """Press keys, each when the one before is on the screen: a keyboard
        keeps few that nobody has read. Blanks and ends of lines do not show."""
        for letter in text:
            before = self.rows()
            key = KEYS.get(letter, f"shift-{letter.lower()}"
                           if letter.isupper() else letter)
            self.console.command(
                "send-key", keys=[{"type": "qcode", "data": one}
                                  for one in key.split("-")],
                **{"hold-time": 1})
            self.until(lambda rows: letter in " \r" or rows != before,
                       f"to see the key {key}")

    def until(self, right, wanted: str) -> list:
        """Wait until all rows are right; they."""
        deadline = time.monotonic() + SECONDS
        while True:
            rows = self.rows()
            if right(rows):
                return rows
            if time.monotonic() > deadline or not self.console.follow():
                raise suite.Failure(f"wanted: {wanted}\ncame:\n"
                                    + "\n".join(rows))

    def shows(self, *wanted: str) -> list:
        """Wait until these rows stand below each other, the last of them last
        on the screen; all rows down to it."""
        def filled(rows: list) -> list:
            return "\n".join(rows).rstrip("\n").split("\n")

        return filled(self.until(
            lambda rows: filled(rows)[-len(wanted):] == list(wanted),
            "at the end of the screen:\n" + "\n".join(wanted)))


@live
@variants("default", "smp4")
def test_prompt(lab):
    """A shell on the screen takes keys with Shift, edits lines, and Ctrl-C and
    Ctrl-D do there what they do on every terminal."""
    lab.busybox()
    screen = Screen(lab)
    screen.shows("$")
    screen.type("echo 'aBx\b'; stty size\r")
    screen.shows("$ echo 'aB'; stty size", "aB", "25 80", "$")
    screen.type("sleep 1000\r\x03")
    screen.shows("$ sleep 1000", "^C", "$")
    screen.type("echo $?\r")
    screen.shows("$ echo $?", "130", "$")
    screen.type("cat\rab\r\x04")
    screen.shows("$ cat", "ab", "ab", "$")


@live
@variants("default", "smp4")
def test_scroll(lab):
    """What does not fit moves up, row by row; long lines go on below."""
    lab.busybox()
    screen = Screen(lab)
    screen.shows("$")
    screen.type("seq 100\r")
    rows = screen.shows("99", "100", "$")
    wanted = [str(number) for number in range(101 - (ROWS - 1), 101)] + ["$"]
    if rows != wanted:
        raise suite.Failure(suite.difference("\n".join(wanted),
                                             "\n".join(rows)))
    screen.type("seq -s '' 1 50\r")
    line = "".join(str(number) for number in range(1, 51))
    screen.shows("$ seq -s '' 1 50", line[:COLUMNS], line[COLUMNS:], "$")
