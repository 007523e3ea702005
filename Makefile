# Everything a developer runs, each in the environment .venv, which is made on first use.
#
#   make demo     make worksheets in demo/ and grade a sample    make lint     linter, formatter, types
#   make test     everything that must pass before a commit      make format   put the code in shape
#   make golden   accept the current output as the expected one  make bench    run the benchmarks
#   make docs     write the pages that are made of code          make clean    remove all of this, .venv too
#   make practice the practice page, in a browser                make test-browser   its tests in a real one

SHELL := bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

BIN := .venv/bin
STAMP := .venv/.stamp
# The first Python on the path that is new enough; PYTHON=... overrides.
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,$(shell \
    "$(name)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PIP_ROOT_USER_ACTION := ignore

.PHONY: help venv system demo docs test test-all test-browser lint format bench golden practice practice-runtime clean

help:
	@sed -n '3,/^$$/s/^#   //p' Makefile

venv: $(STAMP)

$(STAMP): pyproject.toml
	@[ -n "$(PYTHON)" ] || { echo 'byhand needs CPython 3.11 or newer, and found none.' >&2; exit 1; }
	@"$(PYTHON)" .ci/system.py python
	@echo "making .venv with $$("$(PYTHON)" --version); this takes a minute or two"
	@"$(PYTHON)" -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --quiet -e '.[dev]'
	@touch $(STAMP)

system: venv
	@$(BIN)/python .ci/system.py pages

# byhand grade ends with status 0 although the sample's answers are partly wrong.
demo: venv system
	$(BIN)/byhand generate --shape 2-2-1 --seed 7 --out demo/2-2-1
	$(BIN)/byhand generate --shape 2-2-2 --seed 7 --out demo/2-2-2
	$(BIN)/byhand grade huddar-1 answer_keys/published/huddar-1-sample.txt --out demo/feedback
	@echo
	@echo "The first worksheet:  $$(ls -t demo/2-2-1/*-worksheet.pdf | head -1)"
	@echo "its key:              $$(ls -t demo/2-2-1/*-key.pdf | head -1)"
	@echo "and a feedback page:  $$(ls -t demo/feedback/*-feedback.pdf | head -1)"

# The catalogue page is read off the entries that the grader uses, the plan off the imports; the kinds of exercise are
# drawn and printed.
docs: venv system
	$(BIN)/python -c 'from grader.mistakes.examples import markdown; print(markdown(), end="")' >docs/mistakes.md
	$(BIN)/python .ci/plan.py
	$(BIN)/python .ci/exercise_pages.py

test: system lint
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "(quick or not slow) and not browser"

# Every case of every test, and more examples: half an hour.
test-all: system lint
	HYPOTHESIS_PROFILE=all $(BIN)/python -m pytest -n 2 --dist loadfile -m "not browser"

# The practice page in a real Chromium.
test-browser: practice-runtime
	@$(BIN)/python .ci/system.py browser
	@$(BIN)/python .ci/npm.py axe
	$(BIN)/python -m pytest -m browser

lint: venv
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: venv
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: venv system
	@set -e; for script in benchmarks/bench_*.py; do \
	    echo "== $$script"; \
	    $(BIN)/python "$$script"; \
	done

# What the practice page runs on: from npm, pinned; made anew where the grader has changed.
practice-runtime: venv
	@$(BIN)/python .ci/system.py runtime
	@$(BIN)/python .ci/practice_runtime.py

practice: practice-runtime
	$(BIN)/byhand practice huddar-1 mazur-2-2-2 --out demo/practice --serve

golden: venv system
	$(BIN)/python -m pytest --update-golden

clean:
	rm -rf .venv grader/practice/runtime demo dist build benchmarks/out .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	find . -path ./.git -prune -o -type d -name __pycache__ -exec rm -rf {} +
