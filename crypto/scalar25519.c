#include "crypto/scalar25519.h"

#include "base/bytes.h"
#include "crypto/field.h"
#include "crypto/secret.h"

/* L, and R = 2^256 (field.h). */
static const struct field order = {
    .modulus = {0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0x0000000000000000, 0x1000000000000000},
    .factor = 0xd2b51da312547e1b,
    .one = {0xd6ec31748d98951d, 0xc6ef5bf4737dcf70, 0xfffffffffffffffe, 0x0fffffffffffffff},
    .r2 = {0xa40611e3449c0f01, 0xd00e1ba768859347, 0xceec73d217f5be65, 0x0399411b7c309a3d},
    .r3 = {0x2a9e49687b83a2db, 0x278324e6aef7f3ec, 0x8065dc6c04ec5b65, 0x0e530b773599cec7},
    .limbs = 4,
};

/* 2^252 R and 2^504 R mod L */
static const uint64_t shift_252[4] = {0xd6cd05405432c2a3, 0x6b5a2d8386929507, 0xdceec73d217f5be6, 0x0b399411b7c309a3};
static const uint64_t shift_504[4] = {0xdac469f6fb8f8555, 0x6731498ba4992644, 0xc78065dc6c04ec5b, 0x019e530b773599ce};

static void load(uint64_t r[4], const uint8_t a[32])
{
    for (int i = 0; i < 4; i++) r[i] = load_le64(a + 8 * i);
}

static void store(uint8_t r[32], const uint64_t a[4])
{
    for (int i = 0; i < 4; i++) store_le64(r + 8 * i, a[i]);
}

/* r = a b / R mod L. The plain version takes the same time for all numbers below L. */
static void multiply(uint64_t r[4], const uint64_t a[4], const uint64_t b[4])
{
    field_multiply_portable_4(r, a, b, &order);
}

static void add(uint64_t r[4], const uint64_t a[4], const uint64_t b[4])
{
    uint64_t sum[4], reduced[4];
    unsigned char carry = 0, borrow = 0;
    for (int i = 0; i < 4; i++) sum[i] = add_carry(a[i], b[i], &carry);
    for (int i = 0; i < 4; i++) reduced[i] = subtract_borrow(sum[i], order.modulus[i], &borrow);
    uint64_t keep = secret_mask((uint64_t)0 - borrow);
    for (int i = 0; i < 4; i++) r[i] = (sum[i] & keep) | (reduced[i] & ~keep);
}

bool scalar25519_is_canonical(const uint8_t s[32])
{
    uint64_t plain[4];
    load(plain, s);
    return field_is_reduced(plain, &order);
}

void scalar25519_reduce(uint8_t r[32], const uint8_t a[64])
{
    uint64_t w[8];
    for (int i = 0; i < 8; i++) w[i] = load_le64(a + 8 * i);

    /* Three parts, of 252, 252 and 8 bits, each below L. */
    const uint64_t mask = ((uint64_t)1 << 60) - 1;
    const uint64_t low[4] = {w[0], w[1], w[2], w[3] & mask};
    const uint64_t middle[4] = {w[3] >> 60 | w[4] << 4, w[4] >> 60 | w[5] << 4, w[5] >> 60 | w[6] << 4,
                                (w[6] >> 60 | w[7] << 4) & mask};
    const uint64_t high[4] = {w[7] >> 56, 0, 0, 0};
    uint64_t total[4], part[4];
    multiply(total, low, order.one);
    multiply(part, middle, shift_252);
    add(total, total, part);
    multiply(part, high, shift_504);
    add(total, total, part);
    store(r, total);
}

void scalar25519_multiply_add(uint8_t r[32], const uint8_t a[32], const uint8_t b[32], const uint8_t c[32])
{
    uint64_t x[4], y[4], z[4];
    load(x, a);
    load(y, b);
    load(z, c);
    multiply(x, x, y);
    multiply(x, x, order.r2);
    add(x, x, z);
    store(r, x);
}
