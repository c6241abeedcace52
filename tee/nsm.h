/* Nitro's security module inside an enclave, /dev/nsm (Linux, uapi/linux/nsm.h): requests and answers are CBOR. */
#ifndef TEE_NSM_H
#define TEE_NSM_H

#include "tee/provider.h"

#define NSM_DEVICE "/dev/nsm"

enum { NSM_REQUEST_MAX = 0x1000, NSM_RESPONSE_MAX = 0x3000 };

/* What the module says about itself. */
struct nsm_description {
    uint64_t version[3];           /* major, minor, patch */
    char module_id[128], digest[16];
    uint64_t max_pcrs;
    uint64_t locked_pcrs;          /* a bit for each of the first 64 */
};

/* All open the device, ask once and close it. Refusals: no-device, limit, format, device (with the module's own name for
 * the error), busy, empty. */

/* Appends the document. Null data is sent as null. */
struct nsm_attestation {
    struct bytes user_data, nonce, public_key;
};
enum status nsm_attest(const struct tee_system *s, const struct nsm_attestation *q, struct buffer *document,
                       struct error *e);
enum status nsm_describe(const struct tee_system *s, struct nsm_description *out, struct error *e);
/* One register; *locked may be null. */
enum status nsm_describe_pcr(const struct tee_system *s, unsigned index, uint8_t value[48], bool *locked,
                             struct error *e);

#endif
