/* The options --limit-NAME of commands that read what others made (base/limits.def). */
#ifndef CLI_LIMITS_H
#define CLI_LIMITS_H

#include "base/limits.h"
#include "cli/cli.h"

/* A row of a command's options; between `#define X` and `#include "base/limits.def"`. */
#define LIMIT_OPTION(target, name, standard, unit, text)                                                               \
    {"limit-" #name, 0, OPTION_NUMBER, &(target)->name, "N", "most " unit ", " text " [" #standard "]; 0: no limit", 0},

/* Ends the process with exit code 2 and a message when the limit of time is reached. Without a thread there is no such
 * limit. */
void limits_start_clock(const struct limits *l);

#endif
