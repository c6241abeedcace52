/* What a VCEK or VLEK certificate says of the chip and its TCB ("Versioned Chip Endorsement Key (VCEK) Certificate and
 * KDS Interface Specification", AMD 57230): extensions 1.3.6.1.4.1.3704.1.*. */
#ifndef TEE_SNP_CERT_H
#define TEE_SNP_CERT_H

#include "tee/snp_report.h"
#include "tee/x509.h"

struct snp_cert {
    uint8_t tcb[SNP_TCB_SIZE];     /* in the order of the product's reports */
    struct bytes hwid;             /* VCEK: 64 bytes, Turin 8; VLEK: none */
    struct bytes product_name;     /* "Milan-B0", "Milan" */
    struct bytes csp_id;           /* VLEK: the provider whom it belongs to */
};

/* `product` is what the chain is for: the name and structure version in the certificate must be of the same product.
 * Refusals: extension, hwid, product. */
enum status snp_cert_read(const struct certificate *c, enum snp_signer kind, enum snp_product product,
                          struct snp_cert *out, struct error *e);

#endif
