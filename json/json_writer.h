/* JSON into a buffer, value after value; commas come by themselves. Whether there was memory is said by out->failed. */
#ifndef JSON_JSON_WRITER_H
#define JSON_JSON_WRITER_H

#include "base/bytes.h"
#include "base/u128.h"

struct json_writer {
    struct buffer *out;
    bool comma; /* before the next value or name */
};

static inline struct json_writer json_writer_of(struct buffer *out)
{
    return (struct json_writer){.out = out};
}

void json_write_open(struct json_writer *w, char bracket); /* '{' or '[' */
void json_write_close(struct json_writer *w, char bracket);
void json_write_name(struct json_writer *w, const char *name); /* of the value that comes next; plain ASCII */
void json_write_name_bytes(struct json_writer *w, struct bytes name);          /* UTF-8 */

void json_write_string(struct json_writer *w, struct bytes text); /* UTF-8 */
void json_write_text(struct json_writer *w, const char *text);
void json_write_base64(struct json_writer *w, struct bytes bytes);
void json_write_u64(struct json_writer *w, uint64_t number);
void json_write_negative(struct json_writer *w, uint64_t number);  /* -number */
void json_write_digits(struct json_writer *w, struct bytes digits); /* a number as JSON writes it */
void json_write_u64_text(struct json_writer *w, uint64_t number); /* as a string */
void json_write_u128(struct json_writer *w, struct u128 number);  /* as a string */
void json_write_double(struct json_writer *w, double number);     /* as few digits as say it; null unless finite */
void json_write_bool(struct json_writer *w, bool value);
void json_write_null(struct json_writer *w);

/* A name, then the value. */
void json_name_open(struct json_writer *w, const char *name, char bracket);
void json_name_string(struct json_writer *w, const char *name, struct bytes text);
void json_name_base64(struct json_writer *w, const char *name, struct bytes bytes);
void json_name_u64(struct json_writer *w, const char *name, uint64_t number);
void json_name_u128(struct json_writer *w, const char *name, struct u128 number);
void json_name_bool(struct json_writer *w, const char *name, bool value);

#endif
