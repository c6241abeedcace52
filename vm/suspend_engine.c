/* Which engine and module a state belongs to. */
#include "crypto/sha2.h"
#include "vm/suspend_state.h"

static void write_schedule(const struct fee_schedule *s, struct buffer *b)
{
    for (size_t i = 0; i < sizeof s->op / sizeof *s->op; i++) borsh_write_u64(b, s->op[i]);
    for (size_t i = 0; i < sizeof s->op_fc / sizeof *s->op_fc; i++) borsh_write_u64(b, s->op_fc[i]);
    borsh_write_u64(b, s->linear_base);
    borsh_write_u64(b, s->linear_unit);
    borsh_write_u64(b, s->frame_unit);
    borsh_write_u32(b, s->frame_bytes);
    borsh_write_u32(b, s->bytes32);
    borsh_write_u32(b, s->bytes64);
}

static void write_range(const struct range *r, struct buffer *b)
{
    borsh_write_u32(b, r->min);
    borsh_write_bool(b, r->has_max);
    borsh_write_u32(b, r->has_max ? r->max : 0);
}

bool state_engine_hash(const struct store *s, const struct module *m, uint8_t out[STATE_HASH_SIZE])
{
    struct buffer b = {0};
    borsh_write_bytes(&b, bytes_of_string("nvm suspended run"));
    borsh_write_u16(&b, STATE_VERSION);
    borsh_write_u32(&b, m->config.features);
    write_schedule(&m->schedule, &b);
    borsh_write_bool(&b, m->config.memory != NULL);
    if (m->config.memory) write_range(m->config.memory, &b);
    borsh_write_u32(&b, s->config.stack_slots);
    borsh_write_u64(&b, s->config.stack_bytes);
    borsh_write_u32(&b, s->config.memory_pages);
    borsh_write_u32(&b, s->config.table_elements);
    const bool ok = !b.failed;
    if (ok) sha256(bytes_of(b.data, b.size), out);
    buffer_free(&b);
    return ok;
}

void state_module_hash(const struct module *m, uint8_t out[STATE_HASH_SIZE])
{
    sha256(m->bytes, out);
}
