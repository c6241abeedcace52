/* Execution proofs when there is no memory: the k-th allocation fails, for every k; once alone and once with all after
 * it. Whatever is refused for that is refused as that, and nothing is left behind. */
#include "tests/failing_alloc.h"
#include "tests/test_proof_sample.h"
#include "tests/test.h"

struct world {
    struct sample sample;
    struct buffer bytes;
};

/* Each does one thing with a good proof. */
static enum status make(struct world *w, struct error *e)
{
    struct buffer out = {0};
    enum status status = sample_prove(&w->sample, &out, e);
    if (status == STATUS_OK && !bytes_equal(bytes_of(out.data, out.size), bytes_of(w->bytes.data, w->bytes.size)))
        status = error_set(e, STATUS_INVALID, 0, 0, "another proof");
    buffer_free(&out);
    return status;
}

static enum status decode(struct world *w, struct execution_proof *p, struct error *e)
{
    return execution_proof_decode(bytes_of(w->bytes.data, w->bytes.size), p, e);
}

static enum status read_and_encode(struct world *w, struct error *e)
{
    struct execution_proof p;
    struct buffer out = {0};
    enum status status = decode(w, &p, e);
    if (status != STATUS_OK) return status;
    execution_proof_encode(&p, &out);
    if (out.failed) status = error_no_memory(e);
    buffer_free(&out);
    execution_proof_free(&p);
    return status;
}

static enum status view(struct world *w, struct error *e)
{
    struct execution_proof p;
    struct buffer out = {0};
    enum status status = decode(w, &p, e);
    if (status != STATUS_OK) return status;
    status = execution_proof_json(&p, true, &out, e);
    buffer_free(&out);
    execution_proof_free(&p);
    return status;
}

static enum status verify(struct world *w, bool light, struct error *e)
{
    struct execution_proof p;
    struct full_report report;
    enum status status = decode(w, &p, e);
    if (status != STATUS_OK) return status;
    status = sample_verify(&w->sample, &p, light, &report, e);
    if (status == STATUS_OK && !report.light.attested) status = error_set(e, STATUS_INVALID, 0, 0, "not attested");
    execution_proof_free(&p);
    return status;
}

static enum status verify_light(struct world *w, struct error *e)
{
    return verify(w, true, e);
}
static enum status verify_full(struct world *w, struct error *e)
{
    return verify(w, false, e);
}

static void run(struct world *w, const char *name, enum status (*do_it)(struct world *, struct error *))
{
    test_begin(name);
    for (int mode = 0; mode < 2; mode++) {
        long k = 0;
        for (;; k++) {
            struct error e = {0};
            sticky = mode;
            failed = false;
            countdown = k;
            const enum status status = do_it(w, &e);
            countdown = -1;
            if (!failed) {
                CHECK_EQUAL(status, STATUS_OK);
                break;
            }
            if (status != STATUS_NO_MEMORY || e.status != STATUS_NO_MEMORY) {
                CHECK_EQUAL(status, STATUS_NO_MEMORY);
                printf("allocation %ld: %s\n", k, e.message);
            }
        }
        printf("  %ld allocations\n", k);
        CHECK(k > 3);
    }
}

int main(void)
{
    struct world w = {0};
    struct error e = {0};
    test_begin("a proof");
    if (CHECK_EQUAL(sample_begin(&w.sample, &e), STATUS_OK) &&
        CHECK_EQUAL(sample_prove(&w.sample, &w.bytes, &e), STATUS_OK)) {
        run(&w, "making it", make);
        run(&w, "reading and encoding", read_and_encode);
        run(&w, "JSON", view);
        run(&w, "light verification", verify_light);
        run(&w, "full verification", verify_full);
    }
    buffer_free(&w.bytes);
    sample_free(&w.sample);
    return test_end();
}
