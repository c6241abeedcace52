/* Attestation documents of AWS Nitro Enclaves, checked in the order of AWS' own description: form, chain, signature; then
 * everything that a policy may say, in full. */
#include "tee/evidence.h"
#include "tee/nitro_crl.h"
#include "tee/nitro_document.h"
#include "tee/x509.h"

/* The document, and its chain: [0] the leaf, then the CA bundle from its end to the root. */
struct checking {
    const struct tee_input *in;
    struct tee_verdict *v;
    struct nitro_document document;
    struct certificate certificates[1 + NITRO_CHAIN_MAX];
    const struct certificate *chain[1 + NITRO_CHAIN_MAX];
    uint32_t count;
};

/* Texts from a document go to terminals. */
static const char *printable(struct tee_verdict *v, struct bytes text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < 0x20 || text.data[i] > 0x7e) return tee_verdict_hex(v, text);
    return tee_verdict_text(v, "%.*s", (int)text.size, (const char *)text.data);
}

static const char *bytes_text(struct tee_verdict *v, bool there, struct bytes b)
{
    if (!there) return "nothing";
    return b.size ? tee_verdict_hex(v, b) : "0 bytes";
}

/* ---- the chain --------------------------------------------------------------------------------------------------- */

static enum status read_chain(struct checking *c, struct error *e)
{
    const struct nitro_document *d = &c->document;
    c->count = 1 + d->cabundle_count;
    for (uint32_t i = 0; i < c->count; i++) {
        const struct bytes der = i == 0 ? d->certificate : d->cabundle[d->cabundle_count - i];
        struct certificate *one = &c->certificates[i];
        c->chain[i] = one;
        struct error found = {0};
        const enum status status = certificate_read(der, NULL, 0, one, &found);
        /* Whatever RSA it is: parameters are not what is wrong with it. */
        const bool rsa = status == STATUS_INVALID && found.code == TEE_PSS_PARAMS;
        if (status != STATUS_OK && e) *e = found;
        if (status != STATUS_OK && !rsa) return status;
        if (rsa || one->key.kind != KEY_P384 || one->signature_kind != SIGNED_ECDSA_SHA384)
            return tee_refuse(e, TEE_ALG, "certificate %u of %u is not of ECDSA with P-384 and SHA-384", i + 1,
                              c->count);
    }
    return STATUS_OK;
}

/* A trusted root that stands in another place than the first. */
static bool root_is_elsewhere(const struct checking *c)
{
    for (uint32_t k = 1; k < c->document.cabundle_count; k++)
        for (uint32_t i = 0; i < c->in->root_count; i++)
            if (bytes_equal(c->document.cabundle[k], c->in->roots[i])) return true;
    return false;
}

/* Which of the trusted roots the bundle begins with. If none: one that comes later, or an intermediate that a trusted
 * root signed, mean that the order is wrong or the root was left out; anything else is another root. */
static enum status find_root(const struct checking *c, struct bytes *root, struct error *e)
{
    const struct tee_input *in = c->in;
    const struct bytes first = c->document.cabundle[0];
    struct certificate top, trusted;
    struct error ignored;
    for (uint32_t i = 0; i < in->root_count; i++) {
        *root = in->roots[i];
        if (bytes_equal(first, *root)) return STATUS_OK;
    }
    if (root_is_elsewhere(c)) return tee_refuse(e, TEE_CHAIN, "the CA bundle does not begin with its root");
    if (certificate_read(first, NULL, 0, &top, &ignored) == STATUS_OK)
        for (uint32_t i = 0; i < in->root_count; i++)
            if (certificate_read(in->roots[i], NULL, 0, &trusted, &ignored) == STATUS_OK &&
                certificate_signed_by(&top, &trusted, &ignored) == STATUS_OK)
                return tee_refuse(e, TEE_CHAIN, "the CA bundle does not begin with the root, which signed its first");
    return tee_refuse(e, TEE_ROOT_MISMATCH, "the CA bundle's first certificate is none of the %u trusted roots",
                      in->root_count);
}

static enum status verify_chain(struct checking *c, struct error *e)
{
    struct chain_rules rules = {.at = c->in->at, .ca_signatures = 1u << SIGNED_ECDSA_SHA384,
                                .leaf_digital_signature = true, .root_in_chain = true, .cache = c->in->cache};
    enum status status = find_root(c, &rules.root, e);
    if (status == STATUS_OK) status = read_chain(c, e);
    return status == STATUS_OK ? chain_verify("document", c->chain, c->count, &rules, e) : status;
}

static void note_chain(struct checking *c)
{
    struct tee_verdict *v = c->v;
    struct bytes name;
    int64_t until = INT64_MAX;
    for (uint32_t i = 0; i < c->count; i++)
        if (c->chain[i]->not_after < until) until = c->chain[i]->not_after;
    tee_verdict_expires(v, until);
    const bool named = name_common_name(c->chain[0]->subject, &name);
    tee_verdict_passed(v, "certificates",
                       tee_verdict_text(v, "%u, the leaf of %s, valid until %s", c->count,
                                        named ? printable(v, name) : "no common name", tee_verdict_time(v, until)),
                       "a chain to the trusted root");
}

/* ---- what a policy may say --------------------------------------------------------------------------------------- */

/* Adds to a judgement: all is looked at, the first refusal stays. */
static void judge(enum status *first, struct error *e, enum status status, const struct error *found)
{
    if (*first != STATUS_OK || status == STATUS_OK) return;
    *first = status;
    *e = *found;
}

static enum status judge_time(struct checking *c, struct error *e)
{
    const struct tee_policy *p = c->in->policy;
    struct tee_verdict *v = c->v;
    const struct certificate *leaf = c->chain[0];
    const int64_t made = (int64_t)(c->document.timestamp_ms / 1000), at = c->in->at;
    const char *measured = tee_verdict_time(v, made);
    if (made < leaf->not_before || made > leaf->not_after)
        return tee_verdict_refused(v, e, TEE_TIME, "timestamp", measured,
                                   tee_verdict_text(v, "%s to %s, the leaf's validity",
                                                    tee_verdict_time(v, leaf->not_before),
                                                    tee_verdict_time(v, leaf->not_after)));
    /* Both are times that certificates can have, so differences fit. */
    if (made <= at && (uint64_t)(at - made) > p->max_age)
        return tee_verdict_refused(v, e, TEE_STALE, "timestamp", measured,
                                   tee_verdict_text(v, "at most %llu s before %s", (unsigned long long)p->max_age,
                                                    tee_verdict_time(v, at)));
    if (made > at && (uint64_t)(made - at) > p->skew)
        return tee_verdict_refused(v, e, TEE_FUTURE, "timestamp", measured,
                                   tee_verdict_text(v, "at most %llu s after %s", (unsigned long long)p->skew,
                                                    tee_verdict_time(v, at)));
    if (p->max_age <= (uint64_t)(INT64_MAX - made)) tee_verdict_expires(v, made + (int64_t)p->max_age);
    tee_verdict_passed(v, "timestamp", measured,
                       tee_verdict_text(v, "%llu s before to %llu s after %s", (unsigned long long)p->max_age,
                                        (unsigned long long)p->skew, tee_verdict_time(v, at)));
    return STATUS_OK;
}

/* Registers 0 to 2 measure the image; an enclave in debug mode has zeros there, under the same signature. One that is not
 * there is taken for zeros. */
static enum status judge_debug(struct checking *c, struct error *e)
{
    static const uint8_t zeros[NITRO_PCR_SIZE];
    const struct nitro_document *d = &c->document;
    const char *zero = NULL;
    for (unsigned i = 0; i < 3 && !zero; i++)
        if (!(d->pcr_mask >> i & 1) || memcmp(d->pcr[i].data, zeros, NITRO_PCR_SIZE) == 0) zero = nitro_pcr_name(i);
    if (!zero) {
        tee_verdict_passed(c->v, "debug mode", "off: pcr0, pcr1 and pcr2 are not zero", "off");
        return STATUS_OK;
    }
    const char *measured = tee_verdict_text(c->v, "on: %s is zero", zero);
    if (!c->in->policy->allow_debug) return tee_verdict_refused(c->v, e, TEE_DEBUG, "debug mode", measured, "off");
    tee_verdict_allowed(c->v, "debug mode", measured, "allow_debug");
    return STATUS_OK;
}

static enum status judge_pcrs(struct checking *c, struct error *e)
{
    struct tee_identity_value values[NITRO_PCRS];
    uint32_t count = 0;
    for (unsigned i = 0; i < NITRO_PCRS; i++)
        if (c->document.pcr_mask >> i & 1)
            values[count++] = (struct tee_identity_value){.name = nitro_pcr_name(i), .value = c->document.pcr[i]};
    return tee_policy_identity(c->in->policy, values, count, c->v, e);
}

/* One of the document's own fields, which must be exactly what is expected. */
static enum status judge_field(struct checking *c, enum tee_refusal refusal, const char *name, bool there,
                               struct bytes measured, struct bytes expected, struct error *e)
{
    struct tee_verdict *v = c->v;
    const char *found = bytes_text(v, there, measured), *wanted = bytes_text(v, true, expected);
    if (!there || !bytes_equal(measured, expected)) return tee_verdict_refused(v, e, refusal, name, found, wanted);
    tee_verdict_passed(v, name, found, wanted);
    return STATUS_OK;
}

static enum status judge_user_data(struct checking *c, struct error *e)
{
    const struct nitro_document *d = &c->document;
    const struct tee_policy *p = c->in->policy;
    const struct tee_expected *x = c->in->expected;
    enum status status = STATUS_OK;
    if (p->has_report_data)
        status = judge_field(c, TEE_USER_DATA, "user_data (policy)", d->has_user_data, d->user_data,
                             bytes_of(p->report_data, sizeof p->report_data), e);
    if (status == STATUS_OK && x && x->has_digest)
        status = judge_field(c, TEE_USER_DATA, "user_data", d->has_user_data, d->user_data,
                             bytes_of(x->digest, sizeof x->digest), e);
    if (!p->has_report_data && !(x && x->has_digest))
        tee_verdict_noted(c->v, "user_data (nobody asked what it must be)",
                          bytes_text(c->v, d->has_user_data, d->user_data));
    return status;
}

static enum status judge_nonce(struct checking *c, struct error *e)
{
    const struct nitro_document *d = &c->document;
    const struct tee_policy *p = c->in->policy;
    const struct tee_expected *x = c->in->expected;
    enum status status = STATUS_OK;
    if (p->has_nonce) status = judge_field(c, TEE_NONCE, "nonce (policy)", d->has_nonce, d->nonce, p->nonce, e);
    if (status == STATUS_OK && x && x->has_nonce)
        status = judge_field(c, TEE_NONCE, "nonce", d->has_nonce, d->nonce, x->nonce, e);
    const bool asked = p->has_nonce || (x && x->has_nonce);
    if (status == STATUS_OK && !asked && x && x->has_digest && d->has_nonce && d->nonce.size > 0)
        return tee_verdict_refused(c->v, e, TEE_NONCE, "nonce", bytes_text(c->v, true, d->nonce), "none");
    if (!asked && d->has_nonce)
        tee_verdict_noted(c->v, "nonce (nobody asked what it must be)", bytes_text(c->v, true, d->nonce));
    return status;
}

static enum status judge_public_key(struct checking *c, struct error *e)
{
    const struct nitro_document *d = &c->document;
    const struct tee_expected *x = c->in->expected;
    if (x && x->has_public_key)
        return judge_field(c, TEE_USER_DATA, "public_key", d->has_public_key, d->public_key, x->public_key, e);
    if (d->has_public_key && x && x->has_digest) /* what we ask for has one only if the digest covers it */
        return tee_verdict_refused(c->v, e, TEE_USER_DATA, "public_key", bytes_text(c->v, true, d->public_key), "none");
    if (d->has_public_key)
        tee_verdict_noted(c->v, "public_key (nobody asked what it must be)", bytes_text(c->v, true, d->public_key));
    return STATUS_OK;
}

static enum status judge_all(struct checking *c, struct error *e)
{
    static enum status (*const judges[])(struct checking *, struct error *) = {
        judge_time, judge_debug, judge_pcrs, judge_user_data, judge_nonce, judge_public_key,
    };
    enum status first = STATUS_OK;
    for (size_t i = 0; i < sizeof judges / sizeof *judges; i++) {
        struct error found = {0};
        judge(&first, e, judges[i](c, &found), &found);
    }
    return first;
}

/* ---- all --------------------------------------------------------------------------------------------------------- */

static enum status verify(struct checking *c, struct error *e)
{
    struct tee_verdict *v = c->v;
    enum status status = nitro_document_read(c->in->evidence, &c->document, e);
    if (status != STATUS_OK) return tee_verdict_error(v, "document", e);
    tee_verdict_noted(v, "module", printable(v, c->document.module_id));
    status = verify_chain(c, e);
    if (status != STATUS_OK) return tee_verdict_error(v, "certificates", e);
    note_chain(c);
    status = nitro_check_crls(c->in, c->chain, c->count, v, e);
    if (status != STATUS_OK) return tee_verdict_error(v, "revocation lists", e);
    status = cose_sign1_verify(&c->document.message, c->chain[0]->key.point, e);
    if (status != STATUS_OK) return tee_verdict_error(v, "document signature", e);
    tee_verdict_passed(v, "document signature", "ES384 by the leaf's key", "");
    return judge_all(c, e);
}

enum status nitro_verify(const struct tee_input *in, struct tee_verdict *v, struct error *e)
{
    struct checking c = {.in = in, .v = v};
    struct error found = {0};
    if (v->platform != TEE_NITRO) tee_verdict_begin(v, TEE_NITRO, in->at, in->simulated);
    enum status status = verify(&c, &found);
    if (v->no_memory) status = error_no_memory(&found);
    if (e && status != STATUS_OK) *e = found;
    return status;
}
