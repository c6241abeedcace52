/* Cases of the cryptographic host functions alone: {"fn", "args", "ret", "out", "error"}. Compared are the value
 * returned, what went into the register, and kind and message of the error. */
#include "crypto/host_functions.h"
#include "tests/conformance.h"

#define MAX_ARGUMENTS 4

/* Parameters as the host function has them: byte strings, then plain numbers. */
struct call {
    struct buffer bytes[MAX_ARGUMENTS];
    uint64_t numbers[MAX_ARGUMENTS];
    unsigned byte_strings, number_count;
};

typedef enum status one_input(struct bytes value, struct host_crypto_result *r, struct error *e);
typedef enum status one_input_with_fix(struct bytes value, bool fix, struct host_crypto_result *r, struct error *e);
typedef enum status three_inputs(struct bytes a, struct bytes b, struct bytes c, struct host_crypto_result *r,
                                 struct error *e);

/* Each function has exactly one of the pointers, or none: ecrecover. */
struct function {
    const char *name;
    one_input *one;
    one_input_with_fix *bls;
    three_inputs *three;
    bool returns; /* a value, besides the register */
};

static const struct function functions[] = {
    {"sha256", .one = host_sha256},
    {"keccak256", .one = host_keccak256},
    {"keccak512", .one = host_keccak512},
    {"sha3_256", .one = host_sha3_256},
    {"sha3_384", .one = host_sha3_384},
    {"sha3_512", .one = host_sha3_512},
    {"ripemd160", .one = host_ripemd160},
    {"ecrecover", .returns = true},
    {"ed25519_verify", .three = host_ed25519_verify, .returns = true},
    {"p256_verify", .three = host_p256_verify, .returns = true},
    {"ml_dsa_verify", .three = host_ml_dsa_verify, .returns = true},
    {"alt_bn128_g1_multiexp", .one = host_alt_bn128_g1_multiexp},
    {"alt_bn128_g1_sum", .one = host_alt_bn128_g1_sum},
    {"alt_bn128_pairing_check", .one = host_alt_bn128_pairing_check, .returns = true},
    {"bls12381_p1_sum", .bls = host_bls12381_p1_sum, .returns = true},
    {"bls12381_p2_sum", .bls = host_bls12381_p2_sum, .returns = true},
    {"bls12381_g1_multiexp", .bls = host_bls12381_g1_multiexp, .returns = true},
    {"bls12381_g2_multiexp", .bls = host_bls12381_g2_multiexp, .returns = true},
    {"bls12381_map_fp_to_g1", .bls = host_bls12381_map_fp_to_g1, .returns = true},
    {"bls12381_map_fp2_to_g2", .bls = host_bls12381_map_fp2_to_g2, .returns = true},
    {"bls12381_p1_decompress", .bls = host_bls12381_p1_decompress, .returns = true},
    {"bls12381_p2_decompress", .bls = host_bls12381_p2_decompress, .returns = true},
    {"bls12381_pairing_check", .one = host_bls12381_pairing_check, .returns = true},
};

static bool recognises(struct json *json)
{
    return conformance_member(json, "fn") && json_is(conformance_member(json, "args"), JSON_ARRAY);
}

static const struct function *find_function(const char *name)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (strcmp(functions[i].name, name) == 0) return &functions[i];
    }
    return NULL;
}

static bool read_arguments(struct json *arguments, struct call *call)
{
    const size_t count = json_length(arguments);
    if (count > MAX_ARGUMENTS) return false;
    for (size_t i = 0; i < count; i++) {
        struct json *argument = json_at(arguments, i);
        if (json_is(argument, JSON_STRING)) {
            if (!conformance_decode_hex(&call->bytes[call->byte_strings++], json_chars(argument)))
                return false;
        } else {
            call->numbers[call->number_count++] = json_number(argument);
        }
    }
    return true;
}

/* The cases are of version 88, which has no bls12381_not_in_group_fix, unless a case says otherwise. */
static bool call_function(const struct function *f, struct json *json, const struct call *call,
                          struct host_crypto_result *r)
{
    struct bytes a[MAX_ARGUMENTS];
    struct error e = {0};
    for (unsigned i = 0; i < MAX_ARGUMENTS; i++) a[i] = bytes_of(call->bytes[i].data, call->bytes[i].size);
    const unsigned wanted_bytes = f->three ? 3 : f->one || f->bls ? 1 : 2, wanted_numbers = wanted_bytes == 2 ? 2 : 0;
    if (call->byte_strings != wanted_bytes || call->number_count != wanted_numbers) return false;
    const bool fix = json_truth(conformance_member(json, "not_in_group_fix"));
    enum status status = f->three ? f->three(a[0], a[1], a[2], r, &e)
                         : f->one ? f->one(a[0], r, &e)
                         : f->bls ? f->bls(a[0], fix, r, &e)
                                  : host_ecrecover(a[0], a[1], call->numbers[0], call->numbers[1], r, &e);
    return status == STATUS_OK;
}

static void compare_error(struct conformance_case *c, struct json *wanted, struct host_crypto_result *r)
{
    conformance_null(c, "error", !wanted, r->error == HOST_CRYPTO_NO_ERROR);
    if (!wanted || r->error == HOST_CRYPTO_NO_ERROR) return;
    struct buffer text = {0};
    buffer_printf(&text, "HostError.%s", host_crypto_error_name(r->error));
    buffer_append_byte(&text, 0);
    if (!text.failed) conformance_text(c, "error.kind", conformance_member_text(wanted, "kind"), (char *)text.data);
    text.size = 0;
    buffer_append_string(&text, host_crypto_error_prefix(r->error));
    buffer_append(&text, r->message.data, r->message.size);
    buffer_append_byte(&text, 0);
    if (!text.failed)
        conformance_text(c, "error.message", conformance_member_text(wanted, "message"), (char *)text.data);
    buffer_free(&text);
}

static void compare(struct conformance_case *c, const struct function *f, struct host_crypto_result *r)
{
    struct json *ret = conformance_member(c->json, "ret"), *out = conformance_member(c->json, "out");
    struct buffer hex = {0};
    const bool failed = r->error != HOST_CRYPTO_NO_ERROR;
    compare_error(c, conformance_member(c->json, "error"), r);

    conformance_null(c, "ret", !ret, failed || !f->returns);
    if (ret && !failed) conformance_u64(c, "ret", json_number(ret), r->ret);

    /* The vectors do not tell an empty register from one never written. */
    const bool wrote = !failed && r->writes_register && r->out.size > 0;
    conformance_null(c, "out", !out, !wrote);
    if (out && wrote) {
        const char *got = conformance_encode_hex(&hex, bytes_of(r->out.data, r->out.size));
        conformance_text(c, "out", json_chars(out), got ? got : "(no memory)");
    }
    buffer_free(&hex);
}

static void run(struct conformance_case *c)
{
    struct call call = {0};
    struct host_crypto_result r = {0};
    const struct function *f = find_function(conformance_member_text(c->json, "fn"));
    if (!f) conformance_difference(c, "fn", "unknown function");
    else if (!read_arguments(conformance_member(c->json, "args"), &call))
        conformance_difference(c, "args", "malformed");
    else if (!call_function(f, c->json, &call, &r)) conformance_difference(c, "args", "wrong number, or no memory");
    else compare(c, f, &r);
    for (unsigned i = 0; i < MAX_ARGUMENTS; i++) buffer_free(&call.bytes[i]);
    host_crypto_result_free(&r);
}

const struct conformance_kind conformance_crypto = {"crypto", recognises, run};
