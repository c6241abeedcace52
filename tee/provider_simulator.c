/* The provider that is there on every machine, and proves nothing: TDX quotes under the simulator's root. */
#include <time.h>

#include "tee/seal.h"
#include "tee/simulator.h"

static bool simulator_probe(const struct tee_system *s, struct buffer *detail)
{
    (void)s;
    buffer_append_string(detail, "always here; its evidence proves nothing");
    return true;
}

static enum status simulator_describe(const struct tee_system *s, struct buffer *out, struct error *e)
{
    const struct bytes *roots;
    (void)s;
    buffer_append_string(out, "platform: tdx (simulated)\nevidence: TDX quote, version 4, with collateral\nroot: ");
    for (uint32_t k = 0, count = tee_simulator_roots(TEE_TDX, &roots); k < count; k++)
        buffer_printf(out, "%s%zu bytes of DER, organisation \"nvm simulator\"", k ? ", " : "", roots[k].size);
    buffer_append_string(out, "\nseed: a public constant: whoever wants can sign what he wants\n");
    return out->failed ? error_no_memory(e) : STATUS_OK;
}

static enum status simulator_generate(const struct tee_system *s, const struct tee_request *q,
                                      struct tee_generated *out, struct error *e)
{
    struct tee_simulator simulator;
    struct tee_simulated made;
    (void)s;
    tee_simulator_init(&simulator, TEE_TDX);
    const enum status status = tee_simulate(&simulator, (int64_t)time(NULL), q, NULL, 0, &made, e);
    if (status != STATUS_OK) return status;
    struct tee_generated result = {.platform = TEE_TDX, .simulated = true};
    buffer_append(&result.evidence, made.evidence.data, made.evidence.size);
    buffer_append(&result.auxiliary, made.files[0].data.data, made.files[0].data.size);
    tee_simulated_free(&made);
    if (result.evidence.failed || result.auxiliary.failed) {
        tee_generated_free(&result);
        return error_no_memory(e);
    }
    *out = result;
    return STATUS_OK;
}

static enum status simulator_derive_root(const struct tee_system *s, uint8_t out[32], struct error *e)
{
    struct tee_root root;
    (void)s;
    (void)e;
    tee_root_simulator(&root);
    memcpy(out, root.secret, sizeof root.secret);
    return STATUS_OK;
}

const struct tee_provider tee_provider_simulator = {
    .name = "simulator",
    .summary = "TDX quotes under a root of our own, for tests: they prove nothing",
    .probe = simulator_probe,
    .describe = simulator_describe,
    .generate = simulator_generate,
    .derive_root = simulator_derive_root,
};
