# What each target does stands in README.md. Everything is installed under .venv from hashed locks.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
export PORT

.PHONY: run test setup lint bench shots messages release-migrations lock format clean

run: .venv/.ready
	@$(BIN)/accounton demo
	@$(BIN)/accounton serve

test: setup
	tools/system-packages chromium postgresql
	$(BIN)/python -m tools.messages compile
	$(BIN)/pytest tests -m "not postgresql"
	$(BIN)/python -m tools.postgres $(BIN)/pytest tests -m "database or postgresql"

setup: .venv/.ready-dev

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet accounton
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'accounton/*.html')
	$(BIN)/python -m tools.messages check
	$(BIN)/python -m tools.migrations check

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djade --target-version 5.2 $$(git ls-files -co --exclude-standard 'accounton/*.html') || true

bench: setup
	$(BIN)/python -m bench

shots: setup
	tools/system-packages chromium fonts-inter
	$(BIN)/python -m tools.shots

messages: setup
	$(BIN)/python -m tools.messages update

release-migrations: setup
	$(BIN)/python -m tools.migrations release

lock: .venv/.ready
	cd requirements && for name in boot run dev; do ../$(BIN)/uv pip compile -q --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header $$name.in -o $$name.lock || exit 1; done

.venv/bin/uv: requirements/boot.lock
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || tools/system-packages python3-venv
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/boot.lock
	@touch $@

.venv/.ready: requirements/run.lock pyproject.toml .venv/bin/uv
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/run.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

.venv/.ready-dev: requirements/dev.lock .venv/.ready
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/dev.lock
	@touch $@

clean:
	rm -rf .venv var build shots
