# Two commands do everything: `make demo` and `make test`. Each installs what it needs into .venv first.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
UV     := $(BIN)/uv pip install --quiet --python $(BIN)/python --constraint constraints.txt
# Install by uv, which takes an eighth of pip's time. It reads none of pip's settings: pip is used where these name an
# index, and where uv fails.
INDEX   = $(shell $(PYTHON) -m pip config list 2>/dev/null | grep '\.index')
install = $(PYTHON) -m venv $(VENV) && { $(if $(INDEX),false,{ $(PIP) uv && $(UV) $(1); } 2>/dev/null) || $(PIP) $(1); }
FOR_DEMO := --editable .
FOR_TEST := --editable ".[dev,jupyter,cluster]"

# What the sample class was asked for.
CLASS  := dense,relu,conv2d,max_pool2d,softmax_cross_entropy,momentum

.PHONY: demo notebooks test tests nightly lint audit bench pictures screens clean

demo: $(VENV)/demo.done  ## install, grade the sample class, show the result
	@echo "grading examples/class …"
	@$(BIN)/handgrad grade examples/class -o results --only $(CLASS) || [ $$? -eq 1 ]
	@echo
	@echo "What the student pad_zero_bug reads about conv2d, in results/feedback/pad_zero_bug.txt:"
	@echo
	@sed -n '/^✘ conv2d/,/^$$/p' results/feedback/pad_zero_bug.txt
	@echo "Next:"
	@echo "  source $(BIN)/activate      makes handgrad a command"
	@echo "  handgrad watch                 the first exercise, checked whenever you save it"
	@echo "  handgrad list                  all exercises"

notebooks: $(VENV)/demo.done  ## install Jupyter, open the course's notebooks
	@$(PIP) --editable ".[jupyter]"
	@$(BIN)/jupyter lab assignments

test: $(VENV)/test.done  ## install, then run every test, with lint and types beside them
	@$(MAKE) --no-print-directory -j 2 lint tests

tests: $(VENV)/test.done
	$(BIN)/python -m pytest -n auto

nightly: $(VENV)/test.done  ## the proofs that take minutes
	$(BIN)/python -m pytest -n auto -m nightly
	$(BIN)/python -m pytest -n auto -m hypothesis --hypothesis-profile nightly
	$(BIN)/python -m tests.fuzz --cases 1000000
	$(BIN)/handgrad audit --seeds 50
	$(BIN)/python -m tests.mutants
	$(BIN)/python -m tests.hint_audit

lint: $(VENV)/test.done  ## style, types, and whether generated files are what solutions/ says
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/handgrad build --check

audit: $(VENV)/demo.done  ## prove that every known mistake is rejected and named
	$(BIN)/handgrad audit

bench: $(VENV)/test.done  ## measure, as ratios in one run
	$(PIP) --editable ".[dev,jupyter,cluster,bench]"
	$(BIN)/python -m benchmarks

pictures: $(VENV)/test.done  ## draw the pictures of the units' pages from the reference
	$(BIN)/python -m docs.pictures

screens: $(VENV)/test.done  ## take the README's pictures of what people see
	$(BIN)/python -m docs.screens

$(VENV)/demo.done: pyproject.toml constraints.txt
	@echo "installing handgrad into $(VENV) …"
	@$(call install,$(FOR_DEMO))
	@touch $@

$(VENV)/test.done: pyproject.toml constraints.txt
	@echo "installing handgrad and its tests' tools into $(VENV) …"
	@$(call install,$(FOR_TEST))
	@touch $@ $(VENV)/demo.done

clean:
	rm -rf $(VENV) results build/lib dist *.egg-info
