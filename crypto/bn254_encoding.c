#include "crypto/bn254_encoding.h"

#include "crypto/bn254_subgroup.h"

enum status bn254_check_length(struct bytes input, size_t element_size, struct error *e)
{
    if (input.size % element_size == 0) return STATUS_OK;
    return error_set(e, STATUS_MALFORMED, BN254_BAD_LENGTH, ERROR_NO_OFFSET,
                     "slice of size %zu cannot be precisely split into chunks of size %zu", input.size, element_size);
}

static enum status invalid(struct error *e, enum bn254_error code, size_t offset, const char *what)
{
    return error_set(e, STATUS_INVALID, (int)code, offset, "invalid %s", what);
}

static void read_number(uint64_t plain[FP_LIMBS], const uint8_t *bytes)
{
    for (unsigned i = 0; i < FP_LIMBS; i++) plain[i] = load_le64(bytes + 8 * i);
}

static enum status read_fp(struct fp *r, struct bytes input, size_t offset, struct error *e)
{
    uint64_t plain[FP_LIMBS];
    read_number(plain, input.data + offset);
    if (!fp_from_plain(r, plain)) return invalid(e, BN254_BAD_FQ, offset, "fq");
    return STATUS_OK;
}

static enum status read_fp2(struct fp2 *r, struct bytes input, size_t offset, struct error *e)
{
    enum status status = read_fp(&r->c0, input, offset, e);
    if (status == STATUS_OK) status = read_fp(&r->c1, input, offset + FP_SIZE, e);
    return status;
}

enum status bn254_read_g1(struct g1_affine *p, struct bytes input, size_t offset, struct error *e)
{
    enum status status = read_fp(&p->x, input, offset, e);
    if (status == STATUS_OK) status = read_fp(&p->y, input, offset + FP_SIZE, e);
    if (status != STATUS_OK || g1_affine_is_infinity(p)) return status;
    return g1_is_on_curve(p, &curve_b) ? STATUS_OK : invalid(e, BN254_BAD_G1, offset, "g1");
}

enum status bn254_read_g2(struct g2_affine *p, struct bytes input, size_t offset, struct error *e)
{
    enum status status = read_fp2(&p->x, input, offset, e);
    if (status == STATUS_OK) status = read_fp2(&p->y, input, offset + 2 * FP_SIZE, e);
    if (status != STATUS_OK || g2_affine_is_infinity(p)) return status;
    if (g2_is_on_curve(p, &twist_b) && bn254_g2_has_order_r(p)) return STATUS_OK;
    return invalid(e, BN254_BAD_G2, offset, "g2");
}

enum status bn254_read_scalar(struct scalar *s, struct bytes input, size_t offset, struct error *e)
{
    scalar_from_bytes(s, input.data + offset);
    return field_is_reduced(s->limb, &bn254_fr) ? STATUS_OK : invalid(e, BN254_BAD_FR, offset, "fr");
}

enum status bn254_read_bool(bool *value, struct bytes input, size_t offset, struct error *e)
{
    if (input.data[offset] > 1) return invalid(e, BN254_BAD_BOOL, offset, "bool");
    *value = input.data[offset];
    return STATUS_OK;
}

static void write_fp(uint8_t *out, const struct fp *a)
{
    uint64_t plain[FP_LIMBS];
    fp_to_plain(plain, a);
    for (unsigned i = 0; i < FP_LIMBS; i++) store_le64(out + 8 * i, plain[i]);
}

void bn254_write_g1(uint8_t out[BN254_G1_SIZE], const struct g1 *p)
{
    struct g1_affine affine;
    g1_to_affine(&affine, p);
    write_fp(out, &affine.x);
    write_fp(out + FP_SIZE, &affine.y);
}

/* How many bytes of the input an error is about. */
static size_t extent(enum bn254_error code)
{
    switch (code) {
    case BN254_BAD_LENGTH: return 0;
    case BN254_BAD_BOOL: return 1;
    case BN254_BAD_FQ: return FP_SIZE;
    case BN254_BAD_FR: return BN254_SCALAR_SIZE;
    case BN254_BAD_G1: return BN254_G1_SIZE;
    case BN254_BAD_G2: return BN254_G2_SIZE;
    }
    return 0;
}

void bn254_error_message(const struct error *e, struct bytes input, size_t element_size, struct buffer *message)
{
    if (e->code == BN254_BAD_LENGTH) {
        buffer_printf(message, "slice of size %zu cannot be precisely split into chunks of size %zu", input.size,
                      element_size);
        return;
    }
    buffer_append_string(message, e->message);
    size_t size = extent((enum bn254_error)e->code);
    if (size == 0 || e->offset > input.size || size > input.size - e->offset) return;
    for (size_t i = 0; i < size; i++)
        buffer_printf(message, "%s%X", i == 0 ? ": [" : ", ", (unsigned)input.data[e->offset + i]);
    buffer_append_byte(message, ']');
}
