#include "host/gas_counter.h"

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t saturating_add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static uint64_t saturating_subtract(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

void gas_counter_init(struct gas_counter *g, const struct protocol_parameters *parameters, uint64_t max_burnt,
                      uint64_t prepaid, bool is_view)
{
    *g = (struct gas_counter){.parameters = parameters, .max_burnt = max_burnt, .is_view = is_view};
    g->prepaid = is_view ? max_burnt : prepaid;
    g->limit = smaller(g->max_burnt, g->prepaid);
}

/* Never burns more than was paid for; what was promised stays used, though no promise is kept. If both limits were
 * crossed, GasLimitExceeded is what is reported. */
static enum host_error run_out(struct gas_counter *g, uint64_t burnt, uint64_t used)
{
    g->burnt = smaller(burnt, smaller(g->prepaid, g->max_burnt));
    g->promised = saturating_subtract(smaller(g->prepaid, used), g->burnt);
    return burnt > g->max_burnt ? HOST_GasLimitExceeded : HOST_GasExceeded;
}

enum host_error gas_burn(struct gas_counter *g, uint64_t gas)
{
    if (gas > UINT64_MAX - g->burnt) return HOST_IntegerOverflow;
    uint64_t burnt = g->burnt + gas;
    /* The sum may wrap, as it does in production: run_out copes with it. */
    if (burnt > g->limit) return run_out(g, burnt, burnt + g->promised);
    g->burnt = burnt;
    return HOST_OK;
}

/* `burn` is burnt, `extra` promised on top of it. */
static enum host_error deduct(struct gas_counter *g, uint64_t burn, uint64_t extra)
{
    if (extra > UINT64_MAX - g->promised || burn > UINT64_MAX - g->burnt) return HOST_IntegerOverflow;
    uint64_t promised = g->promised + extra, burnt = g->burnt + burn;
    if (promised > UINT64_MAX - burnt) return HOST_IntegerOverflow;
    if (burnt > g->max_burnt || burnt + promised > g->prepaid) return run_out(g, burnt, burnt + promised);
    if (extra && !g->is_view) g->limit = smaller(g->max_burnt, g->prepaid - promised);
    g->burnt = burnt;
    g->promised = promised;
    return HOST_OK;
}

/* What a failing charge still burns is in the profile, too. */
static enum host_error pay_ext(struct gas_counter *g, enum ext_cost cost, uint64_t gas)
{
    uint64_t before = g->burnt;
    enum host_error result = gas_burn(g, gas);
    g->profile.ext[cost] = saturating_add(g->profile.ext[cost], saturating_subtract(g->burnt, before));
    return result;
}

enum host_error gas_pay(struct gas_counter *g, enum ext_cost cost)
{
    return pay_ext(g, cost, g->parameters->ext[cost].gas);
}

enum host_error gas_pay_per(struct gas_counter *g, enum ext_cost cost, uint64_t count)
{
    uint64_t unit = g->parameters->ext[cost].gas;
    if (unit && count > UINT64_MAX / unit) return HOST_IntegerOverflow;
    return pay_ext(g, cost, unit * count);
}

enum host_error gas_pay_action(struct gas_counter *g, struct cost burn, uint64_t use, enum action_cost action)
{
    if (use < burn.gas) return HOST_IntegerOverflow;
    uint64_t before = g->burnt;
    enum host_error result = deduct(g, burn.gas, use - burn.gas);
    uint64_t burnt = saturating_subtract(g->burnt, before);
    g->profile.action[action] = saturating_add(g->profile.action[action], burnt);
    /* A charge that fails counts its gas as compute, whatever its compute cost is. */
    uint64_t compute = result == HOST_OK ? burn.compute : burnt;
    if (compute > UINT64_MAX - g->send_compute) return HOST_IntegerOverflow;
    g->send_compute += compute;
    return result;
}

enum host_error gas_prepay(struct gas_counter *g, uint64_t gas)
{
    return deduct(g, 0, gas);
}

uint64_t gas_used(const struct gas_counter *g)
{
    return saturating_add(g->burnt, g->promised);
}

uint64_t gas_remaining(const struct gas_counter *g)
{
    return saturating_subtract(g->prepaid, gas_used(g));
}

/* gas × compute / unit, cut to 64 bits as in production. Where a cost's gas and compute are the same, which is almost
 * everywhere, that is the gas itself. */
static uint64_t compute_of(uint64_t gas, struct cost unit)
{
    if (gas == 0 || unit.gas == 0) return 0;
    if (unit.compute == unit.gas) return gas;
    struct u128 product, quotient = {0}, rest;
    u128_multiply(u128_of(gas), u128_of(unit.compute), &product); /* two numbers of 64 bits always fit */
    u128_divide(product, u128_of(unit.gas), &quotient, &rest);
    return quotient.low;
}

uint64_t gas_counter_finish(struct gas_counter *g)
{
    struct gas_profile *p = &g->profile;
    uint64_t actions = 0, ext = 0, compute = 0;
    for (size_t i = 0; i < ACTION_COST_COUNT; i++) actions = saturating_add(actions, p->action[i]);
    for (size_t i = 0; i < EXT_COST_COUNT; i++) {
        ext = saturating_add(ext, p->ext[i]);
        compute = saturating_add(compute, compute_of(p->ext[i], g->parameters->ext[i]));
    }
    p->wasm = saturating_subtract(saturating_subtract(g->burnt, actions), ext);
    return saturating_add(saturating_add(compute, g->send_compute), p->wasm);
}
