/* Policies. The input is tried as one, and it says which bytes of a good one are changed. Whatever is read names a platform
 * and identities that demand something, and accepts no evidence that has not been measured at all. */
#include <stdlib.h>

#include "fuzz/choices.h"
#include "tee/evidence.h"

static void check(bool ok)
{
    if (!ok) abort();
}

static const char *const good[] = {
    "{\"platform\":\"sgx\",\"identities\":[{\"label\":\"a\",\"expires\":\"2027-01-31\",\"mrsigner\":"
    "\"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\",\"isv_prod_id\":7,\"isv_svn_min\":3}],"
    "\"accept_tcb\":[\"UpToDate\",\"SWHardeningNeeded\"],\"deny_advisories\":[\"INTEL-SA-00615\"],\"min_tcb_eval\":17,"
    "\"allow_debug\":false,\"nonce\":\"00ff\",\"max_key_age_s\":\"60\",\"require_crl\":null}",
    "{\"platform\":\"nitro\",\"identities\":[{\"pcr8\":\"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
    "202122232425262728292a2b2c2d2e2f\"}],\"max_age_s\":3600,\"skew_s\":300,\"allow_simulator\":true,\"roots\":[\""
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"]}",
};

static void judge(const struct tee_policy *p)
{
    struct tee_verdict v = {0};
    struct error e = {0};
    const uint8_t data[64] = {0};
    tee_verdict_begin(&v, p->platform, 0, false);
    check(tee_policy_identity(p, NULL, 0, &v, &e) == STATUS_INVALID);
    check(v.refusal != TEE_OK && e.code == (int)v.refusal && e.message[0]);
    const enum status status = tee_policy_report_data(p, NULL, data, &v, &e);
    check(status == STATUS_OK || status == STATUS_INVALID);
    tee_verdict_free(&v);
}

static void try_policy(struct bytes json)
{
    struct tee_policy p;
    struct error e = {0};
    const enum status status = tee_policy_read(json, &p, &e);
    if (status != STATUS_OK) {
        check(e.status == status && e.message[0] && e.code > TEE_OK && e.code < TEE_REFUSAL_COUNT);
        check(p.identity_count == 0 && !p.arena.head);
        return;
    }
    check(p.platform > TEE_NO_PLATFORM && p.platform < TEE_PLATFORM_COUNT && p.identity_count > 0);
    check(p.root_count == 0 || p.allow_simulator);
    check(!(p.accept_tcb >> TCB_REVOKED & 1) && p.accept_tcb != 0 && p.nonce.size <= 512);
    for (uint32_t i = 0; i < p.identity_count; i++) check(p.identities[i].count > 0 && strlen(p.identities[i].label) <= 128);
    judge(&p);
    tee_policy_free(&p);
}

static void mutate(struct buffer *b, struct choices *c)
{
    static const char pieces[] = "{}[]\",:0123456789abcdefnulltrue-. ";
    const uint32_t at = choose(c, (uint32_t)b->size);
    switch (choose(c, 3)) {
    case 0: b->data[at] = (uint8_t)pieces[choose(c, sizeof pieces - 1)]; break;
    case 1: b->data[at] = (uint8_t)choose(c, 256); break;
    default:
        memmove(b->data + at, b->data + at + 1, b->size - at - 1);
        b->size--;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct choices c = choices_of(data, size);
    struct buffer changed = {0};
    try_policy(bytes_of(data, size));
    buffer_append_string(&changed, good[choose(&c, 2)]);
    for (uint32_t i = choose(&c, 4); i > 0 && !changed.failed && changed.size > 1; i--) mutate(&changed, &c);
    if (!changed.failed) try_policy(bytes_of(changed.data, changed.size));
    buffer_free(&changed);
    return 0;
}
