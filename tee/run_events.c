#include "tee/run_events.h"

#include "base/borsh.h"
#include "near/outcome.h"
#include "near/record_reader.h"
#include "tee/event_log.h"

/* ---- the engine -------------------------------------------------------------------------------------------------- */

static const char engine_name[] = "nvm";

enum status tee_measure_engine(struct tee_registers *r, const struct tee_engine *engine, struct error *e)
{
    struct buffer b = {0};
    borsh_write_bytes(&b, bytes_of_string(engine_name));
    borsh_write_bytes(&b, engine->version);
    buffer_append(&b, engine->program, sizeof engine->program);
    borsh_write_u32(&b, engine->protocol_version);
    borsh_write_u8(&b, engine->proof_format);
    const enum status status = b.failed ? error_no_memory(e)
                                        : tee_registers_extend(r, REGISTER_ENGINE, EVENT_ENGINE,
                                                               bytes_of(b.data, b.size), NULL, NULL, e);
    buffer_free(&b);
    return status;
}

enum status tee_engine_read(struct bytes payload, struct tee_engine *out, struct error *e)
{
    struct borsh_reader r = borsh_reader_of(payload);
    *out = (struct tee_engine){0};
    if (!bytes_equal(borsh_read_string(&r), bytes_of_string(engine_name))) borsh_reject(&r, "another engine's name");
    out->version = borsh_read_string(&r);
    const struct bytes program = borsh_read_fixed(&r, sizeof out->program);
    out->protocol_version = borsh_read_u32(&r);
    out->proof_format = borsh_read_u8(&r);
    if (program.size == sizeof out->program) memcpy(out->program, program.data, program.size);
    if (borsh_finish(&r, "the engine's event", e) == STATUS_OK) return STATUS_OK;
    *out = (struct tee_engine){0};
    if (e) e->code = TEE_EVENT_LOG;
    return STATUS_MALFORMED;
}

/* ---- what a run's events are: one after the other ---------------------------------------------------------------- */

/* Takes each event in its order; anything but STATUS_OK ends it. */
struct sink {
    enum status (*event)(void *context, uint32_t index, uint32_t type, struct bytes payload, struct error *e);
    void *context;
};

static enum status give(const struct sink *s, uint32_t index, uint32_t type, struct buffer *payload, struct error *e)
{
    const enum status status = payload->failed
                                   ? error_no_memory(e)
                                   : s->event(s->context, index, type, bytes_of(payload->data, payload->size), e);
    buffer_free(payload);
    return status;
}

static void write_list_hash(const struct bytes *list, uint32_t count, struct buffer *out)
{
    struct buffer encoded = {0};
    borsh_write_u32(&encoded, count);
    for (uint32_t i = 0; i < count; i++) borsh_write_bytes(&encoded, list[i]);
    if (encoded.failed) out->failed = true;
    const struct crypto_hash hash = crypto_hash_of(bytes_of(encoded.data, encoded.size));
    record_write_hash(&hash, out);
    buffer_free(&encoded);
}

static enum status entry_event(const struct execution_proof *p, uint32_t block, const struct sink *s, struct error *e)
{
    const struct proof_block *b = &p->blocks[block];
    struct buffer out = {0};
    borsh_write_bytes(&out, p->chain_id);
    borsh_write_u32(&out, p->shard_index);
    record_write_hash(block ? &p->blocks[block - 1].state_root : &p->old_root, &out);
    borsh_write_u64(&out, b->context.block_height);
    borsh_write_u64(&out, b->context.block_timestamp);
    borsh_write_u64(&out, b->context.epoch_height);
    record_write_hash(&b->context.random_seed, &out);
    borsh_write_u128(&out, b->context.gas_price);
    borsh_write_u64(&out, b->context.gas_limit);
    write_list_hash(b->transactions, b->transaction_count, &out);
    write_list_hash(b->incoming, b->incoming_count, &out);
    return give(s, REGISTER_ENTRY, EVENT_ENTRY, &out, e);
}

enum { EFFECT_OUTCOME = 0, EFFECT_BLOCK = 1 };

/* The leaf needs the outcome as nodes hash it: the error's text is not in it. */
static enum status outcome_event(const struct proof_block *b, uint32_t block, uint32_t i, const struct sink *s,
                                 struct error *e)
{
    struct crypto_hash leaf;
    struct buffer out = {0};
    const enum status status = outcome_leaf(&b->outcomes[i].outcome, &leaf, e);
    if (status != STATUS_OK) return status;
    borsh_write_u8(&out, EFFECT_OUTCOME);
    borsh_write_u32(&out, block);
    record_write_hash(&leaf, &out);
    return give(s, REGISTER_EFFECTS, EVENT_EFFECT, &out, e);
}

static enum status block_events(const struct execution_proof *p, uint32_t block, const struct sink *s, struct error *e)
{
    const struct proof_block *b = &p->blocks[block];
    struct buffer out = {0};
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < b->outcome_count && status == STATUS_OK; i++) status = outcome_event(b, block, i, s, e);
    if (status != STATUS_OK) return status;
    borsh_write_u8(&out, EFFECT_BLOCK);
    borsh_write_u32(&out, block);
    record_write_hash(&b->outcome_root, &out);
    write_list_hash(b->outgoing, b->outgoing_count, &out);
    record_write_hash(&b->state_root, &out);
    return give(s, REGISTER_EFFECTS, EVENT_EFFECT, &out, e);
}

static enum status run_events(const struct execution_proof *p, const struct sink *s, struct error *e)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < p->contract_count && status == STATUS_OK; i++) {
        struct buffer out = {0};
        record_write_hash(&p->contracts[i].hash, &out);
        status = give(s, REGISTER_CODE, EVENT_CODE, &out, e);
    }
    for (uint32_t i = 0; i < p->block_count && status == STATUS_OK; i++) {
        status = entry_event(p, i, s, e);
        if (status == STATUS_OK) status = block_events(p, i, s, e);
    }
    return status;
}

/* ---- measuring --------------------------------------------------------------------------------------------------- */

static enum status extend(void *context, uint32_t index, uint32_t type, struct bytes payload, struct error *e)
{
    return tee_registers_extend(context, index, type, payload, NULL, NULL, e);
}

enum status tee_measure_run(struct tee_registers *r, const struct execution_proof *p, struct error *e)
{
    const struct sink s = {extend, r};
    return run_events(p, &s, e);
}

/* ---- comparing --------------------------------------------------------------------------------------------------- */

static const char *const register_names[] = {"0 (engine)", "1 (code)", "2 (entry)", "3 (effects)"};

/* A reader for each of the registers 1 to 3, each of which passes over the others' events. */
struct comparison {
    struct tee_event_reader readers[REGISTER_EFFECTS + 1];
    uint32_t number[REGISTER_EFFECTS + 1]; /* of the register's events so far */
};

static bool next_of(struct comparison *c, uint32_t index, struct tee_event *out)
{
    while (tee_event_next(&c->readers[index], out))
        if (out->index == index) return true;
    return false;
}

static enum status compare(void *context, uint32_t index, uint32_t type, struct bytes payload, struct error *e)
{
    struct comparison *c = context;
    struct tee_event found;
    const uint32_t number = c->number[index]++;
    if (!next_of(c, index, &found))
        return tee_refuse(e, TEE_EVENT_LOG, "register %s: the log has %u events, the proof's statement has more",
                          register_names[index], (unsigned)number);
    if (found.type == type && bytes_equal(found.payload, payload)) return STATUS_OK;
    return tee_refuse(e, TEE_EVENT_LOG, "register %s: event %u is not the one that follows from the proof's statement",
                      register_names[index], (unsigned)number);
}

static enum status check_engine(struct comparison *c, const struct execution_proof *p, struct error *e)
{
    struct tee_event event;
    struct tee_engine engine;
    if (!next_of(c, REGISTER_ENGINE, &event) || event.type != EVENT_ENGINE)
        return tee_refuse(e, TEE_EVENT_LOG, "register 0 (engine): no event of an engine");
    const enum status status = tee_engine_read(event.payload, &engine, e);
    if (status != STATUS_OK) return status;
    if (engine.protocol_version != p->protocol_version || engine.proof_format != EXECUTION_PROOF_VERSION)
        return tee_refuse(e, TEE_EVENT_LOG, "register 0 (engine): protocol version %u, the proof's is %u",
                          (unsigned)engine.protocol_version, (unsigned)p->protocol_version);
    return STATUS_OK;
}

enum status tee_run_events_check(struct bytes log, const struct execution_proof *p, struct error *e)
{
    struct comparison c = {0};
    struct tee_event more;
    for (uint32_t i = 0; i <= REGISTER_EFFECTS; i++) c.readers[i] = tee_event_reader_of(log);
    enum status status = check_engine(&c, p, e);
    const struct sink s = {compare, &c};
    if (status == STATUS_OK) status = run_events(p, &s, e);
    for (uint32_t i = 0; i <= REGISTER_EFFECTS && status == STATUS_OK; i++)
        if (next_of(&c, i, &more))
            status = tee_refuse(e, TEE_EVENT_LOG, "register %s: an event that the proof's statement does not have",
                                register_names[i]);
    return status;
}
