/* wat/: the text formats of WebAssembly 2.0 without SIMD: modules (.wat) to binary modules, and the scripts (.wast)
 * of the official test suite to commands. It knows nothing of execution or validation: a module that it writes may
 * still be invalid, but never malformed.
 *
 * Source: WebAssembly 2.0, 6 (text format); the reference interpreter's README (scripts). */
#ifndef WAT_WAT_H
#define WAT_WAT_H

#include "base/bytes.h"
#include "base/error.h"

/* Codes of `struct error` as wat/ reports it. Line and column count from 1, the column in bytes; `offset` counts
 * bytes of the text. */
enum wat_error {
    WAT_ERROR_NONE,
#define X(name, status, text) WAT_ERROR_##name,
#include "wat/errors.def"
#undef X
    WAT_ERROR_COUNT
};

/* The text that starts the message of an error, "" for a number that is none. Never null. */
const char *wat_error_text(int code);

enum { WAT_MAX_TEXT = 1 << 30 };  /* bytes of a text; more is STATUS_LIMIT */

struct wat_options {
    bool names;                   /* write a "name" section if the text names the module, functions or locals */
};

/* Names on. */
void wat_options_default(struct wat_options *o);

/* Translates a module, either `(module ...)` or its fields alone, and appends it to `out` (the caller's, also on
 * failure, when nothing is appended). `options` may be null: the defaults. Fails with STATUS_MALFORMED, STATUS_LIMIT or
 * STATUS_NO_MEMORY. Time is linear in `size`; nesting is limited by memory alone. */
enum status wat_to_wasm(const char *text, size_t size, const struct wat_options *options, struct buffer *out,
                        struct error *e);

/* ---- scripts ---------------------------------------------------------------------------------------------------- */

enum wat_command_kind {
    WAT_END,                      /* no more commands */
    WAT_MODULE,                   /* define and instantiate `module` */
    WAT_REGISTER,                 /* `action.instance` under the name `action.name` */
    WAT_ACTION,                   /* a bare action, whose results do not matter */
    WAT_ASSERT_RETURN,            /* `action` gives `results` */
    WAT_ASSERT_TRAP,              /* `action` traps for the reason `text` */
    WAT_ASSERT_EXHAUSTION,        /* `action` exhausts the stack */
    WAT_ASSERT_TRAP_MODULE,       /* `module` traps when it is instantiated */
    WAT_ASSERT_INVALID,           /* `module` is refused: validation */
    WAT_ASSERT_MALFORMED,         /* `module` is refused: decoding or parsing */
    WAT_ASSERT_UNLINKABLE,        /* `module` is refused: imports */
};

enum wat_module_form { WAT_TEXT, WAT_BINARY, WAT_QUOTE };

struct wat_module {
    enum wat_module_form form;
    struct bytes id;              /* with its "$"; size 0: none */
    struct bytes source;          /* WAT_BINARY: the module; otherwise text */
    uint32_t line, column;        /* where the text starts in the script; WAT_QUOTE has lines of its own */
};

enum wat_value_kind {
    WAT_CONST,                    /* `bits` of `type` */
    WAT_NAN_CANONICAL,            /* results only: any canonical NaN of `type` */
    WAT_NAN_ARITHMETIC,           /* results only: any NaN of `type` with the top bit of its payload */
    WAT_REF_NULL,                 /* of `type` */
    WAT_REF_EXTERN,               /* host reference number `bits` */
    WAT_REF_ANY,                  /* results only: any reference of `type` but null */
};

struct wat_value {
    enum wat_value_kind kind;
    uint8_t type;                 /* as in the binary format: 0x7f i32 ... 0x6f externref */
    uint64_t bits;
};

struct wat_action {
    bool get;                     /* read the exported global `name`; otherwise call the exported function */
    struct bytes instance;        /* id with its "$"; size 0: the last module */
    struct bytes name;
    const struct wat_value *args;
    size_t arg_count;
};

struct wat_command {
    enum wat_command_kind kind;
    uint32_t line, column;
    struct wat_module module;
    struct wat_action action;
    const struct wat_value *results;
    size_t result_count;
    struct bytes text;            /* the reason that an assertion names */
};

struct wat_script;

/* Opens a script over `text`, which must outlive it. Fails with STATUS_LIMIT or STATUS_NO_MEMORY. */
enum status wat_script_open(const char *text, size_t size, struct wat_script **out, struct error *e);
void wat_script_close(struct wat_script *s); /* null is allowed */

/* The next command; what it points to is valid until the next call or wat_script_close. A file without commands, of
 * module fields alone, is one WAT_MODULE. A command that cannot be read gives an error (STATUS_MALFORMED), with
 * `command->line` and `column` set; reading goes on behind its closing parenthesis with the next call. Modules that
 * are text are not looked into, only their parentheses and tokens are. */
enum status wat_script_next(struct wat_script *s, struct wat_command *command, struct error *e);

/* The binary form of a command's module, as wat_to_wasm does it (WAT_BINARY is copied). Errors in a WAT_TEXT module are
 * placed in the script. */
enum status wat_module_to_wasm(const struct wat_module *module, const struct wat_options *options, struct buffer *out,
                               struct error *e);

#endif
