"""A workbench that a real browser can open: the Office of webbing.py behind uvicorn."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from webbing import PASSWORD, Office

# The dominant frequency of what the page plays in the next half second.
HEARD = """async () => {
  const { audio } = Lingsu.player;
  const context = new AudioContext(), analyser = context.createAnalyser();
  analyser.fftSize = 16384;
  context.createMediaElementSource(audio).connect(analyser);
  await audio.play();
  await new Promise((done) => setTimeout(done, 1200));
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  const top = bins.indexOf(Math.max(...bins)) * context.sampleRate / analyser.fftSize;
  return [top, audio.currentTime];
}"""


@contextmanager
def served(office: Office) -> Iterator[str]:
    """Serve it on a free port of this machine; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(office.app, port=port, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


def signed_in(browser: Any, office: Office, address: str, role: str, **how: Any) -> Any:
    """A page in a window of its own, signed in as a person of that role."""
    name = how.pop("name", "")
    context = browser.new_context(base_url=address, **how)
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto("/login")
    page.fill("input[name=name]", office.account(role, name))
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    return page


def on_call(page, sha):
    page.wait_for_url(f"**/calls/{sha}**")
    page.wait_for_function("() => document.querySelector('.player audio').readyState > 0")


def playing_at(page):
    """The second at which the sound is first seen to run."""
    found = page.wait_for_function(
        "() => !Lingsu.player.audio.paused && Lingsu.player.audio.currentTime"
    )
    return found.json_value()
