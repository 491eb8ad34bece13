"""Keys: what changes a result changes a key, and nothing else does."""

from pathlib import Path

import pytest

from models import catalog
from pipeline import provenance
from pipeline.config import load_config
from pipeline.errors import ModelMissing
from pipeline.provenance import canonical, hear_key, judge_key, made_with


@pytest.fixture(autouse=True)
def digests(monkeypatch):
    """The weights' hashes, by name; a name that is taken out is a missing model."""
    known = {"base": "1", "silero": "2", "resemblyzer": "3", "tiny": "4"}

    def digest(name):
        if name not in known:
            raise catalog.ModelUnavailable(name)
        return known[name]

    monkeypatch.setattr(catalog, "digest", digest)
    return known


@pytest.fixture(autouse=True)
def characters(monkeypatch, tmp_path):
    """The language model's file; another content is another folder, as digests are kept."""

    def write(content):
        folder = tmp_path / f"language{content}"
        folder.mkdir()
        (folder / "characters.npz").write_text(content)
        monkeypatch.setattr(provenance, "LANGUAGE", folder)

    write("1")
    return write


class Profile:
    """As much of a profile as a key is made of."""

    digest = "p"
    folder = Path("nowhere")
    glossary = ("城管",)


@pytest.mark.parametrize(
    ("section", "change", "heard", "judged"),
    [
        ("hear", {"beam_size": 2}, True, False),
        ("hear", {"compute_type": "float32"}, True, False),
        ("hear", {"whisper": "tiny"}, True, False),
        ("hear", {"language_weight": 0.2}, True, False),
        ("hear", {"punctuation": False}, True, False),
        ("hear", {"recognizer": "ctranslate2"}, True, False),
        ("hear", {"detector": "webrtc"}, True, False),
        ("judge", {"low_confidence": 0.5}, False, True),
        ("run", {"workers": 3}, False, False),
        ("run", {"limit_s": 1.0}, False, False),
        ("judge", {"low_confidence": 0.6}, False, False),  # the default, said again
    ],
)
def test_a_setting_changes_the_key_of_what_it_changes(section, change, heard, judged):
    old, new = load_config(), load_config(**{section: change})
    assert (hear_key(old, Profile) != hear_key(new, Profile)) is heard
    assert (judge_key(old, Profile) != judge_key(new, Profile)) is judged


@pytest.mark.parametrize("model", ["base", "silero", "resemblyzer"])
def test_other_bytes_of_a_model_change_the_hear_key(digests, model):
    before = hear_key(load_config(), Profile)
    digests[model] = "other"
    assert hear_key(load_config(), Profile) != before


def test_a_detector_that_is_not_used_is_not_asked_for(digests):
    del digests["silero"]
    assert hear_key(load_config(hear={"detector": "webrtc"}), Profile)


@pytest.mark.parametrize("model", ["base", "silero"])
def test_a_missing_model_is_named(digests, model):
    del digests[model]
    with pytest.raises(ModelMissing, match=model):
        hear_key(load_config(), Profile)


SOUND_ALONE = ({"language_weight": 0}, {"recognizer": "ctranslate2", "language_weight": 0})


def test_another_language_model_changes_the_hear_key(characters):
    before = hear_key(load_config(), Profile)
    characters("2")
    assert hear_key(load_config(), Profile) != before


def test_other_names_to_listen_for_change_the_hear_key(monkeypatch):
    before = hear_key(load_config(), Profile)
    monkeypatch.setattr(Profile, "glossary", ("城管", "住建"))
    assert hear_key(load_config(), Profile) != before


@pytest.mark.parametrize("hear", SOUND_ALONE)
def test_where_no_language_model_listens_neither_its_bytes_nor_names_count(
    characters, monkeypatch, hear
):
    before = hear_key(load_config(hear=hear), Profile)
    characters("2")
    monkeypatch.setattr(Profile, "glossary", ())
    assert hear_key(load_config(hear=hear), Profile) == before


@pytest.mark.parametrize("hear", SOUND_ALONE)
def test_a_missing_language_model_is_named_unless_none_listens(monkeypatch, hear):
    monkeypatch.setattr(provenance, "LANGUAGE", Path("nowhere") / "language")
    with pytest.raises(ModelMissing, match="language"):
        hear_key(load_config(), Profile)
    assert hear_key(load_config(hear=hear), Profile)


def test_another_profile_changes_the_judge_key(monkeypatch):
    before = judge_key(load_config(), Profile)
    monkeypatch.setattr(Profile, "digest", "q")
    assert judge_key(load_config(), Profile) != before


def test_another_classifier_changes_the_judge_key(monkeypatch, tmp_path):
    monkeypatch.setattr(Profile, "folder", tmp_path)
    keys = [judge_key(load_config(), Profile)]
    for content in (b"1", b"2"):
        monkeypatch.setattr(Profile, "folder", tmp_path / content.decode())
        folder = Profile.folder / "weights" / "scope"
        folder.mkdir(parents=True)
        (folder / "model.npz").write_bytes(content)
        keys.append(judge_key(load_config(), Profile))
    assert len(set(keys)) == 3


@pytest.mark.parametrize("version", ["HEAR_VERSION", "JUDGE_VERSION"])
def test_a_version_raised_by_hand_changes_its_key(monkeypatch, version):
    before = (hear_key(load_config(), Profile), judge_key(load_config(), Profile))
    monkeypatch.setattr(provenance, version, 99)
    after = (hear_key(load_config(), Profile), judge_key(load_config(), Profile))
    assert [old != new for old, new in zip(before, after, strict=True)] == [
        version == "HEAR_VERSION",
        version == "JUDGE_VERSION",
    ]


def test_canonical_json_does_not_depend_on_order():
    assert (
        canonical({"b": 1, "a": "字"}) == canonical({"a": "字", "b": 1}) == '{"a":"字","b":1}'
    )


def test_a_run_records_what_it_was_made_with():
    found = dict(made_with())
    assert found["python"].startswith("3.") and "numpy" in found and "device" in found
