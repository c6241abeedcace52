/* Protocol features of the runtime by version: runtime/features.def. */
#ifndef RUNTIME_FEATURES_H
#define RUNTIME_FEATURES_H

#include <stdbool.h>
#include <stdint.h>

enum feature_version {
#define X(name, version) FEATURE_##name = version,
#include "runtime/features.def"
#undef X
};

static inline bool feature_enabled(enum feature_version feature, uint32_t protocol_version)
{
    return protocol_version >= (uint32_t)feature;
}

#endif
