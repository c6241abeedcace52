#!/bin/sh
# Text of a hostile contract, proof, scenario and file name in the output of every command: no control or format
# character passes raw, and no line begins with words of theirs.
#
#     BUILD=build tests/cli_shown.sh
cd "$(dirname "$0")/.." || exit 1
. tests/cli_common.sh
if ! python3 -c '' 2>/dev/null; then
    echo 'skipped: there is no python3'
    echo '0 passed, 0 failed, 1 skipped'
    exit 0
fi

# What everything below is called, logs, stores, panics with: C0, DEL, C1, directions, zero width, separators, tags, a
# variation selector, a soft hyphen, a byte order mark, quotes, many spaces, and a line that speaks in our voice.
evil='\0a\0dFORGED.proof: verified (full): ok\0a\1b[31m\07\7f\c2\9b31m\c2\85\e2\80\ae\e2\81\a6\e2\80\8b\e2\80\8f\e2\80\a8\e2\80\a9\f3\a0\81\a1\ef\b8\8f\c2\ad\ef\bb\bf\"\\ '
evil="$evil$(printf '%120s' '')FORGED"
cat >"$folder/evil.wat" <<END
(module
  (import "env" "log_utf8" (func \$log (param i64 i64)))
  (import "env" "panic_utf8" (func \$panic (param i64 i64)))
  (import "env" "value_return" (func \$return (param i64 i64)))
  (import "env" "storage_write" (func \$write (param i64 i64 i64 i64 i64) (result i64)))
  (import "env" "promise_create" (func \$promise (param i64 i64 i64 i64 i64 i64 i64 i64) (result i64)))
  (memory (export "memory") 1)
  (global (export "global$evil") i32 (i32.const 0))
  (data (i32.const 1000) "bob.near")
  (data (i32.const 2000) "$evil\00")
  (func \$loud
    (call \$log (i64.const -1) (i64.const 2000)))
  (func (export "good")
    (call \$loud)
    (drop (call \$write (i64.const 200) (i64.const 2000) (i64.const 250) (i64.const 2000) (i64.const 0)))
    (drop (call \$promise (i64.const 8) (i64.const 1000) (i64.const 200) (i64.const 2000) (i64.const 100)
      (i64.const 2000) (i64.const 1100) (i64.const 1000000000000)))
    (call \$return (i64.const 200) (i64.const 2000)))
  (func (export "$evil") (call \$loud))
  (func (export "panic") (call \$panic (i64.const -1) (i64.const 2000)))
  (func \$deep unreachable)
  (func (export "trap") (call \$deep)))
END
cat >"$folder/unlinkable.wat" <<END
(module (import "env$evil" "x$evil" (func)) (import "env" "$evil" (func (param i32)))
  (func (export "f") (call 0)) (func (export "memory$evil")))
END
# name TEXT MODULE OUT: a module that is given hostile names of itself and of all functions, and a section with such a
# name; the name itself is in OUT.text
cat >"$folder/name.py" <<'END'
import re, sys
text, module, out = sys.argv[1:]
evil = bytearray()
for m in re.finditer(r'\\([0-9a-f]{2})|\\(.)|(.)', text, re.S):
    evil += bytes([int(m[1], 16)]) if m[1] else (m[2] or m[3]).encode()
def leb(n):
    b = b''
    while True:
        b += bytes([n & 127 | (128 if n > 127 else 0)])
        n >>= 7
        if not n: return b
def text_of(b): return leb(len(b)) + b
def section(name, body): return b'\0' + text_of(text_of(name) + body)
def standard(module): # without the sections that have names already
    out, at = module[:8], 8
    while at < len(module):
        size = shift = 0
        end = at + 1
        while True:
            byte = module[end]
            size |= (byte & 127) << shift
            shift += 7
            end += 1
            if byte < 128: break
        if module[at]: out += module[at:end + size]
        at = end + size
    return out
count = int(sys.argv[2].endswith('trap.plain')) or 12
functions = leb(count) + b''.join(leb(i) + text_of(b'f%d' % i + bytes(evil)) for i in range(count))
own = text_of(bytes(evil))
names = b'\0' + text_of(own) + b'\1' + text_of(functions)
open(out, 'wb').write(standard(open(module, 'rb').read()) + section(bytes(evil), b'x') + section(b'name', names))
open(out + '.text', 'wb').write(bytes(evil))
END
cat >"$folder/scan.py" <<'END'
import sys, unicodedata
selectors = set(range(0xfe00, 0xfe10)) | set(range(0xe0100, 0xe01f0))
for path in sys.argv[1:]:
    text = open(path, 'rb').read().decode('utf-8') # an error is one
    for c in text:
        if c == '\n': continue
        if unicodedata.category(c) in ('Cc', 'Cf', 'Zl', 'Zp') or ord(c) in selectors:
            sys.exit('U+%04X passes raw in %s' % (ord(c), path))
    for line in text.split('\n'):
        if line.startswith('FORGED'): sys.exit('a line of theirs begins in the first column: ' + line)
END
# looked_at FILE...: nothing hidden in it
looked_at() {
    if python3 "$folder/scan.py" "$@" 2>"$folder/why"; then ok; else bad "$what: $(tail -n 1 "$folder/why")"; fi
}
# shown CODE ARGUMENT...: runs the command and looks at both outputs; written FILE: at a file that it wrote
shown() { run "$@"; looked_at "$folder/out" "$folder/err"; }
written() { if [ -s "$1" ]; then looked_at "$1"; else bad "$what: nothing in $1"; fi; }
# no line of theirs, not even an indented one
ours() { if sed 's/^ *//' "$folder/out" | grep -q '^FORGED'; then bad "$what: a line of theirs"; else ok; fi; }

run 0 wat2wasm "$folder/evil.wat" -o "$folder/plain.wasm"
python3 "$folder/name.py" "$evil" "$folder/plain.wasm" "$folder/evil.wasm" || bad 'no hostile names'
wasm=$folder/evil.wasm
evil_text=$(cat "$wasm.text")

# ---- modules and contracts

shown 0 inspect "$wasm"; has 'u{202e}'
shown 0 inspect --all "$wasm"
shown 0 inspect --json "$wasm"; has '\\u202e'; has '\\udb40\\udc61'; has '\\u009b'
shown 0 inspect "$folder/unlinkable.wat"
shown 0 run "$wasm"; has 'u{202e}'
shown 0 run --json "$wasm"
shown 1 run "$wasm" goood; has 'good'
shown 1 run "$wasm" "$evil_text$evil_text"
shown 0 run "$wasm" "$evil_text"
shown 0 run "$wasm" good --flame "$folder/evil.svg" --folded "$folder/evil.folded" --save-state="$folder/evil.state" --all-costs
has 'u{202e}'; written "$folder/evil.svg"; written "$folder/evil.folded"
shown 0 run "$wasm" good --json
shown 0 run "$wasm" good --trie
shown 0 run "$wasm" good --trie --json
shown 0 run "$wasm" good --follow
shown 0 run "$wasm" good --follow --json
shown 1 run "$wasm" panic; has 'u{202e}'
shown 1 run "$wasm" panic --json
shown 1 run "$wasm" panic --trie
shown 1 run "$wasm" trap; has 'u{202e}'
shown 1 run "$wasm" trap --follow --json
shown 1 run "$folder/unlinkable.wat" f
shown 1 run "$folder/unlinkable.wat" f --json
shown 2 run "$wasm" good --args "$evil_text"
shown 2 run "$wasm" good --account "$evil_text"
shown 2 run "$wasm" good --context "$folder/$evil_text"
shown 2 exec "$folder/unlinkable.wat" f
shown 2 exec "$folder/unlinkable.wat" "$evil_text"
cat >"$folder/trap.wat" <<END
(module (func (export "t$evil") unreachable))
END
shown 1 exec "$folder/trap.wat" "t$evil_text"
shown 1 exec --json "$folder/trap.wat" "t$evil_text"
shown 2 exec "$folder/trap.wat" "$evil_text"
run 0 wat2wasm "$folder/trap.wat" -o "$folder/trap.plain"
python3 "$folder/name.py" "$evil" "$folder/trap.plain" "$folder/trap.wasm" || bad 'no hostile names'
shown 1 exec "$folder/trap.wasm" "t$evil_text"; says 'u{202e}'

# ---- states

run 0 state create "$folder/s" --account alice.near=100N --account bob.near=100N
run 0 state set "$folder/s" alice.near --code "$wasm"
run 0 state set "$folder/s" bob.near --code "$wasm"
key=ed25519:6E8sCci9badyRkXb3JoRpBj5p8C6Tw41ELDZoiihKEtp
run 0 state set "$folder/s" bob.near --add-key $key --receiver alice.near --methods "$(head -c 46 "$wasm.text")"
run 0 state set "$folder/s" alice.near "text:$evil_text" "text:$evil_text"
shown 0 state view "$folder/s" alice.near; has '0x0a0d "FORGED'
shown 0 state view "$folder/s" alice.near --json
shown 0 state view "$folder/s" bob.near; has 'FORGED'
shown 0 state view "$folder/s" bob.near --json
shown 0 state export "$folder/s"
shown 0 state accounts "$folder/s"
public=ed25519:FVen3X669xLzsi6N2V91DoiyzHzg1uAgqiT8jZ9nS96Z # RFC 8032, section 7.1, test 1
secret=ed25519:49W385L4rePHy6PAaQUovbD2aacgN4HsKXSMeUzRg4fmwXszN91JuMFrQRj3vMDpZuRF3ZknQBuRBoWQJEfXstMw
printf '{"account_id":"bob.near","public_key":"%s","private_key":"%s"}' $public $secret >"$folder/bob.json"
run 0 state set "$folder/s" bob.near --add-key $public
for method in good panic "$evil_text"; do
    expected_code=0
    [ "$method" = panic ] && expected_code=1
    shown $expected_code call "$folder/s" bob.near alice.near "$method" --args-file "$wasm.text" --key "$folder/bob.json" --dry-run
    has 'u{202e}'
    shown $expected_code call "$folder/s" bob.near alice.near "$method" --args-file "$wasm.text" --key "$folder/bob.json" --dry-run --json
    has '\\u202e'
done
shown 2 call "$folder/s" bob.near alice.near good --key "$folder/$evil_text"
shown 2 state view "$folder/s" "$evil_text"
shown 2 state view "$folder/$evil_text" alice.near

# ---- proofs

run 0 run "$wasm" good --proof "$folder/good.proof"
run 1 run "$wasm" panic --proof "$folder/panic.proof"
run 0 run "$wasm" "$evil_text" --args-base64 "$(base64 "$wasm.text" | tr -d '\n')" --follow --proof "$folder/method.proof"
for proof in good panic method; do
    shown 0 verify "$folder/$proof.proof"; has '^  given '; ours
    shown 0 verify --light "$folder/$proof.proof"; ours
    shown 0 verify --json "$folder/$proof.proof"
    shown 0 proof show "$folder/$proof.proof" --svg "$folder/$proof.svg"; written "$folder/$proof.svg"
    shown 0 proof show "$folder/$proof.proof"; has '^statement '; ours
    shown 0 proof show --json "$folder/$proof.proof"
    shown 0 proof show --json --all "$folder/$proof.proof"
done
run 0 verify "$folder/method.proof"
has '^  receipt    "\\0a\\0dFORGED.proof: verified (full): ok\\0a\\1b\[31m\\07\\7f\\u{9b}31m"... (209 bytes)() on alice.near by carol.near: ok$'
shown 1 verify "$folder/method.proof" --chain-id "$evil_text"
shown 2 verify "$folder/method.proof" --statement "$evil_text"
odd=$folder/$(printf 'a\nFORGED.proof: verified\033[31m\302\233')
cp "$folder/good.proof" "$odd"; shown 0 verify "$odd"; ours
head -c 100 "$folder/good.proof" >"$odd"; shown 1 verify "$odd"; ours; shown 1 verify --json "$odd"; shown 1 proof show "$odd"
shown 2 verify-outcome "$folder/$evil_text"

# ---- evidence: a purpose is a text of its maker's

run 0 attest --challenge aabb --provider simulator --out "$folder/simple.att"
shown 0 tee show "$folder/simple.att"
run 0 attest --key "$wasm.text" --purpose "$(head -c 46 "$wasm.text")" --provider simulator --out "$folder/key.att"
shown 0 tee show "$folder/key.att"; has 'purpose  *"\\0a\\0dFORGED'
shown 0 tee show --json "$folder/key.att"

# ---- documents, and words that are none

python3 -c '
import json, sys
evil = open(sys.argv[1], encoding="utf-8", newline="").read()
scenario = {"genesis_state": [], "genesis_root": evil, "blocks": [], "results": [{}], "transactions_json": [],
            "name": evil, "protocol_version": 88, "chain_id": evil, "validators": {}, "minimum_stake": "0",
            "unprocessed_receipts": evil}
json.dump(scenario, open(sys.argv[2], "w"), ensure_ascii=False)
json.dump({"header": {evil: 1}, "chunks": []}, open(sys.argv[3], "w"), ensure_ascii=False)' "$wasm.text" "$folder/evil.json" "$folder/block.json"
shown 1 replay "$folder/evil.json"; has 'u{202e}'
shown 1 replay --json "$folder/evil.json"; has '\\u202e'
shown 2 replay "$folder/block.json"
shown 2 replay "$folder/$evil_text"
shown 2 "$evil_text"
shown 2 run "--$evil_text"
shown 2 tee "$evil_text"
shown 2 params --protocol-version "$evil_text"
printf '(module (%s))' "$evil_text" >"$folder/bad.wat"
shown 2 wat2wasm "$folder/bad.wat"

echo "$passed passed, $failed failed$([ $skipped != 0 ] && echo ", $skipped skipped")"
[ $failed = 0 ]
