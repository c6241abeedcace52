/* nvm attest, nvm tee, and what `nvm run --attest` and `nvm verify --attestation` share with them. */
#ifndef CLI_TEE_H
#define CLI_TEE_H

#include "cli/cli.h"
#include "near/json_values.h"
#include "tee/attest.h"
#include "tee/attestation_verify.h"

#define X(name, summary) int tee_##name(int argc, char **argv);
#include "cli/tee_parts.def"
#undef X

/* ---- tee_trust.c: what evidence is judged by --------------------------------------------------------------------- */

/* The options as they were given. */
struct trust_options {
    const char *policy;            /* a file; null: none was given */
    struct text_list collateral;   /* files */
    const char *at;                /* RFC 3339 or Unix seconds; null: now */
    const char *challenge;         /* hexadecimal; null: none */
};

/* Zero-initialise; release with trust_free. Must stay where it is. */
struct trust {
    struct tee_trust tee;          /* points to the members below */
    struct tee_policy policy;
    struct tee_file *files;
    struct buffer *contents;       /* of the files */
    struct buffer challenge;
    bool has_challenge;
};

/* Reads what the options name. Returns -1, or the exit code after a message. */
int trust_read(struct trust *t, const struct trust_options *o);
void trust_free(struct trust *t);

/* Digits into bytes. Returns -1, or the exit code after a message that names the option. */
int hex_option(const char *option, const char *text, size_t min, size_t max, struct buffer *out);
/* A statement's hash: 64 hexadecimal digits, or base58 as NEAR prints hashes. Returns -1, or the exit code. */
int statement_option(const char *text, uint8_t out[STATEMENT_SIZE]);
/* RFC 3339 or Unix seconds; null: now. Returns -1, or the exit code after a message. */
int time_option(const char *option, const char *text, int64_t *out);

/* ---- tee_verdict.c: verdicts, for people and as JSON ------------------------------------------------------------- */

/* "simulator (tdx)", "tdx": who vouches, as one word or two. */
const char *verdict_who(const struct tee_verdict *v, char text[static 32]);
/* Several lines, each ended by \n, the first one a summary. */
void verdict_print(FILE *out, const struct tee_verdict *v);
/* An object with everything. */
void verdict_json(struct json_writer *w, const struct tee_verdict *v);

/* ---- tee_file.c: evidence in files ------------------------------------------------------------------------------- */

/* An attestation file, an execution proof with one, or raw evidence. Zero-initialise; release with evidence_close. */
struct evidence_file {
    struct buffer bytes;
    bool raw;
    struct tee_attestation attestation; /* unless raw */
    bool has_proof;
    struct execution_proof proof;
};

/* Returns -1, or the exit code after a message. */
int evidence_open(struct evidence_file *f, const char *path);
void evidence_close(struct evidence_file *f);

/* Where a root is kept (tee_root_new), in a process that from now on leaves no core dump and cannot be looked into by
 * others of the same user, as far as the system lets it. Null: no memory, said in *e. */
struct tee_root *secret_root_new(struct error *e);

/* Writes bytes that are secret: a file that did not exist before, with mode 0600. Returns -1, or the exit code. */
int secret_write(const char *path, struct bytes secret);

/* ---- tee_provider.c: who makes evidence -------------------------------------------------------------------------- */

/* This machine; must stay where it is. */
struct machine {
    struct tee_system_root root;
    struct tee_system system;
};
void machine_init(struct machine *m);

/* The provider of that name; null or "": the one whose hardware is here. Never falls back on the simulator. Returns -1;
 * or after a message EXIT_TRAPPED if no device is there, EXIT_INPUT if there is no such provider. */
int provider_choose(const struct machine *m, const char *name, const struct tee_provider **out);

/* A set of registers in which the engine is measured; `protocol_version` 0: no run. STATUS_NO_MEMORY and the refusals
 * of tee_registers_extend. */
enum status registers_begin(uint32_t protocol_version, struct tee_registers **out, struct error *e);

/* Says an error of tee/ with its code and, where there is one, a hint. Returns EXIT_INPUT. */
int say_tee_error(const char *what, const struct error *e);

#endif
