# The verbs of the project. `make run` and `make test` need nothing installed but Python 3.11 or newer.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
export CODE_VERSION ?= $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unversioned)
# Runs a command when nobody else in this clone runs one so: what is installed and collected has one maker at a time.
ALONE := $(PYTHON) -c "import fcntl, os, sys; os.makedirs('.data', exist_ok=True); \
	lock = os.open('.data/setup.lock', os.O_RDWR | os.O_CREAT, 0o600); fcntl.flock(lock, fcntl.LOCK_EX); \
	os.set_inheritable(lock, True); os.execvp(sys.argv[1], sys.argv[1:])"
PIN := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
PRODUCTION_CHECK := ENV_FILE=/dev/null PEEL_ENV=production SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(50))") \
	ALLOWED_HOSTS=peel.example.org DATABASE_URL=postgres://peel@localhost/peel HTTPS_ONLY=true

# PostgreSQL's own programs come with the wheel of the embedded server; where DATABASE_URL is not set, it is that of `make stack`.
WITH_PROGRAMS := PATH="$$($(BIN)/python -c 'from peel_site.embedded.server import programs; print(programs())'):$$PATH" \
	DATABASE_URL="$${DATABASE_URL:-$$($(BIN)/python -m deploy.stack --database-url)}"

.PHONY: help run dev seed migrate test test-browser check fix soak bench bench-downloads bench-export bench-growth bench-imports bench-load bench-memory weigh lighthouse screenshots openapi stack backup restore lock setup clean verify psql

help:  ## these verbs
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: export PEEL_ENV = demonstration
run: setup  ## the whole site with its data on http://localhost:8000 (PORT= changes it), as in production
	@$(ALONE) $(MANAGE) collectstatic --noinput --verbosity 0
	$(MANAGE) prepare
	@PORT=$(PORT) $(MANAGE) demo_users
	@echo "PEEL history is on http://localhost:$(PORT)/ (Ctrl-C ends it)"
	@$(MANAGE) publish_due --every 15 --with-parent $$$$ & $(MANAGE) work --with-parent $$$$ & PORT=$(PORT) exec $(BIN)/gunicorn --config python:peel_site.serving --bind 127.0.0.1:$(PORT) peel_site.wsgi

stack: setup  ## the site as in production, without containers: nginx, Valkey or Redis, two web servers, a replica (PORT= changes it)
	@exec $(BIN)/python -m deploy.stack --port $(PORT) --scale

backup: setup  ## a backup of DATABASE_URL (or of the stack) into TO= (backups), restored and compared
	@$(WITH_PROGRAMS) deploy/backup.sh backup $(or $(TO),backups)

verify: setup  ## restore the backup FILE= beside the record and list what it holds
	@$(WITH_PROGRAMS) deploy/backup.sh verify $(FILE)

psql: setup  ## ask the database of DATABASE_URL (or of the stack), as its owner (SQL= asks one thing)
	@$(WITH_PROGRAMS) sh -c 'psql "$$DATABASE_URL" $(if $(SQL),--command "$$SQL")'

restore: setup  ## put the backup FILE= in the place of the record of DATABASE_URL (or of the stack)
	@$(WITH_PROGRAMS) deploy/backup.sh restore $(FILE)

dev: export PEEL_ENV = development
dev: setup  ## the same with the reloader and Django's error pages
	$(MANAGE) prepare && PORT=$(PORT) $(MANAGE) demo_users
	@$(MANAGE) work --with-parent $$$$ & PORT=$(PORT) exec $(MANAGE) runserver $(PORT)

seed: setup  ## load the record from grades/seed into the database
	$(MANAGE) prepare

migrate: setup  ## bring the database's tables up to date
	$(MANAGE) migrate

test: setup node_modules/installed  ## all tests
	$(BIN)/python -m pytest

test-browser: setup node_modules/installed  ## the tests that drive Chromium
	$(BIN)/python -m pytest -m browser

check: setup  ## lint, format, types, imports, migrations, Django's check for production, known vulnerabilities, secrets
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports --no-logo
	$(MANAGE) makemigrations --check --dry-run
	$(PRODUCTION_CHECK) $(MANAGE) check --deploy --fail-level WARNING
	$(BIN)/python .ci/audit

soak: export SOAK = 1
soak: setup  ## the long forms of the tests that have one, for an hour or so
	$(BIN)/python -m pytest -m soak

fix: setup  ## what lint and format can mend themselves
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

weigh: setup  ## one page beside a bare one and the same charts by Plotly, in Chromium
	$(BIN)/python -m bench.weigh

bench: setup  ## median time of each kind of page, and of the seed
	$(BIN)/python -m bench

bench-imports: setup  ## loading a large official file, beside the bare readers (OFFICIAL_FILES names a folder)
	$(BIN)/python -m bench.imports

bench-downloads: setup  ## the files of the whole record, as they are and with 100,000 grades
	$(BIN)/python -m bench.downloads

bench-load: setup  ## requests a second behind nginx and without it, beside plain files and datasette (needs wrk)
	$(BIN)/python -m bench.load

lighthouse: setup bench/lighthouse/node_modules/installed  ## Lighthouse's four scores of each kind of page, as on a phone
	$(BIN)/python -m bench.lighthouse

bench/lighthouse/node_modules/installed: bench/lighthouse/package-lock.json
	cd bench/lighthouse && npm ci --silent --ignore-scripts --no-audit --no-fund && touch node_modules/installed

bench-growth: setup  ## a force's page with a hundred times as many other forces and releases
	$(BIN)/python -m bench.growth

bench-export: setup  ## the site as files: pages and other files a second, and which kinds weigh most
	@$(ALONE) $(MANAGE) collectstatic --noinput --verbosity 0
	$(BIN)/python -m bench.export

bench-memory: setup  ## what a web process holds after it has made pages and pictures of every kind
	@$(ALONE) $(MANAGE) collectstatic --noinput --verbosity 0
	$(MANAGE) prepare
	$(BIN)/python -m bench.memory

screenshots: setup  ## the pictures of docs/editors.md and docs/embedding.md anew, from a site and a record of their own
	$(BIN)/python -m bench.screenshots

openapi: setup  ## renew docs/openapi.json, the description of the API
	$(MANAGE) openapi > docs/openapi.json

lock: setup  ## pin the packages anew (UPGRADE=--upgrade for newer ones)
	$(PIN) $(UPGRADE) requirements.in --output-file requirements.txt
	$(PIN) $(UPGRADE) requirements-dev.in --output-file requirements-dev.txt

setup: .venv/installed  ## the environment, installed anew whenever the pins change

.venv/installed: requirements.txt requirements-dev.txt
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed; say which: make PYTHON=python3.12')"
	$(ALONE) sh -ec 'if [ $@ -nt requirements.txt ] && [ $@ -nt requirements-dev.txt ]; then exit; fi; \
		$(PYTHON) -m venv .venv; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt; \
		touch $@'

# The HTML checker and the oEmbed client of the tests; without npm their tests say that they are skipped.
node_modules/installed: package-lock.json
	@$(ALONE) sh -ec 'if [ $@ -nt package-lock.json ]; then exit; fi; \
		if command -v npm >/dev/null; then npm ci --silent --ignore-scripts --no-audit --no-fund; else mkdir -p node_modules; fi; \
		touch $@'

clean:  ## remove all that the verbs have made, the embedded database too
	rm -rf .venv .data node_modules htmlcov .coverage .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
