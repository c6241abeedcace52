/* Memory that runs out under host functions: the k-th allocation fails, for every k. A call then ends without an
 * outcome, says why, and leaks nothing; nothing that a contract does may look like its own fault. Linked
 * with --wrap (see the Makefile). */
#include "tests/host_guest.h"
#include "tests/failing_alloc.h"

/* ---- what is tried ---------------------------------------------------------------------------------------------- */

/* A sequence of host functions, each with what it ends in when there is memory. */
struct step {
    const char *name;
    enum host_error expected;
    uint64_t args[9];
};

enum { STEPS_MAX = 16 };

struct attempt {
    const char *name;
    struct step steps[STEPS_MAX];
};

/* Where things are in the guest's memory. */
enum { ZEROS = 0, TEXT = 1024, ACCOUNT = 1100, METHOD = 1200, ONE = 1300, WIDE = 1404, KEY = 1500, INDICES = 1600 };
enum { ONES = 1700 };
#define FROM_REGISTER UINT64_MAX

static const struct attempt attempts[] = {
    {"registers",
     {{"write_register", HOST_OK, {0, 5, TEXT}}, {"write_register", HOST_OK, {1, 5000, ZEROS}},
      {"input", HOST_OK, {2}}, {"write_register", HOST_OK, {0, 9000, ZEROS}}, {"current_account_id", HOST_OK, {3}},
      {"sha256", HOST_OK, {FROM_REGISTER, 0, 0}}, {"read_register", HOST_OK, {0, 0}}}},
    {"logs and values",
     {{"log_utf8", HOST_OK, {5, TEXT}}, {"log_utf16", HOST_OK, {6, WIDE}}, {"value_return", HOST_OK, {5000, ZEROS}},
      {"value_return", HOST_OK, {9000, ZEROS}}, {"log_utf8", HOST_OK, {FROM_REGISTER, TEXT}},
      {"panic_utf8", HOST_GuestPanic, {5, TEXT}}}},
    {"abort", {{"abort", HOST_GuestPanic, {WIDE, WIDE, 1, 2}}}},
    {"panic", {{"panic", HOST_GuestPanic, {0}}}},
    {"storage",
     {{"storage_write", HOST_OK, {5, TEXT, 5, TEXT, 0}}, {"storage_write", HOST_OK, {5, TEXT, 6000, ZEROS, 0}},
      {"storage_read", HOST_OK, {5, TEXT, 1}}, {"storage_has_key", HOST_OK, {5, TEXT}},
      {"storage_remove", HOST_OK, {5, TEXT, 2}}, {"storage_iter_next", HOST_Deprecated, {0, 0, 0}}}},
    {"curves",
     {{"alt_bn128_g1_sum", HOST_OK, {65, ZEROS, 0}}, {"alt_bn128_g1_multiexp", HOST_OK, {96, ZEROS, 0}},
      {"alt_bn128_pairing_check", HOST_OK, {192, ZEROS}}, {"bls12381_p1_sum", HOST_OK, {97, ZEROS, 0}},
      {"bls12381_map_fp_to_g1", HOST_OK, {48, ZEROS, 0}}, {"bls12381_g2_multiexp", HOST_OK, {224, ZEROS, 0}},
      {"bls12381_pairing_check", HOST_OK, {288, ZEROS}}, {"bls12381_p1_sum", HOST_BLS12381InvalidInput, {1, 0, 0}}}},
    {"a point that is none", {{"alt_bn128_g1_sum", HOST_AltBn128InvalidInput, {65, ONES, 0}}}},
    {"signatures",
     {{"ed25519_verify", HOST_OK, {64, ZEROS, 5, TEXT, 32, ZEROS}},
      {"ecrecover", HOST_OK, {32, ZEROS, 64, ZEROS, 0, 0, 0}},
      {"p256_verify", HOST_P256VerifyInvalidInput, {5, TEXT, 5, TEXT, 33, ZEROS}}}},
    {"promises",
     {{"promise_create", HOST_OK, {8, ACCOUNT, 4, METHOD, 5, TEXT, ONE, 1000000000000}},
      {"promise_batch_create", HOST_OK, {8, ACCOUNT}}, {"promise_and", HOST_OK, {INDICES, 2}},
      {"promise_batch_then", HOST_OK, {2, 8, ACCOUNT}}, {"promise_batch_action_transfer", HOST_OK, {3, ONE}},
      {"promise_batch_action_deploy_contract", HOST_OK, {3, 5000, ZEROS}},
      {"promise_batch_action_add_key_with_function_call", HOST_OK, {3, 33, KEY, 1, ONE, 8, ACCOUNT, 4, METHOD}},
      {"promise_batch_action_delete_key", HOST_OK, {3, 33, KEY}},
      {"promise_batch_action_state_init_by_account_id", HOST_OK, {3, 8, ACCOUNT, ONE}},
      {"promise_yield_create", HOST_OK, {4, METHOD, 5, TEXT, 1000, 1, 4}},
      {"promise_yield_resume", HOST_OK, {FROM_REGISTER, 4, 5, TEXT}}, {"promise_return", HOST_OK, {3}},
      {"promise_return", HOST_InvalidPromiseIndex, {9}}}},
};

static void place(struct guest *g)
{
    guest_put(g, TEXT, "hello");
    guest_put(g, ACCOUNT, "bob.near");
    guest_put(g, METHOD, "call");
    g->memory[ONE] = 1;
    store_le32(g->memory + WIDE - 4, 6);
    for (unsigned i = 0; i < 3; i++) store_le16(g->memory + WIDE + 2 * i, (uint16_t)(0x20ac + i));
    g->memory[INDICES + 8] = 1; /* 0, 1 */
    memset(g->memory + ONES, 0xff, 65);
}

/* Runs the steps until one ends the call. False: some allocation failed, and the call said so. */
static bool run(struct guest *g, const struct attempt *a)
{
    for (size_t i = 0; i < STEPS_MAX && a->steps[i].name; i++) {
        const struct step *s = &a->steps[i];
        const struct import_definition *d = import_find(&g->parameters, bytes_of_string(s->name));
        uint64_t result = 0;
        bool before = failed;
        enum host_error e = d ? d->function(&g->host, s->args, &result) : HOST_EXTERNAL_FAILURE;
        if (e == HOST_EXTERNAL_FAILURE && failed) {
            CHECK(g->host.no_memory && g->host.fault.error == HOST_EXTERNAL_FAILURE);
            return false;
        }
        if (e != s->expected) printf("  %s: %d, %s\n", s->name, (int)e, guest_message(g));
        CHECK(e == s->expected);
        CHECK(before == failed); /* what fails is never passed over */
        if (e != HOST_OK) break;
    }
    return true;
}

static void try_all(struct guest *g, const struct attempt *a)
{
    test_begin(a->name);
    for (int mode = 0; mode < 2; mode++) {
        bool succeeded = false;
        long k;
        for (k = 0; !succeeded && k < 1000; k++) {
            guest_begin(g);
            guest_start(g);
            place(g);
            failed = false;
            sticky = mode;
            countdown = k;
            succeeded = run(g, a);
            countdown = -1;
            guest_end(g);
        }
        CHECK(succeeded && k > 1);
    }
}

int main(void)
{
    struct guest guest;
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) try_all(&guest, &attempts[i]);
    return test_end();
}
