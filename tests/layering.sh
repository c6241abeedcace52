#!/bin/sh
# Who includes what: a folder includes only from folders above it in README's table, and of another folder only headers
# that are not internal to that one (their first comment says "Internal to FOLDER/"). Counts each include.
set -u
cd "$(dirname "$0")/.." || exit 1

# The folders of README's table, in their order, down to the command; what comes after is tests and contracts.
order=$(sed -n '/^## Layout/,/^| `cli/s/^| `\([a-z]*\)\/`.*/\1/p' README.md)
[ "$(echo "$order" | wc -l)" -ge 10 ] || { echo "README's table of folders was not found"; echo "0 passed, 1 failed"; exit 1; }

# The one table that lies below a folder that reads it: text and binary format share their instructions.
shared="wat/keywords.c vm/opcodes.def"

for folder in $order; do
    ls "$folder"/*.[ch] "$folder"/*.def 2>/dev/null
done | awk -v order="$order" -v shared="$shared" '
function internal(header,   line, text) {
    if (header in known) return known[header]
    text = ""
    while ((getline line < header) > 0) {
        text = text " " line
        if (line ~ /\*\//) break
    }
    close(header)
    return known[header] = text ~ /[Ii]nternal to/
}
function refuse(why) {
    print file ": includes " header ": " why
    failed++
}
BEGIN {
    n = split(order, list, /[ \n]+/)
    for (i = 1; i <= n; i++) rank[list[i]] = i
}
{
    file = $0
    split(file, part, "/")
    folder = part[1]
    while ((getline line < file) > 0) {
        if (line !~ /^#include "/) continue
        split(line, quoted, "\"")
        header = quoted[2]
        if (index(header, "/") == 0) continue
        split(header, part, "/")
        other = part[1]
        if (other == folder || other == "include") { passed++; continue }
        if (file " " header == shared) { passed++; continue }
        if (!(other in rank)) refuse("no folder of the library or the command")
        else if (rank[other] > rank[folder]) refuse(folder "/ may not know " other "/")
        else if (internal(header)) refuse("it is internal to " other "/")
        else passed++
    }
    close(file)
}
END {
    printf "%d passed, %d failed\n", passed, failed
    exit failed > 0
}'
