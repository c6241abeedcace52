/* nvm params: what its files share. */
#ifndef CLI_PARAMS_H
#define CLI_PARAMS_H

#include "cli/cli.h"
#include "near/parameters.h"

/* Names of the protocol's own. */
const char *vm_kind_name(enum vm_kind kind);
const char *storage_get_mode_name(enum storage_get_mode mode);

/* All of them print to standard output; `old` and `new` are asked-for versions, each with its parameters. False: nothing
 * could be written, or there is no memory. */
struct version_parameters {
    uint32_t version;
    const struct protocol_parameters *parameters;
};

bool params_text(struct version_parameters v);
bool params_diff_text(struct version_parameters old, struct version_parameters new);
bool params_json(struct version_parameters v);
bool params_diff_json(struct version_parameters old, struct version_parameters new);

#endif
