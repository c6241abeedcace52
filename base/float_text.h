/* Floating-point numbers as text, in the syntax of WebAssembly: `-1.5e3`, `0x1.8p1`, `1_000.0`, `inf`, `nan`,
 * `nan:0x200001`. Independent of the locale and of the floating-point unit: numbers are bit patterns throughout.
 * Source: WebAssembly 2.0, 6.3.2 (text format, values, floating-point). */
#ifndef BASE_FLOAT_TEXT_H
#define BASE_FLOAT_TEXT_H

#include <stddef.h>
#include <stdint.h>

enum float_result {
    FLOAT_OK,
    FLOAT_SYNTAX,  /* not a number of this syntax */
    FLOAT_RANGE,   /* rounds to an infinity, or a NaN payload that does not fit (or is 0) */
};

/* Reads a literal: decimal or hexadecimal, with or without point and exponent, with or without sign, single
 * underscores between digits. Rounds once, to nearest, ties to even, from the literal's exact value; too small a
 * number is (signed) zero. `*bits` is set only on FLOAT_OK. */
enum float_result float_read_f32(const char *text, size_t size, uint32_t *bits);
enum float_result float_read_f64(const char *text, size_t size, uint64_t *bits);

/* Room for any number that the functions below print, and a NUL. */
enum { FLOAT_TEXT_SIZE = 40 };

/* Prints the fewest significant digits that read back as the same bits, in the style of %g (`0.1`, `1e+100`, `-inf`);
 * a NaN other than the canonical one as `nan:0x...`. Returns the length. */
size_t float_print_f32(uint32_t bits, char out[FLOAT_TEXT_SIZE]);
size_t float_print_f64(uint64_t bits, char out[FLOAT_TEXT_SIZE]);

#endif
