/* Amounts of gas as people read them. */
#ifndef CLI_GAS_TEXT_H
#define CLI_GAS_TEXT_H

#include <stdint.h>

enum { GAS_TEXT = 32 }; /* bytes that each of these needs at most, NUL included */

/* All digits, in groups of three: "2,428,135,649,210". */
void gas_grouped(char text[static GAS_TEXT], uint64_t gas);

/* In units of 10^12, rounded: "2.428 Tgas"; below one of them with six decimals: "0.002428 Tgas". */
void gas_tera(char text[static GAS_TEXT], uint64_t gas);

/* `part` of `whole` in percent, rounded to two decimals: "12.34 %". Of nothing, everything is 0. */
void gas_percent(char text[static GAS_TEXT], uint64_t part, uint64_t whole);

/* part × scale / whole, rounded down, without overflow as long as scale < 2^24; at most `scale`. 0 if `whole` is 0.
 * Precise to 2^-40 of `whole`. */
uint64_t gas_share(uint64_t part, uint64_t whole, uint64_t scale);

#endif
