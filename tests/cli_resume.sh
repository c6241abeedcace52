#!/bin/sh
# nvm run --suspend-to and nvm resume: runs that stop and go on elsewhere end as they do in one piece, byte by byte; files
# that are resumed twice, are older than asked for, or were changed are refused.
#
#     BUILD=build tests/cli_resume.sh
cd "$(dirname "$0")/.." || exit 1
. tests/cli_common.sh
nvm=$(cd "$BUILD" && pwd)/nvm # found from every folder

cat >"$folder/work.wat" <<'END'
(module
  (import "env" "storage_write" (func $write (param i64 i64 i64 i64 i64) (result i64)))
  (import "env" "storage_read" (func $read (param i64 i64 i64) (result i64)))
  (import "env" "log_utf8" (func $log (param i64 i64)))
  (import "env" "promise_create" (func $create (param i64 i64 i64 i64 i64 i64 i64 i64) (result i64)))
  (import "env" "promise_then" (func $then (param i64 i64 i64 i64 i64 i64 i64 i64 i64) (result i64)))
  (import "env" "promise_return" (func $return (param i64)))
  (import "env" "value_return" (func $value (param i64 i64)))
  (memory 2)
  (data (i32.const 0) "alice.near") (data (i32.const 16) "more") (data (i32.const 32) "done") (data (i32.const 48) "hello")
  (global $turns (mut i32) (i32.const 0))
  (func $burn (param i32)
    (loop $l
      (i32.store (i32.const 100) (i32.add (i32.load (i32.const 100)) (local.get 0)))
      (global.set $turns (i32.add (global.get $turns) (i32.const 1)))
      (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
  (func (export "work") (local i64)
    (call $burn (i32.const 20000))
    (drop (call $write (i64.const 4) (i64.const 48) (i64.const 4) (i64.const 100) (i64.const 0)))
    (call $log (i64.const 5) (i64.const 48))
    (local.set 0 (call $create (i64.const 10) (i64.const 0) (i64.const 4) (i64.const 16) (i64.const 0) (i64.const 0)
      (i64.const 200) (i64.const 20000000000000)))
    (local.set 0 (call $then (local.get 0) (i64.const 10) (i64.const 0) (i64.const 4) (i64.const 32) (i64.const 0) (i64.const 0)
      (i64.const 200) (i64.const 20000000000000)))
    (call $burn (i32.const 20000))
    (call $return (local.get 0)))
  (func (export "more")
    (call $burn (i32.const 10000))
    (drop (call $read (i64.const 4) (i64.const 48) (i64.const 1)))
    (drop (call $write (i64.const 4) (i64.const 48) (i64.const 4) (i64.const 100) (i64.const 0)))
    (call $value (i64.const 4) (i64.const 100)))
  (func (export "done")
    (call $burn (i32.const 5000))
    (call $log (i64.const 4) (i64.const 32))
    (drop (call $write (i64.const 5) (i64.const 48) (i64.const 4) (i64.const 100) (i64.const 0)))
    (call $burn (i32.const 5000)))
  (func (export "fail")
    (drop (call $write (i64.const 4) (i64.const 48) (i64.const 4) (i64.const 100) (i64.const 0)))
    (call $burn (i32.const 5000))
    unreachable))
END
printf '{"values":[{"key":"aGVsbA==","value":"AAAA"}]}\n' >"$folder/state.json"
dd if=/dev/urandom of="$folder/key" bs=32 count=1 2>/dev/null
chmod 600 "$folder/key"

# moved NAME WHEN ARGUMENT...: suspended and resumed, from another folder and without the inputs, against one piece.
moved() {
    name=$1
    when=$2
    shift 2
    (cd "$folder" && "$nvm" run work.wat "$@" --state state.json >expected 2>&1)
    wanted=$?
    for file in proof saved.json; do if [ -f "$folder/$file" ]; then mv "$folder/$file" "$folder/$file.expected"; fi; done
    (cd "$folder" && "$nvm" run work.wat "$@" --state state.json $when --suspend-to sealed --seal-key key) >"$folder/said" 2>&1
    if grep -q suspended "$folder/said"; then ok; else bad "$name $when: was not suspended"; head -n 3 "$folder/said"; return; fi
    case " $*" in
    *--json*) ;;
    *) if grep -q '^suspended after [0-9,]* gas ([0-9.]* Tgas) and [0-9]* host calls: ' "$folder/said"; then ok; else bad "$name $when: $(cat "$folder/said")"; fi ;;
    esac
    mkdir -p "$folder/else"
    mv "$folder/work.wat" "$folder/state.json" "$folder/else"
    outputs=
    case " $*" in *"--proof "*) outputs='--proof proof' ;; esac
    case " $*" in *--save-state*) outputs="$outputs --save-state saved.json" ;; esac
    (cd "$folder" && "$nvm" resume sealed --seal-key key $outputs >got 2>&1)
    code=$?
    mv "$folder/else/work.wat" "$folder/else/state.json" "$folder"
    if [ "$code" = "$wanted" ]; then ok; else bad "$name $when: exit code $code, expected $wanted"; fi
    same "$folder/expected" "$folder/got" "$name $when"
    for file in proof saved.json; do
        if [ -f "$folder/$file.expected" ]; then same "$folder/$file.expected" "$folder/$file" "$name $when: $file"; fi
        rm -f "$folder/$file.expected" "$folder/$file"
    done
}

# ---- the same end --------------------------------------------------------------------------------------------------------
for gas in 1 600G 900G 1.3T; do moved plain "--suspend-at $gas" work --save-state=saved.json; done
for call in 1 2 3 4 5; do moved json "--suspend-at-call $call" work --json; done
for gas in 1 700G 1.2T 1.6T 1.75T; do moved chain "--suspend-at $gas" work --follow --proof proof; done
for call in 1 2 3 4 5 6 7 8 9 10; do moved chain "--suspend-at-call $call" work --follow --proof proof --json; done
moved failing "--suspend-at 100G" fail
moved failing "--suspend-at-call 1" fail --proof proof

# ---- again and again, as many times as it takes, under the simulator's root ------------------------------------------------
(cd "$folder" && "$nvm" run work.wat work --follow --proof proof >expected && mv proof proof.expected)
"$nvm" run "$folder/work.wat" work --follow --proof "$folder/proof" --suspend-at 100G --suspend-to "$folder/a" --provider simulator >"$folder/said"
gas=200
while grep -q suspended "$folder/said" && [ "$gas" -lt 10000 ]; do
    "$nvm" resume "$folder/a" --provider simulator --proof "$folder/proof" --suspend-at "${gas}G" --suspend-to "$folder/a" >"$folder/said" 2>&1
    gas=$((gas + 130))
    ok
done
sed "s|$folder/proof|proof|g" "$folder/said" >"$folder/got"
same "$folder/expected" "$folder/got" "again and again"
same "$folder/proof.expected" "$folder/proof" "again and again: proof"
is 0 ok "$nvm" verify "$folder/proof"

# ---- what is refused -------------------------------------------------------------------------------------------------------
stop() { "$nvm" run "$folder/work.wat" work --suspend-at 700G --suspend-to "$folder/$1" --seal-key "$folder/key" --json; }
is 2 'under which root' "$nvm" run "$folder/work.wat" work --suspend-at 1T --suspend-to "$folder/x"
is 2 'where to' "$nvm" run "$folder/work.wat" work --suspend-at 1T
is 2 'flame' "$nvm" run "$folder/work.wat" work --suspend-at 1T --suspend-to "$folder/x" --seal-key "$folder/key" --flame "$folder/f"
is 0 'state' "$nvm" run "$folder/work.wat" work --suspend-at 200T --suspend-to "$folder/never" --seal-key "$folder/key"
if [ -e "$folder/never" ]; then bad "a run that ended left a file"; else ok; fi
stop one >"$folder/said"
counter=$(sed 's/.*"counter":\([0-9]*\).*/\1/' "$folder/said")
stop two >/dev/null
is 2 '(counter)' "$nvm" resume "$folder/one" --seal-key "$folder/key" --min-counter $((counter + 1))
is 0 'state' "$nvm" resume "$folder/two" --seal-key "$folder/key"
is 0 'state' "$nvm" resume "$folder/one" --seal-key "$folder/key"
is 2 '(counter)' "$nvm" resume "$folder/one" --seal-key "$folder/key"
is 2 '(counter)' "$nvm" resume "$folder/two" --seal-key "$folder/key"
stop three >/dev/null
cp "$folder/key" "$folder/readable"
chmod 644 "$folder/readable"
is 2 '(key-file-mode)' "$nvm" resume "$folder/three" --seal-key "$folder/readable"
dd if=/dev/urandom of="$folder/other" bs=32 count=1 2>/dev/null
chmod 600 "$folder/other"
is 2 '(seal-corrupt)' "$nvm" resume "$folder/three" --seal-key "$folder/other"
is 2 '(root-kind)' "$nvm" resume "$folder/three" --provider simulator
size=$(wc -c <"$folder/three")
for part in 0 1 50 200 $((size / 2)) $((size - 1)); do
    head -c "$part" "$folder/three" >"$folder/part"
    is 2 'nvm: error' "$nvm" resume "$folder/part" --seal-key "$folder/key"
done
for at in 9 40 100 300 $((size / 2)) $((size - 5)); do
    cp "$folder/three" "$folder/changed"
    old=$(od -An -tu1 -j "$at" -N1 "$folder/three" | tr -d ' ')
    printf "\\$(printf '%03o' $(((old + 1) % 256)))" | dd of="$folder/changed" bs=1 seek="$at" conv=notrunc 2>/dev/null
    is 2 'nvm: error' "$nvm" resume "$folder/changed" --seal-key "$folder/key"
done
is 2 'exclude each other' "$nvm" resume "$folder/three" --seal-key "$folder/key" --provider simulator
is 2 'only with --attest' "$nvm" run "$folder/work.wat" work --suspend-at 1T --suspend-to "$folder/x" --seal-key "$folder/key" --provider simulator

# ---- a file that cannot be written does not cost the run -------------------------------------------------------------------
is 2 'No such file' "$nvm" resume "$folder/three" --seal-key "$folder/key" --suspend-at 900G --suspend-to "$folder/nowhere/x"
is 2 'directory' "$nvm" resume "$folder/three" --seal-key "$folder/key" --suspend-at 900G --suspend-to "$folder"
if [ -e /dev/full ]; then
    cp "$folder/key.counter" "$folder/before"
    is 2 'No space' "$nvm" run "$folder/work.wat" work --suspend-at 700G --suspend-to /dev/full --seal-key "$folder/key"
    sed 1d "$folder/before" >"$folder/got"
    sed 1d "$folder/key.counter" >"$folder/expected"
    same "$folder/expected" "$folder/got" 'a number that was never written'
fi
is 0 'state' "$nvm" resume "$folder/three" --seal-key "$folder/key"

# ---- a run that is killed goes on again; two never go on at once -------------------------------------------------------------
cat >"$folder/long.wat" <<'END'
(module (func (export "long") (param i32) (result i32) (local i32)
  (loop (local.set 1 (i32.add (local.get 1) (i32.const 3))) (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
  (local.get 1)))
END
long() { "$nvm" exec --fuel 900000000000 --suspend-at 1000 --suspend-to "$folder/long" --seal-key "$folder/key" "$folder/long.wat" long "$1"; }
hold() { # resumes it and waits until it goes on
    "$nvm" resume "$folder/long" --seal-key "$folder/key" >/dev/null 2>&1 &
    holder=$!
    tries=0
    while ! ls "$folder"/key.counter.*.nvm-lock >/dev/null 2>&1 && [ $tries -lt 200 ]; do sleep 0.02; tries=$((tries + 1)); done
    if [ $tries -lt 200 ]; then ok; else bad 'nobody holds the number'; fi
}
long -1 >/dev/null
hold
is 2 "process $holder (nvm resume) uses it" "$nvm" resume "$folder/long" --seal-key "$folder/key"
kill -9 $holder
wait $holder 2>/dev/null
is 0 'suspended' "$nvm" resume "$folder/long" --seal-key "$folder/key" --suspend-at 2000 --suspend-to "$folder/later"
is 2 '(counter)' "$nvm" resume "$folder/long" --seal-key "$folder/key"
is 0 'suspended' "$nvm" resume "$folder/later" --seal-key "$folder/key" --suspend-at 3000 --suspend-to "$folder/later"
if [ -e /dev/full ]; then
    long 1000 >/dev/null
    "$nvm" resume "$folder/long" --seal-key "$folder/key" >/dev/full 2>"$folder/err"
    if [ $? = 2 ]; then ok; else bad 'a result that nobody has seen'; fi
fi
is 0 '^3000' "$nvm" resume "$folder/long" --seal-key "$folder/key"
is 2 '(counter)' "$nvm" resume "$folder/long" --seal-key "$folder/key"

# killed when the new file is there and the old number is not closed, or before: the first of both that goes on is the run
for first in new old; do
    long 1000 >"$folder/said"
    old=$(sed 's/.*number \([0-9]*\),.*/\1/' "$folder/said")
    cp "$folder/key.counter" "$folder/before"
    cp "$folder/long" "$folder/old"
    is 0 'suspended' "$nvm" resume "$folder/long" --seal-key "$folder/key" --suspend-at 2000 --suspend-to "$folder/new"
    new=$(sed 's/.*number \([0-9]*\),.*/\1/' "$folder/out")
    { echo "last $new"; sed 1d "$folder/before"; echo "next $new $old"; } >"$folder/key.counter"
    is 0 '^3000' "$nvm" resume "$folder/$first" --seal-key "$folder/key"
    for other in new old; do is 2 '(counter)' "$nvm" resume "$folder/$other" --seal-key "$folder/key"; done
done
if grep -q "^next\|^open $new\$\|^open $old\$" "$folder/key.counter"; then bad "left open: $(cat "$folder/key.counter")"; else ok; fi
if ls "$folder" | grep -q '\.nvm-'; then bad "left: $(ls "$folder")"; else ok; fi

# ---- once, whatever path leads to the key -------------------------------------------------------------------------------------
mkdir "$folder/linked" "$folder/copied"
ln "$folder/key" "$folder/linked/key"
cp -p "$folder/key" "$folder/copied/key"
ln -s "$folder/key" "$folder/link"
ln -s "$folder" "$folder/here"
under() { "$nvm" run "$folder/work.wat" work --suspend-at 700G --suspend-to "$folder/$1" --seal-key "$2" >/dev/null; }
rm -f "$folder/key.counter"
for path in linked/key copied/key; do # the same numbers under the same root, beside two paths
    under own "$folder/key"
    under other "$folder/$path"
    is 2 'is not from .*(counter)' "$nvm" resume "$folder/own" --seal-key "$folder/$path"
    is 2 'is not from .*(counter)' "$nvm" resume "$folder/other" --seal-key "$folder/key"
    is 0 'state' "$nvm" resume "$folder/own" --seal-key "$folder/key"
    is 2 '(counter)' "$nvm" resume "$folder/own" --seal-key "$folder/$path"
    is 0 'state' "$nvm" resume "$folder/other" --seal-key "$folder/$path"
    is 2 '(counter)' "$nvm" resume "$folder/other" --seal-key "$folder/key"
done
under own "$folder/key"
is 2 'symbolic link' "$nvm" resume "$folder/own" --seal-key "$folder/link"
is 2 'symbolic link' "$nvm" run "$folder/work.wat" work --suspend-at 700G --suspend-to "$folder/x" --seal-key "$folder/link"
is 0 'state' "$nvm" resume "$folder/own" --seal-key "$folder/here/key"
is 2 '(counter)' "$nvm" resume "$folder/own" --seal-key "$folder/key"
under own "$folder/key"
rm "$folder/key.counter"
is 2 'is not from' "$nvm" resume "$folder/own" --seal-key "$folder/key"
under other "$folder/key" # a new count, whose first numbers are those of the old one
is 2 'is not from' "$nvm" resume "$folder/own" --seal-key "$folder/key"
is 0 'state' "$nvm" resume "$folder/other" --seal-key "$folder/key"
sed '/^count/d' "$folder/key.counter" >"$folder/nameless" && cp "$folder/nameless" "$folder/key.counter"
under own "$folder/key"
is 0 'state' "$nvm" resume "$folder/own" --seal-key "$folder/key"
sed 's/^count ./count g/' "$folder/key.counter" >"$folder/broken" && cp "$folder/broken" "$folder/key.counter"
is 2 'expected lines' "$nvm" run "$folder/work.wat" work --suspend-at 700G --suspend-to "$folder/x" --seal-key "$folder/key"
rm "$folder/key.counter"

# ---- where a resumed run writes is said by who resumes it ---------------------------------------------------------------------
outputs() { rm -f "$folder/theirs" "$folder/mine"; "$nvm" run "$folder/work.wat" work "$@" --suspend-at 700G --suspend-to "$folder/o" --seal-key "$folder/key" >/dev/null; }
wrote() { if [ -s "$folder/$1" ] && [ ! -e "$folder/theirs" ]; then ok; else bad "$what: wrote elsewhere than to $1"; fi; }
outputs --proof "$folder/theirs"
is 2 'hint: --proof FILE' "$nvm" resume "$folder/o" --seal-key "$folder/key"
is 2 'without it' "$nvm" resume "$folder/o" --seal-key "$folder/key" --proof "$folder/mine" --save-state "$folder/more.json"
is 0 'proof' "$nvm" resume "$folder/o" --seal-key "$folder/key" --proof "$folder/mine"
wrote mine
outputs --state "$folder/state.json" --save-state="$folder/theirs"
is 2 'hint: --save-state FILE' "$nvm" resume "$folder/o" --seal-key "$folder/key"
is 0 'state' "$nvm" resume "$folder/o" --seal-key "$folder/key" --save-state "$folder/mine"
wrote mine
outputs
is 2 'without it' "$nvm" resume "$folder/o" --seal-key "$folder/key" --proof "$folder/mine"
forge() { "$BUILD/tests/test_run_bundle" --forge "$folder/forged" "$@" || bad 'no forged run'; }
for option in --proof=$folder/theirs --save-state=$folder/theirs --flame=$folder/theirs --folded=$folder/theirs; do
    forge "$folder/work.wat" work "$option"
    is 2 'nvm: error: resume: ' "$nvm" resume "$folder/forged" --provider simulator
    if [ -e "$folder/theirs" ]; then bad "$what: wrote where the file says"; else ok; fi
done
forge "$folder/work.wat" work # nor is the contract read from where the file says
is 2 'has not brought the contract along' "$nvm" resume "$folder/forged" --provider simulator

# ---- what everybody can seal, no hardware vouches for ----------------------------------------------------------------------
"$BUILD/tests/test_run_bundle" --forge "$folder/forged" "$folder/work.wat" work --proof "$folder/forged.proof" --attest=tdx || bad 'no forged run'
is 2 'cannot be attested by tdx' "$nvm" resume "$folder/forged" --provider simulator --proof "$folder/forged.proof"
if [ -e "$folder/forged.proof" ]; then bad 'a forged run has a proof'; else ok; fi

# ---- evidence says that the run was resumed, and under which root -----------------------------------------------------------
"$nvm" run "$folder/work.wat" work --follow --proof "$folder/p" --attest=simulator >/dev/null
is 0 'executed here' "$nvm" tee show "$folder/p" --policy-out "$folder/policy.json"
for root in file simulator; do
    sealing="--seal-key $folder/key"
    if [ "$root" = simulator ]; then sealing='--provider simulator'; fi
    "$nvm" run "$folder/work.wat" work --follow --proof "$folder/p" --attest=simulator --suspend-at 700G --suspend-to "$folder/o" $sealing >/dev/null
    is 0 'proof' "$nvm" resume "$folder/o" $sealing --proof "$folder/r.proof"
    is 1 ': origin (' "$nvm" verify "$folder/r.proof" --attestation "$folder/policy.json"
    is 0 "origin  *resumed from a sealed run (root: $root)" "$nvm" tee show "$folder/r.proof" --policy-out "$folder/resumed.json"
    is 0 "attested by simulator (tdx) as resumed from a sealed run (root: $root)" "$nvm" verify "$folder/r.proof" --attestation "$folder/resumed.json"
    is 0 "\"origin\":\"resumed-$root\"" "$nvm" verify --json "$folder/r.proof" --attestation "$folder/resumed.json"
    sed 's/resumed-[a-z]*/resumed-sgx/' "$folder/resumed.json" >"$folder/other.json"
    is 1 ': origin (' "$nvm" verify "$folder/r.proof" --attestation "$folder/other.json"
    is 1 ': origin (' "$nvm" verify "$folder/p" --attestation "$folder/resumed.json"
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
