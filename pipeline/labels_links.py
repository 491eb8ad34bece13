"""The words of links between calls: link/sheet.py and the closing table of a run.

Part of labels.py.
"""

LINKS: dict[str, str] = {
    "links": "Linked calls",
    "linked": "New links",
    "link.same_caller": "Same caller",
    "link.repeat": "Same matter again (merge?)",
    "link.duplicate": "Same matter, other caller",
    "link.apology": "Came back to apologise",
    "later_call": "Call",
    "earlier_call": "Earlier call",
    "earlier": "Earlier",
    "later": "Later",
    "when": "When",
    "hours_apart": "Hours apart",
    "score": "Score",
    "why.numbers": "Number",
    "why.matter": "Matter",
    "why.places": "Place",
    "why.words": "Words",
    "why.sorry": "Sorry",
    "why.abuse": "Abuse before",
    "hot_spots": "Hot spots",
    "hot_spot": "Hot spot",
    "callers": "Callers",
    "first_call": "First",
    "last_call": "Last",
    "dossiers": "Callers for a person to judge",
    "often.frequent": "Frequent",
    "often.abusive": "Abusive",
    "dossiers.note": (
        "Counts and calls only: a person decides what follows; no caller is ever blocked"
    ),
}
