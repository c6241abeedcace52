/* Validation of function bodies (specification, appendix 7.3), in one pass over the bytes that also finds what the
 * translation wants to know: the depth of the operand stack, and which locals are used most. Internal to vm/. */
#ifndef VM_VALIDATE_H
#define VM_VALIDATE_H

#include "vm/module.h"
#include "vm/reader.h"

struct validator;

/* Scratch for one module, used for one body after another; null: no memory. */
struct validator *validator_new(struct module *m);
void validator_free(struct validator *v);

/* Validates the body that `b` (offset, size, type) describes; fills the rest. The reader stands behind the body, lends
 * its base for offsets, and takes the failure; false: it failed. */
bool validate_body(struct validator *v, struct body *b, struct reader *r);

/* Reads the local declarations of a body into `types` (parameters first; room for the configured limit of locals).
 * Returns how many there are; the reader is then at the first instruction. */
uint32_t read_locals(struct reader *r, const struct module *m, const struct functype *type, uint8_t *types);

#endif
