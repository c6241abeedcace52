/* The table of certificates that an extended report request gives: GHCB specification (AMD 56421), 4.1.8.1. Entries of a
 * GUID, an offset and a length, up to one that is all zero; then the certificates. */
#ifndef TEE_SNP_CERT_TABLE_H
#define TEE_SNP_CERT_TABLE_H

#include "base/bytes.h"
#include "tee/refusal.h"

/* Views of the table, DER or PEM as the host put them there; empty: not there. */
struct snp_cert_table {
    struct bytes vcek, vlek, ask, ark, crl;
};

/* Entries of other GUIDs are passed over, but must be within the table. Refusal: cert-table (cut short, no end, an offset
 * past the end or into the entries, two that overlap, the same GUID twice, an empty certificate). */
enum status snp_cert_table_read(struct bytes table, struct snp_cert_table *out, struct error *e);

#endif
