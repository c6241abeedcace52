/* Floats and integers where they are kept: registers, slots, locals over calls, globals, tables of branches, memory. The
 * bits are the same on every host, whatever its byte order and its own float registers are; signalling NaNs keep theirs
 * wherever they are only moved. With every dispatcher. */
#include "tests/modules.h"

static const char program[] =
    "(module (memory 1) (global $g (mut i32) (i32.const 5)) (global $gf (mut f32) (f32.const 1.5))\n"
    " (global $gd (mut f64) (f64.const 1.5)) (table funcref (elem $half $id))\n"
    " (func (export \"i32.store\") (result i32) (i32.store (i32.const 0) (i32.const 0x11223344)) (i32.load8_u (i32.const 0)))\n"
    " (func (export \"i64.store\") (result i64) (i64.store (i32.const 8) (i64.const 0x1122334455667788)) (i64.load (i32.const 8)))\n"
    " (func (export \"i32.load16_s\") (result i32) (i32.store16 (i32.const 16) (i32.const 0x8122)) (i32.load16_s (i32.const 16)))\n"
    " (func (export \"i64.load32_s\") (result i64) (i64.store32 (i32.const 48) (i64.const 0x1122334495667788)) (i64.load32_s (i32.const 48)))\n"
    " (func (export \"f32.store\") (result i32) (f32.store (i32.const 32) (f32.const 1.25)) (i32.load8_u (i32.const 35)))\n"
    " (func (export \"f32.load\") (result f32) (f32.store (i32.const 32) (f32.const 1.25)) (f32.load (i32.const 32)))\n"
    " (func (export \"f64.load\") (result f64) (f64.store (i32.const 40) (f64.const 1.25)) (f64.load (i32.const 40)))\n"
    " (func (export \"global.i32\") (result i32) (global.set $g (i32.add (global.get $g) (i32.const 1))) (global.get $g))\n"
    " (func (export \"global.f32\") (result f32) (global.set $gf (f32.add (global.get $gf) (f32.const 1))) (global.get $gf))\n"
    " (func (export \"global.f64\") (result f64) (global.set $gd (f64.add (global.get $gd) (f64.const 1))) (global.get $gd))\n"
    " (func (export \"select.f32\") (result f32) (local $x f32) (local.set $x (f32.add (f32.const 1.5) (f32.const 2.25)))\n"
    "  (select (local.get $x) (f32.const 3) (i32.const 1)))\n"
    " (func (export \"convert\") (result f32) (f32.convert_i32_s (i32.const -7)))\n"
    " (func $half (param f32) (result f32) (f32.mul (local.get 0) (f32.const 0.5)))\n"
    " (func $id (param f32) (result f32) (local.get 0))\n"
    " (func (export \"call\") (result f32) (f32.add (call $half (f32.const 9)) (call $half (f32.const 3))))\n"
    " (func (export \"indirect\") (result f32) (f32.sub (call_indirect (param f32) (result f32) (f32.const 9) (i32.const 0))\n"
    "  (call_indirect (param f32) (result f32) (f32.const 1) (i32.const 1))))\n"
    " (func $five (export \"spill\") (result f32) (local f32 f32 f32 f32 f64)\n"
    "  (local.set 0 (f32.const 1)) (local.set 1 (f32.const 2)) (local.set 2 (f32.const 4)) (local.set 3 (f32.const 8))\n"
    "  (local.set 4 (f64.const 0.5))\n"
    "  (f32.add (f32.mul (local.get 0) (local.get 1)) (f32.add (f32.div (local.get 3) (local.get 2))\n"
    "   (f32.add (call $half (f32.add (local.get 2) (local.get 3))) (f32.demote_f64 (f64.mul (local.get 4) (f64.promote_f32\n"
    "    (call $half (local.get 3)))))))))\n"
    " (func (export \"block\") (param f32) (result f32) (block (result f32) (f32.const 2.5) (br_if 0 (f32.gt (local.get 0)\n"
    "  (f32.const 1))) (drop) (f32.const 3.5)))\n"
    " (func (export \"loop\") (result f64) (local f64 f32 i32)\n"
    "  (loop (local.set 0 (f64.add (local.get 0) (f64.promote_f32 (local.tee 1 (f32.add (local.get 1) (f32.const 0.25))))))\n"
    "   (br_if 0 (i32.lt_u (local.tee 2 (i32.add (local.get 2) (i32.const 1))) (i32.const 10))))\n"
    "  (local.get 0))\n"
    " (func (export \"snan32\") (result i32) (local f32 f32) (local.set 0 (f32.reinterpret_i32 (i32.const 0x7fa00001)))\n"
    "  (local.set 1 (call $id (local.get 0))) (f32.store (i32.const 0) (local.get 1)) (global.set $gf (f32.load (i32.const 0)))\n"
    "  (i32.reinterpret_f32 (select (global.get $gf) (f32.const 0) (i32.const 1))))\n"
    " (func (export \"snan64\") (result i64) (local f64) (local.set 0 (f64.reinterpret_i64 (i64.const 0x7ff4000000000001)))\n"
    "  (f64.store (i32.const 0) (f64.neg (local.get 0))) (global.set $gd (f64.load (i32.const 0)))\n"
    "  (i64.reinterpret_f64 (f64.copysign (global.get $gd) (f64.const 1))))\n"
    " (func (export \"nan\") (result i32) (i32.reinterpret_f32 (f32.add (f32.reinterpret_i32 (i32.const 0xffa00001)) (f32.const 1))))\n"
    " (func (export \"trunc\") (result i64) (i64.trunc_f64_s (f64.const -2147483649.5)))\n"
    " (func (export \"excess\") (param f64 f64) (result f64) (f64.sub (f64.mul (local.get 0) (local.get 1)) (f64.const 1)))\n"
    " (func (export \"twice\") (param f64) (result f64) (f64.div (f64.mul (local.get 0) (f64.const 10)) (f64.const 10))))\n";

static const struct {
    const char *name;
    uint64_t arguments[2], result; /* bits; results of 32 bits have nothing above */
} cases[] = {
    {"i32.store", {0}, 0x44},
    {"i64.store", {0}, 0x1122334455667788},
    {"i32.load16_s", {0}, 0xffff8122},
    {"i64.load32_s", {0}, 0xffffffff95667788},
    {"f32.store", {0}, 0x3f},
    {"f32.load", {0}, 0x3fa00000},
    {"f64.load", {0}, 0x3ff4000000000000},
    {"global.i32", {0}, 6},
    {"global.f32", {0}, 0x40200000},
    {"global.f64", {0}, 0x4004000000000000},
    {"select.f32", {0}, 0x40700000},
    {"convert", {0}, 0xc0e00000},
    {"call", {0}, 0x40c00000},
    {"indirect", {0}, 0x40600000},
    {"spill", {0}, 0x41400000},
    {"block", {0x40000000}, 0x40200000},
    {"block", {0x3f000000}, 0x40600000},
    {"loop", {0}, 0x402b800000000000},
    {"snan32", {0}, 0x7fa00001},
    {"snan64", {0}, 0x7ff4000000000001},
    {"nan", {0}, 0x7fc00000},
    {"trunc", {0}, 0xffffffff7fffffff},
    {"excess", {0x3ff0000000000001, 0x3ff0000000000001}, 0x3cc0000000000000}, /* fused or wider, it would be more */
    {"twice", {0x7fe0000000000000}, 0x7ff0000000000000},                      /* an exponent that is too large stays so */
};

static void test_values(enum dispatcher d, bool lazy, bool metered)
{
    struct fee_schedule fuel;
    struct vm_config config;
    vm_config_default(&config);
    fee_schedule_fuel(&fuel);
    config.dispatcher = d;
    config.lazy = lazy;
    if (metered) config.schedule = &fuel;
    struct running r = start_with(&config, NULL, program);
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        slot v[4] = {cases[k].arguments[0], cases[k].arguments[1]};
        test_begin(cases[k].name);
        CHECK_EQUAL(call(&r, cases[k].name, v), TRAP_NONE);
        if (!CHECK(v[0] == cases[k].result))
            printf("  got %016llx, expected %016llx\n", (unsigned long long)v[0], (unsigned long long)cases[k].result);
    }
    stop(&r);
}

int main(void)
{
    static const enum dispatcher all[] = {DISPATCH_PORTABLE, DISPATCH_TAIL};
    for (unsigned i = 0; i < 8; i++) {
        if (dispatcher_available(all[i / 4])) test_values(all[i / 4], (i & 1) != 0, (i & 2) != 0);
        else test_skip("dispatcher tail", "not built with this compiler");
    }
    return test_end();
}
