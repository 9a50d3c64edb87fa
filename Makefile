# Every target sets up what it needs: Python 3.11 and make are enough to start with.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install demo test chaos check format lint types contracts docs browser bench lock clean

install: .venv/.installed

.venv/.installed: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

demo: install
	$(BIN)/vestnik demo

# Half as many again as there are processors: many tests wait for something.
WORKERS := $(shell $(PYTHON) -c "import os; print(os.cpu_count() * 3 // 2)")

test: install browser
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

# Everything at length, one after another: the fault cases kill the servers that they share.
chaos: install
	$(BIN)/python -m pytest --timeout 1800 tests/chaos -m "chaos or not chaos"
	$(BIN)/python -m pytest --timeout 1800 --ignore tests/chaos -m chaos

check: lint contracts types test

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

contracts: install
	$(BIN)/lint-imports --no-logo

types: install
	$(BIN)/mypy

# Puts what is printed from the code (capabilities, settings) into the documents that hold it.
docs: install
	$(BIN)/python -m app.docs
	$(BIN)/python -m app dialogs schema > docs/scenario.schema.json

# The browser tests use Debian's Chromium; where it cannot be installed they say so (and fail in CI).
browser:
	@command -v chromium >/dev/null || sh scripts/install-chromium.sh

# The quick ones (minutes); docs/performance.md names the others.
bench: install
	$(BIN)/vestnik bench pipeline --people 5000
	$(BIN)/vestnik bench pacing --rate 30 --processes 2
	$(BIN)/vestnik bench snapshot --people 100000
	$(BIN)/vestnik bench segments --people 100000
	$(BIN)/vestnik bench ingest

# Versions and hashes only; no addresses (see CONTRIBUTING.md).
lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--no-annotate --no-header --python-version 3.11 --extra dev pyproject.toml -o requirements.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
