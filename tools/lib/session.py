"""The transparent run: a program in the guest with our standard streams.

One loop moves bytes between our descriptors and the run port. It never
blocks: it reads only what the guest has credit to take, writes only where
poll() says that there is room, and grants the guest credit only for what was
written. So a program that never reads, or a slow reader of ours, stops
nothing but its own stream. The loop ends when the guest has said EXIT and
its machine is off, or with the first thing that makes that impossible.
Signals arrive as bytes in a pipe, so there is no race with poll().
"""

import os
import select
import signal
import stat
import time

from lib import records, terminal

PIPE_ROOM = 4096        # what poll() promises to take of a pipe
GRANT_STEP = 16384      # credit is granted in pieces of at least this
OFF_SECONDS = 5         # how long a machine may take to turn itself off
ICOUNT_STEP = 20        # milliseconds between two looks into a file
BROKEN = select.POLLHUP | select.POLLERR | select.POLLNVAL
LOG = "log"             # the kernel's log among our outputs
GRANTED = (records.OUTPUT, records.ERROR, records.TERMINAL)
FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


class Sink:
    """One of our outputs, with what still waits to be written to it."""

    def __init__(self, descriptor: int, grant: "int | None") -> None:
        self.descriptor, self.grant = descriptor, grant
        self.waiting = bytearray()
        self.owed = 0
        try:
            regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
        except OSError:
            regular = False
        self.step = 1 << 16 if regular else PIPE_ROOM

    def write(self) -> None:
        """Write once. EPIPE is the caller's."""
        count = os.write(self.descriptor, self.waiting[:self.step])
        del self.waiting[:count]
        self.owed += count

    def credit(self) -> int:
        """What may be granted now; nothing while it is not worth a record,
        or where the guest needs no credit."""
        if self.grant is None or self.owed < GRANT_STEP and self.waiting:
            return 0
        owed, self.owed = self.owed, 0
        return owed


class Signals:
    """Signals as bytes that poll() sees."""

    def __init__(self, numbers) -> None:
        self.descriptor, self.far = os.pipe()
        os.set_blocking(self.far, False)
        os.set_blocking(self.descriptor, False)
        signal.set_wakeup_fd(self.far, warn_on_full_buffer=False)
        for number in numbers:
            # What our parent had ignored (nohup) stays ignored.
            if (signal.getsignal(number) != signal.SIG_IGN
                    or number == signal.SIGCHLD):
                signal.signal(number, lambda *_: None)

    def read(self) -> bytes:
        try:
            return os.read(self.descriptor, 64)
        except BlockingIOError:
            return b""


class Session:
    """Runs the loop; then the attributes say how it went:

    wait_status   of the program, as wait4 gives it, or None
    timed_out     the limit passed
    fatal_signal  the signal that we are to die of, or None
    failure       a sentence about a host-side failure, or None
    books, notice what the guest said in those records, or None
    log           the last of the kernel's log
    """

    LOG_KEPT = 1 << 20

    def __init__(self, machine, icount: bool = False, timeout: float = None,
                 window: int = None, keyboard=None, trace=None,
                 verbose: bool = False) -> None:
        self.machine, self.icount, self.window = machine, icount, window
        self.keyboard, self.trace, self.verbose = keyboard, trace, verbose
        self.deadline = time.monotonic() + timeout if timeout else None
        self.off_deadline = None
        self.wait_status = self.fatal_signal = self.failure = None
        self.books = self.notice = None
        self.timed_out = self.forwarded = False
        self.log = bytearray()
        self.decoder = records.Decoder()
        self.to_guest = bytearray()
        self.input_credit = records.CREDIT_START
        self.input_open = keyboard is not None and not icount
        self.sinks = {
            records.OUTPUT: Sink(1, records.CREDIT_OUTPUT),
            records.ERROR: Sink(2, records.CREDIT_ERROR),
            records.TERMINAL: Sink(1 if window is None else window,
                                   records.CREDIT_TERMINAL),
            LOG: Sink(2, None)}
        self.gone = set()

    # The loop

    def run(self) -> None:
        numbers = FORWARDED + ((signal.SIGWINCH,) if self.window is not None
                               else ()) + (signal.SIGCHLD,)
        self.signals = Signals(numbers)
        try:
            while not self._finished():
                self._turn()
        except (BrokenPipeError, records.Malformed, OSError) as error:
            self._give_up(error)
        self._last_words()

    def _finished(self) -> bool:
        if self.fatal_signal or self.timed_out or self.failure:
            return True
        if not self.machine.ended():
            return False
        self._receive()
        return not any(sink.waiting for sink in self.sinks.values())

    def _turn(self) -> None:
        poll = select.poll()
        wanted = self._wanted()
        for descriptor, (events, _) in wanted.items():
            poll.register(descriptor, events)
        ready = poll.poll(self._patience())
        # The monitor first: what a reset guest says next is of no interest.
        ready.sort(key=lambda pair: pair[0] != self.machine.monitor.descriptor)
        for descriptor, came in ready:
            for event, act in wanted[descriptor][1]:
                if came & (event | BROKEN):
                    act()
        if self.icount:
            self._receive()
        self._send()
        self._check_time()

    def _wanted(self) -> dict:
        """descriptor: (events, what to do)"""
        wanted = {}

        def want(descriptor, event, act):
            events, acts = wanted.get(descriptor, (0, []))
            wanted[descriptor] = events | event, acts + [(event, act)]

        machine = self.machine
        want(self.signals.descriptor, select.POLLIN, self._signalled)
        if not machine.ended():
            want(machine.monitor.descriptor, select.POLLIN,
                 machine.watch_monitor)
            if not self.icount:
                for name in ("log", "port"):
                    if name not in self.gone:
                        want(machine.channels[name].descriptor, select.POLLIN,
                             lambda name=name: self._receive_from(name))
                if self.to_guest:
                    want(machine.port.descriptor, select.POLLOUT, self._send)
            if self.input_open and self.input_credit and not self.to_guest:
                want(self.keyboard, select.POLLIN, self._read_input)
        for sink in self.sinks.values():
            if sink.waiting:
                want(sink.descriptor, select.POLLOUT,
                     lambda sink=sink: self._drain(sink))
        return wanted

    def _patience(self):
        if self.icount:
            return ICOUNT_STEP
        limits = [t for t in (self.deadline, self.off_deadline) if t]
        if not limits or self.machine.ended():
            return None
        return max(0, int((min(limits) - time.monotonic()) * 1000) + 1)

    def _check_time(self) -> None:
        now = time.monotonic()
        if self.machine.ended():
            return
        if self.deadline and now >= self.deadline:
            if self.wait_status is None:
                self.timed_out = True
            self.machine.stop()
        if self.off_deadline and now >= self.off_deadline:
            self.machine.stop()

    # From the guest

    def _receive(self) -> None:
        for name in ("log", "port"):
            while self._receive_from(name):
                pass

    def _receive_from(self, name: str) -> bool:
        data = self.machine.channels[name].read()
        if data == b"":
            self.gone.add(name)
        if not data:
            return False
        if name == "log":
            self._take_log(data)
        else:
            for kind, payload in self.decoder.feed(data):
                self._take(kind, payload)
        return True

    def _take_log(self, data: bytes) -> None:
        self.log += data
        if len(self.log) > 2 * self.LOG_KEPT:
            del self.log[:-self.LOG_KEPT]
        if self.verbose:
            self.sinks[LOG].waiting += data
        if self.trace:
            self.trace.write(data)

    def _take(self, kind: int, payload: bytes) -> None:
        if kind in GRANTED:
            self.sinks[kind].waiting += payload
        elif kind == records.EXIT:
            self.wait_status = records.value(payload)
            self.off_deadline = time.monotonic() + OFF_SECONDS
            self.input_open = False
        elif kind == records.CREDIT:
            self.input_credit += records.value(payload)
        elif kind == records.BOOKS:
            self.books = payload.decode(errors="replace")
        elif kind == records.NOTICE:
            self.notice = payload.decode(errors="replace")
        else:
            raise records.Malformed(f"a record of type {kind}")

    def _drain(self, sink: Sink) -> None:
        sink.write()
        credit = sink.credit()
        if credit and not self.icount:
            self.to_guest += records.encode(sink.grant,
                                            records.number(credit))

    # To the guest

    def _read_input(self) -> None:
        try:
            data = os.read(self.keyboard, min(self.input_credit, 1 << 16))
        except OSError:     # a terminal that hung up
            data = b""
        self.input_credit -= len(data)
        self.input_open = bool(data)
        self.to_guest += records.encode(
            records.INPUT if data else records.INPUT_END, data)

    def _send(self) -> None:
        if self.to_guest and not self.icount and not self.machine.ended():
            del self.to_guest[:self.machine.port.write(self.to_guest)]

    def _signalled(self) -> None:
        for number in self.signals.read():
            if number == signal.SIGWINCH:
                self._resized()
            elif number in FORWARDED:
                self._forward(number)

    def _resized(self) -> None:
        rows, columns = terminal.size(self.window)
        self.to_guest += records.encode(
            records.SIZE, rows.to_bytes(2, "little")
            + columns.to_bytes(2, "little"))

    def _forward(self, number: int) -> None:
        """The program gets the first; whoever sends a second means us."""
        if self.icount or self.forwarded or number != signal.SIGINT:
            self.fatal_signal = number
        self.forwarded = True
        self.to_guest += records.encode(records.SIGNAL,
                                        records.number(number))

    # The end

    def _give_up(self, error: Exception) -> None:
        if isinstance(error, BrokenPipeError):
            self.fatal_signal = signal.SIGPIPE
        elif isinstance(error, records.Malformed):
            self.failure = f"the guest sent {error} by the run port"
        else:
            self.failure = f"cannot write the output: {error.strerror}"

    def _last_words(self) -> None:
        self.machine.stop()
        signal.set_wakeup_fd(-1)
        while "log" not in self.gone and self._receive_from("log"):
            pass
