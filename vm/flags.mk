# The dispatchers need no frame pointer or unwind tables (handlers never return to each other), no errno from sqrt, and no
# fused multiply-add, which would change results.
FLAGS_vm_execute_tail := -O2 -fomit-frame-pointer -fno-asynchronous-unwind-tables -fno-math-errno -ffp-contract=off
FLAGS_vm_execute_portable := -O2 -fno-math-errno -ffp-contract=off
ifneq (,$(findstring clang,$(CC)))
# clang takes minutes over a thousand computed gotos unless it copies them late.
FLAGS_vm_execute_portable += -mllvm -disable-early-taildup
# So does its search for warnings along all their ways; gcc looks for them in this file.
FLAGS_vm_execute_portable += -w
else
FLAGS_vm_execute_portable += -fno-gcse -fno-crossjumping
endif
ifneq (,$(and $(SANITIZE),$(findstring clang,$(CC))))
# Checking ten thousand handlers for undefined behaviour takes longer to compile than all the rest: the portable
# dispatcher runs the same expressions, checked, and the fast one keeps AddressSanitizer.
FLAGS_vm_execute_tail += -O1 -g0 -fno-sanitize=undefined,fuzzer-no-link
endif
ifdef SANITIZE
FLAGS_vm_execute_portable += -O0 -DNVM_PORTABLE_CALLS
endif
ifneq (,$(findstring -fcf-protection,$(HARDENING)))
# Returns are protected here, too. Jumps are not: a landing mark in front of each handler would be executed with every
# instruction of the module (it costs less than 2 %, if anything: no more could be told from noise), and Linux offers
# programs no check of them. The jumps go through tables that are read-only.
FLAGS_vm_execute_tail += -fcf-protection=return
FLAGS_vm_execute_portable += -fcf-protection=return
endif
