/* vm/: WebAssembly 2.0 without SIMD. Bytes are decoded and validated (`module_load`), translated to register code
 * (each function ahead or at its first call) and executed (`func_call`). It knows nothing of NEAR: fees come as
 * a schedule, imports as a table.
 *
 * Ownership and threads: a module is immutable to its users and may be shared by threads; everything else belongs
 * to a store, and a store is used by one thread at a time (store_interrupt alone may be called from any thread).
 * Two stores never share anything that needs a lock. */
#ifndef VM_VM_H
#define VM_VM_H

#include "base/bytes.h"
#include "base/error.h"
#include "vm/limits.h"

/* ---- values and types ---------------------------------------------------------------------------------------- */

enum valtype {
    TYPE_I32 = 0x7f,
    TYPE_I64 = 0x7e,
    TYPE_F32 = 0x7d,
    TYPE_F64 = 0x7c,
    TYPE_FUNCREF = 0x70,
    TYPE_EXTERNREF = 0x6f,
};

/* A value in 64 bits: an i32 or f32 in the low half with the high half zero; a funcref as the address of a
 * struct func, an externref as any number that the embedder chose; null references are 0. */
typedef uint64_t slot;

struct functype {
    uint32_t params;               /* how many */
    uint32_t results;
    const uint8_t *types;          /* enum valtype: the parameters, then the results */
};

bool functype_equal(const struct functype *a, const struct functype *b);
const char *valtype_name(uint8_t type); /* "i32", "funcref", ... */

struct range {                     /* the limits of a memory (pages of 64 KiB) or table (elements) */
    uint32_t min;
    uint32_t max;                  /* meaningful only if has_max */
    bool has_max;
};

enum extern_kind { EXTERN_FUNC = 0, EXTERN_TABLE = 1, EXTERN_MEMORY = 2, EXTERN_GLOBAL = 3 };

struct extern_type {
    enum extern_kind kind;
    struct functype func;          /* EXTERN_FUNC */
    struct range range;            /* EXTERN_TABLE, EXTERN_MEMORY */
    uint8_t type;                  /* element type of a table, type of a global */
    bool is_mutable;               /* EXTERN_GLOBAL */
};

/* ---- configuration ------------------------------------------------------------------------------------------- */

enum feature {
    FEATURE_MUTABLE_GLOBALS = 1 << 0,       /* import and export of mutable globals */
    FEATURE_SIGN_EXTENSION = 1 << 1,
    FEATURE_SATURATING_TRUNCATION = 1 << 2,
    FEATURE_MULTI_VALUE = 1 << 3,
    FEATURE_REFERENCE_TYPES = 1 << 4,       /* funcref values, table.*, several tables, typed select */
    FEATURE_EXTERNREF = 1 << 5,             /* externref, on top of reference types */
    FEATURE_BULK_MEMORY = 1 << 6,
    FEATURES_ALL = (1 << 7) - 1,
};

/* What execution costs. Charges are fused into the translated code; without a schedule no code is emitted for
 * them. All costs are in gas. */
struct fee_schedule {
    uint64_t op[256];              /* a one-byte instruction, by opcode */
    uint64_t op_fc[32];            /* 0xfc-prefixed instructions, by their second number */
    uint64_t linear_base;          /* memory.init/copy/fill/grow, table.init/copy/fill/grow: base + n * unit, */
    uint64_t linear_unit;          /* n in bytes, elements or pages; on top of op */
    uint64_t frame_unit;           /* entering a function: for each 8 bytes of frame, rounded up */
    uint32_t frame_bytes;          /* a frame's bytes without parameters and locals */
    uint32_t bytes32;              /* a parameter, local or operand of type i32 or f32 */
    uint32_t bytes64;              /* the others */
};

/* One unit for each executed instruction (a loop again on every turn), nothing for block, else and end; no frames,
 * no linear costs. */
void fee_schedule_fuel(struct fee_schedule *s);

enum dispatcher { DISPATCH_DEFAULT, DISPATCH_TAIL, DISPATCH_PORTABLE };

struct module;

/* What loading meets, in the order of the module's bytes. */
enum load_event {
    LOAD_TYPES,                            /* n types are announced; not even the section's order was looked at */
    LOAD_IMPORTS,                          /* n imports were read: module_import works */
    LOAD_TABLES,                           /* n tables were read: module_table works */
    LOAD_GLOBALS,                          /* n globals were read */
    LOAD_EXPORTS,                          /* n exports were read: module_export works */
    LOAD_BODIES,                           /* n function bodies are announced; likewise */
    LOAD_BODY,                             /* a body of n bytes */
    LOAD_LOCALS,                           /* n more locals, of one declaration in that body */
};

/* For rules of the embedder's whose place among the others matters: `event` is called at each, and false ends the load
 * there with STATUS_LIMIT, VM_ERROR_REFUSED. */
struct load_observer {
    bool (*event)(void *user, const struct module *m, enum load_event event, uint64_t n);
    void *user;
};

/* Asked by module_load after bounded amounts of work: true ends the load with STATUS_LIMIT, VM_ERROR_INTERRUPTED. */
struct load_stop {
    bool (*wanted)(void *user);
    void *user;
};

/* How a module is loaded. */
struct vm_config {
    uint32_t features;                     /* enum feature, or-ed */
    const struct fee_schedule *schedule;   /* null: unmetered; must outlive the module */
    bool lazy;                             /* translate a function at its first call instead of now */
    bool interruptible;                    /* honour store_interrupt (costs as much as metering) */
    bool traced;                           /* tell the store's observer of every call: slower */
    bool borrow_bytes;                     /* the caller's bytes outlive the module: don't copy them */
    enum dispatcher dispatcher;            /* DISPATCH_DEFAULT: the fastest that was built in */
    const struct load_observer *observer;  /* null: none; used during module_load only */
    const struct load_stop *stop;          /* null: none; used during module_load only */
    const struct range *memory;            /* the size of every memory, whatever the module declares; null: as declared */
    bool padded_memory_index;              /* memory.init, .copy and .fill: the index 0 may be padded, as a LEB128 is */
    struct module_limits limits;
};

/* Everything on, unmetered, eager, the default limits. */
void vm_config_default(struct vm_config *c);

bool dispatcher_available(enum dispatcher d);
const char *dispatcher_name(enum dispatcher d); /* "tail", "portable"; the default's real name */

/* ---- errors -------------------------------------------------------------------------------------------------- */

/* Codes of `struct error` as vm/ reports it. */
enum vm_error {
    VM_ERROR_NONE,
#define X(name, status, text) VM_ERROR_##name,
#include "vm/errors.def"
#undef X
    VM_ERROR_COUNT
};

enum trap {
    TRAP_NONE,
#define X(name, text) TRAP_##name,
#include "vm/traps.def"
#undef X
    TRAP_COUNT
};
const char *trap_text(enum trap t);

/* ---- modules ------------------------------------------------------------------------------------------------- */

/* Decodes, validates and (unless lazy) translates. On success *out is a module to be released with module_free;
 * otherwise *e says what is wrong at which byte (STATUS_MALFORMED, STATUS_INVALID, STATUS_LIMIT,
 * STATUS_NO_MEMORY; code: enum vm_error). */
enum status module_load(const struct vm_config *config, const uint8_t *bytes, size_t size, struct module **out,
                        struct error *e);
void module_free(struct module *m); /* null is allowed; after every store that uses it */

struct import_info {
    struct bytes module, name;
    struct extern_type type;
};
struct export_info {
    struct bytes name;
    struct extern_type type;
    uint32_t index;                        /* in the index space of its kind */
};
struct section_info {
    uint8_t id;                            /* 0: custom */
    struct bytes name;                     /* of a custom section */
    size_t offset;                         /* of the contents (after the name), in the module's bytes */
    size_t size;
};
struct function_info {
    struct functype type;
    struct bytes name;                     /* from the name section, else of its first export; size 0: unknown */
    bool imported;
    size_t offset, size;                   /* of the body in the module's bytes; 0 if imported */
    uint32_t locals;                       /* without parameters */
};

size_t module_import_count(const struct module *m);
struct import_info module_import(const struct module *m, size_t i);
size_t module_export_count(const struct module *m);
struct export_info module_export(const struct module *m, size_t i);
size_t module_section_count(const struct module *m);
struct section_info module_section(const struct module *m, size_t i);
size_t module_function_count(const struct module *m);     /* imported ones first */
struct function_info module_function(const struct module *m, size_t i);
size_t module_table_count(const struct module *m);        /* imported ones first; likewise below */
struct extern_type module_table(const struct module *m, size_t i);
size_t module_memory_count(const struct module *m);
struct extern_type module_memory(const struct module *m, size_t i);
size_t module_global_count(const struct module *m);
struct extern_type module_global(const struct module *m, size_t i);
size_t module_data_count(const struct module *m);
size_t module_element_count(const struct module *m);      /* element segments */
bool module_start(const struct module *m, uint32_t *function);
struct bytes module_bytes(const struct module *m);
struct bytes module_name(const struct module *m);         /* from the name section; size 0: none */
size_t module_code_bytes(const struct module *m);         /* translated code so far */

/* ---- stores and what lives in them ----------------------------------------------------------------------------- */

struct store;
struct instance;
struct func;
struct table;
struct memory;
struct global;

struct store_config {
    uint32_t stack_slots;                  /* size of the value stack, in 64-bit slots */
    uint64_t gas;                          /* budget of all calls together; meaningful with a schedule */
    uint64_t stack_bytes;                  /* budget by the schedule's frame sizes; UINT64_MAX: none */
    uint32_t memory_pages;                 /* a memory never grows beyond */
    uint32_t table_elements;               /* a table never grows beyond */
};
void store_config_default(struct store_config *c);

enum status store_new(const struct store_config *config, struct store **out, struct error *e);
void store_free(struct store *s);          /* frees everything made in it; null is allowed */

uint64_t store_gas_left(const struct store *s);
/* Whether its modules were loaded with a fee schedule, so that gas is counted. False before the first instance. */
bool store_is_scheduled(const struct store *s);
/* Takes gas from what is left, for host functions. False: not enough is left; then none is. */
bool store_burn(struct store *s, uint64_t gas);
void store_set_gas(struct store *s, uint64_t gas);

/* Told of calls in code of traced modules: gas that goes between two events was paid by the function that was entered last
 * and not left (the frame's own cost by the callee). Functions that a trap ends are not left. Host functions are not
 * told of. */
struct call_observer {
    void (*enter)(void *user, uint32_t function /* index in its module */, uint64_t gas_left);
    void (*leave)(void *user, uint64_t gas_left);
    void *user;
};
void store_set_observer(struct store *s, const struct call_observer *o); /* copied; null: none */

/* Asks the running (or next) call of metered or interruptible modules to end in TRAP_INTERRUPTED, with all calls that it is
 * nested in; instantiation, too. From any thread. It is looked whether that was asked for after every slice of
 * instructions, after every host function, and while long operations work: the work between two looks is bounded. */
void store_interrupt(struct store *s);
/* Whether it was asked for: for host functions that take long. */
bool store_is_interrupted(const struct store *s);

struct external {
    enum extern_kind kind;
    union {
        struct func *func;
        struct table *table;
        struct memory *memory;
        struct global *global;
    };
};

/* What a host function sees of the call. */
struct host_call {
    struct store *store;
    struct instance *caller;               /* null if called directly by the embedder */
    void *user;
    const char *message;                   /* set with TRAP_HOST: why; must outlive the call */
};

/* A host function: reads its arguments from `values`, puts results there (same place, from index 0; there is
 * room for both). Returns TRAP_NONE or the trap that ends the call. */
typedef enum trap (*host_function)(struct host_call *call, slot *values);

enum status func_new_host(struct store *s, const struct functype *type, host_function f, void *user,
                          struct func **out, struct error *e); /* the type is copied */
enum status table_new(struct store *s, uint8_t type, struct range range, slot init, struct table **out,
                      struct error *e);
enum status memory_new(struct store *s, struct range range, struct memory **out, struct error *e);
enum status global_new(struct store *s, uint8_t type, bool is_mutable, slot value, struct global **out,
                       struct error *e);

/* Where and why execution stopped. Owned by the caller. */
enum { BACKTRACE_FRAMES = 32 };
struct trap_frame {
    struct instance *instance;
    uint32_t function;                     /* index in its module */
    size_t offset;                         /* of the instruction in the module's bytes */
};
struct trap_info {
    enum trap trap;
    const char *message;                   /* trap_text, or what the host function set */
    /* TRAP_OUT_OF_GAS: the charge that failed, by the borders of NEAR's gas analysis (gas_groups.h), and what was left
     * when it did. The store is left without gas. */
    uint64_t gas_charge, gas_left;
    uint32_t depth;                        /* frames there were */
    uint32_t frames;                       /* recorded: the innermost first */
    struct trap_frame frame[BACKTRACE_FRAMES];
};

/* Instantiates with one external for each import, in the module's order. Runs the start function. On
 * STATUS_TRAP, `trap` says why (segments out of bounds and interruptions trap, too). STATUS_UNLINKABLE: *e names the import.
 * The instance stays in the store even if it trapped, as the specification has it; *out is null then, unless the start
 * function was suspended (TRAP_SUSPENDED: suspend.h). */
enum status instance_new(struct store *s, struct module *m, const struct external *imports, size_t count,
                         struct instance **out, struct trap_info *trap, struct error *e);
/* The same in two steps, for those who must know the instance before anything of it runs: everything but segments and
 * start function (VM_ERROR_INTERRUPTED, as STATUS_LIMIT, if it was interrupted); then these, once, right after. It stays in
 * the store even if it trapped. */
enum status instance_allocate(struct store *s, struct module *m, const struct external *imports, size_t count,
                              struct instance **out, struct error *e);
enum status instance_start(struct instance *i, struct trap_info *trap, struct error *e);
bool instance_export(struct instance *i, struct bytes name, struct external *out);
struct module *instance_module(const struct instance *i);
void *instance_user(const struct instance *i);
void instance_set_user(struct instance *i, void *user);
struct memory *instance_memory(struct instance *i, uint32_t index); /* null: there is none */

const struct functype *func_type(const struct func *f);

/* Whose it is: what belongs to one store must not get into another. */
struct store *func_store(const struct func *f);
struct store *external_store(const struct external *x);

/* Calls `f`: `values` holds the arguments on entry, the results on success (room for the larger of both).
 * Returns TRAP_NONE or fills *trap (may be null). May be called from host functions, to a bounded depth. */
enum trap func_call(struct store *s, struct func *f, slot *values, struct trap_info *trap);

uint8_t *memory_data(struct memory *m);    /* valid until the memory grows */
uint64_t memory_size(const struct memory *m);   /* bytes */
uint32_t memory_pages(const struct memory *m);
struct range memory_range(const struct memory *m);
bool memory_grow(struct memory *m, uint32_t pages);  /* false: not possible, nothing changed */

uint32_t table_size(const struct table *t);
uint8_t table_type(const struct table *t);
struct range table_range(const struct table *t);
bool table_get(const struct table *t, uint32_t i, slot *out); /* false: out of bounds */
bool table_set(struct table *t, uint32_t i, slot value);
bool table_grow(struct table *t, uint32_t n, slot value);

slot global_get(const struct global *g);
void global_set(struct global *g, slot value);
uint8_t global_type(const struct global *g);
bool global_is_mutable(const struct global *g);

#endif
