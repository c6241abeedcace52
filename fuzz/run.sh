#!/bin/sh
# Runs every libFuzzer target for some seconds, one after the other, under AddressSanitizer and
# UndefinedBehaviorSanitizer. What is found stays in $BUILD/fuzzing/findings.
#
#     BUILD=build TIME=60 [TARGETS="fuzz_exec fuzz_wat"] fuzz/run.sh
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
TIME=${TIME:-60}
JOBS=${JOBS:-2}
passed=0
failed=0

if ! engine=$(fuzz/engine.sh); then
    echo "skipped: fuzzing: no clang with libFuzzer (Debian: clang-19 and libclang-rt-19-dev)"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi

make -s -j"$JOBS" BUILD="$BUILD" "$BUILD/nvm" "$BUILD/generate" >/dev/null || exit 1
make -s -j"$JOBS" BUILD="$BUILD/asan" CC="$engine" CFLAGS="-O1 -g" SANITIZE=fuzzer-no-link,address,undefined \
    fuzzers || exit 1
BUILD=$BUILD fuzz/seeds.sh
mkdir -p "$BUILD/fuzzing/findings"

for program in "$BUILD"/asan/fuzz/fuzz_*; do
    name=$(basename "$program")
    case " ${TARGETS:-$name} " in *" $name "*) ;; *) continue ;; esac
    corpus=$BUILD/fuzzing/corpus/$name
    seeds=$BUILD/seeds/$name
    mkdir -p "$corpus" "$seeds"
    log=$BUILD/fuzzing/$name.log
    if "$program" -max_total_time="$TIME" -timeout=25 -rss_limit_mb=4096 -max_len=65536 -print_final_stats=1 \
        -artifact_prefix="$BUILD/fuzzing/findings/$name-" "$corpus" "$seeds" >"$log" 2>&1; then
        passed=$((passed + 1))
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
        echo "$name: $runs inputs in $TIME s, nothing found"
    else
        failed=$((failed + 1))
        echo "$name: FAILED; the input is in $BUILD/fuzzing/findings, the log is $log"
        tail -n 40 "$log"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
