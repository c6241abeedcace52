#include "tee/evidence.h"

/* COSE_Sign1 in CBOR, tagged (18) or not: an array of four that begins with a byte string of four. */
static bool looks_like_nitro(struct bytes b)
{
    size_t i = b.size > 0 && b.data[0] == 0xd2 ? 1 : 0;
    return b.size >= i + 2 && b.data[i] == 0x84 && b.data[i + 1] == 0x44;
}

/* The header of a DCAP quote: version, kind of attestation key, kind of enclave. */
static enum tee_platform looks_like_quote(struct bytes b)
{
    if (b.size < 48) return TEE_NO_PLATFORM;
    const unsigned version = load_le16(b.data), key_type = load_le16(b.data + 2);
    if (version < 3 || version > 5 || (key_type != 2 && key_type != 3)) return TEE_NO_PLATFORM;
    switch (load_le32(b.data + 4)) {
    case 0: return TEE_SGX;
    case 0x81: return TEE_TDX;
    default: return TEE_NO_PLATFORM;
    }
}

/* An attestation report: version, and 1 as the algorithm of its signature. */
static bool looks_like_snp(struct bytes b)
{
    if (b.size < 0x38) return false;
    const uint32_t version = load_le32(b.data);
    return version >= 2 && version <= 5 && load_le32(b.data + 0x34) == 1;
}

enum tee_platform tee_evidence_platform(struct bytes evidence)
{
    if (looks_like_nitro(evidence)) return TEE_NITRO;
    if (looks_like_snp(evidence)) return TEE_SNP;
    return looks_like_quote(evidence);
}
