"""What tools/check looks at: the files of a tree, and the exceptions.

A Tree is read once; every check is a function that takes it and yields
Problems. Files that .gitignore names are left out, and so is what is not
text. Source.code is the text without comments, line for line: a comment
becomes blanks, so line numbers stay true.
"""

import ast
import fnmatch
import os
import re

# (check, path or folder, why it may)
ALLOWED = (
    ("assembly", "boot/", "the way into C"),
    ("assembly", "drivers/", "the order of device accesses"),
    ("assembly", "kernel/x86/", "the machine"),
    ("assembly", "kernel/hyper/", "the machine that is imitated"),
    ("assembly", "kernel/core/cpu.h", "one inline for each instruction"),
    ("assembly", "kernel/core/percpu.h", "data that a segment register finds"),
    ("assembly", "kernel/lib/instructions.h", "instructions of pure functions"),
    ("pragma", "kernel/syscall/calls.h", "rows, read more than once"),
    ("places", "tests/check/", "bad on purpose"),
)

KINDS = {".c": "c", ".h": "header", ".asm": "assembly", ".inc": "assembly",
         ".S": "assembly", ".py": "python", ".sh": "shell", ".ld": "linker",
         ".mk": "make"}
C_LIKE = ("c", "header")
KERNEL_FOLDERS = ("kernel/", "boot/", "drivers/")

C_TOKEN = re.compile(r"""  "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'
                         | //[^\n]* | /\*.*?\*/  """, re.X | re.S)
NASM_TOKEN = re.compile(r""" "[^"\n]*" | '[^'\n]*' | `[^`\n]*` | ;[^\n]* """,
                        re.X)


def allowed(check: str, path: str) -> bool:
    return any(check == name and path.startswith(place)
               for name, place, _reason in ALLOWED)


class Problem:
    """One thing that falls short, and what to do about it."""

    def __init__(self, path: str, line: int, text: str) -> None:
        self.path, self.line, self.text = path, line, text
        self.check = ""     # set by check_rules

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def _blank(found, starts: tuple) -> str:
    """A comment as blanks, anything else as it is."""
    text = found.group()
    if not text.startswith(starts):
        return text
    return " " + "\n" * text.count("\n")


class Source:
    """One file: its kind, its text, its lines."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text
        self.lines = text.splitlines()
        self.kind = _kind(path, text)
        self.code = self._without_comments().splitlines()

    def _without_comments(self) -> str:
        if self.kind in C_LIKE or self.path.endswith(".S"):
            return C_TOKEN.sub(lambda found: _blank(found, ("//", "/*")),
                               self.text)
        if self.kind == "assembly":
            return NASM_TOKEN.sub(lambda found: _blank(found, (";",)),
                                  self.text)
        if self.kind == "python":
            return _without_docstrings(self.text)
        return re.sub(r"(?m)^\s*#.*$", "", self.text)

    def in_kernel(self) -> bool:
        return self.path.startswith(KERNEL_FOLDERS)


def _kind(path: str, text: str) -> str:
    name = os.path.basename(path)
    if name == "Makefile" or name.endswith(".mk"):
        return "make"
    kind = KINDS.get(os.path.splitext(name)[1])
    if kind or not text.startswith("#!"):
        return kind or "text"
    first = text.split("\n", 1)[0]
    return ("python" if "python" in first else
            "shell" if re.search(r"\b(ba|da)?sh\b", first) else "text")


def _without_docstrings(text: str) -> str:
    lines = re.sub(r"(?m)^[ \t]*#.*$", "", text).splitlines()
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except SyntaxError:     # check_programs reports it
        return text
    for node in nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            for number in range(node.lineno - 1, node.end_lineno):
                lines[number] = ""
    return "\n".join(lines)


class Tree:
    """All files below a folder."""

    def __init__(self, top: str) -> None:
        self.top = top
        self.ignored = _ignored_names(top)
        self.sources = sorted(self._read_all(), key=lambda one: one.path)
        self.by_path = {source.path: source for source in self.sources}

    def of_kind(self, *kinds) -> list:
        return [one for one in self.sources if one.kind in kinds]

    def _is_ignored(self, path: str) -> bool:
        return path == ".git" or any(
            fnmatch.fnmatch("/" + path, name) or
            fnmatch.fnmatch(os.path.basename(path), name)
            for name in self.ignored)

    def _read_all(self):
        for folder, folders, names in os.walk(self.top):
            inside = os.path.relpath(folder, self.top)
            def whole(name: str) -> str:
                return os.path.normpath(os.path.join(inside, name))
            folders[:] = [name for name in folders
                          if not self._is_ignored(whole(name))]
            for name in names:
                if not self._is_ignored(whole(name)):
                    yield from self._read(whole(name))

    def _read(self, path: str):
        whole = os.path.join(self.top, path)
        if os.path.islink(whole) or not os.path.isfile(whole):
            return
        with open(whole, "rb") as file:
            raw = file.read()
        if b"\0" in raw:
            return
        try:
            yield Source(path, raw.decode())
        except UnicodeDecodeError:
            return


def _ignored_names(top: str) -> list:
    """.gitignore's patterns; one that begins with / means the top only."""
    try:
        with open(os.path.join(top, ".gitignore")) as file:
            return [line.strip().rstrip("/") for line in file
                    if line.strip() and not line.startswith("#")]
    except FileNotFoundError:
        return []
