/* Keccak-f[1600] and its sponge (FIPS 202). A state of 5 × 5 lanes A[x, y] is kept as lanes[x + 5y]. */
#include "crypto/keccak.h"

static const uint64_t round_constants[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

static inline uint64_t rotate_left(uint64_t v, unsigned n)
{
    return v << n | v >> (64 - n);
}

/* θ: every lane takes in the parities of two columns. d[x] is what column x gets. */
static inline void column_parities(const uint64_t a[25], uint64_t d[5])
{
    uint64_t c[5];
    for (unsigned x = 0; x < 5; x++) c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
    for (unsigned x = 0; x < 5; x++) d[x] = c[(x + 4) % 5] ^ rotate_left(c[(x + 1) % 5], 1);
}

/* χ on a plane of five lanes. */
static inline void mix_plane(uint64_t *a, uint64_t b0, uint64_t b1, uint64_t b2, uint64_t b3, uint64_t b4)
{
    a[0] = b0 ^ (~b1 & b2);
    a[1] = b1 ^ (~b2 & b3);
    a[2] = b2 ^ (~b3 & b4);
    a[3] = b3 ^ (~b4 & b0);
    a[4] = b4 ^ (~b0 & b1);
}

/* One round from a to r. ρ and π are written out: lane (x, y) comes from ((x + 3y) mod 5, x), rotated. */
static inline void permute_round(uint64_t r[25], const uint64_t a[25], uint64_t constant)
{
    uint64_t d[5];
    column_parities(a, d);
    mix_plane(r, a[0] ^ d[0], rotate_left(a[6] ^ d[1], 44), rotate_left(a[12] ^ d[2], 43),
              rotate_left(a[18] ^ d[3], 21), rotate_left(a[24] ^ d[4], 14));
    r[0] ^= constant;
    mix_plane(r + 5, rotate_left(a[3] ^ d[3], 28), rotate_left(a[9] ^ d[4], 20), rotate_left(a[10] ^ d[0], 3),
              rotate_left(a[16] ^ d[1], 45), rotate_left(a[22] ^ d[2], 61));
    mix_plane(r + 10, rotate_left(a[1] ^ d[1], 1), rotate_left(a[7] ^ d[2], 6), rotate_left(a[13] ^ d[3], 25),
              rotate_left(a[19] ^ d[4], 8), rotate_left(a[20] ^ d[0], 18));
    mix_plane(r + 15, rotate_left(a[4] ^ d[4], 27), rotate_left(a[5] ^ d[0], 36), rotate_left(a[11] ^ d[1], 10),
              rotate_left(a[17] ^ d[2], 15), rotate_left(a[23] ^ d[3], 56));
    mix_plane(r + 20, rotate_left(a[2] ^ d[2], 62), rotate_left(a[8] ^ d[3], 55), rotate_left(a[14] ^ d[4], 39),
              rotate_left(a[15] ^ d[0], 41), rotate_left(a[21] ^ d[1], 2));
}

static void permute(uint64_t a[25])
{
    uint64_t b[25];
    for (unsigned i = 0; i < 24; i += 2) {
        permute_round(b, a, round_constants[i]);
        permute_round(a, b, round_constants[i + 1]);
    }
}

void keccak_init(struct keccak *k, unsigned rate)
{
    *k = (struct keccak){.rate = rate};
}

/* Both loops below go byte by byte up to the border of a lane, and lane by lane from there. */
static void permute_if_used_up(struct keccak *k)
{
    if (k->position < k->rate) return;
    permute(k->lanes);
    k->position = 0;
}

void keccak_absorb(struct keccak *k, struct bytes input)
{
    const uint8_t *p = input.data;
    size_t left = input.size;
    while (left > 0) {
        permute_if_used_up(k);
        if (k->position % 8 == 0 && left >= 8) {
            size_t lanes = (k->rate - k->position) / 8 < left / 8 ? (k->rate - k->position) / 8 : left / 8;
            for (size_t i = 0; i < lanes; i++) k->lanes[k->position / 8 + i] ^= load_le64(p + i * 8);
            k->position += (unsigned)lanes * 8;
            p += lanes * 8;
            left -= lanes * 8;
        } else {
            k->lanes[k->position / 8] ^= (uint64_t)*p << k->position % 8 * 8;
            k->position++;
            p++;
            left--;
        }
    }
}

void keccak_finish(struct keccak *k, enum keccak_padding padding)
{
    permute_if_used_up(k);
    k->lanes[k->position / 8] ^= (uint64_t)padding << k->position % 8 * 8;
    k->lanes[k->rate / 8 - 1] ^= (uint64_t)1 << 63;
    k->position = k->rate;
}

void keccak_squeeze(struct keccak *k, uint8_t *out, size_t size)
{
    while (size > 0) {
        permute_if_used_up(k);
        if (k->position % 8 == 0 && size >= 8) {
            size_t lanes = (k->rate - k->position) / 8 < size / 8 ? (k->rate - k->position) / 8 : size / 8;
            for (size_t i = 0; i < lanes; i++) store_le64(out + i * 8, k->lanes[k->position / 8 + i]);
            k->position += (unsigned)lanes * 8;
            out += lanes * 8;
            size -= lanes * 8;
        } else {
            *out++ = (uint8_t)(k->lanes[k->position / 8] >> k->position % 8 * 8);
            k->position++;
            size--;
        }
    }
}

/* Fixed-length hashes give half of what the rate leaves of the 200 bytes. */
static void hash_at_once(struct bytes input, uint8_t *out, size_t size, enum keccak_padding padding)
{
    struct keccak k;
    keccak_init(&k, 200 - 2 * (unsigned)size);
    keccak_absorb(&k, input);
    keccak_finish(&k, padding);
    keccak_squeeze(&k, out, size);
}

void keccak256(struct bytes input, uint8_t out[32])
{
    hash_at_once(input, out, 32, KECCAK_PADDING);
}

void keccak512(struct bytes input, uint8_t out[64])
{
    hash_at_once(input, out, 64, KECCAK_PADDING);
}

void sha3_256(struct bytes input, uint8_t out[32])
{
    hash_at_once(input, out, 32, SHA3_PADDING);
}

void sha3_384(struct bytes input, uint8_t out[48])
{
    hash_at_once(input, out, 48, SHA3_PADDING);
}

void sha3_512(struct bytes input, uint8_t out[64])
{
    hash_at_once(input, out, 64, SHA3_PADDING);
}
