# The one door. `make help` says what is behind it.
# Needs make, Python 3.11 or later with venv, and Node.js 20.19 or later with npm; everything else is
# fetched by what is locked here.

PYTHON ?= python3
PORT ?= 8000

VENV := .venv
PY := $(VENV)/bin/python
XIANGXIN := $(VENV)/bin/xiangxin

# A stamp carries the checksum of what it stands for: a second start compares names and installs nothing.
checksum = $(shell cat $(1) | sha256sum | cut -c1-16)
RUNTIME := $(VENV)/stamps/runtime-$(call checksum,requirements.lock pyproject.toml)
DEVELOPMENT := $(VENV)/stamps/development-$(call checksum,requirements-dev.lock pyproject.toml)
INSTALL := $(PY) -m pip install -qq --disable-pip-version-check

APP := field_client/app
NODE_MODULES := $(APP)/node_modules/.stamp-$(call checksum,$(APP)/package-lock.json)
# The app is built anew when anything that goes into it has changed: its sources and the declarations.
APP_SOURCES := $(shell find $(APP) -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/generated/*' \
    -not -path '*/tests/*' -not -path '*/gallery/*' -not -name '*.test.ts' | sort)
DECLARATIONS := $(shell find schemas -name '*.py' | sort)
BUILT := $(APP)/dist/.stamp-$(call checksum,$(APP_SOURCES) $(DECLARATIONS))

UNIT := $(wildcard tests/schemas tests/sync tests/field_client tests/contracts)
PYTEST := $(PY) -m pytest
# As many workers as the smallest machine has cores; each starts a PostgreSQL and a Chromium of its own.
PARALLEL := -n 2 --dist loadfile

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run build test check coverage mutants test-unit test-long bench simulate simulate-night lock format clean chromium

help: ## say what there is
	@echo "usage: make TARGET"
	@sed -n 's/^\([a-z-]*\):.* ## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

## -- use it

run: build ## serve on PORT (8000), with the demonstration branch on the first start
	@exec $(XIANGXIN) serve --port $(PORT) --demo

build: $(RUNTIME) $(BUILT) ## make the environment and the tablet app; serve nothing

## -- change it

test: $(DEVELOPMENT) chromium check coverage test-app $(BUILT) ## everything: check, then every test that takes no hour
	@$(PYTEST) $(PARALLEL)

check: $(DEVELOPMENT) generated ## format, lint, import rules, types; one line each
	@$(call verdict,format,$(VENV)/bin/ruff format --check --quiet --output-format concise .,run 'make format')
	@$(call verdict,lint,$(VENV)/bin/ruff check --quiet .)
	@$(call verdict,imports,$(VENV)/bin/lint-imports)
	@$(call verdict,types,$(VENV)/bin/mypy --no-error-summary)
	@$(call verdict,app lint,cd $(APP) && npm run --silent lint,run 'make format')
	@$(call verdict,app types,cd $(APP) && npm run --silent check)

test-unit: $(DEVELOPMENT) test-app ## the pure tests, in seconds
	@$(PYTEST) -m "not long and not postgres and not browser" $(UNIT)

test-app: $(DEVELOPMENT) generated ## the tablet app's pure tests
	@cd $(APP) && npm run --silent test

coverage: $(DEVELOPMENT) ## every branch of the pure core is taken by its own tests
	@$(call verdict,branches of sync/,$(VENV)/bin/coverage run -m pytest -q tests/sync && $(VENV)/bin/coverage report)

mutants: $(DEVELOPMENT) ## break merge, rebase and scope in every small way: the tests of the core must notice
	@rm -rf mutants && $(VENV)/bin/mutmut run --max-children 2 && $(VENV)/bin/mutmut results | grep -v 'caught by type check'

test-long: $(DEVELOPMENT) chromium $(BUILT) ## the tests that take minutes or hours
	@$(PYTEST) -m long

bench: $(DEVELOPMENT) ## count what docs promise to count
	@$(PY) -m benchmarks

simulate: $(DEVELOPMENT) ## play one seed of the simulator and tell its story: SEED=17
	@$(PY) -m tests.simulation $(if $(SEED),--seed $(SEED))

simulate-night: $(DEVELOPMENT) ## play new seeds until stopped, or for HOURS=8; START= the first seed
	@$(PY) -m tests.simulation --night $(if $(HOURS),--hours $(HOURS)) $(if $(START),--start $(START))

format: $(DEVELOPMENT) $(NODE_MODULES) ## put the code in its one form
	@$(VENV)/bin/ruff check --quiet --fix-only .
	@$(VENV)/bin/ruff format .
	@cd $(APP) && npm run --silent format

lock: $(DEVELOPMENT) ## write the Python locks anew; UPGRADE=1 also takes newer versions
	@$(call compile,requirements.lock,--group build)
	@$(call compile,requirements-dev.lock,--group build --group dev --constraint requirements.lock)

clean: ## remove what make made, never ./data
	rm -rf $(VENV) $(APP)/node_modules $(APP)/dist $(APP)/tests/dist $(APP)/src/generated build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache mutants .coverage
	find . -name __pycache__ -type d -not -path '*/node_modules/*' -prune -exec rm -rf {} +

## -- how

# $(call verdict,NAME,COMMAND,HINT): silent but for one line, unless it fails.
define verdict
said=$$($(2) 2>&1) && echo "ok    $(1)" || { echo "$$said"; echo "FAIL  $(1)$(if $(3),: $(3))"; exit 1; }
endef

# One lock for every platform and every Python we promise; hashes, and no word of where a file came from.
define compile
$(VENV)/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-annotate --custom-compile-command "make lock" \
    $(if $(UPGRADE),--upgrade) $(2) --output-file $(1)
endef

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "Xiangxin needs Python 3.11 or later: make PYTHON=/path/to/it"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	    || { rm -rf $(VENV); echo "Python's venv is missing; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

$(RUNTIME): | $(PY)
	@echo "Installing Xiangxin into $(VENV) (about a minute the first time) …"
	@$(INSTALL) --require-hashes -r requirements.lock
	$(install-project)

$(DEVELOPMENT): | $(PY)
	@echo "Installing Xiangxin and its tools into $(VENV) (about a minute the first time) …"
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	$(install-project)

$(NODE_MODULES):
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null \
	    || { echo "The tablet app needs Node.js 20.19 or later, with npm."; exit 1; }
	@echo "Installing what the tablet app is built with …"
	@cd $(APP) && npm ci --silent
	@touch $@

# Types, labels and forms of the app follow from schemas/; a file is written only where it changes.
generated: $(NODE_MODULES) | $(PY)
	@$(PY) -m schemas.typescript $(APP)/src/generated

$(BUILT): | $(NODE_MODULES) $(PY)
	@$(PY) -m schemas.typescript $(APP)/src/generated
	@echo "Building the tablet app …"
	@cd $(APP) && npm run --silent build
	@touch $@

# Without isolation: the build tool is the locked one, already here.
define install-project
@$(INSTALL) --no-deps --no-build-isolation --editable .
@mkdir -p $(@D) && touch $@
endef

# A browser, and a font that has Chinese: without one the pictures show boxes.
chromium:
	@missing=; found=; \
	for name in chromium chromium-browser google-chrome-stable google-chrome; do \
	    command -v $$name >/dev/null && found=yes; done; \
	[ "$$found" ] || missing=chromium; \
	[ "$$(fc-list :lang=zh-cn 2>/dev/null)" ] || missing="$$missing fonts-wqy-microhei"; \
	[ "$$missing" ] || exit 0; \
	if ! command -v apt-get >/dev/null; then [ "$$found" ] && exit 0; \
	    echo "The browser tests need Chromium; install it by this system's own means."; exit 1; fi; \
	if [ "$$(id -u)" = 0 ]; then as_root=; elif command -v sudo >/dev/null; then as_root=sudo; \
	else [ "$$found" ] && exit 0; \
	    echo "The browser tests need Chromium; as root: apt-get install $$missing"; exit 1; fi; \
	echo "Installing what the browser tests need:$$missing …"; \
	$$as_root apt-get update -qq && \
	$$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null
