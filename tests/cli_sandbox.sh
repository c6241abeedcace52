#!/bin/sh
# The commands that read what others have made do it in the sandbox, and do there what they do outside. What the sandbox
# refuses is tested from inside, in test_sandbox.c.
#
#     BUILD=build tests/cli_sandbox.sh
cd "$(dirname "$0")/.." || exit 1
. tests/cli_common.sh

counter=examples/contracts/counter.wasm
run 0 version; has '^sandbox: '
there=$(sed -n 's/^sandbox: //p' "$folder/out")
case $there in *seccomp*) ;; *) skip "the sandbox: this build or system has none ($there)" ;; esac
grep -q '^Seccomp_filters:' /proc/self/status 2>/dev/null || there=none
filters() { sed -n 's/^Seccomp_filters:[^0-9]*//p' "/proc/$1/status"; }

# inside ADDED COMMAND...: while the command waits for a pipe named `slow` it has so many filters more than we have
inside() {
    wanted=$(($(filters self) + $1))
    shift
    rm -f "$folder/slow"
    mkfifo "$folder/slow"
    exec 9<>"$folder/slow"
    "$nvm" "$@" >/dev/null 2>&1 9>&- &
    child=$!
    tries=0
    found=
    while [ $tries -lt 200 ] && kill -0 $child 2>/dev/null; do
        ls -l /proc/$child/fd 2>/dev/null | grep -q slow && found=$(filters $child 2>/dev/null) && break
        tries=$((tries + 1))
        sleep 0.02
    done
    exec 9>&-
    wait $child
    if [ "$found" = $wanted ]; then ok; else bad "nvm $*: $found filters, expected $wanted"; fi
}
case $there in
*seccomp*)
    for without in '' --no-sandbox; do
        added=1
        [ "$without" ] && added=0
        inside $added run "$folder/slow" increment $without
        inside $added run $counter increment --args-file "$folder/slow" $without
        inside $added verify "$folder/slow" $without
        inside $added replay "$folder/slow" $without
        inside $added tee verify x --policy "$folder/slow" $without
    done
    inside 0 inspect "$folder/slow"
    ;;
esac

# ---- the same inside and outside --------------------------------------------------------------------------------------

# both COMMAND...: with the sandbox and without it, the same output, files and exit code
both() {
    "$nvm" "$@" >"$folder/one" 2>&1 </dev/null
    one=$?
    "$nvm" "$@" --no-sandbox >"$folder/two" 2>&1 </dev/null
    two=$?
    what="nvm $*"
    if [ $one = $two ]; then ok; else bad "$what: exit codes $one and $two"; fi
    same "$folder/one" "$folder/two" 'another output in the sandbox'
}
mkdir "$folder/in" "$folder/out.d"
both run $counter increment
both run $counter increment --json --flame "$folder/out.d/flame.svg" --folded "$folder/out.d/folded"
both run $counter increment --save-state="$folder/out.d/state.json" --proof "$folder/out.d/proof"
both run $counter get --state "$folder/out.d/state.json" --view
(cd "$folder/out.d" && ln -sf state.json link.json)
both run $counter get --state "$folder/out.d/link.json" --view
both run $counter increment --follow --proof "$folder/out.d/followed" --attest=simulator
both run "$folder/none.wasm" increment
both run "$folder/in" increment
both run $counter increment --proof "$folder/none/proof"
both run $counter increment --proof "$folder/in"
both run $counter increment --proof /dev/null
both verify "$folder/out.d/proof" "$folder/out.d/followed" "$folder/none" "$folder/in" -j 3
both verify "$folder/out.d/proof" --timeout 100 --json
run 0 tee show "$folder/out.d/followed" --policy-out "$folder/policy.json"
both tee verify "$folder/out.d/followed" --policy "$folder/policy.json" --at 1796000000
both verify "$folder/out.d/followed" --attestation "$folder/policy.json" --at 1796000000
both replay "$folder/in"
for file in tests/vectors/runtime*.jsonl.xz; do
    both replay "$file"
    break
done
head -c 32 /dev/urandom >"$folder/key" && chmod 600 "$folder/key"
run 0 run $counter increment --proof "$folder/moved" --suspend-at 100Ggas --suspend-to "$folder/sealed" --seal-key "$folder/key"
run 0 resume "$folder/sealed" --seal-key "$folder/key" --proof "$folder/moved" --suspend-at 120Ggas --suspend-to "$folder/sealed"
run 0 resume "$folder/sealed" --seal-key "$folder/key" --proof "$folder/moved"
same "$folder/moved" "$folder/out.d/proof" 'another proof after it was moved'

echo "$passed passed, $failed failed$([ $skipped != 0 ] && echo ", $skipped skipped")"
[ "$failed" = 0 ]
