#include "tee/issue_crl.h"

#include "tee/der_write.h"
#include "tee/issue_certificate.h"

void issue_crl_defaults(struct issue *i, const struct issue_name *issuer, const struct issue_key *signer, int64_t at,
                        struct issue_crl *out)
{
    struct buffer number = {0};
    *out = (struct issue_crl){
        .version = 1,
        .issuer = *issuer,
        .this_update = at - ISSUE_DAY,
        .next_update = at + 30 * ISSUE_DAY,
        .algorithm = issue_algorithm_for(signer),
    };
    der_write_small(&number, 1);
    issue_extension_add(i, &out->extensions, OID_CRL_NUMBER, false, issue_take(i, &number));
    issue_authority_key_id(i, &out->extensions, signer);
}

void issue_crl_revoke(struct issue *i, struct issue_crl *l, struct bytes serial)
{
    if (l->entry_count < ISSUE_CRL_ENTRIES)
        l->entries[l->entry_count++] = (struct issue_crl_entry){.serial = serial, .at = l->this_update, .reason = 1};
    else if (i->status == STATUS_OK)
        i->status = error_set(&i->error, STATUS_USAGE, 0, ERROR_NO_OFFSET, "more than %d revoked certificates",
                              ISSUE_CRL_ENTRIES);
}

static void write_entry(struct issue *i, struct buffer *b, const struct issue_crl_entry *entry)
{
    struct issue_extensions extensions = entry->extensions;
    const size_t at = der_open(b, DER_SEQUENCE);
    der_write_integer(b, entry->serial);
    der_write_time(b, entry->at);
    if (entry->reason >= 0) {
        const uint8_t reason = (uint8_t)entry->reason;
        struct buffer value = {0};
        der_write(&value, DER_ENUMERATED, bytes_of(&reason, 1));
        issue_extension_add(i, &extensions, OID_CRL_REASON, false, issue_take(i, &value));
    }
    if (extensions.count > 0) issue_extensions_write(b, &extensions);
    der_close(b, at);
}

struct bytes issue_crl_tbs(struct issue *i, const struct issue_crl *l)
{
    struct buffer b = {0};
    if (l->tbs.size) return l->tbs;
    const size_t tbs = der_open(&b, DER_SEQUENCE);
    if (l->version > 0) der_write_small(&b, l->version);
    der_write_raw(&b, l->inner_algorithm.size ? l->inner_algorithm : issue_algorithm_identifier(i, &l->algorithm));
    der_write_raw(&b, issue_name_der(i, &l->issuer));
    der_write_time(&b, l->this_update);
    if (!l->no_next_update) der_write_time(&b, l->next_update);
    if (l->entry_count > 0) {
        const size_t entries = der_open(&b, DER_SEQUENCE);
        for (uint32_t k = 0; k < l->entry_count; k++) write_entry(i, &b, &l->entries[k]);
        der_close(&b, entries);
    }
    if (l->extensions.count > 0) {
        const size_t extensions = der_open(&b, DER_CONTEXT_CONSTRUCTED + 0);
        issue_extensions_write(&b, &l->extensions);
        der_close(&b, extensions);
    }
    der_close(&b, tbs);
    return issue_take(i, &b);
}

struct bytes issue_crl(struct issue *i, const struct issue_crl *l, const struct issue_key *signer)
{
    struct buffer b = {0};
    const struct bytes signed_ = issue_signed(i, issue_crl_tbs(i, l), &l->algorithm, signer, l->signature);
    if (l->tail.size == 0) return signed_;
    der_write_raw(&b, signed_);
    der_write_raw(&b, l->tail);
    return issue_take(i, &b);
}
