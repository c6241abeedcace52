/* nvm state: making, looking at and changing state files; one file for each part of the command. */
#ifndef CLI_STATE_H
#define CLI_STATE_H

#include "cli/cli.h"
#include "node/state_file.h"

/* The parts: argv is what follows the part's name. */
#define X(name, summary) int command_state_##name(int argc, char **argv);
#include "cli/state_parts.def"
#undef X

/* state_file_open, _make and _save, with a message for what goes wrong (state_open.c). Return -1, or the exit code. */
int state_open(struct state_file *s, const char *path, enum state_use use);
int state_make(struct state_file *s, const char *path, bool replace);
int state_save(struct state_file *s);

/* Adds the genesis records of a file ("-": standard input) to the state, with progress on a terminal. Returns -1, or
 * the exit code after a message. */
int state_add_records(struct state_file *s, const char *path, bool keep_usage, uint64_t *records);

/* ---- arguments and errors (state_arguments.c); the exit code, or -1 --------------------------------------------- */

int state_parse_account_id(const char *what, struct bytes text, struct account_id *out);
int state_parse_balance(const char *what, struct bytes text, struct u128 *out);
/* "text", "text:...", "base64:...", "hex:..." or "0x..."; `out` is to be released with buffer_free in any case. */
int state_parse_bytes(const char *what, const char *text, struct buffer *out);

/* Says what went wrong with the state in the file. Returns EXIT_INPUT. */
int state_refuse(const struct state_file *s, const struct error *e);
/* Reads an account that must be there; otherwise says so, and which one may have been meant. */
int state_require_account(struct state_file *s, const struct account_id *id, struct account *out);

/* Prints JSON on one line and gives it back. False: no memory, or it cannot be written. */
struct json;
bool state_print_json(struct json *json);
/* Whether all of standard output was written; otherwise that has been said. */
int state_finish_output(void);

#endif
