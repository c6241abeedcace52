#include "runtime/internal.h"

enum status action_create_account(struct action_context *c, const struct action *a, struct action_result *r,
                                  struct error *e)
{
    (void)a;
    (void)e;
    const struct runtime_parameters *p = &c->state->parameters->runtime;
    const struct account_id *id = &c->receipt->receiver_id, *predecessor = &c->receipt->predecessor_id;
    struct account_id registrar = account_id_of(p->registrar_account_id);
    if (account_id_is_top_level(id)) {
        if (id->length < p->min_allowed_top_level_account_length && !account_id_equal(predecessor, &registrar)) {
            struct action_error *error = action_fail(r, action_error_CreateAccountOnlyByRegistrar);
            error->CreateAccountOnlyByRegistrar.account_id = *id;
            error->CreateAccountOnlyByRegistrar.registrar_account_id = registrar;
            error->CreateAccountOnlyByRegistrar.predecessor_id = *predecessor;
            return STATUS_OK;
        }
    } else if (!account_id_is_sub_account_of(id, predecessor)) {
        struct action_error *error = action_fail(r, action_error_CreateAccountNotAllowed);
        error->CreateAccountNotAllowed.account_id = *id;
        error->CreateAccountNotAllowed.predecessor_id = *predecessor;
        return STATUS_OK;
    }
    c->account_exists = true;
    c->account = (struct account){.form = ACCOUNT_V1, .storage_usage = p->num_bytes_account};
    c->actor_id = *id; /* what follows in the receipt is done by the account itself */
    return STATUS_OK;
}
