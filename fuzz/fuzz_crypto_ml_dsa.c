/* ML-DSA-65: any key and signature. The input is repeated to fill them, and the last bytes, which are hints, are taken
 * as they are, so that short inputs reach all the code. */
#include <stdlib.h>

#include "crypto/ml_dsa.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HINTS_SIZE 61

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size <= HINTS_SIZE) return 0;
    static const uint8_t empty[1] = {0};
    uint8_t key[ML_DSA_65_PUBLIC_KEY_SIZE], signature[ML_DSA_65_SIGNATURE_SIZE];
    const size_t rest = size - HINTS_SIZE;
    for (size_t i = 0; i < sizeof key; i++) key[i] = data[HINTS_SIZE + i % rest];
    for (size_t i = 0; i < sizeof signature - HINTS_SIZE; i++) signature[i] = data[HINTS_SIZE + i % rest];
    memcpy(signature + sizeof signature - HINTS_SIZE, data, HINTS_SIZE);
    if (ml_dsa_65_verify(key, bytes_of(empty, 0), signature)) abort(); /* nobody finds one */
    return 0;
}
