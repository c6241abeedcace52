/* Calendar dates of the proleptic Gregorian calendar, UTC without leap seconds. */
#ifndef TEE_ISSUE_TIME_H
#define TEE_ISSUE_TIME_H

#include <stdint.h>

struct calendar {
    unsigned year, month, day, hour, minute, second; /* month and day from 1 */
};

/* Unix seconds, held to the years 0 to 9999. */
void calendar_of(int64_t at, struct calendar *out);

#define CALENDAR_TEXT_SIZE 21
/* "2026-06-17T01:05:04Z" */
void calendar_text(int64_t at, char out[CALENDAR_TEXT_SIZE]);

/* 2020-01-01T00:00:00Z and 2049-12-31T23:59:59Z: what issued certificates are valid for unless told otherwise. */
#define ISSUE_NOT_BEFORE 1577836800
#define ISSUE_NOT_AFTER 2524607999
#define ISSUE_DAY 86400

#endif
