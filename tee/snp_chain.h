/* From a VCEK or VLEK to AMD's root: finding the certificates and checking them. */
#ifndef TEE_SNP_CHAIN_H
#define TEE_SNP_CHAIN_H

#include "tee/snp_files.h"
#include "tee/snp_report.h"

/* Refers to the files and the roots. */
struct snp_chain {
    const struct certificate *leaf, *ask; /* ASK: or ASVK */
    struct certificate ark;
    enum snp_signer kind;
    enum snp_product product;      /* of all three */
};

/* Finds the certificates of that kind of leaf, and that they are of one product. Nothing is verified. Refusals: signer,
 * collateral-missing, chain, product, root-mismatch, key-size, alg. */
enum status snp_chain_find(const struct snp_files *files, enum snp_signer kind, const struct tee_input *in,
                           struct snp_chain *out, struct error *e);
/* Signatures, times, usages. Refusals: those of chain_verify. */
enum status snp_chain_verify(const struct snp_chain *c, const struct tee_input *in, struct error *e);
/* Revocation of the ASK by a list of the ARK's. *list: the list that was looked at; null: there is none and none is
 * needed. Refusals: crl-missing, crl-issuer, crl-signature, expired-crl, revoked, alg. */
enum status snp_chain_revocation(const struct snp_chain *c, const struct snp_files *files, const struct tee_input *in,
                                 const struct crl **list, struct error *e);

#endif
