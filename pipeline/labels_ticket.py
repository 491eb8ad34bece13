"""The words of work orders and of the knowledge base; labels.py takes them in."""

TICKET: dict[str, str] = {
    # a line of a work order
    "call_back": "Ask when calling back",
    "state.heard": "heard {}",  # how surely: the recognizer's percentage
    "state.sure": "sure",
    "state.unsure": "to be reviewed",
    "state.unmeasured": "not measured",
    "state.accept": "accepted",
    "state.change": "changed by a person",
    "state.reject": "rejected",
    # what the knowledge base answers
    "knowledge": "Knowledge base",
    "question": "Question",
    "answer": "Answer",
    "source": "Source",
    "likeness": "Likeness",
    "unchecked": "not checked",
    "expired": "expired on {}",
    "answer_contradicts": "Answer contradicts the knowledge base",
}
