#!/bin/sh
# Random cases of one kind, compared with the reference runner in batches:
#
#     ORACLE=/path/to/oracle [BUILD=build] [BATCH=2000] tests/differential/cases.sh KIND FIRST_SEED COUNT
#
# Prints how many agree and differ, and how fast. `build/cases` lists the kinds.
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
BATCH=${BATCH:-2000}
export BUILD
if [ $# -ne 3 ]; then
    sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
kind=$1 seed=$2 left=$3
passed=0 failed=0 refused=0
start=$(date +%s)
while [ "$left" -gt 0 ]; do
    n=$((left < BATCH ? left : BATCH))
    counts=$("$BUILD/cases" "$kind" "$seed" "$n" | tests/differential/batch.sh "$kind") || exit 1
    # shellcheck disable=SC2086 -- three numbers
    set -- $counts
    passed=$((passed + $1)) failed=$((failed + $2)) refused=$((refused + $3))
    seed=$((seed + n)) left=$((left - n))
done
seconds=$(($(date +%s) - start + 1))
echo "$kind: $passed equal, $failed different, $refused without an outcome, $(((passed + failed) / seconds)) a second"
[ "$failed" -eq 0 ]
