/* Running one script of the suite against the engine. */
#ifndef SPEC_TESTS_RUNNER_H
#define SPEC_TESTS_RUNNER_H

#include "spec-tests/messages.h"

struct options {
    enum dispatcher dispatcher;
    bool lazy;
    bool verbose;                /* report what passes, too */
    bool quiet;                  /* print nothing at all */
    struct message_swap swap;
};

struct tally {
    unsigned passed, failed;
};

/* Runs the script in `path`, prints what fails, and its line at the end. */
struct tally run_file(const char *path, const struct options *options);

/* spectest.c: the module that every script may import from. */
enum { SPECTEST_EXPORTS = 13 };
struct spectest {
    const char *names[SPECTEST_EXPORTS];
    struct external externals[SPECTEST_EXPORTS];
};
enum status spectest_new(struct store *s, struct spectest *out, struct error *e);
bool spectest_export(const struct spectest *t, struct bytes name, struct external *out);

/* values.c */
slot value_to_slot(const struct wat_value *v);
bool value_matches(const struct wat_value *expected, uint8_t type, slot got);
void show_value(struct buffer *out, const struct wat_value *v);
void show_slot(struct buffer *out, uint8_t type, slot v);

#endif
