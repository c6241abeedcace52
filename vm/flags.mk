# The dispatchers need no frame pointer or unwind tables (handlers never return to each other), no errno from sqrt, and no
# fused multiply-add, which would change results.
FLAGS_vm_execute_tail := -O2 -fomit-frame-pointer -fno-asynchronous-unwind-tables -fno-math-errno -ffp-contract=off
FLAGS_vm_execute_portable := -fno-math-errno -ffp-contract=off -fno-gcse -fno-crossjumping
ifneq (,$(findstring clang,$(CC)))
FLAGS_vm_execute_portable := -fno-math-errno -ffp-contract=off
endif
