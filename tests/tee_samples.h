/* Real evidence and certificates: in the folder $NVM_TEE_VECTORS, or in ../shared/tee-vectors beside this one. Tests that
 * need them are skipped, visibly, where there is no such folder. */
#ifndef TESTS_TEE_SAMPLES_H
#define TESTS_TEE_SAMPLES_H

#include <stdlib.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "tests/read_file.h"
#include "tests/test.h"

/* Null: there is none. */
static inline const char *tee_samples_folder(void)
{
    static const char beside[] = "../shared/tee-vectors";
    const char *named = getenv("NVM_TEE_VECTORS");
    struct stat s;
    if (named && *named) return named;
    return stat(beside, &s) == 0 && S_ISDIR(s.st_mode) ? beside : NULL;
}

/* Whether there are samples; if not, says that `what` is skipped. */
static inline bool tee_samples_there(const char *what)
{
    if (tee_samples_folder()) return true;
    test_skip(what, "no samples in $NVM_TEE_VECTORS or ../shared/tee-vectors");
    return false;
}

/* A sample, in the arena. Empty, after a failed check, if the file is not there. */
static inline struct bytes tee_sample(struct arena *arena, const char *name)
{
    char path[512];
    struct buffer b = {0};
    const int n = snprintf(path, sizeof path, "%s/%s", tee_samples_folder(), name);
    const bool ok = n > 0 && (size_t)n < sizeof path && read_file(path, &b) && b.size > 0;
    uint8_t *copy = ok ? arena_alloc(arena, b.size) : NULL;
    if (copy) memcpy(copy, b.data, b.size);
    else printf("%s cannot be read\n", path);
    const struct bytes sample = bytes_of(copy, copy ? b.size : 0);
    buffer_free(&b);
    CHECK(copy != NULL);
    return sample;
}

#endif
