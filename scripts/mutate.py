#!/usr/bin/env python3
"""Plants one-line faults at random and asks whether the tests notice.

    scripts/mutate.py [--count 500] [--seed 1] [--folders host,runtime,...] [--build build/mutate] [--jobs 2]
                      [--list FILE] [--suite FOLDER] [--slow SECONDS]

Each fault changes one place of one source file: a comparison, a sign, a logical operator, a constant, or a check that
is dropped. The file is compiled and linked to the programs that test its folder; they run until one fails. A fault that
leaves the object file as it was is none and is not counted. Programs that take longer than --slow are left out.
Survivors are printed, and explained in scripts/mutate_survivors.txt where they are known: a line "FILE: CHANGED LINE"
with the reason after " # ".

The last line is "N passed, N failed": failed are survivors without an explanation that exceed 5 % of all faults.
"""
import argparse
import concurrent.futures
import glob
import os
import random
import re
import shutil
import subprocess
import sys
import time

FOLDERS = ["host", "runtime", "proof", "trie", "near", "tee", "vm"]
CFLAGS = ["-std=c17", "-D_GNU_SOURCE", "-I.", "-Iinclude", "-fPIC", "-fno-strict-aliasing", "-ffp-contract=off",
          "-O1", "-w"]
LIBS = ["-lseccomp", "-lbearssl", "-lsecp256k1", "-lm", "-lpthread"]
LIBRARY = "base json crypto wat vm trie near host runtime proof tee documents node api cli tests/support".split()
WRAP_ALLOC = ["-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=mmap"]

# What tests a folder: names of test programs, and vectors that conformance goes through.
VECTORS = {
    "contract": "contract kernels locals preparation host".split(),
    "runtime": "runtime runtime-multishard".split(),
    "trie": ["trie"],
}
TESTED_BY = {
    "vm": (["test_vm_*", "test_api*", "test_alloc", "test_suspend_alloc", "test_linear*", "test_interrupt*"],
           VECTORS["contract"], True),
    "host": (["test_host_*", "test_mock_external", "test_map_external", "test_crypto_host", "test_case"],
             VECTORS["contract"], False),
    "runtime": (["test_runtime_*", "test_proof_vectors", "test_proof_chain*"], VECTORS["runtime"], False),
    "proof": (["test_proof*", "test_merkle"], [], False),
    "trie": (["test_trie*", "test_proof", "test_proof_vectors"], VECTORS["trie"] + ["runtime"], False),
    "near": (["test_near_*", "test_runtime_*", "test_proof_outcome", "test_records", "test_proof_vectors"],
             ["runtime"], False),
    "tee": (["test_tee_*"], [], False),
}

# Programs that take the number of rounds: fewer than in the test-suite.
ARGUMENTS = {"test_proof_mutations": ["1000"]}

SWAPS = [
    (r"(?<![<>=!+\-*/%&|^])<=(?!=)", ["<"]), (r"(?<![<>=!\-])>=(?!=)", [">"]),
    (r"(?<![<\w\-])\s<\s(?![<=])", [" <= ", " > "]), (r"(?<![>\-])\s>\s(?![>=])", [" >= ", " < "]),
    (r"==", ["!="]), (r"!=", ["=="]), (r"&&", ["||"]), (r"\|\|", ["&&"]),
    (r"(?<=[\w\])]) \+ (?=[\w(])", [" - "]), (r"(?<=[\w\])]) - (?=[\w(])", [" + "]),
    (r" \+= ", [" -= "]), (r" -= ", [" += "]), (r" \* (?=[\w(])", [" + "]), (r" / ", [" * "]),
    (r" << ", [" >> "]), (r" >> ", [" << "]), (r" \|= ", [" &= "]), (r" &= ", [" |= "]),
    (r"\btrue\b", ["false"]), (r"\bfalse\b", ["true"]), (r"(?<![\w.])(\d{1,4})(?=[\s;,)\]])", ["+1", "-1"]),
    (r"\(!(?=[\w(])", ["("]),
]
CHECK = re.compile(r"^\s*(?:\} else |else )?if \(")


def code_lines(path):
    """Numbers of the lines that hold code, with their texts; comments, strings and tables are left alone."""
    comment = False
    for number, line in enumerate(open(path).read().split("\n")):
        text = line.strip()
        if comment:
            comment = "*/" not in text
            continue
        if text.startswith("/*"):
            comment = "*/" not in text
            continue
        if not line.startswith(" ") or text.startswith(("#", "//", "case ", "const char", "X(", "static_assert")):
            continue
        yield number, line


def without_check(line):
    """The line with its `if (...)` never true; None if it has none, or one that goes on in the next line."""
    m = CHECK.match(line)
    if not m:
        return None
    depth = 1
    for at in range(m.end(), len(line)):
        depth += {"(": 1, ")": -1}.get(line[at], 0)
        if depth == 0:
            return line[:m.end()] + "0 && (" + line[m.end():at] + ")" + line[at:]
    return None


def mutants_of(line):
    """All one-place changes of a line."""
    strings = [m.span() for m in re.finditer(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|/\*.*?\*/', line)]
    outside = lambda at: all(not (a <= at < b) for a, b in strings)
    out = []
    for pattern, replacements in SWAPS:
        for m in re.finditer(pattern, line):
            if not outside(m.start()):
                continue
            for r in replacements:
                new = str(int(m.group(1)) + int(r)) if r in ("+1", "-1") else r
                if not new.startswith("-") or r not in ("+1", "-1"):
                    out.append(line[: m.start()] + new + line[m.end():])
    dropped = without_check(line)
    if dropped:
        out.append(dropped)
    m = re.match(r"^(\s+)(\w+\(.*\);|[\w\->.\[\]*]+ [|+\-&]?= .*;)$", line)
    if m and "const" not in line:
        out.append(m.group(1) + ";")
    return [x for x in out if x != line]


def lines_of(folder):
    """What can be changed in a folder: file, number of the line, line, its changes."""
    for path in sorted(glob.glob(folder + "/*.c")):
        if os.path.basename(path) in ("execute_tail.c", "execute_portable.c"):
            continue
        for number, line in code_lines(path):
            changes = mutants_of(line)
            if changes:
                yield folder, path, number, line, changes


def faults(folders, count, seed):
    """As many faults from each folder; a line is chosen a second time only after all others."""
    rng = random.Random(seed)
    queues = {}
    for folder in folders:
        lines = list(lines_of(folder))
        rng.shuffle(lines)
        for x in lines:
            rng.shuffle(x[4])
        turns = max((len(x[4]) for x in lines), default=0)
        queues[folder] = [x[:4] + (x[4][turn],) for turn in range(turns) for x in lines if turn < len(x[4])]
    chosen = []
    while len(chosen) < count and any(queues.values()):
        for folder in folders:
            if queues[folder] and len(chosen) < count:
                chosen.append(queues[folder].pop(0))
    return chosen


class Builder:
    def __init__(self, args):
        self.args = args
        self.cc = args.cc
        self.objects = {}
        self.plain = {}
        self.wrapped = {}
        self.times = {}

    def flags_of(self, path):
        if path.startswith("vm/execute_"):
            return ["-fno-math-errno", "-ffp-contract=off"] + (["-fno-gcse", "-fno-crossjumping"] if "gcc" in self.cc
                                                               else ["-mllvm", "-disable-early-taildup"])
        return []

    def compile(self, path, out, text=None):
        """Compiles the file, or `text` in its place; None if it does not compile."""
        command = [self.cc] + CFLAGS + self.flags_of(path)
        if text is None:
            command += ["-c", path, "-o", out]
            run = subprocess.run(command, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        else:
            command += ["-iquote", os.path.dirname(path), "-x", "c", "-c", "-", "-o", out]
            run = subprocess.run(command, input=text.encode(), stderr=subprocess.DEVNULL)
        return run.returncode == 0

    def base(self):
        """Everything without a fault: objects by source, and the programs, which load the library at run time."""
        build = self.args.build
        sources = [s for d in LIBRARY for s in sorted(glob.glob(d + "/*.c")) if s != "cli/main.c"]
        self.programs = sorted(glob.glob("tests/test_*.c"))
        extra = sorted(glob.glob("tests/conformance*.c")) + [s for s in sorted(glob.glob("fuzz/*.c"))
                 if not re.search(r"fuzz/(fuzz_|.*_main)", s)] + sorted(glob.glob("spec-tests/*.c"))
        headers = max(os.path.getmtime(h) for suffix in ("h", "def", "inc") for h in glob.glob("*/*." + suffix)
                      + glob.glob("tests/support/*." + suffix))
        os.makedirs(build, exist_ok=True)

        def one(path):
            out = os.path.join(build, path.replace("/", "_")[:-2] + ".o")
            if not os.path.exists(out) or os.path.getmtime(out) < max(headers, os.path.getmtime(path)):
                if not self.compile(path, out):
                    sys.exit("mutate: %s does not compile" % path)
            return path, out
        with concurrent.futures.ThreadPoolExecutor(self.args.jobs) as pool:
            for path, out in pool.map(one, sources + extra + self.programs):
                self.objects[path] = out
        self.library = sources
        if not self.link_library(os.path.join(build, "libbase.so"), {}):
            sys.exit("mutate: the library does not link")
        for path in self.programs:
            self.link_program(path)
        conformance = [self.objects[s] for s in extra if s.startswith("tests/conformance")]
        library = os.path.join(build, "libbase.so")
        self.link(os.path.join(build, "conformance"), conformance + [library])
        suite = [self.objects[s] for s in extra if s.startswith("spec-tests/")]
        self.link(os.path.join(build, "spec-tests"), suite + [library])

    def link_library(self, out, changed):
        objects = [changed.get(s, self.objects[s]) for s in self.library]
        return self.link(out, objects, ["-shared", "-Wl,-soname,libinternal.so"])

    def link(self, out, objects, flags=()):
        command = [self.cc, "-fuse-ld=" + self.args.linker, "-o", out] + list(flags) + objects + LIBS
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode:
            self.why = run.stderr
        return run.returncode == 0

    def link_program(self, path):
        """A test that makes allocation fail contains the library: it is linked for each fault that reaches it."""
        name = os.path.basename(path)[:-2]
        if '"tests/failing_alloc.h"' in open(path).read():
            self.wrapped[name] = path
            return
        more = []
        if name == "test_case":
            more = [self.objects["tests/conformance_compare.c"], self.objects["tests/conformance_contract.c"]]
        if name in ("test_vm_suspend", "test_preparation"):
            more = [o for s, o in self.objects.items() if s.startswith("fuzz/")]
        library = os.path.join(self.args.build, "libbase.so")
        if not self.link(os.path.join(self.args.build, name), [self.objects[path]] + more + [library]):
            print("mutate: %s does not link: left out" % name, flush=True)
            self.programs = [p for p in self.programs if p != path]

    def link_wrapped(self, name, out, changed):
        objects = [self.objects[self.wrapped[name]]] + [changed.get(s, self.objects[s]) for s in self.library]
        return self.link(out, objects, WRAP_ALLOC)


def run(command, folder, timeout):
    env = dict(os.environ, LD_LIBRARY_PATH=folder)
    try:
        return subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, timeout=timeout).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def commands_of(builder, folder):
    """The commands that test a folder; what makes allocation fail is told by its name alone."""
    build = builder.args.build
    patterns, vectors, suite = TESTED_BY[folder]
    names = [os.path.basename(p)[:-2] for p in builder.programs]
    commands = []
    for name in names:
        if any(re.match(p.replace("*", ".*") + "$", name) for p in patterns):
            program = name if name in builder.wrapped else os.path.join(build, name)
            commands.append([program] + ARGUMENTS.get(name, []))
    for v in vectors:
        path = "tests/vectors/%s.jsonl.xz" % v
        if os.path.exists(path):
            commands.append([os.path.join(build, "conformance"), path])
    scripts = [w for w in sorted(glob.glob(builder.args.suite + "/*.wast")) if "/simd_" not in w]
    if suite and scripts:
        commands.append([os.path.join(build, "spec-tests")] + scripts)
    return commands


def tests_of(builder, folder):
    """Commands in rising order of the time that they took without a fault, each with the time that it gets."""
    good = os.path.join(builder.args.build, "good")
    os.makedirs(good, exist_ok=True)
    link = os.path.join(good, "libinternal.so")
    if not os.path.lexists(link):
        os.symlink(os.path.abspath(os.path.join(builder.args.build, "libbase.so")), link)
    timed = []
    for c in commands_of(builder, folder):
        program = c
        if c[0] in builder.wrapped:
            program = [os.path.join(good, c[0])]
            builder.link_wrapped(c[0], program[0], {})
        if tuple(c) not in builder.times:
            start = time.time()
            passed = run(program, good, builder.args.slow)
            builder.times[tuple(c)] = (passed, time.time() - start)
        passed, seconds = builder.times[tuple(c)]
        if passed:
            timed.append((seconds, c))
        else:
            print("mutate: %s %s: left out" % (" ".join(c)[:100], "is slow" if seconds >= builder.args.slow else
                                               "fails without a fault"), flush=True)
    whole = sum(t for t, _ in timed)
    print("mutate: %s: %d programs, %.1f s" % (folder, len(timed), whole), file=sys.stderr, flush=True)
    return [(max(10, 8 * t), c) for t, c in sorted(timed)]


def notices(builder, command, place, changed, seconds):
    """Whether a test fails with the changed library."""
    if command[0] in builder.wrapped:
        program = os.path.join(place, command[0])
        if not builder.link_wrapped(command[0], program, changed):
            return False
        command = [program]
    return not run(command, place, seconds)


def attempt(builder, tests, fault, index):
    """"none", "noticed" or "survived"."""
    folder, path, number, line, new = fault
    place = os.path.join(builder.args.build, "mutant%d-%d" % (os.getpid(), index))
    os.makedirs(place, exist_ok=True)
    out = os.path.join(place, "changed.o")
    lines = open(path).read().split("\n")
    try:
        if path not in builder.plain:
            if not builder.compile(path, out, "\n".join(lines)):
                return "none"
            builder.plain[path] = open(out, "rb").read()
        lines[number] = new
        if not builder.compile(path, out, "\n".join(lines)) or open(out, "rb").read() == builder.plain[path]:
            return "none"
        if not builder.link_library(os.path.join(place, "libinternal.so"), {path: out}):
            return "none"
        for seconds, command in tests[folder]:
            if notices(builder, command, place, {path: out}, seconds):
                return "noticed"
        return "survived"
    finally:
        shutil.rmtree(place, ignore_errors=True)


def explanations():
    path = "scripts/mutate_survivors.txt"
    if not os.path.exists(path):
        return {}
    out = {}
    for line in open(path):
        if " # " in line:
            where, why = line.rstrip("\n").split(" # ", 1)
            out[where.strip()] = why
    return out


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--count", type=int, default=500)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--folders", default=",".join(FOLDERS))
    p.add_argument("--build", default="build/mutate")
    p.add_argument("--suite", default="../shared/testsuite/2.0")
    p.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    p.add_argument("--cc", default="gcc")
    p.add_argument("--linker", default=next((n for n in ("lld", "gold") if shutil.which("ld." + n)), "bfd"))
    p.add_argument("--slow", type=float, default=15, help="seconds that a program may take without a fault")
    p.add_argument("--list", help="write survivors here")
    args = p.parse_args()
    folders = args.folders.split(",")
    builder = Builder(args)
    builder.base()
    tests = {f: tests_of(builder, f) for f in folders}
    known = explanations()
    figures = {f: {"noticed": 0, "survived": 0, "explained": 0} for f in folders}
    survivors = []
    chosen = faults(folders, args.count, args.seed)
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        futures = {pool.submit(attempt, builder, tests, x, i): x for i, x in enumerate(chosen)}
        for done, future in enumerate(concurrent.futures.as_completed(futures), 1):
            fault, verdict = futures[future], future.result()
            folder, path, number, line, new = fault
            if verdict == "survived":
                why = known.get("%s: %s" % (path, new.strip()))
                verdict = "explained" if why else "survived"
                survivors.append("%s:%d: %s\n    was: %s%s" % (path, number + 1, new.strip(), line.strip(),
                                                               "\n    " + why if why else ""))
                print("survived: " + survivors[-1], flush=True)
            if verdict != "none":
                figures[folder][verdict] += 1
            if done % 10 == 0:
                print("%d of %d" % (done, len(chosen)), file=sys.stderr, flush=True)
    print("%-10s %9s %9s %10s" % ("folder", "noticed", "survived", "explained"))
    for f in folders:
        print("%-10s %9d %9d %10d" % (f, *(figures[f][k] for k in ("noticed", "survived", "explained"))))
    noticed = sum(x["noticed"] for x in figures.values())
    survived = sum(x["survived"] for x in figures.values())
    explained = sum(x["explained"] for x in figures.values())
    if args.list:
        open(args.list, "w").write("\n".join(survivors) + "\n")
    total = noticed + survived
    print("noticed: %d of %d that change behaviour (%.1f %%)" % (noticed, total, 100 * noticed / max(1, total)))
    over = max(0, survived - total // 20)
    print("%d passed, %d failed" % (noticed + explained, over))
    sys.exit(1 if over else 0)


if __name__ == "__main__":
    main()
