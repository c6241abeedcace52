#!/usr/bin/env python3
"""Runs a function with wasm3 as PyPI's pywasm3 has it: wasm3_run.py MODULE FUNCTION N

Python's own start would be counted against wasm3, so the seconds for loading and calling go to standard error."""
import sys
import time
import wasm3

start = time.perf_counter()
with open(sys.argv[1], "rb") as f:
    environment = wasm3.Environment()
    runtime = environment.new_runtime(1 << 20)
    runtime.load(environment.parse_module(f.read()))
print(runtime.find_function(sys.argv[2])(int(sys.argv[3])))
print("seconds:", time.perf_counter() - start, file=sys.stderr)
