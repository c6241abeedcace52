#include "tee/nitro_crl.h"

enum { CRL_FILE_MAX = 1 << 22 };

struct lists {
    struct crl *items;
    uint32_t count;
    struct arena arena;            /* the items and what was decoded from PEM */
};

static const char pem_label[] = "X509 CRL";

static bool is_pem(struct bytes data)
{
    static const char begin[] = "-----BEGIN X509 CRL-----";
    return data.size >= sizeof begin - 1 && memcmp(data.data, begin, sizeof begin - 1) == 0;
}

/* Whether DER begins like a list and not like a certificate: in the signed part, after an optional version, a list has
 * the algorithm (a SEQUENCE) where a certificate has its serial number. */
static bool is_der_list(struct bytes data)
{
    struct der_reader outer = der_reader_of(data);
    struct der_reader whole = der_inside(&outer, der_read(&outer, DER_SEQUENCE));
    struct der_reader signed_part = der_inside(&whole, der_read(&whole, DER_SEQUENCE));
    if (der_peek(&signed_part) == DER_INTEGER) der_read_integer(&signed_part);
    return der_peek(&signed_part) == DER_SEQUENCE;
}

static enum status add(struct lists *l, uint32_t room, struct bytes der, struct error *e)
{
    if (l->count == room) return tee_refuse(e, TEE_LIMIT, "more than %u revocation lists", room);
    const enum status status = crl_read(der, &l->items[l->count], e);
    if (status == STATUS_OK) l->count++;
    return status;
}

static enum status add_file(struct lists *l, uint32_t room, const struct tee_file *f, struct tee_verdict *v,
                            struct error *e)
{
    struct bytes der, rest = f->data;
    if (!is_pem(rest) && !is_der_list(rest)) {
        tee_verdict_noted(v, f->name, "not a revocation list: not used");
        return STATUS_OK;
    }
    if (!is_pem(rest)) return add(l, room, rest, e);
    if (rest.size > CRL_FILE_MAX)
        return tee_refuse(e, TEE_LIMIT, "%s has %zu bytes, expected at most %d", f->name, rest.size, CRL_FILE_MAX);
    *e = (struct error){0};
    while (pem_next(&rest, pem_label, &l->arena, &der, e)) {
        const enum status status = add(l, room, der, e);
        if (status != STATUS_OK) return status;
    }
    return e->status;
}

static enum status read_lists(const struct tee_input *in, struct lists *l, struct tee_verdict *v, struct error *e)
{
    enum { ROOM = 64 };
    l->items = arena_array(&l->arena, ROOM, sizeof *l->items);
    if (!l->items) return error_no_memory(e);
    for (uint32_t i = 0; i < in->file_count; i++) {
        const enum status status = add_file(l, ROOM, &in->files[i], v, e);
        if (status != STATUS_OK) return status;
    }
    return STATUS_OK;
}

/* One certificate in the lists of its issuer, of which there may be several. */
static enum status look_up(const struct tee_input *in, const struct lists *l, const struct certificate *c,
                           const struct certificate *issuer, struct tee_verdict *v, uint32_t *used, struct error *e)
{
    bool found = false;
    for (uint32_t i = 0; i < l->count; i++) {
        const struct crl *one = &l->items[i];
        if (!bytes_equal(one->issuer, issuer->subject)) continue;
        const enum status status = crl_verify(one, issuer, in->at, TEE_EXPIRED_CRL, e);
        if (status != STATUS_OK) return status;
        if (crl_lists(one, c->serial))
            return tee_refuse(e, TEE_REVOKED, "the certificate with serial number %s is revoked",
                              tee_verdict_hex(v, c->serial));
        tee_verdict_expires(v, one->next_update);
        found = true;
    }
    *used += found;
    const bool may_sign_lists = !issuer->has_key_usage || (issuer->key_usage & KEY_USAGE_CRL_SIGN);
    if (found || !in->policy->require_crl || !may_sign_lists) return STATUS_OK;
    return tee_refuse(e, TEE_CRL_MISSING, "no revocation list of the issuer of the certificate with serial number %s",
                      tee_verdict_hex(v, c->serial));
}

enum status nitro_check_crls(const struct tee_input *in, const struct certificate *const *chain, size_t count,
                             struct tee_verdict *v, struct error *e)
{
    struct lists l = {0};
    uint32_t used = 0;
    enum status status = read_lists(in, &l, v, e);
    for (size_t i = 0; i + 1 < count && status == STATUS_OK; i++)
        status = look_up(in, &l, chain[i], chain[i + 1], v, &used, e);
    arena_free(&l.arena);
    if (status != STATUS_OK) return status;
    if (used == 0) tee_verdict_noted(v, "revocation lists", "none: not asked for on this platform");
    else tee_verdict_passed(v, "revocation lists", tee_verdict_text(v, "%u certificates looked up", used), "");
    return STATUS_OK;
}
