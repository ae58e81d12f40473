# README's two commands are `make film` and `make test`; both set themselves up.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
BRIEF ?= examples/briefs/honey.md
OUT ?= films/honey

.PHONY: film test setup check clean bench

film: $(VENV)/.film
	$(BIN)/reelwright make $(BRIEF) --out $(OUT) $(ARGS)

# Two tests run side by side on two cores: a second thread of numpy's or torch's in each would only wait.
test check: export OMP_NUM_THREADS = 1

test: setup
	@command -v bwrap >/dev/null || echo "Programs that draw need a sandbox: apt install bubblewrap, or their tests fail."
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@# Tests start some hundred processes; where Python keeps no byte code each of them would compile us anew.
	$(BIN)/python -m compileall -q agent memory prompts tools
	$(BIN)/pytest -n 2 --dist loadgroup -q

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2 --dist loadgroup -q -m "not slow and not media"

setup: $(VENV)/.setup

bench: setup
	$(BIN)/python tests/benchmarks/film.py

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("Reelwright needs Python 3.11 or newer; set PYTHON=") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.film: pyproject.toml | $(BIN)/python
	@echo "Installing the film extra: about 750 MB (ffmpeg, a voice, fonts, icons; no torch, no model hub)."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[film]'
	touch $@

$(VENV)/.setup: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing every extra that runs here: about 4.7 GB, torch among it."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@ $(VENV)/.film
