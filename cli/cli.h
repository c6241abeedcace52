/* cli/: the `nvm` command, one file for each subcommand (commands.def lists them). Everything here may print and
 * decide on exit codes; nothing else in the house does. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/bytes.h"
#include "base/error.h"
#include "base/file.h"
#include "base/similar.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The documented exit codes. */
enum {
    EXIT_OK = 0,      /* done */
    EXIT_TRAPPED = 1, /* the call trapped, ran out of fuel or was interrupted; the contract failed */
    EXIT_INPUT = 2,   /* wrong usage, or input that cannot be used: missing file, invalid module, bad argument */
};

/* ---- message.c: what is said on stderr --------------------------------------------------------------------------- */

/* "nvm: error: ..." and a line "  hint: ...". */
#define PRINTF_LIKE __attribute__((format(printf, 1, 2)))
PRINTF_LIKE void say_error(const char *format, ...);
PRINTF_LIKE void say_hint(const char *format, ...);

/* An error of the library about the file `path`, with its position. Returns EXIT_INPUT. */
int say_file_error(const char *path, const struct error *e);

/* SGR codes if `stream` is a terminal and NO_COLOR is not set, else "". */
const char *colour(FILE *stream, const char *code);
#define RED "\033[1;31m"
#define BOLD "\033[1m"
#define DIM "\033[2m"
#define PLAIN "\033[0m"

/* Text that comes from a module, a proof or any other file is printed by these alone, so that no file can send commands
 * to a terminal, start a line, or hide what stands beside it: what base/shown.h calls hidden is escaped.
 *
 * print_shown: text that has its place to itself, on one line. print_quoted: in double quotes, cut after `limit`
 * characters. print_name: a name beside words of ours: one word of ASCII as it is, anything else, or what is longer
 * than NAME_SHOWN, in quotes and cut. print_path: a file's name, likewise, but never cut. */
enum { NAME_SHOWN = 100 };
void print_shown(FILE *stream, struct bytes text);
void print_quoted(FILE *stream, struct bytes text, size_t limit);
void print_name(FILE *stream, struct bytes name);
void print_path(FILE *stream, const char *path);

/* A JSON text to standard output; hidden characters as \u escapes. False: no memory, or it cannot be written. */
bool put_json(struct bytes json);

/* Writes "12.3 MB" or "640 bytes" into `text`. */
void readable_size(char text[static 24], uint64_t bytes);

/* ---- options.c --------------------------------------------------------------------------------------------------- */

enum option_kind {
    OPTION_FLAG,    /* target: bool */
    OPTION_NUMBER,  /* target: uint64_t, at most `max` (0: no maximum); decimal or 0x */
    OPTION_SECONDS, /* target: double, more than zero */
    OPTION_TEXT,    /* target: const char * */
    OPTION_MAYBE,   /* target: const char *; "" if it is given without a value; see options_parse */
    OPTION_LIST,    /* target: struct text_list; may be given several times */
};

/* Texts in the order in which they were given; release with free(items). */
struct text_list {
    const char **items;
    uint32_t count, capacity;
};

struct option {
    const char *name;  /* without the dashes; null ends the list */
    char letter;       /* short form, or 0 */
    enum option_kind kind;
    void *target;
    const char *value; /* name of the value in the help */
    const char *help;
    uint64_t max;
};

struct usage {
    const char *command;  /* "exec" */
    const char *operands; /* "MODULE FUNCTION [ARGUMENT...]" */
    const char *text;     /* what it does: lines, each ended by \n */
    const char *examples; /* lines, each ended by \n */
    int min_operands, max_operands;
    const char *failure;  /* what exit code 1 means; null: "the call trapped" */
};

/* Reads options, which may stand anywhere before "--". The value follows after '=' or is the next argument; that of
 * an OPTION_MAYBE only if it ends as its name in the help does (".json" of "FILE.json"). A negative number is an
 * operand. Moves the operands to the front of argv (from 0); *count is their number. Returns -1 to go on, otherwise
 * the exit code: help was asked for, or something is wrong and has been said. */
int options_parse(const struct usage *usage, const struct option *options, int argc, char **argv, int *count);

/* ---- commands ---------------------------------------------------------------------------------------------------- */

struct command {
    const char *name;
    const char *summary;
    int (*run)(int argc, char **argv); /* argv: what follows the command's name */
};

#define X(name, summary) int command_##name(int argc, char **argv);
#include "cli/commands.def"
#undef X

#endif
