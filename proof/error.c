#include "proof/execution_proof.h"

bool proof_scheme_valid(struct bytes scheme)
{
    for (size_t i = 0; i < scheme.size; i++) {
        const uint8_t c = scheme.data[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-') return false;
    }
    return scheme.size > 0 && scheme.size <= PROOF_SCHEME_MAX;
}

const char *proof_error_name(enum proof_error code)
{
    static const char *const names[] = {
#define X(name, text) #name,
#include "proof/errors.def"
#undef X
    };
    return code > PROOF_NO_ERROR && code < PROOF_ERROR_COUNT ? names[code - 1] : "unknown";
}

const char *proof_error_text(enum proof_error code)
{
    static const char *const texts[] = {
#define X(name, text) text,
#include "proof/errors.def"
#undef X
    };
    return code > PROOF_NO_ERROR && code < PROOF_ERROR_COUNT ? texts[code - 1] : "unknown";
}
