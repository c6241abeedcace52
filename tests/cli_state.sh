#!/bin/sh
# nvm state: making, showing, changing, importing and exporting states; every input that cannot be used; files that stay
# as they were.
#
#     BUILD=build tests/cli_state.sh
cd "$(dirname "$0")/.." || exit 1
. tests/cli_common.sh
subcommand=state

state=$folder/dev.state
key=ed25519:6E8sCci9badyRkXb3JoRpBj5p8C6Tw41ELDZoiihKEtp

# ---- create
run 0 create "$state" --account alice.near=100N --account token.near=10.5N; silent; quiet
run 0 accounts "$state"; silent
has '^alice.near  *100 NEAR  *100  -$'; has '^token.near  *10.5 NEAR  *100  -$'; has '^2 accounts$'
run 0 root "$state"; cp "$folder/out" "$folder/root"; has '^BBZepr9cUQBVHNzQSzL5JDE6qGk5LqbF2KRN5XJBxQWp$'
run 0 root --json "$state"; has '^{"state_root":"BBZe.*","memory_usage":488}$'
run 2 create "$state"; says 'is there already'; says 'hint: --force'
run 0 create "$folder/empty.state"; run 0 root "$folder/empty.state"; has '^11111111111111111111111111111111$'
run 0 accounts "$folder/empty.state"; has '^0 accounts$'
run 0 accounts "$folder/empty.state" --json; has '^]$'
run 0 create --force "$folder/empty.state" --account a1=0; run 0 accounts "$folder/empty.state"; has '^1 account$'
run 2 create "$folder/new" --account alice; says 'is not ID=BALANCE'
run 2 create "$folder/new" --account Alice=1; says "'Alice' is not an account id"
run 2 create "$folder/new" --account alice=-1; says 'hint: an amount'
run 2 create "$folder/new" --account alice=1 --account alice=2; says 'alice is there twice'
run 2 create "$folder/new" --genesis "$folder/none.json"; says 'none.json.*No such file'
run 2 create "$folder/none/new"; says 'cannot write'
if [ -e "$folder/new" ]; then bad "a state was written though something was wrong"; else ok; fi

# ---- set and view
printf '(module (func (export "f")))' >"$folder/m.wat"
run 0 set "$state" token.near STATE '{"a": [1, 2]}'; silent; quiet
run 0 set "$state" token.near hex:6b0007000000 base64:AQAAAAAAAAA=
run 0 set "$state" token.near --code "$folder/m.wat"
run 0 set "$state" token.near --add-key $key --receiver alice.near --methods send,burn --allowance 0.25N
run 0 set "$state" bob.near --balance 5N --add-key $key
run 0 view "$state" token.near; silent
has '^  balance  10.5 NEAR$'; has '^  storage  376 bytes$'
has '^  code     HCCFrk9r2hf6bARD2muqEY1VzqVHGow61hNEGwzpJcg8, 31 bytes$'
has "^  $key  nonce 0, calls of alice.near: send, burn; allowance 0.25 NEAR\$"
has '^  "STATE" = {"a": \[1, 2\]}$'; has ' = 1 (u64)$'; has '^2 keys, '
run 0 view "$state" token.near --prefix STA; has 'STATE'; has '^1 key, '
run 0 view "$state" token.near --prefix zz; has 'none with this prefix'
run 0 view "$state" token.near --json; has '"storage_usage":376'; has '"code_size":31'; has '"key":"U1RBVEU="'
has '"allowance":"250000000000000000000000"'
if python3 -c '' 2>/dev/null; then
    for command in "view $state token.near" "accounts $state" "root $state"; do
        # shellcheck disable=SC2086
        run 0 $command --json
        if python3 -m json.tool "$folder/out" >/dev/null 2>&1; then ok; else bad "$what: no JSON"; fi
    done
else
    skipped=$((skipped + 1))
    echo "skipped: nvm state --json as JSON: python3 is not installed"
fi
run 0 view "$state" bob.near; has '^  storage  182 bytes$'; has "^  $key  nonce 0, full access\$"; has '^  code     none$'
has '^data: none$'
run 0 view "$state" alice.near; has '^keys: none$'

cp "$state" "$folder/before"
run 2 set "$state" carol.near a b; says 'there is no account carol.near'; says '--balance makes'
run 2 set "$state" tokn.near a b; says 'did you mean token.near'
run 2 set "$state" token.near a; says 'a key without a value'
run 2 set "$state" token.near; says 'what is to be changed'
run 2 set "$state" token.near base64:a b; says "'a' is not base64"; says 'hint: .*text:'
run 2 set "$state" token.near a 0xabc; says "'abc' is not hexadecimal"
run 2 set "$state" token.near --balance 1X; says 'balance'
run 2 set "$state" token.near --balance 340282366920938463463374607431768211455; says 'no amount'
run 2 set "$state" token.near --code "$folder/none.wasm"; says 'none.wasm'
run 2 set "$state" token.near --code "$folder/m.wat" --remove-code; says 'exclude each other'
run 2 set "$state" token.near --add-key ed25519:1; says 'add-key'
run 2 set "$state" token.near --add-key $key; says 'has this key already'
run 2 set "$state" token.near --remove-key "secp256k1:$(printf '1%.0s' $(seq 64))"; says 'has no key'
run 2 set "$state" token.near --methods a; says 'need --receiver'
run 2 set "$state" token.near --receiver alice.near a b; says 'goes with --add-key'
run 2 set "$state" token.near --remove nothing; says 'no such key'
run 2 set "$state" token.near a b c; says 'too many'
run 2 view "$state" x; says 'is not an account id'
run 2 view "$state" token.near --prefix hex:g; says 'is not hexadecimal'
same "$state" "$folder/before" "the state has changed"

# what was added, taken away again: the same root
run 0 set "$state" token.near --remove-code --remove-key $key --remove STATE
run 0 set "$state" token.near --remove 0x6b0007000000
run 0 view "$state" token.near; has '^  storage  100 bytes$'
run 0 create --force "$folder/two.state" --account alice.near=100N --account token.near=10.5N --account bob.near=5N
run 0 set "$folder/two.state" bob.near --add-key $key
run 0 root "$folder/two.state"; cp "$folder/out" "$folder/two"
run 0 root "$state"; same "$folder/out" "$folder/two" "another root"

# ---- genesis records, there and back
cp "$folder/before" "$state"
run 0 root "$state"; cp "$folder/out" "$folder/root"
run 0 export "$state"; silent; cp "$folder/out" "$folder/records.json"
has '^{"Contract":{"account_id":"token.near","code":"AGFzbQ'; has '^{"Account":{"account_id":"bob.near"'
run 0 create "$folder/copy.state" --genesis "$folder/records.json"; silent
run 0 root "$folder/copy.state"; same "$folder/out" "$folder/root" "another root"
run 0 export --records "$folder/copy.state"; same "$folder/out" "$folder/records.json" "other records"
printf '{"chain_id": "x", "records": %s, "n": 1}' "$(cat "$folder/records.json")" >"$folder/genesis.json"
run 0 create "$folder/whole.state" --genesis "$folder/genesis.json"
run 0 root "$folder/whole.state"; same "$folder/out" "$folder/root" "another root"
run 0 create --force "$folder/copy.state"
"$nvm" state import "$folder/copy.state" --records - <"$folder/records.json" >"$folder/out" 2>"$folder/err"
has '^8 records imported$'
run 0 root "$folder/copy.state"; same "$folder/out" "$folder/root" "another root"
cp "$folder/copy.state" "$folder/before"
run 2 import "$folder/copy.state" --records "$folder/records.json"; says 'records.json:2:1: record 1: Account: account alice.near is there already'
sed 's/"storage_usage":182/"storage_usage":999/' "$folder/records.json" >"$folder/usage.json"
run 0 create "$folder/usage.state" --genesis "$folder/usage.json"; says 'note: .* 1 account .*bob.near: 182, the record says 999'
run 0 root "$folder/usage.state"; same "$folder/out" "$folder/root" "another root"
run 0 create --force --keep-usage "$folder/usage.state" --genesis "$folder/usage.json"; silent
run 0 view "$folder/usage.state" bob.near; has 'storage  999 bytes'
printf '[\n{"Account": 1},\n]' >"$folder/bad.json"
run 2 import "$folder/copy.state" --records "$folder/bad.json"; says 'bad.json:2:1: record 1: Account: expected an object, found 1'
run 2 import "$folder/copy.state" --records "$folder/m.wat"; says 'm.wat:1:1: expected an array of records'
run 2 import "$folder/copy.state"; says 'what is to be imported'
run 2 import "$folder/copy.state" --records a --view-state b c; says 'exclude each other'
run 2 import "$folder/copy.state" --records a b; says 'only --view-state'
run 2 import "$folder/copy.state" --view-state token.near; says 'needs the file'
same "$folder/copy.state" "$folder/before" "the state has changed"

# ---- view_state
run 0 export "$state" --view-state token.near; silent; cp "$folder/out" "$folder/token.json"; has '"key":"U1RBVEU="'
run 0 set "$folder/copy.state" token.near --remove STATE
run 0 set "$folder/copy.state" token.near hex:6b0007000000 other
run 0 import "$folder/copy.state" --view-state token.near "$folder/token.json" --json; has '^{"imported":2}$'
run 0 root "$folder/copy.state"; same "$folder/out" "$folder/root" "another root"
printf '{"jsonrpc":"2.0","id":1,"result":%s}' "$(cat "$folder/token.json")" >"$folder/rpc.json"
run 0 import "$folder/copy.state" --view-state token.near "$folder/rpc.json"; has '^2 keys imported$'
run 0 root "$folder/copy.state"; same "$folder/out" "$folder/root" "another root"
printf '{"error":{"name":"HANDLER_ERROR"}}' >"$folder/rpc.json"
run 2 import "$folder/copy.state" --view-state token.near "$folder/rpc.json"; says 'an error of the RPC server'
printf '{"values":[{"key":"YQ==","value":""},{"key":"YQ==","value":""}]}' >"$folder/rpc.json"
run 2 import "$folder/copy.state" --view-state token.near "$folder/rpc.json"; says 'values\[1\].key: the key YQ== is there twice'
printf '{"values":[{"key":"YQ","value":""}]}' >"$folder/rpc.json"
run 2 import "$folder/copy.state" --view-state token.near "$folder/rpc.json"; says 'values\[0\].key: expected a string in base64'
run 2 import "$folder/copy.state" --view-state nobody.near "$folder/token.json"; says 'there is no account nobody.near'
run 2 export "$state" --view-state nobody.near; says 'there is no account'; quiet
run 2 export "$state" --view-state token.near --partial; says 'goes with neither'

# ---- links stay links; nothing but files is written to
ln -s dev.state "$folder/link.state"
run 0 set "$folder/link.state" token.near --remove-code
if [ -h "$folder/link.state" ]; then ok; else bad "a symbolic link was replaced"; fi
run 0 view "$state" token.near; has '^  code     none$'
run 2 create --force "$folder"; says 'not a file that a state'
mkfifo "$folder/pipe" && { run 2 create --force "$folder/pipe"; says 'not a file that a state'; }

# ---- files that are no states
run 2 accounts "$folder/none"; says 'No such file'; says 'hint: .*nvm state create'
run 2 root "$folder/records.json"; says 'does not begin like one'; says 'hint: .*import'
run 2 view "$folder/m.wat" token.near; quiet
size=$(wc -c <"$state")
head -c "$((size - 1))" "$state" >"$folder/short"; run 2 accounts "$folder/short"; quiet; says 'short: '
cp "$state" "$folder/flipped"
printf '\376' | dd of="$folder/flipped" bs=1 seek="$((size / 2))" conv=notrunc 2>/dev/null
run 2 root "$folder/flipped"; quiet; says 'flipped: '

# ---- the command itself
run 2; says 'which part'
run 2 vew x; says 'did you mean `nvm state view`'
run 2 xyz; says 'there is no part'
run 0 --help; has '^  import '; has '^examples:'
for part in create accounts view set import export root; do
    run 0 $part --help; has "^usage: nvm state $part"; has '^examples:'; silent
done
run 2 root; says 'root'
run 2 root "$state" --jso; says 'did you mean --json'
if [ -e /dev/full ]; then
    "$nvm" state export "$state" >/dev/full 2>"$folder/err"
    if [ $? = 2 ]; then ok; else bad "a full disk is not noticed"; fi
fi

echo "$passed passed, $failed failed$([ $skipped != 0 ] && echo ", $skipped skipped")"
[ $failed = 0 ]
