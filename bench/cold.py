#!/usr/bin/env python3
"""Cold calls: from process start to exit, one contract call, beside the reference runner.

usage: cold.py [--nvm PATH] [--oracle PATH] [--runs N] CONTRACT METHOD [ARGS]

Runs alternate; prints medians, the ratio, and the resident memory of nvm. The reference runner (a program that reads a
case in the vectors' form from standard input) is optional.
"""
import argparse
import base64
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def timed(command, text):
    """Milliseconds from posix_spawn to the end, exit code and output; input and output are files."""
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
        source.write(text)
        source.flush()
        source.seek(0)
        actions = [(os.POSIX_SPAWN_DUP2, source.fileno(), 0), (os.POSIX_SPAWN_DUP2, target.fileno(), 1)]
        path = shutil.which(command[0]) or command[0]
        start = time.perf_counter()
        pid = os.posix_spawn(path, command, os.environ, file_actions=actions)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        ms = (time.perf_counter() - start) * 1000
        target.seek(0)
        return ms, code, target.read()


def resident(command):
    """Kilobytes, by GNU time, which starts small itself; 0 without it."""
    try:
        p = subprocess.run(["/usr/bin/time", "-f", "%M"] + command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        return int(p.stderr.split()[-1])
    except (OSError, ValueError, IndexError):
        return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nvm", default="build/nvm")
    parser.add_argument("--oracle", default=os.environ.get("NVM_ORACLE"))
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("contract")
    parser.add_argument("method")
    parser.add_argument("args", nargs="?", default="")
    o = parser.parse_args()
    nvm = [o.nvm, "run", "--json", o.contract, o.method] + (["--args", o.args] if o.args else [])
    wasm = open(o.contract, "rb").read()
    case = {"wasm": base64.b64encode(wasm).decode(), "method": o.method,
            "context": {"input": base64.b64encode(o.args.encode()).decode()}}
    text = json.dumps(case).encode() + b"\n"
    ours, theirs = [], []
    for i in range(o.runs):
        ms, code, printed = timed(nvm, b"")
        if code > 1:
            sys.exit("cold.py: nvm ended with exit code %d" % code)
        ours.append(ms)
        if o.oracle:
            ms, code, finished = timed([o.oracle], text)
            theirs.append(ms)
    outcome = json.loads(printed)
    print("%s %s: %d bytes, %d gas burnt" % (os.path.basename(o.contract), o.method, len(wasm), outcome["burnt_gas"]))
    print("nvm        %8.2f ms" % statistics.median(ours))
    if theirs:
        same = json.loads(finished)["expect"] == outcome
        print("reference  %8.2f ms  %.1f times as long%s" % (statistics.median(theirs),
              statistics.median(theirs) / statistics.median(ours), "" if same else "; the outcomes DIFFER"))
    memory = resident(nvm)
    if memory:
        print("resident memory of nvm: %.1f MB" % (memory / 1024))



if __name__ == "__main__":
    main()
