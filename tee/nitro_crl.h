/* Revocation lists for the certificates of Nitro's documents: files that came along (DER, or PEM "X509 CRL"). AWS' own
 * description of the checking leaves them out, so they are asked for only if the policy does (require_crl); but one that
 * is there is heeded. */
#ifndef TEE_NITRO_CRL_H
#define TEE_NITRO_CRL_H

#include "tee/evidence.h"
#include "tee/x509.h"

/* `chain` is from the leaf to the root and has been verified. Each certificate below the root is looked up in the list of
 * its issuer; a list is missed only of issuers whose key may sign one (instances' may not). Lowers v->valid_until to the lists' next update and adds a line. Refusals: crl-missing, crl-format,
 * crl-signature, expired-crl, revoked, der, pem, alg. */
enum status nitro_check_crls(const struct tee_input *in, const struct certificate *const *chain, size_t count,
                             struct tee_verdict *v, struct error *e);

#endif
