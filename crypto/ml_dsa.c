/* ML-DSA-65 (FIPS 204): polynomials of degree below 256 modulo q = 8380417, matrices of 6 x 5 of them. */
#include "crypto/ml_dsa.h"

#include "crypto/keccak.h"

#define Q 8380417
#define N 256
#define ROWS 6                     /* k */
#define COLUMNS 5                  /* l */
#define DROPPED_BITS 13            /* d */
#define GAMMA1 (1 << 19)
#define GAMMA2 ((Q - 1) / 32)
#define ONES 49                    /* tau */
#define BETA 196
#define MAX_HINTS 55               /* omega */
#define CHALLENGE_SIZE 48          /* lambda / 4 */
#define SEED_SIZE 32
#define T1_SIZE (N * 10 / 8)
#define Z_SIZE (N * 20 / 8)
#define W1_SIZE (N * 4 / 8)
#define MU_SIZE 64

/* Coefficients are between -q and q, but where said otherwise. */
typedef int32_t polynomial[N];

/* zeta^bitrev(i) 2^32 mod q, zeta = 1753 */
static const int32_t zetas[N] = {
    -4186625, 25847, -2608894, -518909, 237124, -777960, -876248, 466468, 1826347, 2353451, -359251, -2091905,
    3119733, -2884855, 3111497, 2680103, 2725464, 1024112, -1079900, 3585928, -549488, -1119584, 2619752, -2108549,
    -2118186, -3859737, -1399561, -3277672, 1757237, -19422, 4010497, 280005, 2706023, 95776, 3077325, 3530437,
    -1661693, -3592148, -2537516, 3915439, -3861115, -3043716, 3574422, -2867647, 3539968, -300467, 2348700, -539299,
    -1699267, -1643818, 3505694, -3821735, 3507263, -2140649, -1600420, 3699596, 811944, 531354, 954230, 3881043,
    3900724, -2556880, 2071892, -2797779, -3930395, -1528703, -3677745, -3041255, -1452451, 3475950, 2176455,
    -1585221, -1257611, 1939314, -4083598, -1000202, -3190144, -3157330, -3632928, 126922, 3412210, -983419, 2147896,
    2715295, -2967645, -3693493, -411027, -2477047, -671102, -1228525, -22981, -1308169, -381987, 1349076, 1852771,
    -1430430, -3343383, 264944, 508951, 3097992, 44288, -1100098, 904516, 3958618, -3724342, -8578, 1653064, -3249728,
    2389356, -210977, 759969, -1316856, 189548, -3553272, 3159746, -1851402, -2409325, -177440, 1315589, 1341330,
    1285669, -1584928, -812732, -1439742, -3019102, -3881060, -3628969, 3839961, 2091667, 3407706, 2316500, 3817976,
    -3342478, 2244091, -2446433, -3562462, 266997, 2434439, -1235728, 3513181, -3520352, -3759364, -1197226, -3193378,
    900702, 1859098, 909542, 819034, 495491, -1613174, -43260, -522500, -655327, -3122442, 2031748, 3207046, -3556995,
    -525098, -768622, -3595838, 342297, 286988, -2437823, 4108315, 3437287, -3342277, 1735879, 203044, 2842341,
    2691481, -2590150, 1265009, 4055324, 1247620, 2486353, 1595974, -3767016, 1250494, 2635921, -3548272, -2994039,
    1869119, 1903435, -1050970, -1333058, 1237275, -3318210, -1430225, -451100, 1312455, 3306115, -1962642, -1279661,
    1917081, -2546312, -1374803, 1500165, 777191, 2235880, 3406031, -542412, -2831860, -1671176, -1846953, -2584293,
    -3724270, 594136, -3776993, -2013608, 2432395, 2454455, -164721, 1957272, 3369112, 185531, -1207385, -3183426,
    162844, 1616392, 3014001, 810149, 1652634, -3694233, -1799107, -3038916, 3523897, 3866901, 269760, 2213111,
    -975884, 1717735, 472078, -426683, 1723600, -1803090, 1910376, -1667432, -1104333, -260646, -3833893, -2939036,
    -2235985, -420899, -2286327, 183443, -976891, 1612842, -3545687, -554416, 3919660, -48306, -1362209, 3937738,
    1400424, -846154, 1976782,
};

/* a / 2^32 mod q, between -q and q, for |a| < 2^31 q (Montgomery; 58728449 is 1/q mod 2^32) */
static inline int32_t reduce(int64_t a)
{
    int32_t t = (int32_t)((uint32_t)a * 58728449u);
    return (int32_t)((a - (int64_t)t * Q) >> 32);
}

/* FIPS 204, algorithm 41; the result is within 9q of zero. */
static void ntt(polynomial p)
{
    unsigned k = 0;
    for (unsigned length = 128; length > 0; length /= 2) {
        for (unsigned start = 0; start < N; start += 2 * length) {
            const int32_t zeta = zetas[++k];
            for (unsigned j = start; j < start + length; j++) {
                int32_t t = reduce((int64_t)zeta * p[j + length]);
                p[j + length] = p[j] - t;
                p[j] = p[j] + t;
            }
        }
    }
}

/* Brings coefficients below 2^31 - 2^22 to at most 3/4 q, in absolute value: 2^23 is little more than q. */
static void reduce_coefficients(polynomial p)
{
    for (unsigned i = 0; i < N; i++) p[i] -= ((p[i] + (1 << 22)) >> 23) * Q;
}

/* Algorithm 42, with 2^64 / 256 as last factor, which makes up for 1 / 2^32 of a product. */
static void inverse_ntt(polynomial p)
{
    unsigned k = N;
    reduce_coefficients(p); /* for sums grow by 256, and must stay below 2^31 */
    for (unsigned length = 1; length < N; length *= 2) {
        for (unsigned start = 0; start < N; start += 2 * length) {
            const int32_t zeta = -zetas[--k];
            for (unsigned j = start; j < start + length; j++) {
                int32_t t = p[j];
                p[j] = t + p[j + length];
                p[j + length] = reduce((int64_t)zeta * (t - p[j + length]));
            }
        }
    }
    for (unsigned i = 0; i < N; i++) p[i] = reduce((int64_t)p[i] * 41978);
}

/* One entry of the matrix, in the domain of the transform (algorithms 30 and 14): numbers of 23 bits, those from q on
 * left out. */
static void sample_matrix(polynomial p, const uint8_t seed[SEED_SIZE], unsigned row, unsigned column)
{
    struct keccak k;
    const uint8_t place[2] = {(uint8_t)column, (uint8_t)row};
    uint8_t block[SHAKE128_RATE];
    keccak_init(&k, SHAKE128_RATE);
    keccak_absorb(&k, bytes_of(seed, SEED_SIZE));
    keccak_absorb(&k, bytes_of(place, sizeof place));
    keccak_finish(&k, SHAKE_PADDING);
    for (unsigned n = 0; n < N;) {
        keccak_squeeze(&k, block, sizeof block);
        for (unsigned i = 0; i < sizeof block && n < N; i += 3) {
            int32_t v = (int32_t)(load_le16(block + i) | (uint32_t)(block[i + 2] & 0x7f) << 16);
            if (v < Q) p[n++] = v;
        }
    }
}

/* Algorithm 29: 49 coefficients of 1 or -1, the others 0. */
static void sample_in_ball(polynomial p, const uint8_t seed[CHALLENGE_SIZE])
{
    struct keccak k;
    uint8_t sign_bytes[8], j;
    keccak_init(&k, SHAKE256_RATE);
    keccak_absorb(&k, bytes_of(seed, CHALLENGE_SIZE));
    keccak_finish(&k, SHAKE_PADDING);
    keccak_squeeze(&k, sign_bytes, sizeof sign_bytes);
    uint64_t signs = load_le64(sign_bytes);
    memset(p, 0, sizeof(polynomial));
    for (unsigned i = N - ONES; i < N; i++) {
        do keccak_squeeze(&k, &j, 1);
        while (j > i);
        p[i] = p[j];
        p[j] = signs & 1 ? -1 : 1;
        signs >>= 1;
    }
}

/* Coefficients of 20 bits, each taken from gamma1. False if one is not below gamma1 - beta in absolute value. */
static bool unpack_z(polynomial p, const uint8_t bytes[Z_SIZE])
{
    bool small = true;
    for (unsigned i = 0; i < N; i += 2, bytes += 5) {
        uint32_t low = load_le32(bytes);
        p[i] = GAMMA1 - (int32_t)(low & 0xfffff);
        p[i + 1] = GAMMA1 - (int32_t)(low >> 20 | (uint32_t)bytes[4] << 12);
    }
    for (unsigned i = 0; i < N; i++) small &= p[i] < GAMMA1 - BETA && p[i] > BETA - GAMMA1;
    return small;
}

/* Coefficients of 10 bits, times 2^d. */
static void unpack_t1(polynomial p, const uint8_t bytes[T1_SIZE])
{
    for (unsigned i = 0; i < N; i += 4, bytes += 5) {
        uint64_t v = load_le32(bytes) | (uint64_t)bytes[4] << 32;
        for (unsigned j = 0; j < 4; j++) p[i + j] = (int32_t)(v >> 10 * j & 0x3ff) << DROPPED_BITS;
    }
}

/* Algorithm 21: for each row, the places of its hints in rising order; then zeros; then where each row's places end. */
static bool hints_valid(const uint8_t hints[MAX_HINTS + ROWS])
{
    unsigned at = 0;
    for (unsigned row = 0; row < ROWS; row++) {
        const unsigned end = hints[MAX_HINTS + row], first = at;
        if (end < at || end > MAX_HINTS) return false;
        for (; at < end; at++) {
            if (at > first && hints[at] <= hints[at - 1]) return false;
        }
    }
    for (; at < MAX_HINTS; at++) {
        if (hints[at] != 0) return false;
    }
    return true;
}

/* The high bits of r, 0 <= r < q, corrected by the hint (algorithms 36 and 40). */
static uint8_t use_hint(int32_t r, bool hint)
{
    int32_t low = r % (2 * GAMMA2);
    if (low > GAMMA2) low -= 2 * GAMMA2;
    unsigned high;
    if (r - low == Q - 1) {
        high = 0;
        low--;
    } else {
        high = (unsigned)(r - low) / (2 * GAMMA2);
    }
    if (hint) high = low > 0 ? high + 1 : high + 15;
    return high & 15;
}

/* Row `row` of w1 = UseHint(h, A z - c t1 2^d), packed; z and c are transformed. */
static void recompute_w1(uint8_t packed[W1_SIZE], unsigned row, const uint8_t *public_key, const uint8_t *hints,
                         const polynomial z[COLUMNS], const polynomial c)
{
    polynomial w, t;
    unpack_t1(t, public_key + SEED_SIZE + row * T1_SIZE);
    ntt(t);
    for (unsigned i = 0; i < N; i++) w[i] = -reduce((int64_t)t[i] * c[i]);
    for (unsigned column = 0; column < COLUMNS; column++) {
        sample_matrix(t, public_key, row, column);
        for (unsigned i = 0; i < N; i++) w[i] += reduce((int64_t)t[i] * z[column][i]);
    }
    inverse_ntt(w);

    bool hinted[N] = {false};
    const unsigned first = row ? hints[MAX_HINTS + row - 1] : 0, end = hints[MAX_HINTS + row];
    for (unsigned at = first; at < end; at++) hinted[hints[at]] = true;
    for (unsigned i = 0; i < N; i++) w[i] += Q & -(w[i] < 0);
    for (unsigned i = 0; i < N; i += 2)
        packed[i / 2] = (uint8_t)(use_hint(w[i], hinted[i]) | use_hint(w[i + 1], hinted[i + 1]) << 4);
}

/* mu = SHAKE256(SHAKE256(pk) ‖ M') */
static void message_representative(uint8_t mu[MU_SIZE], const uint8_t *public_key, struct bytes prefix,
                                   struct bytes message)
{
    struct keccak k;
    keccak_init(&k, SHAKE256_RATE);
    keccak_absorb(&k, bytes_of(public_key, ML_DSA_65_PUBLIC_KEY_SIZE));
    keccak_finish(&k, SHAKE_PADDING);
    keccak_squeeze(&k, mu, MU_SIZE);
    keccak_init(&k, SHAKE256_RATE);
    keccak_absorb(&k, bytes_of(mu, MU_SIZE));
    keccak_absorb(&k, prefix);
    keccak_absorb(&k, message);
    keccak_finish(&k, SHAKE_PADDING);
    keccak_squeeze(&k, mu, MU_SIZE);
}

bool ml_dsa_65_verify_internal(const uint8_t public_key[ML_DSA_65_PUBLIC_KEY_SIZE], struct bytes prefix,
                               struct bytes message, const uint8_t signature[ML_DSA_65_SIGNATURE_SIZE])
{
    const uint8_t *hints = signature + CHALLENGE_SIZE + COLUMNS * Z_SIZE;
    polynomial z[COLUMNS], c;
    uint8_t mu[MU_SIZE], w1[W1_SIZE], expected[CHALLENGE_SIZE];
    if (!hints_valid(hints)) return false;
    for (unsigned column = 0; column < COLUMNS; column++) {
        if (!unpack_z(z[column], signature + CHALLENGE_SIZE + column * Z_SIZE)) return false;
        ntt(z[column]);
    }
    sample_in_ball(c, signature);
    ntt(c);

    struct keccak k;
    message_representative(mu, public_key, prefix, message);
    keccak_init(&k, SHAKE256_RATE);
    keccak_absorb(&k, bytes_of(mu, sizeof mu));
    for (unsigned row = 0; row < ROWS; row++) {
        recompute_w1(w1, row, public_key, hints, z, c);
        keccak_absorb(&k, bytes_of(w1, sizeof w1));
    }
    keccak_finish(&k, SHAKE_PADDING);
    keccak_squeeze(&k, expected, sizeof expected);
    return memcmp(expected, signature, sizeof expected) == 0;
}

bool ml_dsa_65_verify(const uint8_t public_key[ML_DSA_65_PUBLIC_KEY_SIZE], struct bytes message,
                      const uint8_t signature[ML_DSA_65_SIGNATURE_SIZE])
{
    static const uint8_t pure_and_no_context[2] = {0, 0};
    return ml_dsa_65_verify_internal(public_key, bytes_of(pure_and_no_context, sizeof pure_and_no_context), message,
                                     signature);
}
