"""What a call's page plays and draws: the sound, by ranges, and the waveform.

A recording is found by its SHA-256 through the store and in no other way.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import HTTPException
from starlette.applications import Starlette
from starlette.responses import FileResponse, Response

from pipeline.errors import FileVanished, InputInvalid, LingsuError
from pipeline.listening import peaks as waveforms
from pipeline.listening.cache import SoundCache
from pipeline.listening.playable import PCM_S, playable, source
from pipeline.records import CallResult
from pipeline.roles import AGENT, HEARING
from pipeline.store import queries
from pipeline.web import guard
from pipeline.web.desk import ADesk, Desk
from pipeline.web.guard import may

router = guard.pages()
MB = 1_000_000
WIDTH = 1_200  # stretches of a waveform where nobody says how wide it is drawn


@router.get("/calls/{sha256}/sound")
@may(*HEARING, AGENT)
def sound(desk: ADesk, sha256: str) -> Response:
    """The recording as browsers play it; answers ranges."""
    return sound_of(desk, desk.call(sha256))


@router.get("/calls/{sha256}/peaks")
@may(*HEARING, AGENT)
def peaks(
    desk: ADesk,
    sha256: str,
    start: float = 0.0,
    end: float | None = None,
    stretches: int = WIDTH,
) -> dict[str, Any]:
    """The waveform of a stretch of the recording."""
    return peaks_of(desk, desk.call(sha256), start, end, stretches)


def sound_of(desk: Desk, result: CallResult) -> Response:
    """For a page or a program. Raises HTTPException 404 where the recording is gone."""
    recording, cache = result.call.recording, sounds(desk.request.app)
    with _told():
        made = playable(cache, recording, _source(desk, result))
    _still_there(desk, cache, recording.sha256)
    return FileResponse(made.path, media_type=made.media_type)


def peaks_of(
    desk: Desk, result: CallResult, start: float, end: float | None, stretches: int
) -> dict[str, Any]:
    """channels: of each, least and greatest of a stretch in turn, in thousandths of the
    loudest sample. Raises as sound_of, and InputInvalid."""
    recording, cache = result.call.recording, sounds(desk.request.app)
    with _told():
        path = _source(desk, result)
        if recording.seconds <= PCM_S and recording.channels <= 2:  # decoded once for both
            path = os.fspath(playable(cache, recording, path).path)
        found = waveforms.peaks(cache, recording.sha256, path)
    _still_there(desk, cache, recording.sha256)
    window = waveforms.window(found, start, found.seconds if end is None else end, stretches)
    loudest = max(1, int(abs(found.levels[-1].astype(int)).max(initial=0)))
    values = (window.values.astype(int) * 1000 // loudest).transpose(1, 0, 2)
    return {
        "seconds": found.seconds,
        "start": window.start,
        "step": window.step,
        "channels": values.reshape(len(values), -1).tolist(),
    }


def sounds(app: Starlette) -> SoundCache:
    """The cache of a workbench."""
    if not hasattr(app.state, "sounds"):
        settings = app.state.bench.settings
        app.state.sounds = SoundCache(settings.db, limit=settings.config.web.sound_mb * MB)
    return app.state.sounds


@contextmanager
def _told() -> Iterator[None]:
    """Say why there is nothing to hear: 404 where it is gone, 422 where it cannot be played."""
    try:
        yield
    except FileVanished as error:
        raise HTTPException(404, str(error)) from error
    except LingsuError as error:
        raise HTTPException(422, f"{error} {error.remedy}") from error


def _source(desk: Desk, result: CallResult) -> str:
    recording = result.call.recording
    names = queries.names(desk.store, recording.sha256)
    return source(sounds(desk.request.app), recording, names)


def _still_there(desk: Desk, cache: SoundCache, sha256: str) -> None:
    """Nothing of a call stays that was erased while its sound was being made."""
    try:
        queries.full_id(desk.store, sha256)
    except InputInvalid as error:
        cache.erase([sha256])
        raise HTTPException(404) from error
