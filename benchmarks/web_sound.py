"""How soon a call sounds that is opened from a search and played at once, in a real browser.

    python benchmarks/web_sound.py      # one JSON line

Makes a store of made-up calls that hold noise in the codecs of recorders (no sound of anybody),
serves it with `lingsu web`, opens each with Chromium at the second of a hit and presses the key
as soon as the page knows it, before anything was made ready for it; a few times each, what was
made for playing being thrown away in between. Milliseconds from the key until the sound runs
and from opening the page until then (medians).
"""

import argparse
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from web_calls import made_up  # noqa: E402 - needs the path above
from web_reviewers import PASSWORD, accounts, free_port, wait  # noqa: E402

from pipeline.ingest import sha256_of  # noqa: E402
from pipeline.store.store import Store  # noqa: E402

CASES = (  # name, codec as FFmpeg names it, seconds
    ("pcm, 1 min", "pcm_s16le", 60),
    ("A-law, 1 min", "pcm_alaw", 60),
    ("A-law, 5 min", "pcm_alaw", 300),
    ("A-law, 10 min", "pcm_alaw", 600),
    ("mu-law, 2 min", "pcm_mulaw", 120),
    ("AMR, 1 min", "libopencore_amrnb", 60),
    ("AMR, 5 min", "libopencore_amrnb", 300),
    ("A-law, 30 min", "pcm_alaw", 1800),
    ("A-law, 60 min", "pcm_alaw", 3600),
)
THERE = "() => typeof Lingsu !== 'undefined' && !!Lingsu.player"
PLAYED = """() => new Promise((done) => {
  const { audio } = Lingsu.player, begun = performance.now();
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "k", bubbles: true }));
  let before = null;
  const look = () => {
    const now = audio.paused || audio.seeking ? null : audio.currentTime;
    if (before !== null && now > before) done([performance.now() - begun, performance.now()]);
    else { before = now; requestAnimationFrame(look); }
  };
  look();
})"""


def main() -> None:
    """Make the calls, open and play them."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--rounds", type=int, default=3)
    rounds = options.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        db, port = Path(folder) / "lingsu.db", free_port()
        shas = make(db, Path(folder))
        accounts(db)
        server = subprocess.Popen(
            [sys.executable, "cli.py", "web", "--db", str(db), "--port", str(port)],
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait(port)
            told = measure(db, f"http://127.0.0.1:{port}", shas, rounds)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(15)
    load = [round(one, 1) for one in os.getloadavg()]
    print(json.dumps({"benchmark": "web_sound", "load_average": load, "ms": told}))


def make(db: Path, folder: Path) -> dict[str, str]:
    """Name of a case -> its call's SHA-256."""
    dice, shas = random.Random(1), {}
    with Store.open(db) as store:
        for number, (name, codec, seconds) in enumerate(CASES):
            path = noise(
                folder / f"{number}.{'amr' if 'amr' in codec else 'wav'}", codec, seconds
            )
            result = made_up(number, dice)
            recording = replace(
                result.call.recording,
                sha256=sha256_of(path),
                path=path,
                seconds=float(seconds),
                channels=1,
            )
            store.remember([(recording, (path,))])
            store.save(
                replace(result, call=replace(result.call, recording=recording)), heard=True
            )
            shas[name] = recording.sha256
    return shas


def noise(path: Path, codec: str, seconds: int) -> str:
    """A recording of 8 kHz."""
    samples = np.random.default_rng(seconds).normal(0, 3_000, (1, 8_000 * seconds))
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=8_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples.astype(np.int16), "s16", "mono")
        frame.sample_rate, frame.pts = 8_000, 0
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    return str(path)


def measure(db: Path, address: str, shas: dict[str, str], rounds: int) -> dict[str, Any]:
    """Each case a few times, in turn."""
    from playwright.sync_api import sync_playwright

    times: dict[str, list[list[float]]] = {name: [] for name in shas}
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        page = browser.new_page(base_url=address)
        page.goto("/login")
        page.fill("input[name=name]", "lead")
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        for _ in range(rounds):
            for name, sha in shas.items():
                shutil.rmtree(f"{db}.sound", ignore_errors=True)
                page.goto(f"/search/{sha}/2/0", wait_until="commit")
                page.wait_for_function(THERE, polling=5)
                times[name].append(page.evaluate(PLAYED))
                time.sleep(0.5)
        browser.close()
    return {
        name: {
            "key_to_sound": round(statistics.median(key for key, _ in found)),
            "page_to_sound": round(statistics.median(page for _, page in found)),
        }
        for name, found in times.items()
    }


if __name__ == "__main__":
    main()
