"""The terminal that tools/run was started on.

Raw mode passes every key, Ctrl-C included, to the guest. What was set is
put back by restore(), which may be called twice and from a handler. A
process in the background must neither set nor read its terminal.
"""

import os
import termios


class Terminal:
    """The terminal behind a descriptor."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.saved = None

    def in_front(self) -> bool:
        try:
            return os.tcgetpgrp(self.descriptor) == os.getpgrp()
        except OSError:
            return False

    def raw(self) -> None:
        self.saved = termios.tcgetattr(self.descriptor)
        mode = termios.tcgetattr(self.descriptor)
        mode[0] &= ~(termios.BRKINT | termios.ICRNL | termios.INLCR
                     | termios.IGNCR | termios.INPCK | termios.ISTRIP
                     | termios.IXON | termios.PARMRK)
        mode[1] &= ~termios.OPOST
        mode[2] = mode[2] & ~(termios.CSIZE | termios.PARENB) | termios.CS8
        mode[3] &= ~(termios.ECHO | termios.ECHONL | termios.ICANON
                     | termios.ISIG | termios.IEXTEN)
        mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0
        termios.tcsetattr(self.descriptor, termios.TCSANOW, mode)

    def remember(self) -> None:
        """For a program that sets the terminal itself and may be killed."""
        self.saved = termios.tcgetattr(self.descriptor)

    def restore(self) -> None:
        if self.saved:
            termios.tcsetattr(self.descriptor, termios.TCSADRAIN, self.saved)


def size(descriptor: int) -> "tuple[int, int]":
    """(rows, columns); 24 by 80 where nobody knows."""
    try:
        columns, rows = os.get_terminal_size(descriptor)
        return (rows, columns) if rows and columns else (24, 80)
    except OSError:
        return 24, 80
