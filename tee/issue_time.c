#include "tee/issue_time.h"

#include <stdio.h>

#define FIRST_SECOND (-62167219200) /* 0000-01-01T00:00:00Z */
#define LAST_SECOND 253402300799    /* 9999-12-31T23:59:59Z */
#define DAYS_BEFORE_1970 (719468 + 146097) /* from 1 March of the year -400: a cycle of 400 years more than none */

/* Days are counted in years that begin in March, so that the leap day is the last one (H. Hinnant, "chrono-compatible
 * low-level date algorithms"). */
void calendar_of(int64_t at, struct calendar *out)
{
    if (at < FIRST_SECOND) at = FIRST_SECOND;
    if (at > LAST_SECOND) at = LAST_SECOND;
    const int64_t seconds = at + (int64_t)DAYS_BEFORE_1970 * 86400;
    const uint32_t days = (uint32_t)(seconds / 86400), second = (uint32_t)(seconds % 86400);
    const uint32_t cycle = days / 146097, day = days % 146097;
    const uint32_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    const uint32_t day_of_year = day - (365 * year + year / 4 - year / 100);
    const uint32_t month = (5 * day_of_year + 2) / 153; /* from March */
    out->day = day_of_year - (153 * month + 2) / 5 + 1;
    out->month = month < 10 ? month + 3 : month - 9;
    out->year = year + cycle * 400 + (out->month <= 2) - 400;
    out->hour = second / 3600;
    out->minute = second / 60 % 60;
    out->second = second % 60;
}

void calendar_text(int64_t at, char out[CALENDAR_TEXT_SIZE])
{
    struct calendar c;
    calendar_of(at, &c);
    snprintf(out, CALENDAR_TEXT_SIZE, "%04u-%02u-%02uT%02u:%02u:%02uZ", c.year % 10000, c.month % 100, c.day % 100,
             c.hour % 100, c.minute % 100, c.second % 100);
}
