/* Amounts as people write them: balances (in yoctoNEAR, 10^-24 NEAR) and gas. */
#ifndef NEAR_AMOUNT_H
#define NEAR_AMOUNT_H

#include "base/bytes.h"
#include "base/error.h"
#include "base/u128.h"

/* A number, with digits after a point if its unit is large enough, then, after any number of spaces, a unit. Before the
 * point '_' may stand between digits, or ',' before every group of three. Units (upper and lower case are alike, except
 * in the "m" and "u" of mNEAR and uNEAR):
 *   balance   NEAR or N; mNEAR or mN (10^-3); uNEAR or uN (10^-6); y, yN, yocto, yoctoNEAR (1), also without a unit
 *   gas       Pgas or P (10^15); Tgas or T (10^12); Ggas or G (10^9); Mgas or M (10^6); Kgas or K (10^3); gas (1), also
 *             without a unit
 * STATUS_MALFORMED: no number, a negative number, an unknown unit, characters that belong to neither.
 * STATUS_INVALID: more decimals than the unit has. STATUS_LIMIT: more than 2^128 - 1 or 2^64 - 1.
 * The message names the text; *out is unchanged unless STATUS_OK is returned. */
enum status balance_parse(struct bytes text, struct u128 *out, struct error *e);
enum status gas_parse(struct bytes text, uint64_t *out, struct error *e);

enum { AMOUNT_TEXT_SIZE = 72 }; /* what every printer below writes, with a NUL */

/* "1,234.5 NEAR", exactly, without zeros at the end; below 10^-6 NEAR "1,500 yoctoNEAR"; "0 NEAR". What it writes is
 * read back as the same balance. Returns out. */
const char *balance_text(struct u128 balance, char out[static AMOUNT_TEXT_SIZE]);
/* "2,427,999,257". Returns out. */
const char *gas_digits(uint64_t gas, char out[static AMOUNT_TEXT_SIZE]);
/* "2.428 Tgas": rounded half up to four digits, or to a whole number of Tgas if that has more; Tgas, Ggas or Mgas,
 * without zeros at the end; below 10^6 "822,756 gas". Returns out. */
const char *gas_text(uint64_t gas, char out[static AMOUNT_TEXT_SIZE]);

#endif
