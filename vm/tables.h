/* The table of handler addresses: for each operation one for each variant, in order. The including dispatcher defines
 * ADDRESS(handler) and REGISTERS, FLOAT_REGISTERS; the result is the array `all_handlers`. */
#define NAME_0(name, ...) ADDRESS(name),
#define NAME_1(x1, name, ...) ADDRESS(name##_##x1),
#define NAME_2(x1, x2, name, ...) ADDRESS(name##_##x1##_##x2),
#define NAME_3(x1, x2, x3, name, ...) ADDRESS(name##_##x1##_##x2##_##x3),
#define NAME_4(x1, x2, x3, x4, name, ...) ADDRESS(name##_##x1##_##x2##_##x3##_##x4),
#define NAMES(family, name) NAMES_AGAIN(name, DIGITS_##family)
#define NAMES_AGAIN(name, ...) NAMES_NOW(name, __VA_ARGS__)
#define NAMES_NOW(name, n, ...) EACH_##n(NAME_##n, __VA_ARGS__, name, )

static const void *const all_handlers[] = {
#define OPERATION(family, name, ...) NAMES(family, name)
#include "vm/operations.def"
};
enum {
    ALL_VARIANTS = 0
#define OPERATION(family, name, ...) +VARIANTS(family, REGISTERS, FLOAT_REGISTERS)
#include "vm/operations.def"
};
_Static_assert(sizeof all_handlers / sizeof all_handlers[0] == ALL_VARIANTS, "one handler for each variant");
