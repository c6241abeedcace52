/* nvm verify: checking execution proofs (proof/), many at once. */
#ifndef CLI_VERIFY_H
#define CLI_VERIFY_H

#include "cli/limits.h"
#include "proof/demands.h"
#include "proof/outcome_proof.h"
#include "tee/attestation_verify.h"

struct verify_options {
    bool light, json, no_sandbox;
    const struct bytes *codes; /* of contracts that proofs leave out */
    size_t code_count;
    uint64_t jobs;             /* threads; 0: as many as there are processors */
    const struct tee_trust *trust; /* null: attestations are not looked at; else there must be one */
    bool has_challenge;        /* which it must answer */
    struct bytes challenge;
    struct proof_demands demands;
    const struct outcome_proof *chain; /* outcomes that are known to have been on the chain */
    size_t chain_count;
    double timeout;            /* seconds for all files together; 0: no limit */
    bool timeout_given;        /* else it is that of the limits */
    struct limits limits;
};

enum verdict {
    VERDICT_PENDING,
    VERDICT_VERIFIED,
    VERDICT_REFUSED,
    VERDICT_UNREADABLE, /* the file cannot be read, or there is no memory */
};

/* Of one file. */
struct verify_result {
    enum verdict verdict;
    char *text;          /* lines, the last one without its end: what holds, or what is wrong; those after the first are
                          * indented; null if there is no memory */
    size_t text_size;
    struct buffer json;  /* an object, if it was asked for */
};

/* verify_file.c: reads and checks one file; for any number of threads at once. Release with verify_result_free. */
void verify_file(const char *path, const struct verify_options *options, struct verify_result *out);
void verify_result_free(struct verify_result *r);
/* What is said of a file for which there was no time left. */
void verify_file_late(const char *path, const struct verify_options *options, struct verify_result *out);

/* verify_pool.c: checks all files with several threads, prints each result in the order of the files as soon as those
 * before it are there, and a progress bar if standard error is a terminal. Returns the exit code. If the time is up
 * while something is still executed, it does not return, but ends the process with that code: code of contracts cannot
 * be stopped from outside. */
int verify_files(char *const *paths, int count, const struct verify_options *options);

#endif
