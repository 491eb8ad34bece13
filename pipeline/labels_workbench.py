"""The words of what people correct and why they reject, in the workbench; part of labels.py."""

WORKBENCH: dict[str, str] = {
    "rejecting": "Reject",
    "abuse.level": "Level",
    "abuse.who": "Whose words",
    "abuse.target": "Against whom",
    "both": "Both",
    "unit": "A public body",
    "other": "A third person",
    "roles": "Roles",
    "swapped": "Swapped",
    "as_heard": "As the machine heard",
    "comment": "Comment",
    "scorecard": "Scorecard",
    # what becomes of a draft work order
    "order.draft": "To be sent",
    "order.sent": "Sent",
    "order.returned": "Returned",
    "order.merged": "Merged",
    "possible": "Possible threat",
    "second": "Second",
    # reasons of a rejection
    "not.tone": "Upset, but no abuse",
    "not.quoted": "Quotes somebody else",
    "not.elsewhere": "About the matter, not a person",
    "not.misheard": "Misheard",
    "not.wrong": "The machine is wrong",
    "not.unclear": "Cannot be told from the sound",
}
