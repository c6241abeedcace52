#!/bin/sh
# Limits on what files cost: files that took hours or gigabytes, the options that raise limits, and that false proofs end
# at their first lie.
#
#     BUILD=build tests/cli_limits.sh
cd "$(dirname "$0")/.." || exit 1
. tests/cli_common.sh

attacks=tests/attacks
xz -dc $attacks/shards4000.proof.xz >"$folder/shards.proof"
xz -dc $attacks/coll25000.wasm.xz >"$folder/coll.wasm"

# ---- proofs: endless loops that claim nothing, large values, thousands of shards

run 1 verify $attacks/spin20.proof --limit-time 60; silent; lines 1
has 'refused (OUTCOME_COUNT): block 0 (height 100): number of outcomes: .*: the proof says 0, found 1 or more$'
run 1 verify $attacks/big100.proof; silent
has 'refused (OUTCOME_COUNT): .*: the proof says 0, found 1 or more$'
run 2 verify "$folder/shards.proof"; silent
has 'not checked: more than 256 shards: --limit-shards N allows more$'
run 2 verify "$folder/shards.proof" --json; has '"verdict":"unreadable".*"code":"limit".*--limit-shards'
run 2 verify --light "$folder/shards.proof"; has 'not checked: more than 256 shards'

# ---- a true proof under limits that are too low, and under none

run 0 run examples/contracts/counter.wasm increment --proof "$folder/one.proof"
run 0 verify "$folder/one.proof" --limit-gas 5
run 0 verify "$folder/one.proof" --limit-gas 0 --limit-time 0 --limit-memory 0 --limit-shards 0 --limit-blocks 0 \
    --limit-receipts 0 --limit-rows 0
run 2 verify "$folder/one.proof" --limit-rows 1; has 'not checked: more than 1 rows: --limit-rows N allows more$'
run 0 run examples/contracts/fungible_token.wasm new_default_meta --args '{"owner_id":"carol.near","total_supply":"1000"}' \
    --save-state="$folder/ft.json"
run 0 run examples/contracts/fungible_token.wasm storage_deposit --args '{"account_id":"alice.near"}' --deposit 0.1N \
    --state "$folder/ft.json" --save-state
run 0 run examples/contracts/fungible_token.wasm ft_transfer_call \
    --args '{"receiver_id":"alice.near","amount":"10","msg":"hi"}' --deposit 1 --state "$folder/ft.json" --follow \
    --proof "$folder/all.proof"
run 0 verify "$folder/all.proof"
run 2 verify "$folder/all.proof" --limit-gas 1; has 'not checked: more than 1 Tgas: --limit-gas N allows more$'
run 2 verify "$folder/all.proof" --limit-blocks 1; has 'not checked: more than 1 blocks: --limit-blocks N allows more$'
run 2 verify "$folder/all.proof" --limit-receipts 1; has 'not checked: more than 1 receipts: --limit-receipts'
run 2 verify "$folder/one.proof" --limit-gas x; says 'is no number'

# ---- JSON: a bomb takes memory in proportion to its bytes; values and unpacked bytes are counted

run 2 replay $attacks/bomb.jsonl.xz; says 'no scenario'
run 2 replay $attacks/bomb.jsonl.xz --limit-values 1000; says 'more than 1000 values: --limit-values N allows more'
run 2 replay $attacks/bomb.jsonl.xz --limit-memory 40; says 'more than 40 MiB: --limit-memory N allows more'
run 2 replay $attacks/bomb.jsonl.xz --limit-unpacked 8; says 'more than 8 MiB: --limit-unpacked N allows more'
printf '{"outcome_proof":[1,2,3]}' >"$folder/outcome.json"
run 2 verify-outcome "$folder/outcome.json" --limit-values 4; says 'more than 4 values: --limit-values N allows more'

# ---- modules: names that collide

run 0 inspect "$folder/coll.wasm"

# ---- each command says its limits

for command in verify replay verify-outcome 'tee verify'; do
    # shellcheck disable=SC2086
    run 0 $command --help; has '--limit-time N .*\[600\]'; has '--limit-memory N .*\[2048\]'
done

# ---- the documentation has the table

grep -v '^X(name' base/limits.def | sed -n 's/^X(\([a-z]*\), \([0-9]*\), "\([^"]*\)", "\(.*\)")$/| `--limit-\1` | \2 \3 | \4 |/p' >"$folder/rows"
while read -r row; do
    if grep -qxF -e "$row" docs/limits.md; then ok; else bad "docs/limits.md lacks: $row"; fi
done <"$folder/rows"
what='rows of base/limits.def'
if [ "$(wc -l <"$folder/rows")" = 9 ]; then ok; else bad "$what"; fi

echo "$passed passed, $failed failed$([ $skipped != 0 ] && echo ", $skipped skipped")"
[ $failed = 0 ]
