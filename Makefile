# Everything a developer or an operator does, one target each; `make help` lists them.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# What is compiled once is kept for the processes to come, of which the tests start hundreds.
unexport PYTHONDONTWRITEBYTECODE

# The first of these that is there; choose another with `make PYTHON=/path/to/python3 ...`.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
BIN := .venv/bin
APP := $(BIN)/python -m saas_bot
# ENV=production means production in every target that reads settings.
SETTINGS := $(if $(filter production,$(ENV)),.env.production,.env)
COMPOSE_FILE ?= $(if $(filter production,$(ENV)),docker-compose.production.yml,docker-compose.yml)
COMPOSE := docker compose --file $(COMPOSE_FILE) $(if $(wildcard $(SETTINGS)),--env-file $(SETTINGS))
WHERE_IT_RUNS := sh scripts/where_it_runs.sh "$(COMPOSE)"
UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

# Passed on to the command of the target: `make test ARGS="-k billing -x"`.
ARGS ?=

##@ Start here

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: runtime ## Everything on this machine, with a web chat in place of Telegram (DEMO_LANG=ru|en)
	@exec $(APP) demo $(ARGS)

.PHONY: demo-reset
demo-reset: runtime ## Forget the data of the demo
	@$(BIN)/python -m saas_bot.demo --reset

.PHONY: test
test: dev ## Run the whole suite on services it starts itself, on all processors (ARGS= for pytest)
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

.PHONY: coverage
coverage: ## The same with coverage and reports as HTML and JUnit XML, in test-results/
	@$(MAKE) test ARGS='--cov=saas_bot --cov-report=term:skip-covered --cov-report=xml:test-results/coverage.xml \
		--cov-report=html:test-results/coverage --junitxml=test-results/junit.xml \
		--html=test-results/report.html --self-contained-html $(ARGS)'

##@ Set up

.PHONY: install
install: dev ## Make .venv with all that development needs; quick when it is up to date

.PHONY: runtime
runtime: python ## Make .venv with what running needs, no more
	@$(PYTHON) scripts/install.py runtime

.PHONY: dev
dev: python
	@$(PYTHON) scripts/install.py dev

.PHONY: python
python:
	@sh scripts/need_python.sh "$(PYTHON)"

.PHONY: lock
lock: dev ## Compile requirements*.in into the pinned requirements*.txt (UPGRADE=1 for newer versions)
	@$(UV_COMPILE) requirements.in -o requirements.txt
	@$(UV_COMPILE) requirements-dev.in -c requirements.txt -o requirements-dev.txt

##@ Check

.PHONY: lint
lint: dev ## Style, types, import rules and security: all that CI refuses to merge without
	@$(MAKE) -j 2 typecheck style flake8

.PHONY: style
style:
	@$(BIN)/ruff check .
	@$(BIN)/black --check --quiet . || { echo "black would reformat files: run make format" >&2; exit 1; }
	@$(BIN)/lint-imports
	@$(BIN)/bandit --quiet --configfile pyproject.toml --recursive saas_bot

.PHONY: flake8
flake8:
	@$(BIN)/flake8

.PHONY: audit
audit: dev ## Known weaknesses of the pinned packages (pip-audit, safety); wants the network
	@sh scripts/audit.sh $(BIN)/uvx

.PHONY: format
format: dev ## Put the code into its one format (black) and fix what ruff can
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/black --quiet .

.PHONY: typecheck
typecheck: dev ## mypy --strict alone
	@$(BIN)/mypy saas_bot

.PHONY: bench
bench: dev ## Measure the bot against bare aiogram (ARGS= for scripts/bench.py)
	@$(BIN)/python scripts/bench.py $(ARGS)

.PHONY: soak
soak: dev ## Break everything while 5,000 notifications go out, then a minute at full rate (ARGS=faults|rate)
	@$(BIN)/python -m tests.soak $(ARGS)

.PHONY: fault-drill
fault-drill: dev ## Take away the database, Valkey, S3 and Telegram under load, and see what people see
	@$(BIN)/python -m tests.fault_drill $(ARGS)

.PHONY: image-check
image-check: ## Build the image without Docker, run it, and prove the backup it leaves (as root, with buildah)
	@bash scripts/image_check.sh $(ARGS)

.PHONY: doctor
doctor: runtime ## Say what is configured, reachable and missing, with the fix for each
	@$(APP) doctor $(ARGS)

##@ Run, with the settings of the environment and of .env

.PHONY: run
run: runtime ## The bot and its side server
	@exec $(APP) run $(ARGS)

.PHONY: worker
worker: runtime ## The background worker
	@exec $(APP) worker $(ARGS)

.PHONY: sandbox
sandbox: runtime ## The stand-in for Telegram with its web chat
	@exec $(APP) sandbox $(ARGS)

.PHONY: revision
revision: runtime ## Write a new migration from the models: make revision m="add invoices"
	@if [ -z "$(m)" ]; then echo 'Say what changes: make revision m="add invoices"' >&2; exit 1; fi
	@$(BIN)/alembic revision --autogenerate -m "$(m)"

##@ Keep: in a container when docker compose has been started, otherwise as above

.PHONY: migrate
migrate: ## Bring the database to the newest schema (ENV=production make migrate)
	@$(WHERE_IT_RUNS) migrate $(ARGS)

.PHONY: backup
backup: ## Make a backup of the database in backups/
	@$(WHERE_IT_RUNS) backup $(ARGS)

.PHONY: restore
restore: ## Put a backup in the database's place: make restore FILE=backups/... (ARGS=--dry-run tells first)
	@if [ -z "$(FILE)" ]; then echo 'Say which: make restore FILE=backups/backup_saasdb_....sql.gz' >&2; exit 1; fi
	@$(WHERE_IT_RUNS) restore "$(FILE)" $(ARGS)

.PHONY: restore-drill
restore-drill: ## Prove the newest backup by restoring it beside the database
	@$(WHERE_IT_RUNS) drill $(ARGS)

##@ In containers (ENV=production: with .env.production and docker-compose.production.yml)

.PHONY: build
build: docker-settings ## Build the image
	@$(COMPOSE) build $(ARGS)

.PHONY: up
up: docker-settings ## Start the containers in the background
	@$(COMPOSE) up --detach $(ARGS)
	@$(COMPOSE) ps

.PHONY: down
down: docker ## Stop the containers; their data stays
	@$(COMPOSE) down $(ARGS)

.PHONY: logs
logs: docker ## Follow the logs of the bot and the worker
	@$(COMPOSE) logs --follow $(or $(ARGS),bot worker)

.PHONY: shell
shell: docker ## A shell inside the bot's container
	@$(COMPOSE) exec bot bash

.PHONY: tloc
tloc: docker ## Run the tests in a container against a database that is thrown away after
	@sh scripts/test_in_containers.sh $(ARGS)

.PHONY: smoke
smoke: docker ## Try the image against services that are thrown away after, into smoke-test-results/
	@sh scripts/smoke.sh $(ARGS)

.PHONY: docker
docker:
	@sh scripts/need_docker.sh "$(COMPOSE_FILE)"

.PHONY: docker-settings
docker-settings:
	@sh scripts/need_docker.sh "$(COMPOSE_FILE)" "$(SETTINGS)"
