#!/bin/sh
# nvm params: what it prints, its errors and exit codes.
#
#     BUILD=build tests/cli_params.sh
cd "$(dirname "$0")/.." || exit 1
. tests/cli_common.sh

# ---- one version
run 0 params; silent
has '^protocol version 88$'
has '^  base  *264,768,111$'
has '^  storage_read_base  *56,356,845,749 (compute 159,000,000,000)$'
has '^  create_account  *500,000,000,000  *500,000,000,000  *7,200,000,000,000$'
has '^  deploy_contract_base  *184,765,750,000  *184,765,750,000  *184,765,750,000  execution (compute 20,000,000,000,000)$'
has '^  max_gas_burnt  *1,000,000,000,000,000$'
has '^  chain_id_host_fn  *yes$'
has '^  account_creation_charge  *0.007 NEAR$'
has '^  reject_tx_congestion_threshold  *0.8$'
cp "$folder/out" "$folder/current"
run 0 params 88
if cmp -s "$folder/out" "$folder/current"; then ok; else bad "nvm params is not nvm params 88"; fi
run 0 params 53; has '^  max_tables_per_contract  *none$'; has '^  burnt_gas_reward  *3 / 10$'; has 'vm_kind  *Wasmer2$'
run 0 params 86; has '^protocol version 86 (parameters of version 85)$'

# ---- differences
run 0 params --diff 84 88; silent
has '^protocol version 84 → protocol version 88: 30 parameters differ$'
has '^  create_account, execution  *3,850,000,000,000 → 7,200,000,000,000$'
has '^  min_contract_size_per_local  *none → 2$'
has '^  sha3_host_fns  *no → yes$'
has '^  burnt_gas_reward  *3 / 10 → 0$'
lacks 'storage_write_base'
run 0 params --diff 88 84; has '^  sha3_host_fns  *yes → no$'
run 0 params --diff 84; has '→ protocol version 88: 30 parameters'
run 0 params -d 85 86; has 'no parameter differs$'

# ---- JSON
run 0 params --json 88; silent; has '"max_gas_burnt": *1000000000000000,\{0,1\}$'; has '"account_creation_charge": *"7000000000000000000000"'
run 0 params --diff --json 87 88; has '"old_version": *87'; has '"old": *72000000,'; lacks '"storage_write_base"'
if python3 -c '' 2>/dev/null; then
    # the same as the published configuration, but for the parameter that it does not show
    cat >"$folder/compare.py" <<'END'
import json, lzma, subprocess, sys
published = json.load(lzma.open("tests/vectors/protocol-params.json.xz"))
def shown(*arguments):
    return json.loads(subprocess.check_output([sys.argv[1], "params", "--json", *arguments]))
for version, entry in published.items():
    ours = shown(version)
    del ours["runtime"]["global_contract_storage_amount_per_byte"]
    if ours != entry:
        sys.exit("version %s differs" % version)
def changes(tree, path=()):
    if set(tree) == {"old", "new"}:
        yield path, tree["old"], tree["new"]
    else:
        for key, value in tree.items():
            yield from changes(value, path + (key,))
def leaves(tree, path=()):
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, path + (key,))
        else:
            yield path + (key,), value
versions = list(published)
for old, new in zip(versions, versions[1:]):
    a, b = dict(leaves(published[old])), dict(leaves(published[new]))
    expected = {p: (a.get(p), b.get(p)) for p in a.keys() | b.keys() if a.get(p) != b.get(p)}
    got = {p: (x, y) for p, x, y in changes(shown("--diff", old, new)["changes"]) if p[-1] != "global_contract_storage_amount_per_byte"}
    if got != expected:
        wrong = [(p, got.get(p), expected.get(p)) for p in got.keys() | expected.keys() if got.get(p) != expected.get(p)]
        sys.exit("%s to %s: %s" % (old, new, wrong))
END
    if python3 "$folder/compare.py" "$nvm"; then ok; else bad "nvm params --json is not the published configuration"; fi
else
    skipped=$((skipped + 1))
    echo "skipped: nvm params --json: python3 is not installed"
fi

# ---- help and errors
run 0 params --help; has '^usage: nvm params'; has '^examples:'; has '^exit codes'; has '--diff'; silent
run 0 --help; has '^  params '
run 2 params 52; quiet; says 'version 52 are not known'; says 'hint: .*`nvm params 53`'
run 2 params 0; says 'version 0 are not known'
run 2 params 89; quiet; says 'version 89 is not known'; says 'hint: the newest one is 88'
run 2 params 4294967384; says "'4294967384' is no protocol version" # 2^32 + 88
run 2 params 99999999999999999999999; says 'is no protocol version'
run 2 params ''; says "'' is no protocol version"
run 2 params 88x; says "'88x' is no protocol version"
run 2 params -88; says "'-88' is no protocol version"
run 2 params 0x58; says "'0x58' is no protocol version"
run 2 params 84 88; says 'two versions'; says 'hint: to compare them: nvm params --diff 84 88'
run 2 params --diff; says 'needs two versions'
run 2 params --diff 84 89; quiet; says 'version 89 is not known'
run 2 params --diff 84 85 86; says 'too many operands'
run 2 params --dif; says 'did you mean --diff?'
if [ -e /dev/full ]; then
    "$nvm" params >/dev/full 2>"$folder/err"
    if [ $? = 2 ]; then ok; else bad "a full disk is not noticed"; fi
fi

echo "$passed passed, $failed failed$([ $skipped != 0 ] && echo ", $skipped skipped")"
[ $failed = 0 ]
