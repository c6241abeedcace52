/* The parts of which certificates and revocation lists are made; shared by the files x509_*.c alone. */
#ifndef TEE_X509_PARTS_H
#define TEE_X509_PARTS_H

#include "tee/x509.h"

/* An OID as a view of its contents. */
#define OID(...) bytes_of((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

#define OID_KEY_USAGE OID(0x55, 0x1d, 0x0f)
#define OID_BASIC_CONSTRAINTS OID(0x55, 0x1d, 0x13)

/* Reads a Name and looks at its form; the whole of it, with its tag. */
struct bytes name_read(struct der_reader *r);

/* What an AlgorithmIdentifier (with its tag) says of a signature. Refusals: der, alg, pss-params. */
enum status signature_algorithm_read(struct bytes algorithm, enum signature_kind *out, struct error *e);
/* A SubjectPublicKeyInfo (with its tag). Refusals: der, alg, key. Whether a point is on its curve is left to
 * whoever uses it. */
enum status public_key_read(struct bytes info, struct public_key_info *out, struct error *e);
/* Refusals: alg (the key is of another kind than the signature), or `wrong`. */
enum status signature_check(struct bytes message, enum signature_kind kind, struct bytes signature,
                            const struct public_key_info *key, enum tee_refusal wrong, const char *what,
                            struct error *e);

struct extension {
    struct bytes oid, value;
    bool critical;
};
/* The next one of a SEQUENCE OF Extension; zero after a failure. */
struct extension extension_read(struct der_reader *r);
/* That all are well-formed, none is there twice, and critical ones are known. Refusals: der, duplicate-extension,
 * critical-extension, limit. */
enum status extensions_check(struct bytes list, const struct bytes *known, size_t known_count, const char *what,
                             struct error *e);
bool extension_find(struct bytes list, struct bytes oid, struct bytes *value);

#endif
