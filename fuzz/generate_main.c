/* Writes the generator's module for a seed to a file:
 *
 *     generate SEED OUTPUT [portable]
 *
 * SEED is any text. */
#include "fuzz/generate.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: generate SEED OUTPUT [portable]\n");
        return 2;
    }
    const struct generate_options options = {.no_imports = argc > 3, .portable = argc > 3};
    struct buffer module = {0};
    generate_module((const uint8_t *)argv[1], strlen(argv[1]), &options, &module);
    FILE *f = module.failed || module.size == 0 ? NULL : fopen(argv[2], "wb");
    bool ok = f && fwrite(module.data, 1, module.size, f) == module.size;
    if (f) ok = fclose(f) == 0 && ok;
    buffer_free(&module);
    if (!ok) fprintf(stderr, "generate: cannot write %s\n", argv[2]);
    return ok ? 0 : 1;
}
