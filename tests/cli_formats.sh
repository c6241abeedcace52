#!/bin/sh
# Files that older programs wrote (tests/formats), read by the command of today.
#
#     BUILD=build tests/cli_formats.sh
cd "$(dirname "$0")/.." || exit 1
. tests/cli_common.sh

# Sealed files are resumed once: what happens here happens to copies.
cp tests/formats/*.sealed tests/formats/seal.key tests/formats/state-1.trie "$folder"
chmod 600 "$folder/seal.key"
printf 'last 3\nopen 1\nopen 3\n' >"$folder/seal.key.counter"

# ---- proofs
for file in tests/formats/proof-*.proof; do
    run 0 verify "$file"; has 'verified (full'
    run 0 proof show "$file" --json; has '"version":1,'
done

# ---- suspended runs: the end is that of the run in one piece
run 0 run tests/formats/steps.wat call --account bob.near --follow; cp "$folder/out" "$folder/whole"
run 0 resume "$folder/run-1.sealed" --seal-key "$folder/seal.key"; silent
same "$folder/out" "$folder/whole" "the resumed run does not end as the run in one piece"
run 0 resume "$folder/exec-1.sealed" --seal-key "$folder/seal.key"; has '610'

# One that is suspended again is in the form of today, and goes on as well.
printf 'last 3\nopen 1\n' >"$folder/seal.key.counter"
cp tests/formats/run-1.sealed "$folder/again.sealed"
run 0 resume "$folder/again.sealed" --seal-key "$folder/seal.key" --suspend-at-call 7 --suspend-to "$folder/next.sealed"
run 0 resume "$folder/next.sealed" --seal-key "$folder/seal.key"
same "$folder/out" "$folder/whole" "the run that was suspended twice does not end as the run in one piece"

# ---- states, evidence
run 0 state root "$folder/state-1.trie"; prints 7HRUrem9vmmobTU1TbTk6aMGTATjBZa8XFQQSehcL386
run 0 tee show tests/formats/attestation-1.att; has simulator

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
