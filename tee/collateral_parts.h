/* What collateral consists of, piece by piece: inner interface of collateral.h. */
#ifndef TEE_COLLATERAL_PARTS_H
#define TEE_COLLATERAL_PARTS_H

#include "tee/collateral.h"

/* Each refuses a second piece that is another one (collateral). Texts are copied. */
enum status collateral_add_chain(struct dcap_collateral *c, struct certificate_list *place, struct bytes pem,
                                 struct error *e);
enum status collateral_add_root_crl(struct dcap_collateral *c, const struct crl *crl, struct error *e);
enum status collateral_add_pck_crl(struct dcap_collateral *c, const struct crl *crl, struct error *e);
enum status collateral_add_document(struct dcap_collateral *c, struct signed_document *place, struct bytes text,
                                    enum tee_refusal format, struct error *e);
/* `signature`: 128 hexadecimal digits. */
enum status collateral_add_signature(struct signed_document *place, struct bytes signature, enum tee_refusal format,
                                     struct error *e);

/* A CRL as PEM, DER or hexadecimal. */
enum status collateral_read_crl(struct dcap_collateral *c, struct bytes text, struct crl *out, struct error *e);
/* Hexadecimal digits with white space around them. False with *e set. */
enum status collateral_read_hex(struct dcap_collateral *c, struct bytes text, struct bytes *out, struct error *e);
/* A copy in the arena. */
enum status collateral_own(struct dcap_collateral *c, struct bytes data, struct bytes *out, struct error *e);

/* A file that is a JSON object. */
enum status collateral_add_json(struct dcap_collateral *c, struct bytes text, struct error *e);

struct bytes collateral_trim(struct bytes text); /* without white space around it */

#endif
