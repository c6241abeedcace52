/* Times of certificates: RFC 5280, 4.1.2.5. */
#include "tee/der.h"

static int digits(const uint8_t *p, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (p[i] < '0' || p[i] > '9') return -1;
        value = value * 10 + (p[i] - '0');
    }
    return value;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_of_month(int year, int month)
{
    static const uint8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days between 1970-01-01 and a day of the Gregorian calendar, year 1 or later. */
static int64_t days_since_1970(int year, int month, int day)
{
    const int before = year - 1;
    int64_t days = (int64_t)before * 365 + before / 4 - before / 100 + before / 400 - 719162;
    for (int m = 1; m < month; m++) days += days_of_month(year, m);
    return days + day - 1;
}

/* `p` is MMDDHHMMSSZ. */
static bool seconds_of(int year, const uint8_t *p, int64_t *out)
{
    const int month = digits(p, 2), day = digits(p + 2, 2);
    const int hour = digits(p + 4, 2), minute = digits(p + 6, 2), second = digits(p + 8, 2);
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_of_month(year, month)) return false;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || p[10] != 'Z') return false;
    *out = (days_since_1970(year, month, day) * 24 + hour) * 3600 + minute * 60 + second;
    return true;
}

int64_t der_read_time(struct der_reader *r)
{
    enum { FIRST_GENERALIZED = 2050 }; /* the years before must be UTCTime */
    const struct der_reader before = *r;
    const bool utc = der_peek(r) == DER_UTC_TIME;
    const struct bytes b = der_read(r, utc ? DER_UTC_TIME : DER_GENERALIZED_TIME);
    int64_t time = 0;
    if (r->failed) return 0;
    bool ok = b.size == (utc ? 13 : 15);
    if (ok) {
        int year = digits(b.data, utc ? 2 : 4);
        if (utc && year >= 0) year += year < 50 ? 2000 : 1900;
        ok = (utc || year >= FIRST_GENERALIZED) && seconds_of(year, b.data + (utc ? 2 : 4), &time);
    }
    if (ok) return time;
    *r = before;
    der_fail(r, "not a time as certificates have it");
    return 0;
}
