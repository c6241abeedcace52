/* api/: the public interface (include/nvm.h) over vm/vm.h. This header is internal to it.
 *
 * Functions, memories, tables and globals are the engine's own objects under another name; modules, stores and
 * instances carry something of their own. */
#ifndef API_API_H
#define API_API_H

#include "include/nvm.h"
#include "vm/vm.h"

struct nvm_config {
    struct vm_config vm;
    struct fee_schedule schedule;
    struct load_stop stop;
    bool metered;
};

struct nvm_module {
    struct module *vm;
    struct fee_schedule schedule;   /* what the engine's module refers to */
};

/* A host function's other half, in the list of its store. */
struct host_entry {
    struct host_entry *next;
    nvm_store *store;
    nvm_host_function function;
    void *user;
    uint32_t params, results;
    uint8_t types[];
};

struct nvm_instance {
    nvm_instance *next;             /* in the list of its store */
    nvm_store *store;
    nvm_module *module;
    struct instance *vm;
};

struct import_entry {
    struct import_entry *next;
    nvm_instance *instance;         /* everything that it exports; null: `external` under `name` */
    struct external external;
    size_t module_size, name_size;
    char names[];                   /* module, name */
};

struct nvm_imports {
    nvm_imports *next;              /* in the list of its store */
    nvm_store *store;
    struct import_entry *entries;   /* the last added first */
};

struct nvm_store {
    struct store *vm;
    struct host_entry *hosts;
    nvm_instance *instances;
    nvm_imports *imports;
    unsigned depth;                 /* calls that have not returned */
    bool is_doomed;                 /* freed inside one: it goes when the outermost returns */
    char message[256];              /* what a host function said last */
};

struct nvm_host_call {
    struct host_call *vm;
    nvm_store *store;
};

/* ---- translation between the two interfaces ---------------------------------------------------------------------- */

nvm_status api_status(enum status status);
/* Fill *to (may be null) and return its status. */
nvm_status api_error(nvm_error *to, const struct error *from);
nvm_status api_fail(nvm_error *to, nvm_status status, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* NVM_USAGE: `what` is null. */
nvm_status api_null(nvm_error *to, const char *what);

/* Begin and end what may call host functions. False: the store was freed inside one. */
bool api_enter(nvm_store *store, nvm_error *error);
void api_leave(nvm_store *store); /* the store may be gone afterwards */

nvm_extern_type api_extern_type(const struct extern_type *t);
nvm_functype api_functype(const struct functype *t);

slot api_to_slot(const nvm_value *v);
nvm_value api_from_slot(nvm_type type, slot s);
/* Whether the value may be used in that store: it is not a function of another one. */
bool api_value_fits(const struct store *store, const nvm_value *v);
/* Whether there is something, and it belongs to that store. */
bool api_extern_fits(const struct store *store, const struct external *x);

/* The public instance of an engine's one; null if there is none. */
nvm_instance *api_instance(struct instance *vm);

/* Fills *to (may be null) and *error (may be null), returns NVM_TRAP. */
nvm_status api_trap(const struct trap_info *from, nvm_trap *to, nvm_error *error);

/* Looks an import up; false: nobody added it. */
bool api_find_import(const nvm_imports *imports, struct bytes module, struct bytes name, struct external *out);

static inline struct bytes api_text(const char *s)
{
    return bytes_of_string(s);
}

#endif
