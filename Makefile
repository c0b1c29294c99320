# make run and make test need nothing before them; what they install goes into .venv.

SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet --constraint constraints.txt
# By number of tests, as is the default, files with one long test would come last and be waited for.
PYTEST_ARGS ?= --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help install run test suite lint audit pins bench clean

help: ## Show what there is to make
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

install: $(VENV)/.installed ## Install Driftmap into .venv

run: install ## Load the sample, run everything on it and open the app
	$(BIN)/driftmap demo

test: lint suite ## Check the code, then run every test, on a real browser and database server too

# Several workers share the processors: threads that wait awake would take them from each other.
suite: export OMP_WAIT_POLICY ?= PASSIVE
# Whatever the machine says, compiled code is kept: tests start hundreds of processes.
suite: export PYTHONDONTWRITEBYTECODE :=
suite: $(VENV)/.installed-dev
	browser="$$(.ci/find-chromium)" && postgres="$$(.ci/find-postgres)" && \
	DRIFTMAP_CHROMIUM="$$browser" DRIFTMAP_POSTGRES="$$postgres" $(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(VENV)/.installed-dev ## Check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# In continuous integration a list that cannot be reached (status 3) stops nobody.
AUDIT_PASSES ?= 0
audit: $(VENV)/audit/.installed ## Look the pinned packages up in public lists of known vulnerabilities
	$(BIN)/python .ci/audit $(VENV)/audit/bin/pip-audit || [ $$? = $(AUDIT_PASSES) ]

pins: $(VENV)/pins/.installed ## Write the hash-pinned requirements of a release anew
	.ci/release/compile $(VENV)/pins/bin/uv

# The proofs on real logs are skipped where this folder is not there.
bench: export DRIFTMAP_BENCH_LOGS ?= ../shared/data/shop
bench: $(VENV)/.installed-dev ## Measure speed and memory, side by side with what we compare to
	$(BIN)/python -m pytest tests/benchmarks --override-ini addopts= --override-ini timeout=0 --strict-markers -rA

clean: ## Remove what was installed and built; workspaces stay
	rm -rf $(VENV) build dist

$(BIN)/python:
	python="$$(.ci/find-python)" && "$$python" -m venv $(VENV)

$(VENV)/audit/.installed: | $(BIN)/python
	$(BIN)/python -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip install --disable-pip-version-check --quiet 'pip-audit>=2.10,<3'
	@touch $@

$(VENV)/pins/.installed: | $(BIN)/python
	$(BIN)/python -m venv $(VENV)/pins
	$(VENV)/pins/bin/python -m pip install --disable-pip-version-check --quiet 'uv>=0.13,<0.14'
	@touch $@

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/.installed
