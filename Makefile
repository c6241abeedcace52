# nvm: `make help` lists the targets.
#
# Variables: CC (default: the best compiler found), BUILD (output folder), CFLAGS, SANITIZE (for -fsanitize=),
# PREFIX and DESTDIR (make install), SUITE (make spec), N (make mutate: faults), TIME (make fuzz, make differential:
# seconds), ORACLE (make differential: its runner).

BUILD ?= build
PREFIX ?= /usr/local
CFLAGS ?= -O2 -g
SUITE ?= 2.0
TIME ?= 60
N ?= 500

VERSION := $(shell sed -n 's/^\#define NVM_VERSION "\(.*\)"/\1/p' include/nvm.h 2>/dev/null)
SONAME := libnvm.so.0

# ---- the compiler -------------------------------------------------------------------------------------------------

ifeq ($(origin CC),default)
CC := $(shell scripts/compiler.sh)
endif

# The tools that go with it, for other machines than this one, too: make CC=aarch64-linux-gnu-gcc.
AR_OF_CC := $(shell $(CC) -print-prog-name=ar)
OBJCOPY_OF_CC := $(shell $(CC) -print-prog-name=objcopy)
# i386 has registers that compute with more bits than a double has.
MACHINE_FLAGS := $(if $(shell $(CC) $(CFLAGS) -dM -E -x c /dev/null 2>/dev/null | grep -w __i386__),-msse2 -mfpmath=sse)

WARN := -Wall -Wextra -Wconversion -Wshadow
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE -I. -Iinclude $(WARN) -fPIC -fvisibility=hidden -fno-strict-aliasing -ffp-contract=off \
             $(MACHINE_FLAGS) $(HARDENING) $(CFLAGS)
LDFLAGS += -Wl,--as-needed
# Programs can be loaded anywhere.
PROGRAM := -pie
LIBS := -lbearssl -lsecp256k1 -lm -lpthread
# What only the command needs.
CLI_LIBS := -lseccomp

ifdef SANITIZE
ALL_CFLAGS += -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS += -fsanitize=$(SANITIZE)
else
# Release builds; sanitizers check more than that. tests/hardening.sh looks at what comes of it.
HARDENING := $(shell scripts/hardening.sh '$(CC)' '$(CFLAGS)')
LDFLAGS += -Wl,-z,relro,-z,now,-z,noexecstack
endif

# Flags of single files: FLAGS_folder_file, for example FLAGS_vm_execute_tail := -fomit-frame-pointer
-include vm/flags.mk

comma := ,

# make V=1 shows the commands.
ifdef V
say = @true
Q :=
else
say = @echo
Q := @
endif

# ---- what there is to build -----------------------------------------------------------------------------------------

LIB_DIRS := base json crypto wat vm trie near host runtime proof tee documents node api
LIB_SRC := $(sort $(wildcard $(LIB_DIRS:%=%/*.c)))
CLI_SRC := $(sort $(wildcard cli/*.c))
SPEC_SRC := $(sort $(wildcard spec-tests/*.c))
CONFORMANCE_SRC := $(sort $(wildcard tests/conformance*.c))
TEST_SRC := $(sort $(wildcard tests/test_*.c))
# What tests, fuzzers and measurements share.
SUPPORT_SRC := $(sort $(wildcard tests/support/*.c))
BENCH_SRC := $(sort $(wildcard bench/*.c))
FUZZ_SRC := $(sort $(wildcard fuzz/fuzz_*.c))
FUZZ_COMMON := $(sort $(filter-out $(FUZZ_SRC) fuzz/%_main.c,$(wildcard fuzz/*.c)))

object = $(1:%.c=$(BUILD)/obj/%.o)
LIB_OBJ := $(call object,$(LIB_SRC))
INTERNAL := $(BUILD)/internal.a
# The command without its main.
CLI := $(BUILD)/cli.a
SUPPORT := $(BUILD)/support.a
TESTS := $(TEST_SRC:tests/%.c=$(BUILD)/tests/%)
FUZZERS := $(FUZZ_SRC:fuzz/%.c=$(BUILD)/fuzz/%)
REPLAYERS := $(FUZZ_SRC:fuzz/%.c=$(BUILD)/replay/%)
BENCHES := $(BENCH_SRC:bench/%.c=$(BUILD)/bench/%)
PROGRAMS := $(BUILD)/nvm $(if $(SPEC_SRC),$(BUILD)/spec-tests) \
            $(if $(CONFORMANCE_SRC),$(BUILD)/conformance)

.PHONY: all lib programs tests fuzzers replayers benches test test-long conformance spec bench asan fuzz differential afl mutate \
        install uninstall clean help \
        packages FORCE
.DELETE_ON_ERROR:
.SECONDARY:

all: lib $(PROGRAMS)
	@scripts/compiler.sh --describe "$(CC)" "$(BUILD)"

lib: $(BUILD)/libnvm.a $(BUILD)/$(SONAME) $(BUILD)/nvm.pc
programs: $(PROGRAMS)
tests: $(TESTS)
fuzzers: $(FUZZERS)
replayers: $(REPLAYERS)
benches: $(BENCHES)

# A build folder made with another compiler or other flags is made anew.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(ALL_CFLAGS) $(LDFLAGS)' | cmp -s - $@ || echo '$(CC) $(ALL_CFLAGS) $(LDFLAGS)' > $@

$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(say) "cc      $<"
	$(Q)$(CC) $(ALL_CFLAGS) $(FLAGS_$(subst /,_,$*)) -MMD -MP -c $< -o $@

# Everything, internal symbols and all: what the command, the tests and the fuzzers link.
$(INTERNAL): $(LIB_OBJ)
	@rm -f $@
	$(say) "ar      $@"
	$(Q)$(AR_OF_CC) rcs $@ $^

$(CLI): $(call object,$(filter-out cli/main.c,$(CLI_SRC)))
	@rm -f $@
	$(say) "ar      $@"
	$(Q)$(AR_OF_CC) rcs $@ $^

$(SUPPORT): $(call object,$(SUPPORT_SRC))
	@rm -f $@
	$(say) "ar      $@"
	$(Q)$(AR_OF_CC) rcs $@ $^

# What is installed: one object in which only nvm_* is visible.
$(BUILD)/libnvm.a: $(LIB_OBJ)
	@rm -f $@
	$(say) "ar      $@"
	$(Q)$(CC) -r -nostdlib -o $(BUILD)/nvm.o $^
	$(Q)$(OBJCOPY_OF_CC) --localize-hidden $(BUILD)/nvm.o
	$(Q)$(AR_OF_CC) rcs $@ $(BUILD)/nvm.o

$(BUILD)/$(SONAME): $(LIB_OBJ)
	$(say) "link    $@"
	$(Q)$(CC) -shared -Wl,-soname,$(SONAME) $(LDFLAGS) -o $@ $^ $(LIBS)
	@ln -sf $(SONAME) $(BUILD)/libnvm.so

$(BUILD)/nvm.pc: scripts/nvm.pc.in $(BUILD)/flags include/nvm.h FORCE
	@sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' -e 's|@LIBS@|$(LIBS)|' $< > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(BUILD)/nvm: $(call object,cli/main.c) $(CLI) $(INTERNAL)
	$(say) "link    $@"
	$(Q)$(CC) $(PROGRAM) $(LDFLAGS) -o $@ $^ $(CLI_LIBS) $(LIBS)

$(BUILD)/spec-tests: $(call object,$(SPEC_SRC)) $(INTERNAL)
	$(say) "link    $@"
	$(Q)$(CC) $(PROGRAM) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/conformance: $(call object,$(CONFORMANCE_SRC)) $(CLI) $(INTERNAL)
	$(say) "link    $@"
	$(Q)$(CC) $(PROGRAM) $(LDFLAGS) -o $@ $^ $(CLI_LIBS) $(LIBS)

# A test program that needs more: LINK_test_name
$(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(SUPPORT) $(CLI) $(INTERNAL)
	@mkdir -p $(@D)
	$(say) "link    $@"
	$(Q)$(CC) $(PROGRAM) $(LDFLAGS) -o $@ $< $(LINK_$*) $(SUPPORT) $(CLI) $(INTERNAL) $(CLI_LIBS) $(LIBS)

$(BUILD)/bench/%: $(BUILD)/obj/bench/%.o $(INTERNAL)
	@mkdir -p $(@D)
	$(say) "link    $@"
	$(Q)$(CC) $(PROGRAM) $(LDFLAGS) -o $@ $< $(INTERNAL) $(LIBS)

# Allocation failures are injected into the library as linked here, where a test includes what fails.
WRAP_ALLOC := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=mmap
ALLOC_TESTS := $(basename $(notdir $(shell grep -l '"tests/failing_alloc.h"' $(TEST_SRC))))
$(foreach t,$(ALLOC_TESTS),$(eval LINK_$(t) += $$(WRAP_ALLOC)))
LINK_test_linear += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free

# A test of the command's own parts links them, too; only what it refers to is taken from the archive.
LINK_test_case += $(call object,tests/conformance_compare.c tests/conformance_contract.c)
LINK_test_vm_suspend += $(call object,$(FUZZ_COMMON))
LINK_test_preparation += $(call object,$(FUZZ_COMMON))
$(BUILD)/tests/test_case: $(LINK_test_case)
$(BUILD)/tests/test_vm_suspend: $(LINK_test_vm_suspend)
$(BUILD)/tests/test_preparation: $(LINK_test_preparation)
$(BUILD)/tests/test_run_resealed: | $(BUILD)/nvm
$(BUILD)/tests/test_file_faults: | $(BUILD)/nvm $(BUILD)/tests/nvm-faults

# The command with files that fail on demand.
WRAP_FILES := $(patsubst %,-Wl$(comma)--wrap=%,read write pwrite open close fsync rename link unlink fchmod flock)
$(BUILD)/tests/nvm-faults: $(call object,cli/main.c tests/faults/failing_files.c) $(CLI) $(INTERNAL)
	@mkdir -p $(@D)
	$(say) "link    $@"
	$(Q)$(CC) $(PROGRAM) $(LDFLAGS) $(WRAP_FILES) -o $@ $^ $(CLI_LIBS) $(LIBS)

# ---- fuzzing --------------------------------------------------------------------------------------------------------

FUZZ_SANITIZE := address,undefined
ifneq ($(findstring afl,$(CC)),)
FUZZ_MAIN = $(call object,fuzz/afl_main.c)
else
FUZZ_ENGINE := -fsanitize=fuzzer,$(FUZZ_SANITIZE)
endif

$(BUILD)/fuzz/%: $(BUILD)/obj/fuzz/%.o $(call object,$(FUZZ_COMMON)) $(SUPPORT) $(CLI) $(INTERNAL) $(FUZZ_MAIN)
	@mkdir -p $(@D)
	$(say) "link    $@"
	$(Q)$(CC) $(PROGRAM) $(LDFLAGS) $(FUZZ_ENGINE) -o $@ $(filter-out %.a,$^) $(SUPPORT) $(CLI) $(INTERNAL) $(CLI_LIBS) $(LIBS)

# AFL++'s macros mix signs.
FLAGS_fuzz_afl_main := -Wno-conversion -Wno-sign-conversion

# The same targets without a fuzzing engine, to run files through them.
$(BUILD)/replay/%: $(BUILD)/obj/fuzz/%.o $(call object,$(FUZZ_COMMON) fuzz/standalone_main.c) $(SUPPORT) $(CLI) $(INTERNAL)
	@mkdir -p $(@D)
	$(say) "link    $@"
	$(Q)$(CC) $(PROGRAM) $(LDFLAGS) -o $@ $(filter-out %.a,$^) $(SUPPORT) $(CLI) $(INTERNAL) $(CLI_LIBS) $(LIBS)

$(BUILD)/generate: $(call object,fuzz/generate_main.c $(FUZZ_COMMON)) $(INTERNAL)
	$(say) "link    $@"
	$(Q)$(CC) $(PROGRAM) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/cases: $(call object,fuzz/cases_main.c $(FUZZ_COMMON)) $(CLI) $(INTERNAL)
	$(say) "link    $@"
	$(Q)$(CC) $(PROGRAM) $(LDFLAGS) -o $@ $^ $(CLI_LIBS) $(LIBS)

$(BUILD)/run-exports: $(call object,fuzz/run_exports_main.c) $(CLI) $(INTERNAL)
	$(say) "link    $@"
	$(Q)$(CC) $(PROGRAM) $(LDFLAGS) -o $@ $^ $(CLI_LIBS) $(LIBS)

fuzz:
	@BUILD=$(BUILD) TIME=$(TIME) fuzz/run.sh

differential:
	@BUILD=$(BUILD) TIME=$(TIME) ORACLE=$(ORACLE) tests/differential/guided.sh

afl:
	$(MAKE) BUILD=$(BUILD)/afl CC=afl-clang-fast fuzzers
	@echo "afl-fuzz -i $(BUILD)/seeds/NAME -o OUT $(BUILD)/afl/fuzz/NAME"

# ---- tests and measurements -----------------------------------------------------------------------------------------

packages:
	scripts/packages.sh

# The recipes end in the runner's own last line; make's word on a failure goes to standard error.
test: packages
	@BUILD=$(BUILD) tests/run.sh

test-long: packages
	@BUILD=$(BUILD) CC="$(CC)" tests/run_long.sh

asan: packages
	@BUILD=$(BUILD) tests/run.sh asan

conformance: $(BUILD)/conformance
	@$(BUILD)/conformance $(sort $(wildcard tests/vectors/*.jsonl tests/vectors/*.jsonl.xz))

spec: $(BUILD)/spec-tests
	@BUILD=$(BUILD) SUITE=$(SUITE) spec-tests/run.sh

mutate:
	@scripts/mutate.py --count $(N) --build $(BUILD)/mutate

bench: $(BUILD)/nvm benches
	@BUILD=$(BUILD) bench/run.sh

# ---- installation ---------------------------------------------------------------------------------------------------

install: lib $(BUILD)/nvm
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/lib/pkgconfig
	install -m 755 $(BUILD)/nvm $(DESTDIR)$(PREFIX)/bin/nvm
	install -m 644 include/nvm.h $(DESTDIR)$(PREFIX)/include/nvm.h
	install -m 644 $(BUILD)/libnvm.a $(DESTDIR)$(PREFIX)/lib/libnvm.a
	install -m 755 $(BUILD)/$(SONAME) $(DESTDIR)$(PREFIX)/lib/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(PREFIX)/lib/libnvm.so
	install -m 644 $(BUILD)/nvm.pc $(DESTDIR)$(PREFIX)/lib/pkgconfig/nvm.pc

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/nvm $(DESTDIR)$(PREFIX)/include/nvm.h $(DESTDIR)$(PREFIX)/lib/libnvm.a \
	      $(DESTDIR)$(PREFIX)/lib/$(SONAME) $(DESTDIR)$(PREFIX)/lib/libnvm.so \
	      $(DESTDIR)$(PREFIX)/lib/pkgconfig/nvm.pc

clean:
	rm -rf $(BUILD)

help:
	@echo 'make                 the nvm command and the library, in $(BUILD)/ (compiler: $(CC))'
	@echo 'make test            installs missing packages, builds with gcc and clang, runs everything, also under sanitizers'
	@echo 'make test-long       what takes longer: a million changed proofs, a thousand kills, builds for other machines (tests/run_long.sh --write keeps the result)'
	@echo 'make asan            everything once, under AddressSanitizer and UndefinedBehaviorSanitizer'
	@echo 'make conformance     everything that was recorded from the production VM, compared field by field'
	@echo 'make spec            the official WebAssembly test suite [SUITE=2.0]'
	@echo 'make bench           speed, beside the other engines found on this machine'
	@echo 'make fuzz            every fuzz target for [TIME=60] seconds;  make afl: the same targets for AFL++'
	@echo 'make differential    compares with the production VM, guided by coverage [TIME=60] ORACLE=its-runner'
	@echo 'make mutate          plants one-line faults at random and asks whether the tests notice [N=500]'
	@echo 'make install         [PREFIX=/usr/local] [DESTDIR=];  make uninstall'
	@echo 'make packages        installs what the build needs (Debian, Ubuntu)'
	@echo 'make clean           removes $(BUILD)/'
	@echo
	@echo 'make CC=gcc          another compiler;  make BUILD=folder: another output folder'

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
