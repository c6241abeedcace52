/* Event logs as bytes (Borsh): a count, then for each event (index u8, type u32, digest 48, payload u32 + bytes). */
#ifndef TEE_EVENT_LOG_H
#define TEE_EVENT_LOG_H

#include "base/borsh.h"
#include "tee/registers.h"

/* Where an extension with this payload takes a register: see registers.h. */
void tee_event_digest(uint32_t type, struct bytes payload, uint8_t digest[TEE_REGISTER_SIZE]);
void tee_register_advance(uint8_t value[TEE_REGISTER_SIZE], const uint8_t digest[TEE_REGISTER_SIZE]);

struct tee_event {
    uint8_t index;
    uint32_t type;
    const uint8_t *digest;         /* as the log says; tee_event_log_replay compares it with the payload's */
    struct bytes payload;
};

/* Goes through a log without judging digests:
 *
 *     struct tee_event_reader r = tee_event_reader_of(log);
 *     while (tee_event_next(&r, &event)) …
 *     status = tee_event_finish(&r, e);
 */
struct tee_event_reader {
    struct borsh_reader borsh;
    uint32_t left;                 /* events that the count promises and that were not read yet */
};
struct tee_event_reader tee_event_reader_of(struct bytes log);
bool tee_event_next(struct tee_event_reader *r, struct tee_event *out); /* false also after a failure */
/* STATUS_OK if the log was read to its last byte; else STATUS_MALFORMED, refusal event-log. */
enum status tee_event_finish(const struct tee_event_reader *r, struct error *e);

/* Appends one event; the count in front is the caller's. */
void tee_event_write(struct buffer *log, const struct tee_event *event);

#endif
