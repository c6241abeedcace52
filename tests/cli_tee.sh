#!/bin/sh
# nvm run --attest, nvm verify --attestation, nvm attest, nvm tee: a session with the simulator, every way to be refused,
# real evidence where there are samples, exit codes.
#
#     BUILD=build tests/cli_tee.sh
cd "$(dirname "$0")/.." || exit 1
. tests/cli_common.sh

there() { if [ -s "$1" ]; then ok; else bad "$what: did not write $1"; fi; }
absent() { if [ -e "$1" ]; then bad "$what: has written $1"; else ok; fi; }
mode() { if [ "$(stat -c %a "$2")" = "$1" ]; then ok; else bad "$what: $2 has another mode than $1"; fi; }

# write FILE OFFSET BYTES: overwrites bytes of a file; BYTES as for printf
write() { printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null; }
# policy NAME SED: a policy made of the one for the simulator
policy() { sed "$2" "$folder/policy.json" >"$folder/$1.json"; }

counter=examples/contracts/counter.wasm
proof=$folder/out.proof

# ---- no silent fallback

run 0 tee info; silent
has '^simulator  *always'
has '^tdx '; has '^snp '; has '^nitro '; has '^sgx '
run 0 tee info simulator; has 'public constant'
run 2 tee info nothing; says "there is no 'nothing'"; says 'providers: simulator'
run 0 tee info --json; has '"provider":"simulator"'; has '"simulated":true'

if grep -q '"here":true,"simulated":false' "$folder/out"; then
    skip 'a machine without a device: there is one'
else
    run 2 run $counter increment --proof "$proof" --attest
    says 'no-device'; says 'hint: .*--provider simulator'
    absent "$proof"
    run 1 attest --challenge 00 --out "$folder/a.att"
    says 'no-device'; absent "$folder/a.att"
    run 1 tee info tdx; says 'no-device'
fi
run 2 run $counter increment --attest=simulator; says 'proof'
run 2 run $counter increment --proof "$proof" --provider simulator; says 'only with --attest'
run 2 run $counter increment --proof "$proof" --nonce 00; says 'only with --attest'
run 2 run $counter increment --proof "$proof" --attest=nothing; says "there is no 'nothing'"
run 2 run $counter increment --proof "$proof" --attest=tdx --provider simulator; says 'exclude each other'
run 2 run $counter increment --proof "$proof" --attest=simulator --nonce 0x00; says 'leave out the 0x'
run 2 run $counter increment --proof "$proof" --attest=simulator --nonce "$(printf '00%.0s' $(seq 33))"; says '2 to 64'
absent "$proof"

# ---- a session: run, look, verify

run 0 run $counter increment --proof "$proof" --attest --provider simulator --nonce 00112233
there "$proof"
run 0 proof show "$proof"; has 'attested  *nvm-tee-v1'
run 0 tee show "$proof" --policy-out "$folder/policy.json" --evidence "$folder/quote.bin" --collateral-out "$folder/collateral.json"
silent
has '^simulated  *yes: it proves nothing'; has '^about  *run'; has '^nonce  *00112233$'; has '^mr_td  *[0-9a-f]\{96\}$'
has 'nvm [0-9.]*, protocol version 88'; has 'nothing of this was checked'
there "$folder/policy.json"; there "$folder/quote.bin"; there "$folder/collateral.json"
run 0 tee show "$proof" --json; has '"attestation":{"version":2,"platform":"tdx","simulated":true'; has '"kind":"run","origin":"executed",'
run 0 tee show "$folder/quote.bin"; lacks 'provider'; has '^report_data  *[0-9a-f]*0\{56\}$'

run 0 verify "$proof" --attestation "$folder/policy.json" --challenge 00112233; silent
has 'out.proof: verified (full, attested by simulator (tdx) as executed here): statement '; has '"increment"() on alice.near by carol.near: ok, 1$'
has '^    ok      origin: executed here$'
has '^  attestation accepted: simulator (tdx); executed here; checked at 20[0-9TZ:-]*; TCB UpToDate; valid until .* days left)$'
has 'this proves nothing'
has '^    allowed simulator: .*because of allow_simulator$'
has '^    ok      event log: '
has '^    ok      mr_td: [0-9a-f]\{96\}$'
has '^    noted   register 1 (code): [0-9a-f]\{96\}$'
run 0 verify --light "$proof" --attestation "$folder/policy.json"; has '^    noted   challenge (nobody asked for one): 00112233$'
has 'verified (light, not executed, attested by simulator (tdx) as executed here)'
run 0 verify --light "$proof" --attestation "$folder/policy.json" --json
has '"attested":true,"attestation_verdict":{"accepted":true,"code":"ok","platform":"tdx","simulated":true,"origin":"executed","checked_at":"20'
has '"name":"mr_td","result":"ok","measured":"[0-9a-f]*","expected":"[0-9a-f]*"}'
has '"tcb_status":"UpToDate"'; has '"days_left":2[0-9]'
run 0 verify "$proof"; has 'attestation (nvm-tee-v1) not checked'
run 0 tee verify "$proof" --policy "$folder/policy.json"; has 'attestation accepted'
# Raw evidence does not say how long its nonce was.
run 1 tee verify "$folder/quote.bin" --policy "$folder/policy.json" --collateral "$folder/collateral.json" --challenge 00112233
has ': nonce ('; has '32 bytes'
run 0 run $counter increment --proof "$folder/nonce.proof" --attest=simulator --nonce "$(printf '01%.0s' $(seq 32))"
run 0 tee show "$folder/nonce.proof" --evidence "$folder/nonce.bin"
run 0 tee verify "$folder/nonce.bin" --policy "$folder/policy.json" --collateral "$folder/collateral.json" \
    --challenge "$(printf '01%.0s' $(seq 32))"
run 0 run $counter increment --proof "$folder/free.proof" --attest=simulator
run 0 tee show "$folder/free.proof" --evidence "$folder/free.bin"
run 1 tee verify "$folder/free.bin" --policy "$folder/policy.json" --collateral "$folder/collateral.json" \
    --challenge "$(printf '00%.0s' $(seq 32))"
has ': nonce ('
run 0 tee verify "$folder/quote.bin" --policy "$folder/policy.json" --collateral "$folder/collateral.json" --json
has '^{"accepted":true,"code":"ok"'
# Two files at once, one of them without.
run 0 run $counter increment --proof "$folder/plain.proof"
run 1 verify "$proof" "$folder/plain.proof" --attestation "$folder/policy.json"
has 'out.proof: verified'; has 'plain.proof: refused (ATTESTATION_MISSING)'

# ---- refused

# refuses CODE ARGUMENT...: the proof of the session, with these options
refuses() {
    expected_code=$1
    shift
    run 1 verify --light "$proof" "$@"
    has "refused (ATTESTATION)"; has "^  attestation refused: .*: $expected_code ("; has "^    refused .*($expected_code)"
    run 1 verify --light "$proof" "$@" --json
    has '"verdict":"refused"'; has "\"accepted\":false,\"code\":\"$expected_code\""
}
now=$(date +%s)
refuses nonce --attestation "$folder/policy.json" --challenge 00112234
refuses nonce --attestation "$folder/policy.json" --challenge 0011223300
policy real 's/,"allow_simulator":true//'
run 1 verify --light "$proof" --attestation "$folder/real.json"; has '^  hint: .*allow_simulator'
refuses simulator-not-allowed --attestation "$folder/real.json"
policy program 's/"rtmr3":"./"rtmr3":"f/'
refuses measurement --attestation "$folder/program.json"
policy expired 's/{"mr_td"/{"expires":"2020-01-01","mr_td"/'
refuses identity-expired --attestation "$folder/expired.json"
policy newer 's/}$/,"min_tcb_eval":4000000000}/'
refuses tcb-eval --attestation "$folder/newer.json"
policy nonce 's/}$/,"nonce":"00"}/'
refuses nonce --attestation "$folder/nonce.json"
refuses expired-root-crl --attestation "$folder/policy.json" --at $((now + 86400 * 45))
refuses not-yet-valid --attestation "$folder/policy.json" --at 2019-12-31T23:59:59Z
run 1 tee verify "$folder/quote.bin" --policy "$folder/policy.json"; has collateral-missing; has '^  hint: --collateral FILE'
run 1 tee verify "$folder/quote.bin" --policy "$folder/real.json" --collateral "$folder/collateral.json"; has root-mismatch
sed 's/"platform":"tdx"/"platform":"snp"/; s/"mr_td"/"measurement"/; s/,"rtmr0.*}\]/}],"min_tcb":"0000000000000000"/' "$folder/policy.json" >"$folder/snp.json"
refuses platform --attestation "$folder/snp.json"
run 1 tee verify "$folder/quote.bin" --policy "$folder/snp.json"; has 'platform'

# The attestation of another run, and tampered ones: the event log lies between the evidence and the nonce.
run 0 run $counter increment --signer dave.near --proof "$folder/other.proof" --attest=simulator
if command -v python3 >/dev/null 2>&1; then
    python3 - "$folder" <<'END'
import hashlib, sys
folder = sys.argv[1]
def parts(name):
    data = open(folder + "/" + name, "rb").read()[:-32]
    at = data.rindex(b"\x0a\0\0\0nvm-tee-v1") # scheme, then the size of the attestation, to the end
    return data[:at + 14], data[at + 18:]
def save(name, head, attestation):
    data = head + len(attestation).to_bytes(4, "little") + attestation
    open(folder + "/" + name, "wb").write(data + hashlib.sha256(data).digest())
head, good = parts("out.proof")
save("same.proof", head, good)
save("moved.proof", head, parts("other.proof")[1])
log = good.rindex(bytes.fromhex("00112233") + b"\0\0\0\0\0") - 5 # the nonce's size is in front of it
save("log.proof", head, good[:log] + bytes([good[log] ^ 1]) + good[log + 1:])
save("cut.proof", head, good[:-1])
save("zeros.proof", head, good[:log + 1] + (6).to_bytes(4, "little") + good[log + 5:log + 9] + b"\0\0" + good[log + 9:])
save("bare.proof", head, good[:log + 1] + bytes(4) + good[log + 9:])
kind = good.index(b"simulator") + 9
save("origin.proof", head, good[:kind + 1] + b"\x02" + good[kind + 2:])
save("version.proof", head, good[:6] + b"\x01" + good[7:kind + 1] + good[kind + 2:])
quote = good.index(b"\x04\x00\x02\x00\x81\0\0\0") + 200
save("quote.proof", head, good[:quote] + bytes([good[quote] ^ 1]) + good[quote + 1:])
END
    run 0 verify --light "$folder/same.proof" --attestation "$folder/policy.json"
    run 1 verify --light "$folder/moved.proof" --attestation "$folder/policy.json"; has ': report-data ('
    run 1 tee verify "$folder/moved.proof" --policy "$folder/policy.json"; has ': report-data ('
    run 1 verify --light "$folder/log.proof" --attestation "$folder/policy.json"; has ': event-log ('
    run 1 verify --light "$folder/cut.proof" --attestation "$folder/policy.json"; has ': evidence ('
    run 1 verify --light "$folder/zeros.proof" --attestation "$folder/policy.json" --challenge 001122330000; has ': report-data ('
    run 1 verify --light "$folder/bare.proof" --attestation "$folder/policy.json"; has ': report-data ('
    policy verified 's/}$/,"accept_origin":["verified","executed"]}/'
    run 1 verify --light "$folder/origin.proof" --attestation "$folder/verified.json"; has ': report-data ('
    run 1 verify --light "$folder/version.proof" --attestation "$folder/policy.json"; has ': version ('; has 'make it anew'
    run 0 tee show "$folder/version.proof"; lacks '^origin'
    run 1 verify --light "$folder/quote.proof" --attestation "$folder/policy.json"; has ': quote-signature ('
else
    skip 'tampered attestations: there is no python3'
fi

# ---- mistakes in policies and options

policy duplicate 's/^{/{"platform":"tdx",/'
run 2 verify "$proof" --attestation "$folder/duplicate.json"; says 'duplicate.json:1:.*twice.*(json-duplicate)'
policy unknown 's/allow_simulator/allow_simulators/'
run 2 verify "$proof" --attestation "$folder/unknown.json"; says "did you mean 'allow_simulator'?.*(policy-key)"
echo '{}' >"$folder/empty.json"
run 2 verify "$proof" --attestation "$folder/empty.json"; says '(policy-empty)'; says 'hint: docs/tee-policy.md'
echo '{"platform":"tdx","identities":[{"rtmr3":"00"}]}' >"$folder/short.json"
run 2 tee verify "$proof" --policy "$folder/short.json"; says 'expected 96 hexadecimal digits, found 2 (policy)'
echo 'platform: tdx' >"$folder/yaml.json"
run 2 tee verify "$proof" --policy "$folder/yaml.json"; says '(json)'
run 2 verify "$proof" --attestation "$folder/none.json"; says 'none.json'
run 2 verify "$proof" --challenge 00; says 'only with --attestation'
run 2 verify "$proof" --at 0; says 'only with --attestation'
run 2 verify "$proof" --attestation "$folder/policy.json" --at tomorrow; says 'is no time'
run 2 verify "$proof" --attestation "$folder/policy.json" --challenge 0; says 'even number'
run 2 verify "$proof" --attestation "$folder/policy.json" --collateral "$folder/none"; says none
run 2 tee verify "$proof"; says 'by which policy'
run 2 tee; says 'which part'
run 2 tee verfy; says 'did you mean .nvm tee verify'
run 2 tee verify "$folder/none" --policy "$folder/policy.json"
run 1 tee show "$folder/policy.json"; says 'neither an attestation'
run 1 tee show "$folder/plain.proof"; says 'without an attestation'
for part in info show verify key root release receive; do run 0 tee $part --help; has examples; done
run 0 tee key make --help; has examples
run 0 tee key sign --help; has examples
run 0 attest --help; has examples
run 0 --help; has '^  attest '; has '^  tee '

# ---- the table of codes in the documentation is that of the program

what='docs/TEE.md'
sed -n 's/^X([A-Z0-9_]*, "\([a-z0-9-]*\)", "\(.*\)")$/| `\1` | \2 |/p' tee/refusals.def >"$folder/codes"
if [ "$(wc -l <"$folder/codes")" -gt 100 ]; then ok; else bad 'tee/refusals.def has no codes'; fi
missing=$(grep -v -x -F -f docs/TEE.md "$folder/codes")
if [ -z "$missing" ]; then ok; else bad "$what: no such lines: $missing"; fi

# ---- evidence without a run

hash=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
run 0 attest --statement $hash --nonce aabb --provider simulator --out "$folder/s.att"; silent
run 1 tee verify "$folder/s.att" --policy "$folder/policy.json" --statement $hash --challenge aabb; has ': unchecked ('
run 0 tee verify "$folder/s.att" --policy "$folder/policy.json" --unchecked $hash --challenge aabb
has "ok      statement: $hash"; has 'accepted: simulator (tdx); neither executed nor verified; '; has 'because of --unchecked'
run 1 tee verify "$folder/s.att" --policy "$folder/policy.json" --unchecked "$(echo $hash | tr 9 8)"; has ': report-data ('
run 0 tee verify "$folder/s.att" --policy "$folder/policy.json" --json; has '"origin":"unchecked"'
run 1 tee verify "$proof" --policy "$folder/policy.json" --unchecked $hash; has ': report-data ('
run 2 tee verify "$proof" --policy "$folder/policy.json" --unchecked $hash --statement $hash; says 'exclude'
run 0 attest --challenge aabb --provider simulator --out "$folder/c.att"
run 0 tee verify "$folder/c.att" --policy "$folder/policy.json" --challenge aabb
run 1 tee verify "$folder/c.att" --policy "$folder/policy.json" --challenge aabb0000; has ': nonce ('
run 1 tee verify "$folder/c.att" --policy "$folder/policy.json" --statement $hash; has ': report-data ('
echo 'a public key' >"$folder/key.pub"
run 0 attest --key "$folder/key.pub" --purpose tls --provider simulator --out "$folder/k.att"
run 1 tee verify "$folder/k.att" --policy "$folder/policy.json"; has ': purpose ('; has '^  hint: .*"purpose"'
policy tls 's/}$/,"purpose":"tls"}/'
run 0 tee verify "$folder/k.att" --policy "$folder/tls.json"; has 'ok      purpose of the key: "tls"'
run 1 tee verify "$folder/k.att" --policy "$folder/tls.json" --statement $hash; has ': purpose ('
run 2 attest --key "$folder/key.pub" --purpose nvm-sign-v1 --provider simulator --out "$folder/x.att"; says 'nvm tee key make'
run 2 attest --provider simulator --out "$folder/x.att"; says 'about what'
run 2 attest --statement $hash --provider simulator; says 'where to'
run 2 attest --statement $hash --key "$folder/key.pub" --provider simulator --out "$folder/x.att"; says 'exclude'
run 2 attest --statement 00 --provider simulator --out "$folder/x.att"; says '64 hexadecimal digits'
absent "$folder/x.att"

# ---- signing keys

run 0 tee key make --provider simulator --purpose runs --key "$folder/key.sealed" --out "$folder/key.att"; silent
mode 600 "$folder/key.sealed"
run 2 tee key make --provider simulator --key "$folder/key.sealed" --out "$folder/key2.att"; says 'not written over'
run 2 tee key make --provider simulator --key "$folder/key2.sealed" --out "$folder/nowhere/key2.att"; absent "$folder/key2.sealed"
run 2 tee key sign "$folder/key.pub" --key "$folder/key.sealed" --attestation "$folder/key.att" --out "$folder/x.proof"
says 'key.pub: execution proof'
if [ -e /dev/full ]; then
    for command in "tee verify $proof --policy $folder/policy.json" "tee show $proof" 'tee info' 'attest --help' --help; do
        "$nvm" $command >/dev/full 2>"$folder/err"
        if [ $? = 2 ]; then ok; else bad "nvm $command: a full disk is not noticed"; fi
    done
fi
run 0 tee key sign "$folder/plain.proof" --key "$folder/key.sealed" --attestation "$folder/key.att" --out "$folder/signed.proof"
run 1 verify "$folder/signed.proof" --attestation "$folder/policy.json"; has ': purpose ('
policy runs 's/}$/,"purpose":"nvm-sign-v1:runs"}/'
run 1 verify "$folder/signed.proof" --attestation "$folder/runs.json"; has ': origin ('; has '^  hint: .*accept_origin'
policy runs 's/}$/,"purpose":"nvm-sign-v1:runs","accept_origin":["verified"]}/'
run 0 verify "$folder/signed.proof" --attestation "$folder/runs.json"
has 'attested by simulator (tdx) as verified in full here'; has 'ok      signature: by the attested key'
has 'purpose of the key: "nvm-sign-v1:runs"'
policy other 's/}$/,"purpose":"nvm-sign-v1:staging","accept_origin":["verified"]}/'
run 1 verify "$folder/signed.proof" --attestation "$folder/other.json"; has ': purpose ('
run 1 verify "$proof" --attestation "$folder/runs.json"; has ': origin ('
run 0 tee show "$folder/signed.proof" --policy-out "$folder/shown.json"; has '^signed as  *verified in full here$'
run 0 verify "$folder/signed.proof" --attestation "$folder/shown.json"
run 0 tee key sign --statement $hash --key "$folder/key.sealed" --attestation "$folder/key.att" --out "$folder/signed.att"
run 1 tee verify "$folder/signed.att" --policy "$folder/runs.json" --statement $hash; has ': unchecked ('
run 0 tee verify "$folder/signed.att" --policy "$folder/runs.json"; has 'noted   signature: not looked at'
run 0 tee verify "$folder/signed.att" --policy "$folder/runs.json" --unchecked $hash; has 'neither executed nor verified'
run 1 tee verify "$folder/signed.att" --policy "$folder/runs.json" --unchecked "$(echo $hash | tr 9 8)"
has ': statement-signature ('
run 1 tee verify "$folder/key.att" --policy "$folder/runs.json" --statement $hash; has ': statement-signature ('

# A key signs what was executed here in full, within limits, and nothing else.

sign="tee key sign --key $folder/key.sealed --attestation $folder/key.att --out $folder/x.proof"
# attack NAME: a proof that a verifier once believed
attack() { xz -dc tests/attacks/$1.xz >"$folder/$1"; }
attack false.proof; attack signed.proof; attack policy.json; attack spin20.proof
run 1 $sign "$folder/false.proof"; says 'does not verify.*return value'; absent "$folder/x.proof"
run 0 verify --light "$folder/false.proof"
run 1 verify --light "$folder/signed.proof" --attestation "$folder/policy.json"; has ': version ('
run 1 $sign "$folder/spin20.proof"; says 'does not verify'; absent "$folder/x.proof"
long_proof
run 1 $sign "$folder/long.proof" --timeout 0.001; says 'not verified within 0.001 seconds'; says 'hint: --timeout'
absent "$folder/x.proof"
run 0 run $counter increment --follow --gas 300T --proof "$folder/follow.proof"
run 1 $sign "$folder/follow.proof" --limit-gas 1; says 'does not verify.*--limit-gas'; absent "$folder/x.proof"
run 1 $sign "$folder/plain.proof" --max-memory 4096; says 'hint: --max-memory'; absent "$folder/x.proof"
run 0 tee key make --provider simulator --key "$folder/key3.sealed" --out "$folder/key3.att"
run 1 tee key sign "$folder/plain.proof" --key "$folder/key3.sealed" --attestation "$folder/key.att" --out "$folder/x.proof"
says 'key-binding'; absent "$folder/x.proof"
printf 'a root of 32 bytes, for the test' >"$folder/root.key"
chmod 644 "$folder/root.key"
run 1 tee key make --provider simulator --root "$folder/root.key" --key "$folder/key4.sealed" --out "$folder/key4.att"
says 'key-file-mode'; says 'hint: chmod 600'; absent "$folder/key4.sealed"
chmod 600 "$folder/root.key"
run 0 tee key make --provider simulator --root "$folder/root.key" --key "$folder/key4.sealed" --out "$folder/key4.att"
run 1 tee key sign "$folder/plain.proof" --key "$folder/key4.sealed" --attestation "$folder/key4.att" --out "$folder/x.proof"
says 'root-kind\|seal-corrupt'
run 0 tee key sign "$folder/plain.proof" --root "$folder/root.key" --key "$folder/key4.sealed" --attestation "$folder/key4.att" \
    --out "$folder/x.proof"
run 2 tee key sign "$folder/plain.proof" --key "$folder/key.sealed" --out "$folder/y.proof"; says '--attestation is missing'

# ---- a root secret for an enclave

echo 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f >"$folder/secret.key"
chmod 600 "$folder/secret.key"
run 0 tee root "$folder/secret.key"
root=$(cat "$folder/out")
has '^[0-9a-f]\{64\}$'; silent
chmod 640 "$folder/secret.key"; run 1 tee root "$folder/secret.key"; says 'key-file-mode'; quiet; chmod 600 "$folder/secret.key"
ln -s "$folder/secret.key" "$folder/secret.link"; run 2 tee root "$folder/secret.link"; says 'symbolic link'
run 2 tee receive --provider simulator --evidence "$folder/r.att" --message "$folder/r.msg" --out "$folder/got.key"
says '--root-id is missing'; says 'hint: .*nvm tee root'; absent "$folder/r.att"
# receive LABEL [ROOT]: in the background; waits for its evidence
receive() {
    rm -f "$folder/r.att" "$folder/r.msg" "$folder/got.key"
    "$nvm" tee receive --provider simulator --challenge 0123 --evidence "$folder/r.att" --message "$folder/r.msg" --root-id "${2:-$root}" \
        --label "$1" --out "$folder/got.key" --timeout 20 >"$folder/receive.out" 2>&1 &
    receiver=$!
    for _ in $(seq 200); do [ -s "$folder/r.att" ] && break; sleep 0.05; done
}
receive data
run 1 tee release --evidence "$folder/r.att" --policy "$folder/real.json" --challenge 0123 --root "$folder/secret.key" \
    --label data --out "$folder/r.msg"
has 'simulator-not-allowed'; absent "$folder/r.msg"
run 1 tee release --evidence "$folder/r.att" --policy "$folder/policy.json" --challenge 0124 --root "$folder/secret.key" \
    --label data --out "$folder/r.msg"
has 'refused nonce'; absent "$folder/r.msg"
run 1 tee release --evidence "$folder/k.att" --policy "$folder/policy.json" --root "$folder/secret.key" --out "$folder/r.msg"
has 'refused purpose'; absent "$folder/r.msg"
run 0 tee release --evidence "$folder/r.att" --policy "$folder/policy.json" --challenge 0123 --root "$folder/secret.key" \
    --label data --out "$folder/r.msg"
has "root released: id $root\$"
wait "$receiver"; code=$?
what='nvm tee receive'
if [ "$code" = 0 ]; then ok; else bad "$what: exit code $code"; cat "$folder/receive.out"; fi
mode 600 "$folder/got.key"
if [ "$(od -An -tx1 "$folder/got.key" | tr -d ' \n')" = "$(cat "$folder/secret.key")" ]; then ok; else bad "$what: another secret"; fi
cp "$folder/r.msg" "$folder/old.msg"
# The message of another key, and of another label.
receive data
cp "$folder/old.msg" "$folder/r.tmp" && mv "$folder/r.tmp" "$folder/r.msg"
wait "$receiver"; code=$?
if [ "$code" = 1 ] && grep -q seal-corrupt "$folder/receive.out"; then ok; else bad "$what: an old message: exit code $code"; fi
absent "$folder/got.key"
receive data
run 0 tee release --evidence "$folder/r.att" --policy "$folder/policy.json" --challenge 0123 --root "$folder/secret.key" \
    --label other --out "$folder/r.msg"
wait "$receiver"; code=$?
what='nvm tee receive'
if [ "$code" = 1 ] && grep -q seal-corrupt "$folder/receive.out"; then ok; else bad "$what: another label: exit code $code"; fi
# Another root than the one that was named.
receive data "$(echo "$root" | tr 0-9a-f 1-9a-f0)"
run 0 tee release --evidence "$folder/r.att" --policy "$folder/policy.json" --challenge 0123 --root "$folder/secret.key" \
    --label data --out "$folder/r.msg"
wait "$receiver"; code=$?
what='nvm tee receive'
if [ "$code" = 1 ] && grep -q "the released root is" "$folder/receive.out"; then ok; else bad "$what: another root: exit code $code"; fi
absent "$folder/got.key"
rm -f "$folder/r.msg"
run 1 tee receive --root-id $root --provider simulator --evidence "$folder/r.att" --message "$folder/r.msg" --out "$folder/got.key" --timeout 0.1
says '(timeout)'
run 2 tee receive --root-id $root --provider simulator --evidence "$folder/r.att" --message "$folder/old.msg" --out "$folder/got.key"
says 'is there already'

# ---- real evidence

samples=${NVM_TEE_VECTORS:-../shared/tee-vectors}
if [ -d "$samples" ]; then
    run 0 tee show "$samples/tdx_v4.quote" --policy-out "$folder/tdx.json"
    run 0 tee verify "$samples/tdx_v4.quote" --policy "$folder/tdx.json" --collateral "$samples/tdx_v4.collateral.json" \
        --at 2025-06-25T00:00:00Z
    has 'attestation accepted: tdx; checked at 2025-06-25T00:00:00Z; TCB UpToDate'
    run 1 tee verify "$samples/tdx_v4.quote" --policy "$folder/tdx.json" --collateral "$samples/tdx_v4.collateral.json"
    has 'attestation refused'
    run 0 tee show "$samples/sgx_v3.quote" --policy-out "$folder/sgx.json"
    run 1 tee verify "$samples/sgx_v3.quote" --policy "$folder/sgx.json" --collateral "$samples/sgx_v3.collateral.json" \
        --at 2025-06-25T00:00:00Z
    has ': tcb-status ('
    sed -i 's/}$/,"accept_tcb":["ConfigurationAndSWHardeningNeeded"]}/' "$folder/sgx.json"
    run 0 tee verify "$samples/sgx_v3.quote" --policy "$folder/sgx.json" --collateral "$samples/sgx_v3.collateral.json" \
        --at 2025-06-25T00:00:00Z
    run 0 tee show "$samples/nitro_2025_ok.cose" --policy-out "$folder/nitro.json"
    run 0 tee verify "$samples/nitro_2025_ok.cose" --policy "$folder/nitro.json" --at 1766668540
    run 1 tee verify "$samples/nitro_2025_ok.cose" --policy "$folder/nitro.json"; has 'refused'
    run 0 tee show "$samples/nitro_2025_debug.cose" --policy-out "$folder/debug.json"
    run 1 tee verify "$samples/nitro_2025_debug.cose" --policy "$folder/debug.json" --at 2025-12-25T08:20:50Z; has ': debug ('
    run 0 tee show "$samples/snp_v3.report" --policy-out "$folder/snp.json"
    sed -i 's/}$/,"require_crl":false,"allow_smt":true}/' "$folder/snp.json"
    run 0 tee verify "$samples/snp_v3.report" --policy "$folder/snp.json" --collateral "$samples/snp_v3_vcek.pem" \
        --collateral "$samples/amd_milan.pem" --at 2026-07-01T00:00:00Z
    has 'attestation accepted: snp'
else
    skip "real evidence: no samples in $samples"
fi

printf '%s passed, %s failed' "$passed" "$failed"
[ "$skipped" = 0 ] || printf ', %s skipped' "$skipped"
echo
[ "$failed" = 0 ]
