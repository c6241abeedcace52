/* Scenarios as they are read. */
#include <stdlib.h>

#include "base/array.h"
#include "base/base64.h"
#include "base/hex.h"
#include "documents/scenario.h"
#include "near/transaction.h"

/* What trie/ or near/ says of a part of the scenario. */
static enum status fail(const char *what, enum status status, struct error *e)
{
    struct error inner = e ? *e : (struct error){0};
    if (status == STATUS_NO_MEMORY) return error_no_memory(e);
    return error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET, "'%s' of the scenario: %.150s", what, inner.message);
}

static enum status malformed(const char *what, struct error *e)
{
    return error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET, "'%s' of the scenario cannot be read", what);
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

struct json *scenario_member(struct json *json, const char *name)
{
    return json_get(json, name);
}

/* "" for what is no string. */
static const char *text(struct json *json)
{
    return json_chars(json);
}

static uint64_t number(struct json *json, const char *name)
{
    return json_number(scenario_member(json, name));
}

static bool balance(struct json *json, struct u128 *out)
{
    if (!json_is(json, JSON_INTEGER)) return u128_parse(json_string_bytes(json), out);
    *out = u128_of(json_number(json));
    return !json->negative;
}

static bool account(const char *id, struct account_id *out)
{
    return account_id_parse(bytes_of_string(id), out, NULL);
}

/* Bytes from hexadecimal digits or base64, in the arena; data is null if there is no memory or the text is wrong. */
static struct bytes decoded(struct json *json, bool (*decode)(struct bytes, struct buffer *),
                            struct arena *arena)
{
    struct buffer b = {0};
    uint8_t *copy = NULL;
    if (json && decode(bytes_of_string(text(json)), &b) && (copy = arena_alloc(arena, b.size)))
        if (b.size) memcpy(copy, b.data, b.size);
    const struct bytes out = {copy, copy ? b.size : 0};
    buffer_free(&b);
    return out;
}

static bool hash(struct json *json, const char *name, struct crypto_hash *out)
{
    struct buffer b = {0};
    const bool ok = hex_decode(bytes_of_string(text(scenario_member(json, name))), &b) && b.size == sizeof out->bytes;
    if (ok) memcpy(out->bytes, b.data, b.size);
    buffer_free(&b);
    return ok;
}

static uint32_t length(struct json *array)
{
    return json_is(array, JSON_ARRAY) ? (uint32_t)json_length(array) : 0;
}

/* Null if there is no array, or no such element. */
static struct json *element(struct json *array, size_t index)
{
    return json_is(array, JSON_ARRAY) ? json_at(array, index) : NULL;
}

/* An object of account ids and amounts, in the order of the object. */
static bool balances(struct json *json, struct arena *arena, const struct account_balance **out,
                     uint32_t *count)
{
    if (!json_is(json, JSON_OBJECT)) return false;
    struct account_balance *list = arena_array(arena, (size_t)json_length(json), sizeof *list);
    uint32_t at = 0;
    if (!list) return false;
    for (; at < json_length(json); at++) {
        if (!account(json_name_at(json, at), &list[at].account_id) || !balance(json_at(json, at), &list[at].amount))
            return false;
    }
    *out = list;
    *count = at;
    return true;
}

/* ---- the scenario ------------------------------------------------------------------------------------------------ */

static bool read_layout(struct scenario *s)
{
    struct json *ids = scenario_member(s->json, "shard_ids");
    struct json *boundaries = scenario_member(s->json, "boundary_accounts");
    s->multi = ids != NULL;
    s->layout.shard_count = s->multi ? length(ids) : 1;
    if (!s->layout.shard_count || (s->multi && length(boundaries) != s->layout.shard_count - 1)) return false;
    uint64_t *shard_ids = arena_array(&s->arena, s->layout.shard_count, sizeof *shard_ids);
    struct account_id *accounts = arena_array(&s->arena, s->layout.shard_count, sizeof *accounts);
    s->shards = arena_array(&s->arena, s->layout.shard_count, sizeof *s->shards);
    if (!shard_ids || !accounts || !s->shards) return false;
    for (uint32_t i = 0; i < length(ids); i++)
        shard_ids[i] = json_number(element(ids, i));
    for (uint32_t i = 0; i < length(boundaries); i++)
        if (!account(text(element(boundaries, i)), &accounts[i])) return false;
    s->layout.shard_ids = shard_ids;
    s->layout.boundary_accounts = accounts;
    return true;
}

static struct json *of_shard(const struct scenario *s, const char *name, uint32_t shard)
{
    struct json *json = scenario_member(s->json, name);
    return s->multi ? element(json, shard) : json;
}

static enum status build_trie(struct scenario *s, uint32_t shard, struct error *e)
{
    struct json *state = of_shard(s, "genesis_state", shard);
    struct trie_change *changes = arena_array(&s->arena, length(state), sizeof *changes);
    const struct trie empty = {.store = &s->shards[shard].store};
    if (!changes) return error_no_memory(e);
    if (!json_is(state, JSON_ARRAY)) return malformed("genesis_state", e);
    for (uint32_t i = 0; i < length(state); i++) {
        struct json *pair = element(state, i);
        changes[i].key = decoded(element(pair, 0), hex_decode, &s->arena);
        changes[i].value = decoded(element(pair, 1), hex_decode, &s->arena);
        if (!changes[i].key.data || !changes[i].value.data) return malformed("genesis_state", e);
    }
    enum status status = trie_apply(&empty, changes, length(state), &s->shards[shard].root, NULL, e);
    return status == STATUS_OK ? status : fail("genesis_state", status, e);
}

const char *scenario_first_root(const struct scenario *s, uint32_t shard)
{
    return text(of_shard(s, "genesis_root", shard));
}

static enum status read_head(struct scenario *s, struct error *e)
{
    s->version = (uint32_t)number(s->json, "protocol_version");
    s->parameters = parameters_of(s->version);
    s->chain_id = bytes_of_string(text(scenario_member(s->json, "chain_id")));
    s->name = text(scenario_member(s->json, "name"));
    s->block_count = length(scenario_member(s->json, "blocks"));
    if (!s->parameters)
        return error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET, "nothing is known of protocol version %lu",
                         (unsigned long)s->version);
    if (!read_layout(s)) return malformed("shard_ids", e);
    if (!balances(scenario_member(s->json, "validators"), &s->arena, &s->validators, &s->validator_count))
        return malformed("validators", e);
    if (!balance(scenario_member(s->json, "minimum_stake"), &s->minimum_stake)) return malformed("minimum_stake", e);
    return STATUS_OK;
}

bool scenario_is_one(struct json *json)
{
    return scenario_member(json, "genesis_state") &&
           json_is(scenario_member(json, "blocks"), JSON_ARRAY);
}

enum status scenario_read(struct json *json, struct scenario *s, struct error *e)
{
    *s = (struct scenario){.json = json, .name = ""};
    if (!scenario_is_one(json))
        return error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET, "no scenario ('genesis_state', 'blocks')");
    s->contracts = contract_cache_new();
    if (!s->contracts) return error_no_memory(e);
    enum status status = read_head(s, e);
    for (uint32_t i = 0; status == STATUS_OK && i < s->layout.shard_count; i++) status = build_trie(s, i, e);
    return status;
}

void scenario_free(struct scenario *s)
{
    for (uint32_t i = 0; s->shards && i < s->layout.shard_count; i++) {
        trie_store_free(&s->shards[i].store);
        free(s->shards[i].incoming);
    }
    contract_cache_free(s->contracts);
    arena_free(&s->arena);
}

bool scenario_add_receipt(struct scenario *s, uint32_t shard, struct bytes receipt)
{
    struct scenario_shard *to = &s->shards[shard];
    if (!array_grow(&to->incoming, to->incoming_count, &to->incoming_capacity, sizeof *to->incoming)) return false;
    to->incoming[to->incoming_count++] = receipt;
    return true;
}

struct json *scenario_for_shard(const struct scenario *s, struct json *list, size_t block,
                                       uint32_t shard)
{
    struct json *entry = element(list, block);
    if (s->multi) entry = element(entry, shard);
    return json_is(entry, JSON_OBJECT) ? entry : NULL;
}

/* ---- chunks ------------------------------------------------------------------------------------------------------ */

/* {"V1":{...}}, as serde writes it. */
static bool read_congestion_info(struct json *json, struct congestion_info *out)
{
    struct json *v1 = scenario_member(json, "V1");
    out->receipt_bytes = number(v1, "receipt_bytes");
    out->allowed_shard = (uint16_t)number(v1, "allowed_shard");
    return balance(scenario_member(v1, "delayed_receipts_gas"), &out->delayed_receipts_gas) &&
           balance(scenario_member(v1, "buffered_receipts_gas"), &out->buffered_receipts_gas);
}

static bool read_congestion(struct scenario *s, struct json *block, struct arena *arena,
                            struct chunk *out)
{
    struct json *in = scenario_member(block, "congestion_info_in");
    const uint32_t count = s->multi ? length(in) : 1;
    struct shard_congestion *list = arena_array(arena, count, sizeof *list);
    for (uint32_t i = 0; list && i < count; i++) {
        struct json *entry = s->multi ? element(in, i) : in;
        list[i].shard_id = s->multi ? number(entry, "shard_id") : s->layout.shard_ids[0];
        list[i].missed_chunks = s->multi ? number(entry, "missed_chunks") : number(block, "missed_chunks_in");
        if (!read_congestion_info(s->multi ? scenario_member(entry, "info") : in, &list[i].info)) return false;
    }
    out->congestion = list;
    out->congestion_count = count;
    return list != NULL;
}

static bool read_bandwidth(struct json *block, struct arena *arena, struct chunk *out)
{
    struct json *in = scenario_member(block, "bandwidth_requests_in");
    struct shard_bandwidth_requests *list = arena_array(arena, length(in), sizeof *list);
    for (uint32_t i = 0; list && i < length(in); i++) {
        struct json *pair = element(in, i);
        const struct bytes borsh = decoded(element(pair, 1), hex_decode, arena);
        list[i].shard_id = json_number(element(pair, 0));
        if (!borsh.data || bandwidth_requests_from_borsh(borsh, arena, &list[i].requests, NULL) != STATUS_OK)
            return false;
    }
    out->bandwidth_requests = list;
    out->bandwidth_request_count = length(in);
    return list != NULL;
}

static bool read_validator_update(struct json *block, struct arena *arena, struct chunk *out)
{
    struct json *in = scenario_member(block, "validator_accounts_update");
    if (!in) return true;
    struct validator_accounts_update *u = arena_alloc(arena, sizeof *u);
    if (!u) return false;
    const char *treasury = text(scenario_member(in, "protocol_treasury_account_id"));
    u->has_treasury = *treasury != 0;
    out->validator_update = u;
    return (!u->has_treasury || account(treasury, &u->treasury)) &&
           balances(scenario_member(in, "stake_info"), arena, &u->stake_info, &u->stake_info_count) &&
           balances(scenario_member(in, "validator_rewards"), arena, &u->rewards, &u->reward_count) &&
           balances(scenario_member(in, "last_proposals"), arena, &u->last_proposals, &u->last_proposal_count);
}

static enum status read_transactions(struct json *block, struct arena *arena, struct chunk *out,
                                     struct error *e)
{
    struct json *in = scenario_member(block, "transactions");
    struct json *in_period = scenario_member(block, "tx_valid_period");
    struct signed_transaction *list = arena_array(arena, length(in), sizeof *list);
    bool *valid = arena_array(arena, length(in), sizeof *valid);
    if (!list || !valid) return error_no_memory(e);
    if (length(in_period) != length(in)) return malformed("tx_valid_period", e);
    for (uint32_t i = 0; i < length(in); i++) {
        const struct bytes borsh = decoded(element(in, i), base64_decode, arena);
        valid[i] = json_truth(element(in_period, i));
        const enum status status = signed_transaction_from_borsh(borsh, arena, &list[i], e);
        if (status != STATUS_OK) return fail("transactions", status, e);
    }
    out->transactions = list;
    out->transaction_in_period = valid;
    out->transaction_count = length(in);
    return STATUS_OK;
}

static enum status read_incoming(struct scenario *s, uint32_t shard, struct arena *arena, struct chunk *out,
                                 struct error *e)
{
    const struct scenario_shard *from = &s->shards[shard];
    struct receipt *list = arena_array(arena, from->incoming_count, sizeof *list);
    if (!list) return error_no_memory(e);
    for (uint32_t i = 0; i < from->incoming_count; i++) {
        const enum status status = receipt_from_borsh(from->incoming[i], arena, &list[i], e);
        if (status != STATUS_OK) return fail("receipts", status, e);
    }
    out->incoming = list;
    out->incoming_count = from->incoming_count;
    return STATUS_OK;
}

enum status scenario_read_chunk(struct scenario *s, struct json *block, uint32_t shard, struct arena *arena,
                                struct chunk *out, struct error *e)
{
    *out = (struct chunk){
        .parameters = s->parameters,
        .protocol_version = s->version,
        .chain_id = s->chain_id,
        .shards = s->layout,
        .shard_index = shard,
        .block_height = number(block, "height"),
        .block_timestamp = number(block, "timestamp"),
        .epoch_height = number(block, "epoch_height"),
        .gas_limit = number(block, "gas_limit"),
        .is_new_chunk = json_truth(scenario_member(block, "is_new_chunk")),
        .validators = s->validators,
        .validator_count = s->validator_count,
        .minimum_stake = s->minimum_stake,
    };
    if (!hash(block, "prev_block_hash_hex", &out->prev_block_hash)) return malformed("prev_block_hash_hex", e);
    if (!hash(block, "random_seed_hex", &out->random_seed)) return malformed("random_seed_hex", e);
    if (!balance(scenario_member(block, "gas_price"), &out->gas_price)) return malformed("gas_price", e);
    if (!read_congestion(s, block, arena, out)) return malformed("congestion_info_in", e);
    if (!read_bandwidth(block, arena, out)) return malformed("bandwidth_requests_in", e);
    if (!read_validator_update(block, arena, out)) return malformed("validator_accounts_update", e);
    enum status status = read_transactions(block, arena, out, e);
    return status == STATUS_OK ? read_incoming(s, shard, arena, out, e) : status;
}
