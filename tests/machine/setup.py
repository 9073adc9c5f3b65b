"""tools/setup and tools/doctor on hosts that lack something.

Such a host is a PATH of links to this host's programs. Its apt-get is one of
ours, which notes what it was asked for and installs it by a link: nothing
leaves the machine, and nothing of it is changed.
"""

import os

from lib import suite
from lib.machine_tests import variants

APT_GET = """#!/bin/sh
echo "apt-get $*" >>{folder}/asked
case $1 in install) ln -s {nasm} {folder}/bin/nasm ;; esac
"""
SUDO = """#!/bin/sh
exec "$@"
"""


def programs() -> dict:
    """Name -> path, as the shell finds them."""
    found = {}
    for folder in os.environ["PATH"].split(":"):
        for name in os.listdir(folder) if os.path.isdir(folder) else ():
            found.setdefault(name, os.path.join(folder, name))
    return found


class Host:
    """A host without the programs of WITHOUT."""

    def __init__(self, lab, without=()) -> None:
        if lab.host("tools/setup --list").output:
            raise suite.Skip("this host lacks some of the tools itself")
        self.lab, self.folder = lab, lab.folder()
        self.programs = os.path.join(self.folder, "bin")
        os.mkdir(self.programs)
        there = programs()
        for name in there.keys() - {"apt-get", "sudo", *without}:
            os.symlink(there[name], os.path.join(self.programs, name))
        self.program("sudo", SUDO)
        self.program("apt-get", APT_GET.format(folder=self.folder,
                                               nasm=there["nasm"]))

    def program(self, name: str, text: str) -> None:
        path = os.path.join(self.programs, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755)

    def run(self, command: str):
        return self.lab.host(f"PATH={self.programs} {command}")

    def asked(self) -> str:
        """What apt-get was asked to install."""
        path = os.path.join(self.folder, "asked")
        if not os.path.exists(path):
            return ""
        with open(path, encoding="utf-8") as file:
            return "".join(line for line in file if "install" in line)


def check(host: Host, asked: str) -> None:
    if host.asked() != asked:
        raise suite.Failure(suite.difference(asked, host.asked()))


@variants("default")
def test_nothing_missing(lab):
    """Where nothing is missing, tools/setup says and changes nothing, however
    often it runs."""
    host = Host(lab)
    stamp = os.path.join(host.folder, "stamp")
    host.run(f"tools/setup --stamp {stamp}").wants(0, "")
    first = os.stat(stamp).st_mtime_ns
    for words in (f"--stamp {stamp}", "", "--list"):
        came = host.run(f"tools/setup {words}")
        came.wants(0, "")
        if came.errors or os.stat(stamp).st_mtime_ns != first:
            raise suite.Failure(f"tools/setup {words}: {came.errors}")
    check(host, "")


@variants("default")
def test_setup(lab):
    """tools/setup names what is missing, and installs that and no more."""
    host = Host(lab, ["nasm"])
    host.run("tools/setup --list").wants(0, "nasm\n")
    check(host, "")
    host.run("tools/setup").wants(0, "", ["installs with apt: nasm\n"])
    asked = "apt-get install -y -q --no-install-recommends nasm\n"
    check(host, asked)
    host.run("tools/setup").wants(0, "")
    check(host, asked)


@variants("default")
def test_doctor(lab):
    """tools/doctor ends with 1 where something is missing, installs nothing,
    and the command that it prints does."""
    host = Host(lab, ["nasm"])
    came = host.run("tools/doctor")
    came.wants(1)
    check(host, "")
    command = came.output.splitlines()[-1].strip()
    if "Missing: nasm" not in came.output or "apt-get install" not in command:
        raise suite.Failure(came.output)
    host.run(f"sh -c '{command}'").wants(0)
    check(host, "apt-get install --no-install-recommends nasm\n")
    host.run("tools/doctor").wants(0)
