# Every target sets up what it needs: a fresh machine with Python 3.11 or newer and make is enough.

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
DEVELOPING := $(VENV)/.developing
# Twice quiet: errors only.
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
PIP_INSTALL := $(PIP) install --constraint constraints.txt --build-constraint constraints.txt

# Tests that other programs take part in mostly wait. A file's tests stay together, for they share what they start; and
# they keep their order, in which those with a browser are last.
REAL_TIME := browser or compat or process or packaging
PYTEST := $(BIN)/pytest
PARALLEL := --numprocesses 2
UNIT = $(shell sh tools/memory.sh) $(PYTEST) $(PARALLEL)
BY_FILE := $(PARALLEL) --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help install demo test check soak bench protos docs reference constraints programs clean

help:
	@echo "make demo     a simulated home in your browser"
	@echo "make install  the command line, as $(BIN)/ohmstead"
	@echo "make check    format, lint, types, imports, unit tests (before each commit)"
	@echo "make test     everything the project promises (what CI runs)"
	@echo "make soak     the long proofs in full (SOAK=1.0), up to an hour"
	@echo "make bench    every number: milliseconds, megabytes, ratios"
	@echo "make docs     the manual, in docs/_build/html"
	@echo "make reference  the manual's pages that come from the code"
	@echo "make protos   the generated protobuf modules, from their .proto files"
	@echo "make constraints  new pins of every dependency"
	@echo "make clean    as if just cloned"

install: $(INSTALLED)
	@echo "Installed: $(BIN)/ohmstead --help"

demo: $(INSTALLED)
	@$(BIN)/ohmstead demo $(DEMO)

check: $(DEVELOPING)
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(UNIT) -m "not ($(REAL_TIME) or soak or long)"

test: export SOAK ?= 0.02
test: $(DEVELOPING) programs
	@status=0; \
	$(UNIT) -m "not ($(REAL_TIME))" || status=$$?; \
	$(PYTEST) $(BY_FILE) --durations 10 -m "$(REAL_TIME)" || status=$$?; \
	exit $$status

soak: export SOAK ?= 1.0
soak: $(DEVELOPING)
	@$(PYTEST) $(PARALLEL) --dist worksteal -m soak

bench: $(DEVELOPING)
	@$(BIN)/python benchmarks

docs: $(DEVELOPING)
	@$(BIN)/sphinx-build -W --keep-going --quiet -b html docs docs/_build/html
	@echo "Written: docs/_build/html/index.html"

reference: $(DEVELOPING)
	@$(BIN)/python tools/reference.py

protos: $(BIN)/python
	@$(BIN)/python tools/protos.py

constraints: $(DEVELOPING)
	@$(PIP) install uv
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links --extra site --group dev pyproject.toml --output-file constraints.txt
	@echo "Written: constraints.txt"

# Beforehand, one after the other, and not by tests side by side. What cannot be had here is said, and its tests are skipped.
programs: $(BIN)/python
	@sh tools/programs.sh
	@$(BIN)/python tools/peers.py >/dev/null || true

$(BIN)/python:
	@sh tools/environment.sh $(VENV)

$(VENV)/.pip: $(BIN)/python constraints.txt
	@$(PIP) install --constraint constraints.txt --upgrade pip
	@touch $@

$(INSTALLED): $(VENV)/.pip pyproject.toml
	@echo "Installing Ohmstead into $(VENV) …"
	@$(PIP_INSTALL) --editable '.[site]'
	@touch $@

$(DEVELOPING): $(INSTALLED)
	@echo "Installing what development needs into $(VENV) …"
	@$(PIP_INSTALL) --group dev
	@touch $@

clean:
	rm -rf $(VENV) .venvs build dist docs/_build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
