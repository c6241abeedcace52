#!/usr/bin/env python3
"""Writes a root certificate as C data: the last certificate of a file (PEM or DER), with its source and SHA-256.

    tee/roots.py root_intel "Intel SGX Root CA" SOURCE root_intel.der > tee/roots_intel.inc
    tee/roots.py root_nitro "AWS Nitro Enclaves Root G1" SOURCE root_aws_nitro.der > tee/roots_nitro.inc
    tee/roots.py ark_milan "AMD ARK-Milan" SOURCE amd_milan.pem > tee/roots_ark_milan.inc

SOURCE says where the vendor publishes it. tests/test_tee_x509.c knows the SHA-256 of each.
"""
import base64
import hashlib
import re
import sys


def last_certificate(data):
    blocks = re.findall(rb"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", data, re.S)
    return base64.b64decode(blocks[-1]) if blocks else data


def main():
    name, title, source, path = sys.argv[1:]
    with open(path, "rb") as file:
        der = last_certificate(file.read())
    print(f"/* {title}; {source}")
    print(f" * SHA-256 {hashlib.sha256(der).hexdigest()}. Written by roots.py. */")
    print(f"static const uint8_t {name}[{len(der)}] = {{")
    for i in range(0, len(der), 18):
        print("    " + " ".join(f"0x{byte:02x}," for byte in der[i:i + 18]))
    print("};")


main()
