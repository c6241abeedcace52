/* Readable names of compiled functions: the linker's symbols turned back into paths of the source.
 *
 * Three schemes are known:
 *   - Rust, legacy: `_ZN4core3fmt5write17h0123456789abcdefE` → `core::fmt::write` (the hash is left out);
 *   - Rust, v0 (RFC 2603 and the rustc book, "v0 Symbol Format"): `_RNvCs1234_7mycrate3foo` → `mycrate::foo`,
 *     all of it: impls, generics, types, constants, back references, Punycode (crate hashes are left out);
 *   - Itanium C++ ABI, section 5.1: names, templates, types and functions. Expressions in template arguments and
 *     `decltype` are not read. */
#ifndef BASE_DEMANGLE_H
#define BASE_DEMANGLE_H

#include "base/bytes.h"

/* Appends the readable form of `symbol` to *out (UTF-8, not NUL-terminated) and returns true; returns false and leaves
 * *out as it was if the symbol is of none of the schemes, is malformed, or asks for more than the limits allow: then
 * the symbol itself is what to show. Also false, with out->failed set, when memory runs out.
 *
 * `symbol` may be anything. Work, nesting and the length of the result (64 KiB) are bounded.
 * What a compiler adds behind a symbol: `.llvm.<digits>` is dropped; other words that begin with a dot (`.0`, `.cold`)
 * are kept. The result may hold any character but is valid UTF-8 for a symbol in ASCII; it is never empty. */
bool demangle(struct bytes symbol, struct buffer *out);

#endif
