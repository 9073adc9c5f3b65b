"""Rules that one file keeps by itself.

Contract comments, #pragma once, where assembly may stand, no #if in the
kernel's .c files, lengths of functions and files, blanks and columns, and no
place of the machine that a file was written on.
"""

import ast
import re

from lib.check_files import C_LIKE, Problem, Source, Tree

FUNCTION_LINES = 60
FILE_LINES = 500
COLUMNS = 80
CONTRACT_WORDS = 5

OPENING = {
    "c": r"/\*.*?\*/", "header": r"/\*.*?\*/", "linker": r"/\*.*?\*/",
    "assembly": r"(;[^\n]*\n)+|/\*.*?\*/|(#[^\n]*\n)+",
    "shell": r"(#[^\n]*\n)+", "make": r"(#[^\n]*\n)+",
}
ASM = re.compile(r"\b(asm|__asm|__asm__)\b")
INCLUDE = re.compile(r"\s*#\s*include\b")
CONDITION = re.compile(r"\s*#\s*(if|ifdef|ifndef)\b")
SHELL_FUNCTION = re.compile(r"([\w-]+)\s*\(\)\s*[{(]\s*$")
NAME = re.compile(r"(\w+)\s*\(")
PLACES = re.compile(
    r"(?<![\w.})])/(?:work|root|home)/[\w.]"
    r"|\b(?:deb|security|archive|ports|ftp|snapshot)\.(?:debian|ubuntu)\.\w+"
    r"|\b(?:pypi|crates|ghcr|docker|quay)\.(?:org|io)\b"
    r"|\bregistry\.[\w.-]+\.\w+|\bproxy\.golang\.org")


def _words_of_opening(source: Source) -> int:
    """Words in the comment that the file opens with."""
    text = re.sub(r"\A#![^\n]*\n", "", source.text)
    if source.kind == "python":
        try:
            opening = ast.get_docstring(ast.parse(text)) or ""
        except SyntaxError:     # check_programs reports it
            return CONTRACT_WORDS
    else:
        found = re.match(OPENING[source.kind], text, re.S)
        opening = found.group() if found else ""
    return len(re.findall(r"\w\w+", opening))


def check_contract(tree: Tree):
    for source in tree.of_kind("python", *OPENING):
        if _words_of_opening(source) < CONTRACT_WORDS:
            yield Problem(source.path, 1, "does not open with its contract: "
                          "say what the file does, promises and refuses")


def check_pragma(tree: Tree):
    for source in tree.of_kind("header"):
        first = next(((number, line.strip()) for number, line in
                      enumerate(source.code, 1) if line.strip()), (1, ""))
        if first[1] != "#pragma once":
            yield Problem(source.path, first[0], "#pragma once is missing: it "
                          "stands first behind the contract")


def check_assembly(tree: Tree):
    for source in tree.of_kind(*C_LIKE):
        if not source.in_kernel():
            continue
        for number, line in enumerate(source.code, 1):
            if ASM.search(line) and not INCLUDE.match(line):
                yield Problem(source.path, number, "assembly may not stand "
                              "here: use core/cpu.h, or move it to x86/")


def check_conditions(tree: Tree):
    for source in tree.of_kind("c"):
        for number, line in enumerate(source.code, 1):
            if source.in_kernel() and CONDITION.match(line):
                yield Problem(source.path, number, "no #if in a .c file: make "
                              "it a file of its own in the Makefile, or a "
                              "table of operations")


def functions_of(source: Source):
    """(line, lines, name) of each function."""
    if source.kind in C_LIKE:
        return _c_functions(source)
    if source.kind == "python":
        return _python_functions(source)
    return _shell_functions(source) if source.kind == "shell" else ()


def _c_functions(source: Source):
    """The braces of a function stand in the first column, alone."""
    start = None
    for number, line in enumerate(source.lines):
        if line == "{":
            start = number - 1
            while start > 0 and source.lines[start][:1] in (" ", "\t"):
                start -= 1
        elif line == "}" and start is not None:
            found = NAME.search(" ".join(source.lines[start:number]))
            yield start + 1, number - start + 1, found[1] if found else "this"
            start = None


def _python_functions(source: Source):
    try:
        nodes = ast.walk(ast.parse(source.text))
    except SyntaxError:     # check_programs reports it
        return
    for node in nodes:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno - node.lineno + 1, node.name


def _shell_functions(source: Source):
    start, name = None, ""
    for number, line in enumerate(source.lines, 1):
        found = SHELL_FUNCTION.match(line)
        if found:
            start, name = number, found[1]
        elif line in ("}", ")") and start:
            yield start, number - start + 1, name
            start = None


def check_lengths(tree: Tree):
    for source in tree.sources:
        if source.kind == "text":
            continue
        if len(source.lines) > FILE_LINES:
            yield Problem(source.path, FILE_LINES + 1, f"{len(source.lines)} "
                          f"lines, {FILE_LINES} are the limit: split the file "
                          "by topic")
        for line, count, name in functions_of(source):
            if count > FUNCTION_LINES:
                yield Problem(source.path, line, f"{name} has {count} lines, "
                              f"{FUNCTION_LINES} are the limit: give each idea "
                              "a function")


def check_blanks(tree: Tree):
    for source in tree.sources:
        if source.kind == "text" and not source.path.endswith(".md"):
            continue
        is_c = source.kind in C_LIKE
        for number, line in enumerate(source.lines, 1):
            if line != line.rstrip():
                yield Problem(source.path, number, "blanks at the end of the "
                              "line: take them away")
            if is_c and "\t" in line:
                yield Problem(source.path, number, "a tab: use four spaces")
            if is_c and len(line) > COLUMNS:
                yield Problem(source.path, number, f"{len(line)} columns, "
                              f"{COLUMNS} are the limit: break the line")


def check_places(tree: Tree):
    for source in tree.sources:
        for number, line in enumerate(source.lines, 1):
            found = PLACES.search(line)
            if found:
                yield Problem(source.path, number, f"`{found.group()}` is a "
                              "place of somebody's machine or network: derive "
                              "it, or ask for it")
