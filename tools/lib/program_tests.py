"""Programs under user/tests: what they do on Linux they do in Spindle.

They must print on standard output what they print on Linux and end with the
same status: Linux is the oracle. Its answers stand in tests/linux/NAME.txt,
written by tools/oracle; a record of another source than the one at hand is a
failure. In Spindle the kernel's books must balance as well. The first comment
of a program is the sentence that it proves. Marks, each a comment of its own
before the first code line, say what is special:

  /* only: spindle */      no Linux to compare with. The wanted output stands
                           in tests/expect/NAME.txt; without that file status
                           0 and a last line `pass` are wanted
  /* append: K=V ... */    more words for the kernel's command line
  /* arguments: A B */     the program's arguments, in words
  /* stdin: TEXT */        its standard input, with C's escapes
  /* timeout: S */         seconds of host time, a backstop (60)
  /* mem: MIB */           memory of the machine
  /* time: instructions */ the machine's time counts them (--icount)
  /* needs: busybox */     skipped where the ramdisk lacks it
  /* without: pentium2 */  not in this variant, whose CPU lacks something
  /* long */               only with --long
  /* long-arguments: A */  arguments instead, with --long,
  /* long-in: VARIANT.. */ only in these variants (all)
"""

import glob
import hashlib
import os
import re
import shlex
import subprocess

from lib import cpio, suite, tree

FOLDER = os.path.join(tree.TOP, "user", "tests")
RECORDS = os.path.join(tree.TOP, "tests", "linux")
EXPECT = os.path.join(tree.TOP, "tests", "expect")
RUN = os.path.join(tree.TOP, "tools", "run")
SECONDS = 60
MARK = re.compile(r"^\s*/\*\s*([a-z-]+)(?::\s*(.*?))?\s*\*/\s*$")
KINDS = {"only", "append", "arguments", "stdin", "timeout", "mem", "time",
         "needs", "without", "long", "long-arguments", "long-in"}


class Outcome:
    """Standard output, status as a shell says it, standard error."""

    def __init__(self, output: bytes, status: int,
                 errors: bytes = b"") -> None:
        self.output = output.decode(errors="backslashreplace")
        self.status = 128 - status if status < 0 else status
        self.errors = errors.decode(errors="replace")


class Program:
    """One test program with its marks."""

    def __init__(self, name: str, source: str, long: bool) -> None:
        self.name, self.long = name, long
        with open(source, encoding="utf-8") as file:
            text = file.read()
        self.marks = marks_of(text)
        self.sentence = sentence_of(text)
        self.path = os.path.join(tree.BUILD, "user", "tests", name)
        self.record = os.path.join(RECORDS, f"{name}.txt")
        self.digest = hashlib.sha256((text + headers()).encode()
                                     ).hexdigest()[:12]

    def words(self, variant: suite.Variant) -> list:
        given = self.marks.get("arguments", "")
        long_in = self.marks.get("long-in", variant.name).split()
        if self.long and variant.name in long_in:
            given = self.marks.get("long-arguments", given)
        return shlex.split(given)

    def input(self) -> bytes:
        text = self.marks.get("stdin", "")
        return text.encode().decode("unicode_escape").encode("latin-1")

    def seconds(self) -> float:
        return float(self.marks.get("timeout", SECONDS)) * (10 if self.long
                                                            else 1)

    def record_of(self, outcome: Outcome) -> str:
        """The text of tests/linux/NAME.txt."""
        return (f"status {outcome.status}, source {self.digest}\n"
                f"{outcome.output}")

    def on_linux(self) -> Outcome:
        """What the record says."""
        again = f"tools/oracle {self.name}"
        if not os.path.exists(self.record):
            raise suite.Failure("there is no record of what Linux does", again)
        with open(self.record, encoding="utf-8", newline="") as file:
            head, output = file.read().split("\n", 1)
        found = re.fullmatch(r"status (\d+), source (\w+)", head)
        if found[2] != self.digest:
            raise suite.Failure("Linux's record is of another source", again)
        return Outcome(output.encode(), int(found[1]))

    def command(self, variant: suite.Variant) -> list:
        """tools/run's words, as a person would type them."""
        words = ["tools/run", *variant.run_words(), "--append",
                 f"books=1 {self.marks.get('append', '')}".strip()]
        if "time" in self.marks and not variant.icount:
            words.append("--icount")
        if "mem" in self.marks:
            words += ["--mem", self.marks["mem"]]
        return words + ["--timeout", f"{self.seconds():g}", "--",
                        tree.relative(self.path), *self.words(variant)]

    def in_spindle(self, variant: suite.Variant) -> Outcome:
        words = self.command(variant)
        run = subprocess.run([RUN, *words[1:]], input=self.input(),
                             capture_output=True, cwd=tree.TOP,
                             timeout=self.seconds() + 60)
        return Outcome(run.stdout, run.returncode, run.stderr)

    def check(self, variant: suite.Variant) -> None:
        if not os.path.exists(self.path):
            raise suite.Failure(f"{tree.relative(self.path)} has not been "
                                "built", "make user")
        missing = missing_of(self.marks.get("needs", ""))
        if missing:
            raise suite.Skip(f"the ramdisk has no {missing}")
        came = self.in_spindle(variant)
        problem = (self._alone(came) if self.marks.get("only") == "spindle"
                   else compare(self.on_linux(), came))
        if problem:
            raise suite.Failure(
                f"{problem}\nstandard error:\n{came.errors[-4000:]}",
                suite.command(self.command(variant)))

    def _alone(self, came: Outcome) -> str:
        path = os.path.join(EXPECT, f"{self.name}.txt")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                return compare(Outcome(file.read().encode(), 0, b""), came)
        if came.status:
            return f"wanted: status 0\ncame:   {came.status}\n{came.output}"
        last = came.output.splitlines()[-1:]
        if last != ["pass"]:
            return f"wanted: a last line `pass`\ncame:   {came.output[-500:]!r}"
        return ""


def compare(wanted: Outcome, came: Outcome) -> str:
    """Why the two are not the same; empty when they are."""
    problems = []
    if came.status != wanted.status:
        problems.append(f"status, wanted: {wanted.status}\n"
                        f"status, came:   {came.status}")
    if came.output != wanted.output:
        problems.append(suite.difference(wanted.output, came.output))
    return "\n".join(problems)


def headers() -> str:
    """What the programs share."""
    found = []
    for path in sorted(glob.glob(os.path.join(FOLDER, "*.h"))):
        with open(path, encoding="utf-8") as file:
            found.append(file.read())
    return "".join(found)


def marks_of(text: str) -> dict:
    """The marks above the first line of code."""
    marks = {}
    for line in text.splitlines():
        if line.startswith("#"):
            break
        found = MARK.match(line)
        if found and found[1] not in KINDS:
            raise SystemExit(f"a test program has an unknown mark: {line}")
        if found:
            marks[found[1]] = found[2] or ""
    return marks


def sentence_of(text: str) -> str:
    """The first sentence of the first comment that is no mark."""
    for comment in re.findall(r"/\*(.*?)\*/", text, re.S):
        if not MARK.match(f"/*{comment}*/"):
            words = " ".join(comment.replace("\n *", "\n").split())
            return re.split(r"(?<=\.)\s", words)[0]
    return ""


_present = None


def missing_of(needs: str) -> str:
    """The first of the NEEDS that the ramdisk has not."""
    global _present
    if _present is None:
        with open(tree.RAMDISK, "rb") as file:
            _present = cpio.names(file.read())
    for name in needs.split():
        if f"bin/{name}" not in _present:
            return name
    return ""


def programs(long: bool) -> list:
    """Every file of user/tests, and every folder as one program."""
    found = []
    for entry in sorted(os.listdir(FOLDER) if os.path.isdir(FOLDER) else []):
        path = os.path.join(FOLDER, entry)
        if entry.endswith(".c"):
            found.append(Program(entry[:-2], path, long))
        elif os.path.isdir(path):
            main = os.path.join(path, f"{entry}.c")
            first = sorted(f for f in os.listdir(path) if f.endswith(".c"))
            if first:
                source = main if os.path.exists(main) else os.path.join(
                    path, first[0])
                found.append(Program(entry, source, long))
    return [program for program in found
            if long or "long" not in program.marks]


def jobs(variants, wanted, long: bool) -> list:
    return [suite.single(f"program/{program.name}@{variant.name}",
                         lambda p=program, v=variant: p.check(v),
                         program.sentence, program.seconds() / 30)
            for program in programs(long) for variant in variants
            if variant.name not in program.marks.get("without", "").split()
            and wanted(f"program/{program.name}@{variant.name}")]
