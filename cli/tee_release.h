/* What `nvm tee release` and `nvm tee receive` agree on. */
#ifndef CLI_TEE_RELEASE_H
#define CLI_TEE_RELEASE_H

#include "tee/release.h"

#define RELEASE_PURPOSE "nvm-release-v1" /* of the attested key */

#endif
