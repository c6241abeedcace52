/* Simulated SGX and TDX machines. */
#include "tee/issue_intel.h"
#include "tee/simulate.h"

enum { TDX_VALUES = 8, SGX_VALUES = 4 };

static void tdx_values(struct issue_td_report *td, struct simulated_value out[TDX_VALUES])
{
    const struct simulated_value values[TDX_VALUES] = {
        {"mr_td", td->mr_td, 48, true},
        {"rtmr0", td->rtmr[0], 48, true},
        {"rtmr1", td->rtmr[1], 48, true},
        {"rtmr2", td->rtmr[2], 48, true},
        {"rtmr3", td->rtmr[3], 48, true},
        {"mr_config_id", td->mr_config_id, 48, false},
        {"mr_owner", td->mr_owner, 48, false},
        {"mr_owner_config", td->mr_owner_config, 48, false},
    };
    memcpy(out, values, sizeof values);
}

static void sgx_values(struct issue_enclave_report *sgx, struct simulated_value out[SGX_VALUES])
{
    const struct simulated_value values[SGX_VALUES] = {
        {"mrenclave", sgx->mrenclave, 32, true},
        {"mrsigner", sgx->mrsigner, 32, true},
        {"isv_prod_id", &sgx->isv_prod_id, 0, true},
        {"isv_svn_min", &sgx->isv_svn, 0, true},
    };
    memcpy(out, values, sizeof values);
}

static void simulate_quote(struct simulation *s, const struct issue_intel *p)
{
    struct simulated_value values[TDX_VALUES];
    struct issue_quote q;
    const bool tdx = p->platform == TEE_TDX;
    const size_t count = tdx ? TDX_VALUES : SGX_VALUES;
    issue_quote_defaults(s->issue, p, tdx ? 4 : 3, &q);
    if (tdx) tdx_values(&q.td, values);
    else sgx_values(&q.sgx, values);
    simulate_measurements(s, values, count);
    memcpy(tdx ? q.td.report_data : q.sgx.report_data, s->request->report_data, 64);
    s->out->evidence = issue_quote(s->issue, p, &q);
    simulate_policy(s, values, count, NULL);
}

void simulate_intel(struct simulation *s)
{
    struct issue_intel p;
    struct issue_collateral c;
    issue_intel_defaults(s->issue, s->simulator->seed, s->simulator->platform, s->at, &p);
    s->out->root = issue_certificate(s->issue, &p.root_certificate, p.root_signer);
    simulate_quote(s, &p);
    issue_intel_collateral(s->issue, &p, &c);
    s->out->files[0] = (struct tee_file){"collateral.json", issue_collateral_json(s->issue, &c)};
    s->out->file_count = 1;
    issue_intel_wipe(&p);
}
