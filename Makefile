# One command a wish; `make` alone lists them. Needs python3 (3.11 to 3.13) and make, nothing else.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
export PYTHON

BIN := .venv/bin
STATIC := backend/woodpecker_api/web/static/index.html
FRONTEND_SOURCES := $(shell find frontend \( -path frontend/node_modules -o -path frontend/dist \) -prune -o -type f -print 2>/dev/null)
# Tests in parallel: the suite waits more than it computes.
WORKERS ?= 2

.PHONY: help run test demo dev check format api migration fresh soak-import soak-export test-deploy soak-deploy soak-backup soak-generation soak-mirror try-claude

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

run: .make/venv $(STATIC) ## everything needed, then the app on http://127.0.0.1:8000 with sample data; prints the sign-in
	@$(BIN)/woodpecker-api serve

demo: .make/venv ## the main job once, without a browser and without a network
	@$(BIN)/woodpecker-api demo

dev: .make/venv .make/node ## API and worker with reload, pages with hot modules on http://127.0.0.1:5173
	@$(BIN)/python scripts/dev.py

test: .make/venv $(STATIC) .make/test-needs ## everything needed, then all tests, the browser's included
	@WORKERS=$(WORKERS) scripts/tests.sh
	@scripts/npm.sh run --silent test
	@$(BIN)/python scripts/check_bundle.py

check: .make/venv .make/node ## format, lint, types, import contracts, frontend checks (no tests)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@MYPYPATH=deploy $(BIN)/mypy -p rollout
	@$(BIN)/lint-imports
	@$(BIN)/codespell README.md CONTRIBUTING.md CHANGELOG.md SECURITY.md docs backend tests
	@PATH="$(BIN):$$PATH" $(BIN)/actionlint
	@$(BIN)/zizmor --offline --no-progress --quiet .github
	@$(BIN)/shellcheck deploy/bootstrap deploy/offsite-backup deploy/pipeline/* tests/deploy/lab/*.sh .ci/run
	@scripts/npm.sh run --silent format:check
	@scripts/npm.sh run --silent lint
	@scripts/npm.sh run --silent typecheck
	@scripts/check-api.sh

format: .make/venv .make/node ## put every file into form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@scripts/npm.sh run --silent format

api: .make/venv .make/node ## our OpenAPI → frontend/openapi.json → the generated client
	@$(BIN)/woodpecker-api openapi > .make/openapi.json && mv .make/openapi.json frontend/openapi.json
	@scripts/npm.sh run --silent api

migration: .make/venv ## a migration from the models: make migration NAME="add lead source" KIND=additive
	@$(BIN)/python scripts/new_migration.py "$(NAME)" "$(KIND)"
	@$(BIN)/ruff format -q backend/woodpecker_api/migrations

fresh: ## forget the local data (asks first)
	@printf 'Delete ./data with everything in it? [y/N] ' && read answer && [ "$$answer" = y ] && rm -rf data

test-deploy: .make/venv ## a simulated droplet from nothing, deploys under load, bad and cut-off ones; needs root on Debian
	@$(BIN)/python tests/deploy/run.py

soak-deploy: .make/venv $(STATIC) ## the same at full length, and kills, a gigabyte, memory, certificates; hours (parts: tests/deploy/run.py -h)
	@$(BIN)/python tests/deploy/run.py --full

soak-import: .make/venv ## an import under 50 kills: nothing half, nobody twice; some minutes
	@$(BIN)/python benchmarks/soak_import.py

soak-export: .make/venv ## the export guarantee under 250 kills; about an hour
	@$(BIN)/python benchmarks/soak_export.py --full

try-claude: .make/venv ## three leads with a real key (ANTHROPIC_API_KEY), their texts and what they cost
	@$(BIN)/python scripts/try_claude.py

soak-mirror: .make/venv ## the mirror of 200,000 people under 10 kills, and an export beside it; some twenty minutes
	@$(BIN)/python benchmarks/soak_mirror.py

soak-generation: .make/venv ## a run of 1,000 leads under 20 kills, with a vendor that fails; some minutes
	@$(BIN)/python benchmarks/soak_generation.py

soak-backup: .make/venv ## backups under 50 writes a second restored 20 times, and every kind of damage; some minutes
	@$(BIN)/python benchmarks/soak_backup.py --full

soak-alerts: .make/venv .make/test-needs ## five faults with the real Prometheus and Alertmanager; as root, some six minutes
	@$(BIN)/python benchmarks/soak_alerts.py

.make/venv: pyproject.toml uv.lock scripts/bootstrap.sh
	@mkdir -p .make
	@scripts/bootstrap.sh
	@touch $@

.make/node: frontend/package.json frontend/package-lock.json | .make/venv
	@scripts/npm.sh ci --no-audit --no-fund --loglevel=error
	@touch $@

.make/test-needs: scripts/test-needs.sh | .make/venv
	@scripts/test-needs.sh
	@touch $@

$(STATIC): $(FRONTEND_SOURCES) | .make/node
	@echo "Building the pages …"
	@scripts/npm.sh run --silent build
	@rm -rf $(dir $(STATIC)) && mkdir -p $(dir $(STATIC)) && cp -R frontend/dist/. $(dir $(STATIC)) && touch $@
