/* Certificates, revocation lists and PEM. Whatever is read lies within the input and holds together; what is refused has
 * a reason. The first byte says as what the rest is read. */
#include <stdlib.h>

#include "tee/x509.h"

static void check(bool ok)
{
    if (!ok) abort();
}

static void check_error(const struct error *e, size_t size)
{
    check(e->status == STATUS_INVALID && e->code > 0 && e->code < (int)TEE_REFUSAL_COUNT && e->message[0]);
    check(e->offset == ERROR_NO_OFFSET || e->offset <= size);
}

static void check_within(struct bytes part, struct bytes whole)
{
    if (part.size == 0) return;
    check(part.data >= whole.data && part.data + part.size <= whole.data + whole.size);
}

static void check_key(const struct certificate *c)
{
    if (c->key.kind == KEY_RSA) {
        check_within(c->key.modulus, c->key_der);
        check_within(c->key.exponent, c->key_der);
        check(c->key.modulus.size >= 256 && c->key.modulus.size <= 512 && c->key.exponent.size > 0);
    } else {
        check_within(c->key.point, c->key_der);
        check(c->key.point.size == (c->key.kind == KEY_P256 ? 64 : 96));
    }
}

static void try_certificate(struct bytes input)
{
    const struct bytes known = {(const uint8_t *)"\x55\x1d\x1e", 3};
    struct certificate c;
    struct error e = {0};
    struct bytes found;
    if (certificate_read(input, &known, 1, &c, &e) != STATUS_OK) {
        check_error(&e, input.size);
        check(c.der.data == NULL);
        return;
    }
    check(bytes_equal(c.der, input) && c.tbs.size < input.size && c.serial.size > 0 && c.serial.size <= 21);
    const struct bytes parts[] = {c.tbs, c.serial, c.issuer, c.subject, c.key_der, c.signature, c.extensions};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) check_within(parts[i], input);
    check_key(&c);
    if (name_common_name(c.subject, &found)) check_within(found, c.subject);
    if (certificate_extension(&c, known, &found)) check_within(found, c.extensions);
    check(c.path_length >= -1);
    /* Nobody has signed what a fuzzer makes, unless it is what somebody made. */
    const enum status status = certificate_signed_by(&c, &c, &e);
    if (status != STATUS_OK) check_error(&e, input.size);
    const struct certificate *chain[] = {&c, &c};
    const struct chain_rules rules = {.at = c.not_before, .root = input, .ca_signatures = 7, .ignore_leaf_usage = true};
    check(chain_verify("fuzz", chain, 2, &rules, &e) == STATUS_INVALID);
    check_error(&e, input.size);
}

static void try_crl(struct bytes input)
{
    struct crl l;
    struct error e = {0};
    if (crl_read(input, &l, &e) != STATUS_OK) {
        check_error(&e, input.size);
        check(l.der.data == NULL);
        return;
    }
    const struct bytes parts[] = {l.tbs, l.issuer, l.signature, l.revoked};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) check_within(parts[i], input);
    check(!crl_lists(&l, (struct bytes){0}));
}

static void try_pem(struct bytes input)
{
    struct arena arena = {0};
    struct bytes rest = input, der;
    struct error e = {0};
    size_t total = 0;
    while (pem_next(&rest, "CERTIFICATE", &arena, &der, &e)) {
        check(der.size > 0);
        check_within(rest, input);
        total += der.size;
        try_certificate(der);
    }
    check(total <= input.size);
    if (e.status == STATUS_OK) check(rest.size == 0);
    else check_error(&e, input.size);
    arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    const struct bytes input = bytes_of(data + 1, size - 1);
    switch (data[0] % 3) {
    case 0: try_certificate(input); break;
    case 1: try_crl(input); break;
    default: try_pem(input); break;
    }
    return 0;
}
