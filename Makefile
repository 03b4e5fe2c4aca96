# Two commands: `make run` and `make test`. The build itself is Meson's; this file only saves typing.
#
#   make                        build/stator and build/libstator.* (release, assertions kept)
#   make run [ARGS="..."]       serve on http://127.0.0.1:8000, SQLite file ./stator.db
#   make test                   every test; the last line is "N passed, N failed, N skipped"
#   make check                  all that CI runs: tests, format, tidy, sanitizers, fuzzing
#   make install PREFIX=...     binary, library, header, pkg-config file, man pages
#   make clean

BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
MESON_FLAGS ?=
ARGS ?=

# Homebrew keeps some libraries out of the compiler's way.
ifeq ($(shell uname -s),Darwin)
BREW := $(shell brew --prefix)
export PKG_CONFIG_PATH := $(BREW)/opt/openssl@3/lib/pkgconfig:$(BREW)/opt/sqlite/lib/pkgconfig:$(BREW)/opt/curl/lib/pkgconfig:$(BREW)/lib/pkgconfig:$(PKG_CONFIG_PATH)
export CPATH := $(BREW)/include:$(CPATH)
export LIBRARY_PATH := $(BREW)/lib:$(LIBRARY_PATH)
endif

.PHONY: all bootstrap build run test check install clean

all: build

bootstrap:
	@tools/bootstrap

build: bootstrap
	@test -f $(BUILD)/build.ninja || meson setup $(BUILD) $(MESON_FLAGS)
	@ninja -C $(BUILD) product

run: build
	@exec $(BUILD)/stator serve $(ARGS)

test:
	@tools/bootstrap --tests
	@tools/check tests

check:
	@tools/bootstrap --tests
	@tools/check

# Only what is already built is copied, so that `sudo make install` builds nothing as root.
install:
	@test -f $(BUILD)/build.ninja || { echo "make: nothing is built: run 'make' first" >&2; exit 1; }
	@meson configure $(BUILD) --prefix "$(abspath $(PREFIX))"
	@ninja -C $(BUILD) product
	@DESTDIR="$(DESTDIR)" meson install -C $(BUILD) --no-rebuild

clean:
	@rm -rf $(BUILD) build-*
