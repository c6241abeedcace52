/* Amounts as people write them: balances (in yoctoNEAR, 10^-24 NEAR) and gas. */
#ifndef NEAR_AMOUNT_H
#define NEAR_AMOUNT_H

#include "base/bytes.h"
#include "base/error.h"
#include "base/u128.h"

/* A number, with digits after a point if there is a unit, then, after any number of spaces, a unit. '_' and ',' may
 * stand between digits before the point. Units (case does not count, but for the letter before "N"):
 *   balance   NEAR or N; mNEAR or mN (10^-3); uNEAR or uN (10^-6); y, yN, yocto, yoctoNEAR (1), also without a unit
 *   gas       Tgas or T (10^12); Ggas or G (10^9); Mgas or M (10^6); Kgas or K (10^3); gas (1), also without a unit
 * STATUS_MALFORMED: no number, a negative number, an unknown unit, characters that belong to neither.
 * STATUS_INVALID: more decimals than the unit has. STATUS_LIMIT: more than 2^128 - 1 or 2^64 - 1.
 * The message names the text; *out is unchanged unless STATUS_OK is returned. */
enum status balance_parse(struct bytes text, struct u128 *out, struct error *e);
enum status gas_parse(struct bytes text, uint64_t *out, struct error *e);

enum { AMOUNT_TEXT_SIZE = 72 }; /* what every printer below writes, with a NUL */

/* "1.5 NEAR", exactly, without zeros at the end; below 10^-6 NEAR "1,500 yoctoNEAR"; "0 NEAR". Returns out. */
const char *balance_text(struct u128 balance, char out[static AMOUNT_TEXT_SIZE]);
/* "2,427,999,257". Returns out. */
const char *gas_digits(uint64_t gas, char out[static AMOUNT_TEXT_SIZE]);
/* "2.428 Tgas": four significant digits, rounded half up, in the largest unit that leaves at least 1; "999 gas".
 * Returns out. */
const char *gas_text(uint64_t gas, char out[static AMOUNT_TEXT_SIZE]);

#endif
