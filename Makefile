# Two commands do everything on a fresh machine: `make run` opens the desk, `make test` proves it. The Python tried most comes first.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do command -v $$p >/dev/null 2>&1 && \
  $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null && { command -v $$p; break; }; done)
V = .venv/bin
# Tests run beside each other, a file at a time for each processor core. `make test SPREAD=` runs them one after the other.
SPREAD ?= -n auto --dist loadfile

.PHONY: run test quick lint bench bench-peers bench-matching fuzz histories at-random kill-sending words pictures readme-pictures setup clean

run: setup
	@$(V)/relationdesk

test: setup
	@$(V)/ruff check .
	@$(V)/mypy
	@$(V)/python -m pytest $(SPREAD)

quick: setup
	@$(V)/python -m pytest $(SPREAD) -m "not slow"

lint: setup
	@$(V)/ruff check .
	@$(V)/mypy

bench: setup
	@$(V)/python -m bench

bench-peers: setup
	@$(V)/python -m bench.peers

# The peers (splink, dedupe) and the data they are measured on have a Python of their own, so that nothing of them comes into the product.
bench-matching: setup build/matching/peers/.ready
	@$(V)/python -m bench.matching --peers build/matching/peers/bin/python

build/matching/peers/.ready: bench/matching/requirements.txt
	@echo "Setting up the peers in build/matching/peers (once; some 900 MB) ..." >&2
	@rm -rf build/matching/peers && $(PYTHON) -m venv build/matching/peers
	@build/matching/peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bench/matching/requirements.txt
	@touch $@

fuzz: setup
	@$(V)/python -m tests.fuzz

# A thousand random histories of decisions, imports, notes and undos, each against the same history without what was taken back.
histories: setup
	@RELATIONDESK_HISTORIES=$(or $(N),1000) $(V)/python -m pytest -q tests/services/test_undo.py tests/services/test_combining_property.py

at-random: setup
	@$(V)/python -m tests.at_random

kill-sending: setup
	@$(V)/python -m tests.kill_sending all

words: setup
	@$(V)/python -m tests.words build/language/relationdesk.ts

pictures: setup
	@$(V)/python -m relationdesk.picture --all build/pictures

readme-pictures: setup
	@$(V)/python -m relationdesk.picture --readme docs/pictures

setup: .venv/.ready
	@.ci/system-libraries $(V)/python

.venv/.ready: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 to 3.14 is needed; none was found." >&2; exit 1; }
	@echo "Setting up in .venv (once) ..." >&2
	@$(V)/python -m pip --version >/dev/null 2>&1 || { rm -rf .venv; $(PYTHON) -m venv .venv >/dev/null; } || \
	  { rm -rf .venv; echo "Python's venv module is needed (Debian and Ubuntu: apt-get install python3-venv). Then try again." >&2; exit 1; }
	@$(V)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(V)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf .venv build dist
