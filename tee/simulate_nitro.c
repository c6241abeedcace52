/* Simulated Nitro enclaves. */
#include <stdio.h>

#include "tee/issue_nitro.h"
#include "tee/simulate.h"

enum { PCRS = 32, PCR_SIZE = 48, NAME_SIZE = 8 };

/* What a document's registers are made of while they can be changed. */
struct registers {
    uint8_t values[PCRS][PCR_SIZE];
    char names[PCRS][NAME_SIZE];
    struct simulated_value table[PCRS];
};

static void registers_begin(struct registers *r, const struct issue_nitro_document *d)
{
    for (uint32_t k = 0; k < PCRS; k++) {
        if (k < d->pcr_count) memcpy(r->values[k], d->pcrs[k].value.data, PCR_SIZE);
        else memset(r->values[k], 0, PCR_SIZE);
        snprintf(r->names[k], NAME_SIZE, "pcr%u", (unsigned)k);
        r->table[k] = (struct simulated_value){r->names[k], r->values[k], PCR_SIZE, k < 3};
    }
}

/* The device puts locked registers into a document: the first 16, and others that somebody has extended. */
static void registers_end(const struct simulation *s, const struct registers *r, struct issue_nitro_document *d)
{
    d->pcr_count = 0;
    for (uint32_t k = 0; k < PCRS; k++) {
        bool wanted = k < 16;
        for (uint32_t m = 0; m < s->measurement_count; m++) wanted |= strcmp(s->measurements[m].name, r->names[k]) == 0;
        if (!wanted) continue;
        d->pcrs[d->pcr_count].index = k;
        d->pcrs[d->pcr_count++].value = bytes_of(r->values[k], PCR_SIZE);
    }
}

static struct issue_nitro_value optional(struct bytes b)
{
    return (struct issue_nitro_value){b.size ? ISSUE_BYTES : ISSUE_NULL, b};
}

void simulate_nitro(struct simulation *s)
{
    struct issue_nitro n;
    struct issue_nitro_document d;
    struct registers r;
    if (s->request->nonce.size > 512 || s->request->public_key.size > 1024) {
        simulate_refuse(s, "too long for a document:", s->request->nonce.size > 512 ? "nonce" : "public_key");
        return;
    }
    issue_nitro_defaults(s->issue, s->simulator->seed, &n);
    issue_nitro_document_defaults(s->issue, &n, s->at, &d);
    s->out->root = d.bundle[NITRO_ROOT];
    if (s->issue->status == STATUS_OK) {
        registers_begin(&r, &d);
        simulate_measurements(s, r.table, PCRS);
        registers_end(s, &r, &d);
        d.user_data = optional(bytes_of(s->request->report_data, 32));
        d.nonce = optional(s->request->nonce);
        d.public_key = optional(s->request->public_key);
        s->out->evidence = issue_nitro_document(s->issue, &d);
        simulate_policy(s, r.table, PCRS, NULL);
    }
    issue_nitro_wipe(&n);
}
