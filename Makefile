# Two commands: `make run` serves the app, `make test` checks everything.
# Each creates the environment (.venv) on first use; PYTHON=python3.11 picks the interpreter, PORT=8600 the port.
PYTHON ?= python3
VENV ?= .venv
PORT ?= 8501
WORKERS ?= auto
BIN := $(VENV)/bin
NOTEBOOK_VENV ?= .venv-notebook
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test check lint types clean

# Each reader's thread would get a heap of its own, and what it frees would not go back: two heaps are enough.
# Told its address, Streamlit asks no outside host for one to print.
run: $(VENV)/.run
	@echo "Basewise is served at http://localhost:$(PORT) (stop with Ctrl+C)"
	@MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=32768 ARROW_DEFAULT_MEMORY_POOL=system \
		$(BIN)/python -m streamlit run serving/serve.py --server.port $(PORT) --server.headless true \
		--browser.serverAddress localhost

# Spread over the cores; WORKERS=0 runs them in one process.
test: check
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

check: lint types

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy core

# Runs the hand-off notebook on tiny models, in an environment of its own: the app has no torch. Where torch
# comes with CUDA by default, point PIP_EXTRA_INDEX_URL at PyTorch's CPU builds to save gigabytes.
test-notebook: $(VENV)/.dev notebook-env
	BASEWISE_NOTEBOOK_PYTHON=$(abspath $(NOTEBOOK_VENV))/bin/python $(BIN)/python -m pytest tests/handoff/test_notebook_run.py

notebook-env: $(NOTEBOOK_VENV)/.done

$(NOTEBOOK_VENV)/.done: requirements-notebook.txt
	@echo "Installing what the notebook needs (torch and others, a few minutes the first time)"
	$(PYTHON) -m venv $(NOTEBOOK_VENV)
	$(NOTEBOOK_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-notebook.txt
	@touch $@

# Kinds and pairs against labels: make report LABELS=labels.csv
report: $(VENV)/.run
	@$(BIN)/python -m core.variants.report $(LABELS)

$(VENV)/bin/python:
	@echo "Creating the environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the app needs (a few minutes the first time)"
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt | $(VENV)/bin/python
	@echo "Installing what the app and the tests need (a few minutes the first time)"
	$(PIP) -r requirements-dev.txt
	@touch $(VENV)/.run $@

clean:
	rm -rf $(VENV) $(NOTEBOOK_VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
