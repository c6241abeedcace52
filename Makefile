# nvm: make, make test, make spec, make bench, make asan, make install PREFIX=…
CFLAGS ?= -O2 -g
CC := $(shell for c in clang-22 clang-21 clang-20 clang-19 clang gcc cc; do command -v $$c >/dev/null 2>&1 && { echo $$c; break; }; done)
BUILD ?= build
WARN := -Wall -Wextra -Wconversion -Wshadow
ALL_CFLAGS := -std=c17 -D_GNU_SOURCE -I. -Iinclude $(WARN) -fPIC -fvisibility=hidden -fno-strict-aliasing $(CFLAGS)
LIBS := -lbearssl -lsecp256k1 -ljson-c -lm -lpthread
LIB_DIRS := base crypto wat vm
LIB_SRC := $(wildcard $(LIB_DIRS:%=%/*.c))
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/obj/%.o)

all: $(BUILD)/libnvm.a

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/libnvm.a: $(LIB_OBJ)
	rm -f $@; ar rcs $@ $^

-include $(LIB_OBJ:.o=.d)
