#!/bin/sh
# Installs into a folder of its own and builds examples/embed.c against that with pkg-config, static and shared.
#
#     BUILD=build CC=gcc tests/install.sh
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
CC=${CC:-gcc}
passed=0
failed=0

check() { # what, command...
    what=$1
    shift
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "failed: $what"; fi
}

prefix=$(mktemp -d) || exit 1
trap 'rm -rf "$prefix"' EXIT
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"

check "make install" make -s BUILD="$BUILD" CC="$CC" PREFIX="$prefix" install
for file in bin/nvm include/nvm.h lib/libnvm.a lib/libnvm.so lib/pkgconfig/nvm.pc; do
    check "$file is installed" test -s "$prefix/$file"
done
check "nothing else is installed" test "$(find "$prefix/include" -type f | wc -l)" = 1
check "the installed command runs" sh -c "'$prefix/bin/nvm' version | grep -q '^nvm '"
check "pkg-config knows the version" \
    test "$(pkg-config --modversion nvm)" = "$(sed -n 's/^#define NVM_VERSION "\(.*\)"/\1/p' include/nvm.h)"
check "the header stands alone, in C and in C++" sh -c \
    "echo '#include <nvm.h>' | $CC -std=c11 -Wall -Wextra -Werror -pedantic -I'$prefix/include' -fsyntax-only -x c -"
if command -v g++ >/dev/null 2>&1; then
    check "the header is C++" sh -c \
        "echo '#include <nvm.h>' | g++ -Wall -Wextra -Werror -pedantic -I'$prefix/include' -fsyntax-only -x c++ -"
fi

# Only nvm_* may be visible.
leaked=$(nm -g --defined-only "$prefix/lib/libnvm.a" | awk 'NF == 3 && $3 !~ /^nvm_/ {print $3}')
check "the static library shows nvm_* only: $(echo $leaked | cut -c 1-200)" test -z "$leaked"
leaked=$(nm -D --defined-only "$prefix/lib/libnvm.so" | awk 'NF == 3 && $3 !~ /^nvm_/ {print $3}')
check "the shared library shows nvm_* only: $(echo $leaked | cut -c 1-200)" test -z "$leaked"
check "the shared library has its soname" sh -c "readelf -d '$prefix/lib/libnvm.so' | grep -q 'SONAME.*libnvm.so.0'"
for name in $(grep '^NVM_API' include/nvm.h | grep -o 'nvm_[a-z0-9_]*(' | tr -d '(' | sort -u); do
    check "$name is exported" sh -c "nm -D --defined-only '$prefix/lib/libnvm.so' | grep -q ' $name\$'"
done

run_example() { # program
    LD_LIBRARY_PATH="$prefix/lib" "$1" | sed 's/at 0x[0-9a-f]*$/at 0x/' > "$prefix/out" && cmp "$prefix/out" examples/embed.expected
}
check "the example builds, shared" "$CC" examples/embed.c $(pkg-config --cflags --libs nvm) -lpthread -o "$prefix/shared"
check "the example runs, shared" run_example "$prefix/shared"
check "it uses the shared library" sh -c "LD_LIBRARY_PATH='$prefix/lib' ldd '$prefix/shared' | grep -q 'libnvm.so.0 => $prefix'"
check "the example builds, static" "$CC" examples/embed.c $(pkg-config --cflags nvm) "$prefix/lib/libnvm.a" \
    $(pkg-config --static --libs-only-l nvm | sed 's/-lnvm//') -o "$prefix/static"
check "the example runs, static" run_example "$prefix/static"

check "make uninstall" make -s BUILD="$BUILD" CC="$CC" PREFIX="$prefix" uninstall
check "nothing is left" test -z "$(find "$prefix/bin" "$prefix/include" "$prefix/lib" -type f)"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
