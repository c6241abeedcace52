#include "cli/params.h"

#include <ctype.h>
#include <stdlib.h>

static const struct usage usage = {
    .command = "params",
    .operands = "[VERSION | --diff OLD [NEW]]",
    .text = "Shows the parameters of a protocol version (88, the current one, if none is given): what host functions,\n"
            "actions and instructions cost, limits, flags, and the economics of the runtime. --diff shows what\n"
            "differs between two versions (the second is 88 if it is left out).\n",
    .examples = "  nvm params\n"
                "  nvm params 84\n"
                "  nvm params --diff 84 88\n"
                "  nvm params --json 88\n",
    .min_operands = 0,
    .max_operands = 2,
};

const char *vm_kind_name(enum vm_kind kind)
{
    switch (kind) {
    case VM_WASMER0: return "Wasmer0";
    case VM_WASMTIME: return "Wasmtime";
    case VM_WASMER2: return "Wasmer2";
    case VM_NEAR_VM: return "NearVm";
    }
    return "unknown";
}

const char *storage_get_mode_name(enum storage_get_mode mode)
{
    switch (mode) {
    case STORAGE_FLAT: return "FlatStorage";
    case STORAGE_TRIE: return "Trie";
    }
    return "unknown";
}

/* Reads a version and finds its parameters. Returns -1 or the exit code. */
static int find(const char *text, struct version_parameters *out)
{
    unsigned long version = 0;
    size_t length = strlen(text);
    bool digits = length > 0 && length < 10;
    for (size_t i = 0; i < length && digits; i++) digits = isdigit((unsigned char)text[i]);
    if (digits) version = strtoul(text, NULL, 10);
    if (!digits) {
        say_error("params: '%s' is no protocol version", text);
        say_hint("versions are numbers from %d to %d", PROTOCOL_VERSION_FIRST, PROTOCOL_VERSION_CURRENT);
        return EXIT_INPUT;
    }
    if (version < PROTOCOL_VERSION_FIRST) {
        say_error("params: the parameters of protocol version %lu are not known", version);
        say_hint("the oldest ones are those of version %d: `nvm params %d`", PROTOCOL_VERSION_FIRST,
                 PROTOCOL_VERSION_FIRST);
        return EXIT_INPUT;
    }
    if (version > PROTOCOL_VERSION_CURRENT) {
        say_error("params: protocol version %lu is not known", version);
        say_hint("the newest one is %d: `nvm params %d`", PROTOCOL_VERSION_CURRENT, PROTOCOL_VERSION_CURRENT);
        return EXIT_INPUT;
    }
    *out = (struct version_parameters){(uint32_t)version, parameters_of((uint32_t)version)};
    return -1;
}

int command_params(int argc, char **argv)
{
    bool diff = false, json = false;
    const struct option options[] = {
        {"diff", 'd', OPTION_FLAG, &diff, NULL, "only what differs between two versions: old → new", 0},
        {"json", 0, OPTION_FLAG, &json, NULL, "print as JSON, in the form of the published configuration", 0},
        {0},
    };
    int count = 0;
    int code = options_parse(&usage, options, argc, argv, &count);
    if (code >= 0) return code;
    if (diff && count == 0) {
        say_error("params: --diff needs two versions, or one to be compared with version %d", PROTOCOL_VERSION_CURRENT);
        say_hint("for example: nvm params --diff 84 88");
        return EXIT_INPUT;
    }
    if (!diff && count == 2) {
        say_error("params: two versions, but nothing to do with both");
        say_hint("to compare them: nvm params --diff %s %s", argv[0], argv[1]);
        return EXIT_INPUT;
    }
    struct version_parameters v[2] = {
        {PROTOCOL_VERSION_CURRENT, parameters_of(PROTOCOL_VERSION_CURRENT)},
        {PROTOCOL_VERSION_CURRENT, parameters_of(PROTOCOL_VERSION_CURRENT)},
    };
    for (int i = 0; i < count; i++) {
        code = find(argv[i], &v[i]);
        if (code >= 0) return code;
    }
    bool ok;
    if (diff) ok = json ? params_diff_json(v[0], v[1]) : params_diff_text(v[0], v[1]);
    else ok = json ? params_json(v[0]) : params_text(v[0]);
    if (!ok) say_error("cannot write to standard output");
    return ok ? EXIT_OK : EXIT_INPUT;
}
