/* Simulated SEV-SNP guests. */
#include "tee/issue_snp.h"
#include "tee/simulate.h"

enum { VALUES = 4 };

static struct bytes or_made(struct issue *i, struct bytes ready, const struct issue_certificate *c,
                            const struct issue_key *signer)
{
    return ready.size ? ready : issue_certificate(i, c, signer);
}

static void simulate_report(struct simulation *s, const struct issue_snp *p)
{
    struct issue_snp_report r;
    issue_snp_report_defaults(s->issue, p, 3, false, &r);
    const struct simulated_value values[VALUES] = {
        {"measurement", r.measurement, 48, true},
        {"host_data", r.host_data, 32, true},
        {"id_key_digest", r.id_key_digest, 48, false},
        {"author_key_digest", r.author_key_digest, 48, false},
    };
    simulate_measurements(s, values, VALUES);
    memcpy(r.report_data, s->request->report_data, sizeof r.report_data);
    s->out->evidence = issue_snp_report(s->issue, &r);
    simulate_policy(s, values, VALUES, r.reported_tcb);
}

static void simulate_machine(struct simulation *s, const struct issue_snp_keys *keys)
{
    const struct tee_simulator *simulator = s->simulator;
    struct issue *i = s->issue;
    struct issue_snp p;
    struct issue_snp_table t = {0};
    issue_snp_defaults(i, simulator->seed, keys, SNP_MILAN, s->at, &p);
    s->out->root = or_made(i, simulator->snp_ark, &p.ark_certificate, p.ark_signer);
    issue_snp_table_add(i, &t, SNP_GUID_ARK, s->out->root);
    issue_snp_table_add(i, &t, SNP_GUID_ASK, or_made(i, simulator->snp_ask, &p.ask_certificate, p.ask_signer));
    issue_snp_table_add(i, &t, SNP_GUID_VCEK, or_made(i, simulator->snp_vcek, &p.vcek_certificate, p.vcek_signer));
    issue_snp_table_add(i, &t, SNP_GUID_CRL, issue_snp_crl(i, &p));
    s->out->files[0] = (struct tee_file){"certificates.bin", issue_snp_table(i, &t)};
    s->out->file_count = 1;
    simulate_report(s, &p);
    issue_snp_wipe(&p);
}

void simulate_snp(struct simulation *s)
{
    struct issue_snp_keys made;
    if (s->simulator->snp_keys) {
        simulate_machine(s, s->simulator->snp_keys);
        return;
    }
    issue_snp_keys(s->issue, RSA_SIGN_MAX_BITS, s->simulator->seed, &made);
    if (s->issue->status == STATUS_OK) simulate_machine(s, &made);
    issue_snp_keys_wipe(&made);
}
