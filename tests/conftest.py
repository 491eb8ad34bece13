"""Fixtures that build the smallest valid thing from what a test cares about."""

import shutil
from types import SimpleNamespace

import pytest

from pipeline.records import Call, Recording, Turn
from pipeline.stages.abuse import abuse


@pytest.fixture
def judged(call_saying, profile):
    """The Abuse of a call of these lines, by the rules alone."""
    tools = SimpleNamespace(profile=profile, classifier=lambda task: None)
    return lambda *lines: abuse(call_saying(*lines), tools).abuse


@pytest.fixture
def call_saying():
    """Build a Call from words alone: call_saying("agent: 您好", "caller: 路灯不亮")."""

    def make(*lines: str, **fields) -> Call:
        turns = []
        for i, line in enumerate(lines):
            speaker, text = line.split(": ", 1)
            start = 5.0 * i
            times = tuple(start + 4.0 * k / max(len(text), 1) for k in range(len(text)))
            turns.append(
                Turn(start, start + 4.0, speaker, text, text, confidence=0.9, times=times)
            )
        recording = Recording("0" * 64, "made-up.wav", 5.0 * len(lines))
        return Call(recording, turns=tuple(turns), **fields)

    return make


@pytest.fixture(scope="session")
def profile():
    """The default profile, checked."""
    from pipeline.domain.profile import load_profile

    return load_profile()


@pytest.fixture
def office(tmp_path, profile, monkeypatch):
    """The review workbench over an empty store, see tests/webbing.py."""
    from argon2 import PasswordHasher
    from webbing import Office

    from pipeline import passwords

    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", lambda: cheap)
    made = Office(tmp_path / "lingsu.db", profile)
    yield made
    made.close()


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium through Playwright; without either the test is skipped and says so."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no chromium here: apt-get install chromium")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="no playwright here: pip install playwright"
    )
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()
