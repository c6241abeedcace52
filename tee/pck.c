#include "tee/pck.h"

/* 1.2.840.113741.1.13.1; what is in it has one or two numbers more. */
static const uint8_t sgx_oid[] = {0x2a, 0x86, 0x48, 0x86, 0xf8, 0x4d, 0x01, 0x0d, 0x01};

enum { /* numbers below the extension's */
    ENTRY_PPID = 1,
    ENTRY_TCB = 2,
    ENTRY_PCE_ID = 3,
    ENTRY_FMSPC = 4,
    ENTRY_SGX_TYPE = 5,
    ENTRY_INSTANCE_ID = 6,
    ENTRY_CONFIGURATION = 7,
    ENTRY_LAST = ENTRY_CONFIGURATION,
};
enum { /* numbers below ENTRY_TCB's; 1 to 16 are the components */
    TCB_PCE_SVN = 17,
    TCB_CPU_SVN = 18,
    TCB_LAST = TCB_CPU_SVN,
};

/* The number behind the prefix in an OID that is one longer; 0: another OID. */
static unsigned number_below(struct bytes oid, const uint8_t *prefix, size_t size)
{
    if (oid.size != size + 1 || memcmp(oid.data, prefix, size) != 0) return 0;
    return oid.data[size] < 0x80 ? oid.data[size] : 0;
}

/* The next entry { OID, value } of a list: its number, at most `last` and not seen before. 0 after a failure. */
static unsigned next_entry(struct der_reader *list, const uint8_t *prefix, size_t size, unsigned last, uint32_t *seen,
                           struct der_reader *value)
{
    const struct bytes contents = der_read(list, DER_SEQUENCE);
    *value = der_inside(list, contents);
    const unsigned number = number_below(der_read(value, DER_OID), prefix, size);
    if (value->failed) return 0;
    if (number == 0 || number > last) return der_fail(value, "an entry that is not known"), 0;
    if (*seen & UINT32_C(1) << number) return der_fail(value, "an entry that is there twice"), 0;
    *seen |= UINT32_C(1) << number;
    return number;
}

static void read_octets(struct der_reader *r, uint8_t *out, size_t size)
{
    const struct bytes b = der_read(r, DER_OCTET_STRING);
    if (r->failed) return;
    if (b.size != size) der_fail(r, "an octet string of another length than expected");
    else memcpy(out, b.data, size);
}

/* What `inner` failed of, `outer` fails of; and nothing may be left in it. */
static void close_inner(struct der_reader *outer, const struct der_reader *inner)
{
    struct der_reader r = *inner;
    if (der_more(&r)) der_fail(&r, "more than what belongs there");
    if (r.failed) *outer = r;
}

static void require_all(struct der_reader *r, uint32_t seen, unsigned last)
{
    if (!r->failed && seen != (UINT32_C(2) << last) - 2) der_fail(r, "an entry is missing");
}

static void read_tcb(struct der_reader *outer, struct pck_extension *out)
{
    uint8_t prefix[sizeof sgx_oid + 1];
    uint32_t seen = 0;
    memcpy(prefix, sgx_oid, sizeof sgx_oid);
    prefix[sizeof sgx_oid] = ENTRY_TCB;
    const struct bytes contents = der_read(outer, DER_SEQUENCE);
    struct der_reader list = der_inside(outer, contents);
    while (der_more(&list)) {
        struct der_reader value;
        const unsigned number = next_entry(&list, prefix, sizeof prefix, TCB_LAST, &seen, &value);
        if (number == TCB_CPU_SVN) read_octets(&value, out->cpu_svn, sizeof out->cpu_svn);
        else if (number == TCB_PCE_SVN) out->tcb.pce_svn = (uint16_t)der_read_small(&value, UINT16_MAX);
        else if (number) out->tcb.components[number - 1] = (uint8_t)der_read_small(&value, UINT8_MAX);
        close_inner(&list, &value);
    }
    require_all(&list, seen, TCB_LAST);
    if (!list.failed && memcmp(out->cpu_svn, out->tcb.components, sizeof out->cpu_svn) != 0)
        der_fail(&list, "CPUSVN differs from the components");
    close_inner(outer, &list);
}

static void read_entry(unsigned number, struct der_reader *value, struct pck_extension *out)
{
    uint8_t instance_id[16];
    switch (number) {
    case ENTRY_PPID: read_octets(value, out->ppid, sizeof out->ppid); break;
    case ENTRY_TCB: read_tcb(value, out); break;
    case ENTRY_PCE_ID: read_octets(value, out->pce_id, sizeof out->pce_id); break;
    case ENTRY_FMSPC: read_octets(value, out->fmspc, sizeof out->fmspc); break;
    case ENTRY_SGX_TYPE: der_read(value, DER_ENUMERATED); break;
    case ENTRY_INSTANCE_ID: read_octets(value, instance_id, sizeof instance_id); break;
    case ENTRY_CONFIGURATION: der_read(value, DER_SEQUENCE); break;
    default: break;
    }
}

enum status pck_extension_read(const struct certificate *leaf, struct pck_extension *out, struct error *e)
{
    struct pck_extension p = {0};
    struct bytes contents;
    struct error found = {0};
    uint32_t seen = 0;
    if (!certificate_extension(leaf, bytes_of(sgx_oid, sizeof sgx_oid), &contents))
        return tee_refuse(e, TEE_PCK_EXTENSION, "the platform's certificate has no SGX extension");
    struct der_reader whole = der_reader_of(contents);
    const struct bytes entries = der_read(&whole, DER_SEQUENCE);
    struct der_reader list = der_inside(&whole, entries);
    while (der_more(&list)) {
        struct der_reader value;
        const unsigned number = next_entry(&list, sgx_oid, sizeof sgx_oid, ENTRY_LAST, &seen, &value);
        read_entry(number, &value, &p);
        close_inner(&list, &value);
    }
    /* Instance id and configuration are there for platforms of several packages alone. */
    require_all(&list, seen | 1u << ENTRY_INSTANCE_ID | 1u << ENTRY_CONFIGURATION, ENTRY_LAST);
    close_inner(&whole, &list);
    if (der_finish(&whole, "SGX extension", &found) != STATUS_OK)
        return tee_refuse(e, TEE_PCK_EXTENSION, "%s", found.message);
    *out = p;
    return STATUS_OK;
}
