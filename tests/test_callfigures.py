"""How right the classifier of calls is said to be."""

import numpy as np

from models.calls import Head
from models.certainty import Certainty
from pipeline.records import Call, Recording
from pipeline.training.callfigures import outside, told
from pipeline.training.dialogues import Example


def head(*labels):
    zeros = np.zeros(len(labels))
    certainty = Certainty({0.05: 0.8, 0.2: 0.6}, {0.9: 0.2})
    return Head(labels, np.zeros((1, len(labels)), np.int8), zeros, zeros, certainty)


def example(accepted=(), **labels):
    call = Call(Recording("ab" * 32, "a.wav"))
    return Example(call, labels, "one", {"department": frozenset(accepted)})


def test_a_unit_that_would_do_is_right_and_a_call_without_one_does_not_count():
    examples = [
        example(["城管"], department="住建"),
        example(department="住建"),
        example(request_type="咨询"),
    ]
    logits = np.array([[0.0, 2.0], [0.0, 2.0], [np.nan, np.nan]])
    found = told("department", head("住建", "城管"), logits, examples)
    assert (found["calls"], found["labels"], found["right"][0]) == (2, 2, 0.5)
    assert found["answered_at"] == {0.05: 1.0, 0.2: 1.0}  # 0.88 of both is above the thresholds


def test_a_repeat_is_no_refusal():
    examples = [example(scope=label) for label in ("O1", "O1", "O12", "accept_dispatch")]
    sure = np.array([[9.0, 0, 0], [0, 0, 9], [0, 9, 0], [9, 0, 0]])
    found = outside(head("O1", "O12", "accept_dispatch"), sure, examples)
    assert found == {"precision": 0.5, "recall": 0.5, "f1": 0.5}


def test_reasons_are_summed():
    unsure = np.array(
        [[1.0, 1.0, 1.0]]
    )  # 0.67 for one of two reasons, each as likely as taking
    found = outside(head("E1", "O1", "accept_dispatch"), unsure, [example(scope="O1")])
    assert found["recall"] == 1.0
