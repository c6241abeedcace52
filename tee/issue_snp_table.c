/* The certificate table that comes with an extended SNP report (GHCB specification, 4.1.8.1). */
#include "base/hex.h"
#include "tee/issue_snp.h"

enum { ENTRY_SIZE = 24 };

void issue_snp_table_add(struct issue *i, struct issue_snp_table *t, const char *guid, struct bytes data)
{
    if (t->count < ISSUE_SNP_ENTRIES)
        t->entries[t->count++] = (struct issue_snp_entry){.guid = guid, .data = data, .offset = -1, .length = -1};
    else if (i->status == STATUS_OK)
        i->status = error_set(&i->error, STATUS_USAGE, 0, ERROR_NO_OFFSET, "more than %d entries", ISSUE_SNP_ENTRIES);
}

/* The first three fields of a GUID are numbers, in the machine's order of bytes. */
static void put_guid(uint8_t out[16], const char *text)
{
    static const uint8_t places[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    memset(out, 0, 16);
    for (int k = 0; k < 16 && text[0] && text[1]; k++) {
        if (*text == '-') text++;
        out[places[k]] = (uint8_t)((hex_digit(text[0]) & 15) << 4 | (hex_digit(text[1]) & 15));
        text += 2;
    }
}

struct bytes issue_snp_table(struct issue *i, const struct issue_snp_table *t)
{
    struct buffer b = {0};
    size_t offset = (t->count + !t->no_end) * (size_t)ENTRY_SIZE;
    uint8_t entry[ENTRY_SIZE];
    for (uint32_t k = 0; k < t->count && k < ISSUE_SNP_ENTRIES; k++) {
        const struct issue_snp_entry *e = &t->entries[k];
        put_guid(entry, e->guid);
        store_le32(entry + 16, e->offset < 0 ? (uint32_t)offset : (uint32_t)e->offset);
        store_le32(entry + 20, e->length < 0 ? (uint32_t)e->data.size : (uint32_t)e->length);
        buffer_append(&b, entry, sizeof entry);
        offset += e->data.size;
    }
    memset(entry, 0, sizeof entry);
    if (!t->no_end) buffer_append(&b, entry, sizeof entry);
    for (uint32_t k = 0; k < t->count && k < ISSUE_SNP_ENTRIES; k++)
        buffer_append(&b, t->entries[k].data.data, t->entries[k].data.size);
    return issue_take(i, &b);
}

struct bytes issue_snp_table_for(struct issue *i, const struct issue_snp *s, bool vlek)
{
    struct issue_snp_table t = {0};
    struct issue_snp_certificates c;
    issue_snp_certificates(i, s, &c);
    issue_snp_table_add(i, &t, SNP_GUID_ARK, c.ark);
    issue_snp_table_add(i, &t, SNP_GUID_ASK, vlek ? c.asvk : c.ask);
    issue_snp_table_add(i, &t, vlek ? SNP_GUID_VLEK : SNP_GUID_VCEK, vlek ? c.vlek : c.vcek);
    return issue_snp_table(i, &t);
}
