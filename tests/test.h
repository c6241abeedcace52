/* A test program: CHECK what must hold, then `return test_end();` from main. Its last line is
 * "N passed, N failed[, N skipped]", and its exit code says whether anything failed.
 *
 *     int main(void)
 *     {
 *         test_begin("hex");
 *         CHECK(hex_digit('a') == 10);
 *         CHECK_EQUAL(hex_length(3), 6);
 *         CHECK_TEXT(text, "0a0b0c");
 *         return test_end();
 *     }
 */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static struct {
    unsigned passed, failed, skipped;
    const char *name;
} test;

/* Names the group of checks that follows; failures are reported under it. */
static inline void test_begin(const char *name)
{
    test.name = name;
    printf("- %s\n", name);
    fflush(stdout);
}

static inline bool test_check(bool ok, const char *file, int line, const char *what)
{
    if (ok) {
        test.passed++;
    } else {
        test.failed++;
        printf("%s:%d: %s: failed: %s\n", file, line, test.name ? test.name : "", what);
        fflush(stdout);
    }
    return ok;
}

static inline bool test_equal(int64_t a, int64_t b, const char *file, int line, const char *what)
{
    if (a != b) printf("%s:%d: got %" PRId64 ", expected %" PRId64 "\n", file, line, a, b);
    return test_check(a == b, file, line, what);
}

static inline bool test_text(const char *a, const char *b, const char *file, int line, const char *what)
{
    bool ok = a && b && strcmp(a, b) == 0;
    if (!ok) printf("%s:%d: got      \"%s\"\n%s:%d: expected \"%s\"\n", file, line, a ? a : "(null)", file, line,
                    b ? b : "(null)");
    return test_check(ok, file, line, what);
}

static inline void test_skip(const char *what, const char *why)
{
    test.skipped++;
    printf("skipped: %s: %s\n", what, why);
}

static inline int test_end(void)
{
    printf("%u passed, %u failed", test.passed, test.failed);
    if (test.skipped) printf(", %u skipped", test.skipped);
    printf("\n");
    return test.failed != 0;
}

/* Each is an expression: true if the check held. */
#define CHECK(condition) test_check((condition) ? true : false, __FILE__, __LINE__, #condition)
#define CHECK_EQUAL(a, b) test_equal((int64_t)(a), (int64_t)(b), __FILE__, __LINE__, #a " == " #b)
#define CHECK_TEXT(a, b) test_text((a), (b), __FILE__, __LINE__, #a)

#endif
