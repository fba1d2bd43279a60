# make demo   install and run moi on its sample releases
# make test   install what the tests need and run them all
# Each target installs what it needs by itself; PYTHON=python3.12 chooses another interpreter.

PYTHON ?= python3
BIN := .venv/bin
DEMO := demo
SHARED ?= ../shared
SECONDS ?= 600

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format eval docs bench bench-growth clean

help:
	@echo "make demo    install moi and run it on its sample releases"
	@echo "make test    install what the tests need and run them all"
	@echo "make setup   install moi and its development tools into .venv"
	@echo "make lint    ruff and mypy --strict"
	@echo "make eval    score the extraction on annotated releases ($(SHARED)/gold/dev)"
	@echo "make docs    write the reference pages anew"
	@echo "make faults  make every fault that moi must survive, and print what was lost"
	@echo "make fuzz    look for inputs that break a promise, for SECONDS=600"
	@echo "make site    build the documentation's pages into site/"
	@echo "make bench   measure the speed of everything, with peers in the same run; ARGS='--only thai,fetch'"
	@echo "make bench-growth  build tables of 10,000 and 100,000 articles, and a night on each; ARGS='--sizes 1000000'"
	@echo "make clean   remove .venv, caches and the demo's workspace"

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "moi needs Python 3.11 or later; name one: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/installed: .venv/made pyproject.toml
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --editable .
	@touch $@

.venv/developed: .venv/made pyproject.toml
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --editable '.[dev]'
	@touch $@ .venv/installed

setup: .venv/developed

demo: .venv/installed
	@rm -rf $(DEMO)
	@$(BIN)/moi init $(DEMO) > /dev/null
	$(BIN)/moi --workspace $(DEMO) fetch samples
	$(BIN)/moi --workspace $(DEMO) extract
	@echo
	@echo "What was found:"
	@$(BIN)/moi --workspace $(DEMO) sql "SELECT (SELECT count(*) FROM articles) AS articles, \
		(SELECT count(*) FROM dates) AS dates, (SELECT count(*) FROM officials) AS officials, \
		(SELECT count(*) FROM projects) AS projects, (SELECT count(*) FROM policy_items) AS policy_items"
	@echo
	@echo "Three things to type next:"
	@echo '  $(BIN)/moi -w $(DEMO) sql "SELECT event_from, province, title FROM articles ORDER BY event_from"'
	@echo '  $(BIN)/moi -w $(DEMO) sql "SELECT item_no, text FROM policy_items WHERE declared_count = 5"'
	@echo '  $(BIN)/moi -w $(DEMO) show https://samples.example/04-ubon-flood.txt'

test: .venv/developed
	$(BIN)/python -m pytest -n auto --dist worksteal

faults: .venv/developed
	$(BIN)/python -m pytest -n auto tests/faults

fuzz: .venv/developed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[fuzz]'
	$(BIN)/python fuzz/run.py $(SECONDS)

lint: .venv/developed
	$(BIN)/ruff check src tests quality bench docs fuzz
	$(BIN)/ruff format --check src tests quality bench docs fuzz
	$(BIN)/mypy

format: .venv/developed
	$(BIN)/ruff check --fix src tests quality bench docs fuzz
	$(BIN)/ruff format src tests quality bench docs fuzz

eval: .venv/developed
	$(BIN)/python quality/evaluate.py $(SHARED)/gold/dev $(SHARED)/gold/score.py $(ARGS)

docs: .venv/developed
	$(BIN)/python docs/generate.py

site: docs
	$(BIN)/zensical build --strict --clean

.venv/benched: .venv/developed
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --editable '.[dev,bench]'
	@touch $@

bench: .venv/benched
	$(BIN)/python -m bench.bench $(SHARED)/corpus $(ARGS)

bench-growth: .venv/developed
	$(BIN)/python bench/growth.py $(SHARED)/corpus $(ARGS)

clean:
	rm -rf .venv $(DEMO) site build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests quality bench fuzz -name __pycache__ -type d -prune -exec rm -rf {} +
