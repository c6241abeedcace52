/* Roots released after attestation, and keys made in the enclave: what is accepted, and every way in which it is
 * not. */
#include "crypto/ecdh.h"
#include "crypto/ed25519.h"
#include "tee/release.h"
#include "tee/signing_key.h"
#include "tests/failing_alloc.h"
#include "tests/test.h"

static struct error e;

/* Random numbers that are different each time, and the same in each run; first some that are given. */
struct numbers {
    uint32_t next;
    uint32_t fixed;                /* so many requests get bytes of this value */
    uint8_t value;
    bool broken;
};

static bool fill_random(void *self, void *data, size_t size)
{
    struct numbers *r = self;
    uint8_t *out = data;
    if (r->broken) return false;
    if (r->fixed) {
        r->fixed--;
        memset(out, r->value, size);
        return true;
    }
    for (size_t i = 0; i < size; i++) out[i] = (uint8_t)((r->next * 2654435761u) >> 8 * (i % 4)) ^ (uint8_t)(i * 29);
    r->next++;
    return true;
}

static struct numbers numbers = {.next = 1};
static const struct tee_system machine = {.random = fill_random, .self = &numbers};

static bool refused(enum status status, enum tee_refusal r)
{
    const bool ok = status == STATUS_INVALID && e.code == (int)r && e.message[0];
    if (!ok) printf("status %s, code %s: %s\n", status_name(status), tee_refusal_code((enum tee_refusal)e.code), e.message);
    return ok;
}

static struct tee_root some_root(void)
{
    struct tee_root root = {.kind = ROOT_FILE};
    for (int i = 0; i < 32; i++) root.secret[i] = (uint8_t)(i * 3 + 1);
    return root;
}

static struct tee_release_context some_context(void)
{
    return (struct tee_release_context){.digest = {1, 2, 3}, .label = bytes_of_string("runs of example.near")};
}

static struct tee_release_key *new_key(void)
{
    struct tee_release_key *key = NULL;
    CHECK(tee_release_key_new(&machine, &key, &e) == STATUS_OK);
    return key;
}

static struct bytes public_of(const struct tee_release_key *key)
{
    return bytes_of(tee_release_key_public(key), TEE_RELEASE_PUBLIC_SIZE);
}

/* Which root a receiver insists on; valid until the next one is asked for. */
static const uint8_t *root_id(const struct tee_root *root)
{
    static uint8_t id[TEE_ROOT_ID_SIZE];
    tee_release_root_id(root, id);
    return id;
}

static bool is_zero(const struct tee_root *root)
{
    unsigned any = root->kind != 0;
    for (int i = 0; i < 32; i++) any |= root->secret[i];
    return any == 0;
}

static void released(void)
{
    test_begin("a root is released");
    const struct tee_root root = some_root();
    const struct tee_release_context context = some_context();
    struct tee_release_key *key = new_key();
    struct buffer message = {0}, other = {0};
    struct tee_root got;
    uint8_t id[TEE_ROOT_ID_SIZE], own[TEE_ROOT_ID_SIZE];
    buffer_append_string(&message, "kept");
    CHECK(tee_release_wrap(&root, &machine, public_of(key), &context, &message, &e) == STATUS_OK);
    CHECK(message.size == 4 + TEE_RELEASE_MESSAGE_SIZE && memcmp(message.data, "keptNVMROOT", 12) == 0);
    CHECK(tee_release_wrap(&root, &machine, public_of(key), &context, &other, &e) == STATUS_OK);
    CHECK(memcmp(message.data + 4 + 12, other.data + 12, 65) != 0); /* a fresh key of the sender's each time */
    const struct bytes m = bytes_of(message.data + 4, message.size - 4);
    CHECK(tee_release_unwrap(key, m, &context, root_id(&root), &got, &e) == STATUS_OK);
    CHECK(got.kind == ROOT_RELEASED && memcmp(got.secret, root.secret, 32) == 0);
    tee_release_root_id(&root, id);
    tee_root_id(&got, own);
    CHECK(memcmp(id, own, sizeof id) == 0);
    CHECK(tee_release_unwrap(key, m, &context, id, &got, &e) == STATUS_OK);
    id[31] ^= 1;
    CHECK(refused(tee_release_unwrap(key, m, &context, id, &got, &e), TEE_SEAL_CORRUPT) && is_zero(&got));
    tee_release_key_free(key);
    tee_release_key_free(NULL);
    buffer_free(&message);
    buffer_free(&other);
}

static bool code_fits(size_t byte, int code)
{
    if (byte < 8) return code == TEE_FORMAT;
    if (byte < 10) return code == TEE_VERSION;
    if (byte < 12) return code == TEE_SUITE;
    if (byte < 12 + 65) return code == TEE_KEY; /* one changed bit is never a point again, see below */
    return code == TEE_SEAL_CORRUPT;
}

static void changed(void)
{
    test_begin("every bit, every length, everything that is bound");
    const struct tee_root root = some_root();
    const struct tee_release_context context = some_context();
    struct tee_release_key *key = new_key(), *other_key = new_key();
    struct buffer message = {0};
    struct tee_root got;
    CHECK(tee_release_wrap(&root, &machine, public_of(key), &context, &message, &e) == STATUS_OK);
    const struct bytes m = bytes_of(message.data, message.size);
    for (size_t bit = 0; bit < 8 * message.size; bit++) {
        message.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        CHECK(tee_release_unwrap(key, m, &context, root_id(&root), &got, &e) == STATUS_INVALID);
        CHECK(code_fits(bit / 8, e.code));
        CHECK(is_zero(&got));
        message.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t size = 0; size < message.size; size++) {
        uint8_t *copy = malloc(size ? size : 1);
        memcpy(copy, message.data, size);
        CHECK(refused(tee_release_unwrap(key, bytes_of(copy, size), &context, root_id(&root), &got, &e), TEE_LENGTH));
        free(copy);
    }
    CHECK(refused(tee_release_unwrap(other_key, m, &context, root_id(&root), &got, &e), TEE_SEAL_CORRUPT));
    CHECK(is_zero(&got));
    for (int bit = 0; bit < 256; bit++) {
        struct tee_release_context c = context;
        c.digest[bit / 8] ^= (uint8_t)(1 << bit % 8);
        CHECK(refused(tee_release_unwrap(key, m, &c, root_id(&root), &got, &e), TEE_SEAL_CORRUPT));
    }
    static const char *const labels[] = {"", "runs of example.nea", "runs of example.near ", "Runs of example.near"};
    for (int i = 0; i < 4; i++) {
        struct tee_release_context c = context;
        c.label = bytes_of_string(labels[i]);
        CHECK(refused(tee_release_unwrap(key, m, &c, root_id(&root), &got, &e), TEE_SEAL_CORRUPT));
    }
    /* another point of the curve in the sender's place: his key with y negated is one */
    static const uint8_t p[32] = {0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff,
                                  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    int borrow = 0;
    for (int i = 31; i >= 0; i--) {
        const int d = p[i] - message.data[12 + 33 + i] - borrow;
        message.data[12 + 33 + i] = (uint8_t)d;
        borrow = d < 0;
    }
    CHECK(refused(tee_release_unwrap(key, m, &context, root_id(&root), &got, &e), TEE_SEAL_CORRUPT));
    tee_release_key_free(key);
    tee_release_key_free(other_key);
    buffer_free(&message);
}

static void wrong_use(void)
{
    test_begin("wrong keys, labels, random numbers");
    const struct tee_root root = some_root();
    struct tee_release_context context = some_context();
    struct tee_release_key *key = new_key(), *none = NULL;
    uint8_t point[66] = {0};
    struct buffer message = {0};
    struct tee_root got;
    char label[TEE_RELEASE_LABEL_MAX + 1] = {0};
    memcpy(point, public_of(key).data, 65);
    CHECK(refused(tee_release_wrap(&root, &machine, bytes_of(point, 64), &context, &message, &e), TEE_KEY));
    CHECK(refused(tee_release_wrap(&root, &machine, bytes_of(point, 66), &context, &message, &e), TEE_KEY));
    CHECK(refused(tee_release_wrap(&root, &machine, bytes_of(NULL, 0), &context, &message, &e), TEE_KEY));
    point[40] ^= 1;
    CHECK(refused(tee_release_wrap(&root, &machine, bytes_of(point, 65), &context, &message, &e), TEE_KEY));
    context.label = bytes_of(label, sizeof label);
    CHECK(refused(tee_release_wrap(&root, &machine, public_of(key), &context, &message, &e), TEE_LIMIT));
    CHECK(refused(tee_release_unwrap(key, bytes_of(point, 65), &context, root_id(&root), &got, &e), TEE_LIMIT));
    CHECK(message.size == 0);
    context.label.size--;
    CHECK(tee_release_wrap(&root, &machine, public_of(key), &context, &message, &e) == STATUS_OK);
    CHECK(tee_release_unwrap(key, bytes_of(message.data, message.size), &context, root_id(&root), &got, &e) ==
          STATUS_OK);
    numbers.broken = true;
    CHECK(tee_release_wrap(&root, &machine, public_of(key), &context, &message, &e) == STATUS_IO);
    CHECK(tee_release_key_new(&machine, &none, &e) == STATUS_IO && !none);
    numbers.broken = false;
    CHECK(message.size == TEE_RELEASE_MESSAGE_SIZE);
    /* numbers that are no secrets of the curve are passed over, to a limit */
    numbers.fixed = 15, numbers.value = 0;
    CHECK(tee_release_key_new(&machine, &none, &e) == STATUS_OK && tee_release_key_public(none)[0] == 4);
    tee_release_key_free(none);
    numbers.fixed = 16, numbers.value = 0xff;
    CHECK(tee_release_key_new(&machine, &none, &e) == STATUS_IO && !none);
    tee_release_key_free(key);
    buffer_free(&message);
}

/* ---- signing keys --------------------------------------------------------------------------------------------------- */

static void signatures(void)
{
    test_begin("statements signed by a key of the enclave's");
    struct tee_signing_key *key = NULL;
    uint8_t statement[32] = {9, 8, 7}, signature[64], message[22 + 32 + 3 + 8] = "nvm-tee-statement-v2", public_key[32];
    const struct bytes purpose = bytes_of_string("run");
    const struct tee_signed good = {statement, ORIGIN_VERIFIED, purpose, 0x0102030405060708};
    struct tee_signed what = good;
    CHECK(tee_signing_key_new(&machine, &key, &e) == STATUS_OK);
    const struct bytes k = bytes_of(public_key, 32);
    memcpy(public_key, tee_signing_key_public(key), 32);
    CHECK(tee_signing_key_sign(key, &good, signature, &e) == STATUS_OK);
    CHECK(tee_statement_verify(k, &good, signature, &e) == STATUS_OK);
    /* the message of the header, written down a second time */
    message[21] = 2;
    memcpy(message + 22, statement, 32);
    memcpy(message + 54, "run\x08\x07\x06\x05\x04\x03\x02\x01", 11);
    CHECK(ed25519_verify(public_key, bytes_of(message, sizeof message), signature));
    for (int bit = 0; bit < 512; bit++) {
        signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
        CHECK(refused(tee_statement_verify(k, &good, signature, &e),
                      TEE_STATEMENT_SIGNATURE));
        signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (int bit = 0; bit < 256; bit++) {
        statement[bit / 8] ^= (uint8_t)(1 << bit % 8);
        CHECK(refused(tee_statement_verify(k, &good, signature, &e),
                      TEE_STATEMENT_SIGNATURE));
        statement[bit / 8] ^= (uint8_t)(1 << bit % 8);
        public_key[bit / 8] ^= (uint8_t)(1 << bit % 8);
        CHECK(tee_statement_verify(k, &good, signature, &e) == STATUS_INVALID &&
              (e.code == TEE_KEY || e.code == TEE_STATEMENT_SIGNATURE));
        public_key[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (int bit = 0; bit < 64; bit++) {
        what.time = good.time ^ (uint64_t)1 << bit;
        CHECK(refused(tee_statement_verify(k, &what, signature, &e), TEE_STATEMENT_SIGNATURE));
    }
    what = good;
    for (int origin = 0; origin < 256; origin++) {
        what.origin = (enum tee_origin)origin;
        if (origin != ORIGIN_VERIFIED)
            CHECK(refused(tee_statement_verify(k, &what, signature, &e), TEE_STATEMENT_SIGNATURE));
    }
    static const char *const purposes[] = {"", "ru", "run ", "Run", "run\x08"};
    what = good;
    for (int i = 0; i < 5; i++) {
        what.purpose = bytes_of_string(purposes[i]);
        CHECK(refused(tee_statement_verify(k, &what, signature, &e), TEE_STATEMENT_SIGNATURE));
    }
    char large[TEE_SIGNING_PURPOSE_MAX + 1] = {0};
    what.purpose = bytes_of(large, sizeof large);
    CHECK(refused(tee_signing_key_sign(key, &what, signature, &e), TEE_LIMIT));
    CHECK(refused(tee_statement_verify(k, &what, signature, &e), TEE_LIMIT));
    what.purpose.size--;
    CHECK(tee_signing_key_sign(key, &what, signature, &e) == STATUS_OK);
    CHECK(tee_statement_verify(k, &what, signature, &e) == STATUS_OK);
    CHECK(refused(tee_statement_verify(bytes_of(public_key, 31), &good, signature, &e), TEE_KEY));
    /* a bare hash has a label of its own, and what was signed before there were origins is nothing any more */
    what = (struct tee_signed){statement, ORIGIN_NONE, purpose, good.time};
    CHECK(tee_signing_key_sign(key, &what, signature, &e) == STATUS_OK);
    message[21] = 0;
    CHECK(!ed25519_verify(public_key, bytes_of(message, sizeof message), signature));
    memcpy(message, "nvm-tee-unchecked-v1", 21);
    CHECK(ed25519_verify(public_key, bytes_of(message, sizeof message), signature));
    tee_signing_key_free(key);
    tee_signing_key_free(NULL);
}

/* The eight points of small order: with R the neutral element and s = 0, some of them verify some messages. */
static void small_order(void)
{
    test_begin("keys of small order");
    static const uint8_t order_8[32] = {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
                                        0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
                                        0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05};
    uint8_t keys[6][32] = {{1}, {0}, {0xec}, {0}, {0}, {0}}, signature[64] = {1};
    memset(keys[2] + 1, 0xff, 30), keys[2][31] = 0x7f;
    keys[3][31] = 0x80;
    memcpy(keys[4], order_8, 32);
    memcpy(keys[5], order_8, 32), keys[5][31] |= 0x80;
    unsigned would_pass = 0;
    for (int i = 0; i < 6; i++)
        for (uint8_t n = 0; n < 40; n++) {
            const uint8_t statement[32] = {n};
            const struct tee_signed what = {statement, ORIGIN_EXECUTED, {0}, 0};
            uint8_t message[22 + 32 + 8] = "nvm-tee-statement-v2";
            message[21] = ORIGIN_EXECUTED;
            message[22] = n;
            would_pass += ed25519_verify(keys[i], bytes_of(message, sizeof message), signature);
            CHECK(refused(tee_statement_verify(bytes_of(keys[i], 32), &what, signature, &e), TEE_KEY));
        }
    CHECK(would_pass > 40); /* else the check would be for nothing */
}

/* ---- kept keys, memory ---------------------------------------------------------------------------------------------- */

static void kept(void)
{
    test_begin("keys under a root");
    const struct tee_root root = some_root();
    const struct tee_seal_policy policy = {0};
    struct tee_root other_root = root, got;
    struct tee_release_key *key = new_key(), *again = NULL;
    struct tee_signing_key *signing = NULL, *signing_again = NULL;
    struct buffer a = {0}, b = {0}, message = {0}, long_data = {0};
    const struct tee_release_context context = some_context();
    other_root.secret[0] ^= 1;
    CHECK(tee_signing_key_new(&machine, &signing, &e) == STATUS_OK);
    CHECK(tee_release_key_seal(key, &root, &machine, &policy, NULL, &a, &e) == STATUS_OK);
    CHECK(tee_signing_key_seal(signing, &root, &machine, &policy, NULL, &b, &e) == STATUS_OK);
    const struct bytes release_blob = bytes_of(a.data, a.size), signing_blob = bytes_of(b.data, b.size);
    CHECK(tee_release_key_unseal(&root, release_blob, NULL, NULL, &again, &e) == STATUS_OK);
    CHECK(tee_signing_key_unseal(&root, signing_blob, NULL, NULL, &signing_again, &e) == STATUS_OK);
    CHECK(bytes_equal(public_of(key), public_of(again)));
    CHECK(memcmp(tee_signing_key_public(signing), tee_signing_key_public(signing_again), 32) == 0);
    CHECK(tee_release_wrap(&root, &machine, public_of(key), &context, &message, &e) == STATUS_OK);
    CHECK(tee_release_unwrap(again, bytes_of(message.data, message.size), &context, root_id(&root), &got, &e) ==
          STATUS_OK);
    tee_release_key_free(again);
    tee_signing_key_free(signing_again);
    /* neither is the other, and data of the same length is no key */
    CHECK(refused(tee_release_key_unseal(&root, signing_blob, NULL, NULL, &again, &e), TEE_FORMAT) && !again);
    CHECK(refused(tee_signing_key_unseal(&root, release_blob, NULL, NULL, &signing_again, &e), TEE_FORMAT));
    CHECK(!signing_again);
    CHECK(refused(tee_signing_key_unseal(&other_root, signing_blob, NULL, NULL, &signing_again, &e), TEE_SEAL_CORRUPT));
    CHECK(tee_seal(&root, &machine, SEAL_KEY, &policy, NULL, bytes_of("", 0), &long_data, &e) == STATUS_OK);
    CHECK(refused(tee_signing_key_unseal(&root, bytes_of(long_data.data, long_data.size), NULL, NULL, &signing_again, &e),
                  TEE_FORMAT));
    uint8_t zero_key[64] = "nvm-release-key-v1";
    long_data.size = 0;
    CHECK(tee_seal(&root, &machine, SEAL_KEY, &policy, NULL, bytes_of(zero_key, 64), &long_data, &e) == STATUS_OK);
    CHECK(refused(tee_release_key_unseal(&root, bytes_of(long_data.data, long_data.size), NULL, NULL, &again, &e), TEE_KEY));
    tee_release_key_free(key);
    tee_signing_key_free(signing);
    buffer_free(&a), buffer_free(&b), buffer_free(&message), buffer_free(&long_data);
}

static enum status all_allocations(void)
{
    const struct tee_root root = some_root();
    const struct tee_seal_policy policy = {0};
    const struct tee_release_context context = some_context();
    struct tee_release_key *key = NULL, *again = NULL;
    struct tee_signing_key *signing = NULL, *signing_again = NULL;
    struct buffer message = {0}, blob = {0}, signing_blob = {0};
    struct tee_root got;
    enum status s = tee_release_key_new(&machine, &key, &e);
    if (s == STATUS_OK) s = tee_signing_key_new(&machine, &signing, &e);
    if (s == STATUS_OK) s = tee_release_wrap(&root, &machine, public_of(key), &context, &message, &e);
    const struct bytes m = bytes_of(message.data, message.size);
    if (s == STATUS_OK) s = tee_release_unwrap(key, m, &context, root_id(&root), &got, &e);
    if (s == STATUS_OK) s = tee_release_key_seal(key, &root, &machine, &policy, NULL, &blob, &e);
    if (s == STATUS_OK) s = tee_release_key_unseal(&root, bytes_of(blob.data, blob.size), NULL, NULL, &again, &e);
    if (s == STATUS_OK) s = tee_signing_key_seal(signing, &root, &machine, &policy, NULL, &signing_blob, &e);
    if (s == STATUS_OK)
        s = tee_signing_key_unseal(&root, bytes_of(signing_blob.data, signing_blob.size), NULL, NULL, &signing_again, &e);
    tee_release_key_free(key), tee_release_key_free(again);
    tee_signing_key_free(signing), tee_signing_key_free(signing_again);
    buffer_free(&message), buffer_free(&blob), buffer_free(&signing_blob);
    return s;
}

static void memory(void)
{
    test_begin("allocations that fail");
    enum status status = STATUS_NO_MEMORY;
    for (long k = 0; k < 100 && status != STATUS_OK; k++) {
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
    released();
    changed();
    wrong_use();
    signatures();
    small_order();
    kept();
    memory();
    return test_end();
}
