/* nvm: a WebAssembly interpreter to embed. WebAssembly 2.0 without SIMD, deterministic (every NaN that arithmetic
 * makes is the canonical one), with exact metering. This header is the whole public interface and its manual.
 *
 *     nvm_error error;
 *     nvm_trap trap;
 *     nvm_module *module;
 *     nvm_store *store;
 *     nvm_instance *instance;
 *     if (nvm_module_new(NULL, bytes, size, &module, &error) != NVM_OK) ...error.message, error.offset...
 *     if (nvm_store_new(NULL, &store, &error) != NVM_OK) ...
 *     if (nvm_instance_new(store, module, NULL, &instance, &trap, &error) != NVM_OK) ...
 *     nvm_value n = nvm_i32(30), result;
 *     nvm_func *fib = nvm_instance_func(instance, "fib");
 *     if (nvm_call(store, fib, &n, 1, &result, 1, &trap, &error) == NVM_OK) ...result.of.i32...
 *     nvm_store_free(store);
 *     nvm_module_free(module);
 *
 * Failure. Functions that can fail return an nvm_status and fill an nvm_error, unless the pointer to it is null;
 * the library never aborts, exits, prints or writes to memory that it was not given. Bytes of modules are hostile
 * input: they are checked completely before anything of them runs.
 *
 * Null and strangers. A null pointer where an object, text or result is asked for, and an object of another store than
 * the one that it is used with, are answered and never followed: NVM_USAGE with a message, false, 0 or null, as the
 * function's type has it; functions without a result do nothing. (Pointers that are neither null nor valid, and objects of
 * stores that were freed, cannot be told from good ones.)
 *
 * Ownership. What nvm_X_new made is freed by nvm_X_free, which takes null, too. Everything made in a store
 * (instances, functions, memories, tables, globals, imports) belongs to the store, is freed with it, and must only
 * be used with it. Modules are made outside stores, may be used in many, and are freed after all of those.
 *
 * Threads. There is no global state. A module may be used by several threads at once; a store and what is in it by
 * one thread at a time. nvm_store_interrupt alone may be called from any thread. No lock is ever taken.
 *
 * Numbers are in the host's byte order; a module's memory is little-endian on every host. */
#ifndef NVM_H
#define NVM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define NVM_API __attribute__((visibility("default")))
#else
#define NVM_API
#endif

/* The version of this header; nvm_version gives that of the library. */
#define NVM_VERSION "0.1.0"

NVM_API const char *nvm_version(void);

/* ---- errors and traps ------------------------------------------------------------------------------------------- */

typedef enum nvm_status {
    NVM_OK = 0,
    NVM_MALFORMED,   /* the bytes are no WebAssembly module: syntax, lengths, encodings */
    NVM_INVALID,     /* they are, but it breaks a rule (validation), or needs a feature that is off */
    NVM_UNLINKABLE,  /* an import is missing or has another type */
    NVM_LIMIT,       /* a limit of the implementation or the configuration is exceeded */
    NVM_NO_MEMORY,   /* the system has no memory left */
    NVM_TRAP,        /* execution ended in a trap; the nvm_trap says which */
    NVM_USAGE,       /* this call is not what the interface asks for: wrong number or types of values, a bad name */
    NVM_INTERRUPTED  /* loading was ended by the embedder: nvm_config_set_stop */
} nvm_status;

/* The name of a status: "malformed", "trap", ... Never null. */
NVM_API const char *nvm_status_name(nvm_status status);

#define NVM_NO_OFFSET UINT64_MAX

/* What went wrong. Belongs to the caller; holds no pointers. */
typedef struct nvm_error {
    nvm_status status;
    uint64_t offset;      /* byte offset in the module, or NVM_NO_OFFSET */
    char message[256];    /* one line of English without the offset, NUL-terminated */
} nvm_error;

/* Why execution ended. */
typedef enum nvm_trap_code {
    NVM_TRAP_NONE = 0,
    NVM_TRAP_UNREACHABLE,
    NVM_TRAP_INTEGER_DIVIDE_BY_ZERO,
    NVM_TRAP_INTEGER_OVERFLOW,
    NVM_TRAP_INVALID_CONVERSION,
    NVM_TRAP_MEMORY_BOUNDS,
    NVM_TRAP_TABLE_BOUNDS,
    NVM_TRAP_UNDEFINED_ELEMENT,
    NVM_TRAP_UNINITIALIZED_ELEMENT,
    NVM_TRAP_INDIRECT_CALL_TYPE,
    NVM_TRAP_CALL_STACK_EXHAUSTED,
    NVM_TRAP_OUT_OF_FUEL,
    NVM_TRAP_INTERRUPTED,
    NVM_TRAP_HOST,           /* a host function failed: the message is its own */
    NVM_TRAP_NO_MEMORY
} nvm_trap_code;

/* One frame of a backtrace. */
typedef struct nvm_frame {
    const struct nvm_module *module; /* whose function it is */
    uint32_t function;       /* index of the function in its module, imported ones counted first */
    uint64_t offset;         /* byte offset in the module of the instruction: the one that trapped, or a call */
    char name[96];           /* from the name section or the exports, cut if longer; "" if it has none */
} nvm_frame;

#define NVM_FRAMES 32

/* A trap and where it happened. Belongs to the caller; holds no pointers but frame[].module. */
typedef struct nvm_trap {
    nvm_trap_code code;
    char message[256];       /* one line: the trap's standard text, or what the host function said */
    uint32_t depth;          /* how many frames there were */
    uint32_t frames;         /* how many are recorded, the innermost first */
    nvm_frame frame[NVM_FRAMES];
} nvm_trap;

/* The trap as text of several lines: the message, then a line for each frame, such as
 *     trap: integer divide by zero
 *       0: divide (function 3) at 0x1f2
 *       1: main (function 7) at 0x2a0
 * Writes at most `size` bytes including the terminating NUL and returns the length of the whole text, as snprintf
 * does. `text` may be null if `size` is 0. */
NVM_API size_t nvm_trap_text(const nvm_trap *trap, char *text, size_t size);

/* ---- values and types ------------------------------------------------------------------------------------------- */

/* A value type, numbered as in the binary format. */
typedef uint8_t nvm_type;
#define NVM_I32 ((nvm_type)0x7f)
#define NVM_I64 ((nvm_type)0x7e)
#define NVM_F32 ((nvm_type)0x7d)
#define NVM_F64 ((nvm_type)0x7c)
#define NVM_FUNCREF ((nvm_type)0x70)
#define NVM_EXTERNREF ((nvm_type)0x6f)

/* "i32", "funcref", ...; "?" for what is no type. */
NVM_API const char *nvm_type_name(nvm_type type);

typedef struct nvm_func nvm_func;

/* A value and its type. */
typedef struct nvm_value {
    nvm_type type;
    union {
        int32_t i32;
        int64_t i64;
        float f32;
        double f64;
        nvm_func *funcref;   /* null: the null reference */
        void *externref;     /* any pointer of the embedder's; null: the null reference */
    } of;
} nvm_value;

static inline nvm_value nvm_i32(int32_t x)
{
    nvm_value v;
    v.type = NVM_I32;
    v.of.i32 = x;
    return v;
}
static inline nvm_value nvm_i64(int64_t x)
{
    nvm_value v;
    v.type = NVM_I64;
    v.of.i64 = x;
    return v;
}
static inline nvm_value nvm_f32(float x)
{
    nvm_value v;
    v.type = NVM_F32;
    v.of.f32 = x;
    return v;
}
static inline nvm_value nvm_f64(double x)
{
    nvm_value v;
    v.type = NVM_F64;
    v.of.f64 = x;
    return v;
}
static inline nvm_value nvm_funcref(nvm_func *x)
{
    nvm_value v;
    v.type = NVM_FUNCREF;
    v.of.funcref = x;
    return v;
}
static inline nvm_value nvm_externref(void *x)
{
    nvm_value v;
    v.type = NVM_EXTERNREF;
    v.of.externref = x;
    return v;
}

typedef enum nvm_kind { NVM_FUNC = 0, NVM_TABLE = 1, NVM_MEMORY = 2, NVM_GLOBAL = 3 } nvm_kind;

/* Text inside a module's bytes: not NUL-terminated, valid as long as the module. Names are valid UTF-8 and may
 * contain any character, NUL included. */
typedef struct nvm_name {
    const char *data;
    size_t size;
} nvm_name;

/* The type of a function: `params` types, then `results` types. Valid as long as what it was asked of. */
typedef struct nvm_functype {
    uint32_t params;
    uint32_t results;
    const nvm_type *types;
} nvm_functype;

/* The type of an import or export. */
typedef struct nvm_extern_type {
    nvm_kind kind;
    nvm_functype func;       /* NVM_FUNC */
    uint32_t min;            /* NVM_MEMORY: pages of 64 KiB; NVM_TABLE: elements */
    uint32_t max;            /* meaningful if has_max */
    bool has_max;
    nvm_type type;           /* of a global, or of a table's elements */
    bool is_mutable;         /* NVM_GLOBAL */
} nvm_extern_type;

/* ---- configuration ---------------------------------------------------------------------------------------------- */

/* How modules are loaded. All settings have defaults: every feature on, no metering, everything translated when
 * loaded, not interruptible. A configuration is read by nvm_module_new and can be freed or changed afterwards. */
typedef struct nvm_config nvm_config;

/* Null if there is no memory. */
NVM_API nvm_config *nvm_config_new(void);
NVM_API void nvm_config_free(nvm_config *config);

/* Features beyond WebAssembly 1.0; a module that needs one that is off is refused as invalid. */
#define NVM_FEATURE_MUTABLE_GLOBALS (1u << 0)        /* import and export of mutable globals */
#define NVM_FEATURE_SIGN_EXTENSION (1u << 1)
#define NVM_FEATURE_SATURATING_TRUNCATION (1u << 2)
#define NVM_FEATURE_MULTI_VALUE (1u << 3)
#define NVM_FEATURE_REFERENCE_TYPES (1u << 4)        /* funcref values, table.*, several tables, typed select */
#define NVM_FEATURE_EXTERNREF (1u << 5)              /* externref; needs reference types */
#define NVM_FEATURE_BULK_MEMORY (1u << 6)
#define NVM_FEATURES_ALL ((1u << 7) - 1)

/* Exactly the features in the mask are on. */
NVM_API void nvm_config_set_features(nvm_config *config, uint32_t mask);

/* Translate functions at their first call instead of when the module is loaded. Off by default. Validation is
 * always complete. */
NVM_API void nvm_config_set_lazy(nvm_config *config, bool lazy);

/* Let nvm_store_interrupt end running calls. Off by default: it costs about as much as metering. Modules with a schedule
 * can be interrupted, too; there the time that it takes is that of as much fuel as 250,000 nops cost, so a schedule should
 * give every loop a price. */
NVM_API void nvm_config_set_interruptible(nvm_config *config, bool interruptible);

/* Loading asks `stop` after bounded amounts of work, some tenths of a millisecond apart; true ends it with
 * NVM_INTERRUPTED. Null (the default): nobody is asked. */
NVM_API void nvm_config_set_stop(nvm_config *config, bool (*stop)(void *user), void *user);

/* What execution costs, in fuel. Costs are summed at translation over stretches of straight-line code; the fuel
 * left is exact whenever a call ends, a host function runs, or memory grows. */
typedef struct nvm_schedule {
    uint64_t op[256];        /* an instruction with a one-byte opcode, by opcode */
    uint64_t op_fc[32];      /* an instruction with prefix 0xfc, by the number after it */
    uint64_t linear_base;    /* memory.init/copy/fill/grow, table.init/copy/fill/grow: on top of op, */
    uint64_t linear_unit;    /* base + n * unit; n counts bytes, elements or pages */
    uint64_t frame_unit;     /* entering a function: for each 8 bytes of its frame, rounded up. A frame has */
    uint32_t frame_bytes;    /* this many bytes, */
    uint32_t bytes32;        /* this many more for each parameter, local or operand of type i32 or f32, */
    uint32_t bytes64;        /* and this many for those of the other types */
} nvm_schedule;

/* One unit for each executed instruction, a loop once for every turn; nothing for block, else and end, for frames
 * and for the length of bulk operations. */
NVM_API void nvm_schedule_fuel(nvm_schedule *schedule);

/* Switches metering on; the schedule is copied. Null switches it off (the default): then fuel is not counted, and
 * counting costs nothing. */
NVM_API void nvm_config_set_schedule(nvm_config *config, const nvm_schedule *schedule);

/* ---- modules ---------------------------------------------------------------------------------------------------- */

typedef struct nvm_module nvm_module;

/* Decodes, validates and translates a module in the binary format. `config` may be null (the defaults). The bytes
 * are copied. NVM_MALFORMED, NVM_INVALID, NVM_LIMIT: error->offset is the byte where the module is wrong. */
NVM_API nvm_status nvm_module_new(const nvm_config *config, const void *bytes, size_t size, nvm_module **module,
                                  nvm_error *error);

/* The same from the text format; offsets of errors are offsets in the text, and messages begin with line and
 * column. Later offsets (in backtraces) are those of the binary form. */
NVM_API nvm_status nvm_module_new_text(const nvm_config *config, const char *text, size_t size, nvm_module **module,
                                       nvm_error *error);

/* Frees a module that no store uses any more. */
NVM_API void nvm_module_free(nvm_module *module);

typedef struct nvm_import {
    nvm_name module, name;
    nvm_extern_type type;
} nvm_import;

typedef struct nvm_export {
    nvm_name name;
    nvm_extern_type type;
} nvm_export;

/* Imports and exports in the module's order. An index out of range gives false and leaves *out alone. */
NVM_API size_t nvm_module_imports(const nvm_module *module);
NVM_API bool nvm_module_import(const nvm_module *module, size_t index, nvm_import *out);
NVM_API size_t nvm_module_exports(const nvm_module *module);
NVM_API bool nvm_module_export(const nvm_module *module, size_t index, nvm_export *out);

/* The contents of the `nth` custom section (from 0) of that name: false if there is none. The pointer is valid as
 * long as the module. */
NVM_API bool nvm_module_custom_section(const nvm_module *module, const char *name, size_t nth, const void **data,
                                       size_t *size);

/* ---- stores ----------------------------------------------------------------------------------------------------- */

/* A store holds instances and what they share. Its limits apply to all of them. */
typedef struct nvm_store nvm_store;

/* Limits of a store; nvm_limits_default fills in the defaults. */
typedef struct nvm_limits {
    uint32_t stack_slots;     /* size of the value stack, 8 bytes each; beyond: NVM_TRAP_CALL_STACK_EXHAUSTED */
    uint64_t stack_bytes;     /* budget of nested frames by the schedule's frame sizes; likewise. UINT64_MAX: none */
    uint32_t memory_pages;    /* a memory never grows beyond this many pages of 64 KiB */
    uint32_t table_elements;  /* a table never grows beyond */
} nvm_limits;

NVM_API void nvm_limits_default(nvm_limits *limits);

/* `limits` may be null (the defaults). */
NVM_API nvm_status nvm_store_new(const nvm_limits *limits, nvm_store **store, nvm_error *error);

/* Frees the store and everything made in it. From inside a host function: the running calls end in NVM_TRAP_HOST when the
 * function returns, nothing new can be called, and the store is freed when the outermost call returns; its modules must
 * live until then. */
NVM_API void nvm_store_free(nvm_store *store);

/* The fuel that calls into metered modules use up; unlimited (UINT64_MAX) at first. When it does not suffice, the
 * call ends in NVM_TRAP_OUT_OF_FUEL. */
NVM_API void nvm_store_set_fuel(nvm_store *store, uint64_t fuel);
NVM_API uint64_t nvm_store_fuel(const nvm_store *store);

/* Makes the running call, or else the next one, end in NVM_TRAP_INTERRUPTED, with all calls that it is nested in;
 * instantiation, too. Takes effect in modules loaded as interruptible or with a schedule, and within some milliseconds
 * whatever they do: the work that is done before it is noticed is bounded. Host functions are not stopped, but nothing
 * follows them; those that take long ask nvm_host_interrupted now and then. May be called from any thread and from signal
 * handlers, as long as the store exists. */
NVM_API void nvm_store_interrupt(nvm_store *store);

/* ---- memories, tables, globals ----------------------------------------------------------------------------------- */

typedef struct nvm_memory nvm_memory;
typedef struct nvm_table nvm_table;
typedef struct nvm_global nvm_global;

/* A memory of `min` pages that can grow up to `max` (65536: as far as it goes). */
NVM_API nvm_status nvm_memory_new(nvm_store *store, uint32_t min, uint32_t max, nvm_memory **memory,
                                  nvm_error *error);
NVM_API uint64_t nvm_memory_size(const nvm_memory *memory); /* bytes: a multiple of 65536 */

/* Copy out of and into a memory; false, and nothing copied, if the range is not inside it. */
NVM_API bool nvm_memory_read(const nvm_memory *memory, uint64_t address, void *out, size_t size);
NVM_API bool nvm_memory_write(nvm_memory *memory, uint64_t address, const void *data, size_t size);

/* The bytes themselves, nvm_memory_size of them; not null unless that is 0. Valid until the memory grows (any call
 * into a module may do that). */
NVM_API uint8_t *nvm_memory_data(nvm_memory *memory);

/* Adds pages, zeroed; false and nothing changed if that goes beyond a limit or there is no memory. */
NVM_API bool nvm_memory_grow(nvm_memory *memory, uint32_t pages);

/* A table of `min` null references of type NVM_FUNCREF or NVM_EXTERNREF that can grow up to `max` elements. */
NVM_API nvm_status nvm_table_new(nvm_store *store, nvm_type type, uint32_t min, uint32_t max, nvm_table **table,
                                 nvm_error *error);
NVM_API uint32_t nvm_table_size(const nvm_table *table);
/* False: out of bounds, or a value of another type than the table's, or a function of another store. */
NVM_API bool nvm_table_get(const nvm_table *table, uint32_t index, nvm_value *out);
NVM_API bool nvm_table_set(nvm_table *table, uint32_t index, const nvm_value *value);
NVM_API bool nvm_table_grow(nvm_table *table, uint32_t elements, const nvm_value *value);

/* A global of the value's type. NVM_USAGE: there is no such type, or the value is a function of another store. */
NVM_API nvm_status nvm_global_new(nvm_store *store, const nvm_value *value, bool is_mutable, nvm_global **global,
                                  nvm_error *error);
NVM_API nvm_value nvm_global_get(const nvm_global *global);
/* False, and nothing changed: an immutable global, or a value of another type, or a function of another store. */
NVM_API bool nvm_global_set(nvm_global *global, const nvm_value *value);

/* ---- host functions and imports ---------------------------------------------------------------------------------- */

typedef struct nvm_instance nvm_instance;

/* The call of a host function, valid until the function returns. */
typedef struct nvm_host_call nvm_host_call;

/* A host function. `args` are as its type says; `results` have their types filled in and their values zero, and
 * are to be set; a result whose type was changed, or a function of another store, ends the call in NVM_TRAP_HOST. Returns NVM_OK, or what
 * nvm_host_fail returned: the call ends in NVM_TRAP_HOST. It may call back into the store with nvm_call, nested to
 * a bounded depth; it must leave by returning (no longjmp, no C++ exception). It sees the floating-point environment (rounding mode and
 * the like) that the embedder has; code always runs in the default one. */
typedef nvm_status (*nvm_host_function)(nvm_host_call *call, void *user, const nvm_value *args, nvm_value *results);

NVM_API nvm_store *nvm_host_store(nvm_host_call *call);
/* The instance whose code called, also while its start function runs and if it has failed to start; null if the embedder
 * called the function directly. */
NVM_API nvm_instance *nvm_host_caller(nvm_host_call *call);
/* The first memory of the calling instance; null if there is none. */
NVM_API nvm_memory *nvm_host_memory(nvm_host_call *call);

/* Whether the store was asked to interrupt the call: then the function may as well return. */
NVM_API bool nvm_host_interrupted(nvm_host_call *call);

/* Sets the trap's message, printf-like, cut at 255 bytes, and returns NVM_TRAP: `return nvm_host_fail(call, ...);` */
NVM_API nvm_status nvm_host_fail(nvm_host_call *call, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* A host function as a value of its own, for tables, or to be given to nvm_imports_func.
 *
 * `type` is text: parameter types, then, if there are results, "->" and their types, such as "i32 i64 -> f64",
 * "i32", "-> i32 i32" or "". NVM_USAGE: it is not; the error says where. */
NVM_API nvm_status nvm_func_new(nvm_store *store, const char *type, nvm_host_function function, void *user,
                                nvm_func **func, nvm_error *error);
NVM_API nvm_functype nvm_func_type(const nvm_func *func);

/* What a module's imports are looked up in, by module and name. Belongs to the store; what is added last under a
 * name is found first. Names are copied. NVM_USAGE: a null pointer, or an object of another store; else NVM_NO_MEMORY is
 * the only failure, except for nvm_imports_host, which can fail like nvm_func_new.
 *
 * Names are C strings here, and found by name alone. A module whose names contain NUL, or which repeats a name with
 * different types, is linked by position: nvm_instance_new_externs. */
typedef struct nvm_imports nvm_imports;

NVM_API nvm_status nvm_imports_new(nvm_store *store, nvm_imports **imports, nvm_error *error);
NVM_API nvm_status nvm_imports_host(nvm_imports *imports, const char *module, const char *name, const char *type,
                                    nvm_host_function function, void *user, nvm_error *error);
NVM_API nvm_status nvm_imports_func(nvm_imports *imports, const char *module, const char *name, nvm_func *func,
                                    nvm_error *error);
NVM_API nvm_status nvm_imports_memory(nvm_imports *imports, const char *module, const char *name,
                                      nvm_memory *memory, nvm_error *error);
NVM_API nvm_status nvm_imports_table(nvm_imports *imports, const char *module, const char *name, nvm_table *table,
                                     nvm_error *error);
NVM_API nvm_status nvm_imports_global(nvm_imports *imports, const char *module, const char *name,
                                      nvm_global *global, nvm_error *error);
/* Everything that the instance exports, as module `module`. */
NVM_API nvm_status nvm_imports_instance(nvm_imports *imports, const char *module, nvm_instance *instance,
                                        nvm_error *error);

/* ---- instances and calls ----------------------------------------------------------------------------------------- */

/* Instantiates: looks the imports up, initialises memory and tables, runs the start function. `imports` may be null
 * if the module has none.
 *   NVM_USAGE: the modules of a store must agree: all with a schedule or none, and without one all interruptible or none.
 *     The first module that gets an instance decides; this one differs.
 *   NVM_UNLINKABLE: the error names an import that is missing or has another type.
 *   NVM_TRAP: a segment did not fit or the start function trapped; *trap says which (`trap` may be null). */
NVM_API nvm_status nvm_instance_new(nvm_store *store, nvm_module *module, const nvm_imports *imports,
                                    nvm_instance **instance, nvm_trap *trap, nvm_error *error);

/* Something that a module imports or exports. */
typedef struct nvm_extern {
    nvm_kind kind;
    union {
        nvm_func *func;      /* NVM_FUNC */
        nvm_table *table;    /* NVM_TABLE */
        nvm_memory *memory;  /* NVM_MEMORY */
        nvm_global *global;  /* NVM_GLOBAL */
    } of;
} nvm_extern;

/* The same with what each import gets, in the order of nvm_module_import, whatever its name. NVM_USAGE: not as many as
 * the module has, or one of them is null or of another store. */
NVM_API nvm_status nvm_instance_new_externs(nvm_store *store, nvm_module *module, const nvm_extern *externs,
                                            size_t count, nvm_instance **instance, nvm_trap *trap, nvm_error *error);

NVM_API nvm_module *nvm_instance_module(const nvm_instance *instance);

/* An export by name and kind; null if there is none such. */
NVM_API nvm_func *nvm_instance_func(nvm_instance *instance, const char *name);
NVM_API nvm_memory *nvm_instance_memory(nvm_instance *instance, const char *name);
NVM_API nvm_table *nvm_instance_table(nvm_instance *instance, const char *name);
NVM_API nvm_global *nvm_instance_global(nvm_instance *instance, const char *name);

/* An export by position, in the order of nvm_module_export. An index out of range gives false and leaves *out alone. */
NVM_API bool nvm_instance_export(nvm_instance *instance, size_t index, nvm_extern *out);

/* Calls a function with `arg_count` arguments; its results go to `results`, which has room for `result_count`.
 *   NVM_USAGE: `func` is null or of another store, or number or types of the arguments, or the number of results, are
 *     not the function's; nothing was run.
 *   NVM_TRAP: *trap says why and where (`trap` may be null); *error has the message, too. Effects so far stay, and
 *     the instance can be called again. */
NVM_API nvm_status nvm_call(nvm_store *store, nvm_func *func, const nvm_value *args, size_t arg_count,
                            nvm_value *results, size_t result_count, nvm_trap *trap, nvm_error *error);

#ifdef __cplusplus
}
#endif

#endif
