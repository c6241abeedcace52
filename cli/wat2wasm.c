#include "cli/source.h"

#include "wat/wat.h"

#include <stdlib.h>
#include <unistd.h>

static const struct usage usage = {
    .command = "wat2wasm",
    .operands = "INPUT",
    .text = "Converts a module in the text format to the binary format. The output is written completely or not\n"
            "at all. Without -o its name is the input's with .wasm instead of .wat. \"-\" is standard input or output.\n"
            "The module is validated, too, unless --no-check is given.\n",
    .examples = "  nvm wat2wasm module.wat\n"
                "  nvm wat2wasm module.wat -o build/module.wasm\n"
                "  nvm wat2wasm - -o - < module.wat > module.wasm\n",
    .min_operands = 1,
    .max_operands = 1,
};

/* "dir/name.wat" → "dir/name.wasm" */
static bool default_output(const char *input, struct buffer *out)
{
    size_t length = strlen(input);
    if (length > 4 && strcmp(input + length - 4, ".wat") == 0) length -= 4;
    buffer_append(out, input, length);
    buffer_append(out, ".wasm", sizeof ".wasm");
    return !out->failed;
}

static int validate(const char *path, struct buffer binary)
{
    struct vm_config config;
    struct module *m = NULL;
    struct error e;
    vm_config_default(&config);
    config.lazy = true;
    config.borrow_bytes = true;
    if (module_load(&config, binary.data, binary.size, &m, &e) != STATUS_OK) {
        int code = say_file_error(path, &e);
        say_hint("the offset is that in the binary module; --no-check writes it all the same");
        return code;
    }
    module_free(m);
    return -1;
}

static int convert(const char *input, const char *output, bool check)
{
    struct error e;
    struct buffer text = {0}, binary = {0};
    int code = -1;
    if (file_read(input, FILE_LIMIT, &text, &e) != STATUS_OK) code = say_file_error(input, &e);
    else if (wat_to_wasm((const char *)text.data, text.size, NULL, &binary, &e) != STATUS_OK) {
        code = say_file_error(input, &e);
        if (text.size >= 4 && memcmp(text.data, "\0asm", 4) == 0) say_hint("this is a binary module already");
    }
    buffer_free(&text);
    if (code < 0 && check) code = validate(input, binary);
    if (code < 0 && file_write(output, binary.data, binary.size, &e) != STATUS_OK) code = say_file_error(output, &e);
    buffer_free(&binary);
    return code < 0 ? EXIT_OK : code;
}

int command_wat2wasm(int argc, char **argv)
{
    const char *output = NULL;
    bool no_check = false;
    const struct option options[] = {
        {"output", 'o', OPTION_TEXT, &output, "FILE", "where the binary module goes", 0},
        {"no-check", 0, OPTION_FLAG, &no_check, NULL, "do not validate the module", 0},
        {0},
    };
    int count = 0;
    int code = options_parse(&usage, options, argc, argv, &count);
    if (code >= 0) return code;
    struct buffer name = {0};
    if (!output && strcmp(argv[0], "-") == 0) output = "-";
    if (!output) {
        if (!default_output(argv[0], &name)) {
            buffer_free(&name);
            say_error("out of memory");
            return EXIT_INPUT;
        }
        output = (const char *)name.data;
    }
    if (strcmp(output, "-") == 0 && isatty(STDOUT_FILENO)) {
        say_error("a binary module is not written to a terminal");
        say_hint("name a file: -o module.wasm");
        code = EXIT_INPUT;
    } else {
        code = convert(argv[0], output, !no_check);
    }
    buffer_free(&name);
    return code;
}
