#include "api/api.h"

#include <stdlib.h>

void nvm_limits_default(nvm_limits *limits)
{
    struct store_config config;
    if (!limits) return;
    store_config_default(&config);
    *limits = (nvm_limits){
        .stack_slots = config.stack_slots,
        .stack_bytes = config.stack_bytes,
        .memory_pages = config.memory_pages,
        .table_elements = config.table_elements,
    };
}

nvm_status nvm_store_new(const nvm_limits *limits, nvm_store **store, nvm_error *error)
{
    struct error e;
    struct store_config config;
    if (!store) return api_null(error, "store");
    *store = NULL;
    store_config_default(&config);
    config.gas = UINT64_MAX;
    if (limits) {
        config.stack_slots = limits->stack_slots;
        config.stack_bytes = limits->stack_bytes;
        config.memory_pages = limits->memory_pages;
        config.table_elements = limits->table_elements;
    }
    nvm_store *s = calloc(1, sizeof *s);
    if (!s) return api_fail(error, NVM_NO_MEMORY, "out of memory");
    if (store_new(&config, &s->vm, &e) != STATUS_OK) {
        free(s);
        return api_error(error, &e);
    }
    *store = s;
    return NVM_OK;
}

static void free_imports(nvm_imports *imports)
{
    for (struct import_entry *e = imports->entries, *next; e; e = next) {
        next = e->next;
        free(e);
    }
    free(imports);
}

static void free_store(nvm_store *s)
{
    store_free(s->vm);
    for (struct host_entry *h = s->hosts, *next; h; h = next) {
        next = h->next;
        free(h);
    }
    for (nvm_instance *i = s->instances, *next; i; i = next) {
        next = i->next;
        free(i);
    }
    for (nvm_imports *i = s->imports, *next; i; i = next) {
        next = i->next;
        free_imports(i);
    }
    free(s);
}

void nvm_store_free(nvm_store *s)
{
    if (!s) return;
    s->is_doomed = true;
    if (!s->depth) free_store(s);
}

bool api_enter(nvm_store *s, nvm_error *error)
{
    if (s->is_doomed) api_fail(error, NVM_USAGE, "the store was freed");
    else s->depth++;
    return !s->is_doomed;
}

void api_leave(nvm_store *s)
{
    if (--s->depth == 0 && s->is_doomed) free_store(s);
}

void nvm_store_set_fuel(nvm_store *s, uint64_t fuel)
{
    if (s) store_set_gas(s->vm, fuel);
}

uint64_t nvm_store_fuel(const nvm_store *s)
{
    return s ? store_gas_left(s->vm) : 0;
}

void nvm_store_interrupt(nvm_store *s)
{
    if (s) store_interrupt(s->vm);
}
