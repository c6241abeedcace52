#include "tee/provider.h"

static const struct tee_provider *const providers[] = {
    &tee_provider_simulator, &tee_provider_tdx, &tee_provider_snp, &tee_provider_nitro, &tee_provider_sgx,
};

size_t tee_provider_count(void)
{
    return sizeof providers / sizeof *providers;
}

const struct tee_provider *tee_provider_at(size_t i)
{
    return i < tee_provider_count() ? providers[i] : NULL;
}

const struct tee_provider *tee_provider_named(struct bytes name)
{
    for (size_t i = 0; i < tee_provider_count(); i++)
        if (bytes_equal(name, bytes_of_string(providers[i]->name))) return providers[i];
    return NULL;
}
