/* What the tests of the curves share: vectors (tests/vectors/crypto/curves.md), random bytes, hexadecimal. */
#ifndef TESTS_CURVE_VECTORS_H
#define TESTS_CURVE_VECTORS_H

#include <stdlib.h>

#include "base/bytes.h"
#include "tests/read_file.h"
#include "tests/test.h"

/* Random bytes, the same in every run (xorshift64). */
struct test_random {
    uint64_t state;
};

static inline uint64_t test_random_word(struct test_random *r)
{
    r->state ^= r->state << 13;
    r->state ^= r->state >> 7;
    r->state ^= r->state << 17;
    return r->state;
}

static inline void test_random_bytes(struct test_random *r, uint8_t *out, size_t size)
{
    for (size_t i = 0; i < size; i++) out[i] = (uint8_t)(test_random_word(r) >> 32);
}

static inline int hex_digit_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Appends the bytes that the text says ("-" says none); false if it is not hexadecimal. */
static inline bool hex_append(struct buffer *b, const char *text)
{
    if (strcmp(text, "-") == 0) return true;
    for (; text[0] != 0; text += 2) {
        int high = hex_digit_value(text[0]), low = high < 0 ? -1 : hex_digit_value(text[1]);
        if (low < 0) return false;
        buffer_append_byte(b, (uint8_t)(high << 4 | low));
    }
    return !b->failed;
}

struct curve_vector {
    const char *suite, *function;
    bool fix;
    struct bytes input, output;
    uint64_t ret;
};

/* Splits a line; input and output live in the buffers. */
static inline bool curve_vector_read(struct curve_vector *v, char *line, struct buffer *input, struct buffer *output)
{
    char *field[6], *rest = line;
    for (unsigned i = 0; i < 6; i++) {
        field[i] = strtok_r(rest, " ", &rest);
        if (!field[i]) return false;
    }
    input->size = output->size = 0;
    if (!hex_append(input, field[3]) || !hex_append(output, field[5])) return false;
    *v = (struct curve_vector){field[0], field[1], field[2][0] == '1', {input->data, input->size},
                               {output->data, output->size}, strtoull(field[4], NULL, 10)};
    return true;
}

/* Runs `check` on every vector of a file, and says how many of each suite there were. */
static inline void curve_vectors_run(const char *path, void (*check)(const struct curve_vector *v))
{
    struct buffer text = {0}, input = {0}, output = {0};
    char suite[64] = "", *rest = NULL;
    struct curve_vector v;
    unsigned count = 0, total = 0;
    if (!CHECK(read_file(path, &text))) return;
    buffer_append_byte(&text, 0);
    if (!text.failed) rest = (char *)text.data;
    while (rest && *rest) {
        char *line = rest, *end = strchr(rest, '\n');
        rest = end ? end + 1 : NULL;
        if (end) *end = 0;
        if (!CHECK(curve_vector_read(&v, line, &input, &output))) break;
        if (strcmp(suite, v.suite) != 0) {
            if (count) printf("  %s: %u\n", suite, count);
            snprintf(suite, sizeof suite, "%s", v.suite);
            count = 0;
        }
        check(&v);
        count++;
        total++;
    }
    printf("  %s: %u\n  %s: %u vectors\n", suite, count, path, total);
    CHECK(total > 0);
    buffer_free(&text);
    buffer_free(&input);
    buffer_free(&output);
}

#endif
