#!/bin/sh
# The same results on other machines: builds for s390x (big-endian), i386 (32 bits) and aarch64, run under qemu-user: the
# vectors recorded from production, the official suite, and test programs. What is missing is installed (as root, on Debian
# and Ubuntu) or skipped by name. The last line is "N passed, N failed[, N skipped]".
#
#     BUILD=build tests/cross.sh [--all] [ARCH...]
#
# --all: every vector; otherwise files of which each has all kinds of operation, in a quarter of an hour. JOBS as for make.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
JOBS=${JOBS:-$(nproc 2>/dev/null || echo 2)}
root=$PWD/$BUILD/cross
passed=0 failed=0 skipped=0
mkdir -p "$root"

tests="test_vm_floats test_api test_api_hostile test_api_null test_float_environment test_vm_limits test_vm_interruption test_vm_suspend
       test_vm_hostile test_base test_wat test_trie test_merkle test_proof test_proof_vectors test_field test_spec"
vectors="kernels locals contract crypto runtime-multishard preparation-rules"

all=
[ "${1:-}" = --all ] && { all=1; shift; }
[ $# = 0 ] && set -- s390x i386 aarch64

skip() { # what, why
    skipped=$((skipped + 1))
    echo "skipped: $1: $2"
}

# Sets triplet, deb (Debian's name) and qemu.
describe() {
    case $1 in
    s390x) triplet=s390x-linux-gnu deb=s390x qemu=qemu-s390x ;;
    i386) triplet=i686-linux-gnu deb=i386 qemu=qemu-i386 ;;
    aarch64) triplet=aarch64-linux-gnu deb=arm64 qemu=qemu-aarch64 ;;
    *) echo "tests/cross.sh: there is no '$1': s390x i386 aarch64"; exit 2 ;;
    esac
}

has() { command -v "$1" >/dev/null 2>&1; }

# Compiler, C library and qemu.
install_tools() {
    has "$triplet-gcc" && has "$qemu" && [ -d "/usr/$triplet/lib" ] && return 0
    has apt-get && [ "$(id -u)" = 0 ] || return 1
    for package in "gcc-$triplet" "libc6-dev-$deb-cross" qemu-user; do
        env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends --no-remove "$package"
    done >>"$root/apt.log" 2>&1 </dev/null
    has "$triplet-gcc" && has "$qemu" && [ -d "/usr/$triplet/lib" ]
}

# The libraries' packages for that machine, unpacked into $sysroot; the system's own list of packages is left alone.
fetch_libraries() {
    [ -e "$sysroot/.complete" ] && return 0
    has apt-get && has dpkg || return 1
    apt=$root/apt-$deb
    mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$sysroot"
    : >"$apt/status"
    set -- -q -o Dir::State::Lists="$apt/lists" -o Dir::State::status="$apt/status" -o Dir::Cache="$apt" \
        -o APT::Architecture="$deb" -o APT::Architectures="$deb" -o APT::Sandbox::User=root
    apt-get "$@" update
    (cd "$apt" && for package in libbearssl-dev libbearssl0 libsecp256k1-dev; do
        apt-get "$@" download "$package" || exit 1
    done
    # its name has a number that distributions differ in
    apt-get "$@" download "$(dpkg -I libsecp256k1-dev_*.deb | sed -n 's/^ *Depends: .*\(libsecp256k1-[0-9]*\).*/\1/p')") || return 1
    for package in "$apt"/*.deb; do dpkg -x "$package" "$sysroot" || return 1; done
    touch "$sysroot/.complete"
}

# Programs that run the built ones under qemu, in a folder that scripts take for a build folder.
wrap() { # name...
    mkdir -p "$folder/run/tests"
    for name in "$@"; do
        printf '#!/bin/sh\nexec %s -L /usr/%s -E LD_LIBRARY_PATH=%s "%s" "$@"\n' "$qemu" "$triplet" \
            "$sysroot/usr/lib/$libraries" "$folder/$name" >"$folder/run/$name"
        chmod +x "$folder/run/$name"
    done
}

# Runs a command whose last line is "N passed, N failed[, N skipped]".
part() { # name, command...
    name="$arch: $1"
    shift
    log=$folder/$(echo "$name" | tr ' /:' '___').log
    start=$(date +%s)
    code=0
    "$@" >"$log" 2>&1 </dev/null || code=$?
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' "$log" | tail -n 1)
    p=$(echo "$line" | awk '{print $1 + 0}')
    f=$(echo "$line" | awk '{print $3 + 0}')
    s=$(echo "$line" | awk '{print $5 + 0}')
    [ "$f" = 0 ] && { [ "$code" != 0 ] || [ -z "$line" ]; } && f=1
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    printf '  %-34s %7d passed, %d failed  (%d s)\n' "$name" "$p" "$f" "$(($(date +%s) - start))"
    grep '^skipped: ' "$log" | sort | uniq -c | sed 's/^ *\([0-9]*\) /    \1 x /'
    [ "$f" = 0 ] || { tail -n 20 "$log" | sed 's/^/    /'; echo "    exit code $code; the whole log is $log"; }
}

build() { # target...
    start=$(date +%s)
    # shellcheck disable=SC2086
    if make -s -j"$JOBS" CC="$triplet-gcc" BUILD="$folder" CFLAGS="-O2 -isystem $sysroot/usr/include" \
        LDFLAGS="-L$sysroot/usr/lib/$libraries -Wl,-rpath-link,$sysroot/usr/lib/$libraries" "$@" >"$folder/build.log" 2>&1; then
        echo "$arch: built by $("$triplet-gcc" --version | head -n 1) ($(($(date +%s) - start)) s," \
            "$(grep -c 'warning:' "$folder/build.log") warnings in $folder/build.log)"
        return 0
    fi
    failed=$((failed + 1))
    echo "$arch: the build failed:"
    grep -A3 'rror' "$folder/build.log" | head -n 40
    return 1
}

run_arch() {
    arch=$1
    describe "$arch"
    folder=$root/$arch sysroot=$root/sysroot-$deb libraries=$triplet
    [ "$arch" = i386 ] && libraries=i386-linux-gnu
    mkdir -p "$folder"
    install_tools || { skip "$arch" "no $triplet-gcc with its C library, or no $qemu"; return; }
    if ! fetch_libraries >>"$folder/apt.log" 2>&1; then
        skip "$arch: everything" "BearSSL and secp256k1 for it are not to be had as packages"
        return
    fi
    # shellcheck disable=SC2086
    build "$folder/nvm" "$folder/spec-tests" "$folder/conformance" $(printf "$folder/tests/%s " $tests) || return
    # shellcheck disable=SC2086
    wrap nvm spec-tests conformance $(printf 'tests/%s ' $tests)
    for test in $tests; do part "$test" "$folder/run/tests/$test"; done
    part "suite 2.0" env BUILD="$folder/run" SUITE_CLONE="${SUITE_CLONE:-$BUILD/testsuite}" spec-tests/run.sh
    for file in tests/vectors/*.jsonl*; do
        name=$(basename "$file" | sed 's/\.jsonl.*//')
        case " $vectors " in *" $name "*) ;; *) [ -n "$all" ] || continue ;; esac
        part "$name" "$folder/run/conformance" -j "$JOBS" "$file"
    done
    if [ -x "$BUILD/nvm" ]; then part "the same output" env BUILD="$BUILD" tests/cross_same.sh "$folder/run/nvm"
    else skip "$arch: the same output" "there is no $BUILD/nvm to compare with"; fi
}

for arch in "$@"; do describe "$arch"; done
for arch in "$@"; do run_arch "$arch"; done
printf '%d passed, %d failed' "$passed" "$failed"
[ "$skipped" != 0 ] && printf ', %d skipped' "$skipped"
printf '\n'
[ "$failed" = 0 ]
