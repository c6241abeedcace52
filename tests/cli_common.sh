# What the tests of the command share; they begin with
#
#     . tests/cli_common.sh
#
# in the project's folder. BUILD says where the command is. $folder is theirs and goes with them.
set -u
BUILD=${BUILD:-build}
nvm=$BUILD/nvm
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
passed=0
failed=0
skipped=0
subcommand=    # the command's first word, if it is always the same
stdin=/dev/null
unset NO_COLOR

ok() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "failed: $*"; }
skip() { skipped=$((skipped + 1)); echo "skipped: $*"; }

# run CODE ARGUMENT...: runs the command, leaves its output in $folder/out and $folder/err, checks the exit code.
run() {
    expected=$1
    shift
    what="nvm ${subcommand:+$subcommand }$*"
    "$nvm" ${subcommand:+"$subcommand"} "$@" >"$folder/out" 2>"$folder/err" <"$stdin"
    code=$?
    if [ "$code" = "$expected" ]; then ok; else
        bad "$what: exit code $code, expected $expected"
        head -n 5 "$folder/err"
        tail -n 8 "$folder/out"
    fi
}

# is CODE WORDS COMMAND...: any command's exit code, and words on standard output or error
is() {
    expected=$1
    words=$2
    shift 2
    what=$*
    "$@" >"$folder/out" 2>"$folder/err" <"$stdin"
    code=$?
    if [ "$code" = "$expected" ]; then ok; else bad "$what: exit code $code, expected $expected"; head -n 5 "$folder/err"; fi
    if cat "$folder/out" "$folder/err" | grep -q -e "$words"; then ok; else bad "$what: nothing says '$words'"; head -n 5 "$folder/err"; fi
}

# prints TEXT: standard output is exactly that
prints() {
    if [ "$(cat "$folder/out")" = "$1" ]; then ok; else bad "$what: printed '$(cat "$folder/out")', expected '$1'"; fi
}
# has PATTERN, lacks PATTERN, says PATTERN: standard output or standard error has a line that matches, or has none
has() { if grep -q -e "$1" "$folder/out"; then ok; else bad "$what: output has no '$1'"; tail -n 20 "$folder/out"; fi; }
lacks() { if grep -q -e "$1" "$folder/out"; then bad "$what: output has '$1'"; else ok; fi; }
says() { if grep -q -e "$1" "$folder/err"; then ok; else bad "$what: stderr has no '$1'"; head -n 20 "$folder/err"; fi; }
# silent, quiet: nothing on standard error, on standard output
silent() { if [ ! -s "$folder/err" ]; then ok; else bad "$what: stderr is not empty"; head -n 20 "$folder/err"; fi; }
quiet() { if [ ! -s "$folder/out" ]; then ok; else bad "$what: something was printed"; head -n 5 "$folder/out"; fi; }
# brief: one sentence on standard error, perhaps with a hint
brief() { if [ "$(wc -l <"$folder/err")" -le 2 ]; then ok; else bad "$what: more than two lines"; fi; }
# lines NUMBER: of standard output
lines() { if [ "$(wc -l <"$folder/out")" = "$1" ]; then ok; else bad "$what: not $1 lines"; cat "$folder/out"; fi; }
# same FILE FILE WORDS
same() { if cmp -s "$1" "$2"; then ok; else bad "$what: $3"; fi; }
# long_proof: makes long.proof, of a call that runs for a hundred milliseconds or so
long_proof() {
    cat >"$folder/long.wat" <<'END'
(module (memory 1)
  (func (export "long") (local $i i32)
    (local.set $i (i32.const 30000000))
    (loop $next (br_if $next (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))))
END
    run 0 run "$folder/long.wat" long --gas 290Tgas --proof "$folder/long.proof"
}
