/* Sealed blobs: what opens them and what does not; key files; allocations that fail. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tee/seal_header.h"
#include "tee/secret_memory.h"
#include "tests/failing_alloc.h"
#include "tests/test.h"

static struct error e;

/* Random numbers that are different each time, and the same in each run. */
struct counter_random {
    uint8_t next;
    bool broken;
};

static bool fill_random(void *self, void *data, size_t size)
{
    struct counter_random *r = self;
    if (r->broken) return false;
    for (size_t i = 0; i < size; i++) ((uint8_t *)data)[i] = (uint8_t)(r->next * 31 + i * 7 + 1);
    r->next++;
    return true;
}

static struct counter_random numbers;
static const struct tee_system machine = {.random = fill_random, .self = &numbers};

static bool refused(enum status status, enum tee_refusal r)
{
    const bool ok = status == STATUS_INVALID && e.code == (int)r && e.message[0];
    if (!ok) printf("status %s, code %s: %s\n", status_name(status), tee_refusal_code((enum tee_refusal)e.code), e.message);
    return ok;
}

static struct tee_root file_root(void)
{
    struct tee_root root = {.kind = ROOT_FILE};
    for (int i = 0; i < 32; i++) root.secret[i] = (uint8_t)(i + 100);
    return root;
}

static struct tee_snapshot some_registers(void)
{
    struct tee_snapshot s = {.count = 8};
    for (uint32_t i = 0; i < 8; i++) memset(s.value[i], (int)(i + 1), TEE_REGISTER_SIZE);
    return s;
}

static const struct tee_seal_policy strict = {
    .register_mask = 0x0b, .has_code_hash = true, .code_hash = {0xc0, 0xde}, .min_format = 1, .counter = 7};

static struct buffer sealed(const struct tee_seal_policy *policy, const struct tee_snapshot *s, const char *data)
{
    const struct tee_root root = file_root();
    struct buffer blob = {0};
    CHECK(tee_seal(&root, &machine, SEAL_RUN, policy, s, bytes_of_string(data), &blob, &e) == STATUS_OK);
    return blob;
}

/* Opens under the file root; what comes out is `expected`, and nothing if it is refused. */
static enum status opened(struct bytes blob, const struct tee_snapshot *s, const uint8_t *code, uint64_t counter,
                          const char *expected)
{
    const struct tee_root root = file_root();
    struct buffer out = {0};
    buffer_append_string(&out, "kept");
    const enum status status = tee_unseal(&root, SEAL_RUN, blob, s, code, counter, &out, &e);
    const size_t size = status == STATUS_OK ? strlen(expected) : 0;
    CHECK(out.size == 4 + size && memcmp(out.data, "kept", 4) == 0);
    if (size) CHECK(memcmp(out.data + 4, expected, size) == 0);
    if (status != STATUS_OK) /* the rest of the buffer holds nothing of it */
        for (size_t i = 4; i + 4 < out.capacity && i < 4 + strlen(expected); i++)
            if (strlen(expected) > 8) CHECK(memcmp(out.data + i, expected, 4) != 0);
    buffer_free(&out);
    return status;
}

static void round_trip(void)
{
    test_begin("round trips");
    static const char *const data[] = {"", "x", "a secret of some length, longer than a block or two of the cipher"};
    const struct tee_snapshot s = some_registers();
    for (int i = 0; i < 3; i++) {
        struct buffer a = sealed(&strict, &s, data[i]), b = sealed(&strict, &s, data[i]);
        struct tee_sealed header;
        CHECK(a.size == SEAL_HEADER_SIZE + strlen(data[i]) + SEAL_TAG_SIZE);
        CHECK(opened(bytes_of(a.data, a.size), &s, strict.code_hash, 7, data[i]) == STATUS_OK);
        CHECK(!bytes_equal(bytes_of(a.data, a.size), bytes_of(b.data, b.size))); /* fresh salt and nonce */
        CHECK(tee_sealed_header(bytes_of(a.data, a.size), &header, &e) == STATUS_OK);
        CHECK(header.version == 1 && header.suite == 1 && header.purpose == SEAL_RUN && header.root_kind == ROOT_FILE);
        CHECK(header.policy.register_mask == 0x0b && header.policy.has_code_hash && header.policy.min_format == 1);
        CHECK(header.policy.counter == 7 && memcmp(header.policy.code_hash, strict.code_hash, 32) == 0);
        buffer_free(&a);
        buffer_free(&b);
    }
    const struct tee_seal_policy open_to_all = {0};
    struct buffer blob = sealed(&open_to_all, NULL, "data");
    CHECK(opened(bytes_of(blob.data, blob.size), NULL, NULL, 0, "data") == STATUS_OK);
    CHECK(opened(bytes_of(blob.data, blob.size), &s, strict.code_hash, 0, "data") == STATUS_OK);
    buffer_free(&blob);
}

/* Bits of the version, the suite and the kind of the root have codes of their own; all others are covered by the tag. */
static bool code_fits(size_t byte, int code)
{
    if (byte >= SEAL_AT_VERSION && byte < SEAL_AT_SUITE) return code == TEE_VERSION;
    if (byte >= SEAL_AT_SUITE && byte < SEAL_AT_PURPOSE) return code == TEE_SUITE;
    if (byte == SEAL_AT_ROOT_KIND) return code == TEE_ROOT_KIND || code == TEE_SEAL_CORRUPT;
    return code == TEE_SEAL_CORRUPT;
}

static void changed(void)
{
    test_begin("every bit, every length");
    static const char data[] = "a secret of some length";
    const struct tee_snapshot s = some_registers();
    struct buffer blob = sealed(&strict, &s, data);
    for (size_t bit = 0; bit < 8 * blob.size; bit++) {
        blob.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        CHECK(opened(bytes_of(blob.data, blob.size), &s, strict.code_hash, 7, data) == STATUS_INVALID);
        CHECK(code_fits(bit / 8, e.code));
        blob.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t size = 0; size < blob.size; size++) {
        uint8_t *copy = malloc(size ? size : 1); /* so that a byte read behind it is noticed */
        memcpy(copy, blob.data, size);
        CHECK(refused(opened(bytes_of(copy, size), &s, strict.code_hash, 7, data), TEE_SEAL_CORRUPT));
        free(copy);
    }
    buffer_append_byte(&blob, 0);
    CHECK(refused(opened(bytes_of(blob.data, blob.size), &s, strict.code_hash, 7, data), TEE_SEAL_CORRUPT));
    blob.size--;
    /* lengths that wrap */
    static const uint64_t lengths[] = {UINT64_MAX, UINT64_MAX - 15, UINT64_MAX - 184, (uint64_t)1 << 32};
    for (int i = 0; i < 4; i++) {
        store_le64(blob.data + SEAL_AT_LENGTH, lengths[i]);
        CHECK(refused(opened(bytes_of(blob.data, blob.size), &s, strict.code_hash, 7, data), TEE_SEAL_CORRUPT));
    }
    buffer_free(&blob);
}

static void policies(void)
{
    test_begin("policies");
    const uint8_t *code = strict.code_hash, other_code[32] = {0xc0, 0xdf};
    struct tee_snapshot s = some_registers();
    struct buffer blob = sealed(&strict, &s, "data");
    const struct bytes b = bytes_of(blob.data, blob.size);
    CHECK(refused(opened(b, &s, other_code, 0, "data"), TEE_POLICY_MISMATCH));
    CHECK(refused(opened(b, &s, NULL, 0, "data"), TEE_POLICY_MISMATCH));
    CHECK(refused(opened(b, NULL, code, 0, "data"), TEE_POLICY_MISMATCH));
    for (uint32_t i = 0; i < 8; i++) {
        s.value[i][47] ^= 1;
        const enum status status = opened(b, &s, code, 0, "data");
        if (strict.register_mask & 1u << i)
            CHECK(refused(status, TEE_POLICY_MISMATCH));
        else
            CHECK(status == STATUS_OK); /* not named */
        s.value[i][47] ^= 1;
    }
    s.count = 3;
    CHECK(refused(opened(b, &s, code, 0, "data"), TEE_POLICY_MISMATCH));
    s.count = 4;
    s.generation[0] = 99;
    CHECK(opened(b, &s, code, 0, "data") == STATUS_OK);
    CHECK(opened(b, &s, code, 7, "data") == STATUS_OK);
    CHECK(refused(opened(b, &s, code, 8, "data"), TEE_COUNTER));
    CHECK(refused(opened(b, &s, code, UINT64_MAX, "data"), TEE_COUNTER));
    buffer_free(&blob);
    struct tee_seal_policy newer = strict;
    newer.min_format = 2;
    blob = sealed(&newer, &s, "data");
    CHECK(refused(opened(bytes_of(blob.data, blob.size), &s, code, 0, "data"), TEE_POLICY_MISMATCH));
    buffer_free(&blob);
}

static void roots(void)
{
    test_begin("roots and purposes");
    const struct tee_snapshot s = some_registers();
    struct buffer blob = sealed(&strict, &s, "data"), out = {0};
    const struct bytes b = bytes_of(blob.data, blob.size);
    struct tee_root root = file_root();
    for (int purpose = SEAL_DATA; purpose <= SEAL_GUEST; purpose++)
        if (purpose != SEAL_RUN)
            CHECK(refused(tee_unseal(&root, (enum tee_seal_purpose)purpose, b, &s, strict.code_hash, 0, &out, &e),
                          TEE_POLICY_MISMATCH));
    for (int bit = 0; bit < 256; bit++) {
        root.secret[bit / 8] ^= (uint8_t)(1 << bit % 8);
        CHECK(refused(tee_unseal(&root, SEAL_RUN, b, &s, strict.code_hash, 0, &out, &e), TEE_SEAL_CORRUPT));
        root.secret[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (int kind = ROOT_SIMULATOR; kind <= ROOT_RELEASED; kind++) {
        root.kind = (enum tee_root_kind)kind;
        if (kind != ROOT_FILE)
            CHECK(refused(tee_unseal(&root, SEAL_RUN, b, &s, strict.code_hash, 0, &out, &e), TEE_ROOT_KIND));
    }
    /* the same bytes as another kind of root: even with the header's byte changed it does not open */
    root.kind = ROOT_RELEASED;
    blob.data[SEAL_AT_ROOT_KIND] = ROOT_RELEASED;
    CHECK(refused(tee_unseal(&root, SEAL_RUN, b, &s, strict.code_hash, 0, &out, &e), TEE_SEAL_CORRUPT));
    CHECK(out.size == 0);
    struct tee_root one, two;
    uint8_t id[32], other_id[32];
    tee_root_simulator(&one);
    tee_root_simulator(&two);
    CHECK(one.kind == ROOT_SIMULATOR && memcmp(one.secret, two.secret, 32) == 0);
    tee_root_id(&one, id);
    two.kind = ROOT_FILE;
    tee_root_id(&two, other_id);
    CHECK(memcmp(id, other_id, 32) != 0);
    tee_root_wipe(&one);
    CHECK(one.secret[0] == 0 && one.secret[31] == 0);
    buffer_free(&blob);
    buffer_free(&out);
}

static void wrong_use(void)
{
    test_begin("wrong use");
    const struct tee_snapshot s = some_registers();
    struct tee_root root = file_root();
    struct tee_seal_policy policy = strict;
    struct buffer out = {0};
    const struct bytes data = bytes_of_string("data");
    policy.register_mask = 1u << 8;
    CHECK(refused(tee_seal(&root, &machine, SEAL_RUN, &policy, &s, data, &out, &e), TEE_INDEX));
    CHECK(refused(tee_seal(&root, &machine, SEAL_RUN, &strict, NULL, data, &out, &e), TEE_INDEX));
    policy.register_mask = 1u << 31;
    CHECK(refused(tee_seal(&root, &machine, SEAL_RUN, &policy, &s, data, &out, &e), TEE_INDEX));
    CHECK(tee_seal(&root, &machine, 5, &strict, &s, data, &out, &e) == STATUS_USAGE);
    root.kind = 0;
    CHECK(tee_seal(&root, &machine, SEAL_RUN, &strict, &s, data, &out, &e) == STATUS_USAGE);
    root.kind = ROOT_FILE;
    numbers.broken = true;
    CHECK(tee_seal(&root, &machine, SEAL_RUN, &strict, &s, data, &out, &e) == STATUS_IO && e.code == TEE_DEVICE);
    numbers.broken = false;
    CHECK(tee_seal(&root, NULL, SEAL_RUN, &strict, &s, data, &out, &e) == STATUS_IO);
    CHECK(out.size == 0);
    buffer_free(&out);
}

/* ---- key files ----------------------------------------------------------------------------------------------------- */

static char folder[] = "/tmp/nvm-seal-XXXXXX";

static const char *key_file(const void *data, size_t size, mode_t mode)
{
    static char path[64];
    snprintf(path, sizeof path, "%s/key", folder);
    unlink(path);
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    CHECK(fd >= 0 && write(fd, data, size) == (ssize_t)size && fchmod(fd, mode) == 0 && close(fd) == 0);
    return path;
}

static void key_files(void)
{
    test_begin("key files");
    static const char digits[] = "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F\r\n";
    static const mode_t open_modes[] = {0644, 0640, 0604, 0660, 0606, 0620, 0602, 0610, 0601, 0777, 0004, 0040};
    uint8_t raw[100];
    struct tee_root root;
    for (unsigned i = 0; i < sizeof raw; i++) raw[i] = (uint8_t)i;
    CHECK(mkdtemp(folder) != NULL);
    for (size_t size = 64; size <= 66; size++) { /* the last: without CR */
        char text[67];
        memcpy(text, digits, sizeof digits);
        if (size == 65) memcpy(text + 64, "\n", 2);
        CHECK(tee_root_file(key_file(text, size, 0600), &root, &e) == STATUS_OK);
        CHECK(root.kind == ROOT_FILE && memcmp(root.secret, raw, 32) == 0);
    }
    CHECK(tee_root_file(key_file(raw, 32, 0400), &root, &e) == STATUS_OK && memcmp(root.secret, raw, 32) == 0);
    for (unsigned i = 0; i < sizeof open_modes / sizeof *open_modes; i++) {
        if (!(open_modes[i] & 0400) && geteuid() != 0) continue;
        CHECK(refused(tee_root_file(key_file(raw, 32, open_modes[i]), &root, &e), TEE_KEY_FILE_MODE));
        CHECK(root.secret[5] == 0);
    }
    static const size_t sizes[] = {0, 1, 31, 33, 63, 67, 100};
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++)
        CHECK(tee_root_file(key_file(raw, sizes[i], 0600), &root, &e) == STATUS_MALFORMED && e.code == TEE_LENGTH);
    char text[65];
    memcpy(text, digits, 64);
    text[20] = 'g';
    CHECK(tee_root_file(key_file(text, 64, 0600), &root, &e) == STATUS_MALFORMED && root.secret[0] == 0);
    memset(raw, 0, 32);
    CHECK(tee_root_file(key_file(raw, 32, 0600), &root, &e) == STATUS_MALFORMED && e.code == TEE_KEY);
    CHECK(tee_root_file("/nonexistent/key", &root, &e) == STATUS_IO && strstr(e.message, "/nonexistent/key"));
    CHECK(tee_root_file(folder, &root, &e) == STATUS_IO && e.code == TEE_KEY_FILE_MODE);
    char path[64], target[64];
    raw[0] = 1;
    snprintf(target, sizeof target, "%s", key_file(raw, 32, 0600));
    snprintf(path, sizeof path, "%s/link", folder);
    CHECK(symlink(target, path) == 0 && tee_root_file(path, &root, &e) == STATUS_IO && e.code == TEE_KEY_FILE_MODE);
    CHECK(strstr(e.message, "symbolic link") != NULL);
    unlink(path);
    if (geteuid() == 0) { /* only then can there be somebody else's */
        CHECK(chown(target, 12345, (gid_t)-1) == 0);
        CHECK(refused(tee_root_file(target, &root, &e), TEE_KEY_FILE_OWNER));
        CHECK(root.secret[0] == 0);
    }
    snprintf(path, sizeof path, "%s/fifo", folder);
    CHECK(mkfifo(path, 0600) == 0 && tee_root_file(path, &root, &e) == STATUS_IO); /* and does not hang */
    unlink(path);
    unlink(key_file("", 0, 0600));
    rmdir(folder);
}

/* ---- providers' roots, secret memory, allocations ------------------------------------------------------------------- */

static enum status derive(const struct tee_system *s, uint8_t out[32], struct error *error)
{
    memset(out, 0x55, 32);
    return s ? STATUS_OK : tee_refuse(error, TEE_DEVICE, "broken");
}

static void provider_roots(void)
{
    test_begin("roots of providers");
    const struct tee_provider snp = {.name = "snp", .derive_root = derive}, tdx = {.name = "tdx"};
    const struct tee_provider simulator = {.name = "simulator"}, sgx = {.name = "sgx", .derive_root = derive};
    struct tee_root root, same;
    CHECK(tee_root_provider(&snp, &machine, &root, &e) == STATUS_OK && root.kind == ROOT_SNP && root.secret[31] == 0x55);
    CHECK(tee_root_provider(&sgx, &machine, &root, &e) == STATUS_OK && root.kind == ROOT_SGX);
    CHECK(refused(tee_root_provider(&snp, NULL, &root, &e), TEE_DEVICE) && root.secret[0] == 0);
    CHECK(refused(tee_root_provider(&tdx, &machine, &root, &e), TEE_NO_DEVICE));
    CHECK(tee_root_provider(&simulator, &machine, &root, &e) == STATUS_OK);
    tee_root_simulator(&same);
    CHECK(root.kind == ROOT_SIMULATOR && memcmp(root.secret, same.secret, 32) == 0);
}

static void secret_memory(void)
{
    test_begin("memory for secrets");
    static const size_t sizes[] = {1, 100, 4096, 4097, 70000};
    for (int i = 0; i < 5; i++) {
        uint8_t *p = secret_memory_new(sizes[i]);
        CHECK(p != NULL && p[0] == 0 && p[sizes[i] - 1] == 0);
        memset(p, 1, sizes[i]);
        secret_memory_free(p, sizes[i]);
    }
    secret_memory_free(NULL, 5);
    CHECK(secret_memory_new(0) == NULL && secret_memory_new(SIZE_MAX) == NULL);
    countdown = 0;
    CHECK(secret_memory_new(10) == NULL);
    countdown = -1;
}

static enum status all_allocations(void)
{
    const struct tee_root root = file_root();
    const struct tee_snapshot s = some_registers();
    struct buffer blob = {0}, out = {0};
    enum status status = tee_seal(&root, &machine, SEAL_RUN, &strict, &s, bytes_of_string("data"), &blob, &e);
    if (status != STATUS_OK && blob.size) status = STATUS_TRAP;
    if (status == STATUS_OK)
        status = tee_unseal(&root, SEAL_RUN, bytes_of(blob.data, blob.size), &s, strict.code_hash, 7, &out, &e);
    if (status != STATUS_OK && out.size) status = STATUS_TRAP;
    buffer_free(&blob);
    buffer_free(&out);
    return status;
}

static void memory(void)
{
    test_begin("allocations that fail");
    enum status status = STATUS_NO_MEMORY;
    for (long k = 0; k < 20 && status != STATUS_OK; k++) {
        countdown = k;
        failed = false;
        status = all_allocations();
        countdown = -1;
        if (failed) CHECK(status == STATUS_NO_MEMORY);
    }
    CHECK(status == STATUS_OK && !failed);
}

int main(void)
{
    round_trip();
    changed();
    policies();
    roots();
    wrong_use();
    key_files();
    provider_roots();
    secret_memory();
    memory();
    return test_end();
}
