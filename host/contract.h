/* A prepared contract. Internal to host/. */
#ifndef HOST_CONTRACT_H
#define HOST_CONTRACT_H

#include "host/context.h"

struct contract {
    const struct protocol_parameters *parameters;
    struct fee_schedule schedule;
    struct module *module;             /* null if refused */
    size_t code_size;
    const char *refusal;               /* null, or the kind of error of preparation */
    const char *refusal_message;
    char refusal_text[100];            /* a message that is made */
    struct error why;
    /* What loading ends in when it has been paid; null: nothing. */
    const char *load_error;            /* "LinkError", "LoadingError" */
    char load_message[200];
    const struct import_definition **imports;  /* one for each import of the module */
    uint32_t import_count;
};

/* prepare.c */
void prepare_schedule(const struct protocol_parameters *p, struct fee_schedule *s);
/* rewritten_size.c: what production's rewriting adds to the module to meter it */
enum { ADDED_IMPORTS = 3, ADDED_GLOBALS = 2 };
bool rewriting_adds_imports(const struct module *m);
bool rewriting_adds_globals(const struct module *m);
/* Bytes of the module that production makes of this one to meter it; any number up to `enough` if it
 * is certain that they are not more than that. `stack_height` is the limit's. UINT64_MAX: no memory. */
uint64_t rewritten_size(const struct module *m, uint64_t stack_height, uint64_t enough);
/* second_parse.c: wasmparser's measure of how large the types of a module's imports and exports are together. */
enum { EFFECTIVE_TYPE_SIZE_OF_NOTHING = 1, MOST_EFFECTIVE_TYPE_SIZE = 999999 };
uint64_t effective_type_size(const struct extern_type *t); /* of one import or export */
/* Whether production's engine refuses the rewritten module; `why` gets its words. */
bool second_parse_refuses(const struct module *m, char *why, size_t size);
/* instance_size.c: bytes of the instance that production's engine allocates for this module. */
enum { ENGINE_INSTANCE_BYTES = 1 << 20 }; /* what it has room for */
/* 0: no memory */
uint64_t engine_instance_size(const struct module *m);
/* link.c: finds the imports; sets load_error. */
enum status contract_link(struct contract *c, struct error *e);

#endif
