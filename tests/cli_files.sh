#!/bin/sh
# Files that several processes change at once, and what killed processes leave: nothing is lost, nobody sees half of it.
#
#     BUILD=build tests/cli_files.sh
cd "$(dirname "$0")/.." || exit 1
. tests/cli_common.sh

state=$folder/dev.state
key=$folder/alice.json
public=ed25519:FVen3X669xLzsi6N2V91DoiyzHzg1uAgqiT8jZ9nS96Z # RFC 8032, section 7.1, test 1
secret=ed25519:49W385L4rePHy6PAaQUovbD2aacgN4HsKXSMeUzRg4fmwXszN91JuMFrQRj3vMDpZuRF3ZknQBuRBoWQJEfXstMw
printf '{"account_id":"alice.near","public_key":"%s","private_key":"%s"}' $public $secret >"$key"
counter=examples/contracts/counter.wasm

# Nothing of ours lies about.
clean() { if ls -a "$folder" | grep -q '\.nvm-'; then bad "$1: left: $(ls -a "$folder" | grep '\.nvm-')"; else ok; fi; }

# together WORDS COMMAND...: six at once. $done: how many did it; the others have to say that the file is in use.
together() {
    name=$1
    shift
    for i in 1 2 3 4 5 6; do
        { "$@" >"$folder/out.$i" 2>"$folder/err.$i" </dev/null; echo $? >"$folder/code.$i"; } &
    done
    wait
    done=0
    for i in 1 2 3 4 5 6; do
        case $(cat "$folder/code.$i") in
        0) done=$((done + 1)) ;;
        2) if grep -q 'process [0-9]* (.*) uses it' "$folder/err.$i"; then ok; else bad "$name: $(cat "$folder/err.$i")"; fi ;;
        *) bad "$name: exit code $(cat "$folder/code.$i")" ;;
        esac
    done
    if [ $done -gt 0 ]; then ok; else bad "$name: nobody did it"; fi
    clean "$name"
}

# ---- six at once -----------------------------------------------------------------------------------------------------

run 0 state create "$state" --account alice.near=100N --account bob.near=1N
run 0 state set "$state" alice.near --add-key $public
together 'six transfers' "$nvm" call "$state" alice.near bob.near --transfer 1N --key "$key"
run 0 state view "$state" bob.near; has "^  balance  $((1 + done)) NEAR\$"

run 0 run $counter increment --save-state="$folder/counter.json"
together 'six increments' "$nvm" run $counter increment --state "$folder/counter.json" --save-state
run 0 run $counter get --state "$folder/counter.json" --view; has "^result    $((1 + done))\$"

# made once
together_made() { "$nvm" state create "$folder/new.state" --account a.near=1N >"$folder/out.$1" 2>"$folder/err.$1"; echo $? >"$folder/code.$1"; }
for i in 1 2 3 4 5 6; do together_made $i & done
wait
made=$(cat "$folder"/code.[1-6] | grep -c '^0$')
if [ "$made" = 1 ]; then ok; else bad "a state was made $made times"; fi
if grep -L 'is there already' $(grep -l '^2$' "$folder"/code.[1-6] | sed 's/code\./err./') | grep -q .; then bad 'why it was not made'; else ok; fi

# each sets a key of its own, under a name that leads there by a link
ln -s dev.state "$folder/link.state"
for i in 1 2 3 4 5 6; do
    target=$state
    [ $((i % 2)) = 0 ] && target=$folder/link.state
    "$nvm" state set "$target" bob.near k$i v$i >"$folder/out.$i" 2>&1 || bad "state set: $(cat "$folder/out.$i")" &
done
wait
run 0 state view "$state" bob.near --json; for i in 1 2 3 4 5 6; do has "$(printf k$i | base64)"; done
if [ -L "$folder/link.state" ]; then ok; else bad 'a link was replaced'; fi
clean 'six keys'

# ---- who holds it is named; readers and rehearsals do not wait -----------------------------------------------------------

mkfifo "$folder/slow"
cp "$state" "$folder/before"
"$nvm" state import "$state" --records "$folder/slow" >/dev/null 2>"$folder/import" &
holder=$!
exec 9>"$folder/slow" # it waits for records, and holds the state meanwhile
tries=0
while [ ! -s "$state.nvm-lock" ] && [ $tries -lt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
run 0 state view "$state" bob.near
run 0 call "$state" alice.near bob.near --transfer 1N --key "$key" --dry-run
run 2 call "$state" alice.near bob.near --transfer 1N --key "$key"
says "process $holder (nvm state) uses it (waited 5 s)"; says 'hint: nothing was changed'; quiet; brief
same "$state" "$folder/before" 'a state in use has changed'
kill -9 $holder
wait $holder 2>/dev/null
exec 9>&-

# ---- what the dead leave is taken away, what is not ours is not ------------------------------------------------------------

if [ -e "$state.nvm-lock" ]; then ok; else bad 'a killed process has left no lock: nothing is tested'; fi
echo half >"$state.nvm-tmp"
echo mine >"$state.tmp"
echo mine >"$state.lock"
run 0 call "$state" alice.near bob.near --transfer 1N --key "$key"
clean 'a killed process'
if [ "$(cat "$state.tmp" "$state.lock" | tr -d '\n')" = minemine ]; then ok; else bad 'files of others were touched'; fi
echo half >"$state.nvm-tmp" # also by who then writes nothing
run 2 state set "$state" nobody.near k v
clean 'a command that fails'
echo half >"$folder/a.proof.nvm-tmp" # and beside files without a lock
run 0 run $counter increment --proof "$folder/a.proof"
clean 'a proof'
mkdir "$state.nvm-lock"
run 2 call "$state" alice.near bob.near --transfer 1N --key "$key"; says 'cannot write'
rmdir "$state.nvm-lock"
ln -s "$folder/elsewhere" "$state.nvm-tmp" # never through a link that somebody has put there
run 2 call "$state" alice.near bob.near --transfer 1N --key "$key"; says 'cannot write'
if [ -e "$folder/elsewhere" ]; then bad 'written through a link'; else ok; fi
rm "$state.nvm-tmp"

# ---- secrets: whole and for their owner only, or not at all ----------------------------------------------------------------

run 0 tee key make --provider simulator --purpose runs --key "$folder/sealed" --out "$folder/key.att"
if [ "$(ls -l "$folder/sealed" | cut -c1-10)" = '-rw-------' ]; then ok; else bad 'others may read a secret'; fi
cp "$folder/sealed" "$folder/before"
run 2 tee key make --provider simulator --purpose runs --key "$folder/sealed" --out "$folder/key.att"; says 'File exists'
same "$folder/sealed" "$folder/before" 'a secret was written over'
clean 'a secret'
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
