#!/bin/sh
# One batch: cases from standard input through the reference runner ($ORACLE) and ours ($BUILD/conformance). Prints
# "EQUAL DIFFERENT REFUSED"; what differs is told on standard error and kept in $BUILD/differential/NAME.jsonl.
#
#     build/cases border 1 100 | ORACLE=/path/to/oracle tests/differential/batch.sh NAME
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
kept=$BUILD/differential/$1.jsonl
mkdir -p "$BUILD/differential"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

cat >"$work/given"
"$ORACLE" <"$work/given" >"$work/finished" 2>"$work/stderr"
given=$(wc -l <"$work/given")
done=$(wc -l <"$work/finished")
[ "$done" -eq "$given" ] || echo "$1: the reference runner broke off after $done of $given cases" >&2
# What production's VM has no outcome for must have none here; what the runner cannot read is left out.
awk -v given="$work/given" '
    { getline line <given }
    /"expect"/ { print; next }
    /"oracle_error":"(panic|runner error)/ { sub(/}$/, ",\"expect\":{\"no_outcome\":\"\"}}", line); print line }
' "$work/finished" >"$work/cases"
cases=$(wc -l <"$work/cases")
[ "$cases" -gt 0 ] || { echo "0 0 $given"; exit 0; }

"$BUILD/conformance" -j 1 "$work/cases" >"$work/report" 2>&1
last=$(tail -n 1 "$work/report")
case $last in
*" passed, "*" failed") failed=${last##*, } failed=${failed%% *} ;;
*)
    echo "$1: our side broke off: $last" >&2
    failed=$cases
    cat "$work/cases" >>"$kept"
    ;;
esac
sed -n "s|^$work/cases:\([0-9]*\): .*|\1p|p" "$work/report" | sort -u >"$work/lines"
if [ -s "$work/lines" ]; then
    sed -n -f "$work/lines" "$work/cases" >>"$kept"
    sed -n "s|^$work/cases:[0-9]*: |  |p" "$work/report" | cut -c1-300 | head -n 20 >&2
fi
echo "$((cases - failed)) $failed $((given - cases))"
