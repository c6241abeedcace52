#include "proof/execution_proof.h"

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
