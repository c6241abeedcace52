#!/bin/sh
# Random cases of one kind (build/cases), compared with the reference runner in batches:
#
#     ORACLE=/path/to/oracle [BUILD=build] [BATCH=2000] tests/differential/cases.sh KIND FIRST_SEED COUNT
#
# Prints how many agree and differ, and how fast; keeps those that differ in $BUILD/differential/.
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
BATCH=${BATCH:-2000}
if [ $# -ne 3 ]; then
    sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
if [ -z "${ORACLE:-}" ] || [ ! -x "$ORACLE" ]; then
    echo "skipped: $1: no reference runner (ORACLE=${ORACLE:-})"
    exit 0
fi
kind=$1 seed=$2 left=$3
folder=$BUILD/differential
mkdir -p "$folder"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
passed=0 failed=0 refused=0
start=$(date +%s)

while [ "$left" -gt 0 ]; do
    n=$((left < BATCH ? left : BATCH))
    "$BUILD/cases" "$kind" "$seed" "$n" | "$ORACLE" >"$work/finished" 2>"$work/stderr"
    lines=$(wc -l <"$work/finished")
    # what the runner itself cannot run (it panics) has no outcome to compare with
    grep '"expect"' "$work/finished" >"$work/cases"
    refused=$((refused + n - $(wc -l <"$work/cases")))
    [ "$lines" -eq "$n" ] || echo "$kind: the reference runner broke off after $lines of $n cases from seed $seed on"
    "$BUILD/conformance" -j 1 "$work/cases" >"$work/report"
    last=$(tail -n 1 "$work/report")
    case $last in
    *" passed, "*" failed"*)
        passed=$((passed + ${last%% passed*}))
        bad=${last##*, }
        failed=$((failed + ${bad%% *}))
        ;;
    *)
        failed=$((failed + 1))
        echo "$kind: our side broke off in the batch of seed $seed: $last"
        cp "$work/cases" "$folder/$kind-$seed.jsonl"
        ;;
    esac
    sed -n "s|^$work/cases:\([0-9]*\): .*|\1p|p" "$work/report" | sort -u >"$work/lines"
    if [ -s "$work/lines" ]; then
        sed -n -f "$work/lines" "$work/cases" >>"$folder/$kind.jsonl"
        sed -n "s|^$work/cases:[0-9]*: |  |p" "$work/report" | cut -c1-300 | head -n 20
    fi
    seed=$((seed + n)) left=$((left - n))
done
seconds=$(($(date +%s) - start))
echo "$kind: $passed equal, $failed different, $refused without an outcome, $(((passed + failed) / (seconds + 1))) a second"
[ "$failed" -eq 0 ]
