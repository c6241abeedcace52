/* A gas profile in a terminal: one line for each cost, the largest first, with a bar as long as its share.
 *
 *     wasm_instruction       ████████████████████▌          1,641,028,836   0.001641 Tgas   67.59 %
 *     storage_write_base     ████████▏                        651,967,000   0.000652 Tgas   26.85 %
 *     total                                                 2,427,995,836   0.002428 Tgas  100.00 %
 */
#ifndef CLI_GAS_BARS_H
#define CLI_GAS_BARS_H

#include "base/bytes.h"
#include "base/error.h"

#include <stdio.h>

struct gas_row {
    struct bytes name; /* any bytes; shown as by print_shown */
    uint64_t gas;
};

struct gas_bars_options {
    uint64_t total;  /* what 100 % is; 0: the sum of all rows */
    unsigned width;  /* columns; 0: 80. Bars take what the text leaves, and at least 4 */
    unsigned rows;   /* how many are shown, the others are summed up in a line "N more"; 0: all */
    bool unicode;    /* block characters, in eighths; otherwise `#` */
    bool colour;
};

/* How to print on `stream`: the terminal's width (or COLUMNS), colours where colour() of cli.h has them, Unicode if the
 * environment's locale is UTF-8. */
struct gas_bars_options gas_bars_options_of(FILE *stream);

/* Prints the rows, those of equal gas in the order given, those without gas not at all, and a line with the total.
 * STATUS_NO_MEMORY; STATUS_LIMIT if the sum is 2^64 or more: nothing is printed then. */
enum status gas_bars_print(FILE *stream, const struct gas_row *rows, size_t count,
                           const struct gas_bars_options *options, struct error *e);

#endif
