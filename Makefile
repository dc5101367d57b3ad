# CoMission's commands. `make` alone lists them.

# The first Python of this machine that fits; where none does, scripts/setup.py says what is needed.
FITS := 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11; do \
	"$$each" -c $(FITS) 2>/dev/null && echo "$$each" && exit; done; echo python3)
PORT ?= 8000
TEST_PROCESSES ?= auto
BIN := .venv/bin
export PORT

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test test-long check format bench bench-peers oracles lock messages clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile

setup: ## Install everything into .venv (CUDA=1 for a graphics card)
	@$(PYTHON) scripts/setup.py

setup-dev:
	@$(PYTHON) scripts/setup.py --dev

run: setup ## Set up, fill the demo when empty, and serve on 127.0.0.1 (PORT=8000)
	@exec $(BIN)/comission serve --demo

check: setup-dev ## Format, lint, strict types and import contracts, without tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint templates --lint --quiet

test: check ## Check, then run all tests (REQUIRE_BROWSER=1: a missing browser fails)
	$(BIN)/python -m pytest -n $(TEST_PROCESSES) --maxprocesses 4 --dist worksteal

test-long: check ## The same with ten times the generated cases
	TEST_SCALE=10 $(BIN)/python -m pytest -n $(TEST_PROCESSES) --maxprocesses 4 --dist worksteal

format: setup-dev ## Write the format and the fixes that are safe
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup ## Measure speed and size (STATEMENTS=comments.csv: and group a Polis export)
	$(BIN)/comission bench $(if $(STATEMENTS),--statements "$(STATEMENTS)")
	$(BIN)/comission bench missions

bench-peers: ## Install whom the grouping is measured against into .venv-peers
	@$(PYTHON) scripts/peers.py

oracles: ## Compare our counts of votes with public libraries (PROFILES=2000)
	@$(PYTHON) scripts/oracles.py $(PROFILES)

lock: ## Write the lock files anew (LOCK="--upgrade-package fastapi")
	scripts/lock.sh $(LOCK)

messages: setup ## Collect the words of the pages and bring the translations up to date
	$(BIN)/pybabel --quiet extract -F babel.cfg --sort-by-file --no-wrap --omit-header --add-location=file -o locales/messages.pot .
	$(BIN)/pybabel --quiet update -i locales/messages.pot -d locales --no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	@$(PYTHON) scripts/setup.py

clean: ## Remove .venv, caches and front-end files; data under var/ stays
	rm -rf .venv .venv-peers .venv-oracles node_modules app/static/vendor build dist *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	rm -f locales/*/LC_MESSAGES/*.mo
