#!/bin/sh
# Fills $BUILD/seeds/TARGET with seeds: our own .wat files, the official suite's modules if they are there, modules of
# the generator, numbers for the generator itself and for host calls.
#
#     BUILD=build fuzz/seeds.sh
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
SEEDS=$BUILD/seeds
[ -f "$SEEDS/done" ] && exit 0
mkdir -p "$SEEDS/fuzz_module" "$SEEDS/fuzz_exec" "$SEEDS/fuzz_wat" "$SEEDS/fuzz_host"

for file in examples/*.wat tests/*.wat; do
    [ -f "$file" ] || continue
    name=$(basename "$file" .wat)
    cp "$file" "$SEEDS/fuzz_wat/$name.wat"
    "$BUILD/nvm" wat2wasm --no-check -o "$SEEDS/fuzz_module/$name.wasm" "$file" 2>/dev/null
done

# The scripts of the official suite as text, and the modules in them that stand alone.
suite=${NVM_TESTSUITE:-../shared/testsuite}/2.0
if [ -d "$suite" ]; then
    find "$suite" -maxdepth 1 -name '*.wast' -size -12k ! -name 'simd_*' -exec cp {} "$SEEDS/fuzz_wat/" \;
    if command -v wast2json >/dev/null 2>&1; then
        json=$(mktemp -d)
        for file in "$suite"/*.wast; do
            case $file in */simd_*) continue ;; esac
            wast2json "$file" -o "$json/$(basename "$file" .wast).json" >/dev/null 2>&1
        done
        find "$json" -name '*.wasm' -size -4k -exec cp {} "$SEEDS/fuzz_module/" \;
        rm -rf "$json"
    fi
fi

if [ -x "$BUILD/generate" ]; then
    for i in $(seq 1 60); do "$BUILD/generate" "$i" "$SEEDS/fuzz_module/generated$i.wasm"; done
fi
mkdir -p "$SEEDS/fuzz_suspend"
for i in $(seq 1 40); do
    for target in fuzz_exec fuzz_host fuzz_suspend; do printf '%s' "$i$i$i" > "$SEEDS/$target/$i"; done
done

# Cases and records to begin with: the first byte is the target's choice of a reader.
mkdir -p "$SEEDS/fuzz_json"
printf '0{"method":"m","context":{"prepaid_gas":1,"input":"AA=="},"state":[["AA==","AA=="]],"promise_results":["failed"]}' \
    > "$SEEDS/fuzz_json/case"
printf '1{"Account":{"account_id":"a.near","account":{"amount":"1","locked":"0","code_hash":"11111111111111111111111111111111","storage_usage":100,"version":"V1"}}}' \
    > "$SEEDS/fuzz_json/record"
printf '2[{"a":[1,-2.5e3,"\\u00e9",null,true]}]' > "$SEEDS/fuzz_json/document"

# Proofs and suspended runs, for the targets that change them field by field and make anew what seals them.
mkdir -p "$SEEDS/fuzz_proof_fields" "$SEEDS/fuzz_run_sealed"
cp tests/formats/*.proof "$SEEDS/fuzz_proof_fields/"
cp tests/formats/*.sealed "$SEEDS/fuzz_run_sealed/"

# Evidence, collateral and certificates of the test hierarchies, and the simulator's: what the readers of tee/ begin with.
# of_tee BYTE TARGET FILE...: FILEs as seeds, behind a byte by which the target chooses (none: as they are).
of_tee() {
    byte=$1
    target=$SEEDS/fuzz_tee_$2
    shift 2
    mkdir -p "$target"
    for file in "$@"; do
        [ -f "$file" ] || continue
        { printf '%s' "$byte"; cat "$file"; } >"$target/$byte$(basename "$(dirname "$file")")-$(basename "$file")"
    done
}
pki=$(mktemp -d)
mkdir "$pki/simulator"
if "$BUILD/nvm" tee pki --seed "$(printf '05%.0s' $(seq 32))" --at 2026-06-17T01:05:04Z --out "$pki" >/dev/null 2>&1; then
    of_tee '' quote "$pki"/tdx/quote-*.bin "$pki"/sgx/quote-*.bin
    of_tee '' collateral "$pki"/*/collateral.json "$pki"/*/tcb-info.json "$pki"/*/qe-identity.json "$pki"/intel/*.crl
    of_tee '' nitro "$pki/nitro/document.cbor"
    of_tee '' cbor "$pki/nitro/document.cbor"
    of_tee '' policy "$pki"/*/policy.json
    of_tee 0 der "$pki"/*/*.der # by the byte's remainder of 3: "0" is 48
    of_tee 1 der "$pki"/*/*.crl
    of_tee 2 der "$pki"/*/*.pem
    of_tee 0 snp "$pki"/snp/report*.bin "$pki"/snp/certificates*.bin
    of_tee 1 snp "$pki"/snp/certificates*.bin "$pki"/snp/*.pem "$pki/snp/ark.crl"
fi
for about in "--challenge 0102" "--statement 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 --nonce 01"; do
    "$BUILD/nvm" attest --provider simulator $about --out "$pki/simulator/${about%% *}.att" >/dev/null 2>&1
done
"$BUILD/nvm" tee key make --provider simulator --key "$pki/simulator/key.sealed" --out "$pki/simulator/key.att" >/dev/null 2>&1
of_tee '' attestation "$pki"/simulator/*.att
of_tee 0 seal "$pki/simulator/key.sealed" # "0" is 48, its remainder of 4 is 0: sealed blobs
rm -rf "$pki"
touch "$SEEDS/done"
