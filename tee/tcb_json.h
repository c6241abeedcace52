/* What Intel's TCB info and enclave identities have in common: members of a JSON object of certain forms. Errors have the
 * refusal that the caller puts on them (tcb_json_refusal), but for unknown statuses (tcb-unknown). */
#ifndef TEE_TCB_JSON_H
#define TEE_TCB_JSON_H

#include "json/json_read.h"
#include "tee/verdict.h"

struct tcb_advisories {
    const struct bytes *ids;       /* "INTEL-SA-00615" */
    uint32_t count;
};

/* A level of something with one security version: a quoting enclave, a TDX module. */
struct svn_level {
    uint16_t isv_svn;
    int64_t date;                  /* Unix seconds */
    enum tee_tcb_status status;    /* UpToDate, OutOfDate or Revoked */
    struct tcb_advisories advisories;
};

/* Newest first. */
struct svn_levels {
    struct svn_level *levels;
    uint32_t count;
};

enum status tcb_json_date(const struct json_place *object, const char *name, int64_t *out, struct error *e);
/* Exactly `size` bytes in hexadecimal digits of either case. */
enum status tcb_json_hex(const struct json_place *object, const char *name, uint8_t *out, size_t size, struct error *e);
enum status tcb_json_u8(const struct json_place *object, const char *name, uint8_t *out, struct error *e);
enum status tcb_json_u16(const struct json_place *object, const char *name, uint16_t *out, struct error *e);
enum status tcb_json_u32(const struct json_place *object, const char *name, uint32_t *out, struct error *e);
/* The members tcbDate, tcbStatus and advisoryIDs of a level. */
enum status tcb_json_level(const struct json_place *level, struct arena *a, int64_t *date, enum tee_tcb_status *status,
                           struct tcb_advisories *advisories, struct error *e);
/* The array `tcbLevels` of levels with one security version, whatever its order. */
enum status tcb_json_svn_levels(const struct json_place *object, struct arena *a, struct svn_levels *out,
                                struct error *e);
/* An array with this name and its length; elements of `size` bytes for all of it, from the arena. */
enum status tcb_json_array(const struct json_place *object, const char *name, size_t size, struct arena *a,
                           struct json_place *array, void *elements, uint32_t *count, struct error *e);

/* Turns an error of the JSON reader into a refusal; errors that are refusals already stay. Returns e->status. */
enum status tcb_json_refusal(enum status status, enum tee_refusal r, const char *what, struct error *e);

#endif
