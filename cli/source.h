/* A module as the commands get it: a file in the binary or the text format. */
#ifndef CLI_SOURCE_H
#define CLI_SOURCE_H

#include "cli/cli.h"
#include "vm/vm.h"

/* Reads a file and, if it is text, converts it. On success `binary` is to be released with buffer_free; otherwise
 * the error has been said and the exit code is returned instead of -1. */
int source_read(const char *path, struct buffer *binary);

/* The same, then loads the module. It borrows the bytes: free it before them. */
struct source {
    struct buffer binary;
    struct module *module;
};
int source_load(const char *path, const struct vm_config *config, struct source *out);
/* For bytes that are in out->binary already. */
int source_load_binary(const char *path, const struct vm_config *config, struct source *out);
void source_free(struct source *s);

/* Sets *features from the comma-separated lists of --features (null: all) and --disable (null: none). Returns -1,
 * or the exit code if a name is unknown, which has been said. */
int features_parse(const char *enable, const char *disable, uint32_t *features);

/* "mutable-globals, sign-extension, ..." */
extern const char features_help[];

/* Appends a function's type: "(i32, i64) -> f64", "()", "(i32) -> (i32, i32)". */
void functype_text(struct buffer *b, const struct functype *t);

#endif
