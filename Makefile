# make run    everything from nothing: .venv, Whisper base, audio_samples/ into out/lingsu.db
# make check  ruff, mypy and the unit tests with fake models: under a minute
# make test   check, then the tests with the real models, Ray and killed processes
# make lock   resolve pyproject.toml again and write the two lock files
#
# Needs Python 3.11 or newer with venv, and make. A second `make run` calls pip no more.

.DEFAULT_GOAL := run
.PHONY: run check test lint types unit models browser lock clean

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
DB := out/lingsu.db

run: models
	@mkdir -p out
	@$(BIN)/lingsu run audio_samples --db $(DB)

# Whisper and the speaker vectors: what the cache already holds is not asked for again.
models: .venv/installed
	@$(BIN)/lingsu models pull base
	@$(BIN)/lingsu models pull resemblyzer

test: check models browser
	$(BIN)/python -m pytest -q -m "model or ray or slow"

# Debian's Chromium and a Chinese font for the tests of the pages, where one may install them;
# elsewhere those tests are skipped and say so.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
		{ echo "正在安装 chromium（页面测试用）……"; \
		apt-get -qq update && apt-get -qq install -y chromium fonts-noto-cjk >/dev/null; } || \
		echo "装不了 chromium，页面测试会跳过：apt-get install chromium fonts-noto-cjk"

check: lint types unit

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/installed-dev
	$(BIN)/mypy

unit: .venv/installed-dev
	$(BIN)/python -m pytest -q

# --no-deps: openai-whisper asks for triton, which only a GPU needs. The CPU build of torch
# needs nothing else; where the index has only the CUDA build, its libraries come with it.
.venv/installed: .requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更新版本：请安装后重试，或 make PYTHON=/路径/python3"; exit 2; }
	@echo "正在安装依赖（首次约几分钟）……"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) install --no-deps -r .requirements.lock
	@$(BIN)/python -c "import torch" 2>/dev/null || $(PIP) install "$$(grep '^torch==' .requirements.lock)"
	@$(PIP) install --no-deps -e .
	@touch $@

.venv/installed-dev: .requirements-dev.lock .venv/installed
	@$(PIP) install --no-deps -r .requirements-dev.lock
	@touch $@

lock: .venv/installed
	$(BIN)/python .ci/lock.py

clean:
	rm -rf .venv out build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
