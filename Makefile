# Everything a developer or CI runs. Each target sets up what it needs: `make demo` works right after a clone.
PYTHON ?= python3.11
BIN := .venv/bin
RUNTIME := .venv/.runtime
DEV := .venv/.dev

.PHONY: setup demo test lint check eval bench chaos dialogues promises diagrams pictures lock clean
.DEFAULT_GOAL := setup

setup: $(DEV)

$(BIN)/python:
	$(PYTHON) -m venv .venv

$(RUNTIME): requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(RUNTIME)
	$(BIN)/daybook demo

# Three at a time, since many wait; each file on one of them: browser and Postgres are started once per worker. What is
# compiled is kept, whatever else is wished: each worker, and each program that a test starts, would compile it anew.
test: $(DEV)
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --durations=10 -m "not chaos and not benchmark and not promises"

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Both at once: the type checker takes half a minute of one core, while tests wait for things.
check: $(DEV)
	@$(MAKE) --no-print-directory -j2 lint test

# On the folder of sets that DATA or DAYBOOK_BENCHMARKS names; writes docs/quality.md. GATE=1 compares with it instead;
# HELD_APART=1 measures the weeks too that nothing is tuned to.
DAYBOOK_BENCHMARKS ?=
SETS := $(or $(DATA),$(DAYBOOK_BENCHMARKS))
eval: $(RUNTIME)
	@test -n "$(SETS)" || { echo "eval: say where the sets are: make eval DATA=FOLDER"; exit 2; }
	@$(BIN)/daybook eval all --data "$(SETS)" $(if $(GATE),--gate) $(if $(HELD_APART),--held-apart)

bench: $(DEV)
	@$(BIN)/python -m tests.bench writing
	@$(BIN)/python -m tests.bench search $(or $(MESSAGES),100000)
	@$(BIN)/python -m tests.bench answers $(or $(MESSAGES),100000)
	@$(if $(DATA),$(BIN)/python -m tests.bench engines "$(DATA)",echo "How fast an export is read: make bench DATA=EXPORT.zip")
	@$(if $(DATA),$(BIN)/python -m tests.bench export "$(DATA)")

# Long runs of what may go wrong: an hour of each failure of a model, with 200 people (or DAYBOOK_PEOPLE), prints figures.
chaos: $(DEV)
	$(BIN)/python -m pytest -m chaos --timeout 3600

# Forty talks with restarts between any two turns; and again with events that come twice and out of order. And some that
# go on for days and weeks.
dialogues: $(DEV)
	$(BIN)/python -m pytest -m "chaos or not chaos" --timeout 1800 tests/scenarios/test_dialogues.py \
	    tests/scenarios/test_long_dialogues.py

# The gate proves the promises on a sample; this does so at full size, and prints figures. With DATA also on those sets.
promises: $(DEV)
	DAYBOOK_HISTORIES=5000 $(BIN)/python -m pytest --timeout 7200 tests/integration/test_replay.py \
	    tests/integration/test_placing.py tests/unit/test_placing.py -k "any_history or any_order"
	DAYBOOK_WORLDS=1000 $(BIN)/python -m pytest --timeout 7200 tests/integration/test_audience.py -k any_world
	DAYBOOK_IMPORT=1200 $(BIN)/python -m pytest --timeout 600 tests/scenarios/test_lifetimes.py
	DAYBOOK_ZONES=all $(BIN)/python -m pytest --timeout 7200 tests/unit/test_every_morning.py
	DAYBOOK_BENCHMARKS="$(SETS)" $(BIN)/python -m pytest -m promises --timeout 7200 tests/promises \
	    tests/scenarios/test_correction_times.py tests/scenarios/test_models.py

diagrams: $(DEV)
	$(BIN)/python -m tests.diagrams

pictures: $(DEV)
	DAYBOOK_PICTURES=docs/pictures $(BIN)/python -m pytest tests/browser/test_demo_page.py tests/browser/test_morning.py \
	    tests/browser/test_surfaces_page.py tests/browser/test_answers_page.py

# The lock files carry hashes and no index address: they install from whatever index pip is set up with.
lock: | $(BIN)/python
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --extra build -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --extra build --extra dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info
