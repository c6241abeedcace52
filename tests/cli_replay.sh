#!/bin/sh
# nvm replay: blocks of a near-lake stream, with and without differences; input that cannot be read.
#
#     BUILD=build tests/cli_replay.sh
#
# EVERY=1 takes all scenarios instead of one in eight.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
nvm=$BUILD/nvm
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
passed=0
failed=0
skipped=0

ok() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "failed: $*"; }
skip() { skipped=$((skipped + 1)); echo "skipped: $*"; }

# run CODE ARGUMENT...: runs the command, leaves its output in $folder/out and $folder/err, checks the exit code.
run() {
    expected=$1
    shift
    "$nvm" "$@" >"$folder/out" 2>"$folder/err" </dev/null
    code=$?
    what="nvm $*"
    if [ "$code" = "$expected" ]; then ok; else bad "$what: exit code $code, expected $expected"; head -n 5 "$folder/err"; tail -n 8 "$folder/out"; fi
}
# has PATTERN, says PATTERN: standard output or standard error has a line that matches
has() { if grep -q -e "$1" "$folder/out"; then ok; else bad "$what: output has no '$1'"; tail -n 20 "$folder/out"; fi; }
says() { if grep -q -e "$1" "$folder/err"; then ok; else bad "$what: stderr has no '$1'"; head -n 20 "$folder/err"; fi; }
# one sentence, perhaps with a hint
brief() { if [ "$(wc -l <"$folder/err")" -le 2 ]; then ok; else bad "$what: more than two lines"; fi; }

# ---- usage
run 0 replay --help; has '^usage: nvm replay '
run 2 replay
run 2 replay "$folder/nowhere"; says "cannot read '.*nowhere'"; brief
run 2 replay --protocol-version 89 "$folder"; brief
mkdir "$folder/empty"
run 2 replay "$folder/empty"; says 'no .json file in this folder'; brief

# ---- documents that are none of the stream's
bad_document() {
    printf '%s' "$1" >"$folder/block.json"
    run 2 replay "$folder/block.json"; says "$2"; brief
}
bad_document '' 'block.json:1:1: '
bad_document '{"header":' 'block.json:1:11: '
bad_document '[]' 'neither a block'
bad_document '{"header":{},"chunks":[]}' "header: 'height' is missing"
bad_document '{"header":{"height":-1},"chunks":[]}' 'header.height: expected a whole number'
bad_document '{"header":1,"chunks":[]}' 'header: expected an object, found 1'
bad_document '{"shard_id":0,"receipt_execution_outcomes":{},"state_changes":[]}' 'receipt_execution_outcomes: expected an array'
bad_document '{"shard_id":0,"receipt_execution_outcomes":[],"state_changes":[{"cause":{"type":"migration"},"type":"x","change":{}}]}' \
    'state_changes\[0\].type: expected a kind of state change, found "x"'
bad_document '{"shard_id":0,"receipt_execution_outcomes":[],"state_changes":[]}' 'the block of this shard is not among the files'

# ---- scenarios of the production runtime, as streams
if ! command -v xz >/dev/null 2>&1 || ! python3 -c '' 2>/dev/null; then
    skip "streams made of tests/vectors/runtime.jsonl.xz: there is no xz or no python3"
else
    mkdir "$folder/streams"
    count=$(xz -dc tests/vectors/runtime.jsonl.xz | python3 tests/cli_replay.py "$folder/streams" "${EVERY:-8}")
    if [ "$count" -ge 5 ]; then ok; else bad "only '$count' streams could be made"; fi
    for stream in "$folder/streams"/*; do
        run 0 replay "$stream"/*
        has '[1-9][0-9]* equal, 0 different'
    done

    # something else in place of what is there: each is found
    cat >"$folder/alter.py" <<'END'
import json, sys
path, file, change = sys.argv[1:]
with open(path + '/' + file) as f:
    d = json.load(f)
out = d.get('receipt_execution_outcomes', [])
exec(change)
with open(path + '/' + file, 'w') as f:
    json.dump(d, f)
END
    # alter FILE CHANGE CODE PATTERN: in a block that has executed a receipt and changed an account by it
    stream=$(grep -l '"Transfer"' "$folder/streams"/*/*/shard_0.json | xargs grep -l '"receipt_processing"' | head -n 1)
    source=$(dirname "$stream")
    alter() {
        rm -rf "$folder/altered"
        cp -r "$(dirname "$source")" "$folder/altered"
        python3 "$folder/alter.py" "$folder/altered/$(basename "$source")" "$1" "$2" || bad "cannot alter: $2"
        run "$3" replay "$folder/altered"/*
        case $3 in 1) has "$4" ;; 2) says "$4"; brief ;; esac
    }
    alter block.json 'd["header"]["timestamp_nanosec"] = "5"' 1 ': block hash$'
    alter block.json 'd["header"]["total_supply"] = "1"' 1 ': block hash$'
    alter block.json 'd["chunks"][0]["gas_used"] += 1' 1 ': chunk hash$'
    alter block.json 'd["chunks"][0]["tx_root"] = d["header"]["hash"]' 1 ': chunk_tx_root$'
    alter shard_0.json 'd["chunk"]["header"]["chunk_hash"] = "1" * 32' 1 ': chunk_hash$'
    alter shard_0.json 'out[0]["execution_outcome"]["outcome"]["gas_burnt"] += 1' 1 ': gas burnt$'
    alter shard_0.json 'out[0]["execution_outcome"]["outcome"]["gas_burnt"] += 1' 1 ': root that the proof leads to$\|: outcome root$'
    alter shard_0.json 'out[0]["execution_outcome"]["outcome"]["tokens_burnt"] = "7"' 1 ': tokens burnt$'
    alter shard_0.json 'out[0]["execution_outcome"]["outcome"]["logs"] += ["x"]' 1 ': root that the proof leads to$\|: outcome root$'
    alter shard_0.json 'out[0]["execution_outcome"]["block_hash"] = "1" * 32' 1 ': block_hash$'
    alter shard_0.json 'out[0]["execution_outcome"]["outcome"]["receipt_ids"] += ["1" * 32]' 1 ': id of a new receipt$'
    alter shard_0.json 'out[0]["receipt"]["predecessor_id"] = "mallory.near"' 1 ': receipt$'
    alter shard_0.json '[c for c in d["state_changes"] if c["cause"]["type"] == "receipt_processing"][0]["change"]["amount"] += "0"' 1 ': balance$'
    alter block.json 'd["header"]["shard_split"] = 7' 2 'header.shard_split: expected an array, found 7'
    alter block.json 'd["header"]["shard_split"] = [7]' 2 'header.shard_split: expected a shard and an account'
    alter shard_0.json 'd["surprise"] = 1; d["chunk"]["surprise"] = 2' 0 ''
    has '^2 members that this version does not know (--verbose names them)$'
    run 0 replay --verbose "$folder/altered"/*; has '^  shard.surprise, 1×$'; has '^  chunk.surprise, 1×$'
    run 0 replay --json "$folder/altered"/*; has '"name": *"surprise"'; has '"kind": *"'; has '"differences": *\['
    alter shard_0.json 'out[0]["execution_outcome"]["outcome"]["gas_burnt"] = "x"' 2 'outcome.gas_burnt: expected a whole number'
    alter shard_0.json 'del out[0]["receipt"]["receiver_id"]' 2 "receipt: 'receiver_id' is missing"
    alter shard_0.json 'out[0]["receipt"]["receiver_id"] = "NOBODY"' 2 "'NOBODY' is not an account id"
    alter shard_0.json 'out[0]["execution_outcome"]["proof"] = [{"hash": "1" * 32, "direction": "Up"}]' 2 'direction: expected "Left" or "Right"'
    alter shard_0.json 'out[0]["execution_outcome"]["outcome"]["status"] = {"Done": 1}' 2 'status: expected SuccessValue'
    alter shard_0.json 'out[0]["receipt"]["receipt"]["Action"]["actions"][0] = {"Steal": {}}' 2 'actions\[0\]: expected an action'
    run 2 replay "$source" "$source"; says 'is there twice'; brief

    # every truncation of a shard is refused in one sentence
    size=$(wc -c <"$stream")
    cut=1
    while [ "$cut" -lt "$size" ]; do
        head -c "$cut" "$stream" >"$folder/shard_0.json"
        "$nvm" replay "$source/block.json" "$folder/shard_0.json" >"$folder/out" 2>"$folder/err"
        if [ $? = 2 ] && [ "$(wc -l <"$folder/err")" = 1 ]; then ok; else bad "shard cut to $cut bytes"; fi
        cut=$((cut + size / 40 + 1))
    done
fi

# ---- a block of a real network, if it is there
lake=../shared/near-lake/000000879765
if [ ! -d "$lake" ]; then
    skip "a block of a real network: there is no $lake"
else
    run 0 replay "$lake"
    has '^block 879765 .*: version 59, 1 of 1 shards, 1 transactions, 1 receipts executed$'
    has '^  Delegate  *1  *18  *18  *0  *2$'
    has '^33 checked, 33 equal, 0 different, 3 not checkable$'
    run 0 replay "$lake/shard_0.json" "$lake/block.json"
    run 1 replay --protocol-version 80 "$lake"; has ': receipt id$' # made by another rule
fi

printf '%d passed, %d failed' "$passed" "$failed"
[ "$skipped" != 0 ] && printf ', %d skipped' "$skipped"
printf '\n'
[ "$failed" = 0 ]
