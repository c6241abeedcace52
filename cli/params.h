/* nvm params: what its files share. */
#ifndef CLI_PARAMS_H
#define CLI_PARAMS_H

#include "cli/cli.h"
#include "near/parameters.h"

/* Names of the protocol's own. */
const char *vm_kind_name(enum vm_kind kind);
const char *storage_get_mode_name(enum storage_get_mode mode);

/* A version that was asked for and the parameters in force there. */
struct version_parameters {
    uint32_t version;
    const struct protocol_parameters *parameters;
};

/* All of them print to standard output. False: that could not be written, or there is no memory. */
bool params_text(struct version_parameters v);
bool params_diff_text(struct version_parameters old, struct version_parameters new);
bool params_json(struct version_parameters v);
bool params_diff_json(struct version_parameters old, struct version_parameters new);

#endif
