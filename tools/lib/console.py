"""The interactive machine: QEMU has the terminal, we wait beside it.

QEMU draws, reads keys and sets the terminal itself. What is left for us is
to notice a reset (which must not boot again and again), a time limit, and
signals that would end us while the terminal is not as it was.
"""

import select
import signal
import time


def watch(guest, timeout: float = None) -> bool:
    """Wait for the end of GUEST. True when the time limit ended it."""
    def end(number, _):
        guest.stop()
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, end)
    deadline = time.monotonic() + timeout if timeout else None
    poll = select.poll()
    poll.register(guest.monitor.descriptor, select.POLLIN)
    while not guest.ended():
        left = None
        if deadline:
            left = max(0, int((deadline - time.monotonic()) * 1000) + 1)
        if not poll.poll(left):
            guest.stop()
            return True
        guest.watch_monitor()
    return False
