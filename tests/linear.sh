#!/bin/sh
# Hostile input costs in proportion to its size: tests/test_linear.c in a build that counts its steps. The last line is
# "N passed, N failed".
#
#     BUILD=build CC=gcc tests/linear.sh
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}/counted
CC=${CC:-gcc}
mkdir -p "$BUILD"
if ! make -s -j"$(nproc 2>/dev/null || echo 2)" BUILD="$BUILD" CC="$CC" CFLAGS="-O1 -fsanitize-coverage=trace-pc" \
    "$BUILD/tests/test_linear" >"$BUILD/log" 2>&1; then
    tail -n 20 "$BUILD/log"
    echo "0 passed, 1 failed"
    exit 1
fi
"$BUILD/tests/test_linear"
