#!/bin/sh
# Prints the flags of release builds that this compiler has, beside those that every compiler has (Makefile).
#
#     scripts/hardening.sh CC CFLAGS
cc=$1
flags=$2
try() { echo 'int main(void) { return 0; }' | $cc -Werror "$@" -x c -c -o /dev/null - 2>/dev/null; }

# Functions with arrays or addresses of locals check that what is behind them is whole before they return; large frames
# are touched page by page, so that none jumps over the guard page.
for flag in -fstack-protector-strong -fstack-clash-protection; do try $flag && printf '%s ' $flag; done

# Returns and indirect jumps go where the compiler meant them to go: CET on x86, PAC and BTI on arm64.
for flag in -fcf-protection=full -mbranch-protection=standard; do try $flag && { printf '%s ' $flag; break; }; done

# The C library checks sizes, as far as the optimiser knows them.
case " $flags " in
*' -O0 '*) ;;
*' -O'*) printf '%s ' -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 ;;
esac
