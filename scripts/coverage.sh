#!/bin/sh
# Which lines and branches the tests reach: an instrumented build, the test programs, the vectors and the suites, then a
# table by folder. The goal is 95 % of lines and 85 % of branches in each of vm, host, trie, runtime, proof and tee.
#
#     BUILD=build scripts/coverage.sh [FOLDER...]
#
# Needs clang and llvm-cov of one version. Files that are left out are listed with their reason in the table below.
# A page for each file is written to $BUILD/coverage/html if HTML=1. The last line is "N passed, N failed": a folder
# whose lines or branches are below the goal has failed.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
JOBS=${JOBS:-$(nproc 2>/dev/null || echo 2)}
LINES=95
BRANCHES=85
folders=${*:-vm host trie runtime proof tee}
out=$BUILD/coverage

# What is left out, and why.
left_out() {
    cat <<'TABLE'
vm/execute_tail.c      one handler for each combination of places: the same expressions as the portable dispatcher's
vm/execute_portable.c  generated from the same table; the suites and the reference interpreter compare what it computes
vm/handlers.h          likewise
vm/handlers_simple.h   likewise
vm/handlers_control.h  likewise
tee/sev_guest.c        talks to hardware that a test machine does not have; what it sends and reads is tested by a fake
tee/nsm.c              likewise
TABLE
}

version=
for v in 25 24 23 22 21 20 19 18 17 16 15 14; do
    if command -v "clang-$v" >/dev/null 2>&1 && command -v "llvm-cov-$v" >/dev/null 2>&1; then version=$v; break; fi
done
if [ -z "$version" ]; then
    echo "skipped: coverage: clang and llvm-cov of one version are not installed (Debian: clang-19 llvm-19)"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi

flags="-fprofile-instr-generate -fcoverage-mapping"
make -s -j"$JOBS" BUILD="$out" CC="clang-$version" CFLAGS="-O1 -g $flags" LDFLAGS="$flags" programs tests replayers \
    "$out/generate" >"$out.log" 2>&1 || { tail -n 30 "$out.log"; echo "0 passed, 1 failed"; exit 1; }

rm -rf "$out/raw"
mkdir -p "$out/raw" "$out/logs"
export LLVM_PROFILE_FILE="$PWD/$out/raw/%m-%4m.profraw"

# Failures are the business of `make test`; here a program that fails has covered what it has covered.
{
    for program in "$out"/tests/test_*; do [ -x "$program" ] && [ -f "$program" ] && echo "$program"; done
    echo "$out/conformance $(ls tests/vectors/*.jsonl tests/vectors/*.jsonl.xz 2>/dev/null | tr '\n' ' ')"
    echo "env BUILD=$out SUITE=2.0 spec-tests/run.sh"
    echo "env BUILD=$out SUITE=2.0 spec-tests/run.sh --lazy"
    echo "$out/replay/fuzz_exec --random 1 200"
    for script in tests/cli.sh tests/cli_*.sh tests/contracts/run.sh; do
        [ "$script" = tests/cli_common.sh ] || echo "env BUILD=$out $script"
    done
} | tr '\n' '\0' | xargs -0 -P "$JOBS" -n 1 sh -c 'sh -c "$0" >/dev/null 2>&1 </dev/null; :'

"llvm-profdata-$version" merge -sparse "$out"/raw/*.profraw -o "$out/all.profdata" || { echo "0 passed, 1 failed"; exit 1; }
objects=$out/nvm
for program in "$out"/tests/test_* "$out/conformance" "$out/spec-tests" "$out/replay/fuzz_exec"; do
    [ -x "$program" ] && [ -f "$program" ] && objects="$objects -object $program"
done
ignore=$(left_out | awk '{print $1}' | paste -sd '|' -)
# shellcheck disable=SC2086
"llvm-cov-$version" export -summary-only -instr-profile "$out/all.profdata" $objects \
    -ignore-filename-regex "($ignore)" >"$out/summary.json" 2>"$out/summary.log"
if [ "${HTML:-0}" = 1 ]; then
    # shellcheck disable=SC2086
    "llvm-cov-$version" show -format=html -output-dir "$out/html" -instr-profile "$out/all.profdata" $objects \
        -ignore-filename-regex "($ignore)" $folders >/dev/null 2>&1
fi

echo "left out:"
left_out | sed 's/^/    /'
python3 - "$out/summary.json" "$PWD" $LINES $BRANCHES $folders <<'PYTHON'
import json, sys
summary, root, lines, branches, folders = sys.argv[1], sys.argv[2] + "/", int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:]
files = json.load(open(summary))["data"][0]["files"]
passed = failed = 0
print("%-28s %8s %9s" % ("", "lines", "branches"))
for folder in folders:
    total = {"lines": [0, 0], "branches": [0, 0]}
    worst = []
    for f in files:
        name = f["filename"].replace(root, "")
        if not name.startswith(folder + "/") or not name.endswith((".c", ".h")):
            continue
        for kind in total:
            s = f["summary"][kind]
            total[kind][0] += s["covered"]
            total[kind][1] += s["count"]
        missing = f["summary"]["branches"]["count"] - f["summary"]["branches"]["covered"]
        worst.append((missing, name, f["summary"]))
    percent = {k: 100 * a / b if b else 100 for k, (a, b) in total.items()}
    print("%-28s %7.1f%% %8.1f%%" % (folder + "/", percent["lines"], percent["branches"]))
    for _, name, s in sorted(worst, reverse=True)[:5]:
        print("    %-24s %7.1f%% %8.1f%%" % (name, s["lines"]["percent"], s["branches"]["percent"]))
    for kind, goal in (("lines", lines), ("branches", branches)):
        if percent[kind] >= goal:
            passed += 1
        else:
            failed += 1
            print("    below the goal of %d %% of %s" % (goal, kind))
print("%d passed, %d failed" % (passed, failed))
sys.exit(failed > 0)
PYTHON
