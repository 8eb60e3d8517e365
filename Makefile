# Makefile - build, check, install.  GNU make; programs and modules are found by
# wildcard, so adding cmd/cws-x.c is enough.
#
#   make                    the programs, into build/plain
#   make SAN=address,undefined   the same beside it, with sanitizers
#   make CC=clang           the same with clang, into build/plain-clang
#   make units              the unit tests alone
#   make check              what scripts/check runs, without installing anything
#   make bench              the ratios of scripts/bench
#   make oracle             100,000 random quiet hours against an independent reckoning (python3)
#   make torture            every call that can fail, every fault at every stage, 200 moments of each kind, 1,000 worlds
#   make analyze            gcc -fanalyzer, clang --analyze and cppcheck, those that are there; two minutes
#   make fuzz FUZZ_TIME=30  each driver of tests/fuzz for so many seconds; needs clang
#   make fuzz-merge         the best of what they found into tests/fuzz/corpus
#   make install PREFIX=/usr DESTDIR=pkg, uninstall, dist, clean
#   V=1 prints the commands; STRICT=1 turns warnings into errors

CC      ?= cc
CFLAGS  ?= -O2 -g
PREFIX  ?= /usr/local
VERSION  = 0.2.0

O  = build/$(if $(SAN),$(SAN),plain)$(if $(filter clang%,$(notdir $(CC))),-clang)

WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
       -Wmissing-prototypes -Wold-style-definition -Wvla -Wundef -Wwrite-strings -Wcast-qual \
       -Wcast-align -Wpointer-arith -Wformat=2 -Wimplicit-fallthrough -Wnull-dereference -Wdouble-promotion
WARN_GCC = -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wjump-misses-init

# Linker flags by name: a comma in the text of a call would end its argument.
comma   = ,
Z_RELRO = -Wl,-z,relro
Z_NOW   = -Wl,-z,now
Z_STACK = -Wl,-z,noexecstack

# A flag is used where this compiler and linker take it: the ELF ones do not exist everywhere.
takes = $(shell echo 'int main(void){return 0;}' | $(CC) -Werror -O2 $(1) -x c -o /dev/null - 2>/dev/null && echo '$(1)')
ifneq ($(FLAGS_PROBED),$(CC))
export FLAGS_PROBED := $(CC)
export HARDEN := -U_FORTIFY_SOURCE $(call takes,-fstack-protector-strong) $(call takes,-fstack-clash-protection) \
       $(call takes,-fcf-protection) $(call takes,-mbranch-protection=standard) -fno-common -fPIE
export HARDEN_LD := $(call takes,-pie) $(call takes,$(Z_RELRO)) $(call takes,$(Z_NOW)) $(call takes,$(Z_STACK))
export WARN_MORE := $(foreach w,$(WARN_GCC),$(call takes,$(w)))
endif

# glibc's checks need an optimizing compiler and would warn without one; a sanitizer brings its own.
# Where overflow is defined, as -fno-strict-overflow has it, no sanitizer looks for it.
OPTIMIZED = $(filter -O -O1 -O2 -O3 -Os -Oz -Ofast,$(CFLAGS))
CWS_CFLAGS = -std=c11 -D_POSIX_C_SOURCE=200809L -DCWS_VERSION='"$(VERSION)"' -iquote common $(WARN) $(WARN_MORE) $(HARDEN) \
       $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer,-fno-strict-overflow $(if $(OPTIMIZED),-D_FORTIFY_SOURCE=3)) \
       $(if $(STRICT),-Werror)
CWS_LDFLAGS = $(HARDEN_LD)
LIBS = -lcjson -lm
LIBS_cws-fetch = -lcurl
LIBS_cws-stop  = -lcurl
LIBS_cws-start = -lcurl
LIBS_cws-holidays = -lical

# The rooms of common/, each above what it may include (common/README.md), and those a program is made of: a filter
# that calls the network does not link.
ROOMS = act books filter report coder calendar net settings record judge base
ROOMS_filter    = filter record settings judge base
ROOMS_cws-fetch = coder net settings judge base
ROOMS_cws-stop  = act books coder net settings record judge base
ROOMS_cws-start = $(ROOMS_cws-stop)
ROOMS_cws-report = report settings record judge base
ROOMS_cws-holidays = calendar base
rooms_of = $(patsubst %,$(O)/common/%.a,$(or $(ROOMS_$(1)),$(ROOMS_filter)))
ALL_ROOMS = $(ROOMS:%=$(O)/common/%.a)

PROGRAMS = $(patsubst cmd/%.c,%,$(wildcard cmd/cws-*.c))
SCRIPTS  = $(patsubst cmd/%.sh,%,$(wildcard cmd/cws-*.sh))
FILTERS  = $(foreach p,$(PROGRAMS),$(if $(filter filter,$(or $(ROOMS_$(p)),$(ROOMS_filter))),$(p)))
UNITS    = $(patsubst tests/unit/%.c,$(O)/%,$(wildcard tests/unit/test_*.c))
REPLAYS  = $(patsubst tests/fuzz/%.c,$(O)/%,$(wildcard tests/fuzz/fuzz_*.c))
FAKE     = $(patsubst %.c,$(O)/%.o,$(wildcard tests/fakecoder/*.c))

# "CC common/record/rec.c" instead of a screen of flags.
ifeq ($(V),1)
Q =
say =
else
Q = @
say = @echo '  $(1)';
endif

all: $(PROGRAMS:%=$(O)/%) $(SCRIPTS:%=$(O)/%) completions

fake: $(O)/fakecoder

tests: all $(UNITS) $(if $(FAKE),fake) $(O)/oracle $(O)/late.so $(if $(SAN),$(PROGRAMS:%=$(O)/torture/%)) $(REPLAYS)

# What the flags are is said here, so everything made depends on it.
$(O)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC $<)$(CC) $(CPPFLAGS) $(CWS_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# A script finds its siblings in its own directory; what scripts share is put into each.
$(SCRIPTS:%=$(O)/%): $(O)/%: cmd/%.sh cmd/options.sh Makefile
	@mkdir -p $(@D)
	$(call say,MAKE $@)sed -e '/^\. cmd\/options\.sh$$/{' -e 'r cmd/options.sh' -e 'd' -e '}' -e '/^# shellcheck source=/d' \
		-e 's/@VERSION@/$(VERSION)/' $< >$@.new && chmod 755 $@.new && mv $@.new $@

# The style and the script of a page are files of their own; what a room is made of besides its sources.
MADE_report = page

$(O)/common/report/page.c: scripts/embed common/report/page.css common/report/page.js
	@mkdir -p $(@D)
	$(call say,MAKE $@)scripts/embed common/report/page.css common/report/page.js >$@.new && mv $@.new $@

$(O)/common/report/page.o: $(O)/common/report/page.c common/report/page.h Makefile
	$(call say,CC $<)$(CC) $(CPPFLAGS) $(CWS_CFLAGS) $(CFLAGS) -c -o $@ $<

# In a second expansion $(O) is written $$(O): the comma of build/address,undefined would end an argument.
.SECONDEXPANSION:

$(ALL_ROOMS): $(O)/common/%.a: $$(addprefix $$(O)/,$$(addsuffix .o,$$(basename $$(wildcard common/$$*/*.c)) $$(addprefix common/$$*/,$$(MADE_$$*))))
	@rm -f $@
	$(call say,AR $@)$(AR) rcs $@ $^

$(O)/cws-%: $(O)/cmd/cws-%.o $$(call rooms_of,cws-$$*) Makefile
	$(call say,LD $@)$(CC) $(CWS_CFLAGS) $(CFLAGS) $(CWS_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(LIBS) $(LIBS_cws-$*) $(LDLIBS)

$(O)/test_%: $(O)/tests/unit/test_%.o $(ALL_ROOMS) Makefile
	$(call say,LD $@)$(CC) $(CWS_CFLAGS) $(CFLAGS) $(CWS_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(LIBS) -lcurl -lical $(LDLIBS)

$(O)/fuzz_%: $(O)/tests/fuzz/fuzz_%.o $(O)/tests/fuzz/replay.o $(ALL_ROOMS) Makefile
	$(call say,LD $@)$(CC) $(CWS_CFLAGS) $(CFLAGS) $(CWS_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(LIBS) -lcurl -lical $(LDLIBS)

$(O)/oracle: $(O)/tests/oracle/decide.o $(ALL_ROOMS) Makefile
	$(call say,LD $@)$(CC) $(CWS_CFLAGS) $(CFLAGS) $(CWS_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(LIBS) $(LDLIBS)

$(O)/fakecoder: $(FAKE) $(ALL_ROOMS) Makefile
	$(call say,LD $@)$(CC) $(CWS_CFLAGS) $(CFLAGS) $(CWS_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(LIBS) -lmicrohttpd -lpthread $(LDLIBS)

# Preloaded: a disk and a clock as they are at bad times.
$(O)/late.so: tests/torture/late.c Makefile
	@mkdir -p $(@D)
	$(call say,LD $@)$(CC) $(CPPFLAGS) -std=c11 $(WARN) $(if $(STRICT),-Werror) $(CFLAGS) -fPIC -shared -o $@ $< -ldl

# The sanitized programs once more, with calls of our own objects that can be made to fail.
WRAP      = $(patsubst %.c,$(O)/%.o,$(wildcard tests/torture/wrap*.c))
WRAPPED   = $(shell sed -n 's/^__wrap_\([A-Za-z0-9_]*\)[^A-Za-z0-9_].*/\1/p' tests/torture/wrap*.c)
WRAP_CURL = $(if $(filter -lcurl,$(LIBS_cws-$*)),,%/wrap_curl.o)

$(O)/torture/cws-%: $(O)/cmd/cws-%.o $$(call rooms_of,cws-$$*) $(WRAP) Makefile
	@mkdir -p $(@D)
	$(call say,LD $@)$(CC) $(CWS_CFLAGS) $(CFLAGS) $(CWS_LDFLAGS) $(WRAPPED:%=-Wl$(comma)--wrap=%) $(LDFLAGS) -o $@ \
		$(filter-out $(WRAP_CURL),$(filter %.o %.a,$^)) $(LIBS) $(LIBS_cws-$*) $(LDLIBS)

# What the shells complete is made of --help, which is made of the table of options.
$(O)/completions/bash/cws-% $(O)/completions/zsh/_cws-% $(O)/completions/fish/cws-%.fish: $(O)/cws-% scripts/completions
	$(call say,MAKE $(O)/completions/*/cws-$*)scripts/completions $< $(O)/completions

COMPLETED = $(PROGRAMS) $(SCRIPTS)

completions: $(foreach p,$(COMPLETED),$(O)/completions/bash/$(p) $(O)/completions/zsh/_$(p) $(O)/completions/fish/$(p).fish)

# What a packager runs: every unit test of this build.
units: $(UNITS)
	$(Q)for test in $(UNITS); do $$test || exit 1; done

# For tests/filters.bats: no filter is without its failure bench.
filters:
	@echo $(FILTERS)

check:
	$(Q)SAN='$(SAN)' CC='$(CC)' scripts/check --no-install

oracle: $(O)/oracle
	$(Q)PYTHONDONTWRITEBYTECODE=1 python3 tests/oracle/compare.py $(O)/oracle $(CASES) $(SEED)

CASES = 100000

analyze:
	$(Q)scripts/analyze

bench: tests
	$(Q)O='$(O)' scripts/bench

# What takes long and goes through all there is, where scripts/check takes a sample.
TORTURE = matrix proxy moments worlds faults

torture: $(TORTURE:%=torture-%)

torture-faults:
	$(Q)$(MAKE) --no-print-directory SAN=address,undefined tests
	$(Q)O=build/address,undefined tests/torture/faults

torture-proxy: tests
	$(Q)! scripts/nginx >/dev/null || O=$(O) PROXY=1 tests/torture/matrix

torture-%: tests
	$(Q)O=$(O) ALWAYS=1 tests/torture/$*

# What fuzzing finds worth keeping stays in build/fuzz/fuzz_*.corpus; make fuzz-merge takes the best of it into the tree.
FUZZ       = $(patsubst tests/fuzz/%.c,build/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_TIME ?= 30
FUZZ_RUN   = -max_len=4096 -timeout=10 -close_fd_mask=2
FUZZ_SAN   = address,undefined -fno-sanitize-recover=all

build/fuzz/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC $<)clang -std=c11 -D_POSIX_C_SOURCE=200809L -DCWS_VERSION='"$(VERSION)"' -iquote common $(WARN) -g -O1 \
		-fsanitize=fuzzer-no-link,$(FUZZ_SAN) -MMD -MP -c -o $@ $<

build/fuzz/fuzz_%: build/fuzz/tests/fuzz/fuzz_%.o $(patsubst %.c,build/fuzz/%.o,$(wildcard common/*/*.c)) \
		$(O)/common/report/page.o Makefile
	$(call say,LD $@)clang -g -fsanitize=fuzzer,$(FUZZ_SAN) -o $@ $(filter %.o,$^) $(LIBS) -lcurl -lical

fuzz: $(FUZZ)
	$(Q)for f in $^; do \
		echo "  FUZZ $$f"; mkdir -p $$f.corpus; \
		$$f $(FUZZ_RUN) -max_total_time=$(FUZZ_TIME) -artifact_prefix=$$f. $$f.corpus \
			tests/fuzz/corpus/$${f##*/fuzz_} >$$f.log 2>&1 || { tail -n 40 $$f.log; exit 1; }; \
		sed -n '/DONE/s/^/    /p' $$f.log; done

fuzz-merge: $(FUZZ)
	$(Q)for f in $^; do tests/fuzz/merge $$f tests/fuzz/corpus/$${f##*/fuzz_} || exit 1; done

# share/ is laid out as it is installed, but for what is documentation and for the units of systemd.
BIN   = $(DESTDIR)$(PREFIX)/bin
SHARE = $(DESTDIR)$(PREFIX)/share
UNITS_DIR = $(DESTDIR)$(PREFIX)/lib/systemd/system
DATA  = $(wildcard share/man/man*/*.[1-8] share/cws/*)
DOC   = share/LICENSE share/NEWS $(wildcard share/examples/* share/cron/* share/logrotate/* share/kubernetes/*/*)
UNIT  = $(wildcard share/systemd/*)

# $(call lay,FILES of share/,DIRECTORY): each below it as it lies in share/
lay = for f in $(patsubst share/%,%,$(1)); do install -D -m 644 share/$$f $(2)/$$f || exit 1; done

# Where the shells look: Debian's zsh has a directory of its own for what packages bring.
COMPLETIONS = $(SHARE)/bash-completion/completions $(SHARE)/zsh/$(ZSH_COMPLETIONS) $(SHARE)/fish/vendor_completions.d
ZSH_COMPLETIONS = $(if $(filter /usr,$(PREFIX)),$(if $(wildcard /etc/debian_version),vendor-completions,site-functions),site-functions)

install: all
	$(Q)install -d $(BIN)
	$(Q)install -m 755 $(PROGRAMS:%=$(O)/%) $(SCRIPTS:%=$(O)/%) $(BIN)
	$(Q)$(call lay,$(DATA),$(SHARE))
	$(Q)sed -i 's|/usr/local/share/cws|$(PREFIX)/share/cws|g' $(SHARE)/man/man7/cws.7
	$(Q)$(call lay,$(DOC),$(SHARE)/doc/cws)
	$(Q)$(if $(UNIT),install -D -m 644 -t $(UNITS_DIR) $(UNIT))
	$(Q)install -d $(COMPLETIONS)
	$(Q)install -m 644 $(COMPLETED:%=$(O)/completions/bash/%) $(word 1,$(COMPLETIONS))
	$(Q)install -m 644 $(COMPLETED:%=$(O)/completions/zsh/_%) $(word 2,$(COMPLETIONS))
	$(Q)install -m 644 $(COMPLETED:%=$(O)/completions/fish/%.fish) $(word 3,$(COMPLETIONS))

uninstall:
	$(Q)rm -f $(PROGRAMS:%=$(BIN)/%) $(SCRIPTS:%=$(BIN)/%) $(DATA:share/%=$(SHARE)/%) $(DOC:share/%=$(SHARE)/doc/cws/%) $(UNIT:share/systemd/%=$(UNITS_DIR)/%)
	$(Q)rm -f $(COMPLETED:%=$(word 1,$(COMPLETIONS))/%) $(COMPLETED:%=$(word 2,$(COMPLETIONS))/_%) $(COMPLETED:%=$(word 3,$(COMPLETIONS))/%.fish)
	$(Q)for d in $(SHARE)/cws $(SHARE)/doc/cws; do [ ! -d $$d ] || find $$d -depth -type d -exec rmdir --ignore-fail-on-non-empty {} +; done

dist:
	@mkdir -p build
	$(Q)git archive --format=tar --prefix=cws-$(VERSION)/ HEAD | gzip -9n >build/cws-$(VERSION).tar.gz
	@echo build/cws-$(VERSION).tar.gz

clean:
	rm -rf build

.PHONY: all fake tests completions units filters check analyze bench oracle torture fuzz fuzz-merge install uninstall dist clean
.SECONDARY:

-include $(wildcard $(O)/*/*.d $(O)/*/*/*.d build/fuzz/*/*.d build/fuzz/*/*/*.d)
