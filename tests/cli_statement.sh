#!/bin/sh
# nvm verify: what a verdict says was given, what a reader demands, and what the chain shows of given receipts.
#
#     BUILD=build tests/cli_statement.sh
cd "$(dirname "$0")/.." || exit 1
. tests/cli_common.sh

# attack NAME: $folder/NAME from tests/attacks
attack() { xz -dc "tests/attacks/$1.xz" >"$folder/$1" || bad "cannot uncompress $1"; }
# field NAME: of the JSON of the file that was verified last
field() { sed 's/.*"'"$1"'":"\{0,1\}\([^",]*\).*/\1/' "$folder/out"; }

run 0 run examples/contracts/counter.wasm increment --proof "$folder/one.proof"
run 0 verify --json "$folder/one.proof"; silent
statement=$(field statement)
old=$(field old_state_root)
new=$(field new_state_root)
ran=$(sed 's/.*"code_hashes":\["\([^"]*\)"\].*/\1/' "$folder/out")
chain=$(field chain_id)
height=$(field first_height)
has '"first_height":100,"last_height":100,'
has '"given_receipts":\[{"block":0,"index":0,"receipt_id":"[^"]*","predecessor_id":"carol.near","receiver_id":"alice.near","deposit":"0","gas":[0-9]*,"gas_price":"[0-9]*","gas_value":"[0-9]*","shown":"claimed"}\]'
has '"given_receipts_shown":0,"derived_receipts":0,"transactions":0,'
has '"enters":{"given_deposits":"0","given_gas":"[1-9][0-9]*","given_refunds":"0","validator_rewards":"0"}'
has '"leaves":{"burnt":"[1-9][0-9]*","sent_deposits":"0","sent_gas":"0","sent_refunds":"[1-9][0-9]*"}'
has '"not_covered":\[\]'
run 0 verify --json --light "$folder/one.proof"; has '"not_covered":\["light: that '

# the example of docs/proof.md is what is printed
mkdir "$folder/build"
cp "$folder/one.proof" "$folder/build/counter.proof"
here=$PWD
case $nvm in /*) ;; *) nvm=$here/$nvm ;; esac
(cd "$folder" && "$nvm" verify build/counter.proof) | sed 's/^/    /' >"$folder/printed"
while IFS= read -r line; do
    if grep -qxF -e "$line" docs/proof.md; then ok; else bad "docs/proof.md has no line '$line'"; fi
done <"$folder/printed"

# ---- demands

run 0 verify "$folder/one.proof" --statement "$statement" --old-root "$old" --new-root "$new" --code-hash "$ran" \
    --chain-id "$chain" --first-height "$height" --last-height "$height"
has "statement $statement, chain \"$chain\", shard 0, height $height\$"
# demand CODE OPTION VALUE: another value is refused, in both levels
demand() {
    for level in '' --light; do
        # shellcheck disable=SC2086
        run 1 verify $level "$folder/one.proof" "$2" "$3"; silent; lines 1
        has "one.proof: refused ($1): "
    done
}
demand OTHER_STATEMENT --statement "$old"; has "statement: .*: the proof says $statement, demanded $old\$"
demand OTHER_OLD_ROOT --old-root "$new"
demand OTHER_NEW_ROOT --new-root "$old"
demand OTHER_CODE --code-hash "$old"; has "contract 0 that was run: .*: the proof says $ran\$"
demand OTHER_CHAIN --chain-id "${chain}x"; has "the proof says \"$chain\", demanded \"${chain}x\"\$"
demand OTHER_HEIGHT --first-height 99; has 'height of the first block: .*: the proof says 100, demanded 99$'
demand OTHER_HEIGHT --last-height 101
run 1 verify "$folder/one.proof" --code-hash "$ran" --code-hash "$old"; has 'refused (OTHER_CODE): contract that was not run: '
run 0 verify "$folder/one.proof" --code-hash "$ran" --code-hash "$ran"
run 1 verify --json "$folder/one.proof" --chain-id x; has '"code":"OTHER_CHAIN",.*"claimed":"\\"[a-z]*\\"","found":"\\"x\\""'
run 2 verify "$folder/one.proof" --statement x; says "'x' is no hash"
run 2 verify "$folder/one.proof" --first-height x; says "'x' is no height"
run 2 verify "$folder/one.proof" --first-height 18446744073709551616; says 'is no height'

# ---- what the chain shows

"$BUILD/tests/test_proof_outcome" --of "$folder/one.proof" >"$folder/sample" || bad "no outcome proof"
sed -n 1p "$folder/sample" >"$folder/executed.json"
head_root=$(sed -n 2p "$folder/sample")
run 0 verify-outcome "$folder/executed.json" --head-root "$head_root"
run 0 verify "$folder/one.proof" --receipt-proof "$folder/executed.json" --head-root "$head_root"; silent
has '1 receipt (1 shown to have been on the chain)'
has ': ok, 1 (id executed on the chain with this outcome)$'
run 0 verify --json "$folder/one.proof" --receipt-proof "$folder/executed.json" --head-root "$head_root"
has '"shown":"executed"'; has '"given_receipts_shown":1,'
"$BUILD/tests/test_proof_outcome" --not-of "$folder/one.proof" >"$folder/sample" || bad "no outcome proof"
sed -n 1p "$folder/sample" >"$folder/other.json"
other_root=$(sed -n 2p "$folder/sample")
run 1 verify "$folder/one.proof" --receipt-proof "$folder/other.json" --head-root "$other_root"
has 'refused (CHAIN_OUTCOME): block 0 (height 100), outcome 0 (.*): gas burnt: the chain has another outcome'
"$BUILD/tests/test_proof_outcome" --sample >"$folder/sample" || bad "no outcome proof"
sed -n 1p "$folder/sample" >"$folder/foreign.json"
run 0 verify "$folder/one.proof" --receipt-proof "$folder/foreign.json" --head-root "$(sed -n 2p "$folder/sample")"
has '(0 shown to have been on the chain)'; has '^  unused     1 receipt proof about nothing that is in here$'
run 2 verify "$folder/one.proof" --receipt-proof "$folder/executed.json" --head-root "$other_root"
says 'executed.json: the receipt proof does not hold: '
run 2 verify "$folder/one.proof" --receipt-proof "$folder/executed.json"; says 'only with --head-root'
run 2 verify "$folder/one.proof" --head-root "$head_root"; says 'only with --receipt-proof'
run 2 verify "$folder/one.proof" --receipt-proof "$folder/nowhere.json" --head-root "$head_root"; says 'nowhere.json'
run 2 verify "$folder/one.proof" --receipt-proof "$folder/one.proof" --head-root "$head_root"; says 'one.proof'

# ---- true proofs of other statements: the verdict's own line says what enters, and proof show prints it

if command -v xz >/dev/null 2>&1; then
    for name in t_reward t_gasprice t_deposit_ok t_system i_line i_scheme; do attack $name.proof; done
    run 0 verify "$folder/t_reward.proof"
    has 't_reward.proof: verified (full): .*; enters by rewards of validators: 1,000,000,000 NEAR$'
    run 0 proof show "$folder/t_reward.proof"; has '^  reward   bob.near: 1,000,000,000 NEAR$'
    run 0 verify "$folder/t_gasprice.proof"
    has 't_gasprice.proof: verified (full): .*; enters by gas that given receipts have paid for: 1,008,880,796,234.06 NEAR$'
    run 0 proof show "$folder/t_gasprice.proof"; has ' gas at [0-9,.]* NEAR: 1,008,880,796,234.06 NEAR$'
    run 0 verify "$folder/t_deposit_ok.proof"
    has 't_deposit_ok.proof: verified (full): .*; enters by deposits of given receipts: 1,000,000,000 NEAR$'
    run 0 proof show "$folder/t_deposit_ok.proof"; has '^           deposit 1,000,000,000 NEAR, '
    has '^           "add_message" is given {"text":'
    # no node sends it, as it has a gas price; what enters by such a receipt is said
    what='nvm verify t_system.proof'
    "$nvm" verify "$folder/t_system.proof" >"$folder/out" 2>&1
    has 't_system.proof: verified (full): .*; enters by given receipts of "system": 1,000,000,000 NEAR$\|t_system.proof: refused (SYSTEM): '

    # ---- words in the verifier's place
    run 1 verify "$folder/i_scheme.proof"; lines 1; has 'refused (MALFORMED): .*not a name of an attestation scheme'
    "$nvm" verify "$folder/i_line.proof" >"$folder/out" 2>&1
    what='nvm verify i_line.proof'
    lacks '^[^"]*: verified (full): increment'
    lacks '^.\{400\}'
    "$nvm" proof show "$folder/i_line.proof" >"$folder/out" 2>&1
    has '^  receipt  "increment() on alice.near by carol.near: ok, 1; root [1-9A-Za-z]*"... (3179 bytes)() on '
else
    skip 'xz is not installed: tests/attacks cannot be read'
fi

echo "$passed passed, $failed failed$([ $skipped != 0 ] && echo ", $skipped skipped")"
[ $failed = 0 ]
