/* Prepared contracts by the hash of their code. */
#include <stdlib.h>

#include "base/hash.h"
#include "runtime/contract_cache.h"

struct cached_contract {
    struct crypto_hash hash;
    const struct protocol_parameters *parameters;
    struct contract *contract; /* null: the slot is free */
    bool used;                 /* a call has asked for it */
    bool found;                /* and nobody had added it: its code is the state's */
    uint8_t *code;
    size_t code_size;
};

struct contract_cache {
    struct cached_contract *slots; /* open addressing */
    size_t capacity, count;        /* capacity: 0 or a power of two */
    struct hash_key key;
};

struct contract_cache *contract_cache_new(void)
{
    struct contract_cache *c = calloc(1, sizeof *c);
    if (c) c->key = hash_key_new();
    return c;
}

void contract_cache_free(struct contract_cache *c)
{
    if (!c) return;
    for (size_t i = 0; i < c->capacity; i++) {
        contract_free(c->slots[i].contract);
        free(c->slots[i].code);
    }
    free(c->slots);
    free(c);
}

/* The slot of the contract, or the free one where it belongs. There is always a free one. */
static struct cached_contract *find(const struct contract_cache *c, struct cached_contract *slots, size_t capacity,
                                    const struct protocol_parameters *p, const struct crypto_hash *hash)
{
    size_t at = (size_t)hash_bytes(crypto_hash_bytes(hash), &c->key) & (capacity - 1);
    while (slots[at].contract && (slots[at].parameters != p || !crypto_hash_equal(&slots[at].hash, hash)))
        at = (at + 1) & (capacity - 1);
    return &slots[at];
}

const struct contract *contract_cache_get(const struct contract_cache *c, const struct protocol_parameters *p,
                                          const struct crypto_hash *hash)
{
    if (!c->capacity) return NULL;
    struct cached_contract *place = find(c, c->slots, c->capacity, p, hash);
    if (place->contract) place->used = true;
    return place->contract;
}

bool contract_cache_used(const struct contract_cache *c, const struct protocol_parameters *p,
                         const struct crypto_hash *hash)
{
    if (!c->capacity) return false;
    const struct cached_contract *place = find(c, c->slots, c->capacity, p, hash);
    return place->contract && place->used;
}

bool contract_cache_next_found(const struct contract_cache *c, size_t *position, struct crypto_hash *hash,
                               struct bytes *code)
{
    while (*position < c->capacity) {
        const struct cached_contract *place = &c->slots[(*position)++];
        if (!place->contract || !place->found) continue;
        *hash = place->hash;
        *code = bytes_of(place->code, place->code_size);
        return true;
    }
    return false;
}

/* Keeps at least half of the slots free. */
static enum status reserve(struct contract_cache *c, struct error *e)
{
    if (2 * (c->count + 1) <= c->capacity) return STATUS_OK;
    const size_t capacity = c->capacity ? 2 * c->capacity : 16;
    struct cached_contract *slots = calloc(capacity, sizeof *slots);
    if (!slots) return error_no_memory(e);
    for (size_t i = 0; i < c->capacity; i++) {
        const struct cached_contract *old = &c->slots[i];
        if (old->contract) *find(c, slots, capacity, old->parameters, &old->hash) = *old;
    }
    free(c->slots);
    c->slots = slots;
    c->capacity = capacity;
    return STATUS_OK;
}

static enum status keep(struct contract_cache *c, const struct protocol_parameters *p, const struct crypto_hash *hash,
                        struct bytes code, struct cached_contract **out, struct error *e)
{
    const struct contract_options options = {.borrow_bytes = true};
    enum status status = reserve(c, e);
    if (status != STATUS_OK) return status;
    struct cached_contract *place = find(c, c->slots, c->capacity, p, hash);
    if (!place->contract) {
        uint8_t *copy = malloc(code.size ? code.size : 1);
        if (!copy) return error_no_memory(e);
        if (code.size) memcpy(copy, code.data, code.size);
        struct contract *contract;
        status = contract_prepare(p, bytes_of(copy, code.size), &options, &contract, e);
        if (status != STATUS_OK) {
            free(copy);
            return status;
        }
        *place = (struct cached_contract){*hash, p, contract, false, false, copy, code.size};
        c->count++;
    }
    *out = place;
    return STATUS_OK;
}

enum status contract_cache_prepare(struct contract_cache *c, const struct protocol_parameters *p,
                                   const struct crypto_hash *hash, struct bytes code, const struct contract **out,
                                   struct error *e)
{
    struct cached_contract *place;
    enum status status = keep(c, p, hash, code, &place, e);
    if (status != STATUS_OK) return status;
    place->used = place->found = true;
    *out = place->contract;
    return STATUS_OK;
}

enum status contract_cache_add(struct contract_cache *c, const struct protocol_parameters *p, struct bytes code,
                               struct error *e)
{
    const struct crypto_hash hash = crypto_hash_of(code);
    struct cached_contract *place;
    return keep(c, p, &hash, code, &place, e);
}
