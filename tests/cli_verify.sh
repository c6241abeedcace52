#!/bin/sh
# nvm run --proof, nvm verify, nvm proof show: proofs of the example contracts, every way to spoil them, exit codes.
#
#     BUILD=build tests/cli_verify.sh
cd "$(dirname "$0")/.." || exit 1
. tests/cli_common.sh

# write FILE OFFSET BYTES: overwrites bytes of a file; BYTES as for printf
write() { printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null; }
# seal FILE: puts the right digest at the end
seal() {
    size=$(($(wc -c <"$1") - 32))
    head -c "$size" "$1" >"$folder/body"
    { cat "$folder/body"; sha256sum <"$folder/body" | cut -c 1-64 | sed 's/../\\\\x&/g' | xargs printf; } >"$folder/sealed"
    mv "$folder/sealed" "$1"
}

counter=examples/contracts/counter.wasm
token=examples/contracts/fungible_token.wasm

# ---- a proof of one call, and of all receipts of another

run 0 run $counter increment --proof "$folder/one.proof"
has 'nvm verify'
run 0 verify "$folder/one.proof"; silent; lines 6
has 'one.proof: verified (full): statement [1-9A-Za-z]*, chain "[a-z]*", shard 0, height [0-9]*$'
has '^  given      root [1-9A-Za-z]*; 1 receipt (0 shown to have been on the chain), 0 transactions$'
has '^  derived    root [1-9A-Za-z]*; 0 receipts taken in, 1 outcome, [0-9,]* gas$'
has '^  receipt    "increment"() on alice.near by carol.near: ok, 1$'
has '^  enters     gas that given receipts have paid for: [0-9.]* NEAR$'
has '^  leaves     burnt: [0-9.]* NEAR; refunds that leave: [0-9.]* NEAR$'
run 0 verify --light "$folder/one.proof"; silent; lines 7
has 'one.proof: verified (light, not executed and not attested): statement [1-9A-Za-z]*, chain '
has '^  not said   light: that outcomes, '

run 0 run $token new_default_meta --args '{"owner_id":"carol.near","total_supply":"1000"}' --save-state="$folder/ft.json"
run 0 run $token storage_deposit --args '{"account_id":"alice.near"}' --deposit 0.1N --state "$folder/ft.json" --save-state
run 0 run $token ft_transfer_call --args '{"receiver_id":"alice.near","amount":"10","msg":"hi"}' --deposit 1 \
    --state "$folder/ft.json" --follow --proof "$folder/all.proof"
run 0 verify "$folder/all.proof"; silent
has 'all.proof: verified (full): statement .*, [2-9] blocks, heights [0-9]*\.\.[0-9]*; enters by deposits of given receipts: 1 yoctoNEAR$'
has 'given .*; 1 receipt (0 shown'; has 'derived .*; [2-9] receipts taken in, [5-9] outcomes'
has '"ft_transfer_call"() on alice.near by carol.near with 1 yoctoNEAR: ok, "0"$'

# a call that fails is proven like any other
run 1 run $token ft_transfer --args '{"receiver_id":"alice.near","amount":"10"}' --state "$folder/ft.json" --proof "$folder/fail.proof"
run 0 verify "$folder/fail.proof"; silent
has 'receipt    "ft_transfer"() on alice.near by carol.near: failed: {"ActionError"'

# ---- many at once, in the order that was given

run 0 verify "$folder/all.proof" "$folder/one.proof" "$folder/fail.proof" -j 2; silent
if [ "$(sed -n 's/.*\/\([a-z]*\)\.proof:.*/\1/p' "$folder/out" | tr '\n' ' ')" = 'all one fail ' ]; then ok; else bad "$what: another order"; fi
many=
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do many="$many $folder/one.proof"; done
for jobs in 1 3 64; do
    # shellcheck disable=SC2086
    run 0 verify -j $jobs $many; lines 120
done
run 0 verify --json "$folder/one.proof" "$folder/all.proof"; silent
has '"verdict":"verified","level":"full","statement":"'
has '"old_state_root":"'
has '"status":{"SuccessValue":"MQ=="}'
if command -v python3 >/dev/null 2>&1; then
    if python3 -c 'import json,sys; d = json.load(sys.stdin); sys.exit(len(d) != 2 or d[0]["outcomes"] != 1)' <"$folder/out"; then ok; else bad "$what: not the JSON that is documented"; fi
else
    skip 'python3 is not installed: JSON is not read'
fi

# ---- bytes changed and cut off: refused, with and without executing, and so by `proof show`

size=$(wc -c <"$folder/one.proof")
for at in 0 1 2 40 200 333 600 1500 $((size / 2)) $((size - 33)) $((size - 1)); do
    cp "$folder/one.proof" "$folder/bad.proof"
    byte=$(od -An -tu1 -j "$at" -N 1 "$folder/bad.proof" | tr -d ' ')
    write "$folder/bad.proof" "$at" "\\$(printf '%03o' $(((byte + 1) % 256)))"
    run 1 verify "$folder/bad.proof"; silent; lines 1
    has 'bad.proof: refused ([A-Z_]*): '
    run 1 verify --light "$folder/bad.proof"
    run 1 proof show "$folder/bad.proof"; says '^nvm: error: .*bad.proof: '
done
for keep in 0 1 31 32 33 100 1000 $((size / 2)) $((size - 1)); do
    head -c "$keep" "$folder/one.proof" >"$folder/bad.proof"
    run 1 verify "$folder/bad.proof"; silent
    has 'bad.proof: refused (BAD_[A-Z]*): '
done
{ cat "$folder/one.proof"; printf 'x'; } >"$folder/bad.proof"
run 1 verify "$folder/bad.proof"; has 'refused (BAD_DIGEST)'

# another version of the format
cp "$folder/one.proof" "$folder/bad.proof"
write "$folder/bad.proof" 0 '\143'
seal "$folder/bad.proof"
run 1 verify "$folder/bad.proof"; has 'refused (BAD_VERSION)'

# with the digest made anew: the code inside (its first bytes are found by their magic)
cp "$folder/one.proof" "$folder/bad.proof"
seal "$folder/bad.proof"
if cmp -s "$folder/bad.proof" "$folder/one.proof"; then ok; else bad 'the same bytes have another digest'; fi
at=$(LC_ALL=C grep -obUaP '\x00asm\x01\x00\x00\x00' "$folder/one.proof" | head -n 1 | cut -d : -f 1)
write "$folder/bad.proof" $((at + 100)) '\377\376'
seal "$folder/bad.proof"
run 1 verify "$folder/bad.proof"; has 'refused (CODE_HASH): contract 0: the code has another hash: the proof says [1-9A-Za-z]*, found [1-9A-Za-z]*$'
run 1 verify --light "$folder/bad.proof"; has 'refused (CODE_HASH)'
run 1 proof show "$folder/bad.proof"; has '^old root'; says 'the code has another hash'

# ... and a log (its bytes stand behind their length in the outcome)
cp "$folder/one.proof" "$folder/bad.proof"
at=$(LC_ALL=C grep -obUaF 'Increased to 1' "$folder/one.proof" | head -n 1 | cut -d : -f 1)
write "$folder/bad.proof" $((at + 13)) '7'
seal "$folder/bad.proof"
run 1 verify "$folder/bad.proof"; has 'refused ([A-Z_]*): block 0 (height [0-9]*)'
run 1 verify --json "$folder/bad.proof"; has '"verdict":"refused"'; has '"place":"block 0'

# one refused among others: 1; one that is not there: 2
run 1 verify "$folder/one.proof" "$folder/bad.proof" "$folder/all.proof"
run 2 verify "$folder/one.proof" "$folder/nowhere.proof"; lines 7; has 'nowhere.proof: not checked: .*No such file'
run 2 verify "$folder"; has 'it is a directory'
run 1 verify $counter; has 'refused (BAD_'
run 2 verify; says 'something is missing'
run 2 verify --lihgt "$folder/one.proof"; says 'did you mean --light'
run 2 verify -j 0x10000 "$folder/one.proof"
run 2 verify --code "$folder/nowhere.wasm" "$folder/one.proof"; says 'nowhere.wasm'
run 0 verify --code $counter --code $token "$folder/one.proof"
if "$nvm" verify - <"$folder/one.proof" >"$folder/out" 2>&1; then ok; else bad 'a proof from standard input is refused'; fi
name=$(printf 'esc\033[31m.proof')
cp "$folder/one.proof" "$folder/$name"
run 0 verify "$folder/$name"
if grep -q "$(printf '\033')" "$folder/out"; then bad "$what: a name sends commands to the terminal"; else ok; fi
for command in verify 'proof show'; do
    # shellcheck disable=SC2086
    run 0 $command --help; has "^usage: nvm $command"; has '^exit codes'
done

# ---- what proofs say

run 0 proof show "$folder/one.proof"; silent
has '^statement  '; has '^contract  '; has '^block      0: height'; has 'log: "Increased to 1"'
has '^changes    ~ account alice.near: '; has '+ data alice.near counter: 1 (u64)'
has '^extension '; has 'leaf .*~ account alice.near: .*(read)'; has 'not in the proof: '
run 0 proof show "$folder/all.proof"; silent
has '^block      1: height'
run 0 proof show --json "$folder/all.proof"; has '"blocks":\['; lacks '"rows":\['
run 0 proof show --json --all "$folder/all.proof"; has '"rows":\['
run 0 proof show --svg "$folder/a.svg" "$folder/all.proof"; has '^statement'
run 0 proof show --svg - "$folder/all.proof"
if cmp -s "$folder/out" "$folder/a.svg"; then ok; else bad "$what: not the same picture"; fi
has '</svg>$'; has '<title>[1-9A-Za-z]*, [0-9]* bytes</title>'; lacks '<script'
if command -v python3 >/dev/null 2>&1; then
    if python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' "$folder/a.svg"; then ok; else bad "$what: no XML"; fi
fi
run 2 proof show --svg "$folder/nowhere/a.svg" "$folder/all.proof"; says 'nowhere'
run 2 proof; says 'which part'
run 2 proof shwo "$folder/one.proof"; says 'there is no part'
run 0 proof --help; has '^  show '

# ---- on a terminal: a bar that goes away again

if command -v script >/dev/null 2>&1; then
    TERM=xterm script -qec "$nvm verify $many" /dev/null >"$folder/out" 2>/dev/null </dev/null
    has ' of 20'
    if grep -q "$(printf '\033\[K')" "$folder/out"; then ok; else bad 'the bar stays'; fi
    TERM=xterm script -qec "$nvm verify $folder/one.proof" /dev/null >"$folder/out" 2>/dev/null </dev/null
    lacks ' of 1\]'
else
    skip 'script is not installed: no terminal to try'
fi
# ---- code that runs for long

long_proof
run 0 verify "$folder/long.proof" --timeout 1000; has 'long.proof: verified (full): statement '
run 2 verify "$folder/long.proof" --timeout 0.001; lines 1; silent
has 'long.proof: not checked: it was not done after 0.001 seconds'
run 2 verify --json "$folder/long.proof" --timeout 0.001; has '"verdict":"unreadable".*"code":"limit"'
run 0 verify --light "$folder/long.proof" --timeout 1000
run 2 verify "$folder/long.proof" --timeout 0
run 2 verify "$folder/long.proof" --timeout x

if [ -e /dev/full ]; then
    "$nvm" verify "$folder/one.proof" >/dev/full 2>"$folder/err"
    if [ $? = 2 ]; then ok; else bad 'a full disk is not noticed'; fi
    "$nvm" proof show "$folder/one.proof" >/dev/full 2>"$folder/err"
    if [ $? = 2 ]; then ok; else bad 'a full disk is not noticed'; fi
fi

echo "$passed passed, $failed failed$([ $skipped != 0 ] && echo ", $skipped skipped")"
[ $failed = 0 ]
