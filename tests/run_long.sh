#!/bin/sh
# What takes longer than `make test` should: named parts, one after the other, each with its time. The last line is
# "N passed, N failed[, N skipped]". With --write the result goes into tests/LONG.md, with its date.
#
#     BUILD=build tests/run_long.sh [--write] [PART...]
#
# A part is a line of the list below: its name, what has to be built, and a command whose last line is
# "N passed, N failed[, N skipped]".
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
JOBS=${JOBS:-$(nproc 2>/dev/null || echo 2)}
CC=${CC:-$(scripts/compiler.sh)}
mkdir -p "$BUILD/logs"

list() {
    cat <<END
proof-mutations|$BUILD/tests/test_proof_mutations|$BUILD/tests/test_proof_mutations 1000000 7
kills|$BUILD/nvm $BUILD/tests/test_file_faults|$BUILD/tests/test_file_faults 1000
cross|$BUILD/nvm|env BUILD=$BUILD JOBS=$JOBS tests/cross.sh
END
}

write=
[ "${1:-}" = --write ] && { write=tests/LONG.md; shift; }
for name in "$@"; do
    list | grep -q "^$name|" && continue
    echo "tests/run_long.sh: there is no part '$name': $(list | cut -d'|' -f1 | tr '\n' ' ')"
    exit 2
done

passed=0 failed=0 skipped=0
result=$BUILD/logs/long.txt
: >"$result"
list >"$BUILD/logs/long.list"
while IFS='|' read -r name needs command; do
    case " ${*:-$name} " in *" $name "*) ;; *) continue ;; esac
    log=$BUILD/logs/long-$name.log
    start=$(date +%s)
    code=0
    # shellcheck disable=SC2086
    { make -s -j"$JOBS" BUILD="$BUILD" CC="$CC" $needs && sh -c "$command"; } >"$log" 2>&1 </dev/null || code=$?
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' "$log" | tail -n 1)
    p=$(echo "$line" | awk '{print $1 + 0}')
    f=$(echo "$line" | awk '{print $3 + 0}')
    s=$(echo "$line" | awk '{print $5 + 0}')
    [ "$f" = 0 ] && { [ "$code" != 0 ] || [ -z "$line" ]; } && f=1
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    printf '%-24s %10d passed, %d failed  (%d s)\n' "$name" "$p" "$f" "$(($(date +%s) - start))" | tee -a "$result"
    grep '^  ' "$log" | tail -n 3 | tee -a "$result"
    [ "$f" = 0 ] || { tail -n 40 "$log"; echo "the whole log is $log"; }
done <"$BUILD/logs/long.list"

total="$passed passed, $failed failed"
[ "$skipped" = 0 ] || total="$total, $skipped skipped"
if [ -n "$write" ]; then
    {
        echo "# The last run of \`make test-long\`"
        echo
        echo "$(date -u +%Y-%m-%d), $(uname -m), $JOBS processors, $($CC --version | head -n 1):"
        echo
        sed 's/^/    /' "$result"
        echo "    $total"
    } >"$write.new" && mv "$write.new" "$write"
fi
echo "$total"
[ "$failed" = 0 ]
