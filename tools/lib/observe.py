"""Following a machine from the host: gather what it says until it ends.

Nothing here sleeps: every wait is a poll() on the machine's channels with a
deadline, which is a backstop and not a measure.
"""

import select
import time

from lib import machine as machines

FILE_STEP = 0.05    # seconds between looks into files, which poll() ignores


class Observer:
    """What a machine has said so far, channel by channel."""

    def __init__(self, machine) -> None:
        self.machine = machine
        self.said = {name: bytearray() for name in machine.channels
                     if name != "monitor"}
        self.closed = set()

    def step(self, deadline: float) -> bool:
        """Wait for something and take it. False when nothing more comes."""
        machine = self.machine
        poll = select.poll()
        poll.register(machine.monitor.descriptor, select.POLLIN)
        left = deadline - time.monotonic()
        for name in self.said:
            channel = machine.channels[name]
            if channel.kind == machines.RECORD:
                left = min(left, FILE_STEP)
            elif name not in self.closed:
                poll.register(channel.descriptor, select.POLLIN)
        if machine.status is not None or left <= 0:
            return False
        ready = [number for number, _ in poll.poll(int(left * 1000) + 1)]
        self.take()
        if machine.monitor.descriptor in ready:
            machine.watch_monitor()
        return True

    def take(self) -> None:
        for name, gathered in self.said.items():
            data = self.machine.channels[name].read()
            while data:
                gathered += data
                data = self.machine.channels[name].read()
            if data == b"":
                self.closed.add(name)

    def to_the_end(self, seconds: float) -> bool:
        """Follow until QEMU ends. False when the time passed first; then
        the machine is stopped."""
        deadline = time.monotonic() + seconds
        while self.step(deadline):
            pass
        in_time = self.machine.ended()
        self.machine.stop()
        self.take()
        return in_time

    def text(self, name: str = "log") -> str:
        return self.said[name].decode(errors="replace").replace("\r", "")

    def expect(self, wanted: str, seconds: float = 30, start: int = 0,
               name: str = "log") -> int:
        """Wait until WANTED has been said at or after START; the place
        behind it. TimeoutError tells what came instead."""
        deadline = time.monotonic() + seconds
        while True:
            at = self.text(name).find(wanted, start)
            if at >= 0:
                return at + len(wanted)
            if not self.step(deadline):
                self.take()
                if wanted not in self.text(name)[start:]:
                    raise TimeoutError(
                        f"wanted: {wanted!r}\n"
                        f"came:   {self.text(name)[start:][-2000:]!r}")
