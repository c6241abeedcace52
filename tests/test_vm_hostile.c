/* Modules that mean harm: a clear error with its place, at once, in little memory; never a crash. */
#include "tests/modules.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static const double milliseconds = 2000; /* generous: sanitizers and busy machines */

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static long peak_kilobytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* Loads; on failure checks that the message begins with `text` and that the offset is inside the module. */
static enum status try(struct buffer *b, struct error *e)
{
    struct vm_config config;
    struct module *m = NULL;
    vm_config_default(&config);
    config.borrow_bytes = true;
    double start = now();
    enum status status = module_load(&config, b->data, b->size, &m, e);
    CHECK(now() - start < milliseconds);
    CHECK((status == STATUS_OK) == (m != NULL));
    if (status != STATUS_OK) CHECK(e->status == status && e->message[0] && e->offset <= b->size);
    module_free(m);
    return status;
}

static void check_refused(struct buffer *b, const char *text, uint64_t offset)
{
    struct error e = {0};
    CHECK(try(b, &e) != STATUS_OK);
    if (!CHECK(strncmp(e.message, text, strlen(text)) == 0)) printf("  message: %s\n  expected: %s\n", e.message, text);
    CHECK_EQUAL(e.offset, offset);
    buffer_free(b);
}

static struct buffer module_of(const void *sections, size_t size)
{
    struct buffer b = {0};
    put_header(&b);
    buffer_append(&b, sections, size);
    return b;
}
#define MODULE(bytes) module_of(bytes, sizeof bytes - 1)

/* ---- structure --------------------------------------------------------------------------------------------------- */

static void test_header(void)
{
    test_begin("header");
    struct buffer b = {0};
    struct error e;
    for (size_t n = 0; n < 8; n++) {
        b.size = 0;
        buffer_append(&b, "\0asm\1\0\0", n);
        CHECK_EQUAL(try(&b, &e), STATUS_MALFORMED);
    }
    b.size = 0;
    buffer_append(&b, "\0asn\1\0\0\0", 8);
    check_refused(&b, "magic header not detected", 0);
    buffer_append(&b, "\0asm\2\0\0\0", 8);
    check_refused(&b, "unknown binary version", 4);
    buffer_append(&b, "#!/bin/sh\nexit\n", 15);
    check_refused(&b, "magic header not detected", 0);
}

static void test_sections(void)
{
    test_begin("sections");
    struct buffer b = MODULE("\x0e\x00");
    check_refused(&b, "malformed section id", 8);
    b = MODULE("\x03\x01\x00\x01\x01\x00"); /* functions before types */
    check_refused(&b, "unexpected section", 11);
    b = MODULE("\x01\x01\x00\x01\x01\x00"); /* types twice */
    check_refused(&b, "unexpected section", 11);
    b = MODULE("\x01\x05\x00"); /* longer than the module */
    check_refused(&b, "length out of bounds", 10);
    b = MODULE("\x01\x02\x00\x00"); /* longer than its contents */
    check_refused(&b, "section size mismatch", 11);
    b = MODULE("\x01\x80\x80\x80\x80\x80\x00"); /* over-long LEB128 */
    check_refused(&b, "integer representation too long", 9);
    b = MODULE("\x01\xff\xff\xff\xff\x7f"); /* beyond 32 bits */
    check_refused(&b, "integer too large", 9);
    b = MODULE("\x00\x00"); /* a custom section without a name */
    check_refused(&b, "unexpected end", 10);
    b = MODULE("\x00\x03\x02\xff\xff"); /* a name that is no UTF-8 */
    check_refused(&b, "malformed UTF-8 encoding", 11);
    b = MODULE("\x01\x04\x01\x60\x00\x00\x03\x02\x01\x00"); /* functions without code */
    check_refused(&b, "function and code section have inconsistent lengths", 18);
}

/* A count of 2^32 - 1 in every section that has one. */
static void test_counts(void)
{
    test_begin("counts of four billion");
    static const uint8_t ids[] = {1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12};
    long before = peak_kilobytes();
    for (size_t i = 0; i < sizeof ids; i++) {
        struct buffer b = {0};
        struct error e = {0};
        put_header(&b);
        put_section(&b, ids[i], "\xff\xff\xff\xff\x0f\x00\x00", 7);
        CHECK(try(&b, &e) != STATUS_OK);
        CHECK(e.offset >= 10 && e.offset <= 17);
        buffer_free(&b);
    }
    CHECK(peak_kilobytes() - before < 50000);
}

static void test_nested_counts(void)
{
    test_begin("counts inside sections");
    struct error e;
    static const struct {
        const char *bytes;
        size_t size;
    } cases[] = {
        {"\x01\x07\x01\x60\xff\xff\xff\xff\x0f", 9},                                   /* parameters */
        {"\x01\x08\x01\x60\x00\xff\xff\xff\xff\x0f", 10},                              /* results */
        {"\x02\x06\x01\xff\xff\xff\xff\x0f", 8},                                       /* a name's length */
        {"\x04\x08\x01\x70\x00\xff\xff\xff\xff\x0f", 10},                              /* a table */
        {"\x09\x0a\x01\x00\x41\x00\x0b\xff\xff\xff\xff\x0f", 12},                      /* elements */
        {"\x0b\x0a\x01\x00\x41\x00\x0b\xff\xff\xff\xff\x0f", 12},                      /* data */
        {"\x01\x04\x01\x60\x00\x00\x03\x02\x01\x00\x0a\x07\x01\xff\xff\xff\xff\x0f\x0b", 19}, /* a body's size */
        {"\x01\x04\x01\x60\x00\x00\x03\x02\x01\x00\x0a\x09\x01\x07\xff\xff\xff\xff\x0f\x7f\x0b", 21}, /* runs of locals */
        {"\x01\x04\x01\x60\x00\x00\x03\x02\x01\x00\x0a\x0a\x01\x08\x01\xff\xff\xff\xff\x0f\x7f\x0b", 22}, /* locals */
        {"\x01\x04\x01\x60\x00\x00\x03\x02\x01\x00\x0a\x0d\x01\x0b\x00\x41\x00\x0e\xff\xff\xff\xff\x0f\x00\x0b", 25}, /* br_table */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer b = module_of(cases[i].bytes, cases[i].size);
        if (!CHECK(try(&b, &e) != STATUS_OK)) printf("  case %zu\n", i);
        buffer_free(&b);
    }
}

/* Every beginning of a module, and every module with one byte changed: an error or a module, nothing else. */
static void test_damage(void)
{
    test_begin("truncated and damaged modules");
    static const char text[] =
        "(module (type (func (param i32 f64) (result i64))) (import \"a\" \"b\" (func (type 0)))"
        " (table 2 10 funcref) (memory 1 2) (global (mut i32) (i32.const 3)) (start 1)"
        " (elem (i32.const 0) func 0 1) (data (i32.const 8) \"data\") (data \"more\")"
        " (func (export \"f\") (local i32 i64) (block (loop (br_if 1 (local.get 0)) (br 0)))"
        "  (memory.init 1 (i32.const 0) (i32.const 0) (i32.const 2)) (data.drop 1)"
        "  (drop (call_indirect (type 0) (i32.const 1) (f64.const 2.5) (i32.const 0)))))";
    struct buffer b = binary_of(text);
    struct error e;
    size_t size = b.size, accepted = 0;
    for (size_t n = 0; n < size; n++) {
        /* in memory of its own, so that reading behind the end is seen */
        struct buffer part = {0};
        part.data = malloc(n + 1);
        part.size = n;
        if (part.data) memcpy(part.data, b.data, n);
        accepted += part.data && try(&part, &e) == STATUS_OK;
        buffer_free(&part);
    }
    CHECK(accepted <= 8); /* those that end with a section */
    for (size_t i = 0; i < size; i++) {
        uint8_t original = b.data[i];
        static const uint8_t changes[] = {0x00, 0x01, 0x7f, 0x80, 0xff, 0x0b};
        for (size_t k = 0; k < sizeof changes; k++) {
            b.data[i] = changes[k];
            (void)try(&b, &e);
        }
        b.data[i] = original;
    }
    CHECK(try(&b, &e) == STATUS_OK);
    buffer_free(&b);
}

/* ---- size -------------------------------------------------------------------------------------------------------- */

static struct buffer nested(uint32_t depth, uint8_t opcode)
{
    struct buffer code = {0}, body = {0}, b = {0};
    buffer_append_byte(&code, 0);
    for (uint32_t i = 0; i < depth; i++) {
        if (opcode == 0x04) buffer_append(&code, "\x41\x01", 2);
        buffer_append_byte(&code, opcode);
        buffer_append_byte(&code, 0x40);
    }
    for (uint32_t i = 0; i <= depth; i++) buffer_append_byte(&code, 0x0b);
    buffer_append_byte(&body, 1);
    leb_write_u64(&body, code.size);
    buffer_append(&body, code.data, code.size);
    put_header(&b);
    put_section(&b, 1, "\x01\x60\x00\x00", 4);
    put_section(&b, 3, "\x01\x00", 2);
    put_section(&b, 7, "\x01\x01""f\x00\x00", 5);
    put_section(&b, 10, body.data, body.size);
    buffer_free(&code);
    buffer_free(&body);
    return b;
}

static void test_nesting(void)
{
    test_begin("nesting");
    static const uint8_t opcodes[] = {0x02, 0x03, 0x04};
    struct error e;
    for (size_t i = 0; i < 3; i++) {
        struct buffer b = nested(LIMIT_NESTING - 1, opcodes[i]);
        if (!CHECK_EQUAL(try(&b, &e), STATUS_OK)) printf("  %s\n", e.message);
        buffer_free(&b);
        b = nested(LIMIT_NESTING * 10, opcodes[i]);
        CHECK_EQUAL(try(&b, &e), STATUS_LIMIT);
        CHECK(strstr(e.message, "nest") != NULL);
        buffer_free(&b);
    }
}

static void test_custom_section(void)
{
    test_begin("a custom section of 100 MB");
    enum { SIZE = 100 << 20 };
    struct buffer b = {0};
    struct error e;
    put_header(&b);
    buffer_append_byte(&b, 0);
    leb_write_u64(&b, SIZE + 4);
    buffer_append(&b, "\3big", 4);
    buffer_reserve(&b, SIZE);
    if (!CHECK(!b.failed)) return;
    memset(b.data + b.size, 7, SIZE);
    b.size += SIZE;
    long before = peak_kilobytes();
    CHECK_EQUAL(try(&b, &e), STATUS_OK);
    CHECK(peak_kilobytes() - before < 10000);
    buffer_free(&b);
}

/* ---- what a module asks for -------------------------------------------------------------------------------------- */

static void test_memory(void)
{
    test_begin("memory");
    struct error e;
    struct buffer b = MODULE("\x05\x05\x01\x00\x81\x80\x04"); /* 65537 pages */
    check_refused(&b, "memory size must be at most 65536 pages", 11);
    b = MODULE("\x05\x04\x01\x01\x02\x01"); /* at least 2, at most 1 */
    CHECK_EQUAL(try(&b, &e), STATUS_INVALID);
    CHECK(strncmp(e.message, "size minimum must not be greater than maximum", 45) == 0);
    buffer_free(&b);
    struct module *m = load("(module (memory 65536))"); /* 4 GiB: valid */
    struct store_config limits;
    struct store *store = NULL;
    struct instance *instance = NULL;
    struct trap_info trap;
    store_config_default(&limits);
    limits.memory_pages = 1000;
    CHECK(store_new(&limits, &store, &e) == STATUS_OK);
    double start = now();
    CHECK_EQUAL(instance_new(store, m, NULL, 0, &instance, &trap, &e), STATUS_LIMIT);
    CHECK(now() - start < milliseconds);
    CHECK(strstr(e.message, "memory") != NULL);
    store_free(store);
    /* with the limit raised it either works, without touching the pages, or says why not */
    store_config_default(&limits);
    limits.memory_pages = 65536;
    CHECK(store_new(&limits, &store, &e) == STATUS_OK);
    long before = peak_kilobytes();
    enum status status = instance_new(store, m, NULL, 0, &instance, &trap, &e);
    CHECK(status == STATUS_OK || status == STATUS_NO_MEMORY || status == STATUS_LIMIT);
    CHECK(peak_kilobytes() - before < 100000);
    store_free(store);
    module_free(m);
}

static void test_tables(void)
{
    test_begin("tables");
    struct error e;
    struct trap_info trap;
    struct store_config limits;
    struct store *store = NULL;
    struct instance *instance = NULL;
    struct module *m = load("(module (table 9000000 funcref))");
    store_config_default(&limits);
    limits.table_elements = 100;
    CHECK(store_new(&limits, &store, &e) == STATUS_OK);
    CHECK_EQUAL(instance_new(store, m, NULL, 0, &instance, &trap, &e), STATUS_LIMIT);
    CHECK(strstr(e.message, "table") != NULL);
    store_free(store);
    module_free(m);
}

static void test_segments(void)
{
    test_begin("segments");
    struct running r = start("(module (memory (export \"m\") 1) (data (i32.const 0) \"aaaa\") (data (i32.const 2) \"bbbb\"))");
    if (!CHECK(r.instance != NULL)) return;
    CHECK(memcmp(memory_data(instance_memory(r.instance, 0)), "aabbbb\0", 7) == 0);
    stop(&r);
    r = start("(module (memory 1) (data (i32.const 65534) \"abc\"))");
    CHECK_EQUAL(r.trap.trap, TRAP_MEMORY_BOUNDS);
    stop(&r);
    r = start("(module (memory 1) (data (i32.const -1) \"abc\"))");
    CHECK_EQUAL(r.trap.trap, TRAP_MEMORY_BOUNDS);
    stop(&r);
    r = start("(module (table 2 funcref) (func) (elem (i32.const 1) func 0 0))");
    CHECK_EQUAL(r.trap.trap, TRAP_TABLE_BOUNDS);
    stop(&r);
}

static void test_locals(void)
{
    test_begin("locals");
    struct buffer b = MODULE("\x01\x04\x01\x60\x00\x00\x03\x02\x01\x00"
                             "\x0a\x10\x01\x0e\x02\xff\xff\xff\xff\x0f\x7f\xff\xff\xff\xff\x0f\x7f\x0b");
    struct error e;
    CHECK_EQUAL(try(&b, &e), STATUS_MALFORMED);
    CHECK(strncmp(e.message, "too many locals", 15) == 0);
    buffer_free(&b);
    b = MODULE("\x01\x04\x01\x60\x00\x00\x03\x02\x01\x00"
               "\x0a\x08\x01\x06\x01\xd1\x86\x03\x7f\x0b"); /* 50001 */
    CHECK_EQUAL(try(&b, &e), STATUS_LIMIT);
    CHECK(strstr(e.message, "local") != NULL);
    buffer_free(&b);
}

int main(void)
{
    test_header();
    test_sections();
    test_counts();
    test_nested_counts();
    test_damage();
    test_nesting();
    test_custom_section();
    test_memory();
    test_tables();
    test_segments();
    test_locals();
    return test_end();
}
