#!/usr/bin/env python3
"""Holds the code to the rules that a script can check.

    tools/tidy.py [--build FOLDER] [FILE...]

Prints `file:line: what: what to do` for each finding and exits 1 when there is one. With a build
folder every header is also compiled alone. Formatting is clang-format's business.
"""
import argparse
import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FUNCTION_LINES_MAX = 60
FILE_LINES_MAX = 600
COLUMNS_MAX = 100

# Outside libraries: the header that names each, and the folders under src/ that may include it.
HOMES = [
    (r"uv\.h|uv/.*", "libuv", ["server", "cli"]),
    (r"llhttp\.h", "llhttp", ["server"]),
    (r"sqlite3(ext)?\.h", "SQLite", ["store/sqlite"]),
    (r"curl/.*", "libcurl", ["client"]),
    (r"yyjson\.h", "yyjson", ["base", "item", "shapes", "expr", "plan", "engine", "api", "ops",
                              "lib", "template", "cli", "client"]),
    (r"openssl/.*", "OpenSSL", ["auth"]),
    (r"mpdecimal\.h", "libmpdec", ["item"]),
    (r"zlib\.h", "zlib", ["server"]),
    (r"yaml\.h", "libyaml", ["template", "cli"]),
]

# Calls that src/ never makes; the second column says what to call instead.
BANNED = [
    (r"strcpy|strcat|stpcpy", "use span or buffer functions (base/span.h, base/buffer.h)"),
    (r"sprintf|vsprintf", "use snprintf, or buffer functions (base/buffer.h)"),
    (r"gets", "use fgets"),
    (r"atoi|atol|atoll|atof", "use strtol or strtod and look at where they stopped"),
    (r"strtok", "walk a span"),
    (r"time|gettimeofday|clock_gettime|usleep|nanosleep|sleep", "use base/clock.h"),
    (r"rand|srand|random|srandom|drand48", "use base/random.h"),
]
BANNED_OUTSIDE_BASE = [
    (r"malloc|calloc|realloc|free|strdup|strndup", "use an arena, or base/memory.h"),
]
BASE_MAY_CALL = r"time|gettimeofday|clock_gettime|usleep|nanosleep|sleep"


SOURCES = (".c", ".h", ".re", ".y")


class Findings:
    """What was found, in the order of the files."""

    def __init__(self):
        self.lines = []

    def add(self, path, line, what, mend):
        self.lines.append((path, line, f"{path}:{line}: {what}: {mend}"))


def layers():
    """The folders of src/, bottom first, as src/meson.build lists them."""
    with open(os.path.join(ROOT, "src", "meson.build"), encoding="utf-8") as file:
        text = re.sub(r"#.*", "", file.read())
    listed = re.search(r"layers\s*=\s*\[(.*?)\]", text, re.S)
    return re.findall(r"'([^']+)'", listed.group(1))


def blank(text):
    """The text with comments, strings and characters blanked out, line breaks kept."""
    token = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)

    def spaces(match):
        kept = match.group(0)
        if kept[0] in "\"'":
            return kept[0] + " " * (len(kept) - 2) + kept[-1]
        return re.sub(r"[^\n]", " ", kept)

    return token.sub(spaces, text)


def check_lengths(findings, path, text, code):
    """File, line and function lengths. The format puts a function's braces in the first column."""
    lines = text.split("\n")
    count = len(lines) - (lines[-1] == "")
    if count > FILE_LINES_MAX:
        findings.add(path, count, f"{count} lines, over {FILE_LINES_MAX}",
                     "split the file by idea")
    for number, line in enumerate(lines, 1):
        columns = len(line.expandtabs(8))
        if columns > COLUMNS_MAX:
            findings.add(path, number, f"{columns} columns, over {COLUMNS_MAX}", "break the line")
    code_lines = code.split("\n")
    opened = None
    for number, line in enumerate(code_lines, 1):
        if line.rstrip() == "{":
            opened = number
        elif line.startswith("}") and opened is not None:
            start = opened
            while start > 1 and code_lines[start - 2].strip() and \
                    not code_lines[start - 2].startswith(("}", "#")) and \
                    not code_lines[start - 2].rstrip().endswith(";"):
                start -= 1
            length = number - start + 1
            if length > FUNCTION_LINES_MAX:
                findings.add(path, start, f"a function of {length} lines, over "
                             f"{FUNCTION_LINES_MAX}", "give each of its ideas a function")
            opened = None


def check_opening(findings, path, text):
    """A file opens with one sentence that names it."""
    names = {path, path.removeprefix("src/"), path.removeprefix("include/")}
    opening = re.match(r"/\* (\S+) - \S", text)
    if not opening or opening.group(1) not in names:
        findings.add(path, 1, "no opening sentence",
                     f"start with /* {path.removeprefix('src/')} - what it is for. */")
    if path.endswith(".h") and "#pragma once" not in text:
        findings.add(path, 1, "no include guard", "add #pragma once after the opening comment")


def includes(text):
    for number, line in enumerate(text.split("\n"), 1):
        match = re.match(r'\s*#\s*include\s+([<"])([^>"]+)[>"]', line)
        if match:
            yield number, match.group(1), match.group(2)


def check_includes(findings, path, text, order):
    """Layer order and the homes of the outside libraries, for files under src/."""
    folder = path.split("/")[1]
    inside = "/".join(path.split("/")[1:-1])
    if folder not in order:
        findings.add(path, 1, f"folder src/{folder} is in no layer", "list it in src/meson.build")
        return
    for number, _, name in includes(text):
        top = name.split("/")[0]
        if "/" in name and top in order and order.index(top) > order.index(folder):
            findings.add(path, number, f"{folder} includes {name}, a layer above it",
                         "hand it in from above, or move it below (order in src/meson.build)")
        if name.startswith("../") or "/../" in name:
            findings.add(path, number, f"include of {name}", "write its path from src/")
        for pattern, library, homes in HOMES:
            if re.fullmatch(pattern, name) and not any(
                    inside == home or inside.startswith(home + "/") for home in homes):
                findings.add(path, number, f"{library} outside its home",
                             f"only {', '.join(homes)} may include {name}")


def check_calls(findings, path, code):
    """Calls that have a safer or a testable counterpart."""
    rules = list(BANNED)
    if not path.startswith("src/base/"):
        rules += BANNED_OUTSIDE_BASE
    for pattern, mend in rules:
        call = re.compile(rf"(?<![\w.>])(?:{pattern})\s*\(")
        for number, line in enumerate(code.split("\n"), 1):
            found = call.search(line)
            if not found:
                continue
            name = found.group(0).rstrip("( \t")
            if path.startswith("src/base/") and re.fullmatch(BASE_MAY_CALL, name):
                continue
            findings.add(path, number, f"call of {name}", mend)


def check_file(findings, path, order):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        text = file.read()
    if not path.endswith(SOURCES):
        check_lengths(findings, path, text, "")
        return
    code = blank(text)
    check_lengths(findings, path, text, code)
    if path.endswith((".c", ".h")):
        check_opening(findings, path, text)
    if path.startswith("src/"):
        check_includes(findings, path, text, order)
        check_calls(findings, path, code)


def compile_flags(build):
    """The include paths, defines and standard that the build compiles src/ with."""
    with open(os.path.join(ROOT, build, "compile_commands.json"), encoding="utf-8") as file:
        commands = json.load(file)
    kept, seen = [], set()
    for entry in commands:
        words = shlex.split(entry["command"])
        for word in words:
            if word.startswith("-I") and not word.startswith("-I/"):
                word = "-I" + os.path.join(entry["directory"], word[2:])
            if word.startswith(("-I", "-D", "-std=")) and word not in seen:
                seen.add(word)
                kept.append(word)
    return kept


def compile_header(path, flags):
    """What the compiler says of a file that includes only this header; None when it is content."""
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "alone.c")
        with open(source, "w", encoding="utf-8") as file:
            file.write(f'#include "{os.path.join(ROOT, path)}"\n')
        done = subprocess.run(["cc", *flags, "-fsyntax-only", source], capture_output=True,
                              text=True, cwd=ROOT, check=False)
    if done.returncode == 0:
        return None
    said = re.search(r"error: (.*)", done.stderr)
    return said.group(1) if said else done.stderr.strip()


def check_headers(findings, paths, build):
    flags = compile_flags(build)
    headers = [path for path in paths if path.endswith(".h")]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        for path, said in zip(headers, pool.map(lambda p: compile_header(p, flags), headers)):
            if said:
                findings.add(path, 1, f"does not compile alone ({said})",
                             "include what it names")


def is_script(path):
    with open(os.path.join(ROOT, path), "rb") as file:
        return file.read(2) == b"#!"


def listed_files():
    """Tracked files, and new ones that are not ignored: C, grammars and scripts."""
    shown = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"],
                           cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for path in sorted(set(shown.splitlines()))
            if os.path.isfile(os.path.join(ROOT, path))
            and (path.endswith((*SOURCES, ".py")) or is_script(path))]


def main():
    parser = argparse.ArgumentParser(description="Checks the rules that a script can check.")
    parser.add_argument("--build", help="build folder: also compile every header alone")
    parser.add_argument("files", nargs="*", metavar="FILE")
    options = parser.parse_args()
    paths = [os.path.relpath(os.path.abspath(p), ROOT) for p in options.files] or listed_files()
    order = layers()
    findings = Findings()
    for path in paths:
        check_file(findings, path, order)
    if options.build and os.path.exists(os.path.join(ROOT, options.build, "compile_commands.json")):
        check_headers(findings, paths, options.build)
    for _, _, line in sorted(findings.lines):
        print(line)
    return 1 if findings.lines else 0


if __name__ == "__main__":
    sys.exit(main())
