/* The text format: any text is refused with an error that has a place and a message, or becomes a module that is not
 * malformed (it may be invalid). The same text read as a script must come to an end. */
#include <stdlib.h>

#include "vm/vm.h"
#include "wat/wat.h"

static void check(bool ok)
{
    if (!ok) abort();
}

static void check_error(enum status status, const struct error *e, size_t size)
{
    check(e->status == status && e->message[0]);
    if (status == STATUS_MALFORMED) check(e->code && e->line && e->column && e->offset <= size);
}

static void check_module(const struct buffer *wasm)
{
    struct vm_config config;
    struct module *m = NULL;
    struct error e = {0};
    vm_config_default(&config);
    config.lazy = true;
    enum status status = module_load(&config, wasm->data, wasm->size, &m, &e);
    /* The only things that text can say and the binary format cannot are numbers of locals. */
    check(status != STATUS_MALFORMED || e.code == VM_ERROR_TOO_MANY_LOCALS);
    if (!status) module_free(m);
}

static void read_script(const char *text, size_t size)
{
    struct wat_script *script;
    struct error e = {0};
    if (wat_script_open(text, size, &script, &e)) return;
    /* Every command takes at least one character. */
    for (size_t commands = 0; commands <= size; commands++) {
        struct wat_command c;
        enum status status = wat_script_next(script, &c, &e);
        if (status) check_error(status, &e, size);
        else if (c.kind == WAT_END) break;
        check(commands < size);
    }
    wat_script_close(script);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer wasm = {0};
    struct error e = {0};
    enum status status = wat_to_wasm((const char *)data, size, NULL, &wasm, &e);
    if (status) check_error(status, &e, size);
    else check_module(&wasm);
    check(!status || wasm.size == 0);
    buffer_free(&wasm);
    read_script((const char *)data, size);
    return 0;
}
