#!/bin/sh
# nvm run --trie, --follow, --proof: calls as receipts on a real state.
#
#     BUILD=build tests/cli_chain.sh
cd "$(dirname "$0")/.." || exit 1
. tests/cli_common.sh
contracts=examples/contracts
bad() {
    failed=$((failed + 1))
    echo "failed: $1"
    sed 's/^/    /' "$folder/out" "$folder/err"
}
run() { # expected exit code, arguments...
    want=$1
    shift
    "$nvm" run "$@" >"$folder/out" 2>"$folder/err" </dev/null
    code=$?
    if [ "$code" = "$want" ]; then ok; else bad "exit code $code, wanted $want: nvm run $*"; fi
    last="nvm run $*"
}
prints() { if grep -qF -- "$1" "$folder/out"; then ok; else bad "$last: does not print \"$1\""; fi; }
says() { if grep -qF -- "$1" "$folder/err"; then ok; else bad "$last: does not say \"$1\""; fi; }
prints_not() { if grep -qF -- "$1" "$folder/out"; then bad "$last: prints \"$1\""; else ok; fi; }

run 0 $contracts/counter.wasm increment --trie
prints 'ok, 1'
prints 'Increased to 1'
prints '+ data alice.near counter: 1 (u64)'
prints 'sent      Transfer on bob.near by system'
root=$(sed -n 's/^root *//p' "$folder/out")
run 0 $contracts/counter.wasm increment --trie
if [ "$(sed -n 's/^root *//p' "$folder/out")" = "$root" ]; then ok; else bad 'two runs have different roots'; fi
run 0 $contracts/counter.wasm increment --follow
prints_not 'sent '
run 0 $contracts/counter.wasm increment --trie --json
prints '"status":{"SuccessValue":"MQ=="}'
prints '"state_root_before":'

# states go on from call to call, and are what they are over a map
run 0 $contracts/counter.wasm increment --trie --save-state="$folder/a.json"
run 0 $contracts/counter.wasm increment --trie --state "$folder/a.json" --save-state
run 0 $contracts/counter.wasm increment --save-state="$folder/b.json"
run 0 $contracts/counter.wasm increment --state "$folder/b.json" --save-state
if cmp -s "$folder/a.json" "$folder/b.json"; then ok; else bad 'states after two calls differ'; fi

# a call with a callback
ft=$contracts/fungible_token.wasm
run 0 $ft new_default_meta --args '{"owner_id":"carol.near","total_supply":"1000"}' --trie --save-state="$folder/ft.json"
run 0 $ft storage_deposit --args '{"account_id":"alice.near"}' --deposit 0.1N --trie --state "$folder/ft.json" --save-state
cp "$folder/ft.json" "$folder/before.json"
run 0 $ft ft_transfer_call --args '{"receiver_id":"alice.near","amount":"10","msg":"hi"}' --deposit 1 --follow \
    --state "$folder/ft.json" --save-state --proof "$folder/ft.proof"
prints 'ft_on_transfer() on alice.near by alice.near'
prints 'MethodNotFound'
prints 'ft_resolve_transfer() on alice.near by alice.near'
if cmp -s "$folder/ft.json" "$folder/before.json"; then ok; else bad 'what was sent did not come back'; fi
if [ -s "$folder/ft.proof" ]; then ok; else bad 'no proof was written'; fi

# a callback with the result of its promise
run 0 $ft ft_resolve_transfer --args '{"sender_id":"carol.near","receiver_id":"dave.near","amount":"10"}' \
    --predecessor alice.near --promise-result 'ok:"0"' --state "$folder/ft.json" --trie
prints 'ok, "10"'

# failures are outcomes, and save nothing
run 1 $contracts/counter.wasm nosuch --trie --save-state="$folder/none.json"
prints 'MethodNotFound'
if [ -e "$folder/none.json" ]; then bad 'a failed call saved a state'; else ok; fi
run 1 $contracts/counter.wasm increment --gas 1G --proof "$folder/failed.proof"
if [ -s "$folder/failed.proof" ]; then ok; else bad 'a failed call can be proven, too'; fi

# what no receipt has
run 2 $contracts/counter.wasm get --view --trie
says 'a view is no part of the chain'
run 2 $contracts/counter.wasm get --promise-result not_ready --trie
says 'a callback runs when all results are there'
run 2 $contracts/counter.wasm increment --proof "$folder/no/such/folder"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
