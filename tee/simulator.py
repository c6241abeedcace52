#!/usr/bin/env python3
"""Writes what the simulator has ready made: its RSA keys and the certificates that cannot change.

    tee/simulator.py build/nvm

runs `nvm tee pki` with the simulator's seed and writes tee/simulator_rsa.inc and tee/simulator_certificates.inc.
tests/test_tee_issue.c makes the same once more and compares.
"""
import base64
import hashlib
import os
import re
import subprocess
import sys
import tempfile

SEED = hashlib.sha256(b"nvm simulator seed v1").hexdigest()
HERE = os.path.dirname(os.path.abspath(__file__))
CERTIFICATES = [
    ("simulator_intel", "intel/root.der"),
    ("simulator_nitro", "nitro/root.der"),
    ("simulator_ark", "snp/ark.der"),
    ("simulator_ask", "snp/ask.der"),
    ("simulator_vcek", "snp/vcek.der"),
]


def read(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


def rows(data, indent):
    for i in range(0, len(data), 18):
        yield indent + " ".join(f"0x{byte:02x}," for byte in data[i:i + 18])


def integers(pem):
    """The INTEGERs of an RSAPrivateKey."""
    body = re.search(rb"-----BEGIN RSA PRIVATE KEY-----(.*?)-----END", pem, re.S).group(1)
    der = base64.b64decode(body)
    at, found = 4, []
    while at < len(der):
        assert der[at] == 2
        length, at = der[at + 1], at + 2
        if length >= 0x80:
            size = length & 0x7f
            length, at = int.from_bytes(der[at:at + size], "big"), at + size
        found.append(int.from_bytes(der[at:at + length], "big"))
        at += length
    return found


def write_rsa(folder, out):
    print("/* The simulator's RSA keys, secret to nobody. Written by simulator.py. */", file=out)
    print("static const struct issue_snp_keys simulator_snp_keys = {", file=out)
    for name in ("ark", "ask", "asvk"):
        _, n, e, _, p, q, dp, dq, iq = integers(read(folder, f"snp/{name}.key"))
        assert e == 65537 and n == p * q
        print(f"    .{name} = {{.kind = KEY_RSA, .rsa = {{", file=out)
        print(f"        .bits = {n.bit_length()},", file=out)
        for field, value, size in (("p", p, 256), ("q", q, 256), ("dp", dp, 256), ("dq", dq, 256), ("iq", iq, 256),
                                   ("modulus", n, 512)):
            print(f"        .{field} = {{", file=out)
            print("\n".join(rows(value.to_bytes(size, "big"), "            ")), file=out)
            print("        },", file=out)
        print("    }},", file=out)
    print("};", file=out)


def write_certificates(folder, out):
    print("/* Roots of the simulator, and other certificates of it. Written by simulator.py. */", file=out)
    for name, path in CERTIFICATES:
        der = read(folder, path)
        print(f"static const uint8_t {name}[{len(der)}] = {{ /* {path} */", file=out)
        print("\n".join(rows(der, "    ")), file=out)
        print("};", file=out)


def main():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.argv[1], "tee", "pki", "--seed", SEED, "--out", folder, "--at", "2026-01-01T00:00:00Z"],
                       check=True, stdout=subprocess.DEVNULL)
        with open(os.path.join(HERE, "simulator_rsa.inc"), "w") as out:
            write_rsa(folder, out)
        with open(os.path.join(HERE, "simulator_certificates.inc"), "w") as out:
            write_certificates(folder, out)


main()
