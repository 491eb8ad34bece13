"""How much of what the sound prefers counts: by how alike the texts sound.

Used by beam.py. Where candidates sound alike, what Whisper prefers is its habit and not what it
heard: of such a preference only a part counts (`ALIKE`). Where they sound different the sound
knows better than any language model, and more than all of it counts (`UNLIKE`): without that,
speech that is unlike hotline calls was written as hotline calls.
"""

from models.homophones import readings

ALIKE = (0.4, 0.6)  # of a preference among the same syllables, and among similar ones
UNLIKE = 1.25  # and among others


def evidence(text: str, sound: float, rivals: dict[str, float]) -> float:
    """What the sound says for a text, in nats: nearer to the best that is read alike, farther
    from the best of all.

    sound: log-probability of all its tokens; rivals: the best so far of each reading.
    """
    likeliest = rivals.setdefault("", sound)
    found = sound - (UNLIKE - 1) * (likeliest - sound)
    for reading, share in zip(readings(text), ALIKE, strict=False):
        best = rivals.setdefault(reading, sound)
        nearer = best - share * (best - sound)
        found = max(found, nearer - (UNLIKE - 1) * (likeliest - best))
    return found


def begin_alike(one: str, other: str) -> bool:
    """Whether the syllables of one text begin the other's (不, 部队)."""
    few, many = sorted(((*readings(text), "")[0].split() for text in (one, other)), key=len)
    return bool(few) and many[: len(few)] == few
