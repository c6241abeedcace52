#include "cli/source.h"

static const struct {
    const char *name;
    uint32_t mask;
} features[] = {
    {"mutable-globals", FEATURE_MUTABLE_GLOBALS},
    {"sign-extension", FEATURE_SIGN_EXTENSION},
    {"saturating-truncation", FEATURE_SATURATING_TRUNCATION},
    {"multi-value", FEATURE_MULTI_VALUE},
    {"reference-types", FEATURE_REFERENCE_TYPES},
    {"externref", FEATURE_EXTERNREF},
    {"bulk-memory", FEATURE_BULK_MEMORY},
    {"all", FEATURES_ALL},
    {"none", 0},
};
enum { FEATURES = sizeof features / sizeof features[0] };

const char features_help[] = "Features: mutable-globals, sign-extension, saturating-truncation, multi-value,\n"
                             "reference-types, externref, bulk-memory, all, none; all are on unless you say otherwise.\n";

static int parse_list(const char *option, const char *list, uint32_t *mask)
{
    *mask = 0;
    for (const char *p = list;; p++) {
        size_t length = strcspn(p, ",");
        int i = 0;
        while (i < FEATURES && !bytes_equal(bytes_of(p, length), bytes_of_string(features[i].name))) i++;
        if (i == FEATURES) {
            say_error("--%s: there is no feature '%.*s'", option, (int)length, p);
            for (i = 0; i < FEATURES; i++) {
                if (!similar(bytes_of(p, length), bytes_of_string(features[i].name))) continue;
                say_hint("did you mean %s?", features[i].name);
                return EXIT_INPUT;
            }
            fprintf(stderr, "%s", features_help);
            return EXIT_INPUT;
        }
        *mask |= features[i].mask;
        p += length;
        if (!*p) return -1;
    }
}

int features_parse(const char *enable, const char *disable, uint32_t *result)
{
    uint32_t on = FEATURES_ALL, off = 0;
    int code = enable ? parse_list("features", enable, &on) : -1;
    if (code < 0 && disable) code = parse_list("disable", disable, &off);
    *result = on & ~off;
    return code;
}
