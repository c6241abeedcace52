/* Commands that have parts: `nvm state create`, `nvm proof show`. */
#ifndef CLI_PARTS_H
#define CLI_PARTS_H

#include "cli/cli.h"

struct command_parts {
    const char *command;           /* "state" */
    const char *text;              /* what it is about: lines, each ended by \n */
    const char *examples;          /* likewise */
    const char *exit_codes;        /* one line without \n */
    const char *missing;           /* the hint when no part is given */
    const struct command *parts;
    int count;
};

/* Runs the part that argv[0] names, or says which there are. Returns the exit code. */
int run_part(const struct command_parts *c, int argc, char **argv);

#endif
