"""The words of links between calls: link/sheet.py and the closing table of a run.

Part of labels.py.
"""

LINKS: dict[str, tuple[str, str]] = {
    "links": ("关联通话", "Linked calls"),
    "linked": ("新关联", "New links"),
    "link.same_caller": ("同一来电人", "Same caller"),
    "link.repeat": ("重复诉求（可并单）", "Same matter again (merge?)"),
    "link.duplicate": ("不同人反映同一事", "Same matter, other caller"),
    "link.apology": ("事后道歉", "Came back to apologise"),
    "later_call": ("通话", "Call"),
    "earlier_call": ("较早的通话", "Earlier call"),
    "earlier": ("较早", "Earlier"),
    "later": ("较晚", "Later"),
    "when": ("先后", "When"),
    "hours_apart": ("相隔小时", "Hours apart"),
    "score": ("分值", "Score"),
    "why.numbers": ("号码", "Number"),
    "why.matter": ("事项", "Matter"),
    "why.places": ("地点", "Place"),
    "why.words": ("用词", "Words"),
    "why.sorry": ("道歉", "Sorry"),
    "why.abuse": ("此前辱骂", "Abuse before"),
    "hot_spots": ("热点", "Hot spots"),
    "hot_spot": ("热点", "Hot spot"),
    "callers": ("来电人", "Callers"),
    "first_call": ("最早", "First"),
    "last_call": ("最近", "Last"),
    "dossiers": ("常来电、辱骂来电（供人工判断）", "Callers for a person to judge"),
    "often.frequent": ("来电频繁", "Frequent"),
    "often.abusive": ("多次辱骂", "Abusive"),
    "dossiers.note": (
        "以上只是次数和通话清单，是否处理、如何处理由人决定；系统不限制任何来电",
        "Counts and calls only: a person decides what follows; no caller is ever blocked",
    ),
}
