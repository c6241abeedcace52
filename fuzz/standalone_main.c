/* Runs files through a fuzz target without a fuzzing engine:
 *
 *     replay/fuzz_module FILE...
 *     replay/fuzz_module --random FIRST COUNT     (inputs made of the numbers FIRST to FIRST + COUNT - 1) */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) != 0) {
        if (f) fclose(f);
        fprintf(stderr, "cannot read %s\n", path);
        return 2;
    }
    long length = ftell(f);
    size_t size = length > 0 ? (size_t)length : 0;
    uint8_t *data = malloc(size + 1);
    rewind(f);
    if (data && fread(data, 1, size, f) == size) LLVMFuzzerTestOneInput(data, size);
    fclose(f);
    free(data);
    return 0;
}

static void run_random(uint64_t first, uint64_t count)
{
    for (uint64_t i = first; i < first + count; i++) {
        char text[32];
        int length = snprintf(text, sizeof text, "%" PRIu64, i);
        if (getenv("NVM_FUZZ_TRACE")) fprintf(stderr, "%s\n", text);
        LLVMFuzzerTestOneInput((const uint8_t *)text, (size_t)length);
    }
    printf("%" PRIu64 " passed, 0 failed\n", count);
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "--random") == 0) {
        run_random(strtoull(argv[2], NULL, 10), strtoull(argv[3], NULL, 10));
        return 0;
    }
    int code = 0;
    for (int i = 1; i < argc; i++)
        if (run_file(argv[i]) != 0) code = 2;
    return code;
}
