# make demo   the main job over corpora/demo        make test   all tests
# make lint   style, types, import layers            make bench  speed, as ratios of one run
# make setup-system   LibreOffice, fonts, Chromium and PostgreSQL for the tests (Debian, as root)
PY = .venv/bin/python
OUT = demo-out

.PHONY: demo test lint format bench eval setup setup-dev setup-system clean

setup:
	@tools/setup-venv.sh run

setup-dev:
	@tools/setup-venv.sh dev

demo: setup
	@$(PY) -m reportminer run corpora/demo --out $(OUT)

setup-system:
	@tools/setup-system.sh

test: setup-dev setup-system
	SCREENSHOTS=$(CURDIR)/out/screenshots $(PY) -m pytest -n 2 --cov --cov-report=term:skip-covered

lint: setup-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

format: setup-dev
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

bench: setup-dev
	$(PY) benchmarks/throughput.py

eval: setup
	$(PY) -m reportminer eval corpora/demo

clean:
	rm -rf .venv $(OUT) dist build .pytest_cache .mypy_cache .ruff_cache
