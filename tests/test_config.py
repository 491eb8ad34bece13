"""The settings: defaults, a file over them, and what is refused."""

import pytest

from pipeline.config import load_config
from pipeline.errors import ConfigInvalid


def written(tmp_path, text):
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path):
    config = load_config(written(tmp_path, "[hear]\nbeam_size = 2\n"))
    assert (config.hear.beam_size, config.hear.batch_size) == (2, load_config().hear.batch_size)


def test_an_override_beats_the_file(tmp_path):
    path = written(tmp_path, "[run]\nworkers = 4\n")
    assert load_config(path, run={"workers": 1}).run.workers == 1


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[hear]\nwisper = "base"\n', "hear.wisper：没有这个设置"),
        ("[hear]\nbeam_size = 99\n", "hear.beam_size"),
        ("[heer]\nbeam_size = 2\n", "heer：没有这一节"),
        ("beam_size = 2\n", "beam_size：没有这一节"),
        ("[hear\n", "own.toml"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, named):
    with pytest.raises(ConfigInvalid) as refused:
        load_config(written(tmp_path, text))
    assert named in str(refused.value)


def test_an_unknown_key_lists_those_there_are(tmp_path):
    with pytest.raises(ConfigInvalid, match="whisper"):
        load_config(written(tmp_path, '[hear]\nwisper = "base"\n'))


def test_settings_never_change_after_loading():
    with pytest.raises(ValueError):
        load_config().hear.beam_size = 3
