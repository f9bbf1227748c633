# Everything runs in .venv, which `make setup` builds once from requirements.lock.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.made-from-lock
BENCH_STAMP := .venv-bench/.made-from-lock

.DEFAULT_GOAL := help
.PHONY: help setup report notebooks test test-fast bench check docs format lab lock clean gallery faults amount partitions fuzz

help:  ## list what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 12

setup: $(STAMP)  ## make .venv with the locked dependencies and the package itself

# Makes $(1), an environment with the locked dependencies and the package itself.
define make-environment
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
  { echo "Python 3.11 or newer is needed; '$(PYTHON)' is older. Say which to use: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
@echo "Setting up $(1) with the locked packages; the first time this takes half a minute or more."
$(PYTHON) -m venv $(1)
@# uv installs in a seventh of the time; where it cannot be had, pip does all.
awk '/^[a-z]/{own=/^uv==/} own' requirements.lock > $(1)/uv.txt
$(1)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $(1)/uv.txt && \
  $(1)/bin/uv pip install --quiet --python $(1)/bin/python --require-hashes -r requirements.lock || \
  $(1)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
$(1)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endef

$(STAMP): requirements.lock pyproject.toml
	$(call make-environment,.venv)
	@touch $@

report: setup  ## write reports/index.html, a report for every study under data/
	$(BIN)/media-analysis report $(ARGS)

test: setup  ## run all tests (notebooks and browser included)
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

test-fast: setup  ## run the tests that take seconds
	$(BIN)/pytest -m "not slow and not browser" $(ARGS)

faults: setup  ## stop every command at each of its writes, and fill the disk there (the tests take each twenty-fifth)
	MEDIA_ANALYSIS_FAULT_STEP=1 $(BIN)/pytest -n 2 tests/test_store.py $(ARGS)

fuzz: setup  ## read 2,000 mutated and made-up files, and 300 pairs of near-duplicates, 10,000 spans, draw 500 samples (the tests take fewer)
	MEDIA_ANALYSIS_FUZZ=2000 MEDIA_ANALYSIS_PAIRS=300 MEDIA_ANALYSIS_SPANS=10000 MEDIA_ANALYSIS_TRIALS=500 $(BIN)/pytest tests/test_hostile_files.py tests/test_near_duplicates.py tests/test_interchange.py tests/test_corrected_positions.py $(ARGS)

amount: setup  ## measure what a change costs in a study of a thousand articles (ARGS="500 --report --notebooks --guard": and whether it grows faster)
	$(BIN)/python tests/measure_amount.py $(ARGS)

partitions: setup  ## measure annotation by partitions, two processes, two workers of Dask, and DuckDB's counts of 100,000 articles
	$(BIN)/python tests/measure_partitions.py $(ARGS)

bench: $(BENCH_STAMP)  ## time quotation against textacy with spaCy (not part of the tests; ARGS=FOLDER)
	.venv-bench/bin/python tests/bench/bench_quotes.py $(ARGS)

$(BENCH_STAMP): requirements.lock pyproject.toml tests/bench/requirements.txt
	$(call make-environment,.venv-bench)
	.venv-bench/bin/pip install --quiet --disable-pip-version-check -r tests/bench/requirements.txt && touch $@ || \
	  echo "textacy and spaCy cannot be installed for '$(PYTHON)'; another may do: make bench PYTHON=python3.12"

check: setup  ## lint, format and types, as the pre-commit hook does
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: setup  ## build the documentation into build/site, from pages, notebooks, tables and docstrings
	$(BIN)/sphinx-build -q -W --keep-going -b html -c docs . build/site

format: setup  ## mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

gallery: setup  ## take the README's screenshots anew, of the sample study's report (needs Chromium)
	$(BIN)/media-analysis report sample
	$(BIN)/python tests/make_gallery.py

notebooks: setup  ## run the notebooks on the sample study and store them with their outputs
	$(BIN)/python tests/make_notebooks.py

lab: setup  ## open JupyterLab on the notebooks (ARGS=STUDY: on another study)
	$(BIN)/media-analysis lab $(ARGS)

lock:  ## resolve the dependencies anew into requirements.lock (needs uv)
	uv pip compile pyproject.toml --extra dev --extra docs --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade -o requirements.lock

clean:  ## remove what was made: reports, tables, caches, the built documentation (not .venv, not figures)
	rm -rf reports build data/*/tables data/*/runs .pytest_cache .ruff_cache .mypy_cache .hypothesis
