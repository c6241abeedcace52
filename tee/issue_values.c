#include "tee/issue_values.h"

#include "crypto/sha2.h"

void issue_value_fill(const char *name, uint8_t *out, size_t size)
{
    static const char prefix[] = ISSUE_ORGANISATION ": ";
    struct sha512 h;
    uint8_t digest[SHA512_SIZE];
    sha512_init(&h);
    sha512_update(&h, bytes_of(prefix, sizeof prefix - 1));
    sha512_update(&h, bytes_of_string(name));
    sha512_finish(&h, digest);
    memcpy(out, digest, size < sizeof digest ? size : sizeof digest);
}

struct bytes issue_value(struct issue *i, const char *name, size_t size)
{
    uint8_t value[SHA512_SIZE];
    issue_value_fill(name, value, size);
    return issue_copy(i, bytes_of(value, size < sizeof value ? size : sizeof value));
}
