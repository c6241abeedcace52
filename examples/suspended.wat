;; Measures a text, asks to be suspended, and goes on where it stopped, perhaps on another machine:
;;
;;     nvm exec --tee --fuel 1000000 --suspend-to run.sealed --seal-key key examples/suspended.wat run 7
;;     nvm resume run.sealed --seal-key key
;;
;; Without --suspend-to, tee_suspend returns an error and nothing stops. The result and the registers are the same.
(module
  (import "nvm_tee" "tee_extend_pcr" (func $extend (param i32 i32 i32) (result i32)))
  (import "nvm_tee" "tee_read_pcr" (func $read (param i32 i32 i32) (result i32)))
  (import "nvm_tee" "tee_suspend" (func $suspend (result i32)))
  (import "nvm_tee" "tee_generate_quote" (func $quote (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "before" "behind")
  (global $stops (mut i32) (i32.const 0))

  ;; the sum of the 48 bytes of register 4
  (func $sum (result i64) (local $i i32) (local $sum i64)
    (drop (call $read (i32.const 4) (i32.const 64) (i32.const 48)))
    (loop $next
      (local.set $sum (i64.add (local.get $sum) (i64.load8_u offset=64 (local.get $i))))
      (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 48))))
    (local.get $sum))

  (func $stop
    (drop (call $suspend))
    (global.set $stops (i32.add (global.get $stops) (i32.const 1))))

  ;; locals, memory, globals and the stack of operands are as they were
  (func (export "run") (param $factor i64) (result i64)
    (drop (call $extend (i32.const 4) (i32.const 0) (i32.const 6)))
    (i64.mul (local.get $factor) (call $sum))
    (call $stop)
    (drop (call $extend (i32.const 4) (i32.const 6) (i32.const 6)))
    (i64.add (call $sum))
    (call $stop)
    (i64.add (i64.extend_i32_u (global.get $stops))))

  ;; the length of a quote about what was measured in front of and behind the stop
  (func (export "quote") (result i32)
    (drop (call $extend (i32.const 4) (i32.const 0) (i32.const 6)))
    (call $stop)
    (drop (call $extend (i32.const 4) (i32.const 6) (i32.const 6)))
    (call $quote (i32.const 0) (i32.const 12) (i32.const 8192) (i32.const 32768))))
