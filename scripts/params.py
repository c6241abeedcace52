#!/usr/bin/env python3
"""Makes the tables of near/params/ from the published protocol parameters.

    scripts/params.py PROTOCOL-PARAMS.json [FOLDER]

The input holds an object for each protocol version that changed a parameter, in the form in which a node shows its
configuration (docs/parameters.md). The output, near/params/ unless another folder is named: vN.def, which defines what
version N changed (the first one: everything), and tables.inc, which puts the tables together. Files of the folder that
are no longer made are named, not removed.
"""
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# Parameters of the protocol that a node does not show in its configuration, by the version that set them.
# Source: res/runtime_configs/ of near-parameters 0.38.0.
NOT_SHOWN = {
    "global_contract_storage_amount_per_byte": {53: "999999999999999999999999999", 77: "100000000000000000000"},
}


def table(name):
    """The entries of an X-macro file, as lists of arguments."""
    with open(os.path.join(HERE, "near", name)) as f:
        text = re.sub(r"/\*.*?\*/", "", f.read(), flags=re.S)
    return [[a.strip() for a in entry.split(",")] for entry in re.findall(r"^X\((.*?)\)$", text, re.M | re.S)]


def at(tree, path):
    for key in path.split("."):
        tree = tree[key]
    return tree


def number(n):
    if not isinstance(n, int) or isinstance(n, bool) or not 0 <= n < 1 << 64:
        raise ValueError("%r is no number of 64 bits" % (n,))
    return str(n) if n < 1 << 63 else "UINT64_C(%d)" % n


def cost(c):
    if c["gas"] == c["compute"]:
        return "COST(%s)" % number(c["gas"])
    return "GAS_COMPUTE(%s, %s)" % (number(c["gas"]), number(c["compute"]))


def fee(f):
    parts = [cost(f[k]) for k in ("send_sir", "send_not_sir", "execution")]
    return "SAME_FEE(%s)" % parts[0] if parts[0] == parts[1] == parts[2] else "FEE(%s)" % ", ".join(parts)


def balance(text):
    n = int(text)
    if not 0 <= n < 1 << 128:
        raise ValueError("%r is no balance" % text)
    return "BALANCE(%s, %s) /* %d */" % (number(n >> 64), number(n & (1 << 64) - 1), n)


def boolean(b):
    if not isinstance(b, bool):
        raise ValueError("%r is neither true nor false" % (b,))
    return "true" if b else "false"


def decimal(x):
    """A fraction with few digits, in lowest terms."""
    for denominator in (1, 2, 4, 5, 10, 20, 25, 50, 100, 1000):
        if (x * denominator).is_integer() and int(x * denominator) / denominator == x:
            return "RATIO(%d, %d)" % (int(x * denominator), denominator)
    raise ValueError("%r has too many decimals" % x)


RUNTIME = {
    "balance": balance,
    "u64": number,
    "boolean": boolean,
    "text": lambda s: json.dumps(s),
    "ratio": lambda r: "RATIO(%d, %d)" % tuple(r),
    "decimal": decimal,
    "fee": lambda f: "GAS_FEE(%s, %s, %s)" % tuple(number(f[k]) for k in ("send_sir", "send_not_sir", "execution")),
}
ENUMS = {
    "vm_kind": {"Wasmer0": "VM_WASMER0", "Wasmtime": "VM_WASMTIME", "Wasmer2": "VM_WASMER2", "NearVm": "VM_NEAR_VM"},
    "storage_get_mode": {"FlatStorage": "STORAGE_FLAT", "Trie": "STORAGE_TRIE"},
}


def shown(version, entry):
    """The entry with what the node does not show."""
    for name, values in NOT_SHOWN.items():
        entry["runtime"][name] = values[max(v for v in values if v <= version)]
    return entry


def leaves(tree, prefix=""):
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, prefix + key + ".")
        else:
            yield prefix + key


def check_complete(version, entry):
    """Every number of the entry must have a place in the tables: a parameter that nobody knows is not to be dropped."""
    known = {"ext_costs": {x[0] for x in table("ext_costs.def")},
             "action_costs": {x[0] for x in table("action_costs.def")},
             "limits": {x[0] for x in table("limits.def")},
             "vm": {x[0] for x in table("flags.def")} | set(ENUMS) | {"grow_mem_cost"} | set(entry["wasm"])}
    for section, names in known.items():
        unknown = sorted(set(entry[section]) - names)
        if unknown:
            raise ValueError("version %d: %s: no place for %s" % (version, section, ", ".join(unknown)))
    paths = [x[2].strip('"') for x in table("runtime_parameters.def")]
    for leaf in leaves(entry["runtime"]):
        if not any(leaf == p or leaf.startswith(p + ".") for p in paths):
            raise ValueError("version %d: runtime: no place for %s" % (version, leaf))


def values(version, entry):
    """All values of a version: name of the macro -> its definition, in the order of the tables."""
    check_complete(version, entry)
    v = {}
    for name in ("regular_op_cost", "linear_op_base_cost", "linear_op_unit_cost"):
        if entry["wasm"][name] != entry["vm"][name]:
            raise ValueError("version %d: two values of %s" % (version, name))
        v["VALUE_" + name] = number(entry["wasm"][name])
    for name, _ in table("ext_costs.def"):
        v["VALUE_ext_" + name] = cost(entry["ext_costs"][name])
    for name, _ in table("action_costs.def"):
        v["VALUE_action_" + name] = fee(entry["action_costs"][name])
    for (name,) in table("limits.def"):
        limit = entry["limits"].get(name)
        v["VALUE_limit_" + name] = "LIMIT_ABSENT" if limit is None else number(limit)
    for (name,) in table("flags.def"):
        v["VALUE_flag_" + name] = boolean(entry["vm"][name])
    v["VALUE_grow_mem_cost"] = number(entry["vm"]["grow_mem_cost"])
    for name, names in ENUMS.items():
        v["VALUE_" + name] = names[entry["vm"][name]]
    for kind, name, path in table("runtime_parameters.def"):
        v["VALUE_runtime_" + name] = RUNTIME[kind](at(entry["runtime"], path.strip('"')))
    return v


def definitions(version, before, now):
    changed = {k: x for k, x in now.items() if before.get(k) != x}
    if not before:
        head = "/* Protocol version %d: every parameter, as it was then. Made by scripts/params.py. */\n" % version
    elif changed:
        head = "/* What protocol version %d changed. Made by scripts/params.py. */\n" % version
    else:
        head = "/* Protocol version %d changed nothing that is kept here. Made by scripts/params.py. */\n" % version
    lines = [head]
    for name, value in changed.items():
        if before:
            lines.append("#undef %s\n" % name)
        lines.append("#define %s %s\n" % (name, value))
    return "".join(lines)


def tables(versions):
    text = """/* The tables of all versions, in rising order. Made by scripts/params.py: each file of definitions changes what it
 * names, and the table after it takes all values as they are at that point. */
#include "near/params/values.h"

"""
    for v in versions:
        text += '#include "near/params/v%d.def"\n' % v
        text += "static const struct protocol_parameters v%d = {\n    .version = %d,\n" % (v, v)
        text += '#include "near/params/table.inc"\n};\n\n'
    text += "static const struct protocol_parameters *const tables[] = {\n"
    for i in range(0, len(versions), 12):
        text += "    %s,\n" % ", ".join("&v%d" % v for v in versions[i:i + 12])
    return text + "};\n"


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[1].startswith("-"):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    folder = sys.argv[2] if len(sys.argv) == 3 else os.path.join(HERE, "near", "params")
    with open(sys.argv[1]) as f:
        published = {int(v): entry for v, entry in json.load(f).items()}
    files, before = {}, {}
    for version in sorted(published):
        now = values(version, shown(version, published[version]))
        files["v%d.def" % version] = definitions(version, before, now)
        before = now
    files["tables.inc"] = tables(sorted(published))
    os.makedirs(folder, exist_ok=True)
    for name, text in files.items():
        with open(os.path.join(folder, name), "w") as f:
            f.write(text)
    for name in sorted(os.listdir(folder)):
        if re.fullmatch(r"v\d+\.def", name) and name not in files:
            print("%s is of no version any more: remove it" % name, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
