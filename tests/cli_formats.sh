#!/bin/sh
# Files that older programs wrote (tests/formats), read by the command of today.
#
#     BUILD=build tests/cli_formats.sh
cd "$(dirname "$0")/.." || exit 1
. tests/cli_common.sh

# Sealed files are resumed once: what happens here happens to copies.
cp tests/formats/*.sealed tests/formats/seal.key tests/formats/state-1.trie "$folder"
chmod 600 "$folder/seal.key"

# ---- proofs
for file in tests/formats/proof-*.proof; do
    run 0 verify "$file"; has 'verified (full'
    run 0 proof show "$file" --json; has '"version":1,'
done

# ---- suspended runs: the end is that of the run in one piece. Under a key a run of version 1 could go on again and
# again, so that it goes on under the simulator's root alone.
run 0 run tests/formats/steps.wat call --account bob.near; cp "$folder/out" "$folder/whole"
printf 'last 3\nopen 1\nopen 3\n' >"$folder/seal.key.counter"
run 2 resume "$folder/run-1-plain.sealed" --seal-key "$folder/seal.key"; says 'it is of no count'
for name in run-1 run-1-plain exec-1; do
    "$BUILD/tests/test_run_bundle" --reseal "$folder/$name.sealed" "$folder/seal.key" "$folder/$name.free" || bad 'not resealed'
done
run 0 resume "$folder/run-1-plain.free" --provider simulator; silent
same "$folder/out" "$folder/whole" "the resumed run does not end as the run in one piece"
run 0 resume "$folder/exec-1.free" --provider simulator; has '610'
# Its blocks had no hashes and seeds as a chain has them: what it was in the middle of is no call of today's blocks.
run 2 resume "$folder/run-1.free" --provider simulator; says 'it is of another call'

# One that is suspended again is in the form of today, and goes on as well.
run 0 resume "$folder/run-1-plain.free" --provider simulator --suspend-at-call 3 --suspend-to "$folder/next.sealed"
run 0 resume "$folder/next.sealed" --provider simulator
same "$folder/out" "$folder/whole" "the run that was suspended twice does not end as the run in one piece"

# ---- states, evidence
run 0 state root "$folder/state-1.trie"; prints 7HRUrem9vmmobTU1TbTk6aMGTATjBZa8XFQQSehcL386
run 0 tee show tests/formats/attestation-1.att; has simulator

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
