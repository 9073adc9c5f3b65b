"""Kernel addresses as function, file and line.

The kernel's log names addresses as `c0101234 function+0x12`. symbolise()
adds the file and line that binutils' addr2line finds in the kernel's ELF;
without addr2line or debug information the text comes back as it was.
A return address belongs to the call before it, so one is taken off.
"""

import os
import re
import subprocess

from lib import tree

ADDRESS = re.compile(r"^(?P<text>.*?\b(?:0x)?(?P<address>c[0-9a-f]{7})"
                     r" +(?P<name>[\w.]+)\+0x(?P<offset>[0-9a-f]+).*?)\s*$")
ADDR2LINES = ("addr2line", "i686-linux-gnu-addr2line")


def lines_of(elf: str, addresses) -> dict:
    """address -> "file:line" for those that are known."""
    wanted = sorted(set(addresses))
    for tool in ADDR2LINES:
        try:
            answer = subprocess.run(
                [tool, "-e", elf, *(f"{a:x}" for a in wanted)],
                stdin=subprocess.DEVNULL, capture_output=True, text=True)
        except FileNotFoundError:
            continue
        if answer.returncode == 0:
            pairs = zip(wanted, answer.stdout.splitlines())
            return {address: _short(line) for address, line in pairs
                    if not line.startswith("?")}
    return {}


def _short(line: str) -> str:
    """NASM names the file's folder as the one it was compiled in, and once
    more before the file: `kernel/x86//kernel/x86/switch.asm`."""
    path, _, number = line.partition(":")
    folder, twice, file = path.partition("//")
    if twice and folder.endswith(os.path.dirname(file)):
        path = folder[:-len(os.path.dirname(file))] + file
    return f"{tree.relative(os.path.normpath(path))}:{number.split(' ')[0]}"


def symbolise(text: str, elf: str) -> str:
    """TEXT with a place behind each address of the kernel."""
    rows = [(line, ADDRESS.match(line)) for line in text.splitlines()]
    calls = {_call(found) for _, found in rows if found}
    places = lines_of(elf, calls) if calls else {}
    return "\n".join(_placed(line, found, places) for line, found in rows)


def _call(found) -> int:
    """The first byte of a function is no return address."""
    address = int(found["address"], 16)
    return address - (int(found["offset"], 16) > 0)


def _placed(line: str, found, places: dict) -> str:
    place = places.get(_call(found)) if found else None
    return f"{found['text']}  {place}" if place else line


def place_of(address: int, elf: str) -> str:
    """ADDRESS as "c0101234 (file:line)"."""
    place = lines_of(elf, [address]).get(address)
    return f"{address:08x} ({place})" if place else f"{address:08x}"
