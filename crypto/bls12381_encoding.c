#include "crypto/bls12381_encoding.h"

#include "crypto/bls12381_root.h"

#define FLAG_COMPRESSED 0x80
#define FLAG_INFINITY 0x40
#define FLAG_GREATER 0x20
#define FLAGS (FLAG_COMPRESSED | FLAG_INFINITY | FLAG_GREATER)

enum status bls12381_check_length(struct bytes input, size_t element_size, const char *function, struct error *e)
{
    if (input.size % element_size == 0) return STATUS_OK;
    return error_set(e, STATUS_MALFORMED, BLS12381_BAD_LENGTH, ERROR_NO_OFFSET,
                     "Incorrect input length for %s: %zu is not divisible by %zu", function, input.size, element_size);
}

static uint64_t load_be64(const uint8_t *bytes)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < 8; i++) v = v << 8 | bytes[i];
    return v;
}

/* Reads a number whose first byte has `ignored` bits that belong to something else. */
static bool read_fp_without(struct fp *r, const uint8_t *bytes, uint8_t ignored)
{
    uint64_t plain[FP_LIMBS];
    for (unsigned i = 0; i < FP_LIMBS; i++) plain[i] = load_be64(bytes + 8 * (FP_LIMBS - 1 - i));
    plain[FP_LIMBS - 1] &= ~((uint64_t)ignored << 56);
    return fp_from_plain(r, plain);
}

static bool read_fp2_without(struct fp2 *r, const uint8_t *bytes, uint8_t ignored)
{
    return read_fp_without(&r->c1, bytes, ignored) && read_fp_without(&r->c0, bytes + FP_SIZE, 0);
}

bool bls12381_read_fp(struct fp *r, const uint8_t *bytes)
{
    return read_fp_without(r, bytes, 0);
}

bool bls12381_read_fp2(struct fp2 *r, const uint8_t *bytes)
{
    return read_fp2_without(r, bytes, 0);
}

/* Whether all bits but the flags are zero: what infinity has to look like. */
static bool is_blank(const uint8_t *bytes, size_t size)
{
    uint8_t any = (uint8_t)(bytes[0] & ~FLAGS);
    for (size_t i = 1; i < size; i++) any |= bytes[i];
    return any == 0;
}

bool bls12381_read_g1(struct g1_affine *p, const uint8_t *bytes, bool not_in_group_fix)
{
    uint8_t flags = bytes[0] & FLAGS;
    if (flags == FLAG_INFINITY && is_blank(bytes, BLS12381_G1_SIZE)) {
        memset(p, 0, sizeof *p);
        return true;
    }
    if (flags != 0) return false;
    if (!bls12381_read_fp(&p->x, bytes) || !bls12381_read_fp(&p->y, bytes + FP_SIZE)) return false;
    if (!g1_is_on_curve(p, &curve_b)) return false;
    return not_in_group_fix || !fp_is_zero(&p->x);
}

bool bls12381_read_g2(struct g2_affine *p, const uint8_t *bytes, bool not_in_group_fix)
{
    (void)not_in_group_fix;
    uint8_t flags = bytes[0] & FLAGS;
    if (flags == FLAG_INFINITY && is_blank(bytes, BLS12381_G2_SIZE)) {
        memset(p, 0, sizeof *p);
        return true;
    }
    if (flags != 0) return false;
    if (!bls12381_read_fp2(&p->x, bytes) || !bls12381_read_fp2(&p->y, bytes + 2 * FP_SIZE)) return false;
    return g2_is_on_curve(p, &twist_b);
}

bool bls12381_read_compressed_g1(struct g1_affine *p, const uint8_t *bytes, bool not_in_group_fix)
{
    uint8_t flags = bytes[0] & FLAGS;
    if (flags == (FLAG_COMPRESSED | FLAG_INFINITY) && is_blank(bytes, FP_SIZE)) {
        memset(p, 0, sizeof *p);
        return true;
    }
    if ((flags & ~FLAG_GREATER) != FLAG_COMPRESSED || !read_fp_without(&p->x, bytes, FLAGS)) return false;
    struct fp square;
    fp_square(&square, &p->x);
    fp_multiply(&square, &square, &p->x);
    fp_add(&square, &square, &curve_b);
    if (!bls12381_fp_root(&p->y, &square)) return false;
    if (bls12381_fp_is_greater(&p->y) != (flags & FLAG_GREATER ? true : false)) fp_negate(&p->y, &p->y);
    return not_in_group_fix || !fp_is_zero(&p->x);
}

bool bls12381_read_compressed_g2(struct g2_affine *p, const uint8_t *bytes, bool not_in_group_fix)
{
    (void)not_in_group_fix;
    uint8_t flags = bytes[0] & FLAGS;
    if (flags == (FLAG_COMPRESSED | FLAG_INFINITY) && is_blank(bytes, 2 * FP_SIZE)) {
        memset(p, 0, sizeof *p);
        return true;
    }
    if ((flags & ~FLAG_GREATER) != FLAG_COMPRESSED || !read_fp2_without(&p->x, bytes, FLAGS)) return false;
    struct fp2 square;
    fp2_square(&square, &p->x);
    fp2_multiply(&square, &square, &p->x);
    fp2_add(&square, &square, &twist_b);
    if (!bls12381_fp2_root(&p->y, &square)) return false;
    if (bls12381_fp2_is_greater(&p->y) != (flags & FLAG_GREATER ? true : false)) fp2_negate(&p->y, &p->y);
    return true;
}

static void write_fp(uint8_t *out, const struct fp *a)
{
    uint64_t plain[FP_LIMBS];
    fp_to_plain(plain, a);
    for (unsigned i = 0; i < FP_SIZE; i++)
        out[i] = (uint8_t)(plain[(FP_SIZE - 1 - i) / 8] >> (FP_SIZE - 1 - i) % 8 * 8);
}

void bls12381_write_g1(struct buffer *out, const struct g1_affine *p)
{
    uint8_t bytes[BLS12381_G1_SIZE] = {FLAG_INFINITY};
    if (!g1_affine_is_infinity(p)) {
        write_fp(bytes, &p->x);
        write_fp(bytes + FP_SIZE, &p->y);
    }
    buffer_append(out, bytes, sizeof bytes);
}

void bls12381_write_g2(struct buffer *out, const struct g2_affine *p)
{
    uint8_t bytes[BLS12381_G2_SIZE] = {FLAG_INFINITY};
    if (!g2_affine_is_infinity(p)) {
        write_fp(bytes, &p->x.c1);
        write_fp(bytes + FP_SIZE, &p->x.c0);
        write_fp(bytes + 2 * FP_SIZE, &p->y.c1);
        write_fp(bytes + 3 * FP_SIZE, &p->y.c0);
    }
    buffer_append(out, bytes, sizeof bytes);
}
