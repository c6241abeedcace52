/* The pieces of decoding. Internal to vm/. */
#ifndef VM_DECODE_H
#define VM_DECODE_H

#include "vm/module.h"
#include "vm/reader.h"

/* What the sections hand to each other while a module is decoded. */
struct decoder {
    struct module *m;
    struct reader r;
    struct validator *validator;
    uint32_t bodies;               /* in the code section */
};

/* An array of `count` zeroed elements in the module's arena; null after a failure. */
void *decoder_array(struct decoder *d, size_t count, size_t size);

/* Tells the observer, if there is one; false: it refuses (reported). */
bool decoder_event(struct decoder *d, enum load_event event, uint64_t n);

/* Counts work over n bytes, or their like; false: it failed before, or somebody wants the load to end now (reported). */
bool decoder_look(struct decoder *d, uint64_t n);

/* A name that keeps to the limit. */
struct bytes decode_name(struct decoder *d);

bool decode_value_type(struct decoder *d, uint8_t *type);
bool decode_reference_type(struct decoder *d, uint8_t *type);

/* A constant expression whose result must be `type`; `globals` is how many globals it may name. */
bool decode_const_expr(struct decoder *d, uint8_t type, struct const_expr *out);

/* decode_sections.c: one function for each section; the reader covers just the section. */
void decode_types(struct decoder *d);
void decode_imports(struct decoder *d);
void decode_functions(struct decoder *d);
void decode_tables(struct decoder *d);
void decode_memories(struct decoder *d);
void decode_globals(struct decoder *d);
void decode_exports(struct decoder *d);
void decode_start(struct decoder *d);
/* decode_segments.c */
void decode_elements(struct decoder *d);
void decode_data_count(struct decoder *d);
void decode_data(struct decoder *d);
/* decode.c */
void decode_code(struct decoder *d);

/* Notes that ref.func may name the function; false: it does not exist (reported at `at`). */
bool declare_function(struct decoder *d, uint32_t index, const uint8_t *at);

#endif
