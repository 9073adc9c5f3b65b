"""One QEMU: its command line, its channels, and how it ended.

A Machine is started with every file handed over as a descriptor: no port,
socket or temporary file has a name, so any number run side by side, paths
may hold spaces and commas, and the guest's command line is always the same.
QEMU inherits nothing else of ours and dies with us, however we die.
Channels are sockets, except under icount: there they are plain files that
never make QEMU wait, so that the host's pace cannot change the guest's.
The caller reads the channels; `monitor` must be polled for a reset.
"""

import os
import signal
import socket

FIRST_HANDLE = 700
STREAM, RECORD = "stream", "record"
QEMUS = ("/usr/libexec/qemu-system-i386", "/usr/bin/qemu-system-i386")
ICOUNT = ["-icount", "shift=0,sleep=off", "-rtc", "base=2026-01-01,clock=vm",
          "-seed", "1"]
RUN_PORT = ["-device", "virtio-serial-pci,max_ports=2,ioeventfd=off,"
            "disable-modern=on", "-device", "virtserialport,nr=1,chardev=port"]

# QEMU's exit status is (value << 1) | 1 for a value written to port 0xf4.
POWERED_OFF = (0, 0x18 << 1 | 1)
PASSED, FAILED, PANICKED, WATCHDOG = (v << 1 | 1 for v in range(0x10, 0x14))


class Unable(Exception):
    """The machine cannot be started; the text says what to do."""


def emulator() -> str:
    """QEMU itself, not Debian's shell wrapper, which cannot be killed."""
    for path in QEMUS:
        if os.access(path, os.X_OK):
            return path
    for folder in os.environ.get("PATH", "").split(":"):
        path = os.path.join(folder, "qemu-system-i386")
        if os.access(path, os.X_OK):
            return path
    raise Unable("qemu-system-i386 is missing: tools/setup installs it")


def _launcher() -> list:
    """A prefix that has the kernel kill QEMU when we die."""
    for path in ("/usr/bin/setpriv", "/bin/setpriv"):
        if os.access(path, os.X_OK):
            return [path, "--pdeathsig", "KILL", "--"]
    return []


class Handles:
    """Descriptors for QEMU, and the numbers that it knows them by."""

    def __init__(self) -> None:
        self.actions = []
        self.ours_to_close = []

    def give(self, descriptor: int, close: bool = False) -> int:
        known_as = FIRST_HANDLE + len(self.actions)
        self.actions.append((os.POSIX_SPAWN_DUP2, descriptor, known_as))
        if close:
            self.ours_to_close.append(descriptor)
        return known_as

    def path(self, descriptor: int, close: bool = False) -> str:
        return f"/dev/fd/{self.give(descriptor, close)}"

    def file(self, path: str) -> str:
        try:
            return self.path(os.open(path, os.O_RDONLY), close=True)
        except OSError as error:
            raise Unable(f"{path}: {error.strerror}") from None

    def memory(self, data: bytes) -> str:
        """A nameless file that holds DATA."""
        descriptor = os.memfd_create("module")
        with open(descriptor, "wb", closefd=False) as file:
            file.write(data)
        return self.path(descriptor, close=True)

    def close(self) -> None:
        for descriptor in self.ours_to_close:
            os.close(descriptor)
        self.ours_to_close = []


class Channel:
    """Our end of one of QEMU's character devices."""

    def __init__(self, name: str, handles: Handles, kind: str) -> None:
        self.kind = kind
        self.at = 0
        if kind == STREAM:
            self.socket, far = socket.socketpair()
            self.socket.setblocking(False)
            self.descriptor = self.socket.fileno()
            number = handles.give(far.detach(), close=True)
            self.option = f"socket,id={name},fd={number}"
        else:
            self.descriptor = os.memfd_create(name)
            self.option = f"file,id={name},path={handles.path(self.descriptor)}"

    def read(self) -> "bytes | None":
        """What has arrived; None for nothing yet, b'' for the end. A file
        has no end of its own: there None means only that QEMU is behind."""
        if self.kind == RECORD:
            data = os.pread(self.descriptor, 1 << 16, self.at)
            self.at += len(data)
            return data or None
        try:
            return self.socket.recv(1 << 16)
        except BlockingIOError:
            return None
        except ConnectionResetError:
            return b""

    def write(self, data: bytes) -> int:
        """How much was taken: less than all when QEMU is behind."""
        try:
            return self.socket.send(data)
        except BlockingIOError:
            return 0
        except (BrokenPipeError, ConnectionResetError):
            return len(data)

    def close(self) -> None:
        if self.kind == STREAM:
            self.socket.close()
        else:
            os.close(self.descriptor)


class Machine:
    """A running QEMU. Options:

    kernel, modules   paths; a module may also be bytes
    append            the kernel's command line
    memory, cpus, cpu, board
                      the hardware; accelerator tcg or kvm
    icount            repeat exactly
    channels          names among log (COM1), port (the run port),
                      verdict (port 0xe9)
    terminal          COM1 and QEMU's monitor on our standard streams
    window            a screen and a keyboard
    exits             the guest can end QEMU, with a status
    extra             further words for QEMU's command line
    """

    def __init__(self, kernel: str = None, modules=(), append: str = "",
                 memory: int = 256, cpus: int = 1, cpu: str = "max",
                 board: str = "pc", accelerator: str = "tcg", icount: bool = False,
                 channels=("log", "port"), terminal: bool = False,
                 window: bool = False, exits: bool = True, extra=()) -> None:
        self.status = None
        self.process = None
        self.was_reset = False
        self.heard = b""
        handles = self.handles = Handles()
        self.complaints = os.memfd_create("complaints")
        self.resets = os.memfd_create("resets")
        self.channels = {}
        words = [emulator(), "-nodefaults", "-machine", board,
                 "-name", "debug-threads=on",   # top tells the CPUs apart
                 "-m", str(memory), "-cpu", cpu,
                 "-accel", accelerator, "-smp", str(cpus)]
        words += ["-vga", "std"] if window else ["-vga", "none",
                                                 "-display", "none"]
        words += ["-device", "isa-debug-exit,iobase=0xf4,iosize=4"] \
            if exits else []
        words += ["-d", "cpu_reset", "-D", handles.path(self.resets)]
        try:
            words += self._boot(kernel, modules, append)
            words += ICOUNT if icount else []
            words += self._devices(channels, icount, terminal)
            self._start(words + list(extra), terminal)
        finally:
            handles.close()

    def _boot(self, kernel, modules, append) -> list:
        if kernel is None:
            return []
        give = self.handles
        words = ["-kernel", give.file(kernel), "-append", append]
        paths = [give.memory(module) if isinstance(module, bytes)
                 else give.file(module) for module in modules]
        return words + (["-initrd", ",".join(paths)] if paths else [])

    def _devices(self, wanted, icount: bool, terminal: bool) -> list:
        kind = RECORD if icount else STREAM
        words = self._channel("monitor", STREAM)
        words += ["-mon", "chardev=monitor,mode=control"]
        self.channels["monitor"].write(b'{"execute":"qmp_capabilities"}\n')
        if terminal:
            self.shown = os.memfd_create("shown")
            words += ["-chardev", "stdio,id=log,mux=on,signal=off,logfile="
                      + self.handles.path(self.shown),
                      "-serial", "chardev:log", "-mon", "chardev=log"]
        elif "log" in wanted:
            words += self._channel("log", kind) + ["-serial", "chardev:log"]
        if "port" in wanted:
            words += self._channel("port", kind) + RUN_PORT
        if "verdict" in wanted:
            words += self._channel("verdict", kind)
            words += ["-device", "isa-debugcon,iobase=0xe9,chardev=verdict"]
        return words

    def _channel(self, name: str, kind: str) -> list:
        channel = Channel(name, self.handles, kind)
        self.channels[name] = channel
        return ["-chardev", channel.option]

    def _start(self, words: list, terminal: bool) -> None:
        actions = [(os.POSIX_SPAWN_DUP2, self.complaints, 2)]
        if not terminal:
            actions += [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
                        (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
        # A group of its own: the terminal's Ctrl-C is ours to answer.
        group = {} if terminal else {"setpgroup": 0}
        self.words = _launcher() + words
        self.process = os.posix_spawn(
            self.words[0], self.words, os.environ,
            file_actions=self.handles.actions + actions, setsigmask=(),
            setsigdef=(signal.SIGPIPE, signal.SIGINT, signal.SIGTERM), **group)

    def __getattr__(self, name: str):
        """machine.log, machine.port, machine.monitor, machine.verdict"""
        try:
            return self.__dict__["channels"][name]
        except KeyError:
            raise AttributeError(name) from None

    def watch_monitor(self) -> None:
        """Read the monitor. A guest that resets is stopped on the spot: it
        would boot again and hide what happened."""
        data = self.monitor.read()
        if data == b"":     # QEMU has closed everything: it is ending
            self.wait()
        if data:
            self.heard = (self.heard + data)[-4096:]
            if b'"event": "RESET"' in self.heard:
                self.was_reset = True
                self.stop()

    def ended(self) -> bool:
        """Whether QEMU is gone; then `status` is its exit status, or minus
        the number of the signal that ended it."""
        if self.status is None:
            process, status = os.waitpid(self.process, os.WNOHANG)
            if process:
                self._over(status)
        return self.status is not None

    def wait(self) -> None:
        if self.status is None:
            self._over(os.waitpid(self.process, 0)[1])

    def _over(self, status: int) -> None:
        # waitstatus_to_exitcode gives minus N for signal N
        self.status = os.waitstatus_to_exitcode(status)

    def stop(self) -> None:
        """End it now; what it wrote can still be read."""
        if self.status is None and self.process is not None:
            os.kill(self.process, signal.SIGKILL)
            self.wait()

    def close(self) -> None:
        """End it and give everything back."""
        self.stop()
        for channel in self.channels.values():
            channel.close()
        for descriptor in (self.complaints, self.resets):
            os.close(descriptor)
        if "shown" in self.__dict__:
            os.close(self.shown)
        self.channels = {}

    def complaint(self) -> str:
        """What QEMU itself had to say."""
        text = os.pread(self.complaints, 4096, 0).decode(errors="replace")
        return text.strip()

    def last_reset(self) -> "tuple[bool, int]":
        """(was it a triple fault, where the CPU was) of the last reset."""
        size = os.fstat(self.resets).st_size
        text = os.pread(self.resets, size, 0).decode(errors="replace")
        state = text[text.rfind("CPU Reset (CPU 0)"):]
        place = state.find("EIP=")
        eip = int(state[place + 4:place + 12], 16) if place >= 0 else 0
        return "Triple fault" in text, eip

    def __enter__(self) -> "Machine":
        return self

    def __exit__(self, *_) -> None:
        self.close()
