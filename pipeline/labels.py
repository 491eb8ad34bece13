"""The words of tables and reports: key -> English; the Chinese is in locale/zh, under the key.

What a profile or the code names in Chinese has its English in locale/en. Values without an
entry (a place, a caller's words) are shown as they are.
"""

from collections.abc import Sequence
from functools import cache

from pipeline.catalogues import catalogue
from pipeline.labels_city import CITY
from pipeline.labels_links import LINKS
from pipeline.labels_push import PUSH
from pipeline.labels_report import REPORT
from pipeline.labels_review import REVIEWING
from pipeline.labels_scorecard import SCORING
from pipeline.labels_ticket import TICKET
from pipeline.labels_training import TRAINING
from pipeline.labels_workbench import WORKBENCH

WORDS: dict[str, str] = {
    **LINKS,
    **REPORT,
    **TRAINING,
    **REVIEWING,
    **PUSH,
    **CITY,
    **WORKBENCH,
    **SCORING,
    **TICKET,
    # tables and columns
    "summary": "This run",
    "calls": "Calls",
    "id": "Id",
    "pbx_call_id": "PBX id",
    "elsewhere": "Left to another run",
    "forgotten": "Erased on request",
    "duration": "Length",
    "known_new": "{} known, {} new",
    "elapsed": "Took",
    "took": "{} s",
    "realtime": "Speed",
    "times": "{}x real time",
    "abusive": "Abuse or threats",
    "to_review": "Needs review",
    "no_speech": "No speech",
    "ok": "Done",
    "failed": "Failed",
    "judged": "Judged again",
    "outcomes": "Scope outcomes",
    "outcome": "Outcome",
    "count": "Count",
    "failures": "Failures and remedies",
    "file": "File",
    "code": "Code",
    "remedy": "Remedy",
    "message": "Message",
    "defects": "Data defects",
    "defect": "Defect",
    "skipped": "Files left out",
    "skip.missing": "No such file",
    "skip.unreadable": "Cannot be opened",
    "skip.not_regular": "No ordinary file",
    "skip.outside_link": "A link out of the folder",
    "skip.empty": "Empty",
    "skip.growing": "Still being written",
    "reason": "Reason",
    "first": "Look at these first",
    "call": "Call",
    "time": "Time",
    "item": "Item",
    "severity": "Severity",
    "more": "and {} more",
    "by": " ({})",
    "then": "; ",
    "clip.gone": "The recording is gone",
    "clip.unheard": "The recording cannot be read ({})",
    "interrupted": "What is done is saved; the next run goes on",
    "lies": "Results are in {}",
    "next": (
        "One call: lingsu show ID{db}   All: lingsu export{db} --format xlsx --out calls.xlsx"
    ),
    # one call
    "overview": "Overview",
    "dialogue": "Dialogue",
    "speaker": "Speaker",
    "words": "Words",
    "decisions": "Decisions and evidence",
    "decision": "Decision",
    "value": "Value",
    "confidence": "Confidence",
    "turn": "Turn",
    "quote": "Quote",
    "rule": "Rule",
    "ticket": "Draft work order",
    "field": "Field",
    "missing": "Missing",
    "qa": "Quality",
    "verdict": "Verdict",
    "asks": "For a person to look at",
    "keys": "Keys and times",
    "status": "Status",
    "failure": "Failure",
    "started_at": "Started",
    "shift": "Shift",
    "agent_id": "Agent",
    "caller_number": "Caller",
    "layout": "Layout",
    "level": "Speech level",
    "snr": "Signal to noise",
    "grade": "Audio",
    "talk": "Pace",
    "a_minute": "{} characters a minute",
    "gap": "Nobody speaks",
    "gap.silence": "silence",
    "gap.tone": "tones",
    "gap.music": "music",
    "gap.noise": "noise",
    "gap.speech": "a voice without words",
    "overlap": "Speaks into the other's words",
    "names": "File names",
    # its audit
    "corrections": "Words that were changed",
    "dropped": "Sound without words",
    "seconds": "Seconds",
    "heard_as": "Heard",
    "written_as": "Written",
    "why": "Why",
    "why.language": "language model, against {} nats of the sound",
    "why.echo": "as elsewhere in the call, against {} nats of the sound",
    "drop.unlikely": "Too unlikely",
    "drop.repeats": "Repeats itself",
    "drop.credits": "Subtitle credits",
    "drop.too_little": "Too little, not clear",
    "drop.inaudible": "Inaudible",
    "drop.tone": "No speech: tones",
    "drop.music": "No speech: music",
    "drop.noise": "No speech: noise",
    "to_listen": (
        "Listen (with two seconds around): lingsu clip {id}{db} --start {start} --end {end}"
    ),
    "why_decided": "Why so",
    "weight": "Weight",
    "not_sure": "Not sure: a person should decide",
    "rules_sum": "Rules: {}",
    "act.decline": "agent declines",
    "act.accept": "agent takes it down",
    "act.answer": "agent answers",
    "act.fail": "not answered",
    "act.hazard": "a real hazard",
    "request_type": "Request type",
    "unsure_request_type": "Unsure request type",
    "unsure_scope": "Unsure scope",
    "unsure_department": "Unsure department",
    "unsure_urgency": "Unsure urgency",
    "urgency": "Urgency",
    "region": "City",
    "district": "District",
    "domain": "Domain",
    "department": "Department",
    "scope": "Scope",
    "basis": "Basis",
    "referral": "Referral",
    "script": "Script",
    "disposition": "Disposition",
    "emotion.start": "Emotion at start",
    "emotion.end": "Emotion at end",
    "abuse": "Abuse",
    "title": "Title",
    "content": "Summary",
    # values
    "agent": "Agent",
    "caller": "Caller",
    "ivr": "IVR",
    "unknown": "Unknown",
    "accept_dispatch": "Accept and dispatch",
    "answer_now": "Answer at once",
    "emergency_transfer": "Emergency transfer",
    "decline_explain": "Decline and explain",
    "refer": "Refer",
    "record_suggestion": "Record as suggestion",
    "merge": "Merge",
    "no_request": "No request",
    "silence": "Silence",
    "tone": "Tones only",
    "music": "Hold music only",
    "noise": "Noise only",
    "hang_up": "Hung up at once",
    "no_words": "No words to believe",
    "none": "None",
    "mild": "Mild",
    "severe": "Severe",
    "threat": "Threat",
    "violence": "Violence",
    "self_harm": "Self-harm",
    "quoted": "Quoted from others",
    "pass": "Pass",
    "fail": "Fail",
    "not_applicable": "Not applicable",
    "insufficient_evidence": "Insufficient evidence",
    "alert": "Alert",
    "review": "Review",
    "info": "Info",
    # how good the sound is, and why
    "good": "Good",
    "fair": "Fair",
    "poor": "Poor",
    "noisy": "Noisy",
    "dropouts": "Packet loss",
    "clipped": "Clipped",
    "low_level": "Low level",
    "dead_channel": "One side dead",
    "dual_mono": "Both sides alike",
    "narrowband": "Telephone band",
    # alerts beyond the profile's own QA items
    "emergency": "Emergency",
    "possible_danger": "Possible self-harm or violence",
    "emergency_not_transferred": "Emergency not transferred",
    "no_department": "No department",
    "nature_altered": "Nature altered",
    "unheard": "Unheard speech",
    "foreign_language": "Another language",
    "low_confidence": "Unsure transcript",
    "unclear_order": "Unclear work order",
    "uncertain_roles": "Unsure roles",
    # layouts and models
    "mono_mix": "mono",
    "agent_left": "stereo, agent left",
    "agent_right": "stereo, agent right",
    "model.whisper": "recognizer",
    "model.detector": "speech detector",
    "model.speaker": "speaker vectors",
    "model.encoder": "text encoder",
    "model.present": "ready",
    "model.missing": "missing",
    "model.damaged": "damaged",
    "model.unknown": "unverified",
}


def word(key: str, lang: str = "zh") -> str:
    """The word for a key, or the key itself where it is a value without an entry."""
    if key in WORDS:
        return _words(lang)[key]
    return catalogue(lang).gettext(key) if lang == "en" and key else key


@cache
def _words(lang: str) -> dict[str, str]:
    """All at once: a page asks for hundreds."""
    if lang == "en":
        return WORDS
    told = catalogue(lang).pgettext
    return {key: told(key, english) for key, english in WORDS.items()}


def decision(task: str, lang: str = "zh") -> str:
    """The word for a decision that may be doubted, by its task in `Call.decided`."""
    return word(task.replace("emotion_", "emotion."), lang)


def graded(grade: str, *codes: Sequence[str], lang: str = "zh") -> str:
    """The grade of the sound with its reasons, then what is told beside them.

    差（噪声大、丢包；电话频带）, Poor (Noisy, Packet loss; Telephone band).
    """
    left, comma, then, right = {"zh": "（、；）", "en": (" (", ", ", "; ", ")")}[lang]
    parts = (comma.join(word(code, lang) for code in group) for group in codes if group)
    listed = then.join(parts)
    return word(grade, lang) + (f"{left}{listed}{right}" if listed else "")
