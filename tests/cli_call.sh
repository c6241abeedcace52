#!/bin/sh
# nvm call: transactions on a state file, through all their receipts; keys and arguments that cannot be used; what stays
# as it was.
#
#     BUILD=build tests/cli_call.sh
cd "$(dirname "$0")/.." || exit 1
. tests/cli_common.sh

state=$folder/dev.state
key=$folder/alice.json
public=ed25519:FVen3X669xLzsi6N2V91DoiyzHzg1uAgqiT8jZ9nS96Z # RFC 8032, section 7.1, test 1
secret=ed25519:49W385L4rePHy6PAaQUovbD2aacgN4HsKXSMeUzRg4fmwXszN91JuMFrQRj3vMDpZuRF3ZknQBuRBoWQJEfXstMw
printf '{"account_id":"alice.near","public_key":"%s","private_key":"%s"}' $public $secret >"$key"

# increment: a counter in the state; fail: a panic; note: keeps the height and the time of the block
cat >"$folder/counter.wat" <<'END'
(module
  (import "env" "storage_write" (func $write (param i64 i64 i64 i64 i64) (result i64)))
  (import "env" "storage_read" (func $read (param i64 i64 i64) (result i64)))
  (import "env" "read_register" (func $register (param i64 i64)))
  (import "env" "log_utf8" (func $log (param i64 i64)))
  (import "env" "value_return" (func $return (param i64 i64)))
  (import "env" "panic_utf8" (func $panic (param i64 i64)))
  (import "env" "block_index" (func $height (result i64)))
  (import "env" "block_timestamp" (func $time (result i64)))
  (memory 1)
  (data (i32.const 0) "count") (data (i32.const 16) "counted") (data (i32.const 32) "no more")
  (func (export "increment")
    (if (i64.eq (call $read (i64.const 5) (i64.const 0) (i64.const 0)) (i64.const 1))
      (then (call $register (i64.const 0) (i64.const 64))))
    (i64.store (i32.const 64) (i64.add (i64.load (i32.const 64)) (i64.const 1)))
    (drop (call $write (i64.const 5) (i64.const 0) (i64.const 8) (i64.const 64) (i64.const 0)))
    (call $log (i64.const 7) (i64.const 16))
    (call $return (i64.const 8) (i64.const 64)))
  (func (export "note")
    (i64.store (i32.const 64) (call $height)) (i64.store (i32.const 72) (call $time))
    (drop (call $write (i64.const 1) (i64.const 0) (i64.const 8) (i64.const 64) (i64.const 0)))
    (drop (call $write (i64.const 1) (i64.const 1) (i64.const 8) (i64.const 72) (i64.const 0))))
  (func (export "fail") (call $panic (i64.const 7) (i64.const 32))))
END
# forward: calls the method of the counter that its input names, and hands on what a callback makes of the result
cat >"$folder/proxy.wat" <<'END'
(module
  (import "env" "promise_create" (func $create (param i64 i64 i64 i64 i64 i64 i64 i64) (result i64)))
  (import "env" "promise_then" (func $then (param i64 i64 i64 i64 i64 i64 i64 i64 i64) (result i64)))
  (import "env" "promise_return" (func $return (param i64)))
  (import "env" "promise_result" (func $result (param i64 i64) (result i64)))
  (import "env" "promise_yield_create" (func $yield (param i64 i64 i64 i64 i64 i64 i64) (result i64)))
  (import "env" "input" (func $input (param i64)))
  (import "env" "register_len" (func $length (param i64) (result i64)))
  (import "env" "read_register" (func $register (param i64 i64)))
  (import "env" "value_return" (func $value (param i64 i64)))
  (memory 1)
  (data (i32.const 0) "counter.alice.near") (data (i32.const 32) "proxy.near") (data (i32.const 48) "done")
  (func (export "forward")
    (call $input (i64.const 0))
    (call $register (i64.const 0) (i64.const 256))
    (call $return (call $then
      (call $create (i64.const 18) (i64.const 0) (call $length (i64.const 0)) (i64.const 256)
                    (i64.const 0) (i64.const 0) (i64.const 128) (i64.const 10000000000000))
      (i64.const 10) (i64.const 32) (i64.const 4) (i64.const 48) (i64.const 0) (i64.const 0) (i64.const 128)
      (i64.const 10000000000000))))
  (func (export "wait")
    (call $return (call $yield (i64.const 4) (i64.const 48) (i64.const 0) (i64.const 0) (i64.const 10000000000000)
                               (i64.const 0) (i64.const 1))))
  (func (export "done")
    (if (i64.ne (call $result (i64.const 0) (i64.const 0)) (i64.const 1)) (then unreachable))
    (call $register (i64.const 0) (i64.const 512))
    (call $value (call $length (i64.const 0)) (i64.const 512))))
END

# ---- a key that the account does not have: refused, and nothing saved
run 0 state create "$state" --account alice.near=100N --account proxy.near=10N --account bob.near=1N
cp "$state" "$folder/before"
run 1 call "$state" alice.near bob.near --transfer 1N --key "$key"
has 'failed: {"InvalidTxError":{"InvalidAccessKeyError":{"AccessKeyNotFound"'; has '^not saved$'
says "hint: .*nvm state set .* alice.near --add-key $public"
same "$state" "$folder/before" "the state has changed"
run 0 state set "$state" alice.near --add-key $public
run 0 state set "$state" proxy.near --code "$folder/proxy.wat"

# ---- a transfer
run 0 call "$state" alice.near bob.near --transfer 1.5N --key "$key"; silent
has '^transaction of alice.near for bob.near: transfer 1.5 NEAR$'; has '^  alice.near → bob.near: transfer 1.5 NEAR$'
has '^    ok$'; has "^saved  $state\$"
has '^all    669,547,687,500 gas, 0.0000446365125 NEAR burnt, 3 blocks$' # twice the fee of a transfer; the refund's is free
run 0 state view "$state" bob.near; has '^  balance  2.5 NEAR$'
run 0 state view "$state" alice.near; has '^  balance  98.4999553634875 NEAR$'; has 'nonce 1, full access'

# ---- several actions at once; the new key has the nonce of its block
run 0 call "$state" alice.near counter.alice.near --create --transfer 5N --add-key $public --deploy "$folder/counter.wat" --key "$key"
has ': create account; transfer 5 NEAR; add key ed25519:.*; deploy ([0-9]* bytes)$'
run 0 state view "$state" counter.alice.near; has '^  balance  5 NEAR$'; has 'nonce 100000000, full access'; has '^  code     [A-Za-z1-9]*, [0-9]* bytes$'
run 1 call "$state" alice.near sub.bob.near --create --key "$key"; has 'failed: {"ActionError":{"index":0,"kind":{"CreateAccountNotAllowed"'
has "^saved  $state\$" # fees were paid

# ---- calls, and calls between contracts
run 0 call "$state" alice.near counter.alice.near increment --deposit 0.5N --key "$key"; silent
has 'increment() with 100 Tgas, deposit 0.5 NEAR$'; has '^    log: counted$'; has '^    ok: 1 (u64)$'
run 0 call "$state" alice.near proxy.near forward --args-base64 aW5jcmVtZW50 --gas 50T --key "$key"
has '^  alice.near → proxy.near: forward("increment") with 50 Tgas$'
has '^    proxy.near → counter.alice.near: increment() with 10 Tgas$'; has '^      log: counted$'
has '^    proxy.near → proxy.near: done() with 10 Tgas$'; has '^      ok: 2 (u64)$'
has 'system → alice.near: refund, transfer '
printf increment >"$folder/args"
cp "$state" "$folder/before"
run 0 call "$state" alice.near proxy.near forward --args-file "$folder/args" --key "$key" --dry-run
has '^      ok: 3 (u64)$'; has '^not saved$'; same "$state" "$folder/before" "the state has changed"
run 1 call "$state" alice.near counter.alice.near fail --key "$key"; has 'failed: Smart contract panicked: no more$'
run 1 call "$state" alice.near proxy.near forward --args-base64 ZmFpbA== --key "$key"
has '^      failed: Smart contract panicked: no more$'; has '^      failed: WebAssembly trap: An `unreachable` opcode'
run 1 call "$state" alice.near counter.alice.near nothing --key "$key"; has 'MethodNotFound'
run 1 call "$state" alice.near bob.near increment --key "$key"; has 'CodeDoesNotExist'
run 1 call "$state" alice.near nobody.near --transfer 1N --key "$key"; has 'AccountDoesNotExist'
run 1 call "$state" alice.near bob.near --transfer 1000N --key "$key"; has 'NotEnoughBalance'; has '^not saved$'
run 0 state view "$state" counter.alice.near; has '"count" = 2 (u64)$'

# ---- heights: the new key says that a block 101 was there
run 0 call "$state" alice.near counter.alice.near note --key "$key"; has '^  block 102, '
run 0 state view "$state" counter.alice.near; has '= 103 (u64)$'; has '= 1700000103000000000 (u64)$'
run 0 call "$state" alice.near counter.alice.near note --key "$key" --height 5000 --timestamp 7000000000
run 0 state view "$state" counter.alice.near; has '= 5001 (u64)$'; has '= 8000000000 (u64)$'
run 0 call "$state" alice.near proxy.near wait --key "$key" --height 6000; has ': waits$'
run 0 call "$state" alice.near bob.near --transfer 1 --key "$key"; has '^  block 6002, '
run 1 call "$state" alice.near bob.near m --key "$key" --height 6300 --dry-run # the yield has expired
has '^a receipt that waited in the state, for proxy.near$'; has '^  failed: WebAssembly trap: An `unreachable` opcode'
run 2 state export "$state"; says 'promise_yield_receipt: 1'; says 'bandwidth_scheduler_state: 1'; says 'hint: --partial'
run 0 state export "$state" --partial; says 'left out'; has '"Account":{"account_id":"bob.near"'

# ---- receipts that wait in the state are applied, too
cat >"$folder/delayed.json" <<END
[{"Account":{"account_id":"alice.near","account":{"amount":"1000000000000000000000000","locked":"0",
  "code_hash":"11111111111111111111111111111111","storage_usage":182}}},
 {"AccessKey":{"account_id":"alice.near","public_key":"$public","access_key":{"nonce":0,"permission":"FullAccess"}}},
 {"DelayedReceipt":{"predecessor_id":"system","receiver_id":"alice.near",
  "receipt_id":"9hewWNU3m2hRW7rtxrdpp9t8y6k1Uc3boNquEM3RuUBY","receipt":{"Action":{"signer_id":"system",
  "signer_public_key":"ed25519:11111111111111111111111111111111","gas_price":"0","output_data_receivers":[],
  "input_data_ids":[],"actions":[{"Transfer":{"deposit":"5"}}]}}}}]
END
run 0 state create "$folder/delayed.state" --genesis "$folder/delayed.json"; silent
run 0 call "$folder/delayed.state" alice.near alice.near --transfer 1 --key "$key"
has '^system → alice.near: refund, transfer 5 yoctoNEAR$'; has '^  block 100, 9hewWNU3m2hRW7rtxrdpp9t8y6k1Uc3boNquEM3RuUBY'
run 0 state view "$folder/delayed.state" alice.near; has '^  balance  0.999955363487500000000005 NEAR$'
run 2 state export "$folder/delayed.state"; says 'delayed_receipt_indices: 1'

# ---- versions, JSON, and no yoctoNEAR that comes from nowhere
run 0 call "$state" alice.near bob.near --transfer 1N --key "$key" --protocol-version 84 --gas-price 200000000 --dry-run
has '^all    446,365,125,000 gas, 0.000089273025 NEAR burnt, 2 blocks$'
if python3 -c '' 2>/dev/null; then
    run 0 state accounts "$state" --json; cp "$folder/out" "$folder/accounts"
    run 0 call "$state" alice.near proxy.near forward --args-base64 aW5jcmVtZW50 --key "$key" --json; silent; cp "$folder/out" "$folder/call"
    run 0 state accounts "$state" --json
    run 0 state root "$state" --json; cp "$folder/out" "$folder/root"
    run 0 state accounts "$state" --json
    cat >"$folder/check.py" <<'END'
import json, sys
before, after, call, root = (json.load(open(path)) for path in sys.argv[1:])
total = lambda accounts: sum(int(a["account"]["amount"]) + int(a["account"]["locked"]) for a in accounts)
assert total(before) - total(after) == int(call["tokens_burnt"]), (total(before) - total(after), call["tokens_burnt"])
assert call["saved"] is True and call["state_root_after"] == root["state_root"]
assert call["status"] == {"SuccessValue": "AwAAAAAAAAA="}, call["status"]
assert call["outcomes"][0]["id"] == call["transaction_hash"] and call["outcomes"][0]["receipt"] is None
assert sum(o["outcome"]["gas_burnt"] for o in call["outcomes"]) == call["gas_burnt"]
known = {o["id"] for o in call["outcomes"]}
assert all(r in known for o in call["outcomes"] for r in o["outcome"]["receipt_ids"])
END
    if python3 "$folder/check.py" "$folder/accounts" "$folder/out" "$folder/call" "$folder/root" 2>"$folder/err"; then ok; else bad "nvm call --json"; tail -n 2 "$folder/err"; fi
else
    skipped=$((skipped + 1))
    echo "skipped: nvm call --json: python3 is not installed"
fi

# ---- what cannot be used
cp "$state" "$folder/before"
run 2 call "$state" alice.near bob.near --transfer 1N; says 'who signs'; says 'hint: '
run 2 call "$state" alice.near bob.near --key "$key"; says 'what is to be done'
run 2 call "$state" alice.near bob.near --transfer 1N --args '{}' --key "$key"; says 'are for a METHOD'
run 2 call "$state" alice.near bob.near m --args '{' --key "$key"; says 'call: --args, line 1'
run 2 call "$state" alice.near bob.near m --args-base64 '{' --key "$key"; says 'is not base64'
run 2 call "$state" alice.near bob.near m --args 1 --args-file x --key "$key"; says 'exclude each other'
run 2 call "$state" alice.near bob.near m --args-file "$folder/none" --key "$key"; says 'none'
run 2 call "$state" alice.near bob.near m --deposit x --key "$key"; says 'call: --deposit'
run 2 call "$state" alice.near bob.near m --gas x --key "$key"; says 'call: --gas'
run 2 call "$state" alice.near bob.near --transfer -1 --key "$key"; says 'call: --transfer'
run 2 call "$state" alice.near bob.near --add-key x --key "$key"; says 'call: --add-key'
run 2 call "$state" alice.near bob.near --deploy "$folder/none.wasm" --key "$key"; says 'none.wasm'
run 2 call "$state" alice.near bob.near --transfer 1 --key "$key" --protocol-version 83; says 'versions 84 to 88'
run 2 call "$state" alice.near bob.near --transfer 1 --key "$key" --protocol-version 89; says 'versions 84 to 88'
run 2 call "$state" alice.near bob.near --transfer 1 --key "$key" --height 10000000001; says 'is no number from 0 to 10000000000'
run 2 call "$state" alice.near b --transfer 1 --key "$key"; says 'call: the receiver'
run 2 call "$state" A bob.near --transfer 1 --key "$key"; says 'call: the signer'
run 2 call "$state" bob.near alice.near --transfer 1 --key "$key"; says 'account_id: the key is not of bob.near'
run 2 call "$folder/none" alice.near bob.near --transfer 1 --key "$key"; says 'No such file'
run 2 call "$key" alice.near bob.near --transfer 1 --key "$key"; says 'does not begin like one'
run 2 call "$state" alice.near bob.near --transfer 1 --key "$folder/none"; says 'none'
run 2 call "$state" alice.near bob.near --transfer 1 --key "$folder/args"; says 'args:1:1'; says 'hint: a key file'
printf '{}' >"$folder/key"; run 2 call "$state" alice.near bob.near --transfer 1 --key "$folder/key"; says "'private_key' is missing"
printf '{"private_key":"%sx"}' $secret >"$folder/key"; run 2 call "$state" alice.near bob.near --transfer 1 --key "$folder/key"; says 'no ed25519 key'
if grep -q 49W385 "$folder/err"; then bad "the secret key is shown"; else ok; fi
printf '{"private_key":"secp256k1:%s"}' 1 >"$folder/key"; run 2 call "$state" alice.near bob.near --transfer 1 --key "$folder/key"; says 'expected ed25519'
printf '{"public_key":"ed25519:6E8sCci9badyRkXb3JoRpBj5p8C6Tw41ELDZoiihKEtp","private_key":"%s"}' $secret >"$folder/key"
run 2 call "$state" alice.near bob.near --transfer 1 --key "$folder/key"; says 'not the public key'
printf '{"secret_key":"%s","more":1}' $secret >"$folder/key"
run 0 call "$state" alice.near bob.near --transfer 1 --key "$folder/key" --dry-run
run 2 call "$state" alice.near; says 'usage\|operand\|too few\|missing'
same "$state" "$folder/before" "the state has changed"
run 0 call --help; has '^usage: nvm call'; has '^examples:'; silent
run 0 --help; has '^  call '

echo "$passed passed, $failed failed$([ $skipped != 0 ] && echo ", $skipped skipped")"
[ $failed = 0 ]
