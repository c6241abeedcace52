/* NEAR contracts in C: the imports of env.h and the few things that nearly every contract needs.
 *
 *     clang --target=wasm32 -nostdlib -O2 -I. -Wl,--no-entry contract.c -o contract.wasm
 *
 * with -I naming the folder above contract/. Each method is a function without parameters:
 *
 *     EXPORT(hello) { return_text(TEXT("hello")); }
 *
 * A contract is one translation unit: memory comes from one arena, which each includer would have anew. Nothing is
 * ever freed, since a call starts with fresh memory and ends soon. What goes wrong ends the call by fail(), and with
 * that all that it did is undone. */
#ifndef CONTRACT_NEAR_H
#define CONTRACT_NEAR_H

#include <stdbool.h>
#include <stddef.h>

#include "contract/env.h"

#define EXPORT(name) __attribute__((export_name(#name))) void name(void)

/* A function that is compiled once, not into every caller: each byte of a contract costs gas at every call. */
#define SHARED __attribute__((noinline, unused)) static

/* Some bytes, mostly UTF-8; not terminated. */
struct text {
    const char *data;
    size_t size;
};

#define TEXT(literal) ((struct text){"" literal, sizeof(literal) - 1})

/* A (length, pointer) pair of env.h, of a text or of any object. */
#define PASS(text) (uint64_t)(text).size, (uint64_t)(uintptr_t)(text).data
#define POINTER(object) ((uint64_t)(uintptr_t)(object))

/* ---- what compilers expect to find ------------------------------------------------------------------------------ */

/* By words: cheaper than memory.copy and memory.fill, which cost an instruction for each byte, and 32 more. */
__attribute__((weak, no_builtin)) void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    struct words { uint64_t a, b, c, d; } __attribute__((packed, aligned(1), may_alias));
    char *out = to;
    const char *in = from;
    for (; size >= sizeof(struct words); size -= sizeof(struct words)) {
        *(struct words *)out = *(const struct words *)in;
        out += sizeof(struct words);
        in += sizeof(struct words);
    }
    while (size--) *out++ = *in++;
    return to;
}

__attribute__((weak, no_builtin)) void *memset(void *to, int byte, size_t size)
{
    struct word { uint64_t a; } __attribute__((packed, aligned(1), may_alias));
    const uint64_t pattern = (uint8_t)byte * 0x0101010101010101u;
    char *out = to;
    for (; size >= sizeof(struct word); size -= sizeof(struct word)) {
        ((struct word *)out)->a = pattern;
        out += sizeof(struct word);
    }
    while (size--) *out++ = (char)byte;
    return to;
}

__attribute__((weak, no_builtin)) void *memmove(void *to, const void *from, size_t size)
{
    char *out = to;
    const char *in = from;
    if ((uintptr_t)to - (uintptr_t)from >= size) return memcpy(to, from, size);
    while (size--) out[size] = in[size];
    return to;
}

__attribute__((weak, no_builtin)) int memcmp(const void *a, const void *b, size_t size)
{
    const unsigned char *x = a, *y = b;
    for (; size; size--, x++, y++) {
        if (*x != *y) return *x < *y ? -1 : 1;
    }
    return 0;
}

/* ---- messages --------------------------------------------------------------------------------------------------- */

/* Ends the call as failed; the caller sees the message. */
_Noreturn SHARED void fail(struct text message)
{
    panic_utf8(PASS(message));
}

static inline void require(bool condition, struct text message)
{
    if (!condition) fail(message);
}

static inline void log_text(struct text message)
{
    log_utf8(PASS(message));
}

/* ---- memory ----------------------------------------------------------------------------------------------------- */

extern unsigned char __heap_base; /* the linker's: where data and stack end */

/* Uninitialised, aligned to 16 bytes, never freed. The 64 MiB that every call starts with do for nearly all. */
SHARED void *allocate(size_t size)
{
    static uintptr_t top;
    if (!top) top = ((uintptr_t)&__heap_base + 15) & ~(uintptr_t)15;
    const uint64_t end = ((uint64_t)top + size + 15) & ~(uint64_t)15;
    const uint64_t pages = (end + 65535) / 65536, have = __builtin_wasm_memory_size(0);
    if (pages > 65536 || (pages > have && __builtin_wasm_memory_grow(0, (size_t)(pages - have)) == (size_t)-1))
        fail(TEXT("Out of memory"));
    void *start = (void *)top;
    top = (uintptr_t)end;
    return start;
}

static inline struct text copy_of(const void *data, size_t size)
{
    char *copy = allocate(size);
    memcpy(copy, data, size);
    return (struct text){copy, size};
}

static inline bool same(struct text a, struct text b)
{
    return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

/* ---- registers -------------------------------------------------------------------------------------------------- */

/* What the helpers below use; contracts can use any other. */
enum { SCRATCH_REGISTER = 0 };

/* The content of a register; an empty text if it was never written. */
SHARED struct text from_register(uint64_t register_id)
{
    const uint64_t size = register_len(register_id);
    if (size == NO_REGISTER) return TEXT("");
    char *data = allocate((size_t)size);
    read_register(register_id, POINTER(data));
    return (struct text){data, (size_t)size};
}

#define FROM_FUNCTION(function) (function(SCRATCH_REGISTER), from_register(SCRATCH_REGISTER))

static inline struct text input_text(void)
{
    return FROM_FUNCTION(input);
}
SHARED struct text predecessor(void)
{
    return FROM_FUNCTION(predecessor_account_id);
}
SHARED struct text current_account(void)
{
    return FROM_FUNCTION(current_account_id);
}

/* ---- state ------------------------------------------------------------------------------------------------------ */

/* The value of a key; false: it has none, and *value is unchanged. */
static inline bool state_get(struct text key, struct text *value)
{
    if (!storage_read(PASS(key), SCRATCH_REGISTER)) return false;
    *value = from_register(SCRATCH_REGISTER);
    return true;
}

/* Both return whether the key had a value before. */
SHARED bool state_set(struct text key, struct text value)
{
    return storage_write(PASS(key), PASS(value), SCRATCH_REGISTER) == 1;
}
static inline bool state_remove(struct text key)
{
    return storage_remove(PASS(key), SCRATCH_REGISTER) == 1;
}
static inline bool state_has(struct text key)
{
    return storage_has_key(PASS(key)) == 1;
}

/* Reads a value of a known size into an object; false: there is none. A value of another size is not ours. */
SHARED bool state_load(struct text key, void *object, size_t size)
{
    if (!storage_read(PASS(key), SCRATCH_REGISTER)) return false;
    require(register_len(SCRATCH_REGISTER) == size, TEXT("The state has an unexpected size"));
    read_register(SCRATCH_REGISTER, POINTER(object));
    return true;
}
static inline void state_store(struct text key, const void *object, size_t size)
{
    state_set(key, (struct text){object, size});
}

/* A prefix and a name as one key. */
SHARED struct text key_of(char prefix, struct text name)
{
    char *key = allocate(1 + name.size);
    key[0] = prefix;
    memcpy(key + 1, name.data, name.size);
    return (struct text){key, 1 + name.size};
}

/* ---- results ---------------------------------------------------------------------------------------------------- */

static inline void return_text(struct text value)
{
    value_return(PASS(value));
}

/* ---- accounts and deposits -------------------------------------------------------------------------------------- */

/* In yoctoNEAR, or the smallest unit of a token. As on the wire: 16 bytes, little-endian. Adding, subtracting and
 * comparing are the compiler's; multiplying and dividing would need a library, hence money.h. */
typedef unsigned __int128 balance;

static inline balance deposit(void)
{
    balance amount;
    attached_deposit(POINTER(&amount));
    return amount;
}

/* Methods that move something of the caller's ask for one yoctoNEAR: a key that can only call functions can't attach
 * it, so the owner has confirmed the call. */
SHARED void require_one_yocto(void)
{
    require(deposit() == 1, TEXT("Requires attached deposit of exactly 1 yoctoNEAR"));
}

SHARED void require_no_deposit(void)
{
    require(deposit() == 0, TEXT("Method doesn't accept deposit"));
}

/* Callbacks are for the own account alone. */
SHARED void require_private(void)
{
    require(same(predecessor(), current_account()), TEXT("Method is private"));
}

/* The rules of account ids: 2 to 64 of a-z 0-9, in groups separated by single - _ . */
SHARED bool account_id_valid(struct text id)
{
    if (id.size < 2 || id.size > 64) return false;
    bool separated = true;
    for (size_t i = 0; i < id.size; i++) {
        const char c = id.data[i];
        const bool separator = c == '-' || c == '_' || c == '.';
        if (separator ? separated : !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) return false;
        separated = separator;
    }
    return !separated;
}

/* Sends money. */
SHARED void transfer(struct text account, balance amount)
{
    promise_batch_action_transfer(promise_batch_create(PASS(account)), POINTER(&amount));
}

#endif
