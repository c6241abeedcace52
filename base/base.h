/* base/: what every other folder needs and nothing more: errors, byte buffers, arenas, LEB128, text
 * encodings, 128-bit numbers, Borsh. It knows nothing of WebAssembly or NEAR.
 *
 * This header includes all of them; a file that needs one thing may include that thing's header alone. */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include "base/arena.h"
#include "base/base58.h"
#include "base/base64.h"
#include "base/borsh.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/float_text.h"
#include "base/hash.h"
#include "base/hex.h"
#include "base/leb128.h"
#include "base/similar.h"
#include "base/sort.h"
#include "base/u128.h"

#endif
