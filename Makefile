# One word per task. Every target does its own set-up; a second run starts in seconds.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := PIP_CONSTRAINT=constraints.txt PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/pip install --quiet

.PHONY: help setup demo test lint check bench docs clean

help:
	@echo "make setup   a ready .venv/bin/liuhen"
	@echo "make demo    a fictional city, collected, judged and shown in the browser"
	@echo "make test    everything that CI checks"
	@echo "make bench   speed and memory beside what one would use instead (BENCH=--whole: of whole cities)"
	@echo "make docs    renew the generated pages"

setup: $(VENV)/.ready

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; name one with PYTHON=" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || sh deploy/install-packages python3-venv
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: pyproject.toml constraints.txt | $(VENV)/bin/pip
	$(PIP) --editable .
	@touch $@

$(VENV)/.ready-dev: pyproject.toml constraints.txt | $(VENV)/.ready
	$(PIP) --editable '.[dev]'
	@touch $@

demo: $(VENV)/.ready
	@$(BIN)/liuhen demo

lint: $(VENV)/.ready-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy

test: lint
	@command -v chromium >/dev/null && fc-list :lang=zh 2>/dev/null | grep -q . \
		|| sh deploy/install-packages chromium fonts-noto-cjk fontconfig
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || sh deploy/install-packages postgresql
	@$(BIN)/pytest --numprocesses 2 --dist loadfile

bench: $(VENV)/.ready-dev
	$(PIP) --editable '.[bench]'
	@$(BIN)/python -m bench $(BENCH)

docs: $(VENV)/.ready
	@$(BIN)/liuhen rules docs --profile nanchang --pages docs/rules > RULES.md

clean:
	@rm -rf $(VENV) build *.egg-info
