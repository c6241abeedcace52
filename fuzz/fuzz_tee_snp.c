/* SEV-SNP. The input is tried as a report, as a certificate table and as a file beside the simulator's report; and it says
 * which bytes of that report and of its files are changed. No other report than the one that was signed is accepted. */
#include <stdlib.h>

#include "fuzz/choices.h"
#include "tee/simulator.h"
#include "tee/snp_cert_table.h"
#include "tee/snp_report.h"
#include "tee/x509.h"

enum { AT = 1767225600 /* 2026-01-01 */ };

static void check(bool ok)
{
    if (!ok) abort();
}

/* Made once: signing takes longer than everything else. */
struct sample {
    struct tee_simulated simulated;
    struct tee_policy policy;
    struct chain_cache cache;
};

static struct sample *sample(void)
{
    static struct sample *made;
    if (made) return made;
    struct tee_simulator simulator;
    const struct tee_request request = {.report_data = {1, 2, 3}};
    struct error e = {0};
    made = calloc(1, sizeof *made);
    check(made != NULL);
    tee_simulator_init(&simulator, TEE_SNP);
    check(tee_simulate(&simulator, AT, &request, NULL, 0, &made->simulated, &e) == STATUS_OK);
    check(tee_policy_read(made->simulated.policy, &made->policy, &e) == STATUS_OK);
    return made;
}

static bool verify(struct sample *s, struct bytes evidence, const struct tee_file *files, uint32_t count)
{
    struct tee_verdict v = {0};
    struct error e = {0};
    const struct tee_input in = {.evidence = evidence, .files = files, .file_count = count, .policy = &s->policy,
                                 .at = AT, .roots = &s->simulated.root, .root_count = 1, .simulated = true, .cache = &s->cache};
    tee_verdict_begin(&v, TEE_SNP, AT, true);
    const enum status status = snp_verify(&in, &v, &e);
    check((status == STATUS_OK) == (v.refusal == TEE_OK));
    if (status != STATUS_OK) check(status == STATUS_INVALID && e.code == (int)v.refusal && e.message[0]);
    tee_verdict_free(&v);
    return status == STATUS_OK;
}

static void try_report(struct bytes input)
{
    struct snp_report r;
    struct error e = {0};
    if (snp_report_read(input, &r, &e) != STATUS_OK) {
        check(e.status == STATUS_INVALID && e.code && e.message[0] && !r.signed_part.data);
        return;
    }
    check(input.size == SNP_REPORT_SIZE && r.version >= 2 && r.version <= 5 && r.signer <= 7);
    check(r.signed_part.data == input.data && r.signed_part.size == SNP_SIGNED_SIZE);
}

static void try_table(struct bytes input)
{
    struct snp_cert_table t;
    struct error e = {0};
    if (snp_cert_table_read(input, &t, &e) != STATUS_OK) {
        check(e.code == TEE_CERT_TABLE && e.message[0] && !t.vcek.data);
        return;
    }
    const struct bytes parts[] = {t.vcek, t.vlek, t.ask, t.ark, t.crl};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i].size)
            check(parts[i].data >= input.data + 24 && parts[i].data + parts[i].size <= input.data + input.size);
}

/* As the only file, and as one more. */
static void try_file(struct bytes input)
{
    struct sample *s = sample();
    struct tee_file files[TEE_SIMULATED_FILES + 1] = {{"input", input}};
    check(!verify(s, s->simulated.evidence, files, 1));
    check(!verify(s, input, s->simulated.files, s->simulated.file_count));
    for (uint32_t i = 0; i < s->simulated.file_count; i++) files[i + 1] = s->simulated.files[i];
    verify(s, s->simulated.evidence, files, s->simulated.file_count + 1);
}

static struct bytes changed(struct bytes b, struct choices *c)
{
    uint8_t *copy = malloc(b.size);
    if (!copy) return (struct bytes){0};
    memcpy(copy, b.data, b.size);
    size_t size = b.size;
    for (uint32_t i = 0, count = choose(c, 4); i < count; i++) {
        const uint32_t at = choose(c, (uint32_t)b.size);
        if (choose(c, 8) == 0 && at > 0) size = size < at ? size : at;
        else copy[at] = (uint8_t)choose(c, 256);
    }
    return bytes_of(copy, size);
}

static void try_changes(const uint8_t *data, size_t size)
{
    struct sample *s = sample();
    struct choices c = choices_of(data, size);
    struct tee_file files[TEE_SIMULATED_FILES];
    const struct bytes report = changed(s->simulated.evidence, &c);
    const uint32_t count = s->simulated.file_count;
    for (uint32_t i = 0; i < count; i++) {
        files[i] = s->simulated.files[i];
        files[i].data = changed(files[i].data, &c);
    }
    if (verify(s, report, files, count)) check(bytes_equal(report, s->simulated.evidence));
    if (verify(s, report, s->simulated.files, count)) check(bytes_equal(report, s->simulated.evidence));
    free((void *)(uintptr_t)report.data);
    for (uint32_t i = 0; i < count; i++) free((void *)(uintptr_t)files[i].data.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    const struct bytes input = bytes_of(data + 1, size - 1);
    switch (data[0] % 3) {
    case 0:
        try_report(input);
        try_table(input);
        break;
    case 1: try_file(input); break;
    default: try_changes(input.data, input.size); break;
    }
    return 0;
}
