#!/bin/sh
# Writes the finished cases of tests/differential/preparation.txt to standard output:
#
#     ORACLE=/path/to/oracle [BUILD=build] tests/differential/preparation.sh [PATTERN] > cases.jsonl
#
# Compressed (xz -9e), they are tests/vectors/preparation-rules.jsonl.xz.
set -eu
cd "$(dirname "$0")/../.."
grep -v '^#' tests/differential/preparation.txt | grep -e "${1:-.}" | while read -r name rest; do
    # shellcheck disable=SC2086 -- each number is a word
    "${BUILD:-build}/cases" plan "$name" $rest
done | "$ORACLE"
