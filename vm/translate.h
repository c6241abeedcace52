/* Translation of validated function bodies to register code. Internal to vm/. */
#ifndef VM_TRANSLATE_H
#define VM_TRANSLATE_H

#include "vm/module.h"

/* Scratch for translating; one thread at a time. Null: no memory. */
struct translator *translator_new(struct module *m);
void translator_free(struct translator *t);

/* From now on `stop` is asked after every so many bytes; true: translations fail, and translator_stopped says why. */
void translator_set_stop(struct translator *t, bool (*stop)(void *user, uint64_t bytes), void *user);
bool translator_stopped(const struct translator *t);

/* Translates `b` into memory from `arena` (null: from malloc, for the caller to free). `exact` code is the same, with
 * the same places for everything, but charges at every border. False: no memory, or stopped. */
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

/* Where stretch number `stretch` starts in exact or other code, and (if not null) what it costs. */
bool translate_stretch_position(struct translator *t, const struct body *b, bool exact, uint32_t stretch,
                                uint32_t *position, uint64_t *total);

/* A place where a run can stand still: what is where is then known from the translator's stack (translator.h). */
enum translate_point_kind {
    POINT_CHARGE,                  /* exact code: in front of a charge */
    POINT_CALL,                    /* behind a call, results on the stack */
};
struct translate_point {
    enum translate_point_kind kind;
    uint32_t position;             /* of the charge; of the call's last word */
    /* POINT_CALL: of the instruction. POINT_CHARGE: of the next one that is paid for or branches, so that it is the same
     * with every dispatcher; of the body, if the charge is the frame's. */
    size_t offset;
    size_t next;                   /* POINT_CALL: what `offset` is for the charge behind it */
    uint32_t callee;               /* POINT_CALL: index of the function, or UINT32_MAX: of type `type` */
    uint32_t type;                 /* its index */
    uint32_t results;              /* of the call */
};
struct translate_watch {
    void (*point)(void *user, const struct translator *t, const struct translate_point *p);
    void *user;
};
/* Translates once more, telling `w` of all such places. A charge may be told of more than once; of several at one offset
 * the last is the one to stand at. False: no memory. */
bool translate_watched(struct translator *t, const struct body *b, bool exact, const struct translate_watch *w);

#endif
