/* The conformance runner: cases made with the production code, one JSON object a line, run here and compared field by
 * field. Each kind of case has a file of its own, conformance_KIND.c, and a line in conformance_kinds.def. */
#ifndef TESTS_CONFORMANCE_H
#define TESTS_CONFORMANCE_H

#include "json/json.h"

#include "base/bytes.h"

/* One case while it is run. Everything belongs to the runner. */
struct conformance_case {
    const char *file;
    size_t line; /* counted from 1 */
    struct json *json;
    const char *group;     /* what else its differences are listed under, besides the field; null: nothing */
    struct buffer report;  /* for each difference field and text, each ended by a NUL */
    unsigned differences;
    unsigned free_texts, equal_free_texts; /* messages that need not agree word by word, and how many do */
};

/* A kind of case. Cases run on several threads at once, so `run` keeps no state outside the case. */
struct conformance_kind {
    const char *name;
    bool (*recognises)(struct json *json);
    void (*run)(struct conformance_case *c);
};

#define X(kind) extern const struct conformance_kind conformance_##kind;
#include "tests/conformance_kinds.def"
#undef X

/* Each records a difference of the field, if there is one. */
void conformance_text(struct conformance_case *c, const char *field, const char *wanted, const char *got);
void conformance_u64(struct conformance_case *c, const char *field, uint64_t wanted, uint64_t got);
void conformance_null(struct conformance_case *c, const char *field, bool wanted_null, bool got_null);

/* Records one in any case. printf-like, one line. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
void conformance_difference(struct conformance_case *c, const char *field, const char *format, ...);

/* Compares member by member. Differences are listed under the path from `path` (may be "") on, in which elements of
 * arrays are all called []. Null is JSON's null. */
void conformance_json(struct conformance_case *c, const char *path, struct json *wanted,
                      struct json *got);

/* ---- reading JSON ----------------------------------------------------------------------------------------------- */

/* A member, or null if it is missing or null. */
struct json *conformance_member(struct json *json, const char *name);

/* The text of a member, "" if there is none. */
const char *conformance_member_text(struct json *json, const char *name);

/* Decodes hex; false if it is none. The buffer is emptied first. */
bool conformance_decode_hex(struct buffer *out, const char *hex);

/* Appends hex digits and a NUL. The text is valid until the buffer changes; null without memory. */
const char *conformance_encode_hex(struct buffer *out, struct bytes data);

#endif
