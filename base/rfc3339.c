#include "base/rfc3339.h"

#include <stdio.h>

enum { DAY = 86400 };

/* Days since 1970-01-01; years are counted from 1 March, so that the leap day is the last one. */
static int64_t days_of(int64_t year, unsigned month, unsigned day)
{
    year -= month <= 2;
    const int64_t era = (year >= 0 ? year : year - 399) / 400;
    const unsigned of_era = (unsigned)(year - era * 400);
    const unsigned of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + (int64_t)(of_era * 365 + of_era / 4 - of_era / 100 + of_year) - 719468;
}

static bool leap(unsigned year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool civil_to_unix(unsigned year, unsigned month, unsigned day, unsigned hour, unsigned minute, unsigned second,
                   int64_t *out)
{
    static const uint8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year > 9999 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return false;
    if (day > lengths[month - 1] + (month == 2 && leap(year) ? 1u : 0u)) return false;
    *out = days_of(year, month, day) * DAY + (int64_t)(hour * 3600 + minute * 60 + second);
    return true;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

struct scan {
    const uint8_t *p, *end;
    bool failed;
};

static unsigned number(struct scan *s, unsigned digits)
{
    unsigned n = 0;
    for (unsigned i = 0; i < digits; i++, s->p++) {
        if (s->p == s->end || *s->p < '0' || *s->p > '9') {
            s->failed = true;
            return 0;
        }
        n = n * 10 + (unsigned)(*s->p - '0');
    }
    return n;
}

/* One character out of `set`; 0 if there is another one. */
static char one_of(struct scan *s, const char *set)
{
    if (s->failed || s->p == s->end || *s->p == 0 || !strchr(set, *s->p)) {
        s->failed = true;
        return 0;
    }
    return (char)*s->p++;
}

static void fraction(struct scan *s)
{
    if (s->failed || s->p == s->end || *s->p != '.') return;
    s->p++;
    number(s, 1);
    while (!s->failed && s->p < s->end && *s->p >= '0' && *s->p <= '9') s->p++;
}

/* Seconds that local time is ahead of UTC. */
static int64_t zone(struct scan *s)
{
    const char sign = one_of(s, "Zz+-");
    if (s->failed || sign == 'Z' || sign == 'z') return 0;
    const unsigned hours = number(s, 2);
    one_of(s, ":");
    const unsigned minutes = number(s, 2);
    if (hours > 23 || minutes > 59) s->failed = true;
    const int64_t seconds = (int64_t)(hours * 3600 + minutes * 60);
    return sign == '-' ? -seconds : seconds;
}

bool rfc3339_read(struct bytes text, int64_t *out)
{
    static const char *const between[] = {"-", "-", "Tt ", ":", ":"};
    struct scan s = {text.data, text.data + text.size, text.size == 0};
    unsigned field[6];
    int64_t local;
    for (int i = 0; i < 6; i++) {
        if (i > 0) one_of(&s, between[i - 1]);
        field[i] = s.failed ? 0 : number(&s, i == 0 ? 4 : 2);
    }
    fraction(&s);
    const int64_t ahead = zone(&s);
    if (s.failed || s.p != s.end) return false;
    if (!civil_to_unix(field[0], field[1], field[2], field[3], field[4], field[5], &local)) return false;
    *out = local - ahead;
    return true;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

const char *rfc3339_text(int64_t at, char out[static RFC3339_TEXT_SIZE])
{
    const int64_t first = days_of(0, 1, 1) * DAY, last = days_of(10000, 1, 1) * DAY - 1;
    if (at < first) at = first;
    if (at > last) at = last;
    const int64_t days = (at - first) / DAY;
    const unsigned seconds = (unsigned)((at - first) % DAY);
    /* 400 years have 146097 days; the year is found from below, so that no rounding has to be right. */
    unsigned year = (unsigned)(days * 400 / 146097), month = 1;
    while (year > 0 && days_of(year, 1, 1) - days_of(0, 1, 1) > days) year--;
    while (days_of(year + 1, 1, 1) - days_of(0, 1, 1) <= days) year++;
    while (month < 12 && days_of(year, month + 1, 1) - days_of(0, 1, 1) <= days) month++;
    const unsigned day = (unsigned)(days - (days_of(year, month, 1) - days_of(0, 1, 1))) + 1;
    snprintf(out, RFC3339_TEXT_SIZE, "%04u-%02u-%02uT%02u:%02u:%02uZ", year % 10000, month % 100, day % 100,
             seconds / 3600 % 100, seconds / 60 % 60, seconds % 60);
    return out;
}
