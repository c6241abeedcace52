#!/bin/sh
# Runs the tests and sums them up; the last line is "N passed, N failed[, N skipped]".
#
#     BUILD=build tests/run.sh [PART...]
#
# Parts: source (who includes what), gcc, clang (everything, built with that compiler), asan (everything under
# sanitizers), install (the installed library), linear (hostile input costs in proportion to its size), ct (nothing
# depends on secrets in time), fuzz (some seconds of each target). Without a part: all of them.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
JOBS=${JOBS:-$(nproc 2>/dev/null || echo 2)}
FUZZ_SECONDS=${FUZZ_SECONDS:-5}
programs=1000
passed=0
failed=0
skipped=0
mkdir -p "$BUILD/logs"
export SUITE_CLONE="${SUITE_CLONE:-$BUILD/testsuite}" # one for all builds

best=$(scripts/compiler.sh)
clang=
for name in clang-25 clang-24 clang-23 clang-22 clang-21 clang-20 clang-19 clang clang-18 clang-17 clang-16 clang-15 clang-14; do
    command -v "$name" >/dev/null 2>&1 && { clang=$name; break; }
done

# Adds up the last line of a log: "N passed, N failed[, N skipped]"; without one, or with an exit code that the line
# does not explain, the part has failed.
count() { # name, log, exit code, seconds
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' "$2" | tail -n 1)
    p=$(echo "$line" | awk '{print $1 + 0}')
    f=$(echo "$line" | awk '{print $3 + 0}')
    s=$(echo "$line" | awk '{print $5 + 0}')
    [ "$3" != 0 ] && [ "$f" = 0 ] && f=1
    [ "$3" = 0 ] && [ -z "$line" ] && f=1
    passed=$((passed + p))
    failed=$((failed + f))
    skipped=$((skipped + s))
    printf '%-34s %7d passed, %d failed%s  (%d s)\n' "$1" "$p" "$f" "$([ "$s" != 0 ] && echo ", $s skipped")" "$4"
    grep '^skipped: ' "$2" | sort | uniq -c | sed 's/^ *\([0-9]*\) /    \1 x /'
    if [ "$f" != 0 ]; then
        grep -vE '^- ' "$2" | tail -n 60 | sed 's/^/    /'
        echo "    exit code $3; the whole log is $2"
    fi
}

log_of() { echo "$BUILD/logs/$(echo "$1" | tr ' /:' '___').log"; } # name

part() { # name, command...
    name=$1
    shift
    log=$(log_of "$name")
    start=$(date +%s)
    "$@" >"$log" 2>&1 </dev/null
    code=$?
    count "$name" "$log" "$code" "$(($(date +%s) - start))"
}

# Runs lines of "name|command", so many at a time as there are processors; then counts them in their order.
parts() {
    list=$BUILD/logs/list
    cat >"$list"
    while IFS='|' read -r name command; do
        log=$(log_of "$name")
        printf '%s\0' "start=\$(date +%s); $command >'$log' 2>&1 </dev/null; echo \$? \$((\$(date +%s) - start)) >'$log.end'"
    done <"$list" | xargs -0 -P "$JOBS" -n 1 sh -c
    while IFS='|' read -r name command; do
        log=$(log_of "$name")
        code=1 seconds=0
        read -r code seconds <"$log.end"
        rm -f "$log.end"
        count "$name" "$log" "$code" "$seconds"
    done <"$list"
}

skip() { # what, why
    skipped=$((skipped + 1))
    echo "skipped: $1: $2"
}

# Everything that one build has, in the folder $1 made by the compiler $2.
run_all() {
    folder=$1
    for program in "$folder"/tests/test_*; do
        [ -x "$program" ] && echo "$label: $(basename "$program")|$program"
    done >"$BUILD/logs/programs"
    parts <"$BUILD/logs/programs"
    part "$label: suite 2.0" env BUILD="$folder" SUITE=2.0 spec-tests/run.sh
    part "$label: suite 2.0, lazy" env BUILD="$folder" SUITE=2.0 spec-tests/run.sh --lazy
    if "$folder/nvm" version | grep -q '^dispatchers: tail'; then
        part "$label: suite 2.0, portable" env BUILD="$folder" SUITE=2.0 spec-tests/run.sh --dispatcher portable
    fi
    vectors=$(ls tests/vectors/*.jsonl tests/vectors/*.jsonl.xz 2>/dev/null)
    # shellcheck disable=SC2086
    [ -n "$vectors" ] && [ -x "$folder/conformance" ] && part "$label: conformance" "$folder/conformance" $vectors
    for script in tests/cli.sh tests/cli_*.sh; do
        [ "$script" = tests/cli_common.sh ] && continue # what they share
        echo "$label: $(basename "$script" .sh)|env BUILD=$folder $script"
    done >"$BUILD/logs/scripts"
    echo "$label: example contracts|env BUILD=$folder tests/contracts/run.sh" >>"$BUILD/logs/scripts"
    parts <"$BUILD/logs/scripts"
    [ "$label" = asan ] || part "$label: hardening" env BUILD="$folder" tests/hardening.sh
    part "$label: random programs" "$folder/replay/fuzz_exec" --random 1 "$programs"
}

build() { # folder, compiler, further make arguments
    folder=$1
    compiler=$2
    shift 2
    start=$(date +%s)
    log=$BUILD/logs/$(echo "$label" | tr ' /:' '___')_build.log
    if make -s -j"$JOBS" BUILD="$folder" CC="$compiler" "$@" lib programs tests replayers "$folder/generate" \
        "$folder/run-exports" >"$log" 2>&1; then
        # a warning is a failure
        if grep -q 'warning:' "$log"; then
            failed=$((failed + 1))
            grep -A3 'warning:' "$log" | head -n 40
        fi
        echo "$label: built by $($compiler --version | head -n 1) ($(($(date +%s) - start)) s)"
        return 0
    fi
    failed=$((failed + 1))
    echo "$label: the build failed:"
    tail -n 40 "$log"
    return 1
}

run_source() {
    part "source: layering" tests/layering.sh
}

run_gcc() {
    label=gcc
    command -v gcc >/dev/null 2>&1 || { skip gcc "it is not installed"; return; }
    folder=$BUILD/gcc
    [ "$best" = gcc ] && folder=$BUILD
    build "$folder" gcc && run_all "$folder"
}

run_clang() {
    label=clang
    [ -n "$clang" ] || { skip clang "it is not installed"; return; }
    folder=$BUILD/clang
    [ "$best" = "$clang" ] && folder=$BUILD
    build "$folder" "$clang" && run_all "$folder"
}

# One build for the sanitized tests and for fuzzing, if the compiler can; gcc has no fuzzing engine.
run_asan() {
    label=asan
    programs=100
    export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1:allocator_may_return_null=1}"
    export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"
    sanitize=address,undefined
    compiler=$best
    if engine=$(fuzz/engine.sh); then
        compiler=$engine
        sanitize=fuzzer-no-link,$sanitize
    fi
    build "$BUILD/asan" "$compiler" CFLAGS="-O1 -g" SANITIZE="$sanitize" && run_all "$BUILD/asan"
}

run_install() {
    label=install
    part "install" env BUILD="$BUILD" CC="$best" tests/install.sh
}

run_linear() {
    label=linear
    part "linear" env BUILD="$BUILD" CC="$best" tests/linear.sh
}

run_ct() {
    label=ct
    part "constant time" env CC="gcc $clang" tests/ct.sh
}

run_fuzz() {
    label=fuzz
    part "fuzz" env BUILD="$BUILD" TIME="$FUZZ_SECONDS" JOBS="$JOBS" fuzz/run.sh
    grep -E ': [0-9]+ inputs in ' "$BUILD/logs/fuzz.log" | sed 's/^/    /'
    part "fuzz: compared with wabt" env BUILD="$BUILD" COUNT=100 fuzz/compare.sh
}

[ $# = 0 ] && set -- source gcc clang asan install linear ct fuzz
begin=$(date +%s)
for name in "$@"; do
    case $name in
    source|gcc|clang|asan|install|linear|ct|fuzz) "run_$name" ;;
    *) echo "tests/run.sh: there is no part '$name'"; exit 2 ;;
    esac
done

echo "everything took $(($(date +%s) - begin)) s"
printf '%d passed, %d failed' "$passed" "$failed"
[ "$skipped" != 0 ] && printf ', %d skipped' "$skipped"
printf '\n'
[ "$failed" = 0 ]
