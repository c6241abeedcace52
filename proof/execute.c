#include "proof/execute.h"

static enum status add_code(void *context, const struct crypto_hash *hash, struct bytes code, struct error *e)
{
    struct runtime_executor *x = context;
    (void)hash; /* it is that of the code: the witness was checked before */
    return contract_cache_add(x->contracts, x->parameters, code, e);
}

static enum status apply(void *context, const struct chunk *chunk, const struct trie *state, struct chunk_result *out,
                         struct error *e)
{
    struct runtime_executor *x = context;
    return apply_chunk(chunk, state, x->contracts, out, e);
}

static void release(void *context, struct chunk_result *result)
{
    (void)context;
    chunk_result_free(result);
}

static bool has_run(void *context, const struct crypto_hash *hash)
{
    struct runtime_executor *x = context;
    return contract_cache_used(x->contracts, x->parameters, hash);
}

static bool next_found(void *context, size_t *position, struct crypto_hash *hash)
{
    const struct runtime_executor *x = context;
    struct bytes code;
    return contract_cache_next_found(x->contracts, position, hash, &code);
}

enum status runtime_executor_init(struct runtime_executor *x, uint32_t protocol_version, struct error *e)
{
    *x = (struct runtime_executor){
        .executor = {.context = x, .add_code = add_code, .apply = apply, .release = release, .has_run = has_run,
                     .next_found = next_found},
        .parameters = parameters_of(protocol_version),
    };
    if (!x->parameters)
        return error_set(e, STATUS_INVALID, 0, ERROR_NO_OFFSET, "nothing is known of protocol version %u",
                         protocol_version);
    x->contracts = contract_cache_new();
    return x->contracts ? STATUS_OK : error_no_memory(e);
}

void runtime_executor_free(struct runtime_executor *x)
{
    contract_cache_free(x->contracts);
    x->contracts = NULL;
}
