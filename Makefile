# The two commands that matter: `make demo` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help demo test check format test-slow test-fuzz faults audit sbom clean

help:  ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[offline,plot]' hypothesis pytest mypy ruff pymisp stix2 stix2-validator nbclient ipykernel
	touch $(STAMP)

demo: $(STAMP)  ## find a planted campaign in a made-up election and write its report
	$(BIN)/disinfo demo --out demo-out

check: $(STAMP)  ## lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: check  ## everything that CI runs
	$(BIN)/python -m pytest -q

test-slow: $(STAMP)  ## the slow tests as well
	$(BIN)/python -m pytest -q -m "slow or not slow"

test-fuzz: $(STAMP)  ## 20,000 damaged records for each format (CI runs 100)
	DISINFO_FUZZ=20000 $(BIN)/python -m pytest -q tests/reading/test_fuzz.py

faults: $(STAMP)  ## 200 kill points and a million fuzz cases, which take hours
	$(BIN)/python -m benchmarks.scale.kills --points 200
	$(BIN)/python -m benchmarks.scale.fuzz --cases 1000000 --processes 2 --parts build/fuzz

audit: $(STAMP)  ## look up known holes in what is installed (asks the network)
	$(BIN)/pip install --quiet --disable-pip-version-check pip-audit
	$(BIN)/pip-audit --skip-editable

sbom: $(STAMP)  ## list what is installed, as CycloneDX, in sbom.json
	$(BIN)/pip install --quiet --disable-pip-version-check cyclonedx-bom
	$(BIN)/cyclonedx-py environment $(BIN)/python --output-reproducible --of JSON -o sbom.json

format: $(STAMP)  ## rewrite files in the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:  ## remove what make made
	rm -rf $(VENV) demo-out sbom.json .mypy_cache .ruff_cache .pytest_cache
