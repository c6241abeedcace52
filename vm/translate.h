/* Translation of validated function bodies to register code. Internal to vm/. */
#ifndef VM_TRANSLATE_H
#define VM_TRANSLATE_H

#include "vm/module.h"

/* Scratch for translating; one thread at a time. Null: no memory. */
struct translator *translator_new(struct module *m);
void translator_free(struct translator *t);

/* Translates `b` into memory from `arena` (null: from malloc, for the caller to free). `exact` code is the same, with
 * the same places for everything, but charges at every border. False: no memory. */
bool translate_body(struct translator *t, const struct body *b, bool exact, struct code_arena *arena,
                    const union word **code, uint32_t *words);

/* What stands behind a position in a function's code, found by translating once more. */
struct location {
    size_t offset;                 /* of the instruction, in the module's bytes */
    uint64_t unspent;              /* gas of its stretch that was charged for instructions behind it */
    uint32_t stretch;              /* number of the stretch that starts exactly at the position, or UINT32_MAX */
    bool frame_charge;             /* exact code: the position is the charge of the frame, before the first instruction */
};
bool translate_locate(struct translator *t, const struct body *b, bool exact, uint32_t position, struct location *out);

/* Where stretch number `stretch` starts in exact code. */
bool translate_exact_position(struct translator *t, const struct body *b, uint32_t stretch, uint32_t *position);

#endif
