/* A contract for tests of suspended calls. */
#ifndef TESTS_SUSPEND_GUEST_H
#define TESTS_SUSPEND_GUEST_H

/* Reads, writes, makes promises, logs, and counts in memory. */
static const char suspend_guest[] =
    "(module (import \"env\" \"storage_write\" (func $write (param i64 i64 i64 i64 i64) (result i64)))\n"
    "  (import \"env\" \"storage_read\" (func $read (param i64 i64 i64) (result i64)))\n"
    "  (import \"env\" \"log_utf8\" (func $log (param i64 i64)))\n"
    "  (import \"env\" \"promise_batch_create\" (func $batch (param i64 i64) (result i64)))\n"
    "  (import \"env\" \"promise_batch_action_transfer\" (func $transfer (param i64 i64)))\n"
    "  (import \"env\" \"promise_and\" (func $and (param i64 i64) (result i64)))\n"
    "  (import \"env\" \"value_return\" (func $value (param i64 i64)))\n"
    "  (memory 1) (data (i32.const 0) \"bob.near\") (data (i32.const 16) \"key\") (data (i32.const 32) \"\\01\")\n"
    "  (func (export \"main\") (local i32)\n"
    "    (drop (call $read (i64.const 3) (i64.const 16) (i64.const 0)))\n"
    "    (drop (call $write (i64.const 3) (i64.const 16) (i64.const 8) (i64.const 0) (i64.const 1)))\n"
    "    (call $log (i64.const 8) (i64.const 0))\n"
    "    (call $transfer (call $batch (i64.const 8) (i64.const 0)) (i64.const 32))\n"
    "    (i64.store (i32.const 64) (call $batch (i64.const 8) (i64.const 0)))\n"
    "    (i64.store (i32.const 72) (i64.const 0))\n"
    "    (call $value (i64.const 8) (i64.const 0))\n"
    "    (i64.store (i32.const 80) (call $and (i64.const 64) (i64.const 2)))\n"
    "    (loop $l (i32.store8 (i32.add (local.get 0) (i32.const 100)) (i32.const 1))\n"
    "      (br_if $l (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 200))))))\n";

#endif
