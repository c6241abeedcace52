/* What exists while code runs: stores, instances and what they hold. Internal to vm/. */
#ifndef VM_RUNTIME_H
#define VM_RUNTIME_H

#include <stdatomic.h>

#include "base/arena.h"
#include "vm/float_environment.h"
#include "vm/module.h"

struct memory {
    uint8_t *data;
    uint64_t size;                 /* bytes */
    uint32_t pages;
    struct range range;
    uint64_t reserved;             /* bytes of address space behind `data` */
    uint32_t limit;                /* it never grows beyond: the store's */
    struct store *store;           /* whose it is; likewise below */
};

struct table {
    slot *elements;
    uint32_t size, capacity;
    uint8_t type;
    struct range range;
    uint32_t limit;                /* it never grows beyond */
    struct store *store;
};

struct global {
    slot value;
    uint8_t type;
    bool is_mutable;
    struct store *store;
};

struct func {
    struct instance *instance;     /* null: a host function */
    struct body *body;
    const struct functype *type;
    uint32_t type_id;              /* equal for equal types, within the store */
    uint32_t index;                /* in its module */
    bool has_f32;                  /* among the parameters of a host function */
    host_function host;
    void *user;
    struct store *store;
};

/* The innermost fields are those that handlers use. */
struct instance {
    struct store *store;
    struct memory *memory;         /* never null: an empty one if the module has none */
    struct func **funcs;
    struct global **globals;
    struct table **tables;
    const uint32_t *type_ids;      /* by the module's type index */
    slot *stack_end;
    struct module *module;
    struct func *own_funcs;
    struct global *own_globals;
    bool *data_dropped, *element_dropped;
    slot **element_values;         /* the values of each element segment */
    void *user;
};

/* A call into another instance, or out of C: where to go on when it returns. */
struct foreign_frame {
    struct instance *instance;     /* the caller's; null: the caller is C */
    const union word *pc;          /* return address */
    slot *fp;
};

/* A run that was stopped to be continued (suspend.h), and what it takes to go on. */
struct suspended {
    bool stopped;                  /* the stack holds such a run: nothing was called since */
    bool restored;                 /* the stack holds one that was read, to go on from `from` */
    bool in_registers;             /* it stopped at a charge of exact code; otherwise behind a host function's call */
    struct instance *instance;
    const union word *pc;          /* at the charge's amount; or the call's last word */
    const union word *from;
    slot *fp, *base;               /* the innermost frame; the outermost */
    uint32_t function;             /* the outermost */
    uint64_t stack_left;           /* restored: bytes, by the schedule */
    uint64_t ints[6], floats[4];   /* the dispatcher's registers */
};

struct store {
    struct store_config config;
    struct arena arena;
    const struct dispatch *dispatch;   /* of the first module; all others must agree */
    bool used, metered, scheduled;
    int64_t gas;                       /* what the gas register was given and has left */
    uint64_t gas_reserve;              /* the rest */
    uint64_t gas_slice;                /* how much the register gets at once */
    uint64_t stack_left;               /* bytes, by the schedule */
    uint64_t pending;                  /* a charge that did not fit */
    uint64_t short_of;                 /* TRAP_OUT_OF_GAS: what was left then */
    bool short_at_once;                /* and `pending` is the whole charge, whatever the analysis says */
    uint64_t suspend_floor;            /* stop before a charge that leaves less; 0: never */
    uint32_t starved;                  /* charges of exact code since it was looked for a way back */
    struct suspended suspended;
    struct call_observer observer;     /* of traced modules */
    _Atomic bool interrupted;
    bool stopping;                     /* that was seen: it holds until the outermost call has ended */
    bool inside_stretch;               /* seen at an operation, not at a charge: the stretch is charged to its end */
    uint64_t work;                     /* of operations whose operands say how much, since the last look: about bytes */
    uint64_t looks;                    /* how often it was looked whether an interruption was asked for */

    slot *stack, *stack_end;           /* the end leaves a margin for what calls write before checking */
    slot *sp;                          /* where a call from C may put its frame */
    struct instance *instance;         /* of the code that runs() starts with, and that stopped */
    const union word *pc;              /* where it stopped, or called a host function */
    slot *fp;
    enum trap trap;
    const char *trap_message;
    unsigned host_depth;               /* calls from C that have not returned, into code or a host function */
    struct float_environment floats;   /* the embedder's, while code runs */

    union word stub[8];                /* code to return to: EXIT and FOREIGN_RETURN behind a call's last word */
    struct foreign_frame *foreign;
    uint32_t foreign_count, foreign_capacity;

    struct functype *types;            /* interned; the id is the index */
    uint32_t *type_slots;
    uint32_t type_count, type_capacity, type_mask;
    struct hash_key table_key;
    struct memory empty_memory;
    struct memory **memories;          /* to be unmapped; likewise tables */
    struct table **tables;
    uint32_t memory_count, table_count, memory_capacity, table_capacity;
};

/* Gas is handed to the register in slices of so many instructions, so that an interruption is noticed in metered code
 * at no cost. Each of them may miss every cache (100 ns). */
enum { SLICE_INSTRUCTIONS = 250000 };

enum { STUB_EXIT = 1, STUB_FOREIGN = 4, STUB_SUSPEND = 6, STUB_RESUME = 7, STACK_MARGIN = 64 };

/* store.c */
uint32_t store_type_id(struct store *s, const struct functype *t); /* UINT32_MAX: no memory */
/* Looks whether the store is interrupted, and says so until the outermost call ends. */
bool store_look(struct store *s);
/* Counts work, and looks when there was enough. False: interrupted. */
bool store_work(struct store *s, uint64_t n);
void store_settle(struct store *s);             /* at the end of calls: an interruption has ended them all */
/* memory.c */
enum status memory_create(struct store *s, struct range range, struct memory **out, struct error *e);
void memory_release(struct memory *m);
/* execute.c: called from handlers */
enum trap execute_host(struct store *s, struct instance *i, struct func *f, slot *values);
/* A charge of s->pending made s->gas negative: finds more gas, or the code that tells where exactly it runs out.
 * Returns where to go on; null: s->trap says why not. */
const union word *execute_gas(struct store *s, struct instance *i, const union word *pc, bool exact);
void execute_observe(struct store *s, uint32_t function, bool enter);
bool foreign_push(struct store *s, struct instance *i, const union word *pc, slot *fp);
/* Null: no memory or, if that is of interest, interrupted; the store has the trap. */
const union word *execute_translate(struct instance *i, struct body *b, bool may_stop);
const union word *execute_exact(struct instance *i, struct body *b);     /* the code with all charges; null: no memory */
/* Runs from `code` with the frame at `fp`; the outermost one, of `function`, is at `base`. */
enum trap execute_run(struct store *s, struct instance *i, const union word *code, slot *base, slot *fp,
                      uint32_t function, struct trap_info *trap);
/* bulk.c: instructions on memories and tables; `v` are the operands, results replace them. Long ones are done in pieces,
 * and may be interrupted between two. */
bool bulk_charge(struct instance *i, uint32_t n); /* from the store's gas; false: it does not suffice */
uint32_t bulk_memory_grow(struct instance *i, uint32_t pages);
enum trap bulk_memory_init(struct instance *i, const slot *v, uint32_t segment);
enum trap bulk_memory_copy(struct instance *i, const slot *v);
enum trap bulk_memory_fill(struct instance *i, const slot *v);
enum trap bulk_table_get(struct instance *i, slot *v, uint32_t table);
enum trap bulk_table_set(struct instance *i, const slot *v, uint32_t table);
enum trap bulk_table_grow(struct instance *i, slot *v, uint32_t table);
enum trap bulk_table_fill(struct instance *i, const slot *v, uint32_t table);
enum trap bulk_table_copy(struct instance *i, const slot *v, uint32_t to, uint32_t from);
enum trap bulk_table_init(struct instance *i, const slot *v, uint32_t table, uint32_t segment);

#endif
