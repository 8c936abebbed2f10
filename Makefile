# SPDX-License-Identifier: GPL-2.0-only
#
# The front door: what a person types. The work is done by the scripts and by
# the Makefiles of the parts; the module's own list of objects is Kbuild.

VERSION := $(shell sed -n 's/^.define ZPF_VERSION "\(.*\)"/\1/p' kmod/version.h)
KREL ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KREL)/build
PREFIX ?= /usr/local
DESTDIR ?=
UNITDIR ?= $(PREFIX)/lib/systemd/system
LIBDIR ?= $(PREFIX)/lib/zpf
MODDIR ?= /lib/modules/$(KREL)/updates
SRCDIR ?= /usr/src/zpf-$(VERSION)
INSTALL ?= install
FUZZ_SECONDS ?= 60

MAKEFLAGS += --no-print-directory

all: tool module

help:
	@echo 'see and test it (Debian 12; sets up what is missing, touches no network here):'
	@echo '  make demo          the story of a VPN that carries no data, in a virtual machine'
	@echo '  make test          host unit tests, then packet tests on Linux 6.1'
	@echo '  make test-debug    the packet tests on a kernel with KASAN, lockdep, kmemleak'
	@echo '  make test-kernels  the packet tests on Linux 6.12 and 7.2'
	@echo '  make test-truth    zpfctl test against the fate of 100,000 random packets'
	@echo '  make test-flood    the drop ledger under a million random packets'
	@echo '  make test-demo     the demonstration and every way to sabotage it'
	@echo '  make differential  verdicts of zpf and nftables on the same packets, under user-mode Linux'
	@echo '  make bench         speed beside nftables, under user-mode Linux (QUICK=1: less of it)'
	@echo '  make check         warnings, sparse, checkpatch, shellcheck, contract, man page'
	@echo '  make fuzz          the parser, for FUZZ_SECONDS=$(FUZZ_SECONDS) (needs clang)'
	@echo 'build and install:'
	@echo '  make               zpfctl, and zpf.ko for this kernel (KDIR=$(KDIR))'
	@echo '  make install       the tool, the module for this kernel, the systemd unit (PREFIX=$(PREFIX))'
	@echo '  make install-tool  the same without the module, for use with dkms'
	@echo '  make dkms          the sources to $(SRCDIR), for dkms'
	@echo '  make uninstall     takes all that away again; policies in /etc/zpf stay'
	@echo '  make clean'
	@echo
	@echo 'SABOTAGE=STEP make demo breaks a step on purpose, and the demonstration must fail there:'
	@scripts/demo.sh --list | sed 's/^/  /'

# ------------------------------------------------------------------- build

tool:
	@$(MAKE) -C ctl

# In a copy, so that no object of the kernel's build lands among the sources.
module:
	@if [ -e "$(KDIR)/Makefile" ]; then \
		mkdir -p build/module && cp -a Kbuild kmod uapi build/module/ && \
		$(MAKE) -s -C "$(KDIR)" M="$(CURDIR)/build/module" modules && \
		echo '  MODULE  build/module/zpf.ko'; \
	else \
		echo "  no headers of $(KREL) in $(KDIR): zpf.ko is not built (apt install linux-headers-$(KREL), or KDIR=...)"; \
	fi

# -------------------------------------------------------------------- test

demo:
	@scripts/demo.sh

test:
	@scripts/test.sh host 6.1

test-debug:
	@scripts/test.sh debug

test-kernels:
	@scripts/test.sh 6.12 7.2

test-truth:
	@PROBES=100000 TESTS=truth scripts/test.sh 6.1

test-flood:
	@FLOOD=1000000 TESTS='drops ledger' scripts/test.sh 6.1

test-demo:
	@scripts/test.sh demo

bench:
	@scripts/bench.sh

differential:
	@scripts/differential.sh

check:
	@scripts/setup.sh host check
	@scripts/check.sh

fuzz:
	@command -v clang > /dev/null || { echo 'make fuzz needs clang (apt install clang)' >&2; exit 1; }
	@$(MAKE) -s -C selftests/host fuzz
	@mkdir -p build/fuzz
	@build/host/fuzz_parse -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 -artifact_prefix=build/fuzz/ \
		-dict=build/host/fuzz.dict -timeout=10 build/fuzz selftests/host/seeds selftests/configs

# ----------------------------------------------------------------- install

install: install-tool install-module

install-tool: tool
	@$(MAKE) -s -C ctl install PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" INSTALL="$(INSTALL)"
	@$(INSTALL) -D -m 0644 uapi/linux/zpf.h "$(DESTDIR)$(PREFIX)/include/linux/zpf.h"
	@$(INSTALL) -D -m 0755 scripts/systemd/zpf-boot "$(DESTDIR)$(LIBDIR)/zpf-boot"
	@$(INSTALL) -d -m 0755 "$(DESTDIR)$(UNITDIR)"
	@sed 's|@LIBDIR@|$(LIBDIR)|' scripts/systemd/zpf.service > "$(DESTDIR)$(UNITDIR)/zpf.service"
	@$(INSTALL) -d -m 0700 "$(DESTDIR)/etc/zpf"
	@echo "zpfctl, its man page and zpf.service are in $(DESTDIR)$(PREFIX); policies go to /etc/zpf"

install-module: module
	@test -e build/module/zpf.ko || { echo 'no zpf.ko was built' >&2; exit 1; }
	@$(INSTALL) -D -m 0644 build/module/zpf.ko "$(DESTDIR)$(MODDIR)/zpf.ko"
	@test -n "$(DESTDIR)" || PATH="$$PATH:/sbin:/usr/sbin" depmod $(KREL)
	@echo "zpf.ko is in $(DESTDIR)$(MODDIR)"

dkms:
	@$(INSTALL) -d "$(DESTDIR)$(SRCDIR)"
	@cp -r Kbuild kmod uapi "$(DESTDIR)$(SRCDIR)/"
	@sed 's|@VERSION@|$(VERSION)|' scripts/packaging/dkms.conf > "$(DESTDIR)$(SRCDIR)/dkms.conf"
	@echo "sources are in $(DESTDIR)$(SRCDIR); now: dkms install zpf/$(VERSION)"

uninstall:
	@rm -f "$(DESTDIR)$(PREFIX)/sbin/zpfctl" "$(DESTDIR)$(PREFIX)/share/man/man8/zpfctl.8" \
		"$(DESTDIR)$(PREFIX)/share/man/man5/zpf.conf.5" \
		"$(DESTDIR)$(PREFIX)/share/bash-completion/completions/zpfctl" \
		"$(DESTDIR)$(PREFIX)/include/linux/zpf.h" "$(DESTDIR)$(LIBDIR)/zpf-boot" \
		"$(DESTDIR)$(UNITDIR)/zpf.service" "$(DESTDIR)$(MODDIR)/zpf.ko"
	@rmdir "$(DESTDIR)$(LIBDIR)" 2>/dev/null || true
	@rm -rf "$(DESTDIR)$(SRCDIR)"
	@test -n "$(DESTDIR)" || PATH="$$PATH:/sbin:/usr/sbin" depmod $(KREL)
	@echo 'removed; a running policy goes on until zpfctl disarm, reboot or a new load'

clean:
	@rm -rf build
	@$(MAKE) -s -C selftests/tools clean

.PHONY: all help tool module demo test test-debug test-kernels test-truth test-flood test-demo differential bench check fuzz \
	install install-tool install-module dkms uninstall clean
