/* Who makes evidence on this machine. */
#include "cli/tee.h"

#include "crypto/sha2.h"
#include "include/nvm.h"
#include "tee/run_events.h"

#include <fcntl.h>
#include <unistd.h>

void machine_init(struct machine *m)
{
    m->root = (struct tee_system_root){""};
    m->system = tee_system_real(&m->root);
}

/* ---- which one --------------------------------------------------------------------------------------------------- */

static void list_providers(void)
{
    struct buffer names = {0};
    for (size_t i = 0; i < tee_provider_count(); i++)
        buffer_printf(&names, "%s%s", i ? ", " : "", tee_provider_at(i)->name);
    if (!names.failed) say_hint("providers: %.*s", (int)names.size, (const char *)names.data);
    buffer_free(&names);
}

int provider_choose(const struct machine *m, const char *name, const struct tee_provider **out)
{
    struct error e = {0};
    if (!name || !*name) {
        if (tee_provider_present(&m->system, out, &e) == STATUS_OK) return -1;
        say_tee_error("attest", &e);
        return EXIT_TRAPPED;
    }
    *out = tee_provider_named(bytes_of_string(name));
    if (*out) return -1;
    say_error("--provider: there is no '%s'", name);
    list_providers();
    return EXIT_INPUT;
}

/* ---- what is measured first -------------------------------------------------------------------------------------- */

/* The SHA-256 of this program's file; zeros if it cannot be read. It is a help for people: a changed program can say what
 * it likes here, which is why the platform's own measurements come first. */
static void hash_program(uint8_t out[SHA256_SIZE])
{
    uint8_t part[1 << 14];
    struct sha256 h;
    ssize_t n = -1;
    const int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    memset(out, 0, SHA256_SIZE);
    if (fd < 0) return;
    sha256_init(&h);
    while ((n = read(fd, part, sizeof part)) > 0) sha256_update(&h, bytes_of(part, (size_t)n));
    if (n == 0) sha256_finish(&h, out);
    close(fd);
}

enum status registers_begin(uint32_t protocol_version, struct tee_registers **out, struct error *e)
{
    struct tee_engine engine = {.version = bytes_of_string(NVM_VERSION), .protocol_version = protocol_version,
                                .proof_format = EXECUTION_PROOF_VERSION};
    hash_program(engine.program);
    enum status status = tee_registers_new(REGISTER_EFFECTS + 1, TEE_EVENT_LOG_MAX, out, e);
    if (status != STATUS_OK) return status;
    status = tee_measure_engine(*out, &engine, e);
    if (status == STATUS_OK) return status;
    tee_registers_free(*out);
    *out = NULL;
    return status;
}

/* ---- errors ------------------------------------------------------------------------------------------------------ */

static void hint(enum tee_refusal r)
{
    switch (r) {
    case TEE_NO_DEVICE:
        say_hint("`nvm tee info` says what was looked for; --provider simulator makes evidence that proves nothing");
        break;
    case TEE_PROVIDER: say_hint("--provider NAME chooses one; `nvm tee info` lists them"); break;
    case TEE_KEY_FILE_MODE: say_hint("chmod 600 FILE"); break;
    case TEE_BUSY: say_hint("somebody else uses the device; try again"); break;
    default: break;
    }
}

int say_tee_error(const char *what, const struct error *e)
{
    if (e->status == STATUS_IO || e->status == STATUS_NO_MEMORY || e->code <= 0 || e->code >= TEE_REFUSAL_COUNT) {
        say_error("%s: %s", what, e->message);
        return EXIT_INPUT;
    }
    say_error("%s: %s (%s)", what, e->message, tee_refusal_code((enum tee_refusal)e->code));
    hint((enum tee_refusal)e->code);
    return EXIT_INPUT;
}
