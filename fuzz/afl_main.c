/* Runs a fuzz target under AFL++ (afl-clang-fast, afl-clang-lto), in persistent mode with input in shared memory. */
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

__AFL_FUZZ_INIT();

int main(void)
{
    __AFL_INIT();
    const uint8_t *data = __AFL_FUZZ_TESTCASE_BUF;
    while (__AFL_LOOP(10000)) {
        int length = __AFL_FUZZ_TESTCASE_LEN;
        LLVMFuzzerTestOneInput(data, length > 0 ? (size_t)length : 0);
    }
    return 0;
}
