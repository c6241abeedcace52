/* Execution proofs. The input is tried as a proof with its digest made anew; and it says which bytes of a good proof
 * are changed, with the digest made anew, too. Whatever is read is the one encoding of what was read, is shown as JSON
 * and is checked; a changed proof that is accepted proves another statement. */
#include "fuzz/choices.h"
#include "tests/test_proof_sample.h"

static void check(bool ok)
{
    if (!ok) abort();
}

static void show(const struct execution_proof *p)
{
    struct buffer json = {0};
    struct error e = {0};
    check(execution_proof_json(p, true, &json, &e) == STATUS_OK && json.size > 0);
    check(utf8_valid(json.data, json.size));
    buffer_free(&json);
}

/* Whether it is accepted, without the attestation. */
static bool verify(struct sample *s, const struct execution_proof *p, struct crypto_hash *statement)
{
    const struct executor executor = script_executor(&s->script);
    const struct full_options options = {.executor = &executor};
    struct full_report report;
    struct error e = {0};
    const enum status status = proof_verify_full(p, &options, &report, &e);
    *statement = report.light.statement;
    if (status == STATUS_OK) return true;
    check(status == STATUS_INVALID && report.light.refusal.code && report.light.refusal.place[0]);
    check(e.code == (int)report.light.refusal.code && e.message[0]);
    return false;
}

/* Tries the bytes as a proof; whether it is accepted. */
static bool try_proof(struct sample *s, struct bytes input, struct crypto_hash *statement)
{
    struct execution_proof p;
    struct buffer again = {0};
    struct error e = {0};
    const enum status status = execution_proof_decode(input, &p, &e);
    if (status != STATUS_OK) {
        check(status == STATUS_MALFORMED && e.code && e.message[0] && e.offset <= input.size);
        return false;
    }
    execution_proof_encode(&p, &again);
    check(bytes_equal(input, bytes_of(again.data, again.size)));
    buffer_free(&again);
    show(&p);
    const bool accepted = verify(s, &p, statement);
    execution_proof_free(&p);
    return accepted;
}

static void try_input(struct sample *s, const uint8_t *data, size_t size)
{
    struct crypto_hash statement;
    uint8_t *own = malloc(size + CRYPTO_HASH_SIZE);
    if (!own) return;
    if (size) memcpy(own, data, size);
    memset(own + size, 0, CRYPTO_HASH_SIZE);
    sample_seal(own, size + CRYPTO_HASH_SIZE);
    try_proof(s, bytes_of(own, size + CRYPTO_HASH_SIZE), &statement);
    free(own);
}

/* Changes, removes or repeats a few bytes. */
static void mutate(struct buffer *b, struct choices *c)
{
    const uint32_t at = choose(c, (uint32_t)(b->size - CRYPTO_HASH_SIZE));
    const uint32_t kind = choose(c, 8), length = 1 + choose(c, 40);
    if (kind < 5) {
        b->data[at] = (uint8_t)choose(c, 256);
    } else if (kind < 6) {
        const size_t rest = b->size - at, cut = length < rest - CRYPTO_HASH_SIZE ? length : rest - CRYPTO_HASH_SIZE;
        memmove(b->data + at, b->data + at + cut, rest - cut);
        b->size -= cut;
    } else if (kind < 7 && buffer_reserve(b, length)) {
        memmove(b->data + at + length, b->data + at, b->size - at);
        b->size += length;
    } else {
        const uint32_t from = choose(c, (uint32_t)(b->size - CRYPTO_HASH_SIZE));
        const size_t most = b->size - CRYPTO_HASH_SIZE - (at > from ? at : from);
        memmove(b->data + at, b->data + from, length < most ? length : most);
    }
}

static void try_changed(struct sample *s, const uint8_t *data, size_t size)
{
    struct buffer good = {0}, bad = {0};
    struct error e = {0};
    struct crypto_hash before, after;
    struct choices c = choices_of(data, size);
    check(sample_prove(s, &good, &e) == STATUS_OK);
    check(try_proof(s, bytes_of(good.data, good.size), &before));
    buffer_append(&bad, good.data, good.size);
    for (uint32_t i = 0, count = 1 + choose(&c, 4); i < count && !bad.failed && bad.size > CRYPTO_HASH_SIZE; i++)
        mutate(&bad, &c);
    if (!bad.failed && bad.size > CRYPTO_HASH_SIZE) {
        sample_seal(bad.data, bad.size);
        const bool same = bytes_equal(bytes_of(good.data, good.size), bytes_of(bad.data, bad.size));
        const bool accepted = try_proof(s, bytes_of(bad.data, bad.size), &after);
        if (same) check(accepted);
        /* The same statement may have another attestation, or none of the code; never another partial state. */
        else if (accepted && crypto_hash_equal(&before, &after)) {
            struct execution_proof p, q;
            check(execution_proof_decode(bytes_of(good.data, good.size), &p, &e) == STATUS_OK);
            check(execution_proof_decode(bytes_of(bad.data, bad.size), &q, &e) == STATUS_OK);
            check(p.row_count == q.row_count);
            for (uint32_t i = 0; i < p.row_count; i++) check(bytes_equal(p.rows[i], q.rows[i]));
            execution_proof_free(&p);
            execution_proof_free(&q);
        }
    }
    buffer_free(&good);
    buffer_free(&bad);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sample s;
    struct error e = {0};
    check(sample_begin(&s, &e) == STATUS_OK);
    try_input(&s, data, size);
    try_changed(&s, data, size);
    sample_free(&s);
    return 0;
}
