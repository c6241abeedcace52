/* Modules for tests: from text, or by bytes. */
#ifndef TESTS_MODULES_H
#define TESTS_MODULES_H

#include "base/leb128.h"
#include "tests/test.h"
#include "vm/vm.h"
#include "wat/wat.h"

/* A module in the binary format from text; a failure is reported. Release with buffer_free. */
static inline struct buffer binary_of(const char *text)
{
    struct buffer b = {0};
    struct error e;
    if (wat_to_wasm(text, strlen(text), NULL, &b, &e) != STATUS_OK) {
        printf("%s\n", text);
        test_check(false, "text", (int)e.line, e.message);
    }
    return b;
}

static inline struct module *load_with(const struct vm_config *config, const char *text)
{
    struct buffer b = binary_of(text);
    struct module *m = NULL;
    struct error e;
    if (b.size && module_load(config, b.data, b.size, &m, &e) != STATUS_OK)
        test_check(false, "module", (int)e.offset, e.message);
    buffer_free(&b);
    return m;
}

static inline struct module *load(const char *text)
{
    struct vm_config config;
    vm_config_default(&config);
    return load_with(&config, text);
}

/* A store with an instance of a module without imports. */
struct running {
    struct module *module;
    struct store *store;
    struct instance *instance;
    struct trap_info trap;
};

static inline struct running start_with(const struct vm_config *config, const struct store_config *limits,
                                        const char *text)
{
    struct running r = {0};
    struct error e;
    struct store_config defaults;
    store_config_default(&defaults);
    r.module = load_with(config, text);
    if (!r.module) return r;
    CHECK(store_new(limits ? limits : &defaults, &r.store, &e) == STATUS_OK);
    enum status status = instance_new(r.store, r.module, NULL, 0, &r.instance, &r.trap, &e);
    if (status != STATUS_OK && status != STATUS_TRAP) test_check(false, "instance", 0, e.message);
    return r;
}

static inline struct running start(const char *text)
{
    struct vm_config config;
    vm_config_default(&config);
    return start_with(&config, NULL, text);
}

static inline void stop(struct running *r)
{
    store_free(r->store);
    module_free(r->module);
    memset(r, 0, sizeof *r);
}

/* Calls an exported function: `values` holds arguments, then results. */
static inline enum trap call(struct running *r, const char *name, slot *values)
{
    struct external x;
    if (!r->instance || !instance_export(r->instance, bytes_of_string(name), &x) || x.kind != EXTERN_FUNC) {
        test_check(false, "call", 0, name);
        return TRAP_HOST;
    }
    return func_call(r->store, x.func, values, &r->trap);
}

/* ---- by bytes ---------------------------------------------------------------------------------------------------- */

static inline void put_header(struct buffer *b)
{
    buffer_append(b, "\0asm\1\0\0\0", 8);
}

static inline void put_section(struct buffer *b, uint8_t id, const void *data, size_t size)
{
    buffer_append_byte(b, id);
    leb_write_u64(b, size);
    buffer_append(b, data, size);
}

#endif
