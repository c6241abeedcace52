;; Measures a text, seals it, and opens it again: nvm exec --tee --provider simulator examples/measured.wat run
;; The result is the length of what came out of the seal, 11, or the negative error of a function; docs/sealing.md.
(module
  (import "nvm_tee" "tee_extend_pcr" (func $extend (param i32 i32 i32) (result i32)))
  (import "nvm_tee" "tee_seal_blob" (func $seal (param i32 i32 i32 i32) (result i32)))
  (import "nvm_tee" "tee_unseal_blob" (func $unseal (param i32 i32 i32 i32) (result i32)))
  (import "nvm_tee" "tee_generate_quote" (func $quote (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "hello world")

  (func (export "run") (result i32)
    (local $size i32)
    ;; register 4: the first that is free
    (local.set $size (call $extend (i32.const 4) (i32.const 0) (i32.const 11)))
    (if (i32.lt_s (local.get $size) (i32.const 0)) (then (return (local.get $size))))
    (local.set $size (call $seal (i32.const 0) (i32.const 11) (i32.const 1024) (i32.const 1024)))
    (if (i32.lt_s (local.get $size) (i32.const 0)) (then (return (local.get $size))))
    (call $unseal (i32.const 1024) (local.get $size) (i32.const 4096) (i32.const 64)))

  ;; the length of a quote that answers the challenge "hello world"
  (func (export "quote") (result i32)
    (call $quote (i32.const 0) (i32.const 11) (i32.const 8192) (i32.const 32768))))
