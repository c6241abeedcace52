#!/usr/bin/env python3
"""Writes ed25519_constants.inc: the numbers of curve and group, and multiples of the base point.

    crypto/ed25519_constants.py > crypto/ed25519_constants.inc
"""
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)


def add(p, q):
    (x1, y1), (x2, y2) = p, q
    k = D * x1 * x2 * y1 * y2 % P
    return (x1 * y2 + x2 * y1) * pow(1 + k, -1, P) % P, (y1 * y2 + x1 * x2) * pow(1 - k, -1, P) % P


def base():
    y = 4 * pow(5, -1, P) % P
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P != u:
        x = x * SQRT_M1 % P
    assert v * x * x % P == u
    return (P - x if x & 1 else x), y


def limbs(n, bits, count):
    return "{" + ", ".join("0x%x" % (n >> bits * i & (1 << bits) - 1) for i in range(count)) + "}"


def element(n):
    return "{" + limbs(n % P, 51, 5) + "}"


def niels(p):
    x, y = p
    return "    {%s,\n     %s,\n     %s}," % (element(y + x), element(y - x), element(2 * D * x * y))


B = base()
B2 = add(B, B)
print("/* Written by ed25519_constants.py. */\n")
for name, value, meaning in (("edwards_d", D, "-121665/121666"), ("edwards_2d", 2 * D, "twice that"),
                             ("square_root_of_minus_1", SQRT_M1, "2^((p-1)/4)")):
    print("static const struct fe25519 %s = %s; /* %s */" % (name, element(value), meaning))
print("\n/* B, 2B, ... 8B */\nstatic const struct niels base_multiples[8] = {")
p = B
for i in range(8):
    print(niels(p))
    p = add(p, B)
print("};\n\n/* B, 3B, 5B, ... 63B */\nstatic const struct niels base_odd_multiples[32] = {")
p = B
for i in range(32):
    print(niels(p))
    p = add(p, B2)
print("};")
