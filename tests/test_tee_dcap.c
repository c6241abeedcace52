/* Quotes of real SGX and TDX machines with the collateral that Intel gave for them: accepted and refused when they must
 * be, and never accepted with anything changed. */
#include "tests/dcap_fixture.h"

/* ---- every sample -------------------------------------------------------------------------------------------------- */

#define LATER "2025-07-01T00:00:00Z"

static const struct row {
    const char *quote, *collateral, *from, *until;
    enum tee_refusal refusal;
    enum tee_tcb_status status;
    const char *says;
} rows[] = {
    {"sgx_v3.quote", "sgx_v3.collateral.json", "2025-06-19T10:56:11Z", "2025-07-19T10:01:18Z", TEE_TCB_STATUS,
     TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED,
     "ConfigurationAndSWHardeningNeeded, 2024-03-13T00:00:00Z, INTEL-SA-00289, INTEL-SA-00615"},
    {"tdx_v4.quote", "tdx_v4.collateral.json", "2025-06-19T10:32:27Z", "2025-07-19T10:00:35Z", TEE_OK, TCB_UP_TO_DATE,
     "70 zeros behind it"},
    {"tdx_v4.quote", "tdx_b0c06f_2026.collateral.json", "2026-08-10T00:38:14Z", "2026-09-08T23:45:02Z", TEE_OK,
     TCB_UP_TO_DATE, "evaluation number|19"},
    {"tdx_v4_oldtcb_a.quote", "tdx_v4.collateral.json", "2025-06-19T10:32:27Z", "2025-07-19T10:00:35Z",
     TEE_TCB_NOT_SUPPORTED, TCB_NONE, "below all levels"},
    {"tdx_v4_oldtcb_b.quote", "tdx_v4.collateral.json", "2025-06-19T10:32:27Z", "2025-07-19T10:00:35Z",
     TEE_TCB_NOT_SUPPORTED, TCB_NONE, "below all levels"},
    {"tdx_v4_oldtcb_a.quote", "tdx_b0c06f_2026.collateral.json", "2026-08-10T00:38:14Z", "2026-09-08T23:45:02Z",
     TEE_TCB_NOT_SUPPORTED, TCB_NONE, "OutOfDate, 2024-03-13T00:00:00Z, INTEL-SA-01036, INTEL-SA-01099"},
    {"tdx_v4_oldtcb_b.quote", "tdx_b0c06f_2026.collateral.json", "2026-08-10T00:38:14Z", "2026-09-08T23:45:02Z",
     TEE_TCB_NOT_SUPPORTED, TCB_NONE, "OutOfDate, 2024-03-13T00:00:00Z, INTEL-SA-01036, INTEL-SA-01099"},
    {"tdx_v4_20a06f.quote", "tdx_v4_20a06f.collateral.json", "2025-09-02T07:41:59Z", "2025-10-02T07:03:51Z", TEE_OK,
     TCB_UP_TO_DATE, "FMSPC|20a06f000000"},
    {"tdx_v4_20a06f.quote", "tdx_20a06f_2026.collateral.json", "2026-06-07T06:11:19Z", "2026-07-07T05:22:16Z", TEE_OK,
     TCB_UP_TO_DATE, "FMSPC|20a06f000000"},
    {"tdx_v5_outdated.quote", "tdx_v5_90c06f.collateral.json", "2026-02-18T10:58:51Z", "2026-03-20T10:41:15Z",
     TEE_TCB_NOT_SUPPORTED, TCB_NONE, "version 5 of tdx"},
    {"tdx_v5_ok.quote", "tdx_v5_90c06f.collateral.json", "2026-02-18T10:58:51Z", "2026-03-20T10:41:15Z", TEE_OK,
     TCB_UP_TO_DATE, "version 5 of tdx"},
    {"tdx_v4_dstack.quote", "tdx_v5_90c06f.collateral.json", "2026-02-18T10:58:51Z", "2026-03-20T10:41:15Z", TEE_OK,
     TCB_UP_TO_DATE, "version 4 of tdx"},
};
enum { ROWS = sizeof rows / sizeof *rows };

static bool is_expiry(enum tee_refusal r)
{
    return r == TEE_EXPIRED_TCB_INFO || r == TEE_EXPIRED_QE_ID || r == TEE_EXPIRED_ROOT_CRL || r == TEE_EXPIRED_PCK_CRL;
}

/* At both ends of the window, and a second outside of it. */
static void try_row(struct arena *a, const struct row *row)
{
    struct fixture f;
    const int64_t from = fixture_time(row->from), until = fixture_time(row->until);
    fixture_begin(&f, tee_sample(a, row->quote), from);
    fixture_file(&f, row->collateral, tee_sample(a, row->collateral));
    for (int i = 0; i < 2; i++) {
        f.at = i ? until : from;
        fixture_expect(&f, row->refusal, row->quote);
        CHECK_EQUAL(f.tcb_status, row->status);
        if (!CHECK(fixture_says(&f, row->says))) printf("%s", f.lines);
        if (f.status == STATUS_OK) CHECK_EQUAL(f.valid_until, until);
        f.at = i ? until + 1 : from - 1;
        CHECK(is_expiry(fixture_verify(&f)));
        if (!is_expiry(f.refusal)) printf("%s: %s\n", row->quote, f.error.message);
    }
}

static void test_rows(struct arena *a)
{
    test_begin("every quote with its collateral, when it holds and when not");
    for (size_t i = 0; i < ROWS; i++) try_row(a, &rows[i]);
}

int main(void)
{
    struct arena arena = {0};
    if (tee_samples_there("quotes of real machines")) test_rows(&arena);
    arena_free(&arena);
    return test_end();
}
