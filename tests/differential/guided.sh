#!/bin/sh
# Comparison with the reference runner, guided by coverage: libFuzzer looks for inputs of fuzz/fuzz_case.c that reach new
# branches of vm/ and host/; every input that does becomes a case for the reference runner. Then random cases of every
# kind.
#
#     ORACLE=/path/to/oracle [BUILD=build] [TIME=60] tests/differential/guided.sh
#
# TIME is what libFuzzer gets, in seconds. Inputs stay in $BUILD/differential, so that the next run goes on from there.
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
TIME=${TIME:-60}
JOBS=${JOBS:-2}
export BUILD
if [ -z "${ORACLE:-}" ] || [ ! -x "$ORACLE" ]; then
    echo "skipped: differential: no reference runner; its path belongs into ORACLE (it is: '${ORACLE:-}')"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
passed=0 failed=0 skipped=0
folder=$BUILD/differential
corpus=$folder/corpus
mkdir -p "$corpus"
make -s -j"$JOBS" BUILD="$BUILD" "$BUILD/cases" "$BUILD/conformance" >/dev/null || exit 1

# Asks about the inputs that were not asked about yet, $1 at a time.
ask() {
    touch "$folder/asked"
    find "$corpus" -type f | sort | comm -13 "$folder/asked" - >"$folder/new"
    split -l "$1" "$folder/new" "$folder/part."
    for part in "$folder"/part.*; do
        [ -s "$part" ] || continue
        # shellcheck disable=SC2046 -- libFuzzer names its inputs by their hash
        counts=$("$BUILD/cases" --inputs $(cat "$part") | tests/differential/batch.sh guided) || exit 1
        # shellcheck disable=SC2086 -- three numbers
        set -- $counts
        passed=$((passed + $1)) failed=$((failed + $2))
        rm "$part"
    done
    sort -m -o "$folder/asked" "$folder/asked" "$folder/new"
}

if engine=$(fuzz/engine.sh); then
    make -s -j"$JOBS" BUILD="$BUILD/coverage" CC="$engine" SANITIZE=fuzzer-no-link FUZZ_ENGINE=-fsanitize=fuzzer \
        CFLAGS="-O1 -g -fsanitize-coverage-allowlist=tests/differential/coverage.txt" \
        FLAGS_vm_execute_portable="-O1 -g0 -ffp-contract=off -mllvm -disable-early-taildup -fno-sanitize=fuzzer-no-link" \
        "$BUILD/coverage/fuzz/fuzz_case" >/dev/null || exit 1 # the portable dispatcher is not the one that runs
    if ! "$BUILD/coverage/fuzz/fuzz_case" -max_total_time="$TIME" -timeout=25 -rss_limit_mb=4096 -max_len=1024 \
        -artifact_prefix="$folder/crash-" "$corpus" >"$folder/fuzz.log" 2>&1; then
        echo "differential: the fuzz target itself failed: $folder/fuzz.log"
        failed=$((failed + 1))
    fi
    ask 1000
    echo "guided: $(wc -l <"$folder/new") inputs reached something new, $(wc -l <"$folder/asked") in all;" \
        "$(sed -n 's/^.*cov: \([0-9]*\).*$/\1/p' "$folder/fuzz.log" | tail -n 1) branches of vm/ and host/"
else
    echo "skipped: guided: no clang with libFuzzer"
    skipped=1
fi

seed=$(date +%s)
for kind in border code mutated host hostgas; do
    said=$(tests/differential/cases.sh "$kind" "$((seed * 1000))" $((TIME * 10)))
    echo "$said"
    said=${said##*"$kind: "}
    passed=$((passed + ${said%% *}))
    said=${said#*equal, }
    failed=$((failed + ${said%% *}))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
