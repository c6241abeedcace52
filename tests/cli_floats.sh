#!/bin/sh
# The command in processes whose floating-point environment and locale are not the default ones: the same output.
cd "$(dirname "$0")/.." || exit 1
. tests/cli_common.sh

library=$folder/preload.so
if ! ${CC:-cc} -shared -fPIC -O1 tests/preload_floats.c -o "$library" -lm 2>"$folder/err"; then
    skip "preloaded environments: no compiler for a library to preload"
elif grep -qs '__asan_init' "$nvm"; then
    skip "preloaded environments: a sanitizer must be the first library"
else
    printf '%s' '(module (func (export "f") (param f64) (result f64 f64 f32 f64)
        (f64.mul (f64.const 0x1p-1022) (f64.const 0.5)) (f64.div (local.get 0) (f64.const 3))
        (f32.demote_f64 (f64.const 0.1)) (f64.nearest (f64.const 2.5))))' > "$folder/floats.wat"
    both() { # ARGUMENT...
        "$nvm" "$@" >"$folder/plain" 2>&1
        code=$?
        for setting in PRE_MXCSR=0 PRE_MXCSR=9fc0 PRE_MXCSR=5f80 PRE_MXCSR=e040 PRE_ROUND=upward PRE_ROUND=downward \
                       PRE_ROUND=zero PRE_LOCALE=de_DE.UTF-8 PRE_LOCALE=C.UTF-8; do
            env "$setting" LD_PRELOAD="$library" "$nvm" "$@" 2>&1 | grep -v '^no locale ' >"$folder/out"
            env "$setting" LD_PRELOAD="$library" "$nvm" "$@" >/dev/null 2>&1
            if [ $? = $code ] && cmp -s "$folder/plain" "$folder/out"; then ok; else
                bad "$setting nvm $*: not as without it"
                head -n 5 "$folder/out"
            fi
        done
    }
    both exec "$folder/floats.wat" f 0.1
    both exec --timeout 10.5 "$folder/floats.wat" f 1e-310
    both inspect "$folder/floats.wat"
    both run examples/contracts/counter.wasm increment
    both run examples/contracts/counter.wasm get --view --json
fi

echo "$passed passed, $failed failed$([ $skipped != 0 ] && echo ", $skipped skipped")"
[ $failed = 0 ]
