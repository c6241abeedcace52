#include "crypto/bls12381_map.h"

#include "crypto/bls12381_root.h"
#include "crypto/bls12381_subgroup.h"

#include "crypto/bls12381_map_constants.inc"

#define POINT g1
#define COORDINATE fp
#define FIELD(function) bls12381_fp_##function
#include "crypto/sswu.inc"
#undef POINT
#undef COORDINATE
#undef FIELD

#define POINT g2
#define COORDINATE fp2
#define FIELD(function) bls12381_fp2_##function
#include "crypto/sswu.inc"
#undef POINT
#undef COORDINATE
#undef FIELD

/* clear_cofactor: [1 - x] p (RFC 9380, section 8.8.1: h_eff = 0xd201000000010001). */
void bls12381_map_to_g1(struct g1 *r, const struct fp *u)
{
    struct fp x, y;
    struct g1 p;
    g1_sswu(&x, &y, u);
    g1_isogeny(&p, &x, &y);
    g1_multiply_word(r, &p, BLS12381_MINUS_X);
    g1_add(r, r, &p);
}

/* clear_cofactor: [x^2 - x - 1] p + [x - 1] psi(p) + psi^2(2p), which is [h_eff] p (RFC 9380, appendix G.3; Budroni,
 * Pintore, eprint 2017/419), here as [-x]([-x] p + p - psi(p)) - p - psi(p) + psi^2(2p). */
static void clear_cofactor_g2(struct g2 *r, const struct g2 *p)
{
    struct g2 image, sum, twice;
    bls12381_psi(&image, p);
    g2_multiply_word(&sum, p, BLS12381_MINUS_X);
    g2_add(&sum, &sum, p);
    g2_subtract(&sum, &sum, &image);
    g2_multiply_word(&sum, &sum, BLS12381_MINUS_X);
    g2_subtract(&sum, &sum, p);
    g2_subtract(&sum, &sum, &image);
    g2_double(&twice, p);
    bls12381_psi(&twice, &twice);
    bls12381_psi(&twice, &twice);
    g2_add(r, &sum, &twice);
}

void bls12381_map_to_g2(struct g2 *r, const struct fp2 *u)
{
    struct fp2 x, y;
    struct g2 p;
    g2_sswu(&x, &y, u);
    g2_isogeny(&p, &x, &y);
    clear_cofactor_g2(r, &p);
}
