#include "cli/gas_text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

void gas_grouped(char text[static GAS_TEXT], uint64_t gas)
{
    char digits[24];
    int count = snprintf(digits, sizeof digits, "%" PRIu64, gas);
    char *out = text;
    for (int i = 0; i < count; i++) {
        if (i && (count - i) % 3 == 0) *out++ = ',';
        *out++ = digits[i];
    }
    *out = 0;
}

void gas_tera(char text[static GAS_TEXT], uint64_t gas)
{
    const uint64_t tera = 1000000000000;
    bool large = gas >= tera;
    uint64_t unit = large ? 1000000000 : 1000000; /* of the last decimal */
    uint64_t rounded = gas / unit + (gas % unit >= unit / 2);
    if (large) snprintf(text, GAS_TEXT, "%" PRIu64 ".%03" PRIu64 " Tgas", rounded / 1000, rounded % 1000);
    else snprintf(text, GAS_TEXT, "%" PRIu64 ".%06" PRIu64 " Tgas", rounded / 1000000, rounded % 1000000);
}

uint64_t gas_share(uint64_t part, uint64_t whole, uint64_t scale)
{
    while (whole >= (uint64_t)1 << 40) {
        whole >>= 1;
        part >>= 1;
    }
    if (whole == 0) return 0;
    return part >= whole ? scale : part * scale / whole;
}

void gas_percent(char text[static GAS_TEXT], uint64_t part, uint64_t whole)
{
    uint64_t hundredths = (gas_share(part, whole, 100000) + 5) / 10;
    snprintf(text, GAS_TEXT, "%" PRIu64 ".%02" PRIu64 " %%", hundredths / 100, hundredths % 100);
}
