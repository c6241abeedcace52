#!/bin/sh
# nvm exec --tee: the module nvm_tee as users try it.
#
#     BUILD=build tests/cli_exec_tee.sh
cd "$(dirname "$0")/.." || exit 1
. tests/cli_common.sh

says_not() { if grep -q -e "$1" "$folder/err"; then bad "$what: stderr has '$1'"; else ok; fi; }

module=examples/measured.wat

# What the module does; the value of a register is the same each time, and depends on what was measured.
run 0 exec --provider simulator $module run; prints 11
says '^register 1: [0-9a-f]\{96\}$'; says '^register 4: [0-9a-f]\{96\}$'; says_not '^register 0'
cp "$folder/err" "$folder/first"
run 0 exec --provider simulator --json $module run
if cmp -s "$folder/err" "$folder/first"; then ok; else bad "$what: other registers than the first time"; fi
if grep -q '"value": "11"' "$folder/out"; then ok; else bad "$what: the JSON has no result"; fi
sed 's/hello world/hello there/' $module > "$folder/other.wat"
run 0 exec --provider simulator "$folder/other.wat" run; prints 11
if cmp -s "$folder/err" "$folder/first"; then bad "$what: the same registers as another module"; else ok; fi

# Quotes: of the simulator if it is named; never of it otherwise.
run 0 exec --provider simulator $module quote
if [ "$(cat "$folder/out")" -gt 500 ]; then ok; else bad "$what: printed '$(cat "$folder/out")'"; fi
if [ ! -e /dev/tdx_guest ] && [ ! -e /sys/kernel/config/tsm/report ]; then
    run 0 exec --provider tdx $module quote; prints -3; says 'no-device'
    run 0 exec --provider tdx $module run; prints -3; says 'no root of sealing'
fi
"$nvm" tee info --json >"$folder/info" 2>&1
if grep -q '"here":true,"simulated":false' "$folder/info"; then
    echo "skipped: --tee where there is no device: there is one"
else
    run 0 exec --tee $module quote; prints -3; says 'no provider of evidence.*(no-device)'
    run 0 exec --tee $module run; prints -3; says 'no root of sealing.*(no-device)'; says '^register 4'
fi
run 2 exec --provider tdy $module quote; says "there is no 'tdy'"; says 'simulator, tdx'

# Key files.
printf '%064d' 7 > "$folder/key"
chmod 644 "$folder/key"
run 2 exec --seal-key "$folder/key" $module run; says 'its mode is 0644'; says 'chmod 600'
chmod 600 "$folder/key"
run 0 exec --seal-key "$folder/key" $module run; prints 11
run 2 exec --seal-key "$folder/none" $module run; says 'No such file'
printf 'short' > "$folder/key"
run 2 exec --seal-key "$folder/key" $module run; says '64 hexadecimal digits'

# Where the key is while the module runs: once, locked, out of core dumps.
printf 'key of 32 bytes, for this test!!' >"$folder/key"
echo '(module (func (export "g") (loop $l (br $l))))' >"$folder/loop.wat"
"$nvm" exec --seal-key "$folder/key" --timeout 20 "$folder/loop.wat" g >/dev/null 2>&1 &
process=$!
what='a running nvm exec --seal-key'
if command -v python3 >/dev/null 2>&1; then
    python3 - "$process" "$folder/key" >"$folder/found" 2>&1 <<'END'
import re, sys, time
pid, key = sys.argv[1], open(sys.argv[2], "rb").read()
def copies():
    found, flags, part = [], "", None
    memory = open("/proc/%s/mem" % pid, "rb")
    for line in open("/proc/%s/smaps" % pid):
        m = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw.. \S+ \S+ \S+\s*(.*)", line)
        if m:
            part = None if m.group(3).startswith("[v") else (int(m.group(1), 16), int(m.group(2), 16))
        elif re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
            part = None
        elif line.startswith("VmFlags:") and part and part[1] - part[0] < 1 << 28: # not the shadow of a sanitizer
            memory.seek(part[0])
            n = memory.read(part[1] - part[0]).count(key)
            if n:
                found.append("%d%s%s" % (n, " dd" if " dd" in line else "", " lo" if " lo" in line else ""))
    return found
for _ in range(100):
    found = copies()
    if found:
        break
    time.sleep(0.05)
print("copies:", found)
print("core:", [line.split()[4:6] for line in open("/proc/%s/limits" % pid) if line.startswith("Max core")])
END
    if grep -q PermissionError "$folder/found"; then skip "$what: this user cannot look into it"
    elif grep -q "copies: \['1 dd" "$folder/found" && grep -q "core: .*'0', '0'" "$folder/found"; then ok
    else bad "$what: $(cat "$folder/found")"; fi
else
    skip "$what: there is no python3"
fi
kill "$process"
wait "$process" 2>/dev/null
printf 'short' >"$folder/key"

# Fuel pays for what the functions do, before they do it.
run 0 exec --provider simulator --fuel 1000000 $module run; prints 11; says 'fuel used: 2[0-9]*$'
run 1 exec --tee --fuel 1000 $module run; says 'out of gas'; says_not '^register 4'

# Without --tee, and with imports that are not there.
run 2 exec $module run; says 'needs imports'; says 'nvm_tee.tee_extend_pcr'; says '--tee offers'
echo '(module (import "env" "f" (func)) (func (export "g")))' > "$folder/env.wat"
run 2 exec --tee "$folder/env.wat" g; says '"env" is not the module nvm_tee'
echo '(module (import "nvm_tee" "tee_read_pcr" (func)) (func (export "g")))' > "$folder/type.wat"
run 2 exec --tee "$folder/type.wat" g; says 'another type'
echo '(module (func (export "g")))' > "$folder/plain.wat"
run 0 exec --tee "$folder/plain.wat" g; says '^register 1'

# A register that does not exist, and memory that is not the guest's.
for case in '99) (i32.const 0) (i32.const 1:no such register' '0) (i32.const -1) (i32.const 2:outside of the guest'; do
    echo "(module (import \"nvm_tee\" \"tee_extend_pcr\" (func \$e (param i32 i32 i32) (result i32))) (memory 1)
        (func (export \"g\") (drop (call \$e (i32.const ${case%%:*})))))" > "$folder/trap.wat"
    run 1 exec --tee "$folder/trap.wat" g; says "trap: nvm_tee: .*${case#*:}"
done

printf '%s passed, %s failed' "$passed" "$failed"
[ "$skipped" = 0 ] || printf ', %s skipped' "$skipped"
echo
[ "$failed" = 0 ]
