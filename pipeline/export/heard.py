"""What HEAR measured, as plain objects for rows.py: the sound, and how the two talk."""

from typing import Any

from pipeline.records import Call, Recording, Sound, Voice

FORMATS = {"aac": "m4a", "pcm_alaw": "alaw", "pcm_mulaw": "mulaw", "libopus": "opus"}


def audio(recording: Recording, sound: Sound) -> dict[str, Any]:
    """Container, codec, channels, where the agent sits, and how good the sound is."""
    name, dot, ending = recording.name.rpartition(".")
    codec = recording.codec
    format = FORMATS.get(codec) or ("wav" if codec.startswith("pcm_") else codec.split("_")[0])
    layout = "mono_mix" if recording.channels else None  # 0: an appeal that came as text
    if sound.layout in ("stereo", "one_sided"):
        sides = {0: "agent_left", 1: "agent_right", None: None}
        layout = sides[sound.agent_channel]
    return {
        "container": ending.lower() if name and dot else None,
        "format": format or None,
        "channels": recording.channels,
        "layout": layout,
        "grade": sound.grade,
        "reasons": list(sound.reasons),
        "remarks": list(sound.remarks),
        "level_dbfs": sound.level_dbfs,
        "snr_db": sound.snr_db,
        "clipped": sound.clipped,
        "dropouts": sound.dropouts,
        "lost": sound.lost,
    }


def talk(call: Call) -> dict[str, Any] | None:
    """Seconds, share and rate of both, overlaps and gaps with their times; null: no words."""
    if call.talk is None:
        return None
    overlaps = [
        {
            "start_s": round(met.start, 3),
            "end_s": round(met.end, 3),
            "who": met.who,
            "turn": met.turn,
        }
        for met in call.talk.overlaps
    ]
    gaps = [
        {"start_s": round(gap.start, 3), "end_s": round(gap.end, 3), "kind": gap.kind}
        for gap in call.talk.gaps
    ]
    voices = {"agent": _voice(call.talk.agent), "caller": _voice(call.talk.caller)}
    return {**voices, "overlaps": overlaps, "gaps": gaps}


def _voice(voice: Voice) -> dict[str, float | None]:
    return {"seconds": voice.seconds, "share": voice.share, "chars_per_minute": voice.rate}
