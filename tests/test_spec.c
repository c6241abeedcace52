/* The runner of the official suite: that it notices what is wrong, above all that every row of its table of messages
 * matters. Built from the runner's own files, without its main. */
#include "spec-tests/messages.c"
#include "spec-tests/runner.c"
#include "spec-tests/spectest.c"
#include "spec-tests/values.c"
#include "tests/test.h"

static struct tally run(const char *script, const struct message_swap *swap)
{
    struct options options = {.quiet = true, .swap = swap ? *swap : (struct message_swap){0}};
    struct runner r = {.options = &options, .path = "script"};
    struct buffer text = {0};
    vm_config_default(&r.config);
    buffer_append_string(&text, script);
    run_text(&r, &text);
    buffer_free(&text);
    return r.tally;
}

static void check(const char *script, unsigned passed, unsigned failed)
{
    struct tally t = run(script, NULL);
    if (!CHECK(t.passed == passed && t.failed == failed)) printf("  %u passed, %u failed: %s\n", t.passed, t.failed, script);
}

#define MODULE \
    "(module (func (export \"f\") (param i32) (result i32) local.get 0)" \
    "(func (export \"n\") (result f32) f32.const -nan:0x600000)" \
    "(func (export \"e\") (param externref) (result externref) local.get 0)" \
    "(func (export \"u\") unreachable) (func $r (export \"r\") call $r)" \
    "(global (export \"g\") i64 (i64.const 7)))"

static void test_assertions(void)
{
    test_begin("assertions");
    check(MODULE "(assert_return (invoke \"f\" (i32.const 1)) (i32.const 1))", 1, 0);
    check(MODULE "(assert_return (invoke \"f\" (i32.const 1)) (i32.const 2))", 0, 1);
    check(MODULE "(assert_return (invoke \"f\" (i32.const 1)))", 0, 1);
    check(MODULE "(assert_return (invoke \"f\" (i32.const 1)) (i32.const 1) (i32.const 1))", 0, 1);
    check(MODULE "(assert_return (invoke \"f\" (i32.const 1)) (f32.const 0x1p-149))", 0, 1);
    check(MODULE "(assert_return (invoke \"f\") (i32.const 1))", 0, 1);
    check(MODULE "(assert_return (invoke \"f\" (i64.const 1)) (i32.const 1))", 0, 1);
    check(MODULE "(assert_return (invoke \"x\"))", 0, 1);
    check(MODULE "(assert_return (invoke $m \"f\" (i32.const 1)) (i32.const 1))", 0, 1);
    check(MODULE "(assert_return (invoke \"n\") (f32.const nan:arithmetic))", 1, 0);
    check(MODULE "(assert_return (invoke \"n\") (f32.const nan:canonical))", 0, 1);
    check(MODULE "(assert_return (invoke \"n\") (f64.const nan:arithmetic))", 0, 1);
    check(MODULE "(assert_return (invoke \"n\") (f32.const -nan:0x600000))", 1, 0);
    check(MODULE "(assert_return (invoke \"e\" (ref.extern 0)) (ref.extern 0))", 1, 0);
    check(MODULE "(assert_return (invoke \"e\" (ref.extern 0)) (ref.null extern))", 0, 1);
    check(MODULE "(assert_return (invoke \"e\" (ref.null extern)) (ref.extern))", 0, 1);
    check(MODULE "(assert_return (get \"g\") (i64.const 7)) (invoke \"f\" (i32.const 1))", 2, 0);
    check(MODULE "(assert_return (get \"f\") (i64.const 7))", 0, 1);
    check(MODULE "(assert_return (invoke \"u\"))", 0, 1);
    check(MODULE "(assert_trap (invoke \"u\") \"unreachable\")", 1, 0);
    check(MODULE "(assert_trap (invoke \"u\") \"integer overflow\")", 0, 1);
    check(MODULE "(assert_trap (invoke \"f\" (i32.const 1)) \"unreachable\")", 0, 1);
    check(MODULE "(assert_exhaustion (invoke \"r\") \"call stack exhausted\")", 1, 0);
    check(MODULE "(assert_exhaustion (invoke \"u\") \"unreachable\")", 0, 1);
    check("(module (func unreachable) (start 0))", 0, 1);
    check("(assert_trap (module (func unreachable) (start 0)) \"unreachable\")", 1, 0);
    check("(assert_trap (module (func) (start 0)) \"unreachable\")", 0, 1);
    check("(frobnicate)" MODULE "(invoke \"f\" (i32.const 1))", 1, 1);
}

static void test_refusals(void)
{
    test_begin("refusals");
    check("(assert_invalid (module (func (result i32))) \"type mismatch\")", 1, 0);
    check("(assert_invalid (module (func (result i32))) \"type\")", 0, 1);
    check("(assert_invalid (module (func (result i32))) \"type mismatches\")", 0, 1);
    check("(assert_invalid (module (func)) \"type mismatch\")", 0, 1);
    check("(assert_malformed (module quote \"(func (result i32))\") \"type mismatch\")", 0, 1); /* it is invalid */
    check("(assert_invalid (module (func foo)) \"unknown operator\")", 0, 1);                 /* it is malformed */
    check("(assert_malformed (module quote \"(func foo)\") \"unknown operator foo\")", 1, 0);
    check("(assert_malformed (module quote \"(func foo)\") \"unknown operator fo\")", 0, 1);
    check("(assert_invalid (module (func global.get 1)) \"unknown global 1\")", 1, 0);
    check("(assert_invalid (module (func global.get 1)) \"unknown global 2\")", 0, 1);
    check("(assert_unlinkable (module (import \"spectest\" \"nothing\" (func))) \"unknown import\")", 1, 0);
    check("(assert_unlinkable (module (import \"spectest\" \"print\" (func))) \"unknown import\")", 0, 1);
    check("(assert_unlinkable (module (import \"spectest\" \"memory\" (func))) \"incompatible import type\")", 1, 0);
    check("(assert_invalid (module (table 10000001 funcref)) \"implementation limit exceeded\")", 0, 1);
}

/* One assertion for each of some rows of the table: exchanging any two of them must be noticed. */
static void test_swaps(void)
{
    test_begin("exchanged rows of the table of messages");
    static const char script[] =
        MODULE
        "(assert_malformed (module quote \"(func module)\") \"unexpected token\")"
        "(assert_malformed (module quote \"(func foo)\") \"unknown operator\")"
        "(assert_malformed (module quote \"(func br $l)\") \"unknown label\")"
        "(assert_malformed (module quote \"(func block end $l)\") \"mismatching label\")"
        "(assert_malformed (module binary \"\\00asm\\02\\00\\00\\00\") \"unknown binary version\")"
        "(assert_malformed (module binary \"\\00asm\\01\\00\\00\\00\\7f\\00\") \"malformed section id\")"
        "(assert_invalid (module (func (result i32))) \"type mismatch\")"
        "(assert_invalid (module (func br 1)) \"unknown label\")"
        "(assert_invalid (module (func call 1)) \"unknown function\")"
        "(assert_invalid (module (memory 0) (func (drop (i32.load align=8 (i32.const 0))))) "
        "\"alignment must not be larger than natural\")"
        "(assert_unlinkable (module (import \"a\" \"b\" (func))) \"unknown import\")"
        "(assert_trap (invoke \"u\") \"unreachable\")"
        "(assert_exhaustion (invoke \"r\") \"call stack exhausted\")";
    static const char *const codes[] = {
        "WAT_ERROR_UNEXPECTED_TOKEN", "WAT_ERROR_UNKNOWN_OPERATOR", "WAT_ERROR_UNKNOWN_LABEL", "WAT_ERROR_LABEL_MISMATCH",
        "VM_ERROR_VERSION", "VM_ERROR_SECTION_ID", "VM_ERROR_TYPE_MISMATCH", "VM_ERROR_UNKNOWN_FUNCTION",
        "VM_ERROR_ALIGNMENT", "VM_ERROR_UNKNOWN_IMPORT", "TRAP_UNREACHABLE", "TRAP_CALL_STACK_EXHAUSTED",
    };
    check(script, 13, 0);
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        for (size_t j = 0; j < i; j++) {
            char both[100];
            struct message_swap swap;
            snprintf(both, sizeof both, "%s,%s", codes[i], codes[j]);
            if (!CHECK(message_swap_parse(both, &swap))) continue;
            struct tally t = run(script, &swap);
            if (!CHECK(t.failed >= 2 && t.passed + t.failed == 13)) printf("  %s: %u failed\n", both, t.failed);
        }
    }
    struct message_swap swap;
    CHECK(!message_swap_parse("TRAP_UNREACHABLE", &swap));
    CHECK(!message_swap_parse("TRAP_UNREACHABLE,TRAP_NOTHING", &swap));
    CHECK(!message_swap_parse("TRAP_UNREACHABLE,TRAP_UNREACHABLE", &swap));
}

int main(void)
{
    test_assertions();
    test_refusals();
    test_swaps();
    return test_end();
}
