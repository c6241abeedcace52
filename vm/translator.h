/* The state of a translation, and the layers of it: emit (code, labels, charges) below stack (the operands, and where
 * each is) below translate (instructions). Internal to vm/translate*.c.
 *
 * The operand stack is simulated: an entry knows where its value is at this point of the code. Constants and reads of
 * locals are entries that cost nothing until somebody uses them; the result of an operation goes to a free register,
 * and if it turns out later that it must be in its home slot (or in a local), the operation is patched to write
 * there: no value is moved. */
#ifndef VM_TRANSLATOR_H
#define VM_TRANSLATOR_H

#include "vm/opcodes.h"
#include "vm/reader.h"
#include "vm/translate.h"

enum entry_kind {
    ENTRY_SLOT,                    /* in its home slot */
    ENTRY_REGISTER,                /* in a register of its class */
    ENTRY_LOCAL,                   /* the current value of a local */
    ENTRY_CONST,
};

struct entry {
    uint8_t kind;
    uint8_t type;                  /* enum valtype */
    uint8_t reg;                   /* ENTRY_REGISTER */
    bool clean;                    /* ENTRY_REGISTER: the home slot holds the value, too */
    uint32_t local;                /* ENTRY_LOCAL */
    union {
        uint64_t value;            /* ENTRY_CONST */
        uint32_t previous;         /* ENTRY_LOCAL: the next lower entry of the same local, + 1 */
    };
};

#define NO_POSITION UINT32_MAX

/* A register that holds an entry, and the operation that wrote it. */
struct temporary {
    bool busy;
    uint32_t entry;
    uint32_t position;             /* NO_POSITION: it cannot be patched */
    uint16_t operation;
    uint16_t stride;               /* variants from one destination to the next */
    uint32_t variant;
};

/* The borders of charging: a stretch is code that is charged together. */
struct label {
    uint32_t position;             /* NO_POSITION: not placed yet */
    uint32_t stretch;
};

enum fixup_kind { FIXUP_BRANCH, FIXUP_TABLE };
struct fixup {                     /* a branch whose target is a label */
    uint32_t operation;            /* position of the operation */
    uint32_t where;                /* of the word with the target */
    uint32_t charge;               /* of the word with the charge, or NO_POSITION */
    uint32_t label;
    uint8_t kind;
};

enum charge_kind { CHARGE_WORD, CHARGE_FALL, CHARGE_AFTER };
struct charge {                    /* a place that gets the total of a stretch */
    uint32_t where;
    uint32_t stretch;
    uint8_t kind;
};

struct stretch {
    uint64_t total;
    uint32_t position;             /* where its code starts (exact code: where its first charge is) */
};

struct block {
    uint8_t opcode;                /* OPCODE_BLOCK, _LOOP, _IF, _ELSE; 0: the function */
    bool targeted;                 /* somebody branches to the label */
    uint32_t height;               /* of the stack at entry, without the parameters */
    struct functype type;
    uint32_t label;                /* of a loop: its start, otherwise the end */
    uint32_t else_label;           /* of an if */
    uint32_t stub;                 /* of the br_table being translated: the label of its way here */
};

struct translator {
    struct module *m;
    const struct dispatch *dispatch;
    unsigned ints, floats;         /* registers */
    const void *const *handlers;
    const uint32_t *first;         /* first variant of each operation */
    const uint32_t *stride;        /* of each family: variants for one place of the result */
    bool metered, exact;

    const struct body *body;
    struct reader r;
    struct error ignored;          /* the body is valid: reading cannot fail */
    uint8_t *local_types;
    uint8_t *local_register;       /* NOT_PINNED: it lives in its slot */
    uint32_t *alias;               /* highest entry that is an alias of the local, + 1 */
    unsigned pinned_ints, pinned_floats;
    uint32_t header, home;         /* slot of the return address; of the first operand */
    uint64_t frame_bytes;

    struct entry *stack;
    uint32_t height, stack_capacity;
    uint32_t flushed;              /* entries below are in their homes, or constants */
    struct temporary temporary[2][8];  /* by class: 0 ints, 1 floats */

    struct block *blocks;
    uint32_t depth, block_capacity;
    bool dead;                     /* behind an unconditional branch */
    uint32_t dead_depth;           /* blocks opened since */

    union word *code;
    uint32_t size, capacity;
    uint32_t last;                 /* position of the last operation that is not a charge */
    struct label *labels;
    uint32_t label_count, label_capacity;
    struct fixup *fixups;
    uint32_t fixup_count, fixup_capacity;
    struct charge *charges;
    uint32_t charge_count, charge_capacity;
    struct stretch *stretches;
    uint32_t stretch_count, stretch_capacity;
    uint64_t cost;                 /* of the current stretch so far */
    uint64_t exact_cost;           /* exact code: of what the pending charge covers */
    uint32_t exact_position;       /* exact code: the pending charge's amount */
    uint32_t frame_charge;         /* exact code: where the frame's amount is, or NO_POSITION */
    bool failed;                   /* no memory, or stopped */
    bool stopped;
    bool (*stop)(void *user, uint64_t bytes); /* null: nobody stops it */
    void *stop_user;

    const struct translate_watch *watch; /* null: nobody looks */
    const uint8_t *at;             /* the instruction being translated */
    uint32_t wanted;               /* translate_locate: a position, or NO_POSITION */
    struct location *found;
    uint32_t own_stretch;          /* which the instruction's own cost went to */
    uint32_t found_stretch;
    uint64_t found_cost;
};

enum { NOT_PINNED = 0xff };
enum { INTS = 0, FLOATS = 1 };

static inline unsigned type_class(uint8_t type)
{
    return type == TYPE_F32 || type == TYPE_F64 ? FLOATS : INTS;
}

/* ---- translate_emit.c ---- */

/* Appends an operation of `words` words; returns its position. The operands are zero. */
uint32_t emit(struct translator *t, enum operation op, uint32_t variant, uint32_t words);
bool grow(struct translator *t, void *array, uint32_t count, uint32_t *capacity, size_t size);
uint32_t new_label(struct translator *t);
/* The label is here; control falls into it unless t->dead. Starts a stretch. */
void place_label(struct translator *t, uint32_t label);
void branch_to(struct translator *t, uint32_t operation, uint32_t where, uint32_t charge, uint32_t label, uint8_t kind);
/* Ends the stretch and starts one here whose total goes to `where`; NO_POSITION: to a charge of its own. */
void next_stretch(struct translator *t, uint32_t where, enum charge_kind kind);
/* Tells the watcher of the charge that was just emitted, if nothing is paid by it yet: it stands in front of the
 * instruction at `at`. */
void watch_charge(struct translator *t, const uint8_t *at);
/* Tells it of a call that was translated; fills in p.next. */
void watch_call(struct translator *t, struct translate_point p);
/* Exact code: what follows an instruction that may trap or has effects is charged on its own. */
void exact_border(struct translator *t);
void resolve(struct translator *t);

/* ---- translate_stack.c ---- */

static inline uint32_t home_slot(const struct translator *t, uint32_t entry)
{
    return t->home + entry;
}

struct place {
    uint32_t index;                /* as in families.h */
    uint16_t slot;
    int64_t immediate;
};

/* Where an immediate is allowed (INT_IMM). */
static inline struct place immediate_place(const struct translator *t, int64_t value)
{
    return (struct place){.index = t->ints + 1, .immediate = value};
}
static inline bool is_immediate(const struct translator *t, struct place p)
{
    return p.index == t->ints + 1;
}

void push_entry(struct translator *t, struct entry e);
void push_slot(struct translator *t, uint8_t type);
void push_local(struct translator *t, uint32_t local);
void push_const(struct translator *t, uint8_t type, uint64_t value);
void pop_entries(struct translator *t, uint32_t n);
/* Places of entries, counted from the top (0). An operand that must not be a constant gets a register or slot. */
struct place operand(struct translator *t, uint32_t from_top);
struct place operand_or_immediate(struct translator *t, uint32_t from_top, bool wide);
uint16_t operand_in_slot(struct translator *t, uint32_t from_top);
const struct entry *entry_at(const struct translator *t, uint32_t from_top);
/* Emits an operation with a destination of the result's class, replacing `pops` entries by the result. `rest` is the
 * variant with 0 for the destination. Returns the position. */
uint32_t emit_result(struct translator *t, enum operation op, uint32_t rest, uint32_t words, uint32_t pops,
                     uint8_t type);
/* Brings the top n entries to their home slots. */
void flush_top(struct translator *t, uint32_t n);
/* Brings everything but constants to home slots, and the top n even then: for places where paths meet. */
void flush_all(struct translator *t, uint32_t n);
/* Frees all temporary registers: before calls. */
void spill_temporaries(struct translator *t);
void set_local(struct translator *t, uint32_t local);   /* pops */
/* Moves the top n entries to the homes of the n entries from `to_entry` on; they stay on the stack. More than
 * MOVED_SINGLY are brought home first and moved by one operation, so that code stays in proportion to the module. */
enum { MOVED_SINGLY = 4 };
void move_top(struct translator *t, uint32_t n, uint32_t to_entry);
/* The operation that computed the top entry, if it was the last one emitted; else null. */
struct temporary *last_result(struct translator *t);
/* Puts the result of a call, which is in its home slot and in the last register, on the stack. */
void push_call_result(struct translator *t, uint8_t type);

#endif
