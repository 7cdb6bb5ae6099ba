# Keywright's steps. `make help` lists them; the longer ones are scripts in .make/ and tests/.

SHELL := bash
.NOTPARALLEL:
.DEFAULT_GOAL := help

# Where cargo puts things; the scripts read it too.
export CARGO_TARGET_DIR ?= $(CURDIR)/target
# What the tests of a run could not try here, and why: they note it, and it is told before the last of them.
export KEYWRIGHT_SKIPPED := $(CARGO_TARGET_DIR)/skipped
# A debug build without incremental files: half the size, and no slower from scratch.
ifdef CI
export CARGO_INCREMENTAL := 0
endif

PURE := -p keywright-jose -p keywright-keyset -p keywright-provider -p keywright-exchange

.PHONY: help run test check fmt ui lint build peers rust faults fuzz bench tour package package-test audit icons clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Install what is missing, build, and start Keywright (without a display: its demo)
	@.make/run

test: ## Everything that must hold before a change lands: about ten minutes once dependencies are built
	@.make/need compiler window display driver node python curl openssl putty go php
	@rm -f "$(KEYWRIGHT_SKIPPED)"
	@$(MAKE) --no-print-directory fmt ui lint build peers rust

check: fmt ## The quick loop: tests of the pure rooms, lints of the packages that changed
	cargo test --locked $(PURE)
	@.make/lint-changed

fmt:
	cargo fmt --check --all

# Warnings fail with the compiler that the tree was last cleaned with. A newer one brings lints of its own, which are told
# and do not fail a stranger's run; what Cargo.toml denies fails with any.
CLEAN_WITH := 1.96
lint:
	cargo clippy --locked --workspace --all-targets -- $(if $(findstring rustc $(CLEAN_WITH).,$(shell rustc --version)),-D warnings)

# Everything that `rust` runs, and the command itself: built once, with the features that all of them want together.
build:
	cargo test --locked --workspace --no-run

# Before `rust`: its Python also reads the vaults that the store's tests write.
peers:
	tests/peers/run

# The examples of the documentation first, the repository's rules once more at the end: the last line of a run then counts
# tests that there are, and what was skipped stands right above. The window's tests drive a program that `build` makes, so
# that none of them meets a page of yesterday.
rust: build
	cargo test --locked --workspace --doc
	cargo test --locked --workspace --lib --bins --tests
	@[ ! -s "$(KEYWRIGHT_SKIPPED)" ] || { echo "Skipped on this machine:"; sort -u "$(KEYWRIGHT_SKIPPED)" | sed 's/^/  /'; }
	@rm -f "$(KEYWRIGHT_SKIPPED)"
	cargo test --locked --workspace --test rules

faults: ## The long tests: kills, full disks, damaged files; a rotation under every fault of a provider
	@.make/need compiler strace
	cargo test --locked --release -p keywright-vault -- --include-ignored --nocapture
	cargo test --locked --release -p keywright-cli --test rotation -- --include-ignored --nocapture

fuzz: ## Fuzz what reads foreign text (SECONDS_EACH), and run the property tests much longer (PROPTEST_CASES)
	@.make/need compiler c++
	tests/fuzz/run
	PROPTEST_CASES=$${PROPTEST_CASES:-20000} cargo test --locked --release $(PURE) -p keywright-vault

bench: ## Measure the engine, the store, whole commands and the window beside others; writes docs/BENCH.md
	@.make/need compiler window display driver node python openssl jose keepassxc
	tests/bench/run

tour: ui/dist/assets ## Walk through the window and save a picture of every screen in .cache/tour, five of them in docs
	@.make/need compiler window display driver node
	@$(MAKE) --no-print-directory build
	cargo test --locked --workspace --test desktop -- --ignored tour

package: ui/dist/assets ui/node_modules/.bundled.json ## Build deb and rpm into target/package, and check them
	@.make/need compiler window node python packaging
	.make/package/build
	.make/package/check "$(CARGO_TARGET_DIR)/package"

package-test: ## Install, use, upgrade and remove what `make package` built, in bare Debians (wants root)
	@.make/need python display packaging bare
	.make/package/test

audit: ## Known vulnerabilities of what we depend on (needs the network)
	@command -v cargo-audit >/dev/null || cargo install --locked cargo-audit
	cargo audit
	npm --prefix ui audit

icons: ## Render the icons after icons/keywright.svg changed
	icons/render

clean: ## Remove everything that was built or fetched into this folder
	cargo clean
	rm -rf ui/dist ui/node_modules tests/.venv tests/peers/node_modules gen

# The user interface: fetched when its lock changed, built when a source did.

ui: ui/dist/assets
	npm --prefix ui run --silent lint
	npm --prefix ui run --silent check
	npm --prefix ui run --silent test

ui/node_modules/.package-lock.json: ui/package.json ui/package-lock.json
	npm --prefix ui ci --no-fund --no-audit
	@touch $@

# Which packages the page carries: noted where it is built.
ui/node_modules/.bundled.json: ui/dist/assets
	@[ -f $@ ] || npm --prefix ui run --silent build

ui/dist/assets: ui/node_modules/.package-lock.json ui/index.html ui/vite.config.ts $(shell find ui/src -type f)
	npm --prefix ui run --silent build
	@touch $@
