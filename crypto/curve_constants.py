#!/usr/bin/env python3
"""Writes the constants of the pairing-friendly curves: bn254_constants.h and bls12381_constants.h beside this script.

    python3 crypto/curve_constants.py

Everything follows from the family parameter x of each curve by the formulas below, but for the coefficients of the two
isogenies, which are those of RFC 9380, appendices E.2 and E.3 (and are checked here to map one curve to the other).
Field elements are written in Montgomery form, little-endian limbs of 64 bits.

Sources: Barreto, Naehrig, "Pairing-friendly elliptic curves of prime order" (BN: p, r); EIP-196/197 (x, b, twist);
draft-irtf-cfrg-pairing-friendly-curves-11 (BLS12-381); Galbraith, Scott, "Exponentiation in pairing-friendly groups
using homomorphisms" (psi); Scott, eprint 2021/1130 (subgroup tests)."""
import os
import random

# -- fields

class Fp2:
    """a + b u with u^2 = -1, over the prime field that Fp2.p names."""
    p = 0
    def __init__(self, a, b): self.a, self.b = a % Fp2.p, b % Fp2.p
    def __add__(self, o): return Fp2(self.a + o.a, self.b + o.b)
    def __sub__(self, o): return Fp2(self.a - o.a, self.b - o.b)
    def __mul__(self, o): return Fp2(self.a * o.a - self.b * o.b, self.a * o.b + self.b * o.a)
    def __eq__(self, o): return (self.a, self.b) == (o.a, o.b)
    def inverse(self):
        n = pow(self.a * self.a + self.b * self.b, -1, Fp2.p)
        return Fp2(self.a * n, -self.b * n)
    def power(self, e):
        r, b = Fp2(1, 0), self
        while e:
            if e & 1: r = r * b
            b, e = b * b, e >> 1
        return r

class Curve:
    """What both curves need: p, r, limbs, b of the curve, xi (the sextic non-residue), twist coefficient."""
    def __init__(self, name, p, r, b, xi, divide):
        self.name, self.p, self.r, self.b = name, p, r, b
        self.limbs = (p.bit_length() + 63) // 64
        self.R = 1 << 64 * self.limbs
        Fp2.p = p
        self.xi = Fp2(*xi)
        self.b2 = Fp2(b, 0) * (self.xi.inverse() if divide else self.xi)
        # w^p = w * xi^((p-1)/6) for w^6 = xi
        self.frobenius = [self.xi.power(i * (p - 1) // 6) for i in range(6)]
        # psi = twist^-1 . Frobenius . twist: x and y are conjugated and multiplied by these
        self.psi = self.frobenius[2:4] if divide else [c.inverse() for c in self.frobenius[2:4]]
        self.out = []

    def words(self, v, n=None):
        return ', '.join('0x%016x' % (v >> 64 * i & 2**64 - 1) for i in range(n or self.limbs))
    def fp(self, v): return '{{%s}}' % self.words(v * self.R % self.p)
    def fp2(self, v): return '{%s,\n     %s}' % (self.fp(v.a), self.fp(v.b))
    def emit(self, text): self.out.append(text)
    def constant(self, kind, name, v, why):
        text = self.fp(v) if kind == 'fp' else self.fp2(v)
        self.emit('/* %s */\nstatic const struct %s %s = %s;\n' % (why, kind, name, text))
    def table(self, kind, name, vs, why):
        text = ',\n    '.join(self.fp(v) if kind == 'fp' else self.fp2(v) for v in vs)
        self.emit('/* %s */\nstatic const struct %s %s[%d] = {\n    %s};\n' % (why, kind, name, len(vs), text))
    def field(self, name, m, why):
        R = self.R
        self.emit('/* %s */\nstatic const struct field %s = {\n    .modulus = {%s},\n    .factor = 0x%016x,\n'
                  '    .one = {%s},\n    .r2 = {%s},\n    .r3 = {%s},\n    .limbs = %d,\n};\n' % (
                      why, name, self.words(m), -pow(m, -1, 2**64) % 2**64, self.words(R % m), self.words(R * R % m),
                      self.words(R * R * R % m), self.limbs))
    def number(self, name, v, why):
        n = (v.bit_length() + 63) // 64
        self.emit('/* %s */\nstatic const uint64_t %s[%d] = {%s};\n' % (why, name, n, self.words(v, n)))
    def write(self, suffix, head):
        text = '/* %s\n * Written by curve_constants.py: change that instead. */\n' % head + '\n'.join(self.out)
        self.out = []
        path = os.path.join(os.path.dirname(os.path.abspath(__file__)), self.name + suffix)
        open(path, 'w').write(wrap(text))

def signed_digits(n):
    """The non-adjacent form of n, most significant digit first."""
    digits = []
    while n:
        d = 2 - n % 4 if n & 1 else 0
        digits.append(d)
        n = (n - d) // 2
    return digits[::-1]

def miller_digits(c, digits, why):
    assert digits[0] == 1
    c.emit('/* %s, after the leading 1, most significant digit first */\nstatic const signed char miller_digits[%d] = {%s};\n' % (
        why, len(digits) - 1, ', '.join(map(str, digits[1:]))))

def wrap(text):
    """Breaks lists of numbers so that lines stay below 120 columns."""
    lines = []
    for line in text.split('\n'):
        indent = ' ' * (len(line) - len(line.lstrip()) + 4)
        while len(line) > 118:
            cut = line.rfind(', ', 0, 118)
            lines.append(line[:cut + 1])
            line = indent + line[cut + 2:]
        lines.append(line)
    return '\n'.join(lines)

def common(c):
    c.constant('fp', 'curve_b', c.b, 'y^2 = x^3 + b, the curve of G1')
    c.constant('fp2', 'twist_b', c.b2, "y^2 = x^3 + b', the curve of G2")
    c.table('fp2', 'frobenius_w', c.frobenius, 'xi^(i (p-1)/6): (w^i)^p = w^i times this')
    c.table('fp2', 'psi_factor', c.psi, 'psi(x, y) = (conj(x) psi_factor[0], conj(y) psi_factor[1])')

# -- BN254

x = 4965661367192848881
p = 36 * x**4 + 36 * x**3 + 24 * x**2 + 6 * x + 1
r = 36 * x**4 + 36 * x**3 + 18 * x**2 + 6 * x + 1
bn = Curve('bn254', p, r, 3, (9, 1), divide=True)
t = p + 1 - r
# The test psi(Q) = [6x^2] Q of G2: psi^2 - t psi + p = 0, and with 6x^2 = t - 1 this says [p + 1 - t] Q = 0, p + 1 - t = r.
assert 6 * x * x == t - 1
bn.field('bn254_fp', p, 'The field of the coordinates: 36 x^4 + 36 x^3 + 24 x^2 + 6 x + 1 with x = 4965661367192848881')
bn.field('bn254_fr', r, 'The field of the scalars, the order of the groups: 36 x^4 + 36 x^3 + 18 x^2 + 6 x + 1')
bn.write('_fields.inc', 'BN254: its two prime fields.')
common(bn)
miller_digits(bn, signed_digits(6 * x + 2), 'The loop count of the optimal ate pairing, 6x + 2, in non-adjacent form')
# The hard part of the final exponentiation (bn254_pairing.c) is a multiple of (p^4 - p^2 + 1) / r, prime to r.
hard = (12 * x**3 + 12 * x**2 + 6 * x + 1) + (12 * x**3 + 6 * x**2 + 4 * x) * p + (12 * x**3 + 6 * x**2 + 6 * x) * p**2 \
    + (12 * x**3 + 6 * x**2 + 4 * x - 1) * p**3
assert hard % ((p**4 - p**2 + 1) // r) == 0 and hard // ((p**4 - p**2 + 1) // r) % r != 0
bn.write('_constants.inc', 'BN254: constants of the curves and of the tower, in Montgomery form.')

# -- BLS12-381

x = -0xd201000000010000
r = x**4 - x**2 + 1
p = (x - 1)**2 * r // 3 + x
bls = Curve('bls12381', p, r, 4, (1, 1), divide=False)
t = x + 1
h1 = (x - 1)**2 // 3
h2 = (x**8 - 4 * x**7 + 5 * x**6 - 4 * x**4 + 6 * x**3 - 4 * x**2 - 4 * x + 13) // 9
def gcd(a, b):
    while b: a, b = b, a % b
    return a
# psi(Q) = [x] Q says [p + 1 - t] Q = [h1 r] Q = 0; since the order of the twist is h2 r, Q has order r (or is 0).
assert h1 * r == p + 1 - t and gcd(h1 * r, h2 * r) == r
# phi(x, y) = (beta x, y) satisfies phi^2 + phi + 1 = 0, so phi(P) = [-x^2] P says [x^4 - x^2 + 1] P = [r] P = 0.
def add(P, Q):
    if P is None: return Q
    if Q is None: return P
    if P[0] == Q[0]:
        if (P[1] + Q[1]) % p == 0: return None
        m = 3 * P[0] * P[0] * pow(2 * P[1], -1, p)
    else: m = (Q[1] - P[1]) * pow(Q[0] - P[0], -1, p)
    s = (m * m - P[0] - Q[0]) % p
    return s, (m * (P[0] - s) - P[1]) % p
def mul(k, P):
    R = None
    for bit in bin(k)[2:]:
        R = add(R, R)
        if bit == '1': R = add(R, P)
    return R
def point():
    while True:
        u = random.randrange(p); v = pow(u**3 + 4, (p + 1) // 4, p)
        if (v * v - u**3 - 4) % p == 0: return mul(h1, (u, v))
P = point()
g = 2
while pow(g, (p - 1) // 3, p) == 1: g += 1
beta = pow(g, (p - 1) // 3, p)
if mul(r - x * x, P) != (beta * P[0] % p, P[1]): beta = beta * beta % p
assert mul(r - x * x, P) == (beta * P[0] % p, P[1])

# E1': y^2 = x^3 + A' x + B', Z (RFC 9380, section 8.8.1) and the 11-isogeny to E1 (appendix E.2), constant term first
A1 = 0x144698a3b8e9433d693a02c96d4982b0ea985383ee66a8d8e8981aefd881ac98936f8da0e0f97f5cf428082d584c1d
B1 = 0x12e2908d11688030018b12e8753eee3b2016c1f0f24f4070a0b9c14fcef35ef55a23215a316ceaa5d1cc48e98e172be0
Z1 = 11
ISO_11 = {
    'x_numerator': '''
        11a05f2b1e833340b809101dd99815856b303e88a2d7005ff2627b56cdb4e2c85610c2d5f2e62d6eaeac1662734649b7
        17294ed3e943ab2f0588bab22147a81c7c17e75b2f6a8417f565e33c70d1e86b4838f2a6f318c356e834eef1b3cb83bb
        d54005db97678ec1d1048c5d10a9a1bce032473295983e56878e501ec68e25c958c3e3d2a09729fe0179f9dac9edcb0
        1778e7166fcc6db74e0609d307e55412d7f5e4656a8dbf25f1b33289f1b330835336e25ce3107193c5b388641d9b6861
        e99726a3199f4436642b4b3e4118e5499db995a1257fb3f086eeb65982fac18985a286f301e77c451154ce9ac8895d9
        1630c3250d7313ff01d1201bf7a74ab5db3cb17dd952799b9ed3ab9097e68f90a0870d2dcae73d19cd13c1c66f652983
        d6ed6553fe44d296a3726c38ae652bfb11586264f0f8ce19008e218f9c86b2a8da25128c1052ecaddd7f225a139ed84
        17b81e7701abdbe2e8743884d1117e53356de5ab275b4db1a682c62ef0f2753339b7c8f8c8f475af9ccb5618e3f0c88e
        80d3cf1f9a78fc47b90b33563be990dc43b756ce79f5574a2c596c928c5d1de4fa295f296b74e956d71986a8497e317
        169b1f8e1bcfa7c42e0c37515d138f22dd2ecb803a0c5c99676314baf4bb1b7fa3190b2edc0327797f241067be390c9e
        10321da079ce07e272d8ec09d2565b0dfa7dccdde6787f96d50af36003b14866f69b771f8c285decca67df3f1605fb7b
        6e08c248e260e70bd1e962381edee3d31d79d7e22c837bc23c0bf1bc24c6b68c24b1b80b64d391fa9c8ba2e8ba2d229
    ''',
    'x_denominator': '''
        8ca8d548cff19ae18b2e62f4bd3fa6f01d5ef4ba35b48ba9c9588617fc8ac62b558d681be343df8993cf9fa40d21b1c
        12561a5deb559c4348b4711298e536367041e8ca0cf0800c0126c2588c48bf5713daa8846cb026e9e5c8276ec82b3bff
        b2962fe57a3225e8137e629bff2991f6f89416f5a718cd1fca64e00b11aceacd6a3d0967c94fedcfcc239ba5cb83e19
        3425581a58ae2fec83aafef7c40eb545b08243f16b1655154cca8abc28d6fd04976d5243eecf5c4130de8938dc62cd8
        13a8e162022914a80a6f1d5f43e7a07dffdfc759a12062bb8d6b44e833b306da9bd29ba81f35781d539d395b3532a21e
        e7355f8e4e667b955390f7f0506c6e9395735e9ce9cad4d0a43bcef24b8982f7400d24bc4228f11c02df9a29f6304a5
        772caacf16936190f3e0c63e0596721570f5799af53a1894e2e073062aede9cea73b3538f0de06cec2574496ee84a3a
        14a7ac2a9d64a8b230b3f5b074cf01996e7f63c21bca68a81996e1cdf9822c580fa5b9489d11e2d311f7d99bbdcc5a5e
        a10ecf6ada54f825e920b3dafc7a3cce07f8d1d7161366b74100da67f39883503826692abba43704776ec3a79a1d641
        95fc13ab9e92ad4476d6e3eb3a56680f682b4ee96f7d03776df533978f31c1593174e4b4b7865002d6384d168ecdd0a
        1
    ''',
    'y_numerator': '''
        90d97c81ba24ee0259d1f094980dcfa11ad138e48a869522b52af6c956543d3cd0c7aee9b3ba3c2be9845719707bb33
        134996a104ee5811d51036d776fb46831223e96c254f383d0f906343eb67ad34d6c56711962fa8bfe097e75a2e41c696
        cc786baa966e66f4a384c86a3b49942552e2d658a31ce2c344be4b91400da7d26d521628b00523b8dfe240c72de1f6
        1f86376e8981c217898751ad8746757d42aa7b90eeb791c09e4a3ec03251cf9de405aba9ec61deca6355c77b0e5f4cb
        8cc03fdefe0ff135caf4fe2a21529c4195536fbe3ce50b879833fd221351adc2ee7f8dc099040a841b6daecf2e8fedb
        16603fca40634b6a2211e11db8f0a6a074a7d0d4afadb7bd76505c3d3ad5544e203f6326c95a807299b23ab13633a5f0
        4ab0b9bcfac1bbcb2c977d027796b3ce75bb8ca2be184cb5231413c4d634f3747a87ac2460f415ec961f8855fe9d6f2
        987c8d5333ab86fde9926bd2ca6c674170a05bfe3bdd81ffd038da6c26c842642f64550fedfe935a15e4ca31870fb29
        9fc4018bd96684be88c9e221e4da1bb8f3abd16679dc26c1e8b6e6a1f20cabe69d65201c78607a360370e577bdba587
        e1bba7a1186bdb5223abde7ada14a23c42a0ca7915af6fe06985e7ed1e4d43b9b3f7055dd4eba6f2bafaaebca731c30
        19713e47937cd1be0dfd0b8f1d43fb93cd2fcbcb6caf493fd1183e416389e61031bf3a5cce3fbafce813711ad011c132
        18b46a908f36f6deb918c143fed2edcc523559b8aaf0c2462e6bfe7f911f643249d9cdf41b44d606ce07c8a4d0074d8e
        b182cac101b9399d155096004f53f447aa7b12a3426b08ec02710e807b4633f06c851c1919211f20d4c04f00b971ef8
        245a394ad1eca9b72fc00ae7be315dc757b3b080d4c158013e6632d3c40659cc6cf90ad1c232a6442d9d3f5db980133
        5c129645e44cf1102a159f748c4a3fc5e673d81d7e86568d9ab0f5d396a7ce46ba1049b6579afb7866b1e715475224b
        15e6be4e990f03ce4ea50b3b42df2eb5cb181d8f84965a3957add4fa95af01b2b665027efec01c7704b456be69c8b604
    ''',
    'y_denominator': '''
        16112c4c3a9c98b252181140fad0eae9601a6de578980be6eec3232b5be72e7a07f3688ef60c206d01479253b03663c1
        1962d75c2381201e1a0cbd6c43c348b885c84ff731c4d59ca4a10356f453e01f78a4260763529e3532f6102c2e49a03d
        58df3306640da276faaae7d6e8eb15778c4855551ae7f310c35a5dd279cd2eca6757cd636f96f891e2538b53dbf67f2
        16b7d288798e5395f20d23bf89edb4d1d115c5dbddbcd30e123da489e726af41727364f2c28297ada8d26d98445f5416
        be0e079545f43e4b00cc912f8228ddcc6d19c9f0f69bbb0542eda0fc9dec916a20b15dc0fd2ededda39142311a5001d
        8d9e5297186db2d9fb266eaac783182b70152c65550d881c5ecd87b6f0f5a6449f38db9dfa9cce202c6477faaf9b7ac
        166007c08a99db2fc3ba8734ace9824b5eecfdfa8d0cf8ef5dd365bc400a0051d5fa9c01a58b1fb93d1a1399126a775c
        16a3ef08be3ea7ea03bcddfabba6ff6ee5a4375efa1f4fd7feb34fd206357132b920f5b00801dee460ee415a15812ed9
        1866c8ed336c61231a1be54fd1d74cc4f9fb0ce4c6af5920abc5750c4bf39b4852cfe2f7bb9248836b233d9d55535d4a
        167a55cda70a6e1cea820597d94a84903216f763e13d87bb5308592e7ea7d4fbc7385ea3d529b35e346ef48bb8913f55
        4d2f259eea405bd48f010a01ad2911d9c6dd039bb61a6290e591b36e636a5c871a5c29f4f83060400f8b49cba8f6aa8
        accbb67481d033ff5852c1e48c50c477f94ff8aefce42d28c0f9a88cea7913516f968986f7ebbea9684b529e2561092
        ad6b9514c767fe3c3613144b45f1496543346d98adf02267d5ceef9a00d9b8693000763e3b90ac11e99b138573345cc
        2660400eb2e4f3b628bdd0d53cd76f2bf565b94e72927c1cb748df27942480e420517bd8714cc80d1fadc1326ed06f7
        e0fa1d816ddc03e6b24255e0d7819c171c40f65e273b853324efcd6356caa205ca2f570f13497804415473a1d634b8f
        1
    ''',
}
# E2': y^2 = x^3 + A' x + B', Z (RFC 9380, section 8.8.2) and the 3-isogeny to E2 (appendix E.3), as pairs c0 c1
A2, B2, Z2 = Fp2(0, 240), Fp2(1012, 1012), Fp2(-2, -1)
ISO_3 = {
    'x_numerator': '''
        5c759507e8e333ebb5b7a9a47d7ed8532c52d39fd3a042a88b58423c50ae15d5c2638e343d9c71c6238aaaaaaaa97d6 5c759507e8e333ebb5b7a9a47d7ed8532c52d39fd3a042a88b58423c50ae15d5c2638e343d9c71c6238aaaaaaaa97d6
        0 11560bf17baa99bc32126fced787c88f984f87adf7ae0c7f9a208c6b4f20a4181472aaa9cb8d555526a9ffffffffc71a
        11560bf17baa99bc32126fced787c88f984f87adf7ae0c7f9a208c6b4f20a4181472aaa9cb8d555526a9ffffffffc71e 8ab05f8bdd54cde190937e76bc3e447cc27c3d6fbd7063fcd104635a790520c0a395554e5c6aaaa9354ffffffffe38d
        171d6541fa38ccfaed6dea691f5fb614cb14b4e7f4e810aa22d6108f142b85757098e38d0f671c7188e2aaaaaaaa5ed1 0
    ''',
    'x_denominator': '''
        0 1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaa63
        c 1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaa9f
        1 0
    ''',
    'y_numerator': '''
        1530477c7ab4113b59a4c18b076d11930f7da5d4a07f649bf54439d87d27e500fc8c25ebf8c92f6812cfc71c71c6d706 1530477c7ab4113b59a4c18b076d11930f7da5d4a07f649bf54439d87d27e500fc8c25ebf8c92f6812cfc71c71c6d706
        0 5c759507e8e333ebb5b7a9a47d7ed8532c52d39fd3a042a88b58423c50ae15d5c2638e343d9c71c6238aaaaaaaa97be
        11560bf17baa99bc32126fced787c88f984f87adf7ae0c7f9a208c6b4f20a4181472aaa9cb8d555526a9ffffffffc71c 8ab05f8bdd54cde190937e76bc3e447cc27c3d6fbd7063fcd104635a790520c0a395554e5c6aaaa9354ffffffffe38f
        124c9ad43b6cf79bfbf7043de3811ad0761b0f37a1e26286b0e977c69aa274524e79097a56dc4bd9e1b371c71c718b10 0
    ''',
    'y_denominator': '''
        1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffa8fb 1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffa8fb
        0 1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffa9d3
        12 1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaa99
        1 0
    ''',
}
iso11 = {k: [int(v, 16) for v in t.split()] for k, t in ISO_11.items()}
iso3 = {k: [Fp2(*(int(v, 16) for v in l.split())) for l in t.strip().split('\n')] for k, t in ISO_3.items()}
def evaluate(cs, v, zero):
    s = zero
    for c in reversed(cs): s = s * v + c
    return s
for _ in range(20):   # (x, y) on E' goes to (x_n / x_d, y y_n / y_d) on E: (x^3 + A' x + B') y_n^2 x_d^3 = y_d^2 (x_n^3 + b x_d^3)
    v = random.randrange(p)
    xn, xd, yn, yd = (evaluate(iso11[k], v, 0) % p for k in ('x_numerator', 'x_denominator', 'y_numerator', 'y_denominator'))
    assert ((v**3 + A1 * v + B1) * yn**2 * xd**3 - yd**2 * (xn**3 + 4 * xd**3)) % p == 0
    v = Fp2(random.randrange(p), random.randrange(p))
    xn, xd, yn, yd = (evaluate(iso3[k], v, Fp2(0, 0)) for k in ('x_numerator', 'x_denominator', 'y_numerator', 'y_denominator'))
    assert (v * v * v + A2 * v + B2) * yn * yn * xd * xd * xd == yd * yd * (xn * xn * xn + bls.b2 * xd * xd * xd)

bls.field('bls12381_fp', p, 'The field of the coordinates: (x - 1)^2 (x^4 - x^2 + 1) / 3 + x with x = -0xd201000000010000')
bls.write('_fields.inc', 'BLS12-381: its prime field.')
common(bls)
miller_digits(bls, [int(b) for b in bin(-x)[2:]], 'The loop count of the ate pairing, |x| = 0xd201000000010000')
# The hard part of the final exponentiation (bls12381_pairing.c): three times (p^4 - p^2 + 1) / r.
assert (x - 1)**2 * (x + p) * (x**2 + p**2 - 1) + 3 == 3 * (p**4 - p**2 + 1) // r
bls.constant('fp', 'beta', beta, 'A cube root of one with (beta x, y) = [-x^2] (x, y) in G1')
bls.write('_constants.inc', 'BLS12-381: constants of the curves and of the tower, in Montgomery form.')
for kind, prefix, A, B, Z, iso in (('fp', 'g1', A1, B1, Z1, iso11), ('fp2', 'g2', A2, B2, Z2, iso3)):
    minus_b_over_a = -B * pow(A, -1, p) if kind == 'fp' else (Fp2(0, 0) - B) * A.inverse()
    b_over_za = B * pow(Z * A, -1, p) if kind == 'fp' else B * (Z * A).inverse()
    bls.constant(kind, prefix + '_sswu_a', A, "E': y^2 = x^3 + A' x + B'")
    bls.constant(kind, prefix + '_sswu_b', B, "B'")
    bls.constant(kind, prefix + '_sswu_z', Z, 'Z')
    bls.constant(kind, prefix + '_sswu_minus_b_over_a', minus_b_over_a, "-B' / A'")
    bls.constant(kind, prefix + '_sswu_b_over_za', b_over_za, "B' / (Z A')")
    for k in ('x_numerator', 'x_denominator', 'y_numerator', 'y_denominator'):
        bls.table(kind, prefix + '_isogeny_' + k, iso[k], 'k_(%d,i)' % (1 + ['x_n', 'x_d', 'y_n', 'y_d'].index(k[:3])))
bls.write('_map_constants.inc', 'BLS12-381: constants of the maps to G1 and G2 (RFC 9380), in Montgomery form.')
