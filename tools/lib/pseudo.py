"""A command of the host's on a pseudo-terminal, for tests of terminals."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time


class Pseudo:
    """WORDS run on a terminal of ROWS by COLUMNS, which is its controlling
    terminal; `elsewhere` maps descriptors to files to have there instead."""

    def __init__(self, words, rows: int = 30, columns: int = 90,
                 elsewhere=None) -> None:
        # We keep the terminal open, so that its mode can be read at the end.
        self.master, self.terminal = pty.openpty()
        self.resize(rows, columns, tell=False)
        self.before = termios.tcgetattr(self.terminal)
        self.said, self.at, self.status = "", 0, None
        self.process = os.fork()
        if self.process == 0:
            self._become(words, elsewhere or {})

    def _become(self, words, elsewhere) -> None:
        try:
            os.setsid()
            fcntl.ioctl(self.terminal, termios.TIOCSCTTY, 0)
            for stream in range(3):
                os.dup2(elsewhere.get(stream, self.terminal), stream)
            os.execvp(words[0], words)
        finally:
            os._exit(127)

    def resize(self, rows: int, columns: int, tell: bool = True) -> None:
        """Change the window; the kernel of the host sends SIGWINCH."""
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self.master if tell else self.terminal,
                    termios.TIOCSWINSZ, size)

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def expect(self, wanted: str, seconds: float = 60) -> None:
        """Wait for WANTED behind what was expected last."""
        deadline = time.monotonic() + seconds
        while wanted not in self.said[self.at:]:
            left = deadline - time.monotonic()
            ready = left > 0 and select.select([self.master], [], [], left)[0]
            if not ready:
                raise TimeoutError(f"wanted: {wanted!r}\n"
                                   f"came:   {self.said[self.at:]!r}")
            self.said += os.read(self.master, 4096).decode(errors="replace")
        self.at = self.said.index(wanted, self.at) + len(wanted)

    def is_raw(self) -> bool:
        return not termios.tcgetattr(self.terminal)[3] & termios.ICANON

    def is_restored(self) -> bool:
        return termios.tcgetattr(self.terminal) == self.before

    def wait(self, seconds: float = 60) -> int:
        """The exit status, as a shell says it."""
        descriptor = os.pidfd_open(self.process)
        try:
            if not select.select([descriptor], [], [], seconds)[0]:
                raise TimeoutError(f"no end within {seconds:g} s\n"
                                   f"came: {self.said!r}")
        finally:
            os.close(descriptor)
        code = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        self.status = 128 - code if code < 0 else code
        return self.status

    def close(self) -> None:
        if self.status is None:
            os.kill(self.process, signal.SIGKILL)
            self.wait()
        os.close(self.master)
        os.close(self.terminal)
