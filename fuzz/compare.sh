#!/bin/sh
# Compares nvm with wabt's interpreter on modules of the generator: the same results and the same traps, floats as they
# are printed, NaNs all alike.
#
#     BUILD=build COUNT=1000 [FIRST=1] fuzz/compare.sh
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
FIRST=${FIRST:-1}
COUNT=${COUNT:-1000}
passed=0
failed=0
if ! command -v wasm-interp >/dev/null 2>&1; then
    echo "skipped: comparison with wabt: wasm-interp is not installed (Debian: wabt)"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
make -s BUILD="$BUILD" "$BUILD/generate" "$BUILD/run-exports" >/dev/null || exit 1
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

# wabt's words for traps are its own
normal() {
    sed -E -e 's/-?nan(:0x[0-9a-f]*)?/nan/g' \
        -e 's/error: (unreachable).*/error: \1/' \
        -e 's/error: out of bounds memory access.*/error: out of bounds memory access/' \
        -e 's/error: out of bounds table access.*/error: out of bounds table access/' \
        -e 's/error: undefined (element|table index).*/error: undefined element/' \
        -e 's/error: uninitialized (element|table element).*/error: uninitialized element/' \
        -e 's/error: indirect call (signature|type) mismatch.*/error: indirect call type mismatch/' \
        -e 's/ *$//'
}

for i in $(seq "$FIRST" $((FIRST + COUNT - 1))); do
    module=$folder/module.wasm
    "$BUILD/generate" "compare $i" "$module" portable || exit 1
    timeout 20 wasm-interp --run-all-exports "$module" 2>&1 | normal > "$folder/expected"
    timeout 20 "$BUILD/run-exports" "$module" 2>&1 | normal > "$folder/got"
    if cmp -s "$folder/expected" "$folder/got"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "seed \"compare $i\" (generate \"compare $i\" module.wasm portable):"
        diff "$folder/expected" "$folder/got" | head -n 6
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
