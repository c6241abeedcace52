#!/bin/sh
# Prints the best clang that has libFuzzer and the sanitizers; exit code 1 if there is none.
for cc in clang-25 clang-24 clang-23 clang-22 clang-21 clang-20 clang-19 clang clang-18 clang-17 clang-16 clang-15 clang-14; do
    command -v "$cc" >/dev/null 2>&1 || continue
    echo 'int LLVMFuzzerTestOneInput(const char *p, unsigned long n) { return p && n > 9; }' |
        "$cc" -fsanitize=fuzzer,address,undefined -x c - -o /dev/null 2>/dev/null && { echo "$cc"; exit 0; }
done
exit 1
