/* What is where in frames that stand still. Internal to vm/suspend*.c. */
#ifndef VM_SUSPEND_LAYOUT_H
#define VM_SUSPEND_LAYOUT_H

#include "vm/runtime.h"
#include "vm/translator.h"

/* A place in a function: a charge or a call, named by its position in the code or by its offset in the module. */
struct layout_key {
    uint32_t body;                 /* number of the body */
    uint8_t exact;                 /* of which code */
    uint8_t kind;                  /* enum translate_point_kind */
    uint64_t place;
};

struct body_layout {
    const struct body *body;
    uint32_t header, home;         /* slots of the return address, of the first operand */
    unsigned pinned_ints, pinned_floats;
    uint64_t frame_bytes;
    const uint8_t *types;          /* of the locals */
};

struct frame_layout {
    struct layout_key key;
    bool found;
    uint32_t most;                 /* operands that a frame is known to have there, for saving memory */
    uint32_t position;             /* of the charge; of the call's last word */
    size_t offset, next;           /* as in translate.h */
    uint32_t callee, type;         /* POINT_CALL: as in translate.h */
    uint32_t results;              /* POINT_CALL: how many of the entries are the call's results */
    uint32_t height;
    const struct entry *entries;   /* null if there are more than `most` */
    const struct body_layout *body;
};

struct layouts {
    struct module *module;
    bool by_offset;                /* else by position */
    struct frame_layout *items;
    uint32_t count, capacity;
    struct arena arena;
};

/* Asks for a place; its operands are of interest if they are not more than `most`. False: no memory. */
bool layouts_want(struct layouts *l, struct layout_key key, uint32_t most);
/* Finds out about all places, in one translation of each function. False: no memory. */
bool layouts_find(struct layouts *l);
/* Null: there is no such place. After layouts_find. */
const struct frame_layout *layouts_get(const struct layouts *l, struct layout_key key);
void layouts_free(struct layouts *l);

#endif
