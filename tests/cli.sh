#!/bin/sh
# The nvm command: what it prints, its errors and exit codes, and the README's own commands.
#
#     BUILD=build tests/cli.sh
cd "$(dirname "$0")/.." || exit 1
. tests/cli_common.sh

cat > "$folder/m.wat" <<'END'
(module $sample
  (memory (export "memory") 1 4)
  (global (export "counter") (mut i32) (i32.const 0))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "wide") (param i64) (result i64) (local.get 0))
  (func (export "single") (param f32) (result f32) (local.get 0))
  (func (export "double") (param f64) (result f64) (local.get 0))
  (func (export "many") (result i32 i64 f32 f64 funcref externref)
    (i32.const -1) (i64.const -2) (f32.const 0.1) (f64.const 0.1) (ref.null func) (ref.null extern))
  (func (export "refer") (param externref) (result externref) (local.get 0))
  (func $divide (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func $fail (export "fail") (param i32) (result i32) (call $divide (i32.const 1) (local.get 0)))
  (func $deep (export "deep") (call $deep))
  (func (export "endless") (loop (br 0)))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
END

# ---- help and usage
run 0 --help; has '^usage: nvm COMMAND'; has 'exec '; has 'inspect '; has 'wat2wasm '; has '^exit codes'; silent
run 0 help exec; has '^usage: nvm exec'
run 2
says 'usage: nvm'
for command in exec inspect wat2wasm version; do
    run 0 $command --help; has "^usage: nvm $command"; has '^examples:'; has '^exit codes'; silent
done
run 2 exce; says "there is no command 'exce'"; says 'did you mean `nvm exec`'
run 0 version; has '^nvm [0-9]'; has '^compiler: '; has '^dispatchers: '
run 0 --version; has '^nvm [0-9]'
run 2 exec; says 'something is missing'; says 'usage: nvm exec MODULE'
run 2 exec --feul 3 "$folder/m.wat" add 1 2; says "no option '--feul'"; says 'did you mean --fuel'
run 2 exec --fuel many "$folder/m.wat" add 1 2; says "'many' is no number"
run 2 exec "$folder/m.wat" add 1 2 --fuel; says 'needs a value'
run 2 exec --lazy=yes "$folder/m.wat" add 1 2; says 'takes no value'
run 2 inspect a b; says 'too many operands'

# ---- values
run 0 exec "$folder/m.wat" add 2 3; prints 5; silent
run 0 exec "$folder/m.wat" add -- -2 -3; prints -5
run 0 exec "$folder/m.wat" add -2 0xffffffff; prints -3
run 0 exec "$folder/m.wat" add 4294967295 2147483648; prints 2147483647
run 0 exec "$folder/m.wat" wide 18446744073709551615; prints -1
run 0 exec "$folder/m.wat" wide -0x8000000000000000; prints -9223372036854775808
run 2 exec "$folder/m.wat" wide 18446744073709551616; says "is no i64"
run 2 exec "$folder/m.wat" add 1 4294967296; says "argument 2 of 'add': '4294967296' is no i32"; says '4294967295'
run 2 exec "$folder/m.wat" add 1 -2147483649; says 'is no i32'
run 2 exec "$folder/m.wat" add 1 0x; says 'is no i32'
run 2 exec "$folder/m.wat" add 1 ''; says 'is no i32'
run 2 exec "$folder/m.wat" add 1; says 'takes 2 arguments, not 1'; says 'add(i32, i32) -> i32'
for value in 0 -0 1 0.1 -1.5 3.4028235e+38 1e-45 inf -inf nan nan:0x200000 -nan:0x7fffff; do
    run 0 exec "$folder/m.wat" single "$value"
    first=$(cat "$folder/out")
    run 0 exec "$folder/m.wat" single "$first"; prints "$first"
done
run 0 exec "$folder/m.wat" double 0.1; prints 0.1
run 0 exec "$folder/m.wat" double 1e308; prints 1e+308
run 0 exec "$folder/m.wat" double 0x1.8p1; prints 3
run 0 exec "$folder/m.wat" double nan:0x4000000000001; prints nan:0x4000000000001
run 2 exec "$folder/m.wat" double 1.5x; says 'is no f64'
run 0 exec "$folder/m.wat" many; prints "$(printf -- '-1\n-2\n0.1\n0.1\nnull\nnull')"
run 0 exec "$folder/m.wat" refer 7; prints 7
run 0 exec "$folder/m.wat" refer null; prints null

# ---- wrong names, wrong files
run 2 exec "$folder/m.wat" ad 1 2; says "exports no function 'ad'"; says "did you mean 'add'"; says 'add(i32, i32) -> i32'; says 'wide(i64) -> i64'
run 2 exec "$folder/m.wat" memory; says "'memory' is not a function"
run 2 exec "$folder/none.wasm" f; says 'No such file'
run 2 exec "$folder" f; says 'is a directory'
: > "$folder/empty"; run 2 exec "$folder/empty" f; says 'is empty'
printf 'GIF89a' > "$folder/gif"; run 2 exec "$folder/gif" f; says 'magic header not detected'; says 'hint:'
printf '\0asm\1\0\0\0\1\5\1' > "$folder/cut.wasm"; run 2 exec "$folder/cut.wasm" f; says 'at byte 0x'
printf '(module\n  (func (i32.ad)))' > "$folder/bad.wat"; run 2 exec "$folder/bad.wat" f; says 'bad.wat:2:1'
printf '(module (func (result i32)))' > "$folder/invalid.wat"; run 2 exec "$folder/invalid.wat" f; says 'type mismatch'
printf '(module (import "env" "f" (func (param i32) (result i64))) (func (export "g")))' > "$folder/import.wat"
run 2 exec "$folder/import.wat" g; says 'missing'; says 'function env.f(i32) -> i64'
printf '(module (func (export "a\\n\\1b[31m")))' > "$folder/control.wat"
run 2 exec "$folder/control.wat" f; says 'a\\0a\\1b\[31m'

# ---- traps
run 1 exec "$folder/m.wat" fail 0; prints ''; says 'trap: integer divide by zero'
says '0: divide (function 6) at 0x'; says '1: fail (function 7) at 0x'
run 0 exec "$folder/m.wat" fail 1; prints 1
run 1 exec "$folder/m.wat" deep; says 'trap: call stack exhausted'; says 'more frames'
run 1 exec --stack 1000 "$folder/m.wat" deep; says 'call stack exhausted'
run 1 exec --fuel 100000 "$folder/m.wat" endless; says 'trap: out of gas'; says 'fuel used: '
run 0 exec --fuel 100 "$folder/m.wat" add 1 2; prints 3; says '^fuel used: 3$'
run 1 exec --timeout 0.05 "$folder/m.wat" endless; says 'trap: interrupted'
run 0 exec --timeout 100 "$folder/m.wat" add 1 2; prints 3
# whatever it does: long operations, recursion without loops; and loading
cat > "$folder/long.wat" <<'END'
(module (memory 1024) (table 1000000 funcref)
  (func (export "fill") (loop (memory.fill (i32.const 0) (i32.const 1) (i32.const 67108864)) (br 0)))
  (func (export "table") (loop (table.fill (i32.const 0) (ref.null func) (i32.const 1000000)) (br 0)))
  (func $r (export "recursion") (param i32)
    (if (local.get 0) (then (call $r (i32.sub (local.get 0) (i32.const 1))) (call $r (i32.sub (local.get 0) (i32.const 1)))))))
END
for f in fill table 'recursion 60'; do
    run 1 exec --timeout 0.05 "$folder/long.wat" $f; says 'trap: interrupted'
    run 1 exec --timeout 0.05 --fuel 100000000000000 "$folder/long.wat" $f; says 'trap: interrupted'
done
run 1 exec --timeout 0.000001 "$folder/m.wat" endless; says 'interrupted'
printf '(module (func $boom unreachable) (start $boom) (func (export "f")))' > "$folder/start.wat"
run 1 exec "$folder/start.wat" f; says 'trap: unreachable'; says 'boom'
run 0 exec --max-memory 2 "$folder/m.wat" grow 1; prints 1
run 0 exec --max-memory 2 "$folder/m.wat" grow 2; prints -1

# ---- options
run 0 exec --lazy --time "$folder/m.wat" add 1 2; prints 3; says '^call: '
run 0 exec --dispatcher portable "$folder/m.wat" add 1 2; prints 3
run 2 exec --dispatcher fast "$folder/m.wat" add 1 2; says "no dispatcher 'fast'"
run 2 exec --disable multi-value "$folder/m.wat" add 1 2; says 'm.wat'
run 2 exec --disable multi-valu "$folder/m.wat" add 1 2; says 'did you mean multi-value'
run 2 exec --features none "$folder/m.wat" add 1 2
run 0 exec --json --fuel 50 "$folder/m.wat" many; has '"status": "ok"'; has '"value": "-1"'; has '"fuel_used": 6'
run 1 exec --json "$folder/m.wat" fail 0; has '"status": "trap"'; has '"name": "divide"'; has '"message": "integer divide by zero"'
if command -v python3 >/dev/null 2>&1; then
    if python3 -m json.tool < "$folder/out" >/dev/null; then ok; else bad 'exec --json is no JSON'; fi
fi
"$nvm" exec - add 4 5 < "$folder/m.wat" > "$folder/out"; what='nvm exec -'; prints 9
"$nvm" exec "$folder/m.wat" add 1 2 > /dev/full 2> "$folder/err"
if [ $? = 2 ]; then ok; else bad 'a full disk is not noticed'; fi

# ---- wat2wasm
run 0 wat2wasm "$folder/m.wat" -o "$folder/m.wasm"; silent
run 0 exec "$folder/m.wasm" add 20 22; prints 42
run 0 wat2wasm "$folder/m.wat" -o "$folder/again.wasm"
if cmp -s "$folder/m.wasm" "$folder/again.wasm"; then ok; else bad 'wat2wasm is not deterministic'; fi
"$nvm" wat2wasm - -o - < "$folder/m.wat" | cmp -s - "$folder/m.wasm" && ok || bad 'wat2wasm - -o -'
cp "$folder/m.wat" "$folder/name.wat"; run 0 wat2wasm "$folder/name.wat"
if [ -s "$folder/name.wasm" ]; then ok; else bad 'wat2wasm without -o'; fi
run 2 wat2wasm "$folder/m.wasm" -o "$folder/x.wasm"; says 'binary module already'
run 2 wat2wasm "$folder/invalid.wat" -o "$folder/x.wasm"; says 'type mismatch'
if [ ! -e "$folder/x.wasm" ]; then ok; else bad 'wat2wasm left a file behind'; fi
run 0 wat2wasm --no-check "$folder/invalid.wat" -o "$folder/x.wasm"
run 2 wat2wasm "$folder/m.wat" -o "$folder/no/such/x.wasm"; says 'cannot write'
if ls "$folder" | grep -q tmp; then bad 'a temporary file is left'; else ok; fi

# ---- inspect
run 0 inspect "$folder/m.wasm"; has 'valid'; has '^  code  *at 0x'; has '^  function add(i32, i32) -> i32'; has 'memory   memory: 1 to 4 pages'
has 'function 6 divide(i32, i32) -> i32'; has 'global   counter: mutable i32'; silent
run 0 inspect --json "$folder/m.wat"; has '"name": "sample"'; has '"section": "export"'; has '"mutable": true'
if command -v python3 >/dev/null 2>&1; then
    if python3 -m json.tool < "$folder/out" >/dev/null; then ok; else bad 'inspect --json is no JSON'; fi
fi
run 0 inspect "$folder/import.wat"; has 'function env.f(i32) -> i64'
run 2 inspect "$folder/cut.wasm"; says 'malformed module'

# ---- no colours in a pipe
if grep -q "$(printf '\033')" "$folder/out" "$folder/err"; then bad 'colours in a pipe'; else ok; fi

# ---- the benchmark's kernels
for pair in fib:20:6765 sieve:1:82025; do
    IFS=: read -r name n result <<END
$pair
END
    run 0 exec bench/kernels/kernels.wasm "$name" "$n"; prints "$result"
done

# ---- the README's commands
grep -E '^    (build/nvm|head -c|cmp) ' README.md | sed 's/^    //; s/  *#.*//' > "$folder/readme"
while read -r line; do
    # what they write goes elsewhere: they are run again by every build
    command=$(echo "$line" | sed "s|^build/nvm|NVM|; s|build/|$folder/|g; s|^NVM|$nvm|")
    if sh -c "$command" >"$folder/out" 2>"$folder/err" </dev/null; then ok; else bad "README: $line"; cat "$folder/err"; fi
done < "$folder/readme"
if [ -s "$folder/readme" ]; then ok; else bad 'README.md shows no commands'; fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
