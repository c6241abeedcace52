#!/bin/sh
# Documentation that is made from tables is what the tables say.
cd "$(dirname "$0")/.." || exit 1
if ! command -v python3 >/dev/null 2>&1; then
    echo "skipped: docs/imports.md against host/imports.def: there is no python3"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
if python3 scripts/imports.py --check; then
    echo "1 passed, 0 failed"
else
    echo "0 passed, 1 failed"
    exit 1
fi
