"""What one Mandarin syllable costs where another was meant: 0 the same, 1 nothing in common.

Syllables are an initial and a final, these are ways of articulating, and what is formed
alike is heard alike: on a telephone, by a recognizer, or by somebody from another province.
sound.py compares words with `syllable_table`.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from pypinyin.contrib.tone_convert import to_finals, to_initials

DIGITS = dict(zip("0123456789", "ling yi er san si wu liu qi ba jiu".split(), strict=True))

# initial: (manner, place, aspirated)
_INITIALS = {
    "": ("glide", "none", False),
    "b": ("stop", "labial", False),
    "p": ("stop", "labial", True),
    "m": ("nasal", "labial", False),
    "f": ("fricative", "labial", False),
    "d": ("stop", "alveolar", False),
    "t": ("stop", "alveolar", True),
    "n": ("nasal", "alveolar", False),
    "l": ("liquid", "alveolar", False),
    "g": ("stop", "velar", False),
    "k": ("stop", "velar", True),
    "h": ("fricative", "velar", False),
    "j": ("affricate", "palatal", False),
    "q": ("affricate", "palatal", True),
    "x": ("fricative", "palatal", False),
    "zh": ("affricate", "retroflex", False),
    "ch": ("affricate", "retroflex", True),
    "sh": ("fricative", "retroflex", False),
    "r": ("liquid", "retroflex", False),
    "z": ("affricate", "alveolar", False),
    "c": ("affricate", "alveolar", True),
    "s": ("fricative", "alveolar", False),
}
_MANNERS = {
    frozenset(("affricate", "fricative")): 0.3,
    frozenset(("affricate", "stop")): 0.4,
    frozenset(("nasal", "liquid")): 0.1,
    frozenset(("fricative", "stop")): 0.5,
    frozenset(("glide", "liquid")): 0.5,
    frozenset(("glide", "nasal")): 0.5,
}
_OTHER_MANNER = 0.7
_PLACES = {
    frozenset(("alveolar", "retroflex")): 0.05,  # zh z, sh s: one sound in the south
    frozenset(("palatal", "retroflex")): 0.25,
    frozenset(("palatal", "alveolar")): 0.25,
}
_OTHER_PLACE = 0.35  # 8 kHz of a telephone hardly keep p, t and k apart
_ASPIRATION = 0.25
_NEARLY_ONE = {frozenset("fh"): 0.2, frozenset("lr"): 0.2, frozenset("hk"): 0.3}

# final: (medial, vowel, coda)
_FINALS = {
    **{v: ("", v, "") for v in ("a", "o", "e", "i", "u", "v")},
    "er": ("", "e", "r"),
    **{v + c: ("", v, c) for v, c in ("ai", "ei", "ao", "ou")},
    **{v + c: ("", v, c) for v in "ae" for c in ("n", "ng")},
    "ong": ("", "u", "ng"),
    "ia": ("i", "a", ""),
    "ie": ("i", "e", ""),
    "iao": ("i", "a", "o"),
    "iou": ("i", "o", "u"),
    "ian": ("i", "a", "n"),
    "iang": ("i", "a", "ng"),
    "in": ("", "i", "n"),
    "ing": ("", "i", "ng"),
    "iong": ("i", "u", "ng"),
    "ua": ("u", "a", ""),
    "uo": ("", "o", ""),
    "uai": ("u", "a", "i"),
    "uei": ("u", "e", "i"),
    "uan": ("u", "a", "n"),
    "uang": ("u", "a", "ng"),
    "uen": ("u", "e", "n"),
    "ueng": ("u", "e", "ng"),
    "ve": ("v", "e", ""),
    "van": ("v", "a", "n"),
    "vn": ("", "v", "n"),
}
_VOWELS = {
    frozenset("oe"): 0.2,
    frozenset("iv"): 0.2,
    frozenset("uv"): 0.3,
    frozenset("uo"): 0.3,
    frozenset("ue"): 0.4,
    frozenset("ao"): 0.4,
    frozenset("ae"): 0.4,
    frozenset("ie"): 0.4,
}
_OTHER_VOWEL = 0.7
_MEDIALS = {frozenset("uv"): 0.15, frozenset("iv"): 0.15}
_OTHER_MEDIAL = 0.3
_CODAS = {frozenset(("n", "ng")): 0.05, frozenset("ou"): 0.1}
_OTHER_CODA = 0.35


def syllable_table(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """What each of `a` costs where `b` was meant, 0..1: shape (len(a), len(b)).

    a, b: initial and final of each, as `code` gives them.
    """
    initials, finals = _tables()
    return initials[a[:, 0]][:, b[:, 0]] + finals[a[:, 1]][:, b[:, 1]]


@cache
def every_syllable() -> np.ndarray:
    """The codes of all that there are, by initial and final: shape (initials, finals, 2)."""
    count = len(_INITIALS) + 1, len(_FINALS) + 1
    return np.stack(np.meshgrid(*map(np.arange, count), indexing="ij"), axis=-1)


@cache
def code(syllable: str) -> tuple[int, int]:
    """Indices of initial and final; the last ones for what is no Mandarin syllable."""
    syllable = DIGITS.get(syllable, syllable)
    initial = to_initials(syllable, strict=True)
    final = to_finals(syllable, strict=True, v_to_u=False)
    if initial not in _INITIALS or final not in _FINALS:
        return len(_INITIALS), len(_FINALS)
    return list(_INITIALS).index(initial), list(_FINALS).index(final)


@cache
def _tables() -> tuple[np.ndarray, np.ndarray]:
    """Half a syllable's cost by its initials and by its finals."""
    return _table(list(_INITIALS), _initial_cost), _table(list(_FINALS), _final_cost)


def _table(sounds: list[str], cost: Callable[[str, str], float]) -> np.ndarray:
    table = np.ones((len(sounds) + 1, len(sounds) + 1), dtype=np.float32)
    for i, one in enumerate(sounds):
        for j, other in enumerate(sounds):
            table[i, j] = min(1.0, cost(one, other)) if i != j else 0.0
    return table / 2


def _initial_cost(one: str, other: str) -> float:
    pair = frozenset((one, other))
    if pair in _NEARLY_ONE:
        return _NEARLY_ONE[pair]
    (manner, place, breath), (manner2, place2, breath2) = _INITIALS[one], _INITIALS[other]
    return (
        _apart_by(manner, manner2, _MANNERS, _OTHER_MANNER)
        + _apart_by(place, place2, _PLACES, _OTHER_PLACE)
        + _ASPIRATION * (breath != breath2)
    )


def _final_cost(one: str, other: str) -> float:
    (medial, vowel, coda), (medial2, vowel2, coda2) = _FINALS[one], _FINALS[other]
    return (
        _apart_by(medial, medial2, _MEDIALS, _OTHER_MEDIAL)
        + _apart_by(vowel, vowel2, _VOWELS, _OTHER_VOWEL)
        + _apart_by(coda, coda2, _CODAS, _OTHER_CODA)
    )


def _apart_by(one: str, other: str, known: dict[frozenset[str], float], rest: float) -> float:
    return 0.0 if one == other else known.get(frozenset((one, other)), rest)
