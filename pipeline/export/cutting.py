"""Clips of a call beside what is written of it: one for stretches that lie close together.

The report of a shift and `export --clips` cut here; clips.py does the cutting itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import audio, clips
from pipeline.clips import Stretch
from pipeline.errors import InputInvalid, cause

NEAR_S = 2 * clips.PADDING_S  # what lies closer is one clip
LONGEST_S = 60.0  # of a clip: the whole is heard with the recording itself
MOST = 6  # clips a call


@dataclass(frozen=True, slots=True)
class Clip:
    """A stretch of the recording as a file."""

    file: str  # its name
    start: float  # second of the recording at which it begins
    end: float


def joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Stretches in their order, those that nearly touch as one, none longer than LONGEST_S."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start - found[-1][1] < NEAR_S and end - found[-1][0] <= LONGEST_S:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, min(end, start + LONGEST_S)))
    return found


def cut(
    path: str,
    sha256: str,
    stretches: Sequence[Stretch],
    folder: Path,
    hidden: Sequence[Stretch] = (),
) -> Iterator[Clip]:
    """Cut the stretches of a recording into the folder, which is made when missing; a tone is
    heard in the place of hidden ones.

    Raises FileVanished and what else audio.read raises, InputInvalid for a place that cannot
    be written.
    """
    wanted = joined(stretches)[:MOST]
    if not wanted:
        return
    sides = audio.read(path, max_hours=audio.MAX_HOURS)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise InputInvalid(f"写不了 {folder}：{cause(error)}") from error
    for i, (start, end) in enumerate(wanted, 1):
        file = f"{sha256[:12]}-{i}.mp3"
        begin, stop = clips.cut(sides, start, end, str(folder / file), hidden=hidden)
        yield Clip(file, round(begin, 3), round(stop, 3))
