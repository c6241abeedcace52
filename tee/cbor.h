/* CBOR (RFC 8949) as far as attestation documents and the requests of Nitro's device use it: read strictly, without
 * recursion, nothing copied; written in the shortest forms.
 *
 * What is read: integers, byte and text strings of definite length, arrays and maps of both kinds of length, tags, false,
 * true and null. Strings in pieces, floating point numbers and other simple values are refused, and so are lengths and
 * integers that are longer than they need be (unless the reader is told to take them). */
#ifndef TEE_CBOR_H
#define TEE_CBOR_H

#include "base/bytes.h"
#include "tee/refusal.h"

enum cbor_kind {
    CBOR_NONE,                     /* the end of the input, or it failed, or the first byte is of nothing that is read */
    CBOR_UINT, CBOR_NEGATIVE, CBOR_BYTES, CBOR_TEXT, CBOR_ARRAY, CBOR_MAP, CBOR_TAG, CBOR_BOOL, CBOR_NULL, CBOR_BREAK,
};

/* A position in CBOR. Once something is wrong everything read is empty, so one look at the end (cbor_finish) is enough;
 * but loops must run by cbor_more, which ends then, too. */
struct cbor_reader {
    const uint8_t *start, *p, *end;
    bool any_form;                 /* also takes integers and lengths that are not in their shortest form */
    bool failed;
    size_t failed_at;              /* offset of the item that is wrong */
    const char *problem;           /* what is wrong with it */
};
struct cbor_reader cbor_reader_of(struct bytes input);

/* An array or a map that was entered. */
struct cbor_container {
    bool indefinite;
    uint64_t left;                 /* items, or pairs; if definite */
};

enum cbor_kind cbor_peek(const struct cbor_reader *r);  /* the kind of the next item */
uint64_t cbor_read_uint(struct cbor_reader *r, uint64_t max);
/* An integer of either sign, from -2^63 to 2^63 - 1. */
int64_t cbor_read_int(struct cbor_reader *r);
struct bytes cbor_read_bytes(struct cbor_reader *r);
struct bytes cbor_read_text(struct cbor_reader *r);     /* UTF-8, checked */
uint64_t cbor_read_tag(struct cbor_reader *r);          /* the tag's number; its content comes next */
bool cbor_read_bool(struct cbor_reader *r);
bool cbor_skip_null(struct cbor_reader *r);             /* true, and skipped, if the next item is null */
struct cbor_container cbor_enter_array(struct cbor_reader *r);
struct cbor_container cbor_enter_map(struct cbor_reader *r);
/* Whether another item (or pair) follows; at the end of an indefinite one its "break" is skipped. Every item must then be
 * read whole before the next call. False also after a failure. */
bool cbor_more(struct cbor_reader *r, struct cbor_container *c);
/* Passes over one item with all that is in it: no deeper than CBOR_DEPTH containers. */
enum { CBOR_DEPTH = 16 };
void cbor_skip(struct cbor_reader *r);

/* Where the next item begins, as an offset. */
size_t cbor_offset(const struct cbor_reader *r);
/* Marks the input as wrong; only the first failure counts. `problem` is kept. */
void cbor_fail(struct cbor_reader *r, const char *problem);
/* STATUS_OK if nothing failed and everything was read; else *e: the refusal, with `what`, the problem and the offset. */
enum status cbor_finish(const struct cbor_reader *r, const char *what, enum tee_refusal refusal, struct error *e);

/* Append one item each, in the shortest form. A container's items follow it: `count` items, or pairs of a map; or any
 * number and then cbor_write_break. Lack of memory shows in out->failed. */
void cbor_write_uint(struct buffer *out, uint64_t value);
void cbor_write_int(struct buffer *out, int64_t value);
void cbor_write_bytes(struct buffer *out, struct bytes value);
void cbor_write_text(struct buffer *out, const char *value);
void cbor_write_array(struct buffer *out, uint64_t count);
void cbor_write_map(struct buffer *out, uint64_t count);
void cbor_write_indefinite_map(struct buffer *out);
void cbor_write_break(struct buffer *out);
void cbor_write_tag(struct buffer *out, uint64_t number);
void cbor_write_bool(struct buffer *out, bool value);
void cbor_write_null(struct buffer *out);

/* The head of an item: at most 9 bytes; gives how many. For hashing an encoding without building it. */
enum { CBOR_HEAD_MAX = 9 };
size_t cbor_head(uint8_t out[CBOR_HEAD_MAX], enum cbor_kind kind, uint64_t value);

#endif
