# Makefile - build, check, install.  GNU make; programs and modules are found by
# wildcard, so adding cmd/cws-x.c is enough.  SAN=address,undefined builds beside
# the plain objects; V=1 is make's own --trace.

CC      ?= cc
CFLAGS  ?= -O2 -g
PREFIX  ?= /usr/local
VERSION  = 0.1.0

O  = build/$(if $(SAN),$(SAN),plain)$(if $(filter clang%,$(notdir $(CC))),-clang)

WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
       -Wmissing-prototypes -Wold-style-definition -Wvla -Wundef -Wwrite-strings -Wcast-qual \
       -Wcast-align -Wpointer-arith -Wformat=2 -Wimplicit-fallthrough -Wnull-dereference -Wdouble-promotion
WARN_GCC = -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wjump-misses-init

# A flag is used where this compiler and linker take it: the ELF ones do not exist everywhere.
takes = $(shell echo 'int main(void){return 0;}' | $(CC) -Werror -O2 $(1) -x c -o /dev/null - 2>/dev/null && echo '$(1)')
ifeq ($(origin FLAGS_PROBED),undefined)
export FLAGS_PROBED := 1
export HARDEN := -U_FORTIFY_SOURCE $(call takes,-fstack-protector-strong) $(call takes,-fstack-clash-protection) \
       $(call takes,-fcf-protection) -fno-common -fno-strict-overflow -fPIE
export HARDEN_LD := $(call takes,-pie) $(call takes,-Wl,-z,relro) $(call takes,-Wl,-z,now) $(call takes,-Wl,-z,noexecstack)
export WARN_MORE := $(foreach w,$(WARN_GCC),$(call takes,$(w)))
endif

CWS_CFLAGS = -std=c11 -D_POSIX_C_SOURCE=200809L -DCWS_VERSION='"$(VERSION)"' -Icommon $(WARN) $(WARN_MORE) $(HARDEN) \
       $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer,-D_FORTIFY_SOURCE=3) $(if $(STRICT),-Werror)
CWS_LDFLAGS = $(HARDEN_LD)
LIBS = -lcjson -lm
LIBS_cws-fetch = -lcurl
LIBS_cws-stop  = -lcurl

PROGRAMS = $(patsubst cmd/%.c,%,$(wildcard cmd/cws-*.c))
MODULES  = $(patsubst %.c,$(O)/%.o,$(wildcard common/*.c))
UNITS    = $(patsubst tests/unit/%.c,$(O)/%,$(wildcard tests/unit/test_*.c))
FAKE     = $(patsubst %.c,$(O)/%.o,$(wildcard tests/fakecoder/*.c))

all: $(PROGRAMS:%=$(O)/%)

tests: all $(UNITS) $(if $(FAKE),$(O)/fakecoder)

$(O)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CWS_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(O)/libcws.a: $(MODULES)
	@rm -f $@
	$(AR) rcs $@ $^

$(O)/cws-%: $(O)/cmd/cws-%.o $(O)/libcws.a
	$(CC) $(CWS_CFLAGS) $(CFLAGS) $(CWS_LDFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) $(LIBS_cws-$*) $(LDLIBS)

$(O)/test_%: $(O)/tests/unit/test_%.o $(O)/libcws.a
	$(CC) $(CWS_CFLAGS) $(CFLAGS) $(CWS_LDFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) -lcurl $(LDLIBS)

$(O)/fakecoder: $(FAKE) $(O)/libcws.a
	$(CC) $(CWS_CFLAGS) $(CFLAGS) $(CWS_LDFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) -lmicrohttpd -lpthread $(LDLIBS)

clean:
	rm -rf build

.PHONY: all tests clean
.SECONDARY:

-include $(wildcard $(O)/*/*.d $(O)/*/*/*.d)
