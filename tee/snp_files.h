/* What came with a report: certificates and revocation lists, in files of several forms. */
#ifndef TEE_SNP_FILES_H
#define TEE_SNP_FILES_H

#include "tee/evidence.h"
#include "tee/x509.h"

enum { SNP_MAX_CERTIFICATES = 16, SNP_MAX_CRLS = 8 };

/* Refers to the files. Release with snp_files_free. */
struct snp_files {
    struct certificate certificates[SNP_MAX_CERTIFICATES];
    struct crl crls[SNP_MAX_CRLS];
    uint32_t certificate_count, crl_count;
    struct arena arena;
};

/* Reads all files: PEM (certificates or revocation lists), DER of either, or a certificate table, told apart by contents.
 * The same certificate twice counts once. Refusals: those of certificate_read, crl_read, pem_next and
 * snp_cert_table_read; signer (the table has a VLEK's certificate in the place of a VCEK's, or the reverse); limit. */
enum status snp_files_read(const struct tee_file *files, uint32_t count, struct snp_files *out, struct error *e);
void snp_files_free(struct snp_files *f);

#endif
