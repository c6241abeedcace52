#include "tee/x509_parts.h"

#include <inttypes.h>
#include <stdio.h>

enum { MAX_EXTENSIONS = 64 };

struct extension extension_read(struct der_reader *r)
{
    struct extension x = {0};
    struct der_reader inside = der_inside(r, der_read(r, DER_SEQUENCE));
    x.oid = der_read(&inside, DER_OID);
    if (der_peek(&inside) == DER_BOOLEAN) {
        x.critical = der_read_bool(&inside);
        if (!x.critical) der_fail(&inside, "a default value that is written out");
    }
    x.value = der_read(&inside, DER_OCTET_STRING);
    if (!inside.failed && x.oid.size == 0) der_fail(&inside, "an empty object identifier");
    if (!inside.failed && der_more(&inside)) der_fail(&inside, "more than an extension has");
    if (!inside.failed) return x;
    if (!r->failed) der_fail(r, inside.problem);
    return (struct extension){0};
}

bool extension_find(struct bytes list, struct bytes oid, struct bytes *value)
{
    struct der_reader r = der_reader_of(list);
    *value = (struct bytes){0};
    while (der_more(&r)) {
        const struct extension x = extension_read(&r);
        if (r.failed || !bytes_equal(x.oid, oid)) continue;
        *value = x.value;
        return true;
    }
    return false;
}

/* "2.5.29.15", for messages; cut if it does not fit. */
static void oid_text(struct bytes oid, char *out, size_t size)
{
    uint64_t arc = 0;
    size_t used = 0;
    bool first = true;
    out[0] = 0;
    for (size_t i = 0; i < oid.size && used < size; i++) {
        if (arc >> 57) return;
        arc = arc << 7 | (oid.data[i] & 0x7f);
        if (oid.data[i] & 0x80) continue;
        const uint64_t root = arc < 80 ? arc / 40 : 2;
        const int n = first ? snprintf(out, size, "%" PRIu64 ".%" PRIu64, root, arc - root * 40)
                            : snprintf(out + used, size - used, ".%" PRIu64, arc);
        used += n > 0 ? (size_t)n : 0;
        first = false;
        arc = 0;
    }
}

static bool is_among(struct bytes oid, const struct bytes *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bytes_equal(oid, list[i])) return true;
    return false;
}

enum status extensions_check(struct bytes list, const struct bytes *known, size_t known_count, const char *what,
                             struct error *e)
{
    struct bytes seen[MAX_EXTENSIONS];
    size_t count = 0;
    char name[64];
    struct der_reader r = der_reader_of(list);
    while (der_more(&r)) {
        const struct extension x = extension_read(&r);
        if (r.failed) break;
        oid_text(x.oid, name, sizeof name);
        if (is_among(x.oid, seen, count))
            return tee_refuse(e, TEE_DUPLICATE_EXTENSION, "%s: extension %s is there twice", what, name);
        if (x.critical && !is_among(x.oid, known, known_count))
            return tee_refuse(e, TEE_CRITICAL_EXTENSION, "%s: critical extension %s is not known", what, name);
        if (count == MAX_EXTENSIONS)
            return tee_refuse(e, TEE_LIMIT, "%s: more than %d extensions", what, MAX_EXTENSIONS);
        seen[count++] = x.oid;
    }
    return der_finish(&r, what, e);
}
