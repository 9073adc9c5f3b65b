"""The command line of tools/run.

Parsed by hand from one table: argparse alone would cost a tenth of the time
in which a program should have begun. Bad usage raises Usage.
"""

HELP = """\
usage: tools/run [OPTION]... [-- PROGRAM [ARG]...]

Boots Spindle. With PROGRAM: runs it, its standard streams being ours, and
ends with its exit status. Without: a shell on this terminal; `poweroff` or
Ctrl-A X leaves.

  --smp N             CPUs (1); the kernel uses 8 of them at most
  --mem MIB           memory (256)
  --append "K=V ..."  more words for the kernel's command line
  --add HOST[:GUEST]  bring a file or directory into the ramdisk
  --env NAME[=VALUE]  set or pass on an environment variable
  --icount            repeat exactly: virtual time counts instructions
  --timeout S         end it after S seconds of host time
  --trace FILE        write the system calls made to FILE
  -v                  show the kernel's log on standard error
  --kernel FILE       instead of build/default/spindle.elf ($SPINDLE_KERNEL)
  --ramdisk FILE      instead of build/ramdisk.cpio
  --cpu MODEL         instead of QEMU's "max"
  --machine BOARD     instead of QEMU's "pc"
  --window            a screen and a keyboard
  -h, --help          this text

PROGRAM with a slash that names a file of the host is copied into the guest
and run there, unless the ramdisk has that very path; else the guest's PATH
finds it. Without GUEST, what --add brings keeps its path, counted from the
guest's root directory. ACCEL=kvm in the environment uses KVM.

Exit status: PROGRAM's own, or 128+N when signal N killed it; 124 --timeout
passed; 125 the kernel failed, with a report on standard error; 126 PROGRAM
cannot be executed; 127 there is no such PROGRAM; 2 what was asked for cannot
be started: bad usage, a file that is missing, a CPU that QEMU does not know.
"""


class Usage(Exception):
    """What is wrong with the command line."""


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise ValueError("wants a whole number from 1")
    return int(text)


def _memory(text: str) -> int:
    if _count(text) == 1:
        raise ValueError("the kernel is loaded above the first MiB; 16 MiB "
                         "are enough")
    return int(text)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value < 1e9:
        raise ValueError("wants seconds")
    return value


def _file(text: str) -> str:
    if not text.partition(":")[0]:
        raise ValueError("wants a file of the host's")
    return text


FLAG = None  # takes no value
# option: (attribute, how to read its value, may it come more than once)
TABLE = {
    "--smp": ("cpus", _count, False),
    "--mem": ("memory", _memory, False),
    "--append": ("append", str, True),
    "--add": ("add", _file, True),
    "--env": ("environment", str, True),
    "--icount": ("icount", FLAG, False),
    "--timeout": ("timeout", _seconds, False),
    "--trace": ("trace", str, False),
    "-v": ("verbose", FLAG, False),
    "--kernel": ("kernel", str, False),
    "--ramdisk": ("ramdisk", str, False),
    "--cpu": ("cpu", str, False),
    "--machine": ("board", str, False),
    "--window": ("window", FLAG, False),
    "-h": ("help", FLAG, False),
    "--help": ("help", FLAG, False),
}


class Options:
    """What was asked for."""

    def __init__(self) -> None:
        self.cpus, self.memory = 1, 256
        self.cpu, self.board = "max", "pc"
        self.append, self.add, self.environment = [], [], []
        self.icount = self.verbose = self.window = self.help = False
        self.timeout = self.trace = self.kernel = self.ramdisk = None
        self.program = []
        self.piped_shell = False    # no PROGRAM, and input is no terminal


def parse(words: list) -> Options:
    options, words = Options(), list(words)
    while words:
        word = words.pop(0)
        if word == "--":
            if not words:
                raise Usage("-- wants a program behind it")
            options.program = words
            break
        name, has_value, value = word.partition("=")
        if name not in TABLE or has_value and not name.startswith("--"):
            raise Usage(f"{word}: no such option (a program goes behind --)")
        _take(options, name, value if has_value else None, words)
    return options


def _take(options: Options, name: str, value, words: list) -> None:
    attribute, read, repeats = TABLE[name]
    if read is FLAG:
        if value is not None:
            raise Usage(f"{name} takes no value")
        setattr(options, attribute, True)
        return
    if value is None:
        if words[:1] in ([], ["--"]):
            raise Usage(f"{name} wants a value")
        value = words.pop(0)
    try:
        value = read(value)
    except ValueError as error:
        raise Usage(f"{name} {value}: {error}") from None
    if repeats:
        getattr(options, attribute).append(value)
    else:
        setattr(options, attribute, value)
