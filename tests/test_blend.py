"""pipeline/training/: features, members and blend, on matrices and texts made by hand."""

import numpy as np
import pytest
from histories import ROWS
from scipy.sparse import csr_matrix

from pipeline.errors import InputInvalid
from pipeline.training.blend import blend, loss, summed, temperature
from pipeline.training.features import features
from pipeline.training.fit import fit
from pipeline.training.members import CHOICES, MEMBERS, Member, weights
from pipeline.training.resume import Steps

TEXTS = [row["text"] for row in ROWS]
LABELS = [row["label"] for row in ROWS]


@pytest.fixture
def steps(tmp_path):
    return Steps(tmp_path, 9, lambda done, total, name: None)


def told(count=3, texts=150, seed=0):
    """Rows in which column i speaks for label i, most of the time, and the labels."""
    dice = np.random.default_rng(seed)
    wanted = np.arange(texts) % count
    rows = dice.random((texts, count + 2)) * 0.6
    rows[np.arange(texts), wanted] += 0.5
    return csr_matrix(np.where(rows > 0.4, rows, 0.0)), wanted


def test_an_ngram_of_four_texts_is_no_feature_and_one_of_five_is():
    held = features(["停水"] * 4 + ["停电"] * 5 + ["水电"])
    assert held.vocabulary == ["停", "停电", "水", "电"]
    assert np.linalg.norm(held.rows.toarray(), axis=1) == pytest.approx(np.ones(10))


def test_a_text_does_not_vouch_for_its_own_ngrams():
    # 停电, of five texts, would be of four without any one of them
    held = features(["停水"] * 6 + ["停电"] * 5)
    assert held.known.tolist() == pytest.approx([1.0] * 6 + [1 / 3] * 5)


def test_letters_of_another_script_lower_what_is_known():
    held = features(["停水"] * 6 + ["停水 abc"])
    assert held.known[-1] == pytest.approx(3 / 6)


@pytest.mark.parametrize("texts", [["停水"] * 4, ["case 1"] * 9])
def test_texts_that_share_nothing_are_refused(texts):
    with pytest.raises(InputInvalid, match="中文诉求"):
        features(texts)


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: f"{member.kind} {member.cost}")
@pytest.mark.parametrize("count", [2, 3])
def test_every_member_learns_what_speaks_for_a_label(member, count):
    rows, wanted = told(count)
    learnt = weights(member, rows, wanted, 0)
    assert learnt.shape == (count + 3, count)
    scores = rows @ learnt[:-1] + learnt[-1]
    assert (scores.argmax(axis=1) == wanted).mean() > 0.85


def test_of_two_labels_one_is_the_other_turned_round():
    rows, wanted = told(2)
    learnt = weights(Member("margin", 0.5), rows, wanted, 0)
    assert (learnt[:, 0] == -learnt[:, 1]).all()


def test_a_column_that_tells_nothing_weighs_less_under_the_ratio():
    # the last column is in every text, so its ratio is near 0 whatever the margin makes of it
    rows, wanted = told(2)
    rows = csr_matrix(np.column_stack([rows.toarray() > 0.55, np.ones(len(wanted))]))
    margin, ratio = (
        weights(Member(kind, 0.3), rows, wanted, 0) for kind in ("margin", "ratio")
    )
    assert abs(ratio[-2, 1] / ratio[1, 1]) < abs(margin[-2, 1] / margin[1, 1])


def test_temperature_is_higher_where_scores_promise_too_much():
    dice = np.random.default_rng(0)
    wanted = dice.integers(0, 3, 400)
    scores = np.eye(3)[wanted] * 2.0
    honest = temperature(scores + dice.normal(0, 1.0, (400, 3)), wanted)
    noisy = temperature(scores + dice.normal(0, 4.0, (400, 3)), wanted)
    assert noisy > honest


def test_a_blend_takes_one_of_each_kind_and_promises_no_less_than_any_of_them(steps):
    rows, wanted = told()
    found = blend(rows, wanted, steps, 0)
    assert [member.kind for member in found.members] == list(CHOICES)
    assert loss(found.logits, wanted) < loss(np.zeros_like(found.logits), wanted) / 2
    assert temperature(found.logits, wanted) == pytest.approx(1.0, rel=0.05)  # it is in already


def test_scores_of_a_fold_do_not_know_its_labels(steps):
    # labels at random: who had seen them would be right more often than one in three
    dice = np.random.default_rng(1)
    rows, wanted = csr_matrix(dice.random((300, 200))), np.arange(300) % 3
    found = blend(rows, wanted, steps, 0)
    assert (found.logits.argmax(axis=1) == wanted).mean() < 0.45


def test_the_sum_is_each_by_its_divisor():
    assert summed([np.array([[2.0]]), np.array([[9.0]])], [2.0, 3.0]).tolist() == [[4.0]]


def test_a_fitted_model_answers_as_its_members_together_would(steps):
    model = fit(TEXTS, LABELS, steps)
    answers = model.classify(TEXTS)
    assert sum(a[0].name == b for a, b in zip(answers, LABELS, strict=True)) == len(TEXTS)
    assert set(model.certainty.levels) == {0.8, 0.9, 0.95}


def test_marks_are_features_only_where_they_are_asked_for(steps, tmp_path):
    texts = [t + "！！" * (label == "水务") for t, label in zip(TEXTS, LABELS, strict=True)]
    plain = fit(texts, LABELS, steps)
    again = Steps(tmp_path / "again", 9, lambda done, total, name: None)
    assert fit(texts, LABELS, again, marks=True).features == plain.features + 1
