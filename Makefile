# qosutils.  `make help` lists the targets.
VERSION  := 0.1.0
PREFIX   ?= /usr/local
DESTDIR  ?=
SAN      ?=
B        := build$(if $(SAN),/san)
CC       ?= gcc
CXX      ?= g++
Q        := $(if $(V),,@)

WARN     := -Wall -Wextra -Wshadow -Wpointer-arith -Wno-unused-parameter -Wno-format-truncation \
	    -Wno-missing-field-initializers $(if $(CI),-Werror)
HARDEN   := -fstack-protector-strong -fPIE $(if $(SAN),,-D_FORTIFY_SOURCE=2)
OPT      := $(if $(SAN),-O1 -fno-omit-frame-pointer -fsanitize=$(SAN) -fno-sanitize-recover=all,-O2)
CPPFLAGS += -Ilib -Icmd -I. -I$(B)/gen -D_GNU_SOURCE -DQOS_VERSION='"$(VERSION)"' -MMD -MP
CFLAGS   += -std=c11 -g $(OPT) $(WARN) -Wstrict-prototypes -Wmissing-prototypes $(HARDEN)
CXXFLAGS += -std=c++17 -g $(OPT) $(WARN) $(HARDEN) -fno-exceptions -fno-rtti
LDFLAGS  += -pie -Wl,-z,relro,-z,now $(if $(SAN),-fsanitize=$(SAN))
LDLIBS   += -lcyaml -lyaml -lcsv -lpcap -lpcre2-8 -lsimdjson -lxxhash -lz -lzstd -llzma -lstdc++ -lm

GEN      := $(B)/gen/config/default.inc $(patsubst %,$(B)/gen/page/%.inc,page.css page.js chart.min.js)
CHARTS   := $(wildcard /usr/share/javascript/chart.js/chart.min.js)
LIB_C    := $(wildcard lib/*/*.c)
LIB_CC   := $(wildcard lib/*/*.cc)
CLI_C    := $(wildcard cmd/cli/*.c)
CMD_C    := $(wildcard cmd/*.c)
LIB_O    := $(LIB_C:%.c=$(B)/%.o) $(LIB_CC:%.cc=$(B)/%.o)
CLI_O    := $(CLI_C:%.c=$(B)/%.o)
BINS     := $(CMD_C:cmd/%.c=$(B)/bin/%)
D        := $(abspath $(DESTDIR)/$(PREFIX))
ORACLES  := $(patsubst tests/oracle/%.c,$(B)/tests/oracle/%,$(wildcard tests/oracle/*.c))
BENCHES  := $(patsubst bench/%.c,$(B)/bench/%,$(wildcard bench/*.c examples/*.c))
FUZZERS  := $(patsubst %.c,$(B)/fuzz/%,$(wildcard tests/fuzz/*/*.c))
UNITS    := $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(wildcard tests/unit/*/*.c))

.PHONY: all deps deps-ci demo check unit bats lint bench install clean help fuzz format
.SECONDARY:
all: $(BINS) $(B)/libqos.a  ## build the filters into build/bin

deps:  ## install what is missing of packages.txt (apt-get)
	$(Q)./tests/deps packages.txt
deps-ci:  ## the same for packages-ci.txt
	$(Q)./tests/deps packages-ci.txt

$(B)/bin/qos-stats: LDLIBS += -lncursesw
# what is too much for cmd/qos-stats.c is in cmd/stats/
.SECONDEXPANSION:
$(B)/bin/qos-%: $(B)/cmd/qos-%.o $$(addprefix $(B)/,$$(addsuffix .o,$$(basename $$(wildcard cmd/$$*/*.c)))) \
	  $(CLI_O) $(B)/libqos.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(B)/libqos.a: $(LIB_O)
	$(Q)rm -f $@; ar rcs $@ $^
$(B)/%.o: %.c Makefile | $(GEN)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<
$(B)/%.o: %.cc Makefile
	@mkdir -p $(@D)
	$(Q)$(CXX) $(CPPFLAGS) $(CXXFLAGS) -c -o $@ $<
# the embedded configuration, as C string bytes
$(B)/gen/config/default.inc: lib/config/default.yaml
	@mkdir -p $(@D)
	$(Q)sed -e 's/[\\"]/\\&/g' -e 's/^/"/' -e 's/$$/\\n"/' $< >$@
# the report page's parts, as bytes; without the package of the charts the page has its tables alone
$(B)/gen/page/%.inc: lib/render/page/%
	@mkdir -p $(@D)
	$(Q)od -An -v -td1 $< | sed 's/  */,/g; s/^,//; s/$$/,/' >$@
$(B)/gen/page/chart.min.js.inc: $(CHARTS)
	@mkdir -p $(@D)
	$(Q)od -An -v -td1 $(or $^,/dev/null) | sed 's/  */,/g; s/^,//; s/$$/,/' >$@
# one binary a unit test: tests/unit/base/str.c -> build/tests/unit/base/str
$(B)/tests/unit/%: tests/unit/%.c $(B)/libqos.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -MF $@.d -o $@ $< $(B)/libqos.a $(LDLIBS)

unit: $(UNITS)  ## run the unit tests of the library
	$(Q)./tests/unit/run $(UNITS)
bats: all $(ORACLES)  ## run the tests of the filters
	$(Q)BUILD=$(CURDIR)/$(B) ./tests/run
check: all $(UNITS) $(ORACLES)  ## run every test; ends with "N passed, N failed"
	$(Q)BUILD=$(CURDIR)/$(B) ./tests/check $(UNITS)
lint:  ## layers, mirrored tests, formatting, cppcheck, shellcheck, mandoc
	$(Q)./tests/lint
bench: all $(BENCHES)  ## records/s and ratios to peers, from one run
	$(Q)BUILD=$(CURDIR)/$(B) ./bench/run
demo: all  ## the pipe at work on the sample log and trace that come with it
	$(Q)BUILD=$(CURDIR)/$(B) ./examples/demo
format:  ## format the sources as .clang-format says
	$(Q)clang-format -i $(LIB_C) $(LIB_CC) $(CMD_C) \
	  $(wildcard cmd/*/*.[ch] lib/*/*.h lib/*.h tests/*/*.h tests/*/*/*.h tests/*/*.c tests/*/*/*.c bench/*.c)

# programs that tests compare with, and micro benchmarks: one C file each, linked with the library
$(B)/tests/oracle/%: tests/oracle/%.c $(B)/libqos.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -MF $@.d -o $@ $< $(B)/libqos.a $(LDLIBS)
$(B)/bench/%: bench/%.c $(B)/libqos.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -MF $@.d -o $@ $< $(B)/libqos.a $(LDLIBS)

# fuzzers: the library and they are made by clang, with its sanitizers
FUZZ_CC  := clang
FUZZ_FLAGS := -g -O1 -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
fuzz: all $(FUZZERS)  ## run each fuzzer for FUZZ_S seconds (60; 0: its corpus alone)
	$(Q)./tests/fuzz/run $(FUZZERS)
$(B)/fuzz/%.o: %.c Makefile | $(GEN)
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(CPPFLAGS) -std=c11 $(FUZZ_FLAGS) -c -o $@ $<
$(B)/fuzz/%.o: %.cc Makefile
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC)++ $(CPPFLAGS) -std=c++17 -fno-exceptions -fno-rtti $(FUZZ_FLAGS) -c -o $@ $<
$(B)/fuzz/libqos.a: $(LIB_O:$(B)/%=$(B)/fuzz/%)
	$(Q)rm -f $@; ar rcs $@ $^
$(B)/fuzz/tests/fuzz/%: $(B)/fuzz/tests/fuzz/%.o $(B)/fuzz/libqos.a
	$(Q)$(FUZZ_CC)++ -fsanitize=fuzzer,address,undefined -o $@ $^ $(LDLIBS)

# the shared library is made of objects of its own (-fPIC)
$(B)/pic/%.o: %.c Makefile | $(GEN)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -fPIC -c -o $@ $<
$(B)/pic/%.o: %.cc Makefile
	@mkdir -p $(@D)
	$(Q)$(CXX) $(CPPFLAGS) $(CXXFLAGS) -fPIC -c -o $@ $<
$(B)/libqos.so.0: $(LIB_C:%.c=$(B)/pic/%.o) $(LIB_CC:%.cc=$(B)/pic/%.o)
	$(Q)$(CC) -shared -Wl,-soname,libqos.so.0 -Wl,-z,relro,-z,now $(if $(SAN),-fsanitize=$(SAN)) -o $@ $^ $(LDLIBS)
$(B)/qos.pc: Makefile
	@mkdir -p $(@D)
	$(Q)printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$${prefix}/lib' 'includedir=$${prefix}/include/qos' '' \
	  'Name: qos' \
	  'Description: quality of service for streams of records' 'Version: $(VERSION)' 'Libs: -L$${libdir} -lqos' \
	  'Libs.private: $(LDLIBS)' 'Cflags: -I$${includedir}' >$@

install: all $(B)/libqos.so.0 $(B)/qos.pc  ## into PREFIX (/usr/local), below DESTDIR
	$(Q)install -d $(D)/bin $(D)/lib/pkgconfig $(D)/share/man/man1 $(D)/share/man/man5 \
	  $(D)/share/bash-completion/completions
	$(Q)install -m 755 $(BINS) $(D)/bin
	$(Q)install -m 644 $(B)/libqos.a $(D)/lib
	$(Q)install -m 755 $(B)/libqos.so.0 $(D)/lib
	$(Q)ln -sf libqos.so.0 $(D)/lib/libqos.so
	$(Q)cd lib && find . -name '*.h' -exec install -Dm 644 {} $(D)/include/qos/{} \;
	$(Q)install -m 644 $(B)/qos.pc $(D)/lib/pkgconfig
	$(Q)install -m 644 $(wildcard man/*.1) $(D)/share/man/man1
	$(Q)install -m 644 $(wildcard man/*.5) $(D)/share/man/man5
	$(Q)for b in $(BINS); do $$b --help=bash >$(D)/share/bash-completion/completions/$${b##*/} || exit; done

clean:  ## remove build/
	$(Q)rm -rf build
help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*  ## \(.*\)/\1\t\2/p' Makefile | expand -t 14

-include $(shell find $(B) -name '*.d' 2>/dev/null)
