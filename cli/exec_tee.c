#include "cli/exec_tee.h"

#include <stdlib.h>

#include "cli/tee.h"
#include "crypto/sha2.h"
#include "tee/event_log.h"
#include "tee/imports.h"
#include "tee/root.h"

struct exec_tee {
    struct machine machine;
    struct tee_root *root;
    struct tee_imports imports;
    struct external *externals;
};

static int root_of(struct exec_tee *t, const char *seal_key)
{
    struct error e = {0};
    enum status status = STATUS_OK;
    if (!seal_key && !t->imports.provider) return -1; /* sealing says so when it is asked for */
    t->root = secret_root_new(&e);
    if (!t->root) status = STATUS_NO_MEMORY;
    else if (seal_key) status = tee_root_file(seal_key, t->root, &e);
    else status = tee_root_provider(t->imports.provider, &t->machine.system, t->root, &e);
    if (status == STATUS_OK) {
        t->imports.root = t->root;
        return -1;
    }
    if (!seal_key && e.code == TEE_NO_DEVICE) return -1; /* nor has it any */
    say_error("%s", e.message);
    if (e.code == TEE_KEY_FILE_MODE) say_hint("chmod 600 %s", seal_key ? seal_key : "FILE");
    return EXIT_INPUT;
}

static struct bytes code_hash(const struct exec_tee *t)
{
    return bytes_of(t->imports.code_hash, sizeof t->imports.code_hash);
}

static int measure(struct exec_tee *t, const struct module *m, bool resuming)
{
    struct error e;
    sha256(module_bytes(m), t->imports.code_hash);
    t->imports.has_code_hash = true;
    enum status status = tee_registers_new(TEE_REGISTERS, 0, &t->imports.registers, &e);
    if (status == STATUS_OK && !resuming)
        status = tee_registers_extend(t->imports.registers, REGISTER_CODE, EVENT_CODE, code_hash(t), NULL, NULL, &e);
    if (status == STATUS_OK) return -1;
    say_error("%s", e.message);
    return EXIT_INPUT;
}

/* A module runs without a device, too: its quotes are refused. */
static int choose_provider(struct exec_tee *t, const char *name)
{
    struct error e;
    if (name) return provider_choose(&t->machine, name, &t->imports.provider);
    if (tee_provider_present(&t->machine.system, &t->imports.provider, &e) == STATUS_OK) return -1;
    t->imports.provider = NULL;
    return e.code == TEE_NO_DEVICE ? -1 : say_tee_error("exec", &e);
}

int exec_tee_new(const struct module *m, const struct exec_tee_options *o, struct exec_tee **out)
{
    struct exec_tee *t = calloc(1, sizeof *t);
    *out = t;
    if (!t) {
        say_error("out of memory");
        return EXIT_INPUT;
    }
    machine_init(&t->machine);
    t->imports.system = &t->machine.system;
    tee_import_costs_default(&t->imports.costs);
    t->imports.may_suspend = o->may_suspend;
    t->imports.resumed = o->resumed;
    int code = choose_provider(t, o->provider);
    if (code < 0) code = root_of(t, o->seal_key);
    if (code < 0) code = measure(t, m, o->resumed != 0);
    return code;
}

void exec_tee_free(struct exec_tee *t)
{
    if (!t) return;
    tee_registers_free(t->imports.registers);
    tee_root_free(t->root);
    free(t->externals);
    free(t);
}

int exec_tee_link(struct exec_tee *t, const struct module *m, struct store *s, const char *path,
                  const struct external **out)
{
    const size_t count = module_import_count(m);
    struct error e;
    *out = t->externals = calloc(count + 1, sizeof *t->externals);
    if (!t->externals) {
        say_error("out of memory");
        return EXIT_INPUT;
    }
    for (size_t i = 0; i < count; i++) {
        const struct import_info import = module_import(m, i);
        if (tee_import_new(&t->imports, s, &import, &t->externals[i], &e) == STATUS_OK) continue;
        say_error("%s: %s", path, e.message);
        say_hint("`nvm exec --tee` offers the functions of " TEE_IMPORT_MODULE " alone: docs/sealing.md");
        return EXIT_INPUT;
    }
    return -1;
}

enum status exec_tee_events(struct exec_tee *t, struct buffer *log, struct error *e)
{
    struct tee_snapshot ignored;
    return tee_registers_snapshot(t->imports.registers, &ignored, log, e);
}

enum status exec_tee_restore(struct exec_tee *t, struct bytes log, struct error *e)
{
    struct tee_event first;
    struct tee_event_reader r = tee_event_reader_of(log);
    if (!tee_event_next(&r, &first) || first.index != REGISTER_CODE || first.type != EVENT_CODE ||
        !bytes_equal(first.payload, code_hash(t)))
        return tee_refuse(e, TEE_EVENT_LOG, "the registers' events do not begin with this module's code");
    return tee_registers_restore(t->imports.registers, log, e);
}

void exec_tee_report(struct exec_tee *t)
{
    struct tee_snapshot s;
    struct error e;
    if (t->imports.error.message[0]) {
        fputs("nvm_tee: ", stderr);
        print_shown(stderr, bytes_of_string(t->imports.error.message));
        fprintf(stderr, " (%s)\n", tee_refusal_code((enum tee_refusal)t->imports.error.code));
    }
    if (tee_registers_snapshot(t->imports.registers, &s, NULL, &e) != STATUS_OK) {
        say_error("%s", e.message);
        return;
    }
    for (uint32_t i = 0; i < s.count; i++) {
        if (s.generation[i] == 0) continue;
        fprintf(stderr, "register %u: ", i);
        for (int k = 0; k < TEE_REGISTER_SIZE; k++) fprintf(stderr, "%02x", s.value[i][k]);
        fprintf(stderr, "\n");
    }
}
