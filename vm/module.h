/* A module after decoding and validation. Internal to vm/. */
#ifndef VM_MODULE_H
#define VM_MODULE_H

#include <stdatomic.h>

#include "base/arena.h"
#include "base/hash.h"
#include "vm/code.h"
#include "vm/vm.h"

/* A constant expression: WebAssembly 2.0 allows exactly one instruction. */
enum const_kind { CONST_VALUE, CONST_GLOBAL, CONST_FUNC };
struct const_expr {
    enum const_kind kind;
    uint8_t type;                  /* of the result */
    slot value;                    /* the value, or the index of the global or function */
};

enum segment_mode { SEGMENT_ACTIVE, SEGMENT_PASSIVE, SEGMENT_DECLARATIVE };

struct data_segment {
    enum segment_mode mode;
    uint32_t memory;
    struct const_expr offset;
    struct bytes bytes;
};

struct element_segment {
    enum segment_mode mode;
    uint8_t flags;                 /* as they were encoded */
    uint32_t table;
    uint8_t type;
    struct const_expr offset;
    uint32_t count;
    const struct const_expr *items;
};

struct global_def {
    uint8_t type;
    bool is_mutable;
    struct const_expr init;        /* of those that are not imported */
};

struct table_def {
    uint8_t type;
    struct range range;
};

struct function_name {
    uint32_t index;
    struct bytes name;
};

/* How many locals of each class a dispatcher may keep in machine registers, at most. */
enum { MAX_PINNED_INT = 5, MAX_PINNED_FLOAT = 3 };

/* A function defined in the module. Validation fills everything but the code. */
struct body {
    _Atomic(const union word *) code;  /* where calls enter; before the translation, a word that translates */
    union word stub[1];                /* that word */
    _Atomic uint32_t words;            /* of the code; 0 before the translation */
    _Atomic(const union word *) exact; /* the same code with a charge at every border, made when gas runs short */
    _Atomic uint32_t exact_words;
    uint32_t index;                    /* in the module's function index space */
    uint32_t type;
    uint32_t offset, size;             /* of the body, local declarations included */
    uint32_t locals;                   /* parameters included */
    uint32_t max_stack;                /* operands at most, where code is reached */
    uint32_t indirect_calls;           /* call_indirect instructions */
    uint32_t blocks;                   /* block, loop and if instructions */
    uint32_t charges;                  /* of NEAR's analysis, at most: see opcodes.h */
    uint16_t pinned_int[MAX_PINNED_INT];     /* the hottest locals, best first */
    uint16_t pinned_float[MAX_PINNED_FLOAT];
    uint8_t pinned_ints, pinned_floats;      /* how many */
};

struct module {
    struct vm_config config;
    struct fee_schedule schedule;      /* a copy; config.schedule points here if there is one */
    const struct dispatch *dispatch;
    uint32_t first[OPERATION_COUNT];   /* first variant of each operation with this dispatcher */
    uint32_t stride[FAMILY_COUNT];     /* variants of an operation for one place of its result */
    struct arena arena;
    struct bytes bytes;
    uint8_t *owned_bytes;

    struct functype *types;
    uint32_t *type_canonical;          /* the lowest index with an equal type */
    uint32_t type_count;

    struct import_info *imports;
    uint32_t import_count, imported_functions, imported_tables, imported_memories, imported_globals;
    uint32_t *import_types;            /* type index of imports that are functions */

    uint32_t *function_types;          /* imported ones first; likewise below */
    uint32_t function_count;
    struct body *bodies;
    uint32_t body_count;
    uint32_t most_locals;              /* of a body, parameters included */

    struct table_def *tables;
    uint32_t table_count;
    struct range *memories;
    uint32_t memory_count;
    struct global_def *globals;
    uint32_t global_count;

    struct export_info *exports;
    uint32_t export_count;
    uint32_t *function_exports;        /* number + 1 of a function's first export; null: there are no exports */
    uint32_t *export_slots;            /* hash table of export numbers + 1 */
    uint32_t export_mask;
    struct hash_key table_key;

    bool has_start, has_data_count;
    uint32_t start, data_count;

    struct element_segment *elements;
    uint32_t element_count;
    struct data_segment *data;
    uint32_t data_segments;

    uint8_t *declared;                 /* a bit for each function that ref.func may name */

    struct section_info *sections;
    uint32_t section_count;
    struct bytes name;
    struct function_name *names;       /* ascending by index */
    uint32_t name_count;

    struct code_arena code;            /* of eager translation */
    _Atomic size_t code_bytes;
    uint64_t work;                     /* of the load since config.stop was asked: about bytes */
};

/* How much work lies between two looks whether somebody wants it to end: some tenths of a millisecond. */
enum { WORK_PER_LOOK = 1 << 20, WORK_PER_BYTE = 16 /* of a module, while it is loaded */ };

/* decode.c */
enum status module_decode(struct module *m, struct error *e);
/* module.c: counts work of the load over n bytes; true: it is to end. */
bool module_is_stopped(struct module *m, uint64_t n);
/* decode_names.c: reads what can be read; a malformed name section is no error. */
void module_read_names(struct module *m, struct bytes section);
struct bytes module_function_name(const struct module *m, uint32_t index);
/* module_info.c */
const struct export_info *module_find_export(const struct module *m, struct bytes name);

static inline bool module_is_metered(const struct module *m)
{
    return m->config.schedule != NULL || m->config.interruptible;
}

static inline bool type_is_float(uint8_t type)
{
    return type == TYPE_F32 || type == TYPE_F64;
}

static inline bool type_is_reference(uint8_t type)
{
    return type == TYPE_FUNCREF || type == TYPE_EXTERNREF;
}

#endif
