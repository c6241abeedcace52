/* The implementation's own limits. Each can be lowered in `struct module_limits`; none can be exceeded. Exceeding
 * one is STATUS_LIMIT with a message that names it. */
#ifndef VM_LIMITS_H
#define VM_LIMITS_H

#include <stdint.h>

enum {
    LIMIT_MODULE_BYTES = 1 << 30,
    LIMIT_TYPES = 1000000,
    LIMIT_FUNCTIONS = 1000000,
    LIMIT_IMPORTS = 1000000,
    LIMIT_EXPORTS = 1000000,
    LIMIT_GLOBALS = 1000000,
    LIMIT_TABLES = 100,
    LIMIT_MEMORIES = 1,
    LIMIT_DATA_SEGMENTS = 1000000,
    LIMIT_ELEMENT_SEGMENTS = 1000000,
    LIMIT_TABLE_ELEMENTS = 10000000,
    LIMIT_FUNCTION_BYTES = 128 << 20,
    LIMIT_PARAMS = 1000,
    LIMIT_RESULTS = 1000,
    LIMIT_LOCALS = 50000,          /* parameters included */
    LIMIT_NESTING = 100000,        /* blocks in blocks */
    LIMIT_NAME_BYTES = 1 << 30,    /* of an import, export or custom section */
    LIMIT_BR_TABLE = 7654321,      /* targets of one br_table */
    LIMIT_STACK_SLOTS = 1 << 20,   /* default size of a store's value stack: 8 MiB */
    LIMIT_FRAME_SLOTS = 65000,     /* locals and operands of one function: slots are numbered in 16 bits */
    LIMIT_HOST_DEPTH = 100,        /* func_call inside host functions */
};

/* Those that a configuration may lower. */
struct module_limits {
    uint32_t module_bytes, types, functions, imports, exports, globals, tables, data_segments, element_segments,
        function_bytes, params, results, locals, nesting, name_bytes, br_table;
};

#endif
