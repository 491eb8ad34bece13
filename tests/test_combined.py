"""`lingsu train --encoder` on a tiny BERT that the test builds: random weights, no download."""

import numpy as np
import pytest
from histories import ROWS, write
from typer.testing import CliRunner

import cli
from models import classifiers
from models.base import ModelUnavailable
from models.certainty import SureClassifier
from models.linear import LinearClassifier
from pipeline.errors import InputInvalid
from pipeline.training.combine import divisors, tuning
from pipeline.training.dataset import Recipe
from pipeline.training.finetune import DECAY, HEAD_RATE, LEFT, RATE, groups
from pipeline.training.resume import FOLDER
from pipeline.training.train import train

pytestmark = pytest.mark.slow  # importing torch and transformers takes 6 s

DAYS = ("", "今天", "昨天", "前天")
CLEAR = [{**row, "text": f"{day}{row['text']}"} for day in DAYS for row in ROWS]
# every seventh with another label: nobody can be right always
GIVEN = {"水务": "城管", "城管": "教育", "教育": "水务"}
MORE = [row if i % 7 else {**row, "label": GIVEN[row["label"]]} for i, row in enumerate(CLEAR)]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A folder with an encoder that reads every character of the history."""
    torch = pytest.importorskip("torch")
    from transformers import BertConfig, BertModel, BertTokenizerFast

    where = tmp_path_factory.mktemp("tiny")
    letters = sorted({letter for row in MORE for letter in row["text"]})
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]
    (where / "vocab.txt").write_text("\n".join(vocabulary), "utf-8")
    BertTokenizerFast(str(where / "vocab.txt")).save_pretrained(where)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=24,
    )
    BertModel(config).save_pretrained(where)
    return where


@pytest.fixture
def fit(tmp_path, profile, tiny):
    """fit(out, **more): train departments with the encoder into tmp_path / out."""

    def make(out="out", *, encoders=1, rows=MORE, **more):
        data = write(tmp_path / "history.jsonl", rows)
        how = [tuning(str(tiny), 2)] * encoders
        return train(
            "department", data, tmp_path / out,
            profile=profile, recipe=Recipe(licence="内部使用"), tunings=how, **more,
        )  # fmt: skip

    return make


def files(folder):
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def test_both_parts_answer_as_one_with_a_certainty_of_their_sum(fit, tmp_path, tiny):
    trained = fit()
    model = classifiers.load(tmp_path / "out")
    assert isinstance(model, SureClassifier)
    assert model.origin == trained.data_sha256
    assert trained.figures.accuracy.value > 0.7
    (alone,), (asked, again) = (
        model.classify(["三岔口停水了没人修"]),
        model.classify(["学校乱收补课费" * 9, "三岔口停水了没人修"]),
    )
    assert alone == again  # whatever else is asked
    assert alone[0].name == "水务" and asked[0].name == "教育"
    assert sum(label.probability for label in alone) == pytest.approx(1)
    plain = LinearClassifier.load(tmp_path / "out")
    assert alone != plain.classify(["三岔口停水了没人修"])[0]
    assert model.certainty != plain.certainty and set(model.certainty.levels) == {
        0.8,
        0.9,
        0.95,
    }
    assert model.why("停水了没人修", "水务") == plain.why("停水了没人修", "水务") != ()
    assert model.classify(["", "please fix my water"]) == ((), ())
    card = (tmp_path / "out" / "README.md").read_text("utf-8")
    assert card.count(tiny.name) == 2 and "not stated" in card


def test_the_folder_holds_no_pickle_and_the_same_training_gives_the_same_bytes(fit, tmp_path):
    for out in "ab":
        fit(out)
    one, two = files(tmp_path / "a"), files(tmp_path / "b")
    assert one == two
    assert {"model.npz", "combined.npz", "encoder/1/model.safetensors"} <= one.keys()
    assert not [name for name in one if name.endswith((".bin", ".pt", ".pkl"))]


@pytest.mark.parametrize("epoch", [1, 2])
def test_an_interrupted_fine_tuning_goes_on_to_the_same_bytes(fit, tmp_path, epoch):
    fit("whole")

    def stopping(done, total, name):
        if name.startswith(f"epoch-1.{epoch} · 5"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(report=stopping)
    assert not (tmp_path / "out" / "model.npz").exists()
    assert len(list((tmp_path / "out" / FOLDER).glob("*/epoch-*"))) == epoch - 1
    assert fit().resumed == 4 + epoch - 1  # the folds and the n-grams' whole
    assert files(tmp_path / "out") == files(tmp_path / "whole")


def test_what_is_nearer_to_the_head_learns_faster(tiny):
    from models.encoder import Encoder

    encoder = Encoder(tiny, 3, 24)
    asked = {id(g["params"][0]): (g["lr"], g["weight_decay"]) for g in groups(encoder)}
    body = encoder.body
    dense, first = body.encoder.layer[0].output.dense, body.embeddings.word_embeddings
    assert asked[id(dense.weight)] == (RATE, DECAY) and asked[id(dense.bias)] == (RATE, 0)
    assert asked[id(first.weight)] == (RATE * LEFT, DECAY)
    assert asked[id(encoder.head.weight)] == (HEAD_RATE, 0)
    assert id(body.pooler.dense.weight) not in asked


def test_training_without_an_encoder_leaves_nothing_of_an_older_one(fit, tmp_path):
    fit()
    fit(encoders=0)
    assert not (tmp_path / "out" / "encoder").exists()
    assert isinstance(classifiers.load(tmp_path / "out"), LinearClassifier)


def test_another_encoder_beside_the_weights_is_refused_by_name(fit, tmp_path):
    fit()
    path = tmp_path / "out" / "encoder" / "1" / "model.safetensors"
    held = bytearray(path.read_bytes())
    held[-1] ^= 1
    path.write_bytes(held)
    with pytest.raises(ModelUnavailable, match=r"combined\.npz"):
        classifiers.load(tmp_path / "out")


def test_too_few_texts_to_weigh_the_parts_are_refused(fit):
    with pytest.raises(InputInvalid, match="200"):
        fit(rows=ROWS)


@pytest.mark.parametrize("name", ["no-such-encoder", "base", "."])
def test_what_is_no_encoder_is_refused(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputInvalid):
        tuning(name, 2)


def test_appeals_in_writing_are_judged_by_it_and_shown_the_words(tiny, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "city").mkdir()
    types = {"水务": "求助", "城管": "举报", "教育": "咨询"}
    write(tmp_path / "old.jsonl", [{**row, "label": types[row["label"]]} for row in CLEAR])
    order = f"train request_type old.jsonl --profile city --epochs 1 --encoder {tiny}"
    done = CliRunner().invoke(cli.app, order.split())
    assert done.exit_code == 0 and "编码器" in done.stdout
    write(tmp_path / "new.jsonl", [{"id": "1", "text": "三岔口烧烤摊占道经营一号"}])
    done = CliRunner().invoke(cli.app, "text new.jsonl --profile city".split())
    assert "举报" in done.stdout and "model:request_type" in done.stdout


def test_all_parts_count_alike_once_calibrated():
    dice = np.random.default_rng(0)
    wanted = dice.integers(0, 3, 300)
    known, *scores = (np.eye(3)[wanted] + dice.normal(0, 0.8, (300, 3)) for _ in range(3))
    own, *theirs = divisors([known, 5 * scores[0], scores[1]], wanted)  # five times too sure
    alone = divisors([known, *scores], wanted)
    assert (own, theirs[0] / 5, theirs[1]) == pytest.approx(alone, rel=0.05)
    assert divisors([5 * scores[0], scores[1], known], wanted) == pytest.approx((*theirs, own))


def test_a_second_encoder_is_added_to_the_sum_and_goes_with_it(fit, tmp_path, tiny):
    fit(encoders=2)
    model = classifiers.load(tmp_path / "out")
    assert [one.source for one in model.joined] == [tiny.name] * 2
    text = "三岔口停水了没人修"
    parts = [model.linear.logits(text) / model.divisor]
    parts += [one.encoder.scores(text) / one.divisor for one in model.joined]
    sure = np.exp(sum(parts)) / np.exp(sum(parts)).sum()
    assert model.classify([text])[0][0].probability == pytest.approx(sure.max())
    card = (tmp_path / "out" / "README.md").read_text("utf-8")
    assert card.count(tiny.name) == 4
    fit()
    assert not (tmp_path / "out" / "encoder" / "2").exists()
