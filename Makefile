# Leeward. Needs python3 (3.11) and make; everything else is set up here.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
STAMP := $(VENV)/.leeward-installed

.DEFAULT_GOAL := help
.PHONY: help setup demo run check test alarms test-pg e2e faults bench shots docs mutants vendor corpus ci clean

help: ## What can be done here
	@echo "Leeward: ketamine therapy from the first question to the last follow-up."
	@echo "It advises and records; it is not a medical device and never decides."
	@echo
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(STAMP) ## Make the environment in .venv from requirements.lock

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if v == (3, 11) else f"Leeward needs Python 3.11, {sys.executable} is {v[0]}.{v[1]}. Run: make PYTHON=python3.11 $(MAKECMDGOALS)")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation -e .
	@touch $@

demo: setup ## Set up, load the invented clinic, serve it and print the logins
	@$(BIN)/leeward demo --port $(PORT)

run: setup ## Serve this clinic (LEEWARD_HOME, default ./var)
	@$(BIN)/leeward run --port $(PORT)

check: setup ## Format, lint, types, import contracts, content, migrations, generated docs
	@$(BIN)/ruff format --check --quiet src tests scripts
	@$(BIN)/ruff check --quiet src tests scripts
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/mypy
	@$(BIN)/leeward content check
	@$(BIN)/leeward content reading >/dev/null || { $(BIN)/leeward content reading; exit 1; }
	@LEEWARD_HOME=$$(mktemp -d) DJANGO_SETTINGS_MODULE=leeward.config.settings $(BIN)/python -m django makemigrations --check --dry-run
	@$(BIN)/python scripts/docs.py --check

test: setup ## The tests, on the embedded database
	@$(BIN)/pytest --hazards -n 2 -q

alarms: setup ## The alarm engine through at least 100,000 steps in any order; prints how many
	@LEEWARD_ALARM_STEPS=100000 $(BIN)/pytest tests/property/alarms -q -s

test-pg: setup ## The same tests on PostgreSQL (LEEWARD_TEST_PG names the server)
	@$(BIN)/pytest --pg -n 2 -q

e2e: setup ## The stories in Chromium (Debian: apt-get install chromium)
	@$(BIN)/pytest tests/e2e -q

faults: setup ## Kill processes under load and see that nothing is lost
	@$(BIN)/pytest tests/faults -q

bench: setup ## Benchmarks, each beside a limit measured in the same run
	@$(BIN)/leeward bench all
	@$(BIN)/python scripts/measure.py

shots: setup ## Screenshots of the key screens into shots/
	@$(BIN)/python scripts/shots.py

docs: setup ## Rewrite the generated documents and catalogues
	@$(BIN)/python scripts/docs.py

mutants: setup ## Change each candidacy rule by one step and see that a case notices
	@$(BIN)/python scripts/mutants.py

vendor: setup ## Fetch the pinned front-end files anew (needs npm)
	@$(BIN)/python scripts/vendor.py

corpus: setup ## Sweep a larger set of FHIR records: make corpus DATA=DIR
	@test -n "$(DATA)" || { echo "Name the folder: make corpus DATA=DIR"; exit 2; }
	@$(BIN)/python scripts/corpus.py $(DATA)

ci: check test test-pg e2e ## Everything a change must pass

clean: ## Remove the environment and caches (never a clinic's data)
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build
