/* What the certificate of a platform's provisioning certification key (PCK) says of the platform: Intel's extension
 * 1.2.840.113741.1.13.1 ("Intel SGX PCK Certificate and Certificate Revocation List Profile Specification", 1.3.5). */
#ifndef TEE_PCK_H
#define TEE_PCK_H

#include "tee/tcb_level.h"
#include "tee/x509.h"

struct pck_extension {
    uint8_t ppid[16];
    struct platform_tcb tcb;
    uint8_t cpu_svn[16];
    uint8_t pce_id[2], fmspc[6];
};

/* Reads the extension strictly: every entry once, none that is not known, CPUSVN equal to the components. Refusal
 * pck-extension. */
enum status pck_extension_read(const struct certificate *leaf, struct pck_extension *out, struct error *e);

#endif
