#!/usr/bin/env python3
"""Times nvm beside the other engines found on this machine, run by run in turn, and prints Markdown.

Peers, if they are there: wasmi (cargo install wasmi_cli), wasm3 (pip install pywasm3), wasmtime, wabt's wasm-interp.
Every result is checked against bench/kernels/expected.json. Process start is included.
"""
import argparse, json, os, shutil, statistics, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
WASM = os.path.join(HERE, "kernels", "kernels.wasm")
FUEL = str(1 << 60)


def tool(*names):
    for name in names:
        for path in (shutil.which(name), os.path.expanduser("~/.cargo/bin/" + name)):
            if path and os.access(path, os.X_OK):
                return path
    return None


def has_wasm3():
    return subprocess.run([sys.executable, "-c", "import wasm3"], capture_output=True).returncode == 0


def engines(build):
    nvm = os.path.join(build, "nvm")
    found = [("nvm", [nvm, "exec", "{wasm}", "{func}", "{n}"]),
             ("nvm, metered", [nvm, "exec", "--fuel", FUEL, "{wasm}", "{func}", "{n}"])]
    if wasmi := tool("wasmi", "wasmi_cli"):
        found.append(("wasmi", [wasmi, "run", "--invoke", "{func}", "{wasm}", "{n}"]))
    if has_wasm3():
        found.append(("wasm3", [sys.executable, os.path.join(HERE, "wasm3_run.py"), "{wasm}", "{func}", "{n}"]))
    if wasmtime := tool("wasmtime"):
        found.append(("wasmtime (JIT)", [wasmtime, "run", "--invoke", "{func}", "{wasm}", "{n}"]))
    return found


def run(command, **values):
    """Seconds and the last line of the output."""
    command = [part.format(**values) for part in command]
    start = time.perf_counter()
    p = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    seconds = time.perf_counter() - start
    lines = p.stdout.decode(errors="replace").strip().splitlines()
    if p.returncode:
        sys.exit(f"{' '.join(command)}: exit code {p.returncode}\n{p.stderr.decode(errors='replace')[:500]}")
    own = [line for line in p.stderr.decode(errors="replace").splitlines() if line.startswith("seconds:")]
    if own:  # a driver in a slow-starting language counts for itself
        seconds = float(own[-1].split()[1])
    return seconds, lines[-1].strip() if lines else ""


def same(text, expected):
    try:
        return (int(text) - expected) % (1 << 64) == 0
    except ValueError:
        return False


def compare(found, kernels, runs):
    header = [name for name, _ in found]
    print("| kernel | " + " | ".join(header) + " |")
    print("|---|" + "---:|" * len(header))
    ratios = [[] for _ in found]
    for name, kernel in kernels.items():
        times = [[] for _ in found]
        for _ in range(runs):
            for i, (engine, command) in enumerate(found):
                seconds, result = run(command, wasm=WASM, func=name, n=kernel["n"])
                if not same(result, kernel["result"]):
                    sys.exit(f"{engine}: {name}({kernel['n']}) gave {result}, expected {kernel['result']}")
                times[i].append(seconds)
        medians = [statistics.median(t) for t in times]
        for i, m in enumerate(medians):
            ratios[i].append(m / medians[0])
        cells = [f"{m:.3f} s" + (f" ({m / medians[0]:.2f}×)" if i else "") for i, m in enumerate(medians)]
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)
    print("| geometric mean | " + " | ".join(f"{statistics.geometric_mean(r):.3f}×" for r in ratios) + " |\n")


def only_export(name):
    """kernels.wasm with a single function export, for interpreters that can only run all exports."""
    data = open(WASM, "rb").read()

    def leb(p):
        value = shift = 0
        while True:
            byte = data[p]
            p += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value, p

    def encode(v):
        out = bytearray()
        while True:
            out.append(v & 127 | (128 if v > 127 else 0))
            v >>= 7
            if not v:
                return bytes(out)
    out, p = bytearray(data[:8]), 8
    while p < len(data):
        start, section = p, data[p]
        size, body = leb(p + 1)
        p = body + size
        if section != 7:
            out += data[start:p]
            continue
        count, q = leb(body)
        for _ in range(count):
            length, q = leb(q)
            export, q = data[q:q + length], q + length
            kind, (index, q) = data[q], leb(q + 1)
            if export.decode() == name and kind == 0:
                contents = encode(1) + encode(length) + export + b"\0" + encode(index)
                out += b"\7" + encode(len(contents)) + contents
    return bytes(out)


def compare_wabt(build, kernels):
    interp = tool("wasm-interp")
    if not interp:
        print("wabt's wasm-interp is not installed: not compared.\n")
        return
    nvm = os.path.join(build, "nvm")
    print("wabt's `wasm-interp`, once each, on the kernels at their smaller fixed sizes (`call_NAME`):\n")
    print("| kernel | nvm | wasm-interp |\n|---|---:|---:|")
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "one.wasm")
        for name in kernels:
            with open(path, "wb") as f:
                f.write(only_export("call_" + name))
            ours, _ = run([nvm, "exec", path, "call_" + name])
            theirs, _ = run([interp, path, "--run-all-exports"])
            ratios.append(theirs / ours)
            print(f"| {name} | {ours * 1e3:.1f} ms | {theirs * 1e3:.1f} ms ({theirs / ours:.1f}×) |", flush=True)
    print(f"| geometric mean | 1× | {statistics.geometric_mean(ratios):.1f}× |\n")


def load_speed(build, wasm):
    if not wasm:
        cache = os.path.join(build, "esbuild")
        wasm = os.path.join(cache, "package", "esbuild.wasm")
        if not os.path.exists(wasm) and tool("npm"):
            os.makedirs(cache, exist_ok=True)
            if subprocess.run(["npm", "pack", "--silent", "esbuild-wasm"], cwd=cache, capture_output=True).returncode == 0:
                subprocess.run("tar xzf esbuild-wasm-*.tgz", shell=True, cwd=cache)
    if not os.path.exists(wasm):
        print("Load speed: skipped, there is no large module (give one with --module, or install npm).\n")
        return
    r = json.loads(subprocess.run([os.path.join(build, "bench", "load"), wasm, "9"], stdout=subprocess.PIPE, check=True).stdout)
    print(f"Loading `{os.path.basename(wasm)}`, {r['size'] / 1e6:.1f} MB, everything translated: {r['seconds'] * 1e3:.0f} ms, "
          f"**{r['mb_per_second']:.0f} MB/s**; peak memory {r['peak_multiple']:.2f} times the module's size "
          f"(its own bytes not counted); {r['code_bytes'] / 1e6:.1f} MB of translated code.\n")


def start_up(build, runs):
    times = []
    module = os.path.join(HERE, "..", "examples", "fib.wat")
    with tempfile.TemporaryDirectory() as folder:
        wasm = os.path.join(folder, "fib.wasm")
        subprocess.run([os.path.join(build, "nvm"), "wat2wasm", module, "-o", wasm], check=True)
        for _ in range(runs):
            times.append(run([os.path.join(build, "nvm"), "exec", wasm, "fib", "1"])[0])
    print(f"Start to end of `nvm exec fib.wasm fib 1`, median of {runs}: **{statistics.median(times) * 1e3:.2f} ms** "
          f"(fastest {min(times) * 1e3:.2f} ms), process creation included.\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build", help="the build folder")
    parser.add_argument("--runs", type=int, default=5, help="runs of each kernel and engine")
    parser.add_argument("--kernel", action="append", help="only this kernel (may be repeated)")
    parser.add_argument("--engine", action="append", help="only engines whose name begins so (may be repeated)")
    parser.add_argument("--module", help="a large module to load")
    parser.add_argument("--only", choices=["kernels", "wabt", "load", "start"], help="only this part")
    args = parser.parse_args()
    with open(os.path.join(HERE, "kernels", "expected.json")) as f:
        kernels = {k: v for k, v in json.load(f).items() if not args.kernel or k in args.kernel}
    found = [e for e in engines(args.build) if not args.engine or any(e[0].startswith(x) for x in args.engine)]
    version = subprocess.run([os.path.join(args.build, "nvm"), "version"], stdout=subprocess.PIPE).stdout.decode()
    print("`" + "`, `".join(version.strip().splitlines()) + "`; seconds, median of "
          f"{args.runs} runs in turn; in parentheses the ratio to nvm.\n")
    if args.only in (None, "kernels"):
        compare(found, kernels, args.runs)
    if args.only in (None, "wabt"):
        compare_wabt(args.build, kernels)
    if args.only in (None, "load"):
        load_speed(args.build, args.module)
    if args.only in (None, "start"):
        start_up(args.build, 50)


main()
