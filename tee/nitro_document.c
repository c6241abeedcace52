#include "tee/nitro_document.h"

#include "tee/cbor.h"

/* Refusals that are not the CBOR reader's own end the reading at once; the others show at the end. */
struct reading {
    struct cbor_reader r;
    struct nitro_document *d;
    struct error *e;
    enum status status;
};

#define refuse(in, refusal, ...)                                                                                       \
    do {                                                                                                               \
        if ((in)->status == STATUS_OK && !(in)->r.failed) (in)->status = tee_refuse((in)->e, refusal, __VA_ARGS__);    \
    } while (0)

static bool going_on(const struct reading *in)
{
    return in->status == STATUS_OK && !in->r.failed;
}

static struct bytes read_bounded(struct reading *in, const char *what, size_t least, size_t most)
{
    const struct bytes b = cbor_read_bytes(&in->r);
    if (b.size < least || b.size > most)
        refuse(in, TEE_LIMIT, "%s has %zu bytes, expected %zu to %zu", what, b.size, least, most);
    return b;
}

static bool read_optional(struct reading *in, const char *what, size_t least, size_t most, struct bytes *out)
{
    if (cbor_skip_null(&in->r)) return false;
    *out = read_bounded(in, what, least, most);
    return going_on(in);
}

/* ---- the members ------------------------------------------------------------------------------------------------- */

static void read_module_id(struct reading *in)
{
    in->d->module_id = cbor_read_text(&in->r);
    if (in->d->module_id.size == 0) cbor_fail(&in->r, "an empty module_id");
}

static void read_digest(struct reading *in)
{
    const struct bytes digest = cbor_read_text(&in->r);
    if (!bytes_equal(digest, bytes_of_string("SHA384")))
        refuse(in, TEE_ALG, "the registers' digest is not \"SHA384\"");
}

static void read_timestamp(struct reading *in)
{
    in->d->timestamp_ms = cbor_read_uint(&in->r, UINT64_MAX);
    if (in->d->timestamp_ms == 0) cbor_fail(&in->r, "a timestamp of 0");
}

static void read_pcr(struct reading *in)
{
    const enum cbor_kind kind = cbor_peek(&in->r);
    if (kind != CBOR_UINT) {
        refuse(in, TEE_PCR_FORMAT, "a key of the registers at byte %zu is not an index", cbor_offset(&in->r));
        return;
    }
    const uint64_t index = cbor_read_uint(&in->r, UINT64_MAX);
    if (index >= NITRO_PCRS) {
        refuse(in, TEE_PCR_FORMAT, "register %llu, expected at most %d", (unsigned long long)index, NITRO_PCRS - 1);
        return;
    }
    if (in->d->pcr_mask >> index & 1) cbor_fail(&in->r, "a register that is there twice");
    const struct bytes value = cbor_read_bytes(&in->r);
    if (value.size != NITRO_PCR_SIZE)
        refuse(in, TEE_PCR_FORMAT, "register %u has %zu bytes, expected %d", (unsigned)index, value.size,
               NITRO_PCR_SIZE);
    in->d->pcr[index] = value;
    in->d->pcr_mask |= (uint32_t)1 << index;
}

static void read_pcrs(struct reading *in)
{
    struct cbor_container map = cbor_enter_map(&in->r);
    while (in->status == STATUS_OK && cbor_more(&in->r, &map)) read_pcr(in);
    if (in->d->pcr_mask == 0) refuse(in, TEE_PCR_FORMAT, "there are no registers");
}

static void read_certificate(struct reading *in)
{
    in->d->certificate = read_bounded(in, "the certificate", 1, NITRO_CERTIFICATE_MAX);
}

static void read_cabundle(struct reading *in)
{
    struct nitro_document *d = in->d;
    struct cbor_container array = cbor_enter_array(&in->r);
    while (in->status == STATUS_OK && cbor_more(&in->r, &array)) {
        if (d->cabundle_count == NITRO_CHAIN_MAX) {
            refuse(in, TEE_LIMIT, "more than %d CA certificates", NITRO_CHAIN_MAX);
            return;
        }
        d->cabundle[d->cabundle_count++] = read_bounded(in, "a CA certificate", 1, NITRO_CERTIFICATE_MAX);
    }
    if (d->cabundle_count == 0) refuse(in, TEE_CHAIN, "there are no CA certificates, expected the root first");
}

static void read_public_key(struct reading *in)
{
    in->d->has_public_key = read_optional(in, "public_key", 1, NITRO_PUBLIC_KEY_MAX, &in->d->public_key);
}

static void read_user_data(struct reading *in)
{
    in->d->has_user_data = read_optional(in, "user_data", 0, NITRO_USER_DATA_MAX, &in->d->user_data);
}

static void read_nonce(struct reading *in)
{
    in->d->has_nonce = read_optional(in, "nonce", 0, NITRO_NONCE_MAX, &in->d->nonce);
}

/* ---- the payload ------------------------------------------------------------------------------------------------- */

static const struct member {
    const char *name;
    bool optional;
    void (*read)(struct reading *in);
} members[] = {
    {"module_id", false, read_module_id},
    {"digest", false, read_digest},
    {"timestamp", false, read_timestamp},
    {"pcrs", false, read_pcrs},
    {"certificate", false, read_certificate},
    {"cabundle", false, read_cabundle},
    {"public_key", true, read_public_key},
    {"user_data", true, read_user_data},
    {"nonce", true, read_nonce},
};
enum { MEMBERS = sizeof members / sizeof *members };

static void read_member(struct reading *in, unsigned *seen)
{
    struct cbor_reader at_key = in->r;
    const struct bytes name = cbor_read_text(&in->r);
    for (unsigned i = 0; i < MEMBERS && !in->r.failed; i++) {
        if (!bytes_equal(name, bytes_of_string(members[i].name))) continue;
        if (*seen >> i & 1) break;
        *seen |= 1u << i;
        members[i].read(in);
        return;
    }
    if (in->r.failed) return;
    cbor_fail(&at_key, "a key that is not known, or there twice,");
    in->r = at_key;
}

static void read_payload(struct reading *in)
{
    unsigned seen = 0;
    struct cbor_container map = cbor_enter_map(&in->r);
    while (in->status == STATUS_OK && cbor_more(&in->r, &map)) read_member(in, &seen);
    if (in->status == STATUS_OK) in->status = cbor_finish(&in->r, "document", TEE_CBOR, in->e);
    for (unsigned i = 0; i < MEMBERS; i++)
        if (!members[i].optional && !(seen >> i & 1))
            refuse(in, TEE_CBOR, "document: the member \"%s\" is missing", members[i].name);
}

enum status nitro_document_read(struct bytes evidence, struct nitro_document *out, struct error *e)
{
    *out = (struct nitro_document){0};
    enum { AROUND = 1024 }; /* more than headers and signature can take */
    if (evidence.size > NITRO_PAYLOAD_MAX + AROUND)
        return tee_refuse(e, TEE_LIMIT, "a document of %zu bytes, expected at most %d", evidence.size,
                          NITRO_PAYLOAD_MAX + AROUND);
    struct nitro_document d = {0};
    const enum status status = cose_sign1_read(evidence, &d.message, e);
    if (status != STATUS_OK) return status;
    if (d.message.payload.size > NITRO_PAYLOAD_MAX)
        return tee_refuse(e, TEE_LIMIT, "a payload of %zu bytes, expected at most %d", d.message.payload.size,
                          NITRO_PAYLOAD_MAX);
    struct reading in = {.r = cbor_reader_of(d.message.payload), .d = &d, .e = e};
    read_payload(&in);
    if (in.status == STATUS_OK) *out = d;
    return in.status;
}

const char *nitro_pcr_name(unsigned index)
{
    static const char names[NITRO_PCRS][6] = {
        "pcr0",  "pcr1",  "pcr2",  "pcr3",  "pcr4",  "pcr5",  "pcr6",  "pcr7",  "pcr8",  "pcr9",  "pcr10",
        "pcr11", "pcr12", "pcr13", "pcr14", "pcr15", "pcr16", "pcr17", "pcr18", "pcr19", "pcr20", "pcr21",
        "pcr22", "pcr23", "pcr24", "pcr25", "pcr26", "pcr27", "pcr28", "pcr29", "pcr30", "pcr31",
    };
    return index < NITRO_PCRS ? names[index] : "";
}
