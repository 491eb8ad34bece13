"""What a telephone line carries when nobody speaks: tones, hold music, noise. int16, (n,)."""

import numpy as np
from sounds import RATE, noise, tone

SILENCE = np.zeros(20 * RATE, np.int16)


def cadence(hertz, on_s, off_s, seconds, *, amplitude=6_000.0, late_s=0.0):
    """A tone that comes and goes, from `late_s` on."""
    at = np.arange(int(seconds * RATE)) / RATE
    on = ((at - late_s) % (on_s + off_s) < on_s) & (at >= late_s)
    return np.where(on, tone(hertz, seconds, amplitude=amplitude), 0).astype(np.int16)


def tune(seconds, *, seed=0):
    """One note after the other with its overtones, as a music box does."""
    steps = np.random.default_rng(seed).integers(0, 24, int(seconds * 2))
    notes = [220 * 2 ** (step / 12) for step in steps]
    sound = [sum(tone(hz * k, 0.5, amplitude=4_000 / k) for k in range(1, 5)) for hz in notes]
    return np.concatenate(sound).astype(np.int16)


def chords(seconds, *, amplitude=1_200.0):
    """Three voices with overtones that change twice a second, as hold music does."""
    parts = []
    for i in range(int(seconds * 2)):
        root = (220.0, 261.6, 329.6, 196.0)[i % 4]
        notes = [root * step * over for step in (1, 1.26, 1.498) for over in (1, 2, 3, 4)]
        parts.append(
            sum(tone(hz, 0.5, amplitude=amplitude / (1 + k % 4)) for k, hz in enumerate(notes))
        )
    return np.concatenate(parts).astype(np.int16)


# name -> (why there is no speech, sound)
SOUNDS = {
    "silence": ("silence", SILENCE),
    "line noise": ("silence", noise(20, amplitude=40).astype(np.int16)),
    "ring-back": ("tone", cadence(450, 1, 4, 20)),
    "ring-back from the middle of a second": ("tone", cadence(450, 1, 4, 21, late_s=2.5)),
    "ring-back over line noise": (
        "tone",
        (cadence(450, 1, 4, 20) + noise(20, amplitude=25)).astype(np.int16),
    ),
    "busy": ("tone", cadence(450, 0.35, 0.35, 12)),
    "congestion": ("tone", cadence(450, 0.7, 0.7, 12)),
    "dial tone": ("tone", tone(450, 10)),
    "fax": ("tone", cadence(1_100, 0.5, 3, 15)),
    "chords": ("music", chords(12)),
    "tune": ("music", tune(12)),
    "white noise": ("noise", noise(12).astype(np.int16)),
}
