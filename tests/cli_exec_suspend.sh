#!/bin/sh
# nvm exec --suspend-to and nvm resume: modules that stop because they ask, or at a threshold of fuel, end as they do in
# one piece: results, fuel and registers. What is resumed twice, sealed by others or changed is refused.
#
#     BUILD=build tests/cli_exec_suspend.sh
cd "$(dirname "$0")/.." || exit 1
. tests/cli_common.sh
nvm=$(cd "$BUILD" && pwd)/nvm # found from every folder

differs() { if cmp -s "$1" "$2"; then bad "$3: the same"; else ok; fi; }
# What must not depend on interruptions: results, fuel and registers, or the trap.
what() { grep -v '^nvm_tee: ' "$1"; }

cp examples/suspended.wat "$folder/m.wat"
dd if=/dev/urandom of="$folder/key" bs=32 count=1 2>/dev/null
chmod 600 "$folder/key"

# whole FILE ARGUMENT...: the run in one piece
whole() {
    to=$1
    shift
    "$nvm" exec --fuel 1000000 --seal-key "$folder/key" "$@" >"$folder/out" 2>"$folder/err"
    echo "exit code $?" | cat - "$folder/out" "$folder/err" >"$folder/all"
    what "$folder/all" >"$folder/$to"
}
# moved LEGS THRESHOLD MODULE ARGUMENT...: suspended and resumed, from another folder and without the module, LEGS times;
# what comes of it is in $folder/got. THRESHOLD: of fuel, once; 0: none.
moved() {
    legs=$1
    threshold=
    if [ "$2" != 0 ]; then threshold="--suspend-at $2"; fi
    module=$3
    shift 3
    mkdir -p "$folder/else"
    (cd "$folder" && "$nvm" exec --fuel 1000000 $threshold --suspend-to sealed --seal-key key "$module" "$@") \
        >"$folder/said" 2>"$folder/registers"
    mv "$folder/$module" "$folder/else"
    while [ "$legs" -gt 1 ]; do
        if grep -q suspended "$folder/said"; then ok; else bad "$module $*: was not suspended"; head -n 3 "$folder/said"; fi
        (cd "$folder/else" && "$nvm" resume ../sealed --seal-key ../key --suspend-to ../sealed) >"$folder/said" 2>&1
        legs=$((legs - 1))
    done
    if grep -q suspended "$folder/said"; then ok; else bad "$module $*: was not suspended"; head -n 3 "$folder/said"; fi
    (cd "$folder/else" && "$nvm" resume ../sealed --seal-key ../key) >"$folder/out" 2>"$folder/err"
    echo "exit code $?" | cat - "$folder/out" "$folder/err" >"$folder/all"
    what "$folder/all" >"$folder/got"
    mv "$folder/else/$module" "$folder"
}

# ---- the same end --------------------------------------------------------------------------------------------------------
whole expected "$folder/m.wat" run 7
if grep -q '^fuel used: [0-9]*$' "$folder/expected" && grep -q '^register 4: ' "$folder/expected"; then ok; else bad "what the run says"; fi
moved 1 0 m.wat run 7
same "$folder/expected" "$folder/got" "asked once"
grep '^register 4' "$folder/registers" >"$folder/early"
grep '^register 4' "$folder/got" >"$folder/late"
if [ -s "$folder/early" ]; then ok; else bad "no register where the run stopped"; fi
differs "$folder/early" "$folder/late" "register 4, which was extended behind the stop"
moved 2 0 m.wat run 7
same "$folder/expected" "$folder/got" "asked twice"
whole expected "$folder/m.wat" run 8
differs "$folder/expected" "$folder/got" "another argument"
for fuel in 1 1000 2100 2500 12999 15100 15500 25905; do
    moved 1 "$fuel" m.wat run 8
    same "$folder/expected" "$folder/got" "at $fuel"
done
whole expected --json "$folder/m.wat" run 8
moved 1 0 m.wat run 8 --json
same "$folder/expected" "$folder/got" "as JSON"
if grep -q '"status":"suspended","fuel_used":[0-9]*,"counter":[0-9]*,"bytes":[0-9]*' "$folder/said"; then ok; else bad "JSON of the suspension"; fi

# In the start function, in a trap that comes later, where fuel runs out later, and in a module without imports.
cat >"$folder/start.wat" <<'END'
(module
  (import "nvm_tee" "tee_extend_pcr" (func $extend (param i32 i32 i32) (result i32)))
  (import "nvm_tee" "tee_suspend" (func $suspend (result i32)))
  (memory 1) (data (i32.const 5) "text")
  (global $runs (mut i32) (i32.const 0))
  (func $both (export "both")
    (drop (call $extend (i32.const 5) (i32.const 5) (i32.const 4)))
    (drop (call $suspend))
    (global.set $runs (i32.add (global.get $runs) (i32.const 1))))
  (func (export "runs") (param f64) (result i32 f64) (global.get $runs) (local.get 0))
  (func (export "trap") (drop (call $suspend)) unreachable)
  (func (export "endless") (drop (call $suspend)) (loop $l (br $l)))
  (export "direct" (func $suspend))
  (start $both))
END
for call in 'runs 1.5' both trap endless; do
    whole expected "$folder/start.wat" $call
    moved 1 0 start.wat $call
    same "$folder/expected" "$folder/got" "start function, then $call"
done
for call in both trap endless; do
    whole expected "$folder/start.wat" $call
    moved 2 0 start.wat $call
    same "$folder/expected" "$folder/got" "start function and $call"
done
# An import that is called by no code has nothing behind it: the start function is stopped, the import is not.
whole expected "$folder/start.wat" direct
if grep -q '^-3$' "$folder/expected"; then ok; else bad "tee_suspend where it is not allowed: $(cat "$folder/out")"; fi
moved 1 0 start.wat direct
if grep -q '^-3$' "$folder/got"; then ok; else bad "tee_suspend called directly: $(cat "$folder/out")"; fi
is 0 suspended "$nvm" exec --fuel 1000000 --suspend-to "$folder/x" --seal-key "$folder/key" "$folder/start.wat" direct
is 0 '^-4$' "$nvm" resume "$folder/x" --seal-key "$folder/key" --suspend-to "$folder/y"
rm -f "$folder/x"
cp examples/fib.wat "$folder/fib.wat"
whole expected "$folder/fib.wat" fib 20
moved 1 1000 fib.wat fib 20
same "$folder/expected" "$folder/got" "a module without imports"
"$nvm" exec --fuel 1000000 --suspend-at 100 --suspend-to "$folder/a" --seal-key "$folder/key" "$folder/fib.wat" fib 20 >"$folder/out" 2>/dev/null
fuel=20000
legs=0
while grep -q suspended "$folder/out" && [ "$legs" -lt 100 ]; do
    "$nvm" resume "$folder/a" --seal-key "$folder/key" --suspend-at "$fuel" --suspend-to "$folder/a" >"$folder/out" 2>"$folder/err"
    echo "exit code $?" | cat - "$folder/out" "$folder/err" >"$folder/got"
    fuel=$((fuel + 20000))
    legs=$((legs + 1))
done
same "$folder/expected" "$folder/got" "every 20000 instructions"
if [ "$legs" -gt 5 ]; then ok; else bad "every 20000 instructions: $legs times"; fi

# ---- quotes behind the stop are of the whole log ---------------------------------------------------------------------------
stop() { "$nvm" exec --fuel 9000000 --suspend-to "$folder/$1" --seal-key "$folder/key" "$folder/m.wat" run 7 --json 2>/dev/null; }
is 0 suspended "$nvm" exec --fuel 9000000 --suspend-to "$folder/q" --provider simulator "$folder/m.wat" quote
is 0 '^[0-9]\{4,\}$' "$nvm" resume "$folder/q" --provider simulator

# ---- what is refused -------------------------------------------------------------------------------------------------------
is 2 'under which root' "$nvm" exec --fuel 1000 --suspend-to "$folder/x" "$folder/m.wat" run 7
is 2 'where to' "$nvm" exec --fuel 1000 --suspend-at 10 --seal-key "$folder/key" "$folder/m.wat" run 7
is 2 'not metered' "$nvm" exec --suspend-to "$folder/x" --seal-key "$folder/key" "$folder/m.wat" run 7
is 0 '^6765$' "$nvm" exec --fuel 9000000 --suspend-to "$folder/x" --seal-key "$folder/key" "$folder/fib.wat" fib 20
if [ -e "$folder/x" ]; then bad "a run that ended left a file"; else ok; fi
counter=$(stop one | sed 's/.*"counter":\([0-9]*\).*/\1/')
is 2 '(counter)' "$nvm" resume "$folder/one" --seal-key "$folder/key" --min-counter $((counter + 1))
is 2 'only for runs of' "$nvm" resume "$folder/one" --seal-key "$folder/key" --suspend-at-call 1 --suspend-to "$folder/x"
is 0 '"ok"' "$nvm" resume "$folder/one" --seal-key "$folder/key"
is 2 '(counter)' "$nvm" resume "$folder/one" --seal-key "$folder/key"
if grep -q '^register' "$folder/err"; then bad "registers of a run that was refused"; else ok; fi
stop two >/dev/null
dd if=/dev/urandom of="$folder/other" bs=32 count=1 2>/dev/null
chmod 600 "$folder/other"
is 2 '(seal-corrupt)' "$nvm" resume "$folder/two" --seal-key "$folder/other"
is 2 '(root-kind)' "$nvm" resume "$folder/two" --provider simulator
size=$(wc -c <"$folder/two")
for part in 0 1 50 200 $((size / 2)) $((size - 1)); do
    head -c "$part" "$folder/two" >"$folder/part"
    is 2 'nvm: error' "$nvm" resume "$folder/part" --seal-key "$folder/key"
done
for at in 9 40 100 300 $((size / 2)) $((size - 5)); do
    cp "$folder/two" "$folder/changed"
    old=$(od -An -tu1 -j "$at" -N1 "$folder/two" | tr -d ' ')
    printf "\\$(printf '%03o' $(((old + 1) % 256)))" | dd of="$folder/changed" bs=1 seek="$at" conv=notrunc 2>/dev/null
    is 2 'nvm: error' "$nvm" resume "$folder/changed" --seal-key "$folder/key"
done
is 0 '"ok"' "$nvm" resume "$folder/two" --seal-key "$folder/key"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
