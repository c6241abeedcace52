#!/bin/sh
# nvm run: calls of contracts, every option, every input that cannot be used, exit codes, states that follow each other.
#
#     BUILD=build tests/cli_run.sh
cd "$(dirname "$0")/.." || exit 1
. tests/cli_common.sh
subcommand=run

# refuses WORDS ARGUMENT...: exit code 2, one error that has the words, nothing on standard output
refuses() {
    words=$1
    shift
    run 2 "$@"
    says "$words"
    if [ -s "$folder/out" ]; then bad "$what: something was printed"; else ok; fi
    if [ "$(grep -c '^nvm: error: ' "$folder/err")" = 1 ]; then ok; else bad "$what: not one error"; cat "$folder/err"; fi
}
absent() { if [ -e "$1" ]; then bad "$what: $1 was written"; else ok; fi; }

# ---- a contract whose methods show what they were given --------------------------------------------------------------

cat > "$folder/c.wat" <<'END'
(module
  (import "env" "read_register" (func $read_register (param i64 i64)))
  (import "env" "register_len" (func $register_len (param i64) (result i64)))
  (import "env" "value_return" (func $value_return (param i64 i64)))
  (import "env" "input" (func $input (param i64)))
  (import "env" "current_account_id" (func $current_account_id (param i64)))
  (import "env" "signer_account_id" (func $signer_account_id (param i64)))
  (import "env" "signer_account_pk" (func $signer_account_pk (param i64)))
  (import "env" "predecessor_account_id" (func $predecessor_account_id (param i64)))
  (import "env" "refund_to_account_id" (func $refund_to_account_id (param i64)))
  (import "env" "random_seed" (func $random_seed (param i64)))
  (import "env" "block_index" (func $block_index (result i64)))
  (import "env" "block_timestamp" (func $block_timestamp (result i64)))
  (import "env" "epoch_height" (func $epoch_height (result i64)))
  (import "env" "storage_usage" (func $storage_usage (result i64)))
  (import "env" "prepaid_gas" (func $prepaid_gas (result i64)))
  (import "env" "account_balance" (func $account_balance (param i64)))
  (import "env" "account_locked_balance" (func $account_locked_balance (param i64)))
  (import "env" "attached_deposit" (func $attached_deposit (param i64)))
  (import "env" "validator_stake" (func $validator_stake (param i64 i64 i64)))
  (import "env" "promise_results_count" (func $promise_results_count (result i64)))
  (import "env" "promise_result" (func $promise_result (param i64 i64) (result i64)))
  (import "env" "promise_create" (func $promise_create (param i64 i64 i64 i64 i64 i64 i64 i64) (result i64)))
  (import "env" "promise_then" (func $promise_then (param i64 i64 i64 i64 i64 i64 i64 i64 i64) (result i64)))
  (import "env" "promise_and" (func $promise_and (param i64 i64) (result i64)))
  (import "env" "promise_batch_create" (func $promise_batch_create (param i64 i64) (result i64)))
  (import "env" "promise_batch_action_transfer" (func $transfer (param i64 i64)))
  (import "env" "promise_return" (func $promise_return (param i64)))
  (import "env" "storage_write" (func $storage_write (param i64 i64 i64 i64 i64) (result i64)))
  (import "env" "storage_remove" (func $storage_remove (param i64 i64 i64) (result i64)))
  (import "env" "panic_utf8" (func $panic_utf8 (param i64 i64)))
  (import "env" "log_utf8" (func $log_utf8 (param i64 i64)))
  (memory 1)
  (data (i32.const 0) "dave.nearworkdone{\22a\22:[1,2]}")
  (data (i32.const 100) "two\nlines \1b[31m red")
  (data (i32.const 200) "Requires attached deposit of exactly 1 yoctoNEAR")
  (data (i32.const 300) "\40\42\0f")
  (func $register (call $read_register (i64.const 0) (i64.const 1024))
    (call $value_return (call $register_len (i64.const 0)) (i64.const 1024)))
  (func $number (param i64) (i64.store (i32.const 1024) (local.get 0)) (call $value_return (i64.const 8) (i64.const 1024)))
  (func $balance (call $value_return (i64.const 16) (i64.const 1024)))
  (func (export "input") (call $input (i64.const 0)) (call $register))
  (func (export "current_account_id") (call $current_account_id (i64.const 0)) (call $register))
  (func (export "signer_account_id") (call $signer_account_id (i64.const 0)) (call $register))
  (func (export "signer_account_pk") (call $signer_account_pk (i64.const 0)) (call $register))
  (func (export "predecessor_account_id") (call $predecessor_account_id (i64.const 0)) (call $register))
  (func (export "refund_to_account_id") (call $refund_to_account_id (i64.const 0)) (call $register))
  (func (export "random_seed") (call $random_seed (i64.const 0)) (call $register))
  (func (export "block_index") (call $number (call $block_index)))
  (func (export "block_timestamp") (call $number (call $block_timestamp)))
  (func (export "epoch_height") (call $number (call $epoch_height)))
  (func (export "storage_usage") (call $number (call $storage_usage)))
  (func (export "prepaid_gas") (call $number (call $prepaid_gas)))
  (func (export "account_balance") (call $account_balance (i64.const 1024)) (call $balance))
  (func (export "account_locked_balance") (call $account_locked_balance (i64.const 1024)) (call $balance))
  (func (export "attached_deposit") (call $attached_deposit (i64.const 1024)) (call $balance))
  (func (export "stake_of_dave") (call $validator_stake (i64.const 9) (i64.const 0) (i64.const 1024)) (call $balance))
  (func (export "results") (call $number (call $promise_results_count)))
  (func (export "first_result") (drop (call $promise_result (i64.const 0) (i64.const 0))) (call $register))
  (func (export "second_status") (call $number (call $promise_result (i64.const 1) (i64.const 0))))
  (func (export "third_status") (call $number (call $promise_result (i64.const 2) (i64.const 0))))
  (func $work (result i64)
    (call $promise_create (i64.const 9) (i64.const 0) (i64.const 4) (i64.const 9)
                          (i64.const 11) (i64.const 17) (i64.const 500) (i64.const 5000000000000)))
  (func (export "promises")
    (i64.store (i32.const 600) (call $work))
    (i64.store (i32.const 608) (call $work))
    (call $promise_return (call $promise_then (call $promise_and (i64.const 600) (i64.const 2))
      (i64.const 9) (i64.const 0) (i64.const 4) (i64.const 13) (i64.const 0) (i64.const 0) (i64.const 500)
      (i64.const 7000000000000)))
    (call $transfer (call $promise_batch_create (i64.const 9) (i64.const 0)) (i64.const 300)))
  (func (export "write") (drop (call $storage_write (i64.const 4) (i64.const 9) (i64.const 4) (i64.const 13) (i64.const 0))))
  (func (export "remove") (drop (call $storage_remove (i64.const 4) (i64.const 9) (i64.const 0))))
  (func (export "log") (call $log_utf8 (i64.const 19) (i64.const 100)))
  (func $inner (call $panic_utf8 (i64.const 48) (i64.const 200)))
  (func (export "write_and_panic") (drop (call $work))
    (drop (call $storage_write (i64.const 4) (i64.const 9) (i64.const 4) (i64.const 13) (i64.const 0)))
    (call $log_utf8 (i64.const 4) (i64.const 9)) (call $inner))
  (func (export "endless") (loop (br 0)))
  (func $divide (drop (i32.div_s (i32.const 1) (i32.load (i32.const 4000)))))
  (func (export "trap") (call $divide))
  (func (export "nothing"))
  (func (export "takes") (param i32))
  (global (export "global") i32 (i32.const 0)))
END
c=$folder/c.wat

# ---- help, methods, wrong usage --------------------------------------------------------------------------------------

run 0 --help; has '^usage: nvm run'; has '^examples:'; has '1 the contract failed'; silent
sed -n 's/^X([a-z]*, "\([a-z-]*\)".*/\1/p' cli/run_context.def | while read -r option; do
    grep -q -e "--$option " "$folder/out" || echo "failed: no help for --$option"
done > "$folder/missing"
if [ -s "$folder/missing" ]; then bad "$(cat "$folder/missing")"; else ok; fi
run 0 "$c"; has '^[0-9]* methods'; has '^  write$'; lacks '^  takes$'; lacks '^  global$'; silent
run 0 examples/contracts/counter.wasm --json
has '^{"methods": \["increment", "decrement", "reset", "get"\]}$'
refuses 'which contract' ; says 'usage: nvm run CONTRACT'
refuses 'too many operands' "$c" nothing more
refuses "no option '--accout'" "$c" nothing --accout a.near; says 'did you mean --account'
refuses 'needs a value' "$c" nothing --gas
refuses 'exclude each other' "$c" nothing --args 1 --args-base64 MQ==
refuses 'where to' "$c" nothing --save-state; says '--save-state=FILE'

# ---- the context, one option after the other -------------------------------------------------------------------------

run 0 "$c" nothing; has '^result *none$'; has '^call *nothing() on alice.near by carol.near$'; has '^gas .* burnt of 300 Tgas'; silent
run 0 "$c" input; has '^result *""$'
run 0 "$c" input --args '{"x": 1.50, "big": 340282366920938463463374607431768211455}'
has '^result *{"x": 1.50, "big": 340282366920938463463374607431768211455}$'
run 0 "$c" input -a '[1]'; has '^result *\[1\]$'
run 0 "$c" input --args-base64 'AP8='; has '^result *0x00ff$'
printf 'not json' > "$folder/args"; run 0 "$c" input --args-file "$folder/args"; has '^result *"not json"$'
run 0 "$c" current_account_id; has '"alice.near"'
run 0 "$c" current_account_id --account x.y.near; has '"x.y.near"'
run 0 "$c" signer_account_id; has '"bob.near"'
run 0 "$c" signer_account_id --signer s.near; has '"s.near"'
run 0 "$c" predecessor_account_id; has '"carol.near"'
run 0 "$c" predecessor_account_id --predecessor p.near; has '"p.near"'; has 'by p.near'
run 0 "$c" refund_to_account_id; has '"carol.near"'
run 0 "$c" refund_to_account_id --refund-to r.near; has '"r.near"'
run 0 "$c" signer_account_pk --signer-key ed25519:11111111111111111111111111111111; has '^result *0x0\{66\}$'
run 0 "$c" random_seed; has '^result *"\*\{32\}"$'
run 0 "$c" random_seed --seed 0000000000000000000000000000000000000000000000000000000000000001; has '^result *0x0\{63\}1$'
run 0 "$c" random_seed --seed 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE='; has '^result *0x0\{63\}1$'
run 0 "$c" block_index; has '^result *100 (u64)$'
run 0 "$c" block_index --block-height 18446744073709551615; has '^result *18446744073709551615 (u64)$'
run 0 "$c" block_timestamp; has '^result *1700000000000000000 (u64)$'
run 0 "$c" block_timestamp --timestamp 7; has '^result *7 (u64)$'
run 0 "$c" epoch_height; has '^result *3 (u64)$'
run 0 "$c" epoch_height --epoch 9; has '^result *9 (u64)$'
run 0 "$c" storage_usage; has '^result *1000 (u64)$'
run 0 "$c" storage_usage --storage-usage 12; has '^result *12 (u64)$'
run 0 "$c" prepaid_gas; has '^result *300000000000000 (u64)$'
run 0 "$c" prepaid_gas --gas 1.5T; has '^result *1500000000000 (u64)$'
run 0 "$c" prepaid_gas --gas 600000000000; has '^result *600000000000 (u64)$'
run 0 "$c" account_balance; has '^result *10000000000000000000000000 (u128)$'
run 0 "$c" account_balance --balance 2.5N --deposit 1N; has '^result *3500000000000000000000000 (u128)$'
run 0 "$c" account_locked_balance --locked 3; has '^result *3 (u128)$'
run 0 "$c" attached_deposit; has '^result *0 (u128)$'
run 0 "$c" attached_deposit --deposit 1.5N; has '^result *1500000000000000000000000 (u128)$'; has 'deposit 1.5 NEAR'
run 0 "$c" stake_of_dave; has '^result *0 (u128)$'
run 0 "$c" stake_of_dave --validator x.near=1N --validator dave.near=7; has '^result *7 (u128)$'
run 0 "$c" results; has '^result *0 (u64)$'
run 0 "$c" results --promise-result failed --promise-result not_ready --promise-result ok:; has '^result *3 (u64)$'
run 0 "$c" first_result --promise-result 'ok:{"n":7}'; has '^result *{"n": 7}$'
run 0 "$c" first_result --promise-result 'base64:AP8='; has '^result *0x00ff$'
run 0 "$c" second_status --promise-result ok:1 --promise-result failed; has '^result *2 (u64)$'
run 0 "$c" third_status --promise-result ok:1 --promise-result failed --promise-result not_ready; has '^result *0 (u64)$'
run 0 "$c" nothing --receivers a.near,b.near,c.near
run 0 "$c" block_index --view; has '^view *block_index() on alice.near$'; has 'burnt of 1,000 Tgas'
run 0 "$c" block_index --view --gas 2T; has 'burnt of 2 Tgas'
run 1 "$c" endless --view --gas 2T; has 'HostError.GasLimitExceeded'; has 'more gas than any single call may: 2 Tgas'
run 1 "$c" write --view; has 'HostError.ProhibitedInView'; has '^fix .*--view'
run 0 "$c" nothing --protocol-version 84; has 'protocol version 84'
run 0 "$c" nothing --view --protocol-version 85
# those who wait for the result are paid for, by its length
run 0 "$c" input --args '"1234567890"' --json; cp "$folder/out" "$folder/alone"
run 0 "$c" input --args '"1234567890"' --json --receivers a.near
if cmp -s "$folder/out" "$folder/alone"; then bad "--receivers costs nothing"; else ok; fi

# ---- what is shown ---------------------------------------------------------------------------------------------------

run 0 "$c" promises; silent
has '^result *that of receipt #4 (dave.near)$'
has '^receipts  -> dave.near #0$'; has '^              work({"a": \[1, 2\]}) with 5 Tgas$'
has '^            then dave.near #4, after #0 and #2$'; has '^                done() with 7 Tgas$'
has '^          -> dave.near #6$'; has 'transfer 1,000,000 yoctoNEAR'
has '^balance   10 NEAR -> '; has 'go with receipts'
run 0 "$c" write; has '^state     + "work": "done"$'; has '^storage   1000 -> 1048 bytes (+48)$'
run 0 "$c" log; has '^logs      two$'; has '^            lines \\1b\[31m red$'
run 1 "$c" write_and_panic
has '^error     Smart contract panicked: Requires attached deposit of exactly 1 yoctoNEAR$'; has 'HostError.GuestPanic'
has '^cause '; has '^fix       Attach it: --deposit 1.$'; has '^in        inner at 0x'; has '^          write_and_panic at 0x'
has '^logs      work$'; has '^dropped   1 change of the state and 1 receipt'; lacks '^state '; lacks '^receipts '; silent
run 1 "$c" trap; has 'WasmTrap.IllegalArithmetic'; has '^in        divide at 0x'; has '^          trap at 0x'
run 1 "$c" endless --gas 20T; has 'HostError.GasExceeded'; has '^fix       Attach more, such as --gas 40T'; has '^in        endless'
run 1 "$c" writ; has 'MethodResolveError.MethodNotFound'; has '^fix       Did you mean write'
run 1 "$c" xyzzy; has 'MethodNotFound'; has 'lists the [0-9]* methods'
run 1 "$c" takes; has 'MethodInvalidSignature'
run 1 "$c" ''; has 'MethodEmptyName'
printf '(module (import "env" "no_such" (func)) (func (export "f")))' > "$folder/link.wat"
run 1 "$folder/link.wat" f; has '^ *LinkError$'; has '^found     env.no_such() is no function that contracts are offered'
printf '(module (func (export "f") (result i32 i32) (i32.const 0) (i32.const 0)) (func (export "g")))' > "$folder/multi.wat"
run 1 "$folder/multi.wat" g; has 'CompilationError.PrepareError.Deserialization'; has '^cause '; has '^found .* (at byte 0x'
run 1 "$folder/multi.wat"; says 'the protocol refuses this contract'
printf '(module (memory 1) (func (export "boom") (unreachable)))' > "$folder/mangled.wat"
sed 's/(func (export/(func $_ZN4core9panicking5panic17h0123456789abcdefE (export/' "$folder/mangled.wat" > "$folder/m.wat"
run 1 "$folder/m.wat" boom; has '^in        core::panicking::panic at 0x'

# every error that host/ and preparation can give is explained
for name in $(sed -n 's/^X(\([A-Za-z0-9]*\),.*/\1/p' host/errors.def); do
    if grep -q "^X(\"HostError.$name\"," cli/run_explain.def; then ok; else bad "HostError.$name is not explained"; fi
done
for name in $(sed -n 's/^X(\([A-Za-z0-9]*\),.*/\1/p' host/prepare_errors.def); do
    if grep -q "^X(\"CompilationError.PrepareError.$name\"," cli/run_explain.def; then ok; else bad "PrepareError.$name is not explained"; fi
done
for name in $(grep -ohE '(CompilationError|MethodResolveError|WasmTrap)\.[A-Za-z.]*[a-z]' host/*.c host/*.h | grep -v 'PrepareError$' | sort -u); do
    if grep -q "^X(\"$name\"," cli/run_explain.def; then ok; else bad "$name is not explained"; fi
done

# ---- gas: bars, flame graph, folded stacks; they add up to what was burnt --------------------------------------------

run 0 "$c" promises; has '^function_call_base .* %$'; has '^[0-9]* more .* %$'; has '^total .* 100.00 %$'; lacks '^wasm_instruction '
run 0 "$c" promises --all-costs; has '^wasm_instruction .* %$'; lacks ' more '; has '^total .* 100.00 %$'
# adds_up FILE: folded stacks whose sum is burnt_gas of the JSON in $folder/out
adds_up() {
    sum=$(awk '{ high += int($NF / 1000000); low += $NF % 1000000 } END { high += int(low / 1000000); printf "%.0f%06.0f", high, low % 1000000 }' "$1")
    burnt=$(sed -n 's/^ *"burnt_gas": *\([0-9]*\),$/\1/p' "$folder/out")
    if [ "$(echo "$sum" | sed 's/^0*//')" = "$burnt" ]; then ok; else bad "$what: the stacks add up to $sum, not $burnt"; fi
}
for method in promises write log trap write_and_panic nothing; do
    code=0
    case $method in trap|write_and_panic) code=1 ;; esac
    run $code "$c" $method --json --folded "$folder/folded"; adds_up "$folder/folded"
done
run 1 "$c" endless --gas 3T --json --folded "$folder/folded"; adds_up "$folder/folded"
run 0 "$c" write --folded "$folder/folded" --flame "$folder/flame.svg"
has "^flame     $folder/flame.svg$"; has "^folded    $folder/folded$"
if grep -q '^call;write;storage_write;storage_write_base [0-9]*$' "$folder/folded"; then ok; else bad 'folded stacks'; cat "$folder/folded"; fi
if grep -q '^<svg ' "$folder/flame.svg" && grep -q 'storage_write_base' "$folder/flame.svg" && grep -q 'alice.near.write' "$folder/flame.svg"; then
    ok
else
    bad 'the flame graph is none'
fi
run 1 "$c" ''  --folded "$folder/folded" --flame "$folder/flame.svg"
run 1 "$folder/multi.wat" g --folded "$folder/folded" --flame "$folder/flame.svg"
run 2 "$c" write --flame "$folder/no/such.svg"; says 'cannot write'; lacks '^flame '
run 2 "$c" write --folded "$folder/no/such.txt"; says 'cannot write'; lacks '^folded '

# ---- JSON ------------------------------------------------------------------------------------------------------------

run 0 "$c" promises --json; silent
has '"burnt_gas": [0-9]'; has '"error": null'; has '"receipt": 4'; has '"receiver_id": "dave.near"'
run 1 "$c" write_and_panic --json; has '"kind": "HostError.GuestPanic"'; has '"CreateReceipt"'; has '"d29yaw=="'; silent
if command -v python3 >/dev/null 2>&1; then
    for method in promises log trap input; do
        "$nvm" run "$c" $method --json > "$folder/out" 2>/dev/null
        if python3 -c 'import json, sys; json.load(sys.stdin)' < "$folder/out"; then ok; else bad "$method --json is no JSON"; fi
    done
else
    skip 'python3 is not installed: --json is not parsed'
fi

# ---- a context from a file -------------------------------------------------------------------------------------------

cat > "$folder/context.json" <<'END'
{
  "protocol_version": 87,
  "context": {"current_account_id": "ctx.near", "input": "W10=", "block_height": 5, "prepaid_gas": 50000000000000,
              "attached_deposit": "25", "output_data_receivers": ["w.near"]},
  "state": [["d29yaw==", "b2xk"]],
  "promise_results": [{"ok": "Nw=="}, "failed"],
  "validators": {"dave.near": "11"}
}
END
x="--context $folder/context.json"
run 0 "$c" current_account_id $x; has '"ctx.near"'; has 'protocol version 87'
run 0 "$c" input $x; has '^result *\[\]$'
run 0 "$c" input $x --args '[3]'; has '^result *\[3\]$'
run 0 "$c" block_index $x; has '^result *5 (u64)$'
run 0 "$c" block_index $x --block-height 6; has '^result *6 (u64)$'
run 0 "$c" attached_deposit $x; has '^result *25 (u128)$'
run 0 "$c" stake_of_dave $x; has '^result *11 (u128)$'
run 0 "$c" first_result $x; has '^result *7$'
run 0 "$c" write $x; has '^state     ~ "work": "old" -> "done"$'
run 0 "$c" remove $x; has '^state     - "work"  was "old"$'
printf '{"current_account_id":"alone.near"}' > "$folder/alone.json"
run 0 "$c" current_account_id --context "$folder/alone.json"; has '"alone.near"'
printf '{"context":{"view_max_gas":1000000000000}}' > "$folder/view.json"
run 0 "$c" block_index --context "$folder/view.json"; has '^view '; has 'burnt of 1 Tgas'
run 0 "$c" block_index --context "$folder/view.json" --view; has 'burnt of 1 Tgas'
run 0 "$c" block_index --context "$folder/view.json" --gas 3T; has 'burnt of 3 Tgas'
# a case that brings its contract and method along
"$nvm" wat2wasm "$c" -o "$folder/c.wasm" || bad wat2wasm
if command -v base64 >/dev/null 2>&1; then
    printf '{"name":"n","wasm":"%s","method":"block_index","context":{"block_height":44},"expect":null}' \
        "$(base64 < "$folder/c.wasm" | tr -d '\n')" > "$folder/case.json"
    run 0 --context "$folder/case.json"; has '^result *44 (u64)$'
    run 0 "$c" --context "$folder/case.json"; has '^result *44 (u64)$'
    run 0 "$c" epoch_height --context "$folder/case.json"; has '^result *3 (u64)$'
else
    skip 'base64 is not installed: no case with its contract'
fi
# the same call from text and binary, from options and file
run 0 "$c" promises --json; cp "$folder/out" "$folder/first"
run 0 "$folder/c.wasm" promises --json; same "$folder/out" "$folder/first"
run 0 "$c" promises --json $x; cp "$folder/out" "$folder/first"
printf '{"values":[{"key":"d29yaw==","value":"b2xk"}]}' > "$folder/old.json"
run 0 "$c" promises --json --protocol-version 87 --account ctx.near --args '[]' --block-height 5 --gas 50T --deposit 25 \
    --receivers w.near --state "$folder/old.json" --promise-result ok:7 --promise-result failed --validator dave.near=11
same "$folder/out" "$folder/first"

# ---- input that cannot be used: one sentence, exit code 2 ------------------------------------------------------------

refuses '\--args, line 1, column 8: ' "$c" input --args '{"a":1,}'
refuses '\--args, line 2, column 4: ' "$c" input --args "$(printf '{\n"a"}')"
for text in '' ' ' '{' '[1' '"a' 'tru' '01' '1.' '-' '+1' '1 2' '{"a" 1}' '{1:2}' '[,]' '[1,]' '"\x"' '"\u12"' 'nul' '{"a":}' "'a'"; do
    refuses '\--args' "$c" input --args "$text"
done
refuses 'nested' "$c" input --args "$(printf '%0200d' 0 | tr 0 '[')"
refuses 'not base64' "$c" input --args-base64 '%%%'
refuses 'not base64' "$c" input --args-base64 'AP8'
refuses 'No such file' "$c" input --args-file "$folder/none"
for option in account signer predecessor refund-to; do
    for id in A a Alice.near a..b .a a_ 'a b' '' a@b "$(printf '%065d' 0)"; do
        refuses "\--$option: " "$c" nothing --$option "$id"
    done
done
refuses "\--receivers: 'b_'" "$c" nothing --receivers a.near,b_
refuses "\--receivers: ''" "$c" nothing --receivers a.near,
for amount in -1 -1N 1.5 N x 1X 1e3 '' ' ' 0x10 340282366920938463463374607431768211456 400000000000000N 1.0000000000000000000000001N; do
    for option in deposit balance locked; do refuses "\--$option: " "$c" nothing --$option "$amount"; done
done
for amount in -1 1.5 1.5x T x 1X '' 18446744073709551616 1.0000000000001T; do refuses '\--gas: ' "$c" nothing --gas "$amount"; done
for number in -1 1.5 x '' 0x10 18446744073709551616; do
    for option in block-height timestamp epoch storage-usage; do refuses "\--$option: " "$c" nothing --$option "$number"; done
done
refuses 'together exceed' "$c" nothing --balance 340282366920938463463374607431768211455 --deposit 1
for seed in '' 00 x "$(printf '%064d' 0 | tr 0 g)" 'AAAA'; do refuses '\--seed: ' "$c" nothing --seed "$seed"; done
for key in '' ed25519: ed25519:xx rsa:11111111111111111111111111111111 0; do refuses '\--signer-key: ' "$c" nothing --signer-key "$key"; done
for version in 52 89 -1 x '' 4294967376; do refuses '\--protocol-version: ' "$c" nothing --protocol-version "$version"; done
for result in '' ok x:y base64:% OK:1; do refuses '\--promise-result: ' "$c" nothing --promise-result "$result"; done
for validator in '' a.near '=1N' 'A=1N' 'a.near=' 'a.near=-1' 'a.near=1.5'; do refuses '\--validator: ' "$c" nothing --validator "$validator"; done
refuses 'stakes' "$c" nothing --validator a.near=340282366920938463463374607431768211455 --validator b.near=1

refuses 'No such file' "$folder/none.wasm" f
refuses 'is a directory' "$folder" f
printf 'GIF89a' > "$folder/gif.wasm"; refuses 'no WebAssembly module' "$folder/gif.wasm" f
printf '\0as' > "$folder/short.wasm"; refuses 'no WebAssembly module' "$folder/short.wasm" f
: > "$folder/empty.wasm"; refuses 'is empty' "$folder/empty.wasm" f
printf '(module\n  (func (i32.ad)))' > "$folder/bad.wat"; refuses 'bad.wat:2:' "$folder/bad.wat" f
printf '\0asm' > "$folder/cut.wasm"; run 1 "$folder/cut.wasm" f; has 'CompilationError'

context() { printf '%s' "$1" > "$folder/bad.json"; refuses "$2" "$c" nothing --context "$folder/bad.json"; }
context '{"context":{"block_height":1,}}' 'bad.json:1:30: '
context '{"context":{"blok_height":1}}' "did you mean 'block_height'"
context '{"contxt":{}}' "did you mean 'context'"
context '{"context":{"current_account_id":"A"}}' 'context.current_account_id'
context '{"context":{"prepaid_gas":-3}}' 'context.prepaid_gas: .*found -3'
context '{"context":{"prepaid_gas":1.5}}' 'context.prepaid_gas: .*found 1.5'
context '{"context":{"prepaid_gas":18446744073709551616}}' 'bad.json:1:'
context '{"context":{"attached_deposit":"-1"}}' 'context.attached_deposit'
context '{"context":{"input":"%"}}' 'context.input'
context '{"context":{"input":"","input":""}}' 'twice'
context '{"promise_results":["maybe"]}' 'promise_results\[0\]'
context '{"state":[["QQ=="]]}' 'state\[0\]'
context '{"protocol_version":1000}' 'protocol_version'
context '[]' 'bad.json: '
context 'null' 'bad.json: '
context '' 'bad.json'
context '{} x' 'bad.json:1:4'
refuses 'No such file' "$c" nothing --context "$folder/none.json"

state() { printf '%s' "$1" > "$folder/bad.json"; refuses "$2" "$c" nothing --state "$folder/bad.json"; }
state '{"values":[{"key":"QQ==","value":"QQ=="},{"key":"QQ==","value":""}]}' 'values\[1\].key: the key QQ== is there twice'
state '{"values":[{"key":"QQ","value":""}]}' 'values\[0\].key: '
state '{"values":[{"key":"QQ==","value":7}]}' 'values\[0\].value: '
state '{"values":[{"key":"QQ=="}]}' 'values\[0\]'
state '{"values":[{"key":"QQ==","valeu":""}]}' "did you mean 'value'"
state '{"values":[[]]}' 'values\[0\]'
state '{"values":{}}' 'values: expected'
state '{"value":[]}' 'values'
state '{"result":[]}' 'result: expected'
state '{"error":{"cause":"unknown account"}}' 'error of the RPC server: .*unknown account'
state '[]' 'expected a state'
state '{"values":[' 'bad.json:1:'
state '{"values":[],"values":[]}' 'twice'
state 'null' 'expected a state'
refuses 'No such file' "$c" nothing --state "$folder/none.json"

# ---- states that follow each other -----------------------------------------------------------------------------------

s=$folder/state.json
counter=examples/contracts/counter.wasm
run 0 $counter increment --save-state="$s"; has '^saved '; has '^result *1$'
run 0 $counter increment --state "$s" --save-state; has '^result *2$'; has '^state     ~ "counter": 1 (u64) -> 2 (u64)$'
run 0 $counter increment --save-state --state "$s"; has '^result *3$'
run 0 $counter increment --state "$s" --save-state "$folder/other.json"; has '^result *4$'
run 0 $counter get --view --state "$s"; has '^result *3$'
run 0 $counter get --view --state "$folder/other.json"; has '^result *4$'
run 0 $counter get --view --state "$s" --save-state="$folder/copy.json"; same "$s" "$folder/copy.json"
run 0 $counter reset --state "$s" --save-state; run 0 $counter get --view --state "$s"; has '^result *0$'
# as the RPC answers it, with everything around
printf '{"jsonrpc":"2.0","id":1,"result":{"block_hash":"x","block_height":1,"proof":[],"values":[{"key":"Y291bnRlcg==","value":"BwAAAAAAAAA=","proof":[]}]}}' > "$folder/rpc.json"
run 0 $counter get --view --state "$folder/rpc.json"; has '^result *7$'
"$nvm" run $counter get --view --state - < "$folder/rpc.json" > "$folder/out"; what='--state -'; has '^result *7$'
# the form is kept: what was written reads back the same, byte for byte
run 0 "$c" write --save-state="$s"; cp "$s" "$folder/first.json"
run 0 "$c" nothing --state "$s" --save-state; same "$s" "$folder/first.json"
printf '{"values":[\n{"key":"d29yaw==","value":"ZG9uZQ=="}\n]}\n' > "$folder/expected.json"; same "$s" "$folder/expected.json"
run 0 "$c" remove --state "$s" --save-state; has '^saved .* (0 keys)'
run 0 "$c" nothing --state "$s" --save-state; printf '{"values":[\n]}\n' > "$folder/expected.json"; same "$s" "$folder/expected.json"
# keys and values of any bytes, sorted
printf '{"values":[{"key":"/w==","value":"AA=="},{"key":"","value":""},{"key":"AA==","value":"////"}]}' > "$s"
run 0 "$c" nothing --state "$s" --save-state
printf '{"values":[\n{"key":"","value":""},\n{"key":"AA==","value":"////"},\n{"key":"/w==","value":"AA=="}\n]}\n' > "$folder/expected.json"
same "$s" "$folder/expected.json"
# a failed call saves nothing
cp "$s" "$folder/first.json"
run 1 "$c" write_and_panic --state "$s" --save-state; has '^saved     nothing: a failed call'; same "$s" "$folder/first.json"
run 1 "$c" write_and_panic --save-state="$folder/new.json"; absent "$folder/new.json"
run 1 "$c" write_and_panic --save-state="$folder/new.json" --json; absent "$folder/new.json"
# neither does input that cannot be used
refuses 'account' "$c" write --save-state="$folder/new.json" --account A; absent "$folder/new.json"
# what cannot be written is said, and leaves nothing behind
run 2 "$c" write --save-state="$folder/no/such.json"; says 'cannot write'; quiet # before anything runs
if [ -e /dev/full ]; then run 2 "$c" write --save-state=/dev/full; says 'cannot write'; has '^saved     nothing: the file cannot be written'; else skip 'there is no /dev/full'; fi
run 2 "$c" write --save-state="$folder"; says 'cannot write'

# ---- a write that is interrupted leaves the old file -----------------------------------------------------------------

awk 'BEGIN { printf "{\"values\":["; for (i = 0; i < 3000; i++) printf "%s{\"key\":\"%04d\",\"value\":\"AAAA\"}", i ? "," : "", i; print "]}" }' > "$folder/large.json"
cp "$folder/large.json" "$folder/before.json"
# the system says no in the midst of it (the limit is a few kB; the file has a hundred)
(trap '' XFSZ; ulimit -f 8; "$nvm" run "$c" write --state "$folder/large.json" --save-state) >"$folder/out" 2>"$folder/err"
code=$?
what='a file that may not grow'
if [ $code = 2 ]; then ok; else bad "$what: exit code $code"; fi
says 'cannot write'; same "$folder/large.json" "$folder/before.json"
if ls "$folder" | grep -q '\.nvm-'; then bad "$what: a temporary file is left"; else ok; fi
# the process is killed in the midst of it
{ (ulimit -c 0; ulimit -f 8; "$nvm" run "$c" write --state "$folder/large.json" --save-state); code=$?; } >"$folder/out" 2>/dev/null
what='a killed process'
if [ $code -gt 128 ]; then ok; else bad "$what: exit code $code"; fi
same "$folder/large.json" "$folder/before.json"
run 0 "$c" write --state "$folder/large.json" --save-state; has '(3001 keys)'
if cmp -s "$folder/large.json" "$folder/before.json"; then bad 'nothing was saved'; else ok; fi
# a link stays one, permissions stay
cp "$folder/before.json" "$folder/target.json"; chmod 600 "$folder/target.json"; ln -s target.json "$folder/link.json"
run 0 "$c" write --state "$folder/link.json" --save-state
if [ -L "$folder/link.json" ]; then ok; else bad 'a symbolic link was replaced'; fi
same "$folder/target.json" "$folder/large.json"
if [ "$(ls -l "$folder/target.json" | cut -c1-10)" = '-rw-------' ]; then ok; else bad 'permissions have changed'; fi
if ls "$folder" | grep -q '\.nvm-'; then bad 'a temporary file is left'; else ok; fi

# ---- cases of the production VM, by --context ------------------------------------------------------------------------

if command -v python3 >/dev/null 2>&1 && python3 -c 'import lzma' 2>/dev/null; then
    python3 - "$nvm" "$folder" >"$folder/out" <<'END'
import json, lzma, subprocess, sys

nvm, folder = sys.argv[1:]
passed = failed = 0
for name, step in ("contract", 23), ("host", 61):
    with lzma.open("tests/vectors/%s.jsonl.xz" % name, "rt") as lines:
        for number, line in enumerate(lines):
            if number % step:
                continue
            case = json.loads(line)
            with open(folder + "/case.json", "w") as f:
                f.write(line)
            result = subprocess.run([nvm, "run", "--context", folder + "/case.json", "--json"], capture_output=True)
            expect = case["expect"]
            code = 1 if expect["error"] else 0
            try:
                found = json.loads(result.stdout)
            except ValueError:
                found = {"error": None}
            if expect["error"] and found["error"]:
                # where production quotes another library, the words are its own
                for words in "LinkError", "LoadingError", "InvalidInput", "ECRecoverError":
                    if words in expect["error"]["kind"]:
                        expect["error"]["message"] = found["error"]["message"]
            if found == expect and result.returncode == code and not result.stderr:
                passed += 1
            else:
                failed += 1
                print("failed: %s: exit code %d %s" % (case["name"], result.returncode, result.stderr[:200]))
            # the report for people is text without control characters, whatever the contract does
            text = subprocess.run([nvm, "run", "--context", folder + "/case.json"], capture_output=True)
            clean = not any(b < 0x20 and b != 10 or b == 0x7f for b in text.stdout)
            try:
                clean = clean and not any(0x80 <= ord(c) < 0xa0 for c in text.stdout.decode())
            except UnicodeDecodeError:
                clean = False
            if clean and text.returncode == code and not text.stderr:
                passed += 1
            else:
                failed += 1
                print("failed: %s: the report: exit code %d %s" % (case["name"], text.returncode, text.stderr[:200]))
print(passed, failed)
END
    grep '^failed' "$folder/out"
    passed=$((passed + $(tail -n 1 "$folder/out" | cut -d' ' -f1)))
    failed=$((failed + $(tail -n 1 "$folder/out" | cut -d' ' -f2)))
else
    skip 'python3 with lzma is not installed: no cases of the production VM'
fi

# ---- the commands of the documentation, one after the other ----------------------------------------------------------

grep -hE '^    (build/nvm run|head -c) ' README.md docs/run.md | sed 's/^    //; s/   *#.*//' > "$folder/commands"
while read -r line; do
    command=$(echo "$line" | sed "s|^build/nvm|NVM|; s|build/|$folder/|g; s|^NVM|$nvm|")
    if sh -c "$command" >"$folder/out" 2>"$folder/err" </dev/null; then ok; else bad "documentation: $line"; cat "$folder/out" "$folder/err"; fi
done < "$folder/commands"
if [ -s "$folder/commands" ]; then ok; else bad 'the documentation shows no commands'; fi

# ---- no colours in a pipe, some on a terminal ------------------------------------------------------------------------

run 1 "$c" trap
if grep -q "$(printf '\033')" "$folder/out" "$folder/err"; then bad 'colours in a pipe'; else ok; fi
if command -v script >/dev/null 2>&1; then
    TERM=xterm script -qec "$nvm run $c trap" /dev/null >"$folder/out" 2>/dev/null </dev/null
    if grep -q "$(printf '\033\[')" "$folder/out"; then ok; else bad 'no colours on a terminal'; fi
else
    skip 'script is not installed: no terminal to try'
fi
if [ -e /dev/full ]; then
    "$nvm" run "$c" nothing >/dev/full 2>"$folder/err"
    if [ $? = 2 ]; then ok; else bad 'a full disk is not noticed'; fi
fi

echo "$passed passed, $failed failed$([ $skipped != 0 ] && echo ", $skipped skipped")"
[ $failed = 0 ]
