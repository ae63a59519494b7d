# Every target sets up what it needs; a machine with Python and make is enough.

PYTHON ?= python3
PYTEST_ARGS ?=
MUTATE_ARGS ?=
# How many trades each bot of freqtrade is to close, and for how many seconds it is to run at least
# after it was killed.
FULL ?= 200 3600

# Two workers more than the two cores that there are at least, as many tests wait; and a file's tests in one of
# them, as they share what they set up. tests/conftest.py says which files come first.
# A chapter of the conformance suite is split by venues.
PROFILES := $(addprefix --ccxt-profile=,$(wildcard tests/venues/*/profile.py))
SUITE := -m pytest -n 4 --dist loadscope --no-loadscope-reorder --ignore=tests/clients --ignore=tests/hummingbot --ignore=tests/house $(PROFILES)
# Each worker compiles each test, and each process that they start all of ccxt_ext, unless what was compiled is
# kept. Hypothesis loads plug-ins of packages that are there by chance, and one has it look for garbage each time.
CHEAP := PYTHONDONTWRITEBYTECODE= HYPOTHESIS_NO_PLUGINS=1

VENV := .venv
BIN := $(VENV)/bin
PROJECT := setup.cfg setup.py pyproject.toml ccxt_ext_autoload.pth ccxt_ext_pytest.py
PACKAGED := $(PROJECT) $(shell find ccxt_ext -name __pycache__ -prune -o -print)

# The oldest ccxt that setup.cfg allows, and some between it and the newest:
# 4.5.89 changed what ccxt hands to a subclass.
FLOOR := $(shell sed -n 's/^ *ccxt>=//p' setup.cfg)
MATRIX := 4.5.64 4.5.76 4.5.88 4.5.89

# With both ends of the releases of freqtrade that our classes are known to fit: the newest, and the oldest.
CLIENTS := .venv-clients .venv-clients-oldest

# hummingbot needs Python 3.12 or 3.13.
HUMMINGBOT_PYTHON ?= $(firstword $(foreach name,python3.12 python3.13 python3 $(wildcard $(HOME)/.pyenv/versions/3.1[23].*/bin/python),\
	$(shell $(name) -c 'import sys; (3, 12) <= sys.version_info < (3, 14) and print("$(name)")' 2>/dev/null)))
HUMMINGBOT := .venv-hummingbot
WITH_HUMMINGBOT := $(HUMMINGBOT)/bin/python -m pytest -W default::DeprecationWarning tests/hummingbot

# What mypy passes over, as there is a stub beside it.
BESIDE_STUBS := $(patsubst %i,%,$(wildcard ccxt_ext/__init__.pyi ccxt_ext/*/__init__.pyi))

.PHONY: help venv check format generate test test-floor test-matrix test-clients test-clients-full test-hummingbot \
	test-hummingbot-full mutate demo bench clean distclean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "make %-18s%s\n", $$1, $$2 }'

venv: $(VENV)/.ready ## Make .venv, with all that development needs

check: $(VENV)/.ready ## Check format, lint, types, architecture, generated files and the rules of the house
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy $(BESIDE_STUBS)
	$(BIN)/lint-imports
	$(BIN)/python scripts/generate.py --check
	$(BIN)/python -m pytest -q tests/house

format: $(VENV)/.ready ## Format the sources and mend what ruff can mend
	$(BIN)/ruff check --fix --exit-zero --quiet .
	$(BIN)/ruff format .
	$(BIN)/ruff check .

generate: $(VENV)/.ready ## Make the sync twins of the async sources, and the stubs of the classes
	$(BIN)/python scripts/generate.py

test: $(VENV)/.ready ## Run the tests, on the newest ccxt
	$(CHEAP) $(BIN)/python $(SUITE) $(PYTEST_ARGS)

test-floor: test-ccxt-$(FLOOR) ## Run what touches ccxt on the oldest one that is supported

test-matrix: $(MATRIX:%=test-ccxt-%) ## Run the same on a few releases of ccxt between

# The sandbox knows nothing of ccxt, nor do scripts and the list of a venue's files. What is made for whoever writes
# a venue is tried on the newest ccxt, but for one project that `ccxt-ext new-venue` has made; and so are the demo,
# all commands but `call`, what a venue refuses, what the fixtures do with pytest and with time, and whether Python
# starts when ccxt-ext is broken.
WITHOUT_CCXT := tests/sandbox tests/authoring tests/demo tests/testing tests/typing/test_programs.py \
	$(filter-out tests/cli/test_cli_call%,$(wildcard tests/cli/test_*.py)) \
	ccxt_ext/testing/conformance/test_12_refusals.py tests/streams/test_streams_socket_io.py \
	$(filter-out tests/bots/test_box%,$(wildcard tests/bots/test_*.py)) tests/recorded/test_in_pytest.py \
	$(addprefix tests/packaging/test_,conformance_anywhere.py contract.py generate.py guide.py \
	mutate_rooms.py new_venue.py pytest_undisturbed.py reference.py)
MADE := tests/packaging/test_new_project.py::test_
NEWEST_ONLY := tests/packaging/test_harmless.py::test_python_starts \
	$(addprefix $(MADE),its_own_tests_pass[brandnew] its_own_tests_pass[brandnewstreams] its_own_tests_pass[brandnewswap] \
	it_is_proven without_a_profile_and_a_socket)

test-ccxt-%: .venv-ccxt-%/.ready
	$(CHEAP) .venv-ccxt-$*/bin/python $(SUITE) $(addprefix --ignore=,$(WITHOUT_CCXT)) $(addprefix --deselect=,$(NEWEST_ONLY)) $(PYTEST_ARGS)

test-clients: $(VENV)/.ready $(CLIENTS:%=%/.installed) ## Run unmodified programs that use ccxt, such as freqtrade
	CLIENTS_ENVIRONMENT=$(CURDIR)/.venv-clients CLIENTS_OLDEST=$(CURDIR)/.venv-clients-oldest \
		$(BIN)/python -m pytest tests/clients $(PYTEST_ARGS)

test-clients-full: $(VENV)/.ready .venv-clients/.installed ## Let freqtrade trade for an hour and more, under faults
	CLIENTS_FULL="$(FULL)" CLIENTS_ENVIRONMENT=$(CURDIR)/.venv-clients $(BIN)/python -m pytest tests/clients/test_freqtrade_live.py $(PYTEST_ARGS)

test-hummingbot: $(HUMMINGBOT)/.installed ## Run an unmodified hummingbot with our connectors, and its own tests of them
	PYTHONPATH=$(HUMMINGBOT)/conformance $(WITH_HUMMINGBOT)/conformance $(PYTEST_ARGS)
	$(WITH_HUMMINGBOT) -n 5 --ignore=tests/hummingbot/conformance --ignore=tests/hummingbot/test_live.py $(PYTEST_ARGS)
	$(WITH_HUMMINGBOT)/test_live.py $(PYTEST_ARGS)

test-hummingbot-full: $(HUMMINGBOT)/.installed ## Let bots of hummingbot trade for an hour (FULL=seconds), under faults
	HUMMINGBOT_FULL=$(lastword $(FULL)) $(WITH_HUMMINGBOT)/test_live.py $(PYTEST_ARGS)

mutate: .venv-mutate/.ready ## Change the code a little, often, and tell which changes no test notices
	CCXT_EXT_AUTOLOAD=0 .venv-mutate/bin/python scripts/mutate $(MUTATE_ARGS)

demo: $(VENV)/.ready ## Trade on a local sandbox and show what happens
	$(BIN)/ccxt-ext demo

bench: $(VENV)/.ready ## Measure, and write benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks

clean: ## Remove what builds and tools leave behind
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -path './.venv*' -prune -o -type d -name __pycache__ -print | xargs rm -rf

distclean: clean ## Remove the virtual environments as well
	rm -rf .venv .venv-*

$(VENV)/.ready: $(PROJECT)
	$(call environment,$(VENV),-e '.[dev]')

.venv-ccxt-%/.ready: $(PROJECT)
	$(call environment,.venv-ccxt-$*,-e '.[dev]' 'ccxt==$*')

.venv-mutate/.ready: $(PROJECT)
	$(call environment,.venv-mutate,-e '.[mutate]')

# The programs stay until their list changes; ccxt-ext is installed anew whenever it changes, as a user would do
# it, from a copy, because building leaves files behind.
.venv-clients/.ready: setup.cfg tests/clients/requirements.txt
	@rm -rf .venv-clients
	$(call environment,.venv-clients,-r tests/clients/requirements.txt)

# The same with the oldest freqtrade that our classes are known to fit.
.venv-clients-oldest/.ready: setup.cfg tests/clients/requirements-oldest.txt
	@rm -rf .venv-clients-oldest
	$(call environment,.venv-clients-oldest,-r tests/clients/requirements-oldest.txt)

# hummingbot as its page says, but compiled in a quarter of the time, on both cores; and beside it the aiohttp
# that its own tests need.
$(HUMMINGBOT)/.ready: examples/hummingbot/requirements.txt tests/hummingbot/requirements.txt
	@rm -rf $(HUMMINGBOT)
	@test -n "$(HUMMINGBOT_PYTHON)" || { echo "hummingbot needs Python 3.12 or 3.13: make HUMMINGBOT_PYTHON=..."; exit 1; }
	@echo "Setting up $(HUMMINGBOT), which takes minutes, as hummingbot is compiled"
	@$(HUMMINGBOT_PYTHON) -m venv $(HUMMINGBOT)
	@WITHOUT_CYTHON_OPTIMIZATIONS=1 DIST_EXTRA_CONFIG=$(CURDIR)/tests/hummingbot/compile.cfg $(HUMMINGBOT)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r $<
	@$(HUMMINGBOT)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/hummingbot/requirements.txt
	@$(HUMMINGBOT)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --target $(HUMMINGBOT)/conformance 'aiohttp<3.14'
	@touch $@

$(CLIENTS:%=%/.installed) $(HUMMINGBOT)/.installed: %/.installed: %/.ready $(PACKAGED)
	@echo "Installing ccxt-ext into $*"
	@rm -rf $*/source && mkdir $*/source
	@cp -R $(PROJECT) README.md LICENSE ccxt_ext $*/source
	@$*/bin/python -m pip install --quiet --disable-pip-version-check ./$*/source
	@touch $@

define environment
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed: make PYTHON=...")'
@echo "Setting up $(1)"
@$(PYTHON) -m venv $(1)
@$(1)/bin/python -m pip install --quiet --disable-pip-version-check $(2)
@touch $(1)/.ready
endef
