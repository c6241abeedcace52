#!/bin/sh
# Builds the contracts of this folder, or those that are named, into the folder OUT (default: this one).
#
#     [CC=clang-19] [OUT=folder] examples/contracts/build.sh [counter|guest_book|fungible_token|…]
#
# Needs clang (14 or newer) and its linker for WebAssembly, wasm-ld (Debian: clang-19 lld-19).
set -eu
cd "$(dirname "$0")"
CC=${CC:-clang-19}
OUT=${OUT:-.}

# The linker of this clang, or any other.
LINKER=$("$CC" --print-prog-name=wasm-ld)
for name in "$LINKER" wasm-ld wasm-ld-19 wasm-ld-18 wasm-ld-17 wasm-ld-16 wasm-ld-15 wasm-ld-14; do
    LINKER=$(command -v "$name" 2>/dev/null) && break
done
[ -n "$LINKER" ] || { echo "build.sh: no wasm-ld found (Debian: apt install lld-19)" >&2; exit 1; }

# mvp: what every protocol version accepts. The stack comes first, so that an overflow is a trap.
[ $# -gt 0 ] || set -- *.c
for source; do
    name=$(basename "$source" .c)
    "$CC" --target=wasm32 -mcpu=mvp -msign-ext -std=c17 -O2 -ffreestanding -nostdlib -Wall -Wextra -Wconversion \
        -Wshadow -I../.. -fuse-ld="$LINKER" -Wl,--no-entry -Wl,--stack-first -Wl,-z,stack-size=65536 \
        -Wl,--strip-all "$name.c" -o "$OUT/$name.wasm"
done
