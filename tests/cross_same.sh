#!/bin/sh
# Compares what another build of the command prints and writes with $BUILD/nvm, byte by byte: BUILD=build tests/cross_same.sh NVM
set -u
cd "$(dirname "$0")/.." || exit 1
mine=${BUILD:-build}/nvm
other=$1
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
passed=0 failed=0

same() { # ARGUMENT...; files that the command writes are named $folder/out.*
    rm -f "$folder"/out.* "$folder"/kept.*
    "$mine" "$@" >"$folder/out.text" 2>&1
    echo $? >"$folder/out.code"
    for file in "$folder"/out.*; do mv "$file" "$folder/kept.${file##*/out.}"; done
    "$other" "$@" >"$folder/out.text" 2>&1
    echo $? >"$folder/out.code"
    for file in "$folder"/kept.*; do
        if cmp -s "$file" "$folder/out.${file##*/kept.}"; then passed=$((passed + 1)); else
            failed=$((failed + 1))
            echo "failed: nvm $*: .${file##*/kept.} differs"
            head -n 3 "$file" "$folder/out.${file##*/kept.}"
        fi
    done
}

contract=examples/contracts/counter.wasm
same exec examples/fib.wat fib 20
same exec --fuel 100000 --json examples/fib.wat fib 15
same inspect "$contract" --json
same wat2wasm examples/fib.wat -o "$folder/out.wasm"
same run "$contract" increment
same run "$contract" increment --json --all-costs
same run "$contract" increment --save-state="$folder/out.json"
same run "$contract" increment --proof "$folder/out.proof"
same params 88 --json
"$mine" run "$contract" increment --proof "$folder/counter.proof" >/dev/null 2>&1
same verify "$folder/counter.proof"
same verify --light --json "$folder/counter.proof"
same proof show "$folder/counter.proof"
same state create "$folder/out.trie" --account alice.near=100N --account bob.near=10N

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
