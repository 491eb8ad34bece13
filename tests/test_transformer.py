"""models/transformer.py on a tiny BERT that the test builds: random weights, six labels."""

import pytest

from models.base import ModelUnavailable

pytestmark = pytest.mark.slow  # importing torch and transformers takes 6 s

LABELS = ("平静", "焦急", "不满", "愤怒", "悲伤", "感谢")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    torch = pytest.importorskip("torch")
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    where = tmp_path_factory.mktemp("tiny-bert")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"路灯不亮了谢你好水停"]
    (where / "vocab.txt").write_text("\n".join(vocabulary), "utf-8")
    BertTokenizerFast(str(where / "vocab.txt")).save_pretrained(where)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=24,
        id2label=dict(enumerate(LABELS)),
        label2id={name: i for i, name in enumerate(LABELS)},
    )
    BertForSequenceClassification(config).save_pretrained(where)
    return where


@pytest.fixture(scope="module")
def classifier(folder):
    from models.transformer import TransformerClassifier

    return TransformerClassifier(folder, batch_size=2)


def test_each_text_gets_every_label_best_first_with_probabilities_of_one(classifier):
    answers = classifier.classify(["路灯不亮了", "谢谢你", "停水了"])
    assert len(answers) == 3
    for answer in answers:
        chances = [label.probability for label in answer]
        assert {label.name for label in answer} == set(LABELS)
        assert sum(chances) == pytest.approx(1.0, abs=1e-5)
        assert chances == sorted(chances, reverse=True)


def test_a_batch_gives_what_single_texts_give(classifier):
    texts = ["路灯不亮了", "你好", "停水了停水了停水"]
    together = classifier.classify(texts)
    for text, answer in zip(texts, together, strict=True):
        (alone,) = classifier.classify([text])
        assert [x.name for x in alone] == [x.name for x in answer]
        assert [x.probability for x in alone] == pytest.approx(
            [x.probability for x in answer], abs=1e-5
        )


def test_a_text_longer_than_the_model_reads_is_cut_at_its_end(classifier):
    longest, longer = "停水" * 11, "停水" * 11 + "谢谢你" * 400
    assert classifier.classify([longer]) == classifier.classify([longest])


def test_no_texts_give_no_answers(classifier):
    assert classifier.classify([]) == ()


@pytest.mark.parametrize("content", [None, "{}"])
def test_a_folder_without_a_model_is_refused_offline(tmp_path, content):
    from models.transformer import TransformerClassifier

    if content is not None:
        (tmp_path / "config.json").write_text(content)
    with pytest.raises(ModelUnavailable):
        TransformerClassifier(tmp_path)
