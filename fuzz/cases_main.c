/* Writes contract cases as JSON lines, for the reference runner:
 *
 *     cases KIND FIRST_SEED COUNT            random cases
 *     cases --inputs FILE...                 one case for each file, as fuzz_case reads it
 *     cases plan NAME[@METHOD[@VERSION]] [FIELD=NUMBER...]   the module that these numbers describe (near_plan.def)
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/near_case.h"
#include "fuzz/near_plan.h"

static int usage(void)
{
    fprintf(stderr, "usage: cases KIND FIRST_SEED COUNT | cases --inputs FILE... | "
                    "cases plan NAME[@METHOD[@VERSION]] [FIELD=NUMBER...]\nkinds:\n");
#define X(name, what) fprintf(stderr, "  %-8s %s\n", #name, what);
    NEAR_CASE_KINDS
#undef X
    return 2;
}

static int finish(struct buffer *out, bool ok)
{
    ok = ok && !out->failed && fwrite(out->data, 1, out->size, stdout) == out->size;
    if (!ok) fprintf(stderr, "cases: no memory, or the output cannot be written\n");
    buffer_free(out);
    return ok ? 0 : 1;
}

static int plan(int argc, char **argv)
{
    struct near_plan p = {0};
    struct buffer module = {0}, out = {0};
    char name[200];
    snprintf(name, sizeof name, "%s", argv[0]);
    char *method = strchr(name, '@'), *version = method ? strchr(method + 1, '@') : NULL;
    if (version) *version++ = 0;
    if (method) *method++ = 0;
    for (int i = 1; i < argc; i++) {
        char *value = strchr(argv[i], '=');
        if (value) *value++ = 0;
        if (value && near_plan_set(&p, argv[i], (uint32_t)strtoul(value, NULL, 10))) continue;
        fprintf(stderr, "cases: no field '%s' in fuzz/near_plan.def, or no number after '='\n", argv[i]);
        return 2;
    }
    near_plan_write(&p, &module);
    near_case_write_module(name, bytes_of(module.data, module.size), method ? method : "main",
                           version ? (uint32_t)strtoul(version, NULL, 10) : 88, 1000000000000000, &out);
    bool ok = !module.failed;
    buffer_free(&module);
    return finish(&out, ok);
}

static bool random_case(enum near_case_kind kind, uint64_t seed)
{
    struct buffer out = {0};
    char name[64];
    uint8_t bytes[9] = {(uint8_t)kind};
    store_le64(bytes + 1, seed * 0x9e3779b97f4a7c15u);
    snprintf(name, sizeof name, "%s/%" PRIu64, near_case_kind_name(kind), seed);
    bool ok = near_case_write(kind, bytes, sizeof bytes, name, &out);
    return finish(&out, ok) == 0;
}

static bool file_case(const char *path)
{
    static uint8_t bytes[1 << 16];
    struct buffer out = {0};
    char name[100];
    const char *last = strrchr(path, '/');
    FILE *f = fopen(path, "rb");
    if (!f) {
        fprintf(stderr, "cases: %s cannot be read\n", path);
        return false;
    }
    size_t size = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    enum near_case_kind kind = near_case_kind_of(bytes, size);
    snprintf(name, sizeof name, "%s/input-%.60s", near_case_kind_name(kind), last ? last + 1 : path);
    bool ok = near_case_write(kind, bytes, size, name, &out);
    return finish(&out, ok) == 0;
}

int main(int argc, char **argv)
{
    enum near_case_kind kind;
    if (argc >= 3 && strcmp(argv[1], "plan") == 0) return plan(argc - 2, argv + 2);
    bool ok = true;
    if (argc >= 2 && strcmp(argv[1], "--inputs") == 0) {
        for (int i = 2; i < argc; i++) ok = file_case(argv[i]) && ok;
        return ok ? 0 : 1;
    }
    if (argc != 4 || !near_case_kind(argv[1], &kind)) return usage();
    uint64_t first = strtoull(argv[2], NULL, 10), count = strtoull(argv[3], NULL, 10);
    for (uint64_t i = 0; ok && i < count; i++) ok = random_case(kind, first + i);
    return ok ? 0 : 1;
}
