#include "near/crypto_hash.h"

#include "base/base58.h"
#include "crypto/sha2.h"

bool crypto_hash_is_zero(const struct crypto_hash *h)
{
    static const struct crypto_hash zero;
    return crypto_hash_equal(h, &zero);
}

struct crypto_hash crypto_hash_of(struct bytes input)
{
    struct crypto_hash h;
    sha256(input, h.bytes);
    return h;
}

/* Base58 of 32 bytes without allocating: the number is divided by 58 until nothing is left of it. */
const char *crypto_hash_text(const struct crypto_hash *h, char out[static CRYPTO_HASH_TEXT_SIZE])
{
    static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    uint8_t number[CRYPTO_HASH_SIZE];
    char reversed[CRYPTO_HASH_TEXT_SIZE];
    size_t zeros = 0, digits = 0;
    memcpy(number, h->bytes, sizeof number);
    while (zeros < sizeof number && number[zeros] == 0) zeros++;
    for (size_t first = zeros; first < sizeof number;) {
        unsigned remainder = 0;
        for (size_t i = first; i < sizeof number; i++) {
            const unsigned digit = remainder << 8 | number[i];
            number[i] = (uint8_t)(digit / 58);
            remainder = digit % 58;
        }
        reversed[digits++] = alphabet[remainder];
        while (first < sizeof number && number[first] == 0) first++;
    }
    memset(out, '1', zeros);
    for (size_t i = 0; i < digits; i++) out[zeros + i] = reversed[digits - 1 - i];
    out[zeros + digits] = 0;
    return out;
}

bool crypto_hash_parse(struct bytes text, struct crypto_hash *out)
{
    if (text.size >= CRYPTO_HASH_TEXT_SIZE) return false;
    uint8_t number[CRYPTO_HASH_SIZE] = {0};
    size_t ones = 0, zeros = 0;
    while (ones < text.size && text.data[ones] == '1') ones++;
    for (size_t i = 0; i < text.size; i++) {
        const int digit = base58_digit((char)text.data[i]);
        if (digit < 0) return false;
        unsigned carry = (unsigned)digit;
        for (size_t j = sizeof number; j-- > 0;) {
            carry += number[j] * 58u;
            number[j] = (uint8_t)carry;
            carry >>= 8;
        }
        if (carry) return false; /* more than 32 bytes */
    }
    while (zeros < sizeof number && number[zeros] == 0) zeros++;
    if (ones != zeros) return false; /* another number of bytes, or written otherwise */
    memcpy(out->bytes, number, sizeof number);
    return true;
}
