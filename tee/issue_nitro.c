#include "tee/issue_nitro.h"

#include "crypto/wipe.h"
#include "tee/cbor.h"
#include "tee/issue_values.h"

/* ---- certificates --------------------------------------------------------------------------------------------------- */

static const struct {
    const char *label, *common_name;
    int path_length;               /* -1: no limit, -2: an end entity */
    uint32_t usage;
} levels[NITRO_LEVELS] = {
    {"nitro root", "aws.nitro-enclaves", -1,
     KEY_USAGE_DIGITAL_SIGNATURE | KEY_USAGE_CERT_SIGN | KEY_USAGE_CRL_SIGN},
    {"nitro regional", "simulator.region.aws.nitro-enclaves", 2,
     KEY_USAGE_DIGITAL_SIGNATURE | KEY_USAGE_CERT_SIGN | KEY_USAGE_CRL_SIGN},
    {"nitro zonal", "simulator.zonal.region.aws.nitro-enclaves", 1,
     KEY_USAGE_DIGITAL_SIGNATURE | KEY_USAGE_CERT_SIGN | KEY_USAGE_CRL_SIGN},
    {"nitro instance", "i-simulator.region.aws.nitro-enclaves", 0, KEY_USAGE_CERT_SIGN},
    {"nitro leaf", "i-simulator-enc0.region.aws", -2, KEY_USAGE_DIGITAL_SIGNATURE | KEY_USAGE_NON_REPUDIATION},
};

static struct issue_name name_of(int level)
{
    return (struct issue_name){.parts = {{"O", ISSUE_ORGANISATION}, {"OU", "AWS"}, {"CN", levels[level].common_name}}};
}

void issue_nitro_defaults(struct issue *i, const uint8_t seed[32], struct issue_nitro *out)
{
    *out = (struct issue_nitro){0};
    for (int k = 0; k < NITRO_LEVELS; k++) {
        const int above = k == NITRO_ROOT ? NITRO_ROOT : k - 1;
        const bool leaf = levels[k].path_length == -2;
        struct issue_certificate *c = &out->certificates[k];
        issue_key_ec(KEY_P384, seed, levels[k].label, &out->keys[k]);
        out->signers[k] = &out->keys[above];
        issue_certificate_defaults(i, &out->keys[k], &out->keys[above], c);
        c->subject = name_of(k);
        c->issuer = name_of(above);
        issue_basic_constraints(i, &c->extensions, true, !leaf, leaf ? -1 : levels[k].path_length);
        issue_key_usage(i, &c->extensions, !leaf, levels[k].usage);
        if (leaf) continue;
        issue_subject_key_id(i, &c->extensions, &out->keys[k]);
        if (k != NITRO_ROOT) issue_authority_key_id(i, &c->extensions, &out->keys[above]);
    }
}

void issue_nitro_wipe(struct issue_nitro *n)
{
    wipe(n, sizeof *n);
}

struct bytes issue_nitro_certificate(struct issue *i, const struct issue_nitro *n, enum issue_nitro_level level)
{
    return issue_certificate(i, &n->certificates[level], n->signers[level]);
}

void issue_nitro_crl_defaults(struct issue *i, const struct issue_nitro *n, enum issue_nitro_level level, int64_t at,
                              struct issue_crl *out)
{
    issue_crl_defaults(i, &n->certificates[level].subject, &n->keys[level], at, out);
}

/* ---- documents ------------------------------------------------------------------------------------------------------ */

static void make_pcrs(struct issue *i, struct issue_nitro_document *d)
{
    static const uint8_t zeros[48];
    static const char *const names[16] = {[0] = "pcr0", [1] = "pcr1", [2] = "pcr2", [3] = "pcr3", [4] = "pcr4",
                                          [8] = "pcr8"};
    for (uint32_t k = 0; k < 16; k++) {
        d->pcrs[k].index = k;
        d->pcrs[k].value = names[k] ? issue_value(i, names[k], 48) : bytes_of(zeros, sizeof zeros);
    }
    d->pcr_count = 16;
}

void issue_nitro_document_defaults(struct issue *i, const struct issue_nitro *n, int64_t at,
                                   struct issue_nitro_document *out)
{
    *out = (struct issue_nitro_document){
        .module_id = "i-simulator-enc0", .digest = "SHA384", .timestamp = at > 0 ? (uint64_t)at * 1000 : 0,
        .certificate = issue_nitro_certificate(i, n, NITRO_LEAF), .bundle_count = NITRO_LEAF,
        .public_key.form = ISSUE_NULL, .user_data.form = ISSUE_NULL, .nonce.form = ISSUE_NULL, .tag = 18,
        .protected_header = bytes_of("\xa1\x01\x38\x22", 4), .unprotected_header = bytes_of("\xa0", 1), .items = 4,
        .signer = &n->keys[NITRO_LEAF], .hash = HASH_SHA384};
    for (int k = 0; k < NITRO_LEAF; k++) out->bundle[k] = issue_nitro_certificate(i, n, (enum issue_nitro_level)k);
    make_pcrs(i, out);
}

static void write_value(struct buffer *b, const char *name, const struct issue_nitro_value *v)
{
    if (v->form == ISSUE_ABSENT) return;
    cbor_write_text(b, name);
    if (v->form == ISSUE_BYTES) cbor_write_bytes(b, v->bytes);
    else cbor_write_null(b);
}

static void write_evidence(struct buffer *b, const struct issue_nitro_document *d)
{
    cbor_write_text(b, "module_id");
    cbor_write_text(b, d->module_id);
    cbor_write_text(b, "digest");
    cbor_write_text(b, d->digest);
    cbor_write_text(b, "timestamp");
    cbor_write_uint(b, d->timestamp);
    cbor_write_text(b, "pcrs");
    cbor_write_map(b, d->pcr_count);
    for (uint32_t k = 0; k < d->pcr_count && k < ISSUE_NITRO_PCRS; k++) {
        cbor_write_uint(b, d->pcrs[k].index);
        cbor_write_bytes(b, d->pcrs[k].value);
    }
    cbor_write_text(b, "certificate");
    cbor_write_bytes(b, d->certificate);
    cbor_write_text(b, "cabundle");
    cbor_write_array(b, d->bundle_count);
    for (uint32_t k = 0; k < d->bundle_count && k < ISSUE_NITRO_BUNDLE; k++) cbor_write_bytes(b, d->bundle[k]);
}

struct bytes issue_nitro_payload(struct issue *i, const struct issue_nitro_document *d)
{
    struct buffer b = {0};
    if (d->payload.data) return d->payload;
    const uint32_t optional = (uint32_t)(d->public_key.form != ISSUE_ABSENT) + (d->user_data.form != ISSUE_ABSENT) +
                              (d->nonce.form != ISSUE_ABSENT);
    if (d->definite) cbor_write_map(&b, 6 + optional + d->extra_pairs);
    else cbor_write_indefinite_map(&b);
    write_evidence(&b, d);
    write_value(&b, "public_key", &d->public_key);
    write_value(&b, "user_data", &d->user_data);
    write_value(&b, "nonce", &d->nonce);
    if (d->extra.size) buffer_append(&b, d->extra.data, d->extra.size);
    if (!d->definite) cbor_write_break(&b);
    return issue_take(i, &b);
}

/* Sig_structure (RFC 9052, 4.4). */
static struct bytes sign(struct issue *i, const struct issue_nitro_document *d, struct bytes payload)
{
    struct buffer b = {0};
    cbor_write_array(&b, 4);
    cbor_write_text(&b, "Signature1");
    cbor_write_bytes(&b, d->protected_header);
    cbor_write_bytes(&b, bytes_of(NULL, 0));
    cbor_write_bytes(&b, payload);
    return issue_sign_raw(i, d->signer, d->hash, issue_take(i, &b));
}

struct bytes issue_nitro_document(struct issue *i, const struct issue_nitro_document *d)
{
    struct buffer b = {0};
    const struct bytes payload = issue_nitro_payload(i, d);
    if (d->tagged) cbor_write_tag(&b, d->tag);
    cbor_write_array(&b, d->items);
    cbor_write_bytes(&b, d->protected_header);
    buffer_append(&b, d->unprotected_header.data, d->unprotected_header.size);
    cbor_write_bytes(&b, payload);
    cbor_write_bytes(&b, d->signature.data ? d->signature : sign(i, d, payload));
    buffer_append(&b, d->further_items.data, d->further_items.size);
    buffer_append(&b, d->tail.data, d->tail.size);
    return issue_take(i, &b);
}
