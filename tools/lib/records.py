"""The records of the run port, between tools/run and the guest.

A record is u32 type, u32 length, payload, little endian, both ways. The
port is a byte stream: a Decoder takes pieces of any size and gives whole
records. A length over LIMIT can only be a broken guest and is refused.
Credits keep both sides from flooding each other: nobody sends more payload
of a stream than the other side has granted; CREDIT_START is granted unasked.
"""

# guest to host
OUTPUT, ERROR, EXIT, CREDIT, BOOKS, NOTICE, TERMINAL = range(1, 8)
# host to guest
INPUT, INPUT_END, CREDIT_OUTPUT, CREDIT_ERROR, SIZE, SIGNAL = range(1, 7)
CREDIT_TERMINAL = 7

CREDIT_START = 65536
LIMIT = 1 << 20
HEADER = 8


class Malformed(Exception):
    """The guest sent what cannot be a record."""


def number(value: int) -> bytes:
    """One u32 of a payload."""
    return value.to_bytes(4, "little")


def encode(kind: int, payload: bytes = b"") -> bytes:
    return number(kind) + number(len(payload)) + payload


def value(payload: bytes) -> int:
    """The u32 that a payload must be."""
    if len(payload) != 4:
        raise Malformed(f"a number of {len(payload)} bytes")
    return int.from_bytes(payload, "little")


class Decoder:
    """Gathers bytes, gives whole records."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def feed(self, data: bytes):
        """Yield (type, payload) for each record that DATA completes."""
        self.waiting += data
        start = 0
        while len(self.waiting) - start >= HEADER:
            kind = int.from_bytes(self.waiting[start:start + 4], "little")
            size = int.from_bytes(self.waiting[start + 4:start + 8], "little")
            if size > LIMIT:
                raise Malformed(f"a record of type {kind} and {size} bytes")
            end = start + HEADER + size
            if len(self.waiting) < end:
                break
            yield kind, bytes(self.waiting[start + HEADER:end])
            start = end
        del self.waiting[:start]
