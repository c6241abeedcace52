#!/bin/sh
# Speed beside the other engines on this machine. Options: see bench/run.py --help.
cd "$(dirname "$0")/.." || exit 1
command -v python3 >/dev/null 2>&1 || { echo "bench: python3 is needed" >&2; exit 1; }
exec python3 bench/run.py --build "${BUILD:-build}" "$@"
