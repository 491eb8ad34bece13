"""The words of work orders and of the knowledge base; labels.py takes them in."""

TICKET: dict[str, tuple[str, str]] = {
    # a line of a work order
    "call_back": ("回访要问", "Ask when calling back"),
    "state.heard": ("转写 {}", "heard {}"),  # how surely: the recognizer's percentage
    "state.sure": ("拿得准", "sure"),
    "state.unsure": ("待复核", "to be reviewed"),
    "state.unmeasured": ("未测把握", "not measured"),
    "state.accept": ("已确认", "accepted"),
    "state.change": ("已改，见人工复核", "changed by a person"),
    "state.reject": ("已否定", "rejected"),
    # what the knowledge base answers
    "knowledge": ("知识库", "Knowledge base"),
    "question": ("问题", "Question"),
    "answer": ("答案", "Answer"),
    "source": ("出处", "Source"),
    "likeness": ("相近程度", "Likeness"),
    "unchecked": ("待核实", "not checked"),
    "expired": ("已于 {} 到期", "expired on {}"),
    "answer_contradicts": (
        "答复与知识库不一致",
        "Answer contradicts the knowledge base",
    ),
}
