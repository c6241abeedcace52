#!/bin/sh
# Installs the packages that building and testing nvm need, on Debian and Ubuntu; does nothing if all are there.
set -u

needed="gcc make pkg-config libbearssl-dev libsecp256k1-dev libseccomp-dev"
# Not in every distribution, and not necessary: the fastest dispatch, the fuzzing engine, the peer to compare with, and
# what unpacks vectors and fetches the official suite.
wanted="clang-19 libclang-rt-19-dev lld-19 wabt xz-utils valgrind git ca-certificates"

installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}
missing() {
    for p in "$@"; do installed "$p" || printf '%s ' "$p"; done
}

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "packages: not Debian or Ubuntu; please see that these are there: $needed" >&2
    exit 0
fi

need=$(missing $needed)
want=$(missing $wanted)
[ -z "$need$want" ] && exit 0

sudo=
if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo="sudo -n"
    elif [ -z "$need" ]; then
        echo "packages: without (not root, no sudo): $want" >&2
        exit 0
    elif command -v sudo >/dev/null 2>&1 && [ -t 0 ]; then sudo=sudo
    else
        echo "packages: missing: $need" >&2
        echo "packages: as root, run: apt-get install $need$want" >&2
        exit 1
    fi
fi

apt() { $sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 "$@" </dev/null; }

echo "packages: installing $need$want" >&2
if ! apt update >/dev/null; then
    echo "packages: apt-get update failed (is there a network?)" >&2
    [ -z "$need" ] && exit 0
fi
if [ -n "$need" ] && ! apt install --no-install-recommends $need >/dev/null; then
    echo "packages: could not install: $need" >&2
    exit 1
fi
for p in $want; do
    apt install --no-install-recommends "$p" >/dev/null 2>&1 || echo "packages: going on without $p" >&2
done
exit 0
