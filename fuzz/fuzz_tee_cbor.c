/* The CBOR reader and COSE messages. What is accepted as one item in the shortest forms is, read item by item and written
 * again, the same bytes; every form that is longer is accepted only where it is asked for. A message that is read is the
 * one encoding of what was read. */
#include <stdlib.h>

#include "tee/cbor.h"
#include "tee/cose.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
    if (!ok) abort();
}

static void copy_container(struct cbor_reader *r, struct buffer *out, unsigned depth);

static void copy_string(struct buffer *out, enum cbor_kind kind, struct bytes s)
{
    uint8_t head[CBOR_HEAD_MAX];
    buffer_append(out, head, cbor_head(head, kind, s.size));
    buffer_append(out, s.data, s.size);
}

/* Recursion is bounded: only what cbor_skip has passed over is copied. */
static void copy_item(struct cbor_reader *r, struct buffer *out, unsigned depth)
{
    check(depth <= CBOR_DEPTH);
    switch (cbor_peek(r)) {
    case CBOR_UINT: cbor_write_uint(out, cbor_read_uint(r, UINT64_MAX)); break;
    case CBOR_NEGATIVE: cbor_write_int(out, cbor_read_int(r)); break; /* may fail: below -2^63 */
    case CBOR_BYTES: copy_string(out, CBOR_BYTES, cbor_read_bytes(r)); break;
    case CBOR_TEXT: copy_string(out, CBOR_TEXT, cbor_read_text(r)); break;
    case CBOR_BOOL: cbor_write_bool(out, cbor_read_bool(r)); break;
    case CBOR_NULL:
        check(cbor_skip_null(r));
        cbor_write_null(out);
        break;
    case CBOR_TAG:
        cbor_write_tag(out, cbor_read_tag(r));
        copy_item(r, out, depth + 1);
        break;
    case CBOR_ARRAY:
    case CBOR_MAP: copy_container(r, out, depth); break;
    case CBOR_NONE:
    case CBOR_BREAK: check(r->failed); break;
    }
}

static void copy_container(struct cbor_reader *r, struct buffer *out, unsigned depth)
{
    const bool map = cbor_peek(r) == CBOR_MAP;
    struct cbor_container c = map ? cbor_enter_map(r) : cbor_enter_array(r);
    uint8_t head[CBOR_HEAD_MAX];
    if (c.indefinite) buffer_append_byte(out, map ? 0xbf : 0x9f);
    else buffer_append(out, head, cbor_head(head, map ? CBOR_MAP : CBOR_ARRAY, c.left));
    while (cbor_more(r, &c)) {
        copy_item(r, out, depth + 1);
        if (map) copy_item(r, out, depth + 1);
    }
    if (c.indefinite) cbor_write_break(out);
}

static bool skips(struct bytes input, bool any_form)
{
    struct cbor_reader r = cbor_reader_of(input);
    struct error e = {0};
    r.any_form = any_form;
    cbor_skip(&r);
    check(r.p >= r.start && r.p <= r.end);
    if (cbor_finish(&r, "input", TEE_CBOR, &e) == STATUS_OK) return true;
    check(e.status == STATUS_INVALID && e.code == TEE_CBOR && e.message[0] && e.offset <= input.size);
    return false;
}

static void try_items(struct bytes input)
{
    const bool strict = skips(input, false), any = skips(input, true);
    check(any || !strict);
    if (!strict) return;
    struct cbor_reader r = cbor_reader_of(input);
    struct buffer copy = {0};
    copy_item(&r, &copy, 0);
    if (!r.failed) check(r.p == r.end && bytes_equal(input, bytes_of(copy.data, copy.size)));
    else check(strstr(r.problem, "too large") != NULL);
    buffer_free(&copy);
}

static void try_message(struct bytes input)
{
    struct cose_sign1 m;
    struct error e = {0};
    if (cose_sign1_read(input, &m, &e) != STATUS_OK) {
        check(e.status == STATUS_INVALID && (e.code == TEE_COSE || e.code == TEE_ALG || e.code == TEE_CRIT));
        check(e.message[0] != 0);
        return;
    }
    struct buffer again = {0};
    if (input.data[0] >> 5 == 6) cbor_write_tag(&again, COSE_TAG_SIGN1);
    cose_sign1_write(&again, m.protected_header, m.payload, m.signature);
    check(bytes_equal(input, bytes_of(again.data, again.size)));
    buffer_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_items(bytes_of(data, size));
    try_message(bytes_of(data, size));
    return 0;
}
