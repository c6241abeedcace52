#include "tee/tsm.h"

#include <stdio.h>

#include "tee/device.h"

enum { AUXILIARY_MAX = 1 << 16, RANDOM_SIZE = 16 };

/* A folder that nobody else knows. */
struct folder {
    const struct tee_system *s;
    char path[sizeof TSM_REPORTS + 8 + 2 * RANDOM_SIZE];
};

static const char *file_in(const struct folder *f, const char *name, char out[128])
{
    snprintf(out, 128, "%s/%s", f->path, name);
    return out;
}

/* ---- the folder -------------------------------------------------------------------------------------------------- */

static enum status name_folder(struct folder *f, struct error *e)
{
    uint8_t random[RANDOM_SIZE];
    if (!f->s->random(f->s->self, random, sizeof random))
        return tee_refuse(e, TEE_DEVICE, "the system has no random bytes for the name of a folder");
    char *p = f->path + sprintf(f->path, "%s/nvm-", TSM_REPORTS);
    for (size_t i = 0; i < sizeof random; i++) p += sprintf(p, "%02x", random[i]);
    return STATUS_OK;
}

static enum status make_folder(struct folder *f, bool *absent, struct error *e)
{
    enum { NAMES = 8 };
    struct error ignored;
    bool exists = true;
    if (!e) e = &ignored;
    if (absent) *absent = false;
    for (unsigned i = 0; i < NAMES && exists; i++) {
        enum status status = name_folder(f, e);
        if (status != STATUS_OK) return status;
        status = device_mkdir(f->s, f->path, &exists, e);
        if (absent) *absent = status != STATUS_OK && e->code == TEE_NO_DEVICE;
        if (!exists) return status;
    }
    return tee_refuse(e, TEE_RACE, "%d folders with random names in %s existed already", NAMES, TSM_REPORTS);
}

/* A report that was made stays good whether or not the folder goes away. */
static void remove_folder(struct folder *f)
{
    int error;
    for (unsigned tries = 1; f->s->rmdir(f->s->self, f->path, &error) != 0; tries++)
        if (!device_try_again(f->s, tries)) return;
}

static enum status read_provider(const struct folder *f, char name[DEVICE_LINE], struct error *e)
{
    char path[128];
    return device_read_line(f->s, file_in(f, "provider", path), name, e);
}

static enum status check_provider(const struct folder *f, const char *expected, struct error *e)
{
    char name[DEVICE_LINE];
    const enum status status = read_provider(f, name, e);
    if (status != STATUS_OK || strcmp(name, expected) == 0) return status;
    return tee_refuse(e, TEE_PROVIDER, "%s belongs to \"%s\", expected \"%s\"", TSM_REPORTS, name, expected);
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

/* The counter of writes, which shows both that ours were taken and that nobody else's were. */
static enum status read_generation(const struct folder *f, uint64_t *out, struct error *e)
{
    char path[128];
    return device_read_number(f->s, file_in(f, "generation", path), out, e);
}

static enum status check_generation(const struct folder *f, uint64_t before, uint64_t writes, struct error *e)
{
    uint64_t now;
    const enum status status = read_generation(f, &now, e);
    if (status != STATUS_OK || now == before + writes) return status;
    if (now == before)
        return tee_refuse(e, TEE_DEVICE, "%s did not take what was written: its generation is still %llu", f->path,
                          (unsigned long long)now);
    return tee_refuse(e, TEE_RACE, "somebody else wrote to %s: its generation is %llu, expected %llu", f->path,
                      (unsigned long long)now, (unsigned long long)(before + writes));
}

/* Asks at the first level that the guest may use; 0 is what the kernel takes anyway. */
static enum status write_privilege_level(const struct folder *f, uint64_t *writes, struct error *e)
{
    enum { LEVELS = 4 };
    char path[128];
    uint64_t floor = 0;
    enum status status = device_read_number(f->s, file_in(f, "privlevel_floor", path), &floor, e);
    if (status != STATUS_OK || floor == 0) return status;
    if (floor >= LEVELS)
        return tee_refuse(e, TEE_FORMAT, "%s is %llu, expected at most %d", path, (unsigned long long)floor,
                          LEVELS - 1);
    const char digit = (char)('0' + floor);
    status = device_write_file(f->s, file_in(f, "privlevel", path), bytes_of(&digit, 1), e);
    if (status == STATUS_OK) ++*writes;
    return status;
}

/* Busy devices are tried again, with the same request. */
static enum status read_busy(const struct folder *f, const char *name, size_t max, enum tee_refusal too_large,
                             struct buffer *out, struct error *e)
{
    char path[128];
    struct error found;
    for (unsigned tries = 1;; tries++) {
        const enum status status = device_read_file(f->s, file_in(f, name, path), max, too_large, out, &found);
        if (status == STATUS_OK) return status;
        if (status == STATUS_INVALID && found.code == TEE_BUSY && device_try_again(f->s, tries)) continue;
        if (e) *e = found;
        return status;
    }
}

static enum status write_busy(const struct folder *f, const char *name, struct bytes data, struct error *e)
{
    char path[128];
    struct error found;
    for (unsigned tries = 1;; tries++) {
        const enum status status = device_write_file(f->s, file_in(f, name, path), data, &found);
        if (status == STATUS_OK) return status;
        if (status == STATUS_INVALID && found.code == TEE_BUSY && device_try_again(f->s, tries)) continue;
        if (e) *e = found;
        return status;
    }
}

static enum status read_report(const struct folder *f, const struct tsm_request *q, struct buffer *report,
                               struct buffer *auxiliary, struct error *e)
{
    enum status status = read_busy(f, "outblob", q->max, TEE_FORMAT, report, e);
    if (status != STATUS_OK) return status;
    if (report->size == 0) return tee_refuse(e, TEE_EMPTY, "%s/outblob is empty", f->path);
    if (q->auxiliary) status = read_busy(f, "auxblob", AUXILIARY_MAX, TEE_LIMIT, auxiliary, e);
    return status;
}

static enum status ask(const struct folder *f, const struct tsm_request *q, struct buffer *report,
                       struct buffer *auxiliary, struct error *e)
{
    uint64_t before, writes = 0;
    enum status status = check_provider(f, q->provider, e);
    if (status == STATUS_OK) status = read_generation(f, &before, e);
    if (status == STATUS_OK && q->privilege_level) status = write_privilege_level(f, &writes, e);
    /* The kernel takes the bytes when the file is closed, and says nothing then: only the generation does. */
    if (status == STATUS_OK) status = write_busy(f, "inblob", q->report_data, e);
    if (status == STATUS_OK) status = check_generation(f, before, ++writes, e);
    if (status == STATUS_OK) status = read_report(f, q, report, auxiliary, e);
    if (status == STATUS_OK) status = check_generation(f, before, writes, e);
    return status;
}

enum status tsm_report(const struct tee_system *s, const struct tsm_request *q, struct buffer *report,
                       struct buffer *auxiliary, bool *absent, struct error *e)
{
    struct folder f = {.s = s};
    struct buffer own_report = {0}, own_auxiliary = {0};
    enum status status = make_folder(&f, absent, e);
    if (status != STATUS_OK) return status;
    status = ask(&f, q, &own_report, &own_auxiliary, e);
    remove_folder(&f);
    if (status == STATUS_OK) {
        buffer_append(report, own_report.data, own_report.size);
        if (q->auxiliary) buffer_append(auxiliary, own_auxiliary.data, own_auxiliary.size);
        if (report->failed || (q->auxiliary && auxiliary->failed)) status = error_no_memory(e);
    }
    buffer_free(&own_report);
    buffer_free(&own_auxiliary);
    return status;
}

enum status tsm_provider(const struct tee_system *s, char name[64], bool *absent, struct error *e)
{
    _Static_assert(DEVICE_LINE == 64, "the name is a line");
    struct folder f = {.s = s};
    enum status status = make_folder(&f, absent, e);
    if (status != STATUS_OK) return status;
    status = read_provider(&f, name, e);
    remove_folder(&f);
    return status;
}
