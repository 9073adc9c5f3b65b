"""The verdict port: what the test kernel says on it, and what that proves.

A record is byte 2, text, byte 3. Only whole records count; the console says
nothing here. A test passes when its begin came, then every checkpoint that
was expected, no failure, balanced books, and its end. Who asked knows the
names and checkpoints beforehand; what the kernel says of itself adds none.
"""

START, END = b"\x02", b"\x03"


def records(data: bytes) -> list:
    """The texts of the whole records in DATA."""
    pieces = data.split(START)[1:]
    return [piece.split(END)[0].decode(errors="replace")
            for piece in pieces if END in piece]


class Case:
    """What was heard of one test."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.begun = self.ended = False
        self.checks, self.failures, self.books = [], [], []

    def problem(self, checkpoints=()) -> str:
        """Why it has not passed; empty when it has."""
        missing = [text for text in checkpoints if text not in self.checks]
        if not self.begun:
            return f"wanted: begin {self.name}\ncame:   nothing"
        if self.failures:
            return "\n".join(self.failures)
        if not self.ended:
            return f"wanted: end {self.name}\ncame:   only its begin"
        if missing:
            return f"checkpoints not reached: {', '.join(missing)}"
        if self.books != ["balanced"]:
            return ("the books, wanted: balanced\n"
                    f"came: {'; '.join(self.books) or 'nothing'}")
        return ""


class Verdict:
    """Everything that one boot said."""

    def __init__(self, data: bytes, names) -> None:
        self.cases = {name: Case(name) for name in names}
        self.plan = None
        self.done = False
        self.strange = []
        for text in records(data):
            word, _, rest = text.partition(" ")
            act = getattr(self, f"_on_{word}", None)
            if act is None or not act(rest):
                self.strange.append(text)

    def running(self) -> "Case | None":
        """The test that has begun and not ended."""
        for case in self.cases.values():
            if case.begun and not case.ended:
                return case
        return None

    def failed(self) -> bool:
        """Whether the kernel itself has said that a test failed."""
        return any(case.failures or case.books not in ([], ["balanced"])
                   for case in self.cases.values())

    def _case(self, rest: str, begun: bool = True) -> "tuple":
        name, _, text = rest.partition(" ")
        case = self.cases.get(name)
        return (case if case and case.begun == begun else None), text

    def _on_plan(self, rest: str) -> bool:
        self.plan = int(rest) if rest.isdigit() else None
        return self.plan is not None

    def _on_begin(self, rest: str) -> bool:
        case, _ = self._case(rest, begun=False)
        if case:
            case.begun = True
        return case is not None

    def _on_check(self, rest: str) -> bool:
        case, text = self._case(rest)
        if case:
            case.checks.append(text)
        return case is not None

    def _on_fail(self, rest: str) -> bool:
        case, text = self._case(rest)
        if case:
            case.failures.append(text)
        return case is not None

    def _on_books(self, rest: str) -> bool:
        case, text = self._case(rest)
        if case:
            case.books.append(text)
        return case is not None

    def _on_end(self, rest: str) -> bool:
        case, _ = self._case(rest)
        if case:
            case.ended = True
        return case is not None

    def _on_done(self, _rest: str) -> bool:
        self.done = True
        return True
