# Two commands do everything: `make paper` and `make test`. `make help` lists the rest.

PYTHON ?= python3
OUT ?= out/paper
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.made-from-lock
# A BLAS thread each: threads of several processes would wait for each other. One worker more than the two cores, since
# tests of browsers, clusters and interruptions wait.
TEST_WORKERS ?= 3
TEST_ENV := OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
# Names and words of the field that a list of common misspellings takes for mistakes.
SPELLED := --ignore-words docs/spelling.txt --skip 'docs/_build,*.min.js' docs README.md CHANGELOG.md CONTRIBUTING.md src
PIP_FLAGS := --quiet --disable-pip-version-check --no-input

.DEFAULT_GOAL := help
.PHONY: help paper test check docs format bench lock clean venv

help:  ## list these targets
	@grep -E '^[a-z]+:.*##' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z]+):.*## */  \1\t/' | expand -t 12

paper: $(STAMP)  ## every table and figure of the paper and the audit of its claims (OUT=folder, default out/paper)
	$(BIN)/einselect paper --out "$(OUT)"

test: check  ## make check, then the whole test suite (the pages of the documentation: make docs)
	$(TEST_ENV) $(BIN)/python -m pytest --numprocesses $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder \
	  --ignore tests/browser/test_docs.py

check: $(STAMP)  ## lint, format, types, import contract, doctests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest --quiet --doctest-modules src

docs: $(STAMP)  ## build the documentation with every example executed, then check its links and spelling: docs/_build/html
	$(BIN)/codespell $(SPELLED)
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet --jobs 2 -b html docs docs/_build/html
	$(BIN)/python docs/_ext/check_links.py docs/_build/html
	EINSELECT_SITE=docs/_build/html $(BIN)/python -m pytest --quiet tests/browser/test_docs.py

format: $(STAMP)  ## put the source in the house format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP)  ## measure speed and memory against the alternatives
	$(BIN)/python benchmarks/run.py

venv: $(STAMP)  ## the environment in .venv, with the versions of requirements.lock

# --- environment -------------------------------------------------------------------------------------------------

define need_python
command -v "$(PYTHON)" >/dev/null 2>&1 || { \
  echo "einselect needs Python 3.11 or later; '$(PYTHON)' was not found." >&2; \
  echo "Install it (Debian, Ubuntu: apt-get install python3 python3-venv) or name one: make PYTHON=python3.12 ..." >&2; \
  exit 1; }; \
"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
  echo "einselect needs Python 3.11 or later; '$(PYTHON)' is $$("$(PYTHON)" --version 2>&1)." >&2; \
  echo "Name a later one: make PYTHON=python3.12 ..." >&2; \
  exit 1; }; \
"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
  echo "'$(PYTHON)' cannot make virtual environments: its modules venv and ensurepip are missing." >&2; \
  echo "Install them (Debian, Ubuntu: apt-get install python3-venv)." >&2; \
  exit 1; }
endef

# The stamp is written last, so a broken installation is made again. Build tools are pinned by the lock, hence no isolation.
$(STAMP): requirements.lock pyproject.toml
	@$(need_python)
	@echo "making $(VENV) from requirements.lock"
	@test -x $(BIN)/pip || { rm -rf $(VENV); "$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }; }
	@$(BIN)/python -m pip install $(PIP_FLAGS) -r requirements.lock
	@$(BIN)/python -m pip install $(PIP_FLAGS) --no-deps --no-build-isolation -e .
	@touch $@

# The oldest supported Python chooses the versions: what is resolved for it also installs on later ones.
lock:  ## renew requirements.lock from the newest versions (with Python 3.11)
	@$(need_python)
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
	  echo "requirements.lock is made with Python 3.11, the oldest supported; '$(PYTHON)' is $$("$(PYTHON)" --version 2>&1)." >&2; \
	  echo "Name one: make PYTHON=python3.11 lock" >&2; exit 1; }
	@set -e; fresh=$$(mktemp -d); trap 'rm -rf "$$fresh"' EXIT; \
	"$(PYTHON)" -m venv "$$fresh/venv"; \
	"$$fresh/venv/bin/python" -m pip install $(PIP_FLAGS) -e '.[test,docs,dev]'; \
	"$$fresh/venv/bin/python" -m pip freeze --exclude-editable > "$$fresh/freeze"; \
	if grep -vE '^[A-Za-z0-9._-]+==[^ ]+$$' "$$fresh/freeze"; then \
	  echo "the lines above are not plain name==version; requirements.lock is left as it was" >&2; exit 1; fi; \
	cp "$$fresh/freeze" requirements.lock; \
	echo "requirements.lock: $$(wc -l < requirements.lock) packages"

clean:  ## remove the environment, caches and outputs
	rm -rf $(VENV) out build dist docs/_build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
