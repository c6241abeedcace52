/* Certificates, chains and revocation lists: real ones, and issued ones with one thing wrong. */
#include "base/hex.h"
#include "crypto/sha2.h"
#include "tee/chain_cache.h"
#include "tee/issue_certificate.h"
#include "tee/issue_crl.h"
#include "tee/roots.h"
#include "tee/x509.h"
#include "tests/tee_samples.h"

/* 2026-01-01 */
enum { NOW = 1767225600 };

static enum tee_refusal refusal_of(enum status status, const struct error *e)
{
    if (status == STATUS_OK) return TEE_OK;
    CHECK(status == STATUS_INVALID && e->message[0]);
    return (enum tee_refusal)e->code;
}

#define CHECK_REFUSAL(got, expected) CHECK_TEXT(tee_refusal_code(got), tee_refusal_code(expected))

/* ---- the vendors' ------------------------------------------------------------------------------------------------ */

static void check_root(enum tee_platform platform, uint32_t i, uint32_t count, const char *sha, const char *name)
{
    const struct bytes *roots;
    uint8_t digest[32];
    char text[65] = "";
    struct certificate c;
    struct error e = {0};
    CHECK_EQUAL(tee_roots(platform, &roots), count);
    sha256(roots[i], digest);
    for (size_t k = 0; k < 32; k++) snprintf(text + 2 * k, 3, "%02x", digest[k]);
    CHECK_TEXT(text, sha);
    if (!CHECK(certificate_read(roots[i], NULL, 0, &c, &e) == STATUS_OK)) printf("%s\n", e.message);
    CHECK(name_common_name_is(c.subject, name) && bytes_equal(c.subject, c.issuer));
    CHECK(c.is_ca && c.has_key_usage && (c.key_usage & KEY_USAGE_CERT_SIGN));
    CHECK(certificate_signed_by(&c, &c, &e) == STATUS_OK);
}

static void test_roots(void)
{
    const struct bytes *roots;
    test_begin("the vendors' roots");
    check_root(TEE_SGX, 0, 1, "44a0196b2b99f889b8e149e95b807a350e7424964399e885a7cbb8ccfab674d3", "Intel SGX Root CA");
    check_root(TEE_TDX, 0, 1, "44a0196b2b99f889b8e149e95b807a350e7424964399e885a7cbb8ccfab674d3", "Intel SGX Root CA");
    check_root(TEE_NITRO, 0, 1, "641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b",
               "aws.nitro-enclaves");
    check_root(TEE_SNP, 0, 3, "69d063b45344d26a2e94e1f4210de49ef555308287d4c174445c95639a540bcd", "ARK-Milan");
    check_root(TEE_SNP, 1, 3, "4c6598d19c18719c5dfd4a7d335f674e5bfe1d8f800cea2cf270c10d103db2f1", "ARK-Genoa");
    check_root(TEE_SNP, 2, 3, "1f084161a44bb6d93778a904877d4819cafa5d05ef4193b2ded9dd9c73dd3f6a", "ARK-Turin");
    CHECK_EQUAL(tee_roots(TEE_NO_PLATFORM, &roots), 0);
}

/* ASK or ASVK, and ARK, as AMD gives them. */
static void check_amd(struct arena *arena, const char *file, const char *sha, const char *name)
{
    struct bytes pem = tee_sample(arena, file), ask_der, ark_der;
    struct certificate ask, ark;
    struct error e = {0};
    uint8_t digest[32];
    char text[65] = "";
    if (!CHECK(pem_next(&pem, "CERTIFICATE", arena, &ask_der, &e))) return;
    if (!CHECK(pem_next(&pem, "CERTIFICATE", arena, &ark_der, &e))) return;
    CHECK(!pem_next(&pem, "CERTIFICATE", arena, &ark_der, &e) && e.status == STATUS_OK);
    const struct bytes *roots;
    const uint32_t count = tee_roots(TEE_SNP, &roots);
    bool pinned = false;
    pem = tee_sample(arena, file);
    pem_next(&pem, "CERTIFICATE", arena, &ask_der, &e);
    pem_next(&pem, "CERTIFICATE", arena, &ark_der, &e);
    for (uint32_t i = 0; i < count; i++) pinned = pinned || bytes_equal(roots[i], ark_der);
    CHECK(pinned);
    sha256(ask_der, digest);
    for (size_t k = 0; k < 32; k++) snprintf(text + 2 * k, 3, "%02x", digest[k]);
    CHECK_TEXT(text, sha);
    CHECK(certificate_read(ask_der, NULL, 0, &ask, &e) == STATUS_OK);
    CHECK(certificate_read(ark_der, NULL, 0, &ark, &e) == STATUS_OK);
    CHECK(name_common_name_is(ask.subject, name) && ask.is_ca && ask.path_length == 0);
    CHECK(certificate_signed_by(&ask, &ark, &e) == STATUS_OK);
    CHECK_REFUSAL(refusal_of(certificate_signed_by(&ark, &ask, &e), &e), TEE_CERT_SIGNATURE);
}

/* All certificates that a file has as PEM, among other things; JSON has its line ends as \n. */
static uint32_t scan_pem(struct arena *arena, const char *file)
{
    static const char begin[] = "-----BEGIN CERTIFICATE-----", end[] = "-----END CERTIFICATE-----";
    const struct bytes b = tee_sample(arena, file);
    char *text = arena_alloc(arena, b.size + 1);
    size_t size = 0;
    uint32_t count = 0;
    if (!CHECK(text != NULL)) return 0;
    for (size_t i = 0; i < b.size; i++) {
        const bool escaped = b.data[i] == '\\' && i + 1 < b.size && b.data[i + 1] == 'n';
        text[size++] = escaped ? '\n' : b.data[i] ? (char)b.data[i] : ' ';
        i += escaped;
    }
    for (char *p = text; (p = strstr(p, begin)) != NULL;) {
        char *stop = strstr(p, end);
        struct bytes block, der;
        struct certificate c;
        struct error e = {0};
        if (!CHECK(stop != NULL)) break;
        block = bytes_of(p, (size_t)(stop - p) + strlen(end));
        CHECK(pem_next(&block, "CERTIFICATE", arena, &der, &e));
        if (!CHECK(certificate_read(der, NULL, 0, &c, &e) == STATUS_OK)) printf("%s: %s\n", file, e.message);
        count++;
        p = stop;
    }
    return count;
}

static void test_real(void)
{
    struct arena arena = {0};
    struct certificate root;
    struct error e = {0};
    struct crl l;
    const struct bytes *roots;
    test_begin("real certificates and revocation lists");
    if (!tee_samples_there("real certificates")) return;
    check_amd(&arena, "amd_milan.pem", "67d303bd3905fd38db8b20e0793699870e7fa612eaad5dec358293fd8c0bac1b", "SEV-Milan");
    check_amd(&arena, "amd_genoa.pem", "5464738c1546aed5f2cecf1dc98c5c960a92e8913238a61711bc90ec6e828521", "SEV-Genoa");
    check_amd(&arena, "amd_turin_vcek.pem", "5b77ef5fe7a7a004fd9032668fba9d0fda22f88c4442069a479636a6ae3b3185",
              "SEV-Turin");
    check_amd(&arena, "amd_milan_vlek.pem", "c5e081f59b7efab1fe2f8b505e159704e72f29cab7ef7cf628a05a42439082f5",
              "SEV-VLEK-Milan");
    check_amd(&arena, "amd_genoa_vlek.pem", "197e610743a917d6b9bb982a5a9226ccc0a15b611be0619e626aca9151457372",
              "SEV-VLEK-Genoa");
    check_amd(&arena, "amd_turin_vlek.pem", "104e10a8bd060a3c20a434261a57d0588fd65a88915b4f65b08bdecaf8df1a3c",
              "SEV-VLEK-Turin");
    CHECK_EQUAL(scan_pem(&arena, "sgx_v3.quote"), 3);
    CHECK_EQUAL(scan_pem(&arena, "tdx_v4.quote"), 3);
    CHECK(scan_pem(&arena, "tdx_v4.collateral.json") >= 4);
    CHECK(scan_pem(&arena, "tdx_v5_90c06f.collateral.json") >= 4);

    tee_roots(TEE_SGX, &roots);
    CHECK(certificate_read(roots[0], NULL, 0, &root, &e) == STATUS_OK);
    CHECK(crl_read(tee_sample(&arena, "tdx_2023.rootcrl.der"), &l, &e) == STATUS_OK);
    CHECK(l.revoked.size == 0 && !crl_lists(&l, root.serial));
    CHECK(crl_verify(&l, &root, l.this_update, TEE_EXPIRED_ROOT_CRL, &e) == STATUS_OK);
    CHECK(crl_verify(&l, &root, l.next_update, TEE_EXPIRED_ROOT_CRL, &e) == STATUS_OK);
    CHECK_REFUSAL(refusal_of(crl_verify(&l, &root, l.next_update + 1, TEE_EXPIRED_ROOT_CRL, &e), &e),
                  TEE_EXPIRED_ROOT_CRL);
    CHECK_REFUSAL(refusal_of(crl_verify(&l, &root, l.this_update - 1, TEE_EXPIRED_ROOT_CRL, &e), &e),
                  TEE_EXPIRED_ROOT_CRL);
    CHECK(crl_read(tee_sample(&arena, "tdx_2023.pckcrl.der"), &l, &e) == STATUS_OK);
    static const uint8_t listed[] = {0x6f, 0xc3, 0x4e, 0x50, 0x23, 0xe7, 0x28, 0x92, 0x34, 0x35,
                                     0xd6, 0x1a, 0xa4, 0xb8, 0x3c, 0x61, 0x81, 0x66, 0xad, 0x35};
    CHECK(crl_lists(&l, bytes_of(listed, sizeof listed)) && !crl_lists(&l, bytes_of(listed, sizeof listed - 1)));
    CHECK_REFUSAL(refusal_of(crl_verify(&l, &root, l.this_update, TEE_EXPIRED_PCK_CRL, &e), &e), TEE_CRL_ISSUER);
    arena_free(&arena);
}

/* ---- an issued hierarchy ----------------------------------------------------------------------------------------- */

enum { LEAF, CA, ROOT, LEVELS };

struct hierarchy {
    struct issue issue;
    struct issue_key keys[LEVELS];
    struct issue_certificate plans[LEVELS];
    struct bytes der[LEVELS];
    struct certificate certificates[LEVELS];
    struct issue_crl crl;          /* the CA's */
};

static const char *const names[LEVELS] = {"leaf", "authority", "root"};

static void hierarchy_begin(struct hierarchy *h)
{
    *h = (struct hierarchy){0};
    for (int i = 0; i < LEVELS; i++) {
        const uint8_t seed[32] = {1};
        issue_key_ec(KEY_P256, seed, names[i], &h->keys[i]);
    }
    for (int i = 0; i < LEVELS; i++) {
        const int signer = i < ROOT ? i + 1 : ROOT;
        struct issue_certificate *c = &h->plans[i];
        issue_certificate_defaults(&h->issue, &h->keys[i], &h->keys[signer], c);
        c->subject = (struct issue_name){.parts = {{"CN", names[i]}}};
        c->issuer = (struct issue_name){.parts = {{"CN", names[signer]}}};
        issue_basic_constraints(&h->issue, &c->extensions, true, i != LEAF, i == LEAF ? -1 : i - 1);
        issue_key_usage(&h->issue, &c->extensions, true,
                        i == LEAF ? KEY_USAGE_DIGITAL_SIGNATURE : KEY_USAGE_CERT_SIGN | KEY_USAGE_CRL_SIGN);
    }
    issue_crl_defaults(&h->issue, &h->plans[CA].subject, &h->keys[CA], NOW, &h->crl);
}

static void hierarchy_end(struct hierarchy *h)
{
    CHECK(h->issue.status == STATUS_OK);
    issue_free(&h->issue);
}

static struct bytes issue_level(struct hierarchy *h, int level)
{
    return issue_certificate(&h->issue, &h->plans[level], &h->keys[level < ROOT ? level + 1 : ROOT]);
}

/* Issues and reads all of them: the first refusal. */
static enum tee_refusal hierarchy_make(struct hierarchy *h)
{
    for (int i = 0; i < LEVELS; i++) {
        struct error e = {0};
        h->der[i] = issue_level(h, i);
        const enum status status = certificate_read(h->der[i], NULL, 0, &h->certificates[i], &e);
        if (status != STATUS_OK) return refusal_of(status, &e);
    }
    return TEE_OK;
}

static struct chain_rules rules_of(const struct hierarchy *h)
{
    return (struct chain_rules){.at = NOW, .root = h->der[ROOT], .ca_signatures = 1u << SIGNED_ECDSA_SHA256,
                                .leaf_digital_signature = true, .root_in_chain = true};
}

static enum tee_refusal verify(const struct certificate *const *chain, size_t count, const struct chain_rules *rules)
{
    struct error e = {0};
    return refusal_of(chain_verify("test", chain, count, rules, &e), &e);
}

static enum tee_refusal verify_all(const struct hierarchy *h, const struct chain_rules *rules)
{
    const struct certificate *chain[] = {&h->certificates[LEAF], &h->certificates[CA], &h->certificates[ROOT]};
    return verify(chain, 3, rules);
}

static enum tee_refusal make_and_verify(struct hierarchy *h)
{
    const enum tee_refusal r = hierarchy_make(h);
    if (r != TEE_OK) return r;
    const struct chain_rules rules = rules_of(h);
    return verify_all(h, &rules);
}

/* ---- times ------------------------------------------------------------------------------------------------------- */

static void test_times(void)
{
    test_begin("chains: times");
    for (int level = 0; level < LEVELS; level++) {
        struct hierarchy h;
        hierarchy_begin(&h);
        h.plans[level].not_before = NOW - 100;
        h.plans[level].not_after = NOW + 100;
        CHECK_REFUSAL(make_and_verify(&h), TEE_OK);
        struct chain_rules rules = rules_of(&h);
        rules.at = NOW - 101;
        CHECK_REFUSAL(verify_all(&h, &rules), TEE_NOT_YET_VALID);
        rules.at = NOW - 100;
        CHECK_REFUSAL(verify_all(&h, &rules), TEE_OK);
        rules.at = NOW + 100;
        CHECK_REFUSAL(verify_all(&h, &rules), TEE_OK);
        rules.at = NOW + 101;
        CHECK_REFUSAL(verify_all(&h, &rules), TEE_EXPIRED);
        hierarchy_end(&h);
    }
    struct hierarchy h;
    hierarchy_begin(&h);
    const int64_t end = INT64_C(4102444800); /* 2100: GeneralizedTime */
    for (int i = 0; i < LEVELS; i++) h.plans[i].not_after = end;
    CHECK_REFUSAL(make_and_verify(&h), TEE_OK);
    struct chain_rules rules = rules_of(&h);
    rules.at = end;
    CHECK_REFUSAL(verify_all(&h, &rules), TEE_OK);
    rules.at = end + 1;
    CHECK_REFUSAL(verify_all(&h, &rules), TEE_EXPIRED);
    hierarchy_end(&h);
}

/* ---- order and roles --------------------------------------------------------------------------------------------- */

static void test_order(void)
{
    struct hierarchy h, other;
    test_begin("chains: order");
    hierarchy_begin(&h);
    CHECK_REFUSAL(make_and_verify(&h), TEE_OK);
    struct chain_rules rules = rules_of(&h);
    const struct certificate *const leaf = &h.certificates[LEAF], *const ca = &h.certificates[CA],
                             *const root = &h.certificates[ROOT];
    CHECK_REFUSAL(verify(NULL, 0, &rules), TEE_CHAIN);
    CHECK_REFUSAL(verify((const struct certificate *[]){ca, ca, root}, 3, &rules), TEE_NOT_END_ENTITY);
    CHECK_REFUSAL(verify((const struct certificate *[]){ca, root}, 2, &rules), TEE_NOT_END_ENTITY);
    CHECK_REFUSAL(verify((const struct certificate *[]){root}, 1, &rules), TEE_NOT_END_ENTITY);
    CHECK_REFUSAL(verify((const struct certificate *[]){root, ca, leaf}, 3, &rules), TEE_CHAIN);
    CHECK_REFUSAL(verify((const struct certificate *[]){leaf, ca, ca, root}, 4, &rules), TEE_CHAIN);
    CHECK_REFUSAL(verify((const struct certificate *[]){leaf, leaf, ca, root}, 4, &rules), TEE_CHAIN);
    CHECK_REFUSAL(verify((const struct certificate *[]){leaf, ca, root, root}, 4, &rules), TEE_CHAIN);
    CHECK_REFUSAL(verify((const struct certificate *[]){leaf, root}, 2, &rules), TEE_CHAIN);
    CHECK_REFUSAL(verify((const struct certificate *[]){leaf, ca}, 2, &rules), TEE_CHAIN);
    CHECK_REFUSAL(verify((const struct certificate *[]){leaf}, 1, &rules), TEE_CHAIN);
    rules.root_in_chain = false;
    CHECK_REFUSAL(verify((const struct certificate *[]){leaf, ca}, 2, &rules), TEE_OK);
    CHECK_REFUSAL(verify((const struct certificate *[]){leaf, ca, root}, 3, &rules), TEE_OK);
    CHECK_REFUSAL(verify((const struct certificate *[]){leaf}, 1, &rules), TEE_CHAIN);

    /* Another root of the same name. */
    hierarchy_begin(&other);
    const uint8_t seed[32] = {2};
    issue_key_ec(KEY_P256, seed, "other root", &other.keys[ROOT]);
    other.plans[ROOT].key = &other.keys[ROOT];
    CHECK_REFUSAL(make_and_verify(&other), TEE_OK);
    for (int in_chain = 0; in_chain < 2; in_chain++) {
        rules.root_in_chain = in_chain;
        CHECK_REFUSAL(verify_all(&other, &rules), TEE_ROOT_MISMATCH);
    }
    rules.root_in_chain = false;
    CHECK_REFUSAL(verify((const struct certificate *[]){&other.certificates[LEAF], &other.certificates[CA]}, 2, &rules),
                  TEE_CERT_SIGNATURE);
    hierarchy_end(&other);
    hierarchy_end(&h);
}

/* Every bit of the root's copy. */
static void test_root_bits(void)
{
    struct hierarchy h;
    unsigned refused = 0;
    test_begin("chains: a changed root");
    hierarchy_begin(&h);
    CHECK_REFUSAL(make_and_verify(&h), TEE_OK);
    struct chain_rules rules = rules_of(&h);
    uint8_t *copy = arena_alloc(&h.issue.arena, h.der[ROOT].size);
    memcpy(copy, h.der[ROOT].data, h.der[ROOT].size);
    for (size_t bit = 0; bit < 8 * h.der[ROOT].size; bit++) {
        struct certificate changed;
        struct error e = {0};
        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (certificate_read(bytes_of(copy, h.der[ROOT].size), NULL, 0, &changed, &e) == STATUS_OK) {
            const struct certificate *chain[] = {&h.certificates[LEAF], &h.certificates[CA], &changed};
            const enum tee_refusal r = verify(chain, 3, &rules);
            /* As nobody's authority it is not even a root. */
            CHECK(r == TEE_ROOT_MISMATCH || (r == TEE_CHAIN && !changed.is_ca));
            refused++;
        }
        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    CHECK(refused > 8 * 64);
    hierarchy_end(&h);
}

static void set_usage(struct hierarchy *h, int level, uint32_t usage)
{
    CHECK(issue_extension_remove(&h->plans[level].extensions, OID_KEY_USAGE));
    if (usage) issue_key_usage(&h->issue, &h->plans[level].extensions, true, usage);
}

static void set_constraints(struct hierarchy *h, int level, bool ca, int path_length)
{
    CHECK(issue_extension_remove(&h->plans[level].extensions, OID_BASIC_CONSTRAINTS));
    issue_basic_constraints(&h->issue, &h->plans[level].extensions, true, ca, path_length);
}

static void test_usages(void)
{
    static const struct {
        int level;
        uint32_t usage;
        enum tee_refusal expected;
    } usages[] = {
        {LEAF, 0, TEE_KEY_USAGE},
        {LEAF, KEY_USAGE_NON_REPUDIATION, TEE_KEY_USAGE},
        {LEAF, KEY_USAGE_DIGITAL_SIGNATURE | KEY_USAGE_NON_REPUDIATION, TEE_OK},
        {LEAF, KEY_USAGE_DIGITAL_SIGNATURE | KEY_USAGE_CERT_SIGN, TEE_KEY_USAGE},
        {CA, 0, TEE_KEY_USAGE},
        {CA, KEY_USAGE_CRL_SIGN, TEE_KEY_USAGE},
        {CA, KEY_USAGE_CERT_SIGN, TEE_OK},
        {ROOT, KEY_USAGE_CRL_SIGN, TEE_KEY_USAGE},
    };
    static const struct {
        int level;
        bool ca;
        int path_length;
        enum tee_refusal expected;
    } constraints[] = {
        {LEAF, true, -1, TEE_NOT_END_ENTITY}, {CA, false, -1, TEE_CHAIN}, {ROOT, false, -1, TEE_CHAIN},
        {ROOT, true, 0, TEE_PATH_LENGTH},     {ROOT, true, 1, TEE_OK},    {ROOT, true, -1, TEE_OK},
        {CA, true, 0, TEE_OK},                {CA, true, 5, TEE_OK},
    };
    test_begin("chains: usages and path lengths");
    for (size_t i = 0; i < sizeof usages / sizeof *usages; i++) {
        struct hierarchy h;
        hierarchy_begin(&h);
        set_usage(&h, usages[i].level, usages[i].usage);
        CHECK_REFUSAL(make_and_verify(&h), usages[i].expected);
        hierarchy_end(&h);
    }
    for (size_t i = 0; i < sizeof constraints / sizeof *constraints; i++) {
        struct hierarchy h;
        hierarchy_begin(&h);
        set_constraints(&h, constraints[i].level, constraints[i].ca, constraints[i].path_length);
        CHECK_REFUSAL(make_and_verify(&h), constraints[i].expected);
        hierarchy_end(&h);
    }
}

static void test_rules(void)
{
    struct hierarchy h;
    test_begin("chains: rules that platforms leave out");
    hierarchy_begin(&h);
    issue_extension_remove(&h.plans[LEAF].extensions, OID_KEY_USAGE);
    issue_extension_remove(&h.plans[LEAF].extensions, OID_BASIC_CONSTRAINTS);
    issue_extension_remove(&h.plans[CA].extensions, OID_BASIC_CONSTRAINTS);
    CHECK_REFUSAL(make_and_verify(&h), TEE_CHAIN);
    struct chain_rules rules = rules_of(&h);
    rules.ignore_ca_extensions = true;
    CHECK_REFUSAL(verify_all(&h, &rules), TEE_KEY_USAGE);
    rules.ignore_leaf_usage = true;
    CHECK_REFUSAL(verify_all(&h, &rules), TEE_OK);
    rules.ca_signatures = 1u << SIGNED_ECDSA_SHA384 | 1u << SIGNED_RSA_PSS_SHA384;
    CHECK_REFUSAL(verify_all(&h, &rules), TEE_ALG);
    hierarchy_end(&h);
}

/* ---- signatures and the cache ------------------------------------------------------------------------------------ */

static void test_signatures(void)
{
    struct hierarchy h;
    test_begin("chains: signatures");
    for (int level = LEAF; level <= CA; level++) {
        hierarchy_begin(&h);
        uint8_t wrong[64] = {1};
        memset(wrong, 5, sizeof wrong);
        h.plans[level].signature = issue_signature_der(&h.issue, bytes_of(wrong, sizeof wrong));
        CHECK_REFUSAL(make_and_verify(&h), TEE_CERT_SIGNATURE);
        h.plans[level].signature = bytes_of(wrong, sizeof wrong); /* r ‖ s is for others */
        CHECK_REFUSAL(make_and_verify(&h), TEE_CERT_SIGNATURE);
        hierarchy_end(&h);
    }
    hierarchy_begin(&h); /* signed by a key of another kind than the algorithm's */
    const uint8_t seed[32] = {3};
    issue_key_ec(KEY_P384, seed, "p384", &h.keys[CA]);
    h.plans[CA].key = &h.keys[CA];
    h.plans[LEAF].algorithm = issue_algorithm_of(SIGNED_ECDSA_SHA256);
    h.plans[LEAF].signature = issue_signature_der(&h.issue, bytes_of(seed, sizeof seed));
    CHECK_REFUSAL(make_and_verify(&h), TEE_ALG);
    hierarchy_end(&h);
    hierarchy_begin(&h); /* the two places name different algorithms */
    const struct issue_algorithm other = issue_algorithm_of(SIGNED_ECDSA_SHA384);
    h.plans[LEAF].inner_algorithm = issue_algorithm_identifier(&h.issue, &other);
    CHECK_REFUSAL(make_and_verify(&h), TEE_ALG);
    hierarchy_end(&h);
}

static void test_cache(void)
{
    struct hierarchy h;
    struct chain_cache cache = {0};
    test_begin("chains: the cache");
    hierarchy_begin(&h);
    CHECK_REFUSAL(make_and_verify(&h), TEE_OK);
    struct chain_rules rules = rules_of(&h);
    rules.cache = &cache;
    for (int i = 0; i < 3; i++) CHECK_REFUSAL(verify_all(&h, &rules), TEE_OK);
    CHECK_EQUAL(cache.count, 2);
    rules.at = NOW + INT64_C(40) * 365 * 86400; /* times are looked at again */
    CHECK_REFUSAL(verify_all(&h, &rules), TEE_EXPIRED);
    rules.at = NOW;
    /* The same certificate under another issuer of the same name is another question. */
    CHECK(chain_cache_has(&cache, &h.certificates[LEAF], &h.certificates[CA]));
    CHECK(!chain_cache_has(&cache, &h.certificates[LEAF], &h.certificates[ROOT]));
    CHECK(!chain_cache_has(&cache, &h.certificates[CA], &h.certificates[LEAF]));
    /* What failed is not remembered. */
    struct certificate bad = h.certificates[LEAF];
    uint8_t *copy = arena_alloc(&h.issue.arena, h.der[LEAF].size);
    memcpy(copy, h.der[LEAF].data, h.der[LEAF].size);
    copy[h.der[LEAF].size - 1] ^= 1;
    struct error e = {0};
    CHECK(certificate_read(bytes_of(copy, h.der[LEAF].size), NULL, 0, &bad, &e) == STATUS_OK);
    const struct certificate *chain[] = {&bad, &h.certificates[CA], &h.certificates[ROOT]};
    for (int i = 0; i < 2; i++) CHECK_REFUSAL(verify(chain, 3, &rules), TEE_CERT_SIGNATURE);
    CHECK_EQUAL(cache.count, 2);
    /* It is full some time, and then forgets the oldest. */
    for (uint8_t i = 0; i < 64; i++) {
        struct certificate filler = h.certificates[LEAF];
        filler.der = bytes_of(copy, i + 1);
        chain_cache_add(&cache, &filler, &h.certificates[CA]);
    }
    CHECK_EQUAL(cache.count, 64);
    CHECK(!chain_cache_has(&cache, &h.certificates[LEAF], &h.certificates[CA]));
    CHECK_REFUSAL(verify_all(&h, &rules), TEE_OK);
    CHECK(chain_cache_has(&cache, &h.certificates[LEAF], &h.certificates[CA]));
    chain_cache_free(&cache);
    CHECK(cache.count == 0 && cache.entries == NULL);
    hierarchy_end(&h);
}

/* ---- form -------------------------------------------------------------------------------------------------------- */

static enum tee_refusal read_leaf(struct hierarchy *h)
{
    struct certificate c;
    struct error e = {0};
    const struct bytes der = issue_level(h, LEAF);
    const enum status status = certificate_read(der, NULL, 0, &c, &e);
    if (status != STATUS_OK) CHECK(c.der.data == NULL);
    return refusal_of(status, &e);
}

static void add_extension(struct hierarchy *h, const char *oid, bool critical)
{
    issue_extension_add(&h->issue, &h->plans[LEAF].extensions, oid, critical, bytes_of("\x05\x00", 2));
}

static void test_extensions(void)
{
    struct hierarchy h;
    test_begin("certificates: extensions");
    hierarchy_begin(&h);
    add_extension(&h, "1.2.3.4", false);
    CHECK_REFUSAL(read_leaf(&h), TEE_OK);
    add_extension(&h, "1.2.3.4", false);
    CHECK_REFUSAL(read_leaf(&h), TEE_DUPLICATE_EXTENSION);
    hierarchy_end(&h);

    hierarchy_begin(&h);
    add_extension(&h, "1.2.3.4", true);
    CHECK_REFUSAL(read_leaf(&h), TEE_CRITICAL_EXTENSION);
    const uint8_t oid[] = {0x2a, 0x03, 0x04};
    const struct bytes known = bytes_of(oid, sizeof oid), der = issue_level(&h, LEAF);
    struct certificate c;
    struct error e = {0};
    struct bytes value;
    CHECK(certificate_read(der, &known, 1, &c, &e) == STATUS_OK);
    CHECK(certificate_extension(&c, known, &value) && bytes_equal(value, bytes_of("\x05\x00", 2)));
    CHECK(!certificate_extension(&c, bytes_of(oid, 2), &value) && value.size == 0);
    hierarchy_end(&h);

    hierarchy_begin(&h); /* key usage twice is as bad as any */
    issue_key_usage(&h.issue, &h.plans[LEAF].extensions, true, KEY_USAGE_CERT_SIGN);
    CHECK_REFUSAL(read_leaf(&h), TEE_DUPLICATE_EXTENSION);
    hierarchy_end(&h);

    static const struct {
        const char *oid;
        struct bytes value;
    } malformed[] = {
        {OID_BASIC_CONSTRAINTS, {(const uint8_t *)"\x30\x03\x01\x01\x00", 5}},         /* FALSE, written out */
        {OID_BASIC_CONSTRAINTS, {(const uint8_t *)"\x30\x03\x01\x01\x01", 5}},
        {OID_BASIC_CONSTRAINTS, {(const uint8_t *)"\x30\x00\x00", 3}},
        {OID_BASIC_CONSTRAINTS, {(const uint8_t *)"\x30\x06\x01\x01\xff\x02\x01\xff", 8}}, /* a negative length */
        {OID_KEY_USAGE, {(const uint8_t *)"\x03\x01\x00", 3}},
        {OID_KEY_USAGE, {(const uint8_t *)"\x03\x02\x07\xff", 4}},
        {OID_KEY_USAGE, {(const uint8_t *)"\x04\x01\x80", 3}},
    };
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        hierarchy_begin(&h);
        issue_extension_remove(&h.plans[LEAF].extensions, malformed[i].oid);
        issue_extension_add(&h.issue, &h.plans[LEAF].extensions, malformed[i].oid, true, malformed[i].value);
        CHECK_REFUSAL(read_leaf(&h), TEE_DER);
        hierarchy_end(&h);
    }
}

static void test_form(void)
{
    struct hierarchy h;
    test_begin("certificates: form");
    hierarchy_begin(&h);
    h.plans[LEAF].tail = bytes_of("\0", 1);
    CHECK_REFUSAL(read_leaf(&h), TEE_DER);
    h.plans[LEAF].tail = (struct bytes){0};
    CHECK_REFUSAL(read_leaf(&h), TEE_OK);
    static const struct {
        struct bytes serial;
        enum tee_refusal expected;
    } serials[] = {
        {{(const uint8_t *)"\x00", 1}, TEE_OK},            {{(const uint8_t *)"\x7f", 1}, TEE_OK},
        {{(const uint8_t *)"\x80", 1}, TEE_DER},           {{(const uint8_t *)"\x00\x80", 2}, TEE_OK},
        {{(const uint8_t *)"\x00\x7f", 2}, TEE_DER},       {{(const uint8_t *)"12345678901234567890", 20}, TEE_OK},
        {{(const uint8_t *)"\0\xff" "2345678901234567890", 21}, TEE_OK},
        {{(const uint8_t *)"1234567890123456789012", 22}, TEE_LIMIT},
    };
    for (size_t i = 0; i < sizeof serials / sizeof *serials; i++) {
        h.plans[LEAF].serial_contents = serials[i].serial;
        CHECK_REFUSAL(read_leaf(&h), serials[i].expected);
    }
    h.plans[LEAF].serial_contents = (struct bytes){0};
    for (uint32_t version = 0; version < 4; version++) {
        h.plans[LEAF].version = version;
        CHECK_REFUSAL(read_leaf(&h), version == 2 ? TEE_OK : TEE_DER);
    }
    h.plans[LEAF].version = 2;
    /* Names: empty is allowed, nonsense is not. */
    h.plans[LEAF].subject.der = bytes_of("\x30\x00", 2);
    CHECK_REFUSAL(read_leaf(&h), TEE_OK);
    h.plans[LEAF].subject.der = bytes_of("\x30\x02\x31\x00", 4);
    CHECK_REFUSAL(read_leaf(&h), TEE_DER);
    h.plans[LEAF].subject.der = bytes_of("\x30\x04\x31\x02\x30\x00", 6);
    CHECK_REFUSAL(read_leaf(&h), TEE_DER);
    hierarchy_end(&h);

    hierarchy_begin(&h); /* every truncation */
    const struct bytes der = issue_level(&h, LEAF);
    for (size_t size = 0; size < der.size; size++) {
        uint8_t *copy = arena_alloc(&h.issue.arena, size);
        struct certificate c;
        struct error e = {0};
        if (size) memcpy(copy, der.data, size);
        CHECK_REFUSAL(refusal_of(certificate_read(bytes_of(copy, size), NULL, 0, &c, &e), &e), TEE_DER);
    }
    /* C6: its length in more bytes than it takes, of indefinite length, a byte more */
    CHECK(der.size > 260 && der.data[0] == 0x30 && der.data[1] == 0x82);
    const struct bytes inside = bytes_of(der.data + 4, der.size - 4), forms[][3] = {
        {{der.data, 4}, inside, {NULL, 0}},
        {{(const uint8_t[]){0x30, 0x83, 0, der.data[2], der.data[3]}, 5}, inside, {NULL, 0}},
        {{(const uint8_t *)"\x30\x80", 2}, inside, {(const uint8_t *)"\0\0", 2}},
        {{der.data, 4}, inside, {(const uint8_t *)"\0", 1}},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct buffer b = {0};
        struct certificate c;
        struct error e = {0};
        for (size_t k = 0; k < 3; k++) buffer_append(&b, forms[i][k].data, forms[i][k].size);
        CHECK_REFUSAL(refusal_of(certificate_read(bytes_of(b.data, b.size), NULL, 0, &c, &e), &e),
                      i ? TEE_DER : TEE_OK);
        buffer_free(&b);
    }
    hierarchy_end(&h);
}

static void test_names(void)
{
    struct hierarchy h;
    struct bytes cn;
    test_begin("certificates: common names");
    hierarchy_begin(&h);
    struct issue_name name = {.parts = {{"O", "somebody"}, {"CN", "leaf"}}};
    CHECK(name_common_name_is(issue_name_der(&h.issue, &name), "leaf"));
    CHECK(!name_common_name_is(issue_name_der(&h.issue, &name), "lea"));
    CHECK(!name_common_name_is(issue_name_der(&h.issue, &name), "leafs"));
    name = (struct issue_name){.parts = {{"CN", "leaf"}, {"CN", "leaf"}}};
    CHECK(!name_common_name(issue_name_der(&h.issue, &name), &cn) && cn.size == 0);
    name = (struct issue_name){.parts = {{"O", "leaf"}}};
    CHECK(!name_common_name(issue_name_der(&h.issue, &name), &cn));
    CHECK(!name_common_name(bytes_of(NULL, 0), &cn));
    hierarchy_end(&h);
}

static void test_keys(void)
{
    struct hierarchy h;
    test_begin("certificates: keys");
    hierarchy_begin(&h);
    const struct bytes info = issue_key_info(&h.issue, &h.keys[LEAF]);
    uint8_t *copy = arena_alloc(&h.issue.arena, info.size);
    memcpy(copy, info.data, info.size);
    h.plans[LEAF].key_info = bytes_of(copy, info.size);
    CHECK_REFUSAL(read_leaf(&h), TEE_OK);
    copy[info.size - 65] = 2; /* a compressed point's form */
    CHECK_REFUSAL(read_leaf(&h), TEE_KEY);
    memcpy(copy, info.data, info.size);
    copy[22] ^= 1; /* the curve's last number */
    CHECK_REFUSAL(read_leaf(&h), TEE_ALG);
    memcpy(copy, info.data, info.size);
    copy[12] ^= 2; /* not an elliptic curve's key */
    CHECK_REFUSAL(read_leaf(&h), TEE_ALG);
    /* An RSA key without numbers. */
    static const uint8_t rsa[] = {0x30, 0x14, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7,
                                  0x0d, 0x01, 0x01, 0x01, 0x05, 0x00, 0x03, 0x03, 0x00, 0x30, 0x00};
    h.plans[LEAF].key_info = bytes_of(rsa, sizeof rsa);
    CHECK_REFUSAL(read_leaf(&h), TEE_DER);
    hierarchy_end(&h);
}

/* ---- revocation lists -------------------------------------------------------------------------------------------- */

static enum tee_refusal check_crl(struct hierarchy *h, int issuer, int64_t at, struct bytes serial)
{
    struct crl l;
    struct error e = {0};
    enum status status = crl_read(issue_crl(&h->issue, &h->crl, &h->keys[CA]), &l, &e);
    if (status != STATUS_OK) CHECK(l.der.data == NULL);
    if (status == STATUS_OK) status = crl_verify(&l, &h->certificates[issuer], at, TEE_EXPIRED_PCK_CRL, &e);
    if (status != STATUS_OK) return refusal_of(status, &e);
    return crl_lists(&l, serial) ? TEE_REVOKED : TEE_OK;
}

static void test_revocation(void)
{
    struct hierarchy h;
    test_begin("revocation lists");
    hierarchy_begin(&h);
    CHECK_REFUSAL(make_and_verify(&h), TEE_OK);
    const struct bytes serial = h.certificates[LEAF].serial;
    CHECK_REFUSAL(check_crl(&h, CA, NOW, serial), TEE_OK);
    CHECK_REFUSAL(check_crl(&h, ROOT, NOW, serial), TEE_CRL_ISSUER);
    CHECK_REFUSAL(check_crl(&h, CA, h.crl.this_update, serial), TEE_OK);
    CHECK_REFUSAL(check_crl(&h, CA, h.crl.this_update - 1, serial), TEE_EXPIRED_PCK_CRL);
    CHECK_REFUSAL(check_crl(&h, CA, h.crl.next_update, serial), TEE_OK);
    CHECK_REFUSAL(check_crl(&h, CA, h.crl.next_update + 1, serial), TEE_EXPIRED_PCK_CRL);
    issue_crl_revoke(&h.issue, &h.crl, bytes_of("\x05", 1));
    CHECK_REFUSAL(check_crl(&h, CA, NOW, serial), TEE_OK);
    issue_crl_revoke(&h.issue, &h.crl, serial);
    CHECK_REFUSAL(check_crl(&h, CA, NOW, serial), TEE_REVOKED);
    CHECK_REFUSAL(check_crl(&h, CA, NOW, h.certificates[CA].serial), TEE_OK);
    CHECK_REFUSAL(check_crl(&h, CA, NOW, bytes_of("\x05", 1)), TEE_REVOKED);

    /* Signed by somebody else of the same name; by somebody who may not. */
    struct crl l;
    struct error e = {0};
    CHECK(crl_read(issue_crl(&h.issue, &h.crl, &h.keys[LEAF]), &l, &e) == STATUS_OK);
    CHECK_REFUSAL(refusal_of(crl_verify(&l, &h.certificates[CA], NOW, TEE_EXPIRED_CRL, &e), &e), TEE_CRL_SIGNATURE);
    set_usage(&h, CA, KEY_USAGE_CERT_SIGN);
    CHECK_REFUSAL(hierarchy_make(&h), TEE_OK);
    CHECK_REFUSAL(check_crl(&h, CA, NOW, serial), TEE_CRL_ISSUER);
    hierarchy_end(&h);
}

static void test_crl_form(void)
{
    static const struct {
        const char *oid;
        bool critical, of_entry;
        enum tee_refusal expected;
    } extensions[] = {
        {OID_DELTA_CRL, true, false, TEE_CRL_FORMAT},
        {OID_DELTA_CRL, false, false, TEE_CRL_FORMAT},
        {OID_ISSUING_DISTRIBUTION_POINT, true, false, TEE_CRL_FORMAT},
        {OID_ISSUING_DISTRIBUTION_POINT, false, false, TEE_CRL_FORMAT},
        {"1.2.3.4", true, false, TEE_CRL_FORMAT},
        {"1.2.3.4", false, false, TEE_OK},
        {OID_CRL_NUMBER, false, false, TEE_CRL_FORMAT}, /* there is one already */
        {"1.2.3.4", true, true, TEE_CRL_FORMAT},
        {"1.2.3.4", false, true, TEE_OK},
        {"2.5.29.29", true, true, TEE_CRL_FORMAT},
        {"2.5.29.29", false, true, TEE_CRL_FORMAT},
    };
    struct hierarchy h;
    test_begin("revocation lists: form");
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++) {
        hierarchy_begin(&h);
        CHECK_REFUSAL(hierarchy_make(&h), TEE_OK);
        issue_crl_revoke(&h.issue, &h.crl, bytes_of("\x05", 1));
        issue_extension_add(&h.issue, extensions[i].of_entry ? &h.crl.entries[0].extensions : &h.crl.extensions,
                            extensions[i].oid, extensions[i].critical, bytes_of("\x02\x01\x01", 3));
        CHECK_REFUSAL(check_crl(&h, CA, NOW, bytes_of("\x06", 1)), extensions[i].expected);
        hierarchy_end(&h);
    }
    hierarchy_begin(&h);
    CHECK_REFUSAL(hierarchy_make(&h), TEE_OK);
    h.crl.no_next_update = true;
    CHECK_REFUSAL(check_crl(&h, CA, NOW, bytes_of("\x06", 1)), TEE_CRL_FORMAT);
    h.crl.no_next_update = false;
    h.crl.version = 0;
    CHECK_REFUSAL(check_crl(&h, CA, NOW, bytes_of("\x06", 1)), TEE_CRL_FORMAT);
    h.crl.version = 1;
    h.crl.tail = bytes_of("\0", 1);
    CHECK_REFUSAL(check_crl(&h, CA, NOW, bytes_of("\x06", 1)), TEE_DER);
    h.crl.tail = (struct bytes){0};
    const struct bytes der = issue_crl(&h.issue, &h.crl, &h.keys[CA]);
    for (size_t size = 0; size < der.size; size++) {
        uint8_t *copy = arena_alloc(&h.issue.arena, size);
        struct crl l;
        struct error e = {0};
        if (size) memcpy(copy, der.data, size);
        CHECK_REFUSAL(refusal_of(crl_read(bytes_of(copy, size), &l, &e), &e), TEE_DER);
    }
    hierarchy_end(&h);
}

int main(void)
{
    test_roots();
    test_real();
    test_times();
    test_order();
    test_root_bits();
    test_usages();
    test_rules();
    test_signatures();
    test_cache();
    test_extensions();
    test_form();
    test_names();
    test_keys();
    test_revocation();
    test_crl_form();
    return test_end();
}
