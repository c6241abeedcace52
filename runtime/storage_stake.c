/* What accounts must hold for the storage that they use. Source: nearcore, runtime/runtime/src/verifier.rs; NEP-448. */
#include "runtime/internal.h"

/* Accounts that use no more than this pay nothing for it. */
enum { ZERO_BALANCE_ACCOUNT_STORAGE = 770 };

enum status storage_stake_missing(const struct protocol_parameters *p, const struct account *a, bool *lacks,
                                  struct u128 *missing, struct error *e)
{
    struct u128 required, available;
    if (!u128_multiply(p->runtime.storage_amount_per_byte, u128_of(a->storage_usage), &required) ||
        !u128_add(a->amount, a->locked, &available))
        return integer_overflow(e, "storage stake of an account");
    *lacks = false;
    if (!u128_less(available, required) || a->storage_usage <= ZERO_BALANCE_ACCOUNT_STORAGE) return STATUS_OK;
    *lacks = u128_subtract(required, available, missing);
    return STATUS_OK;
}
