#include "base/demangle.h"
#include "base/demangle_schemes.h"

bool symbol_begins(struct bytes symbol, const char *prefix)
{
    size_t size = strlen(prefix);
    return symbol.size >= size && memcmp(symbol.data, prefix, size) == 0;
}

bool is_scalar_value(uint64_t c)
{
    return c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
}

void append_utf8(struct buffer *out, uint32_t c)
{
    uint8_t text[4];
    size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = size; i-- > 1; c >>= 6) text[i] = (uint8_t)(0x80 | (c & 0x3f));
    static const uint8_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    text[0] = (uint8_t)(lead[size] | c);
    buffer_append(out, text, size);
}

/* LLVM's ThinLTO renames internal symbols by adding ".llvm." and a number. */
static struct bytes without_llvm_suffix(struct bytes symbol)
{
    static const char mark[] = ".llvm.";
    const size_t length = sizeof mark - 1;
    for (size_t i = 0; i + length <= symbol.size; i++) {
        if (memcmp(symbol.data + i, mark, length) != 0) continue;
        for (size_t j = i + length; j < symbol.size; j++) {
            uint8_t c = symbol.data[j];
            if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || c == '@')) return symbol;
        }
        return bytes_of(symbol.data, i);
    }
    return symbol;
}

/* Words behind a symbol, each begun by a dot: which part of a function this is, or which copy. */
static bool is_suffix(struct bytes text)
{
    if (text.size && text.data[0] != '.') return false;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] <= ' ' || text.data[i] > '~') return false;
    return true;
}

bool demangle(struct bytes symbol, struct buffer *out)
{
    static bool (*const schemes[])(struct bytes, struct buffer *, size_t *) = {
        demangle_legacy, /* before Itanium, of which it is a special case */
        demangle_v0,
        demangle_itanium,
    };
    if (symbol.size < 3 || symbol.data[0] != '_') return false;
    symbol = without_llvm_suffix(symbol);
    size_t start = out->size;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t used = 0;
        if (schemes[i](symbol, out, &used) && !out->failed && out->size > start) {
            struct bytes suffix = bytes_of(symbol.data + used, symbol.size - used);
            if (is_suffix(suffix) && out->size - start + suffix.size <= DEMANGLE_OUTPUT_LIMIT) {
                buffer_append(out, suffix.data, suffix.size);
                if (!out->failed) return true;
            }
        }
        out->size = start;
    }
    return false;
}
