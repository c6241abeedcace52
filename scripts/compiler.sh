#!/bin/sh
# Prints the best C compiler found: clang >= 19 (its `preserve_none` makes the fastest dispatch), else gcc >= 12,
# else clang >= 14, else cc.
#
#     scripts/compiler.sh                          the name
#     scripts/compiler.sh --describe CC BUILD      one line about a finished build

# The major version of a compiler, 0 if it is not there.
major() {
    version=$("$1" -dumpversion 2>/dev/null) || version=0
    echo "${version%%.*}"
}

if [ "$1" = --describe ]; then
    dispatchers=
    [ -x "$3/nvm" ] && dispatchers=$("$3/nvm" version 2>/dev/null | sed -n 's/^dispatchers: */, dispatchers: /p')
    echo "built in $3/ with $("$2" --version 2>/dev/null | head -n 1)$dispatchers"
    exit 0
fi

for name in clang-25 clang-24 clang-23 clang-22 clang-21 clang-20 clang-19; do
    command -v "$name" >/dev/null 2>&1 && { echo "$name"; exit 0; }
done
[ "$(major clang)" -ge 19 ] && { echo clang; exit 0; }
for name in gcc gcc-15 gcc-14 gcc-13 gcc-12; do
    [ "$(major "$name")" -ge 12 ] && { echo "$name"; exit 0; }
done
for name in clang clang-18 clang-17 clang-16 clang-15 clang-14; do
    [ "$(major "$name")" -ge 14 ] && { echo "$name"; exit 0; }
done
echo cc
