/* The families of operations: how many handlers an operation has, and how they are numbered. Declared here once; the
 * handlers, their table, the numbers that translation computes, and what checks that all agree follow from it.
 *
 * Handlers of one operation differ in the places of their operands. DIGITS_family says which kinds of places count, so
 * that a handler's number (its *variant*) is a number of mixed radix: as many digits as the first word says, the most
 * significant first. With R integer registers and F float registers the kinds are
 *
 *     kind      radix   0, 1, …                    then        then
 *     INT       R + 1   an integer register        a slot
 *     INT_IMM   R + 2   an integer register        a slot      an immediate (as an address: nothing but the offset)
 *     FLT       F + 1   a float register           a slot
 *     SLOT_IMM  2       a slot, an immediate
 *     LAST_SLOT 2       the last integer register, a slot
 *     METERED   2       no, yes
 *     FLOATS    2       no float registers are saved (loaded), all but the last are
 *     COUNT     R       so many integer registers are saved (loaded)
 *
 * A result's place, if there is one, is the first digit. */
#ifndef VM_FAMILIES_H
#define VM_FAMILIES_H

#define DIGITS_BINARY 3, INT, INT, INT_IMM                /* result, a, b */
#define DIGITS_DIVIDE 2, INT, SLOT_IMM                    /* result, b; a is a slot */
#define DIGITS_UNARY 2, INT, INT                          /* result, a */
#define DIGITS_BRANCH 3, METERED, INT, INT_IMM            /* …, a, b */
#define DIGITS_LOAD 2, INT, INT_IMM                       /* result, address */
#define DIGITS_STORE 2, INT_IMM, INT_IMM                  /* address, value */
#define DIGITS_SELECT 4, INT, INT, INT_IMM, LAST_SLOT     /* result, a, b, condition */
#define DIGITS_GET 1, INT                                 /* result */
#define DIGITS_PUT 1, INT_IMM                             /* value */
#define DIGITS_FBINARY 3, FLT, FLT, FLT                   /* result, a, b */
#define DIGITS_FUNARY 2, FLT, FLT                         /* result, a */
#define DIGITS_FCOMPARE 3, INT, FLT, FLT                  /* result, a, b */
#define DIGITS_FBRANCH 3, METERED, FLT, FLT               /* …, a, b */
#define DIGITS_FLOAD 2, FLT, INT_IMM                      /* result, address */
#define DIGITS_FSTORE 2, INT_IMM, FLT                     /* address, value */
#define DIGITS_FSELECT 4, FLT, FLT, FLT, LAST_SLOT        /* result, a, b, condition */
#define DIGITS_FGET 1, FLT                                /* result */
#define DIGITS_FPUT 1, FLT                                /* value */
#define DIGITS_TO_FLOAT 2, FLT, INT                       /* result, a */
#define DIGITS_FROM_FLOAT 2, INT, FLT                     /* result, a */
#define DIGITS_SWITCH 2, METERED, INT                     /* …, index */
#define DIGITS_RETURN_INT 2, METERED, INT_IMM             /* …, value */
#define DIGITS_RETURN_FLOAT 2, METERED, FLT               /* …, value */
#define DIGITS_CALL 2, FLOATS, COUNT
#define DIGITS_CALL_INDEX 3, FLOATS, COUNT, INT           /* …, index */
#define DIGITS_ENTER 3, METERED, FLOATS, COUNT
#define DIGITS_SIMPLE 0, NONE                             /* one handler; operands at the top of the stack, in slots */

#define EACH_FAMILY(X)                                                                                              \
    X(BINARY) X(DIVIDE) X(UNARY) X(BRANCH) X(LOAD) X(STORE) X(SELECT) X(GET) X(PUT) X(FBINARY) X(FUNARY) X(FCOMPARE) \
    X(FBRANCH) X(FLOAD) X(FSTORE) X(FSELECT) X(FGET) X(FPUT) X(TO_FLOAT) X(FROM_FLOAT) X(SWITCH) X(RETURN_INT)       \
    X(RETURN_FLOAT) X(CALL) X(CALL_INDEX) X(ENTER) X(SIMPLE)

enum family {
#define X(family) FAMILY_##family,
    EACH_FAMILY(X)
#undef X
    FAMILY_COUNT
};

/* ---- numbers ----------------------------------------------------------------------------------------------------- */

#define RADIX_INT(r, f) ((r) + 1)
#define RADIX_INT_IMM(r, f) ((r) + 2)
#define RADIX_FLT(r, f) ((f) + 1)
#define RADIX_SLOT_IMM(r, f) 2
#define RADIX_LAST_SLOT(r, f) 2
#define RADIX_METERED(r, f) 2
#define RADIX_FLOATS(r, f) 2
#define RADIX_COUNT(r, f) (r)
#define RADIX_NONE(r, f) 1

/* How many variants an operation of the family has, with r and f registers; and how many for one place of the first
 * digit. Constant expressions if r and f are. */
#define VARIANTS(family, r, f) FAMILIES_AGAIN(PRODUCT, r, f, DIGITS_##family)
#define STRIDE(family, r, f) FAMILIES_AGAIN(STRIDE, r, f, DIGITS_##family)

/* The variant with these places, as many as the family has digits; t has the numbers of registers, ints and floats. */
#define VARIANT(t, family, ...) VARIANT_AGAIN((t)->ints, (t)->floats, DIGITS_##family, __VA_ARGS__)

/* One digit of a variant of a family of three. */
#define SECOND_OF_THREE(t, family, variant) DIGIT_AGAIN(SECOND, (t)->ints, (t)->floats, variant, DIGITS_##family)
#define THIRD_OF_THREE(t, family, variant) DIGIT_AGAIN(THIRD, (t)->ints, (t)->floats, variant, DIGITS_##family)

/* Macros that make the above of the lists of digits. */
#define FAMILIES_AGAIN(what, r, f, ...) FAMILIES_NOW(what, r, f, __VA_ARGS__)
#define FAMILIES_NOW(what, r, f, n, ...) what##_##n(r, f, __VA_ARGS__)
#define PRODUCT_0(r, f, k1) 1
#define PRODUCT_1(r, f, k1) RADIX_##k1(r, f)
#define PRODUCT_2(r, f, k1, k2) (RADIX_##k1(r, f) * RADIX_##k2(r, f))
#define PRODUCT_3(r, f, k1, k2, k3) (RADIX_##k1(r, f) * RADIX_##k2(r, f) * RADIX_##k3(r, f))
#define PRODUCT_4(r, f, k1, k2, k3, k4) (PRODUCT_2(r, f, k1, k2) * PRODUCT_2(r, f, k3, k4))
#define STRIDE_0(r, f, k1) 1
#define STRIDE_1(r, f, k1) 1
#define STRIDE_2(r, f, k1, k2) RADIX_##k2(r, f)
#define STRIDE_3(r, f, k1, k2, k3) PRODUCT_2(r, f, k2, k3)
#define STRIDE_4(r, f, k1, k2, k3, k4) PRODUCT_3(r, f, k2, k3, k4)
#define VARIANT_AGAIN(r, f, ...) VARIANT_NOW(r, f, __VA_ARGS__)
#define VARIANT_NOW(r, f, n, ...) VARIANT_IS_##n(r, f, __VA_ARGS__)
#define VARIANT_IS_1(r, f, k1, x1) ((uint32_t)(x1))
#define VARIANT_IS_2(r, f, k1, k2, x1, x2) ((uint32_t)(x1) * RADIX_##k2(r, f) + (x2))
#define VARIANT_IS_3(r, f, k1, k2, k3, x1, x2, x3) \
    (((uint32_t)(x1) * RADIX_##k2(r, f) + (x2)) * RADIX_##k3(r, f) + (x3))
#define VARIANT_IS_4(r, f, k1, k2, k3, k4, x1, x2, x3, x4) \
    ((((uint32_t)(x1) * RADIX_##k2(r, f) + (x2)) * RADIX_##k3(r, f) + (x3)) * RADIX_##k4(r, f) + (x4))
#define DIGIT_AGAIN(which, r, f, variant, ...) DIGIT_NOW(which, r, f, variant, __VA_ARGS__)
#define DIGIT_NOW(which, r, f, variant, n, ...) which##_OF_##n(r, f, variant, __VA_ARGS__)
#define SECOND_OF_3(r, f, variant, k1, k2, k3) ((variant) / RADIX_##k3(r, f) % RADIX_##k2(r, f))
#define THIRD_OF_3(r, f, variant, k1, k2, k3) ((variant) % RADIX_##k3(r, f))

#endif
