#!/bin/sh
# Checks that nothing depends on secrets in time: builds tests/ct_crypto.c with each compiler there is, at -O1, -O2 and
# -O3, and runs it under valgrind. Skips itself, visibly, without valgrind.
set -u
cd "$(dirname "$0")/.." || exit 2
command -v valgrind >/dev/null 2>&1 && [ -f /usr/include/valgrind/memcheck.h ] || {
    echo "skipped: constant time: valgrind is not installed"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
}
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
sources="tests/ct_crypto.c crypto/ed25519.c crypto/edwards25519.c crypto/fe25519.c crypto/scalar25519.c \
         crypto/field.c crypto/field_portable.c crypto/field_adx.c crypto/sha2.c crypto/sha256_ni.c \
         crypto/hmac.c crypto/aes_gcm.c crypto/ecdh.c crypto/wipe.c base/error.c"
passed=0 failed=0
for compiler in ${CC:-gcc gcc-12 clang-14 clang-19}; do
    command -v "$compiler" >/dev/null 2>&1 || continue
    for level in 1 2 3; do
        name="$compiler -O$level"
        # shellcheck disable=SC2086
        if "$compiler" -std=c17 -D_GNU_SOURCE -I. -g -O"$level" -gdwarf-4 -fno-strict-aliasing $sources -lbearssl \
                -o "$folder/ct" && valgrind --quiet --error-exitcode=0 "$folder/ct" >"$folder/log" 2>&1; then
            passed=$((passed + 1))
            echo "constant time, $name: ok"
        else
            failed=$((failed + 1))
            echo "constant time, $name: failed"
            cat "$folder/log"
        fi
    done
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
