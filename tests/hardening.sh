#!/bin/sh
# What a release build is protected by, read from the files themselves (Makefile, scripts/hardening.sh).
#
#     BUILD=build tests/hardening.sh
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
passed=0
failed=0
skipped=0

# holds WHAT FILE COMMAND...: what the command prints has a line that matches; lacks: it has none
holds() { what=$1 pattern=$2; shift 2; if "$@" 2>/dev/null | grep -qE -e "$pattern"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "failed: $what: nothing matches '$pattern' in: $*"; fi; }
lacks() { what=$1 pattern=$2; shift 2; if "$@" 2>/dev/null | grep -qE -e "$pattern"; then failed=$((failed + 1)); echo "failed: $what: '$pattern' in: $*"; else passed=$((passed + 1)); fi; }

command -v readelf >/dev/null 2>&1 || { echo "failed: readelf is needed (binutils)"; echo "0 passed, 1 failed"; exit 1; }
holds 'a program that can be loaded anywhere' '^ *Type: *DYN' readelf -hW "$BUILD/nvm"
holds 'a program that can be loaded anywhere' 'Flags:.*PIE' readelf -dW "$BUILD/nvm"
for file in "$BUILD/nvm" "$BUILD/libnvm.so"; do
    holds "$file: tables are read-only after the start" 'GNU_RELRO' readelf -lW "$file"
    holds "$file: all of them, as everything is bound then" 'BIND_NOW|Flags:.*NOW' readelf -dW "$file"
    holds "$file: the stack holds no code" 'GNU_STACK .* RW  ' readelf -lW "$file"
    lacks "$file: nothing is writable and executable" 'LOAD .* RWE ' readelf -lW "$file"
    lacks "$file: code is not written to" 'TEXTREL' readelf -dW "$file"
    holds "$file: guards on the stack" '__stack_chk_fail' readelf -sW --dyn-syms "$file"
    holds "$file: checked calls of the C library" '__(memcpy|snprintf|vsnprintf|printf|fprintf|read|memset)_chk' readelf -sW --dyn-syms "$file"
done
holds 'libseccomp is for the command' 'NEEDED.*libseccomp' readelf -dW "$BUILD/nvm"
lacks 'libseccomp is for the command' 'NEEDED.*libseccomp' readelf -dW "$BUILD/libnvm.so"

# Landing marks: functions begin with one, where the compiler has them; the dispatchers have none (vm/flags.mk).
marks() { objdump -d --no-show-raw-insn "$1" | awk '/^[0-9a-f]+ <.*>:$/ { getline; print }'; }
case $(readelf -hW "$BUILD/nvm" | sed -n 's/^ *Machine: *//p') in
*X86-64*)
    holds 'landing marks' 'endbr64' marks "$BUILD/obj/cli/main.o"
    # what the C library's own start files lack, the program lacks: so each object is asked
    for object in cli/main vm/execute_portable vm/execute_tail; do
        holds 'returns that are protected' 'SHSTK' readelf -n "$BUILD/obj/$object.o"
    done
    ;;
*AArch64*) holds 'landing marks' 'bti|paciasp' marks "$BUILD/obj/cli/main.o" ;;
*) skipped=1; echo "skipped: landing marks: no rule for this machine" ;;
esac

printf '%d passed, %d failed' $passed $failed
[ $skipped = 0 ] || printf ', %d skipped' $skipped
printf '\n'
[ $failed = 0 ]
