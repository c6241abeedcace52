/* Tables of handler addresses: for each operation one, in the order of variants.h. The including dispatcher defines
 * ADDRESS(handler) and REGISTERS, FLOAT_REGISTERS; the result is the array `handlers`. */
#define VARIANT_BINARY(B, D, A, name, ...) ADDRESS(name##_##D##_##A##_##B),
#define VARIANT_BRANCH(B, M, A, name, ...) ADDRESS(name##_##M##_##A##_##B),
#define VARIANT_DIVIDE(B, D, name, ...) ADDRESS(name##_##D##_##B),
#define VARIANT_UNARY(A, D, name, ...) ADDRESS(name##_##D##_##A),
#define VARIANT_LOAD(A, D, name, ...) ADDRESS(name##_##D##_##A),
#define VARIANT_STORE(V, A, name, ...) ADDRESS(name##_##A##_##V),
#define VARIANT_FLOAD(A, D, name, ...) ADDRESS(name##_##D##_##A),
#define VARIANT_FSTORE(V, A, name, ...) ADDRESS(name##_##A##_##V),
#define VARIANT_SELECT(C, D, A, B, name) ADDRESS(name##_##D##_##A##_##B##_##C),
#define VARIANT_FSELECT(C, D, A, B, name) ADDRESS(name##_##D##_##A##_##B##_##C),
#define VARIANT_GET(D, name) ADDRESS(name##_##D),
#define VARIANT_PUT(A, name) ADDRESS(name##_##A),
#define VARIANT_FGET(D, name) ADDRESS(name##_##D),
#define VARIANT_FPUT(A, name) ADDRESS(name##_##A),
#define VARIANT_FBINARY(B, D, A, name, ...) ADDRESS(name##_##D##_##A##_##B),
#define VARIANT_FUNARY(A, D, name, ...) ADDRESS(name##_##D##_##A),
#define VARIANT_FCOMPARE(B, D, A, name, ...) ADDRESS(name##_##D##_##A##_##B),
#define VARIANT_FBRANCH(B, M, A, name, ...) ADDRESS(name##_##M##_##A##_##B),
#define VARIANT_TO_FLOAT(A, D, name, ...) ADDRESS(name##_##D##_##A),
#define VARIANT_FROM_FLOAT(A, D, name, ...) ADDRESS(name##_##D##_##A),
#define VARIANT_SWITCH(A, M, name) ADDRESS(name##_##M##_##A),
#define VARIANT_RETURN_INT(A, M, name) ADDRESS(name##_##M##_##A),
#define VARIANT_RETURN_FLOAT(A, M, name) ADDRESS(name##_##M##_##A),
#define VARIANT_CALL(K, F, name) ADDRESS(name##_##F##_##K),
#define VARIANT_CALL_INDEX(A, F, K, name) ADDRESS(name##_##F##_##K##_##A),
#define VARIANT_ENTER(K, M, F, name) ADDRESS(name##_##M##_##F##_##K),
#define VARIANT_SIMPLE(name) ADDRESS(name),

static const void *const all_handlers[] = {
#include "vm/operations.def"
};
#include "vm/variants_undef.h"
