#!/bin/sh
# The example contracts: can they be built, are the committed modules what the sources say, and do they behave as the
# production VM says (examples.jsonl.xz, made by ../differential/calls.py from ../differential/scenarios)?
# Without a compiler for WebAssembly the first two parts are skipped. The last line: "N passed, N failed[, N skipped]".
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
passed=0
failed=0
skipped=0
made=$(mktemp -d) || exit 1
trap 'rm -rf "$made"' EXIT

ok() { passed=$((passed + 1)); }
bad() {
    failed=$((failed + 1))
    echo "failed: $1"
}
skip() {
    skipped=$((skipped + 1))
    echo "skipped: $1"
}

# What a module exports and imports, sorted. Code may differ from one compiler to the next, this must not.
interface() {
    "$BUILD/nvm" inspect --json "$1" 2>/dev/null | python3 -c '
import json, sys
module = json.load(sys.stdin)
print(sorted(json.dumps(i) for i in module["imports"] if i), sorted(e["name"] for e in module["exports"]))'
}

rebuild() { # compiler
    mkdir -p "$made/$1"
    if ! CC=$1 OUT=$made/$1 examples/contracts/build.sh >"$made/$1/log" 2>&1; then
        if grep -qE 'no wasm-ld found|No available targets|unable to create target' "$made/$1/log"; then
            skip "$1 can't build for WebAssembly here"
        else
            bad "$1 can't build the examples: $(head -n 3 "$made/$1/log")"
        fi
        return
    fi
    [ -s "$made/$1/log" ] && bad "$1 warns: $(head -n 3 "$made/$1/log")"
    for source in examples/contracts/*.c; do
        name=$(basename "$source" .c)
        if cmp -s "$made/$1/$name.wasm" "examples/contracts/$name.wasm"; then
            ok
        elif [ -x "$BUILD/nvm" ] && command -v python3 >/dev/null 2>&1; then
            ours=$(interface "examples/contracts/$name.wasm")
            if [ -n "$ours" ] && [ "$(interface "$made/$1/$name.wasm")" = "$ours" ]; then ok
            else bad "$name.wasm is not what $1 makes of $name.c: build.sh makes it anew"; fi
        else
            skip "$name.wasm built by $1 has other code; no nvm and python3 to look closer"
        fi
    done
}

found=
for compiler in clang-19 clang-14; do
    command -v "$compiler" >/dev/null 2>&1 || continue
    found=1
    rebuild "$compiler"
done
[ -n "$found" ] || skip "no clang to build the examples with"

if [ ! -x "$BUILD/conformance" ]; then
    skip "the calls: $BUILD/conformance isn't built"
else
    "$BUILD/conformance" tests/contracts/examples.jsonl.xz >"$made/calls" 2>&1
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$made/calls" | tail -n 1)
    if grep -q 'no kind of case that this program knows' "$made/calls"; then
        skip "the calls: this conformance program runs no contracts"
    elif [ -z "$line" ]; then
        bad "the calls: $(tail -n 3 "$made/calls")"
    else
        passed=$((passed + $(echo "$line" | awk '{print $1 + 0}')))
        failed=$((failed + $(echo "$line" | awk '{print $3 + 0}')))
        grep -v "^$line" "$made/calls" | head -n 40
    fi
fi

echo "$passed passed, $failed failed$([ "$skipped" = 0 ] || echo ", $skipped skipped")"
[ "$failed" = 0 ]
