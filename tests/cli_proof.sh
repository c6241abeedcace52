#!/bin/sh
# nvm verify-outcome: what it prints, its refusals and exit codes.
#
#     BUILD=build tests/cli_proof.sh
cd "$(dirname "$0")/.." || exit 1
. tests/cli_common.sh
stdin=$folder/in

# change SED-SCRIPT: the sample, changed, into $folder/bad.json
change() {
    sed "$1" "$folder/proof.json" >"$folder/bad.json"
    if cmp -s "$folder/bad.json" "$folder/proof.json"; then bad "sed '$1' changes nothing"; fi
}

: >"$folder/in"
"$BUILD/tests/test_proof_outcome" --sample >"$folder/sample" || bad "no sample"
sed -n 1p "$folder/sample" >"$folder/proof.json"
root=$(sed -n 2p "$folder/sample")
hash=9dPJ2s3uTVWo8p48KLJ6YgJW5tJeFTzJf5R3wtzCtPZ2

# ---- a proof that holds
run 0 verify-outcome "$folder/proof.json" --head-root "$root"; silent
has '^the outcome is one of block 1002$'
has "outcome of  *$hash\$"
has 'executed by  *alice.near$'
has 'status  *success, a value of 4 bytes$'
has 'gas burnt  *2,427,934,415,604$'
has 'tokens burnt  *0.0002427934415604 NEAR$'
has "head root  *$root = the one that was given\$"
if grep -q 'not checked' "$folder/out"; then bad "$what: everything was checked"; else ok; fi
run 0 verify-outcome "$folder/proof.json"; silent
has "head root  *$root (not checked)\$"
has '^not checked: that there is such a block'
run 0 verify-outcome --json "--head-root=$root" "$folder/proof.json"; silent
has '^{"holds":true,"head_root_checked":true,"id":"'
has "\"head_root\":\"$root\"}\$"
cp "$folder/proof.json" "$folder/in"
run 0 verify-outcome - --head-root "$root"; silent
{ printf '{"jsonrpc":"2.0","id":1,"result":'; cat "$folder/proof.json"; printf '}'; } >"$folder/in"
run 0 verify-outcome - --head-root "$root"; silent
: >"$folder/in"

# ---- proofs that do not
run 1 verify-outcome "$folder/proof.json" --head-root "$hash"; quiet
says "the proof does not hold: block_proof: the block is not under the head's block Merkle root\$"
says "^  expected: $hash\$"
says "^  computed: $root\$"
change 's/2427934415604/2427934415605/'
run 1 verify-outcome "$folder/bad.json"; quiet
says 'block_header_lite.inner_lite.outcome_root: the outcomes have another root$'
run 1 verify-outcome --json "$folder/bad.json"; silent
has '"holds":false,"head_root_checked":false,'
has '"refusal":{"code":"OUTCOME_ROOT","reason":"the outcomes have another root","place":"block_header_lite'
change 's/"height":1002/"height":1003/'
run 1 verify-outcome "$folder/bad.json"; quiet
says 'outcome_proof.block_hash: the header is that of another block$'
change 's/"a log"/"another log"/'
run 1 verify-outcome "$folder/bad.json"; quiet

# ---- what is no proof
change 's/"Right"/"right"/'
run 2 verify-outcome "$folder/bad.json"; quiet
says 'proof\[.*\].direction: expected "Left" or "Right", found "right"$'
change "s/$hash/0$hash/"
run 2 verify-outcome "$folder/bad.json"; quiet
says 'outcome_proof.id: expected the base58 of 32 bytes'
change 's/"outcome_root_proof"/"outcome_root"/'
run 2 verify-outcome "$folder/bad.json"; quiet
says "'outcome_root_proof' is missing"
change 's/"SuccessValue"/"Success"/'
run 2 verify-outcome "$folder/bad.json"; quiet
says 'outcome_proof.outcome.status: expected an object with SuccessValue, SuccessReceiptId or Failure'
change 's/.\{40\}$//'
run 2 verify-outcome "$folder/bad.json"; quiet
echo '{"jsonrpc":"2.0","id":1,"error":{"code":-32000}}' >"$folder/bad.json"
run 2 verify-outcome "$folder/bad.json"; quiet
says 'the node has answered with an error, not with a proof'
echo '[]' >"$folder/bad.json"
run 2 verify-outcome "$folder/bad.json"; quiet
says 'expected an object'
run 2 verify-outcome "$folder/none.json"; quiet
run 2 verify-outcome "$folder/proof.json" --head-root xyz; quiet
says "'xyz' is no hash"
run 2 verify-outcome; quiet
run 2 verify_outcome "$folder/proof.json"; quiet
says "there is no command 'verify_outcome'"
run 0 verify-outcome --help; silent
has '^usage: nvm verify-outcome'
has '  nvm verify-outcome --json proof.json$'
run 0 --help; has '^  verify-outcome  check a light-client proof of an outcome$'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
