#!/bin/sh
# nvm replay: blocks of a near-lake stream and scenarios, with and without differences; input that cannot be read.
#
#     BUILD=build tests/cli_replay.sh
#
# EVERY=1 takes all scenarios instead of one in eight.
cd "$(dirname "$0")/.." || exit 1
. tests/cli_common.sh

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
    for member in prev_block_hash outcome_root prev_state_root encoded_merkle_root outgoing_receipts_root tx_root; do
        alter shard_0.json 'd["chunk"]["header"]["'$member'"] = d["chunk"]["header"]["chunk_hash"]' 1 ": $member\$"
    done
    for member in encoded_length height_created height_included shard_id gas_used gas_limit; do
        alter shard_0.json 'd["chunk"]["header"]["'$member'"] += 1' 1 ": $member\$"
    done
    alter shard_0.json 'd["chunk"]["header"]["balance_burnt"] = "1"; d["chunk"]["header"]["rent_paid"] = "1"' 1 ': balance_burnt$'
    alter shard_0.json 'd["chunk"]["header"]["validator_proposals"] = [{"account_id": "a.near", "public_key": "ed25519:11111111111111111111111111111111", "stake": "1", "validator_stake_struct_version": "V1"}]' 1 ': proposals$'
    alter shard_0.json 'd["chunk"]["header"]["congestion_info"] = {"delayed_receipts_gas": "7", "buffered_receipts_gas": "0", "receipt_bytes": 0, "allowed_shard": 0}' 1 ': congestion$'
    run 0 replay "$source/block.json"; has "chunk header, in block and shard, 1×: the shard's file is missing"
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

# ---- scenarios, applied
printf '{}\n' >"$folder/s.jsonl"; run 2 replay "$folder/s.jsonl"; says "s.jsonl:1:1: no scenario ('genesis_state', 'blocks')"; brief
printf '\n\n[\n' >"$folder/s.jsonl"; run 2 replay "$folder/s.jsonl"; says 's.jsonl:3:'; brief
printf '\n' >"$folder/s.jsonl"; run 2 replay "$folder/s.jsonl"; says 'no scenario in this file'; brief
run 2 replay "$folder/nowhere.jsonl"; says "cannot read '.*nowhere.jsonl'"; brief
run 2 replay "$folder/nowhere.jsonl.xz"; says "cannot read '.*nowhere.jsonl.xz'"; brief
if ! command -v xz >/dev/null 2>&1 || ! python3 -c '' 2>/dev/null; then
    skip "scenarios: there is no xz or no python3"
else
    cp "$folder/s.jsonl" "$folder/no.jsonl.xz"; run 2 replay "$folder/no.jsonl.xz"; says 'xz cannot uncompress it'
    shards=tests/vectors/runtime-multishard.jsonl.xz
    run 0 replay $shards; silent
    has "^$shards: 12 scenarios, 352 chunks applied, [0-9]* transactions, [0-9]* receipts executed\$"
    has '^  FunctionCall  *[0-9]*  *[0-9]*  *[0-9]*  *0  *0$'
    has '^  applied: state roots  *1056  *1056  *0  *0$'
    has '^[0-9]* checked, [0-9]* equal, 0 different, 0 not checkable$'

    # one scenario, and what the production runtime said of it altered: each difference is found, and all of them are shown
    xz -dc tests/vectors/runtime.jsonl.xz | python3 -c '
import json, sys
for line in sys.stdin:
    d = json.loads(line)
    if any(r["outcomes"] and r["outgoing_receipts"] and len(r["state_changes"]) > 2 for r in d["results"][:-1]): break
print(json.dumps(d))' >"$folder/one.jsonl"
    run 0 replay "$folder/one.jsonl"; has 'one.jsonl: 1 scenario, '
    cp "$folder/one.jsonl" "$folder/one.json"; run 0 replay "$folder/one.json"; has 'one.json: 1 scenario, '
    cat >"$folder/spoil.py" <<'END'
import json, sys
d = json.load(open(sys.argv[1]))
r = [r for r in d['results'] if r['outcomes'] and r['outgoing_receipts'] and len(r['state_changes']) > 2][0]
exec(sys.argv[2])
print(json.dumps(d))
END
    # blocks that were cut out: what is missing is said
    python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
assert len(d["blocks"]) > 1
d["blocks"].pop()
print(json.dumps(d))' "$folder/one.jsonl" >"$folder/cut.jsonl"
    run 1 replay "$folder/cut.jsonl"
    has ', results: a block is missing$'; has ', transactions_json: a block is missing$'
    has 'found    [0-9]*; that of height [0-9]* has no block$'
    has 'receipts that are left, 1×: a block is missing'
    xz -dc tests/attacks/replay_cut.json.xz >"$folder/replay_cut.json"
    run 1 replay "$folder/replay_cut.json"; has 'found    2; that of height 11 has no block$'; has ', 2 different, 1 not checkable$'
    # spoil CHANGE CODE PATTERN
    spoil() {
        python3 "$folder/spoil.py" "$folder/one.jsonl" "$1" >"$folder/spoilt.jsonl" || bad "cannot spoil: $1"
        run "$2" replay "$folder/spoilt.jsonl"
        case $2 in 1) has "$3"; has 'what comes after a difference is not compared$' ;; 2) says "$3"; brief ;; esac
    }
    spoil 'r["outcomes"][0]["gas_burnt"] += 1' 1 ', block [0-9]*, shard 0, outcome [0-9A-Za-z]*: outcomes\[\].gas_burnt$'
    has '^    expected [0-9]*1$'; has '^    found    [0-9]*0$'; has ' 1 different, '
    spoil 'r["outcomes"][0]["gas_burnt"] += 1; r["outcomes"][0]["logs"] += ["x"]' 1 ': outcomes\[\].gas_burnt$'
    has ': outcomes\[\].logs$'; has '^    expected 1 element$'; has ' 1 different, '
    spoil 'r["outcomes"] = r["outcomes"][1:]' 1 ', shard 0: outcomes$'
    spoil 'r["state_root_after"] = "1" * 32' 1 ', shard 0: state_root_after$'
    spoil 'r["state_changes"][1]["value_hex"] = "00"' 1 ', change: state_changes\[\].value_hex$'
    spoil 'r["outgoing_receipts"][0]["borsh_base64"] = "AA=="' 1 ', outgoing receipt [0-9A-Za-z]*: outgoing_receipts\[\].borsh_base64$'
    spoil 'r["processed_receipts"] += [{}]' 1 ': processed_receipts$'
    spoil 'r["stats"]["tx_burnt_amount"] = "7"' 1 ': stats.tx_burnt_amount$'
    spoil 'd["genesis_root"] = "1" * 32' 1 ', genesis_root of shard index: 0$'
    spoil 'd["transactions_json"][0]["transactions"] = [{"hash": "1"}]' 1 ': transactions\[\].hash$'
    python3 "$folder/spoil.py" "$folder/one.jsonl" 'd["unprocessed_receipts"] += 1' >"$folder/spoilt.jsonl"
    run 1 replay "$folder/spoilt.jsonl"; has ': unprocessed_receipts$'
    python3 "$folder/spoil.py" "$folder/one.jsonl" 'del r["stats"]; r["surprise"] = 1' >"$folder/spoilt.jsonl"
    run 0 replay "$folder/spoilt.jsonl"; has '1×: a member of a result that this version does not know$'
    has '1×: the scenario does not say$'
    spoil 'd["name"] = chr(27) + "[31m"; r["stats"] = 1' 1 '^  \\1b\[31m, block '
    spoil 'd["protocol_version"] = 1' 2 'nothing is known of protocol version 1'
    spoil 'd["genesis_state"][0][0] = "x"' 2 "'genesis_state' of the scenario cannot be read"
    spoil 'd["blocks"][0]["gas_price"] = "x"' 2 "'gas_price' of the scenario cannot be read"
    spoil 'd["blocks"][0]["transactions"] = ["AA=="]; d["blocks"][0]["tx_valid_period"] = [True]' 2 "'transactions' of the scenario: "
    spoil 'd["results"] = []' 2 "have no block 0 for shard 0"
    spoil 'd["shard_ids"] = []' 2 "'shard_ids' of the scenario cannot be read"
    python3 "$folder/spoil.py" "$folder/one.jsonl" 'r["outcomes"][0]["gas_burnt"] += 1' >"$folder/spoilt.jsonl"
    run 1 replay --json "$folder/one.jsonl" "$folder/spoilt.jsonl"
    python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
assert [f["scenarios"] for f in d["scenario_files"]] == [1, 1] and len(d["differences"]) == 1
assert d["differences"][0]["check"] == "applied: outcomes" and d["differences"][0]["where"].endswith(".gas_burnt")' \
        "$folder/out" && ok || bad "$what: the JSON says something else"
    if command -v script >/dev/null 2>&1; then
        cat "$folder/one.jsonl" "$folder/one.jsonl" >"$folder/two.jsonl"
        script -qec "$nvm replay $folder/two.jsonl" /dev/null </dev/null >"$folder/out" 2>&1; what='replay on a terminal'
        has '1 of 2'; has ', 0 different, '
    else
        skip 'script is not installed: no terminal to try'
    fi
fi

# ---- a block of a real network, if it is there
lake=../shared/near-lake/000000879765
if [ ! -d "$lake" ]; then
    skip "a block of a real network: there is no $lake"
else
    run 0 replay "$lake"
    has '^block 879765 .*: version 59, 1 of 1 shards, 1 transactions, 1 receipts executed$'
    has '^  Delegate  *1  *18  *18  *0  *2$'
    has '^50 checked, 50 equal, 0 different, 3 not checkable$'
    run 0 replay "$lake/shard_0.json" "$lake/block.json"
    run 1 replay --protocol-version 80 "$lake"; has ': receipt id$' # made by another rule
fi

printf '%d passed, %d failed' "$passed" "$failed"
[ "$skipped" != 0 ] && printf ', %d skipped' "$skipped"
printf '\n'
[ "$failed" = 0 ]
