#!/usr/bin/env python3
"""Writes docs/imports.md from host/imports.def and near/params.

usage: scripts/imports.py [--check]

--check: says whether the file is up to date, and writes nothing.
"""
import glob
import os
import re
import sys

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TARGET = os.path.join(HERE, "docs", "imports.md")
HEAD = """# Imports of `env`

What a contract may import, from `host/imports.def` (written by `scripts/imports.py`). Every parameter and result is an i64, unless it says i32; `len` and `ptr` are in bytes of the contract's memory, and a `len` of 2^64 - 1 usually means "the register numbered `ptr`". *From* is the first protocol version that offers the function; those without are in every version that runs here. What each does is said beside its declaration in `contract/near.h`; what it costs, `nvm params` prints.
"""


def first_versions():
    """flag -> the first version in which it is on."""
    first = {}
    files = glob.glob(os.path.join(HERE, "near", "params", "v*.def"))
    for path in sorted(files, key=lambda p: int(re.search(r"v(\d+)\.def$", p).group(1))):
        version = int(re.search(r"v(\d+)\.def$", path).group(1))
        for flag in re.findall(r"VALUE_flag_(\w+) true", open(path).read()):
            first.setdefault(flag, version)
    return first


def page():
    text = open(os.path.join(HERE, "host", "imports.def")).read()
    first = first_versions()
    lines = [HEAD]
    pattern = r'/\* ([A-Z][^*]*?) \*/|X\((\w+), (\w+), (\w+), (\w+), (\d+), "([^"]*)"\)'
    for m in re.finditer(pattern, text[text.index("*/") + 2:]):
        section, name, gate, result, kind, count, parameters = m.groups()
        if section:
            lines += ["", "## " + section, "", "| function | result | from |", "|---|---|---|"]
            continue
        names = [p.strip() for p in parameters.split(",")] if parameters else []
        assert len(names) == int(count), name
        if kind == "I32":
            names = [p + ": i32" for p in names]
        since = "" if gate == "always" else str(first[gate])
        shown = "" if result == "NONE" else result.lower()
        lines.append("| `%s(%s)` | %s | %s |" % (name, ", ".join(names), shown, since))
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"


def main():
    wanted = page()
    if sys.argv[1:] == ["--check"]:
        same = os.path.exists(TARGET) and open(TARGET).read() == wanted
        print("docs/imports.md is %s" % ("up to date" if same else "not what scripts/imports.py writes"))
        return 0 if same else 1
    if sys.argv[1:]:
        sys.exit(__doc__.strip())
    open(TARGET, "w").write(wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main())
