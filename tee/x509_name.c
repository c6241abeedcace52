#include "tee/x509_parts.h"

static struct bytes next_attribute(struct der_reader *set, struct bytes *oid, uint8_t *tag)
{
    struct der_reader attribute = der_inside(set, der_read(set, DER_SEQUENCE));
    *oid = der_read(&attribute, DER_OID);
    const struct bytes value = der_read_any(&attribute, tag);
    if (attribute.failed || der_more(&attribute)) der_fail(set, "a name's attribute that is not a type and a value");
    return value;
}

/* Walks all attributes; counts the common names and keeps the last. */
static void walk(struct der_reader *name, unsigned *count, struct bytes *common_name)
{
    const struct bytes id_common_name = OID(0x55, 0x04, 0x03);
    while (der_more(name)) {
        struct der_reader set = der_inside(name, der_read(name, DER_SET));
        bool any = false;
        while (der_more(&set)) {
            struct bytes oid;
            uint8_t tag;
            const struct bytes value = next_attribute(&set, &oid, &tag);
            any = true;
            if (set.failed || !bytes_equal(oid, id_common_name)) continue;
            ++*count;
            *common_name = value;
            if (tag != DER_UTF8_STRING && tag != DER_PRINTABLE_STRING) *common_name = (struct bytes){0};
        }
        if (set.failed || !any) der_fail(name, "a name that is not made of attributes");
    }
}

struct bytes name_read(struct der_reader *r)
{
    const struct der_reader before = *r;
    const struct bytes whole = der_read_whole(r, DER_SEQUENCE);
    struct der_reader outer = der_inside(&before, whole);
    struct der_reader name = der_inside(&outer, der_read(&outer, DER_SEQUENCE));
    unsigned count = 0;
    struct bytes common_name;
    if (r->failed) return (struct bytes){0};
    walk(&name, &count, &common_name);
    if (!name.failed) return whole;
    *r = before;
    der_fail(r, name.problem);
    return (struct bytes){0};
}

bool name_common_name(struct bytes name, struct bytes *out)
{
    struct der_reader outer = der_reader_of(name);
    struct der_reader inner = der_inside(&outer, der_read(&outer, DER_SEQUENCE));
    unsigned count = 0;
    struct bytes found = {0};
    walk(&inner, &count, &found);
    const bool ok = !outer.failed && !inner.failed && count == 1 && found.size > 0;
    *out = ok ? found : (struct bytes){0};
    return ok;
}

bool name_common_name_is(struct bytes name, const char *text)
{
    struct bytes found;
    return name_common_name(name, &found) && bytes_equal(found, bytes_of_string(text));
}
