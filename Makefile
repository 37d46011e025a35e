# Sync Hub: make run starts the product, make test proves it. docs/development.md says more.
PYTHON ?= python3
PORT ?= 8069
BANK_PORT ?= 0
BRANCH_PORT ?= 0
ADDON ?=
TEST ?=

.PHONY: run test lint translations

run:
	@exec $(PYTHON) -m bootstrap run --port $(PORT) --bank-port $(BANK_PORT) --branch-port $(BRANCH_PORT)

test:
	@exec $(PYTHON) -m bootstrap test --addon "$(ADDON)" --test "$(TEST)"

lint:
	@exec $(PYTHON) -m bootstrap lint

translations:
	@exec $(PYTHON) -m bootstrap translations
