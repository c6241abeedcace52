/* The providers of evidence, on a machine that does what real ones were seen or are documented to do. */
#include "tee/provider.h"
#include "tests/fake_machine.h"
#include "tests/test.h"

#include <unistd.h>

#include "crypto/hmac.h"
#include "tee/cbor.h"
#include "tee/device.h"
#include "tee/evidence.h"
#include "tee/issue_nitro.h"
#include "tee/nitro_document.h"

static struct fake_machine machine; /* large */

/* ---- evidence of each kind, as much of it as providers look at --------------------------------------------------- */

static size_t make_tdx_4(struct fake_machine *m, const uint8_t report_data[64], uint8_t *out)
{
    (void)m;
    store_le16(out, 4);
    store_le16(out + 2, 2);
    store_le32(out + 4, 0x81);
    memcpy(out + 48 + 520, report_data, 64);
    return 5006;
}

static size_t make_tdx_5(struct fake_machine *m, const uint8_t report_data[64], uint8_t *out)
{
    (void)m;
    store_le16(out, 5);
    store_le32(out + 4, 0x81);
    store_le16(out + 48, 3);
    store_le32(out + 50, 648);
    memcpy(out + 54 + 520, report_data, 64);
    return 5006;
}

static size_t make_sgx(struct fake_machine *m, const uint8_t report_data[64], uint8_t *out)
{
    (void)m;
    store_le16(out, 3);
    store_le16(out + 2, 2);
    out[48 + 64] = 0xee; /* mrenclave */
    memcpy(out + 48 + 320, report_data, 64);
    return 4600;
}

static size_t make_snp(struct fake_machine *m, const uint8_t report_data[64], uint8_t *out)
{
    (void)m;
    store_le32(out, 3);
    memcpy(out + 0x50, report_data, 64);
    out[0x90] = 0xcc; /* measurement */
    return 1184;
}

static const uint8_t table[4096 + 100] = {0x63, 0xda, 0x75, 0x8d, [4195] = 1};

static void machine_begin(const char *kind)
{
    memset(&machine, 0, sizeof machine);
    machine.report_size = 1184;
    machine.auxiliary = bytes_of("table", 5);
    if (strcmp(kind, "tdx") == 0) {
        machine.has_configfs = machine.has_tdx = true;
        machine.provider = "tdx_guest\n";
        machine.make_evidence = make_tdx_4;
    } else if (strcmp(kind, "snp") == 0) {
        machine.has_configfs = machine.has_sev = true;
        machine.provider = "sev_guest\n";
        machine.privilege_floor = "0\n";
        machine.make_evidence = make_snp;
    } else if (strcmp(kind, "sev") == 0) { /* an older kernel */
        machine.has_sev = true;
        machine.make_evidence = make_snp;
    } else if (strcmp(kind, "sgx") == 0) {
        machine.has_gramine = true;
        machine.attestation_type = "dcap";
        machine.make_evidence = make_sgx;
    } else if (strcmp(kind, "nitro") == 0) {
        machine.has_nsm = true;
    }
}

/* ---- one request ------------------------------------------------------------------------------------------------- */

static struct tee_request request_of(uint8_t first)
{
    struct tee_request q = {0};
    for (int i = 0; i < 64; i++) q.report_data[i] = (uint8_t)(first + i);
    return q;
}

/* The refusal. Whatever happens, nothing stays open or behind, and evidence is there only without a refusal. */
static enum tee_refusal generate_into(const struct tee_provider *p, const struct tee_request *q,
                                      struct tee_generated *out)
{
    const struct tee_system s = fake_system(&machine);
    struct error e = {0};
    *out = (struct tee_generated){0};
    const enum status status = p->generate(&s, q, out, &e);
    CHECK(fake_open_files(&machine) == 0);
    const bool rmdir_fails = machine.fault.error && machine.fault.call == FAKE_RMDIR;
    CHECK(machine.folders_made == machine.folders_removed || rmdir_fails);
    CHECK((out->evidence.size > 0) == (status == STATUS_OK));
    if (status == STATUS_OK) return TEE_OK;
    CHECK(status == STATUS_INVALID && e.code != TEE_OK && e.message[0] && !out->auxiliary.data);
    return (enum tee_refusal)e.code;
}

static enum tee_refusal generate(const struct tee_provider *p)
{
    const struct tee_request q = request_of(1);
    struct tee_generated g;
    const enum tee_refusal refusal = generate_into(p, &q, &g);
    tee_generated_free(&g);
    return refusal;
}

static bool generates(const struct tee_provider *p, enum tee_refusal expected, int line)
{
    const enum tee_refusal got = generate(p);
    if (got != expected)
        printf("  line %d: %s, expected %s\n", line, tee_refusal_code(got), tee_refusal_code(expected));
    return got == expected;
}
#define CHECK_GENERATES(p, refusal) CHECK(generates(p, refusal, __LINE__))

/* ---- configfs-tsm ------------------------------------------------------------------------------------------------ */

static void test_tsm_good(void)
{
    struct tee_request q = request_of(7);
    struct tee_generated g;
    test_begin("configfs-tsm: quotes and reports");
    machine_begin("tdx");
    CHECK(generate_into(&tee_provider_tdx, &q, &g) == TEE_OK);
    CHECK(g.platform == TEE_TDX && !g.simulated && g.evidence.size == 5006 && g.auxiliary.size == 0);
    CHECK(memcmp(g.evidence.data + 568, q.report_data, 64) == 0 && memcmp(machine.inblob, q.report_data, 64) == 0);
    CHECK(machine.folders_made == 1 && machine.sleeps == 0);
    tee_generated_free(&g);
    machine.make_evidence = make_tdx_5;
    CHECK_GENERATES(&tee_provider_tdx, TEE_OK);

    machine_begin("snp");
    CHECK(generate_into(&tee_provider_snp, &q, &g) == TEE_OK);
    CHECK(g.platform == TEE_SNP && g.evidence.size == 1184);
    CHECK(bytes_equal(bytes_of(g.auxiliary.data, g.auxiliary.size), bytes_of_string("table")));
    CHECK(!machine.privilege_level[0] && machine.calls[FAKE_IOCTL] == 0);
    tee_generated_free(&g);
    machine.auxiliary = (struct bytes){0};
    CHECK_GENERATES(&tee_provider_snp, TEE_OK);
    machine.privilege_floor = "2\n"; /* a guest that may not ask at level 0 */
    CHECK_GENERATES(&tee_provider_snp, TEE_OK);
    CHECK_TEXT(machine.privilege_level, "2");
    machine.privilege_floor = "4\n";
    CHECK_GENERATES(&tee_provider_snp, TEE_FORMAT);
    machine.privilege_floor = "x\n";
    CHECK_GENERATES(&tee_provider_snp, TEE_FORMAT);
}

/* Row by row what a machine may do otherwise (G1). */
static void test_tsm_rows(void)
{
    const struct tee_provider *p = &tee_provider_tdx;
    test_begin("configfs-tsm: other providers, races, wrong sizes");
    machine_begin("tdx");
    machine.provider = "sev_guest\n";
    CHECK_GENERATES(p, TEE_PROVIDER);
    machine.provider = "tdx_guest2\n";
    CHECK_GENERATES(p, TEE_PROVIDER);
    machine.provider = "";
    CHECK_GENERATES(p, TEE_PROVIDER);
    machine.provider = "tdx_guest\n\n";
    CHECK_GENERATES(p, TEE_FORMAT);
    machine.provider = "a line that is longer than any name of a provider that there could ever be\n";
    CHECK_GENERATES(p, TEE_FORMAT);
    machine.provider = "tdx_guest";
    CHECK_GENERATES(p, TEE_OK);
    CHECK(generate(&tee_provider_snp) == TEE_PROVIDER); /* and no other way is tried */

    machine_begin("tdx");
    machine.jumps_before = 1;
    CHECK_GENERATES(p, TEE_RACE);
    machine_begin("tdx");
    machine.jumps_after = 1;
    CHECK_GENERATES(p, TEE_RACE);
    machine_begin("tdx");
    machine.ignores_writes = true;
    CHECK_GENERATES(p, TEE_DEVICE);
    machine_begin("tdx");
    static const char *const generations[] = {"", "-1\n", "1x\n", "99999999999999999999\n", " 1\n"};
    for (size_t i = 0; i < sizeof generations / sizeof *generations; i++) {
        machine.generation_text = generations[i];
        CHECK_GENERATES(p, TEE_FORMAT);
    }

    machine_begin("tdx");
    machine.resized = true;
    machine.evidence_size = 0;
    CHECK_GENERATES(p, TEE_EMPTY);
    machine.evidence_size = 631;
    CHECK_GENERATES(p, TEE_FORMAT);
    machine.evidence_size = 632;
    CHECK_GENERATES(p, TEE_OK);
    machine.evidence_size = 8192;
    CHECK_GENERATES(p, TEE_OK);
    machine.evidence_size = 8193;
    CHECK_GENERATES(p, TEE_FORMAT);
    machine.evidence_size = FAKE_QUOTE_MAX;
    CHECK_GENERATES(p, TEE_FORMAT);
    machine_begin("tdx");
    machine.other_report_data = true;
    CHECK_GENERATES(p, TEE_REPORT_DATA);
    machine.make_evidence = make_tdx_5;
    CHECK_GENERATES(p, TEE_REPORT_DATA);
    machine.make_evidence = make_sgx;
    CHECK_GENERATES(p, TEE_FORMAT);

    machine_begin("snp");
    machine.other_report_data = true;
    CHECK_GENERATES(&tee_provider_snp, TEE_REPORT_DATA);
    machine_begin("snp");
    machine.resized = true;
    machine.evidence_size = 1183;
    CHECK_GENERATES(&tee_provider_snp, TEE_FORMAT);
    machine.evidence_size = 1185;
    CHECK_GENERATES(&tee_provider_snp, TEE_FORMAT);
    machine_begin("snp");
    machine.auxiliary = bytes_of(machine.evidence, sizeof machine.evidence);
    CHECK_GENERATES(&tee_provider_snp, TEE_LIMIT);
}

static void test_tsm_folders(void)
{
    const struct tee_provider *p = &tee_provider_tdx;
    test_begin("configfs-tsm: the folder");
    machine_begin("tdx");
    machine.names_taken = 3;
    CHECK_GENERATES(p, TEE_OK);
    CHECK(machine.calls[FAKE_MKDIR] == 4 && machine.folders_made == 1);
    CHECK(strncmp(machine.first_folder, "/sys/kernel/config/tsm/report/nvm-", 34) == 0);
    machine_begin("tdx");
    machine.names_taken = 1;
    const struct tee_system s = fake_system(&machine);
    struct tee_generated g;
    struct error e;
    const struct tee_request q = request_of(0);
    /* The second name is another one. */
    CHECK(p->generate(&s, &q, &g, &e) == STATUS_OK && machine.random == 2);
    tee_generated_free(&g);
    machine_begin("tdx");
    machine.names_taken = 1000;
    CHECK_GENERATES(p, TEE_RACE);
    CHECK(machine.calls[FAKE_MKDIR] < 100 && machine.folders_made == 0);
    machine_begin("tdx");
    machine.has_configfs = false;
    CHECK_GENERATES(p, TEE_NO_DEVICE);
    machine_begin("tdx");
    machine.provider = NULL;
    CHECK_GENERATES(p, TEE_NO_DEVICE);
    /* What cannot be removed at once is tried again, and does not spoil the quote. */
    machine_begin("tdx");
    machine.fault = (struct fake_fault){FAKE_RMDIR, NULL, EBUSY, 1};
    CHECK_GENERATES(p, TEE_OK);
    CHECK(machine.folders_removed == 1);
    machine.fault = (struct fake_fault){FAKE_RMDIR, NULL, EBUSY, UINT_MAX};
    CHECK_GENERATES(p, TEE_OK);
}

/* ---- errors of the system ---------------------------------------------------------------------------------------- */

static const struct {
    int error;
    enum tee_refusal refusal;
} errors[] = {
    {ENOENT, TEE_NO_DEVICE}, {ENXIO, TEE_NO_DEVICE}, {ENODEV, TEE_NO_DEVICE}, {ENOTTY, TEE_NO_DEVICE},
    {EBUSY, TEE_BUSY},       {EAGAIN, TEE_BUSY},      {EFBIG, TEE_LIMIT},     {EMSGSIZE, TEE_LIMIT},   {ETXTBSY, TEE_DEVICE},
    {EINVAL, TEE_DEVICE},    {EIO, TEE_DEVICE},      {ETIMEDOUT, TEE_DEVICE}, {EACCES, TEE_DEVICE},
    {EPERM, TEE_DEVICE},     {ENODATA, TEE_DEVICE},  {EFAULT, TEE_DEVICE},    {EINTR, TEE_DEVICE},
    {12345, TEE_DEVICE},
};

static const struct place {
    const char *kind;
    const struct tee_provider *provider;
    enum fake_call call;
    const char *file;
} places[] = {
    {"tdx", &tee_provider_tdx, FAKE_MKDIR, NULL},
    {"tdx", &tee_provider_tdx, FAKE_OPEN, "provider"},
    {"tdx", &tee_provider_tdx, FAKE_READ, "provider"},
    {"tdx", &tee_provider_tdx, FAKE_OPEN, "generation"},
    {"tdx", &tee_provider_tdx, FAKE_READ, "generation"},
    {"tdx", &tee_provider_tdx, FAKE_OPEN, "inblob"},
    {"tdx", &tee_provider_tdx, FAKE_WRITE, "inblob"},
    {"tdx", &tee_provider_tdx, FAKE_CLOSE, "inblob"},
    {"tdx", &tee_provider_tdx, FAKE_OPEN, "outblob"},
    {"tdx", &tee_provider_tdx, FAKE_READ, "outblob"},
    {"snp", &tee_provider_snp, FAKE_READ, "privlevel_floor"},
    {"snp", &tee_provider_snp, FAKE_READ, "outblob"},
    {"snp", &tee_provider_snp, FAKE_OPEN, "auxblob"},
    {"snp", &tee_provider_snp, FAKE_READ, "auxblob"},
    {"sev", &tee_provider_snp, FAKE_OPEN, "sev-guest"},
    {"sev", &tee_provider_snp, FAKE_IOCTL, "sev-guest"},
    {"sgx", &tee_provider_sgx, FAKE_OPEN, "attestation_type"},
    {"sgx", &tee_provider_sgx, FAKE_READ, "attestation_type"},
    {"sgx", &tee_provider_sgx, FAKE_OPEN, "user_report_data"},
    {"sgx", &tee_provider_sgx, FAKE_WRITE, "user_report_data"},
    {"sgx", &tee_provider_sgx, FAKE_CLOSE, "user_report_data"},
    {"sgx", &tee_provider_sgx, FAKE_OPEN, "quote"},
    {"sgx", &tee_provider_sgx, FAKE_READ, "quote"},
    {"nitro", &tee_provider_nitro, FAKE_OPEN, "nsm"},
    {"nitro", &tee_provider_nitro, FAKE_IOCTL, "nsm"},
};

/* Always, wherever it may happen. Of configfs-tsm in SEV-SNP only a missing one means the other device, which is tested by
 * itself. */
static void test_errors(void)
{
    test_begin("every error at every place");
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        for (size_t k = 0; k < sizeof errors / sizeof *errors; k++) {
            const struct place *p = &places[i];
            enum tee_refusal expected = errors[k].refusal;
            /* A descriptor is gone however closing it ends. */
            if (p->call == FAKE_CLOSE && errors[k].error == EINTR) continue;
            machine_begin(p->kind);
            machine.fault = (struct fake_fault){p->call, p->file, errors[k].error, UINT_MAX};
            if (!CHECK_GENERATES(p->provider, expected))
                printf("  %s: %s %d, error %d\n", p->kind, p->file ? p->file : "", p->call, errors[k].error);
            CHECK(machine.calls[p->call] < 200);
        }
    }
}

static void test_interrupted(void)
{
    static const char *const kinds[] = {"tdx", "snp", "sgx"};
    const struct tee_provider *const providers[] = {&tee_provider_tdx, &tee_provider_snp, &tee_provider_sgx};
    test_begin("interrupted and short transfers");
    for (int i = 0; i < 3; i++) {
        for (int call = FAKE_OPEN; call <= FAKE_WRITE; call++) {
            machine_begin(kinds[i]);
            machine.fault = (struct fake_fault){(enum fake_call)call, NULL, EINTR, 5};
            CHECK_GENERATES(providers[i], TEE_OK);
        }
        machine_begin(kinds[i]);
        machine.piece = 1;
        CHECK_GENERATES(providers[i], TEE_OK);
        machine.piece = 63;
        CHECK_GENERATES(providers[i], TEE_OK);
    }
    machine_begin("sev");
    machine.fault = (struct fake_fault){FAKE_IOCTL, NULL, EINTR, 5};
    CHECK_GENERATES(&tee_provider_snp, TEE_OK);
}

static void test_busy(void)
{
    static const struct {
        enum fake_call call;
        const char *file;
    } at[] = {{FAKE_READ, "outblob"}, {FAKE_OPEN, "outblob"}, {FAKE_WRITE, "inblob"}, {FAKE_READ, "auxblob"}};
    test_begin("configfs-tsm: busy devices");
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        for (unsigned times = 0; times <= 3; times++) {
            machine_begin("snp");
            machine.fault = (struct fake_fault){at[i].call, at[i].file, EBUSY, times};
            CHECK_GENERATES(&tee_provider_snp, times < 3 ? TEE_OK : TEE_BUSY);
            CHECK_EQUAL(machine.sleeps, times < 3 ? times : 2);
        }
    }
}

/* ---- /dev/sev-guest ---------------------------------------------------------------------------------------------- */

static void test_sev_report(void)
{
    const struct tee_provider *p = &tee_provider_snp;
    struct tee_request q = request_of(9);
    struct tee_generated g;
    test_begin("/dev/sev-guest: reports");
    machine_begin("sev");
    machine.auxiliary = bytes_of(table, sizeof table);
    CHECK(generate_into(p, &q, &g) == TEE_OK && g.evidence.size == 1184);
    CHECK(memcmp(g.evidence.data + 0x50, q.report_data, 64) == 0);
    CHECK(g.auxiliary.size == 8192 && memcmp(g.auxiliary.data, table, sizeof table) == 0);
    CHECK(machine.requests == 1 && !machine.layout_wrong);
    tee_generated_free(&g);
    machine.auxiliary = (struct bytes){0}; /* the host has none */
    CHECK(generate_into(p, &q, &g) == TEE_OK && g.auxiliary.size == 0);
    tee_generated_free(&g);

    machine_begin("sev");
    machine.table_need = 5 * 4096; /* more room is asked for */
    CHECK_GENERATES(p, TEE_OK);
    CHECK(machine.requests == 2 && !machine.layout_wrong && !machine.requests_differ);
    machine_begin("sev");
    machine.table_need = 16 * 4096;
    CHECK_GENERATES(p, TEE_OK);
    machine.table_need = 16 * 4096 + 1;
    CHECK_GENERATES(p, TEE_LIMIT);
    machine.table_need = UINT32_MAX;
    CHECK_GENERATES(p, TEE_LIMIT);

    for (unsigned times = 1; times <= 3; times++) {
        machine_begin("sev");
        machine.busy_times = times;
        CHECK_GENERATES(p, times < 3 ? TEE_OK : TEE_BUSY);
        CHECK(!machine.requests_differ && machine.requests == (times < 3 ? times + 1 : 3));
        CHECK_EQUAL(machine.sleeps, times < 3 ? times : 2);
    }
    machine_begin("sev");
    machine.firmware_status = 0x16;
    CHECK_GENERATES(p, TEE_DEVICE);
    machine_begin("sev");
    machine.report_size = 1183;
    CHECK_GENERATES(p, TEE_FORMAT);
    machine.report_size = UINT32_MAX;
    CHECK_GENERATES(p, TEE_FORMAT);
    machine_begin("sev");
    machine.other_report_data = true;
    CHECK_GENERATES(p, TEE_REPORT_DATA);
    machine_begin("none");
    CHECK_GENERATES(p, TEE_NO_DEVICE);
}

/* configfs-tsm that is there and fails is not passed by in favour of the device. */
static void test_sev_order(void)
{
    static const char *const files[] = {"provider", "generation", "privlevel_floor", "outblob", "auxblob"};
    test_begin("/dev/sev-guest: only where there is no configfs-tsm");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        machine_begin("snp");
        machine.fault = (struct fake_fault){FAKE_OPEN, files[i], ENOENT, UINT_MAX};
        CHECK_GENERATES(&tee_provider_snp, TEE_NO_DEVICE);
        CHECK(machine.requests == 0);
    }
    machine_begin("snp");
    machine.provider = NULL;
    CHECK_GENERATES(&tee_provider_snp, TEE_OK);
    CHECK(machine.requests == 1);
    machine_begin("snp");
    machine.fault = (struct fake_fault){FAKE_MKDIR, NULL, EACCES, UINT_MAX};
    CHECK_GENERATES(&tee_provider_snp, TEE_DEVICE);
    CHECK(machine.requests == 0);
}

/* ---- roots for sealing ------------------------------------------------------------------------------------------- */

static void expected_root(struct bytes key, const char *info, size_t size, uint8_t out[32])
{
    CHECK(hkdf(HASH_SHA256, (struct bytes){0}, key, bytes_of(info, size), out, 32, NULL) == STATUS_OK);
}

static void test_roots(void)
{
    const struct tee_system s = fake_system(&machine);
    uint8_t root[32], expected[32];
    struct error e;
    test_begin("roots for sealing");
    CHECK(!tee_provider_tdx.derive_root && !tee_provider_nitro.derive_root);
    machine_begin("sev");
    for (int i = 0; i < 32; i++) machine.key[i] = (uint8_t)i;
    CHECK(tee_provider_snp.derive_root(&s, root, &e) == STATUS_OK && !machine.layout_wrong);
    expected_root(bytes_of(machine.key, 32), "nvm-root-v1\0snp", 15, expected);
    CHECK(memcmp(root, expected, 32) == 0);
    machine.busy_times = 2;
    CHECK(tee_provider_snp.derive_root(&s, root, &e) == STATUS_OK && !machine.requests_differ);
    machine.busy_times = 3;
    CHECK(tee_provider_snp.derive_root(&s, root, &e) == STATUS_INVALID && e.code == TEE_BUSY);
    machine.busy_times = 0;
    memset(machine.key, 0, sizeof machine.key);
    CHECK(tee_provider_snp.derive_root(&s, root, &e) == STATUS_INVALID && e.code == TEE_DEVICE);
    machine.firmware_status = 0x16;
    CHECK(tee_provider_snp.derive_root(&s, root, &e) == STATUS_INVALID && e.code == TEE_DEVICE);
    CHECK(fake_open_files(&machine) == 0);
    machine_begin("none");
    CHECK(tee_provider_snp.derive_root(&s, root, &e) == STATUS_INVALID && e.code == TEE_NO_DEVICE);

    static const uint8_t key[17] = "a key of gramine";
    machine_begin("sgx");
    machine.sealing_key = bytes_of(key, 16);
    CHECK(tee_provider_sgx.derive_root(&s, root, &e) == STATUS_OK);
    expected_root(bytes_of(key, 16), "nvm-root-v1\0sgx mrenclave", 25, expected);
    CHECK(memcmp(root, expected, 32) == 0);
    for (size_t size = 0; size <= 17; size++) {
        machine.sealing_key.size = size;
        CHECK((tee_provider_sgx.derive_root(&s, root, &e) == STATUS_OK) == (size == 16));
        CHECK(size == 16 || e.code == TEE_FORMAT);
    }
    static const uint8_t zeros[16];
    machine.sealing_key = bytes_of(zeros, 16); /* none, in the form of one */
    CHECK(tee_provider_sgx.derive_root(&s, root, &e) == STATUS_INVALID && e.code == TEE_DEVICE);
    machine.sealing_key = bytes_of(key, 16);
    machine.piece = 3;
    CHECK(tee_provider_sgx.derive_root(&s, root, &e) == STATUS_OK && memcmp(root, expected, 32) == 0);
    machine_begin("none");
    CHECK(tee_provider_sgx.derive_root(&s, root, &e) == STATUS_INVALID && e.code == TEE_NO_DEVICE);
    CHECK(fake_open_files(&machine) == 0);
}

/* ---- SGX --------------------------------------------------------------------------------------------------------- */

static void test_sgx(void)
{
    struct tee_request q = request_of(3);
    struct tee_generated g;
    test_begin("SGX in Gramine");
    machine_begin("sgx");
    CHECK(generate_into(&tee_provider_sgx, &q, &g) == TEE_OK);
    CHECK(g.platform == TEE_SGX && g.evidence.size == 4600 && memcmp(g.evidence.data + 368, q.report_data, 64) == 0);
    tee_generated_free(&g);
    static const struct {
        const char *type;
        enum tee_refusal refusal;
    } types[] = {{"dcap\n", TEE_OK},         {"none", TEE_NO_DEVICE}, {"epid", TEE_PROVIDER},
                 {"dcap2", TEE_PROVIDER},    {"", TEE_PROVIDER},      {"\x1b[0m", TEE_FORMAT}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        machine.attestation_type = types[i].type;
        CHECK_GENERATES(&tee_provider_sgx, types[i].refusal);
    }
    machine_begin("sgx");
    machine.other_report_data = true;
    CHECK_GENERATES(&tee_provider_sgx, TEE_REPORT_DATA);
    machine_begin("sgx");
    machine.resized = true;
    CHECK_GENERATES(&tee_provider_sgx, TEE_EMPTY);
    machine.evidence_size = 431;
    CHECK_GENERATES(&tee_provider_sgx, TEE_FORMAT);
    machine.evidence_size = 65537;
    CHECK_GENERATES(&tee_provider_sgx, TEE_FORMAT);
    machine.make_evidence = make_tdx_4;
    machine.evidence_size = 5006;
    CHECK_GENERATES(&tee_provider_sgx, TEE_FORMAT);
}

/* ---- Nitro ------------------------------------------------------------------------------------------------------- */

enum { AT = 1800000000 };

struct module {
    struct issue issue;
    struct issue_nitro nitro;
    struct bytes answer;           /* in place of the right one, if it has data */
    int change;                    /* which field of the document is another than was asked for */
};

static struct issue_nitro_value read_value(struct cbor_reader *r, const char *name)
{
    CHECK(bytes_equal(cbor_read_text(r), bytes_of_string(name)));
    if (cbor_skip_null(r)) return (struct issue_nitro_value){.form = ISSUE_NULL};
    return (struct issue_nitro_value){ISSUE_BYTES, cbor_read_bytes(r)};
}

static void answer_attestation(struct module *k, struct cbor_reader *r, struct buffer *response)
{
    struct issue_nitro_document d;
    struct cbor_container map = cbor_enter_map(r);
    CHECK(map.left == 3 && !map.indefinite);
    issue_nitro_document_defaults(&k->issue, &k->nitro, AT, &d);
    d.user_data = read_value(r, "user_data");
    d.nonce = read_value(r, "nonce");
    d.public_key = read_value(r, "public_key");
    if (k->change == 1) d.user_data.bytes = bytes_of_string("another 32 bytes of user data...");
    if (k->change == 2) d.nonce = (struct issue_nitro_value){ISSUE_BYTES, bytes_of_string("unasked")};
    if (k->change == 3) d.public_key = (struct issue_nitro_value){ISSUE_BYTES, bytes_of_string("unasked")};
    if (k->change == 4) d.user_data.form = ISSUE_NULL;
    const struct bytes document = issue_nitro_document(&k->issue, &d);
    cbor_write_map(response, 1);
    cbor_write_text(response, "Attestation");
    cbor_write_map(response, 1);
    cbor_write_text(response, "document");
    cbor_write_bytes(response, document);
}

static void answer_describe(struct buffer *response)
{
    cbor_write_map(response, 1);
    cbor_write_text(response, "DescribeNSM");
    cbor_write_map(response, 8);
    cbor_write_text(response, "version_major");
    cbor_write_uint(response, 1);
    cbor_write_text(response, "version_minor");
    cbor_write_uint(response, 2);
    cbor_write_text(response, "version_patch");
    cbor_write_uint(response, 3);
    cbor_write_text(response, "module_id");
    cbor_write_text(response, "i-0123-enc4567");
    cbor_write_text(response, "max_pcrs");
    cbor_write_uint(response, 3);
    cbor_write_text(response, "locked_pcrs");
    cbor_write_array(response, 2);
    cbor_write_uint(response, 0);
    cbor_write_uint(response, 1);
    cbor_write_text(response, "digest");
    cbor_write_text(response, "SHA384");
    cbor_write_text(response, "something new");
    cbor_write_array(response, 1);
    cbor_write_null(response);
}

static void answer_pcr(struct cbor_reader *r, struct buffer *response)
{
    uint8_t value[48];
    struct cbor_container map = cbor_enter_map(r);
    CHECK(cbor_more(r, &map) && bytes_equal(cbor_read_text(r), bytes_of_string("index")));
    const uint64_t index = cbor_read_uint(r, 31);
    memset(value, (int)index, sizeof value);
    cbor_write_map(response, 1);
    cbor_write_text(response, "DescribePCR");
    cbor_write_map(response, 2);
    cbor_write_text(response, "lock");
    cbor_write_bool(response, index < 2);
    cbor_write_text(response, "data");
    cbor_write_bytes(response, bytes_of(value, sizeof value));
}

static bool answer(struct fake_machine *m, struct bytes request, struct buffer *response)
{
    struct module *k = m->nsm_self;
    struct cbor_reader r = cbor_reader_of(request);
    struct error e;
    if (k->answer.data) {
        buffer_append(response, k->answer.data, k->answer.size);
        return true;
    }
    if (cbor_peek(&r) == CBOR_TEXT) {
        CHECK(bytes_equal(cbor_read_text(&r), bytes_of_string("DescribeNSM")));
        answer_describe(response);
    } else {
        struct cbor_container map = cbor_enter_map(&r);
        CHECK(map.left == 1 && cbor_more(&r, &map));
        const struct bytes name = cbor_read_text(&r);
        if (bytes_equal(name, bytes_of_string("Attestation"))) answer_attestation(k, &r, response);
        else answer_pcr(&r, response);
    }
    CHECK(cbor_finish(&r, "request", TEE_CBOR, &e) == STATUS_OK);
    return true;
}

static void module_begin(struct module *k)
{
    static const uint8_t seed[32] = "providers";
    *k = (struct module){0};
    issue_nitro_defaults(&k->issue, seed, &k->nitro);
    machine_begin("nitro");
    machine.nsm = answer;
    machine.nsm_self = k;
}

/* What the provider makes is what the verifier accepts. */
static void test_nitro_good(struct module *k)
{
    static const uint8_t nonce[512] = {3}, key[1024] = {4};
    struct tee_request q = request_of(5);
    struct tee_generated g;
    test_begin("Nitro: documents");
    for (int with = 0; with < 2; with++) {
        if (with) {
            q.nonce = bytes_of(nonce, 32);
            q.public_key = bytes_of(key, 91);
        }
        CHECK(generate_into(&tee_provider_nitro, &q, &g) == TEE_OK && g.platform == TEE_NITRO);
        struct nitro_document d;
        struct error e;
        CHECK(nitro_document_read(bytes_of(g.evidence.data, g.evidence.size), &d, &e) == STATUS_OK);
        struct tee_identity_value value = {.name = "pcr0", .value = d.pcr[0]};
        struct tee_identity identity = {.label = "", .expires = INT64_MAX, .values = &value, .count = 1};
        struct tee_policy policy = {.platform = TEE_NITRO, .identities = &identity, .identity_count = 1,
                                    .max_age = 60, .skew = 60, .allow_simulator = true};
        struct tee_expected expected = {.has_digest = true, .has_nonce = with, .has_public_key = with,
                                        .nonce = q.nonce, .public_key = q.public_key};
        const struct bytes root = issue_nitro_certificate(&k->issue, &k->nitro, NITRO_ROOT);
        struct tee_input in = {.evidence = bytes_of(g.evidence.data, g.evidence.size), .policy = &policy,
                               .expected = &expected, .at = AT, .roots = &root, .root_count = 1, .simulated = true};
        struct tee_verdict v = {0};
        memcpy(expected.digest, q.report_data, 32);
        CHECK(nitro_verify(&in, &v, &e) == STATUS_OK && v.simulated);
        tee_verdict_free(&v);
        expected.digest[31] ^= 1;
        CHECK(nitro_verify(&in, &v, &e) == STATUS_INVALID && e.code == TEE_USER_DATA);
        tee_verdict_free(&v);
        tee_generated_free(&g);
    }
    CHECK(machine.requests == 2 && !machine.layout_wrong);
    q.nonce = bytes_of(nonce, 512);
    q.public_key = bytes_of(key, 1024);
    CHECK(generate_into(&tee_provider_nitro, &q, &g) == TEE_OK);
    tee_generated_free(&g);
    q.nonce.size = 513;
    CHECK(generate_into(&tee_provider_nitro, &q, &g) == TEE_LIMIT);
    q.nonce.size = 0;
    q.public_key.size = 1025;
    CHECK(generate_into(&tee_provider_nitro, &q, &g) == TEE_LIMIT);
    for (k->change = 1; k->change <= 4; k->change++) CHECK_GENERATES(&tee_provider_nitro, TEE_REPORT_DATA);
    k->change = 0;
}

static void check_answer(struct module *k, const char *bytes, size_t size, enum tee_refusal refusal, int line)
{
    k->answer = bytes_of(bytes, size);
    CHECK(generates(&tee_provider_nitro, refusal, line));
    k->answer = (struct bytes){0};
}
#define CHECK_ANSWER(k, text, refusal) check_answer(k, text, sizeof text - 1, refusal, __LINE__)

static void test_nitro_errors(struct module *k)
{
    static const struct {
        const char *name;
        enum tee_refusal refusal;
    } names[] = {
        {"InvalidArgument", TEE_DEVICE}, {"InvalidIndex", TEE_INDEX},      {"InvalidResponse", TEE_DEVICE},
        {"ReadOnlyIndex", TEE_DEVICE},   {"InvalidOperation", TEE_DEVICE}, {"BufferTooSmall", TEE_LIMIT},
        {"InputTooLarge", TEE_LIMIT},    {"InternalError", TEE_DEVICE},    {"Whatever", TEE_FORMAT},
    };
    test_begin("Nitro: what the module answers otherwise");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct buffer b = {0};
        cbor_write_map(&b, 1);
        cbor_write_text(&b, "Error");
        cbor_write_text(&b, names[i].name);
        check_answer(k, (const char *)b.data, b.size, names[i].refusal, __LINE__);
        const struct tee_system s = fake_system(&machine);
        struct error e = {0};
        const struct tee_request q = request_of(0);
        struct tee_generated g;
        k->answer = bytes_of(b.data, b.size);
        CHECK(tee_provider_nitro.generate(&s, &q, &g, &e) == STATUS_INVALID);
        CHECK(names[i].refusal == TEE_FORMAT || strstr(e.message, names[i].name));
        k->answer = (struct bytes){0};
        buffer_free(&b);
    }
    CHECK_ANSWER(k, "\xa1\x65" "Error\x00", TEE_FORMAT);
    CHECK_ANSWER(k, "\xa1\x6b" "DescribeNSM\xa0", TEE_FORMAT);
    CHECK_ANSWER(k, "\xa1\x6b" "Attestation\xa0", TEE_EMPTY);
    CHECK_ANSWER(k, "\xa1\x6b" "Attestation\xa1\x68" "document\x40", TEE_EMPTY);
    CHECK_ANSWER(k, "\xa1\x6b" "Attestation\xa1\x68" "document\x41\x84", TEE_FORMAT);
    CHECK_ANSWER(k, "\xa1\x6b" "Attestation\xa1\x68" "document\xf6", TEE_FORMAT);
    CHECK_ANSWER(k, "\xa1\x6b" "Attestation\xa1\x68" "document\x42\x84", TEE_FORMAT);
    CHECK_ANSWER(k, "\xa2\x6b" "Attestation\xa0\x60\xf6", TEE_FORMAT);
    CHECK_ANSWER(k, "\xa0", TEE_FORMAT);
    CHECK_ANSWER(k, "\x6b" "Attestation", TEE_FORMAT);
    CHECK_ANSWER(k, "\xff", TEE_FORMAT);
    machine.nsm_size = 0x3001; /* more than there was room for */
    CHECK_GENERATES(&tee_provider_nitro, TEE_FORMAT);
    machine.nsm_size = UINT64_MAX;
    CHECK_GENERATES(&tee_provider_nitro, TEE_FORMAT);
    machine.nsm_size = 100; /* cut */
    CHECK_GENERATES(&tee_provider_nitro, TEE_FORMAT);
    machine.nsm_size = 0;
    k->answer = bytes_of("", 0);
    CHECK_GENERATES(&tee_provider_nitro, TEE_EMPTY);
    k->answer = (struct bytes){0};
    CHECK_GENERATES(&tee_provider_nitro, TEE_OK);
}

/* ---- what providers say about themselves ------------------------------------------------------------------------- */

static bool describes(const struct tee_provider *p, const char *line)
{
    const struct tee_system s = fake_system(&machine);
    struct buffer out = {0};
    struct error e = {0};
    const enum status status = p->describe(&s, &out, &e);
    buffer_append_byte(&out, 0);
    const bool ok = status == STATUS_OK && strstr((const char *)out.data, line);
    if (!ok) printf("  %s\n%s\n", e.message, (const char *)out.data);
    CHECK(fake_open_files(&machine) == 0 && machine.folders_made == machine.folders_removed);
    buffer_free(&out);
    return ok;
}

static bool probes(const struct tee_provider *p, const char *detail)
{
    const struct tee_system s = fake_system(&machine);
    struct buffer out = {0};
    const bool there = p->probe(&s, &out);
    buffer_append_byte(&out, 0);
    if (!CHECK(strstr((const char *)out.data, detail) != NULL)) printf("  %s\n", (const char *)out.data);
    CHECK(fake_open_files(&machine) == 0 && machine.folders_made == machine.folders_removed);
    buffer_free(&out);
    return there;
}

static void test_describe(struct module *k)
{
    test_begin("probing and describing");
    module_begin(k);
    CHECK(probes(&tee_provider_nitro, "/dev/nsm"));
    CHECK(describes(&tee_provider_nitro, "module_id: i-0123-enc4567\nversion: 1.2.3\ndigest: SHA384\nmax_pcrs: 3\n"));
    CHECK(describes(&tee_provider_nitro, "pcr1: 0101010101010101010101010101010101010101010101010101010101010101"
                                         "01010101010101010101010101010101 (locked)\npcr2: 02"));
    machine_begin("tdx");
    CHECK(probes(&tee_provider_tdx, "tdx_guest") && !probes(&tee_provider_snp, "tdx_guest"));
    CHECK(describes(&tee_provider_tdx, "mr_td: 0b0b0b")); /* 528 = 11 · 48 */
    CHECK(describes(&tee_provider_tdx, "rtmr2:sha384: ab00"));
    CHECK(!probes(&tee_provider_sgx, "/dev/attestation/attestation_type"));
    CHECK(!probes(&tee_provider_nitro, "ENOENT"));
    machine_begin("snp");
    CHECK(probes(&tee_provider_snp, "sev_guest") && describes(&tee_provider_snp, "measurement: cc00"));
    machine_begin("sev");
    CHECK(probes(&tee_provider_snp, "/dev/sev-guest") && describes(&tee_provider_snp, "version: 03000000"));
    machine_begin("sgx");
    CHECK(probes(&tee_provider_sgx, "dcap") && describes(&tee_provider_sgx, "mrenclave: ee00"));
    machine_begin("none");
    CHECK(!probes(&tee_provider_tdx, "ENOENT") && !probes(&tee_provider_snp, "/dev/sev-guest"));
}

/* ---- the real system --------------------------------------------------------------------------------------------- */

static void write_text(const char *folder, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    CHECK(f && fputs(text, f) >= 0);
    if (f) fclose(f);
}

/* Files below another root; no device answers there. */
static void test_system(void)
{
    char folder[] = "/tmp/nvm-test-XXXXXX";
    char line[DEVICE_LINE];
    uint8_t random[32] = {0}, again[32] = {0};
    struct error e;
    test_begin("the real system, below a root");
    if (!CHECK(mkdtemp(folder) != NULL)) return;
    struct tee_system_root root = {folder};
    const struct tee_system s = tee_system_real(&root);
    write_text(folder, "line", "tdx_guest\n");
    CHECK(device_read_line(&s, "/line", line, &e) == STATUS_OK);
    CHECK_TEXT(line, "tdx_guest");
    CHECK(device_write_file(&s, "/line", bytes_of_string("123456789\n"), &e) == STATUS_OK);
    uint64_t number = 0;
    CHECK(device_read_line(&s, "/line", line, &e) == STATUS_OK); /* written over, not cut */
    CHECK_TEXT(line, "123456789");
    write_text(folder, "line", "77");
    CHECK(device_read_number(&s, "/line", &number, &e) == STATUS_OK && number == 77);
    CHECK(device_read_line(&s, "/none", line, &e) == STATUS_INVALID && e.code == TEE_NO_DEVICE);
    CHECK(strstr(e.message, "/none") && strstr(e.message, "ENOENT"));
    bool exists;
    int error = 0;
    CHECK(device_mkdir(&s, "/d", &exists, &e) == STATUS_OK && !exists);
    CHECK(device_mkdir(&s, "/d", &exists, &e) == STATUS_INVALID && exists);
    CHECK(s.rmdir(s.self, "/d", &error) == 0);
    CHECK(s.rmdir(s.self, "/d", &error) == -1 && error == ENOENT);
    CHECK(s.random(s.self, random, 32) && s.random(s.self, again, 32) && memcmp(random, again, 32) != 0);
    s.sleep_ms(s.self, 1);
    CHECK(!probes(&tee_provider_tdx, "")); /* of the fake machine, still none */
    struct tee_generated g;
    const struct tee_request q = request_of(0);
    const struct tee_provider *const providers[] = {&tee_provider_tdx, &tee_provider_snp, &tee_provider_nitro,
                                                    &tee_provider_sgx};
    for (size_t i = 0; i < 4; i++)
        CHECK(providers[i]->generate(&s, &q, &g, &e) == STATUS_INVALID && e.code == TEE_NO_DEVICE);
    char path[256];
    snprintf(path, sizeof path, "%s/line", folder);
    CHECK(unlink(path) == 0 && rmdir(folder) == 0);
}

static void test_table(void)
{
    static const char *const names[] = {"simulator", "tdx", "snp", "nitro", "sgx"};
    test_begin("the table");
    CHECK_EQUAL(tee_provider_count(), 5);
    CHECK(!tee_provider_at(5));
    for (size_t i = 0; i < 5; i++) {
        const struct tee_provider *p = tee_provider_at(i);
        CHECK_TEXT(p->name, names[i]);
        CHECK(p->summary[0] && p->probe && p->describe && p->generate);
        CHECK(tee_provider_named(bytes_of_string(names[i])) == p);
    }
    CHECK(!tee_provider_named(bytes_of_string("")) && !tee_provider_named(bytes_of("tdx\0", 4)));
    CHECK(!tee_provider_named(bytes_of_string("td")) && !tee_provider_named(bytes_of_string("TDX")));
}

int main(void)
{
    struct module *k = malloc(sizeof *k);
    if (!k) return 1;
    test_table();
    test_tsm_good();
    test_tsm_rows();
    test_tsm_folders();
    module_begin(k);
    test_errors();
    issue_free(&k->issue);
    test_interrupted();
    test_busy();
    test_sev_report();
    test_sev_order();
    test_roots();
    test_sgx();
    module_begin(k);
    test_nitro_good(k);
    test_nitro_errors(k);
    issue_free(&k->issue);
    test_describe(k);
    issue_free(&k->issue);
    machine_begin("none");
    test_system();
    free(k);
    return test_end();
}
