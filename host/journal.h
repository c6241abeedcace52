/* What a contract asked the outside for, so that a run which goes on elsewhere can bring another outside to the same
 * state without the contract running again: every call that changes or reads it is noted with its arguments and a hash
 * of what it gave; the call that ended the run, with how far it came. Internal to host/. docs/suspended-runs.md has the
 * format. */
#ifndef HOST_JOURNAL_H
#define HOST_JOURNAL_H

#include "base/arena.h"
#include "host/external.h"

/* Counts what is charged while an access goes on. */
struct journal_tracker {
    struct access_tracker tracker;
    struct access_tracker *inner;
    uint32_t charges;
};

struct journal {
    struct external_state external;  /* to be handed to the host instead of `inner` */
    struct journal_tracker tracker;
    struct external_state *inner;
    struct buffer notes;
    size_t begun;                    /* where the latest note begins */
    struct stored_value found;       /* by the last storage_get */
    bool unreadable;                 /* an action was noted that has no valid encoding: names that are not UTF-8 */
};

/* Must not move after that; release with journal_free. */
void journal_init(struct journal *j, struct external_state *inner);
void journal_free(struct journal *j);

/* Repeats on `inner` what `notes` say, and notes it. `ended`: the last call that they tell of may have failed.
 * STATUS_INVALID with VM_ERROR_STATE_INVALID: they cannot be read, or something else came of it than then. STATUS_IO: the
 * external failed, and inner->error says why. */
enum status journal_replay(struct journal *j, struct bytes notes, bool ended, struct arena *arena, struct error *e);

#endif
