# The commands of the project. `make` alone lists them.

PORT ?= 8000
WORKERS ?= 2
PYTHON ?= python3
export PORT

VENV := .venv/bin
MANAGE := $(VENV)/python manage.py
PIP := $(VENV)/pip install --quiet --disable-pip-version-check --constraint constraints.txt
RANDOM_KEY := $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))'

# Settings as on a public server, for checks that look and touch nothing.
AS_PUBLIC := DEBUG=false INSECURE_HTTP=false SECRET_KEY=$$($(RANDOM_KEY)) \
	ALLOWED_HOSTS=wps.example.org SITE_URL=https://wps.example.org DATABASE_URL=sqlite:///:memory:

# One file of tests stays on one processor: some load the record once for all their tests.
PARALLEL := --numprocesses=auto --dist=loadfile

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset demo-load serve test check bench messages fix

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1|/p' Makefile | column -t -s '|' 2>/dev/null \
		|| sed -n 's/^\([a-z-]*\):.*## /  make \1   /p' Makefile

demo: demo-load ## run the site with its example data on http://127.0.0.1:PORT/ (PORT=8000)
	@echo "The site: http://127.0.0.1:$(PORT)/   The desk: http://127.0.0.1:$(PORT)/desk/   Stop: Ctrl-C"
	$(MANAGE) runserver 127.0.0.1:$(PORT)

demo-reset: .venv/.runtime .env ## throw away the demo's SQLite file and uploads, and load the data anew
	$(MANAGE) shell --no-imports --command "$$FORGET_DEMO"
	@$(MAKE) --no-print-directory demo-load
	@echo "Loaded anew. Serve it with: make demo"

demo-load: .venv/.runtime .env
	$(MANAGE) migrate --verbosity 0
	$(MANAGE) load_demo

serve: .venv/.runtime .env ## run the site as in production, over plain HTTP (PORT=8000 WORKERS=2)
	DEBUG=false INSECURE_HTTP=true $(MANAGE) migrate --verbosity 0
	DEBUG=false INSECURE_HTTP=true $(MANAGE) collectstatic --no-input --verbosity 0
	DEBUG=false INSECURE_HTTP=true $(VENV)/granian --interface wsgi --host 127.0.0.1 --port $(PORT) \
		--workers $(WORKERS) --blocking-threads 8 wpssite.wsgi:application

test: .venv/.dev ## run the tests that need nothing but Python
	$(VENV)/python -m pytest $(PARALLEL) --ignore=tests/services --ignore=tests/browser --ignore=tests/quality

check: .venv/.dev ## refuse what must not be merged: style, missing migrations, unsafe settings
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(AS_PUBLIC) $(MANAGE) makemigrations --check --dry-run
	$(AS_PUBLIC) $(MANAGE) check --deploy --fail-level WARNING
	$(VENV)/djlint --quiet --lint templates --profile jinja --extend-exclude templates/desk
	$(VENV)/djlint --quiet --lint templates/desk

bench: .venv/.runtime ## measure the site at size (BENCH_SITE=cached BENCH_EVENTS=1000,10000 BENCH_SECONDS=1; needs wrk and nginx)
	$(VENV)/python -m bench

messages: .venv/.runtime .env ## gather and compile the strings to translate (needs gettext)
	$(MANAGE) messages

fix: .venv/.dev ## repair what a machine can repair
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .

# --- What the commands stand on: made once, remade when its source changes ------------------

define NO_VENV
This Python cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv
endef

define OLD_PYTHON
Python 3.11 or later is needed. Name one with: make PYTHON=python3.12 …
endef

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(OLD_PYTHON)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(NO_VENV)"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.runtime: requirements.txt constraints.txt | .venv/bin/python
	@echo "Installing packages; the first time takes a minute."
	$(PIP) --requirement requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.runtime
	$(PIP) --requirement requirements-dev.txt
	@touch $@

.env:
	@(umask 077 && echo "DEBUG=true" > $@ && echo "SECRET_KEY=$$($(RANDOM_KEY))" >> $@)
	@echo "Wrote .env with a random key; .env.example explains every variable."

define FORGET_DEMO
import shutil, sys
from pathlib import Path
from django.conf import settings
database = settings.DATABASES["default"]
if not settings.DEBUG:
    sys.exit("Refused: DEBUG is not true, so this may be a real site.")
if not database["ENGINE"].endswith("sqlite3"):
    sys.exit("Only a SQLite file is removed here. Drop and create your database yourself.")
for suffix in ["", "-wal", "-shm"]:
    Path(str(database["NAME"]) + suffix).unlink(missing_ok=True)
shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
endef
export FORGET_DEMO
