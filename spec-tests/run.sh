#!/bin/sh
# Runs the official WebAssembly test suite: BUILD=build SUITE=2.0|3.0 spec-tests/run.sh [options of spec-tests]
#
# The suite is looked for in ../shared/testsuite/$SUITE, then in $NVM_TESTSUITE/$SUITE or $NVM_TESTSUITE itself, then
# cloned into $SUITE_CLONE, or $BUILD/testsuite. If all of that fails the run is skipped, visibly.
set -u

BUILD=${BUILD:-build}
SUITE=${SUITE:-2.0}
cd "$(dirname "$0")/.." || exit 1
export GIT_TERMINAL_PROMPT=0

has_scripts() { [ -n "$(find "$1" -maxdepth 1 -name '*.wast' -print -quit 2>/dev/null)" ]; }

# $1: repository, $2: commit or tag, $3: where
clone() {
    command -v git >/dev/null 2>&1 || return 1
    rm -rf "$3"
    git init -q "$3" &&
        git -C "$3" fetch -q --depth 1 "$1" "$2" &&
        git -C "$3" -c advice.detachedHead=false checkout -q FETCH_HEAD && return 0
    rm -rf "$3"
    return 1
}

find_suite() {
    for folder in "../shared/testsuite/$SUITE" "${NVM_TESTSUITE:-/nonexistent}/$SUITE" "${NVM_TESTSUITE:-/nonexistent}"; do
        has_scripts "$folder" && { echo "$folder"; return 0; }
    done
    folder=${SUITE_CLONE:-$BUILD/testsuite}/$SUITE
    case $SUITE in
    2.0)
        scripts=$folder/test/core
        has_scripts "$scripts" || clone https://github.com/WebAssembly/spec wg-2.0 "$folder" ;;
    3.0)
        scripts=$folder
        # hosts give single commits only by their full number
        has_scripts "$scripts" || { rm -rf "$folder" && git clone -q https://github.com/WebAssembly/testsuite "$folder" &&
            git -C "$folder" -c advice.detachedHead=false checkout -q 193e551; } ;;
    esac >&2
    has_scripts "$scripts" && echo "$scripts"
}

case $SUITE in
2.0|3.0) ;;
*) echo "SUITE must be 2.0 or 3.0" >&2; exit 2 ;;
esac

if ! suite=$(find_suite); then
    echo "skipped: the test suite $SUITE is neither in ../shared/testsuite nor in \$NVM_TESTSUITE and cannot be cloned"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi

# Version 2.0 is claimed without SIMD, and must pass; 3.0 is only measured.
if [ "$SUITE" = 2.0 ]; then
    set -- "$@" $(find "$suite" -maxdepth 1 -name '*.wast' ! -name 'simd_*' | LC_ALL=C sort)
else
    set -- --fail-ok "$@" $(find "$suite" -maxdepth 1 -name '*.wast' | LC_ALL=C sort)
fi
exec "$BUILD/spec-tests" "$@"
