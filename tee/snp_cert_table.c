#include "tee/snp_cert_table.h"

enum { ENTRY = 24, GUID = 16, MAX_ENTRIES = 64 };

/* GUIDs in the bytes of the table: the first three fields are little-endian. */
static const struct {
    uint8_t guid[GUID];
    size_t member;
} kinds[] = {
    /* 63da758d-e664-4564-adc5-f4b93be8accd */
    {{0x8d, 0x75, 0xda, 0x63, 0x64, 0xe6, 0x64, 0x45, 0xad, 0xc5, 0xf4, 0xb9, 0x3b, 0xe8, 0xac, 0xcd},
     offsetof(struct snp_cert_table, vcek)},
    /* a8074bc2-a25a-483e-aae6-39c045a0b8a1 */
    {{0xc2, 0x4b, 0x07, 0xa8, 0x5a, 0xa2, 0x3e, 0x48, 0xaa, 0xe6, 0x39, 0xc0, 0x45, 0xa0, 0xb8, 0xa1},
     offsetof(struct snp_cert_table, vlek)},
    /* 4ab7b379-bbac-4fe4-a02f-05aef327c782 */
    {{0x79, 0xb3, 0xb7, 0x4a, 0xac, 0xbb, 0xe4, 0x4f, 0xa0, 0x2f, 0x05, 0xae, 0xf3, 0x27, 0xc7, 0x82},
     offsetof(struct snp_cert_table, ask)},
    /* c0b406a4-a803-4952-9743-3fb6014cd0ae */
    {{0xa4, 0x06, 0xb4, 0xc0, 0x03, 0xa8, 0x52, 0x49, 0x97, 0x43, 0x3f, 0xb6, 0x01, 0x4c, 0xd0, 0xae},
     offsetof(struct snp_cert_table, ark)},
    /* 92f81bc3-5811-4d3d-97ff-d19f88dc67ea */
    {{0xc3, 0x1b, 0xf8, 0x92, 0x11, 0x58, 0x3d, 0x4d, 0x97, 0xff, 0xd1, 0x9f, 0x88, 0xdc, 0x67, 0xea},
     offsetof(struct snp_cert_table, crl)},
};

struct span {
    uint64_t from, to;
};

static bool is_end(const uint8_t *entry)
{
    static const uint8_t zero[ENTRY];
    return memcmp(entry, zero, ENTRY) == 0;
}

static enum status count_entries(struct bytes table, uint32_t *count, struct error *e)
{
    for (*count = 0;; ++*count) {
        if (table.size < ((size_t)*count + 1) * ENTRY)
            return tee_refuse(e, TEE_CERT_TABLE, "certificate table: it ends without an entry of zeros");
        if (is_end(table.data + (size_t)*count * ENTRY)) return STATUS_OK;
        if (*count == MAX_ENTRIES)
            return tee_refuse(e, TEE_CERT_TABLE, "certificate table: more than %d entries", MAX_ENTRIES);
    }
}

/* Where the entry's certificate lies: behind all entries, and behind or before the certificates of the others. */
static enum status place(struct bytes table, uint32_t i, uint32_t count, struct span *spans, struct error *e)
{
    const uint8_t *entry = table.data + (size_t)i * ENTRY;
    const uint64_t from = load_le32(entry + GUID), length = load_le32(entry + GUID + 4);
    const uint64_t first = ((uint64_t)count + 1) * ENTRY;
    if (length == 0) return tee_refuse(e, TEE_CERT_TABLE, "certificate table: entry %u has no bytes", (unsigned)i);
    if (from < first)
        return tee_refuse(e, TEE_CERT_TABLE, "certificate table: entry %u lies within the entries", (unsigned)i);
    if (from + length > table.size)
        return tee_refuse(e, TEE_CERT_TABLE, "certificate table: entry %u ends at %llu of %zu bytes", (unsigned)i,
                          (unsigned long long)(from + length), table.size);
    spans[i] = (struct span){from, from + length};
    for (uint32_t k = 0; k < i; k++) {
        if (spans[k].from < spans[i].to && spans[i].from < spans[k].to)
            return tee_refuse(e, TEE_CERT_TABLE, "certificate table: entries %u and %u overlap", (unsigned)k,
                              (unsigned)i);
        if (memcmp(table.data + (size_t)k * ENTRY, entry, GUID) == 0)
            return tee_refuse(e, TEE_CERT_TABLE, "certificate table: entries %u and %u are of the same kind",
                              (unsigned)k, (unsigned)i);
    }
    return STATUS_OK;
}

static void keep(struct bytes table, uint32_t i, struct span span, struct snp_cert_table *out)
{
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        if (memcmp(table.data + (size_t)i * ENTRY, kinds[k].guid, GUID) != 0) continue;
        const struct bytes found = bytes_of(table.data + span.from, (size_t)(span.to - span.from));
        memcpy((char *)out + kinds[k].member, &found, sizeof found);
    }
}

enum status snp_cert_table_read(struct bytes table, struct snp_cert_table *out, struct error *e)
{
    struct span spans[MAX_ENTRIES];
    struct snp_cert_table found = {0};
    uint32_t count;
    *out = found;
    enum status status = count_entries(table, &count, e);
    for (uint32_t i = 0; i < count && status == STATUS_OK; i++) {
        status = place(table, i, count, spans, e);
        if (status == STATUS_OK) keep(table, i, spans[i], &found);
    }
    if (status == STATUS_OK) *out = found;
    return status;
}
