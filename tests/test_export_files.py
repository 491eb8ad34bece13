"""The small parts of an export: whole files, safe names, harmless cells, layouts."""

import pytest

from pipeline.export.files import safe_stem, whole_file
from pipeline.export.heard import audio
from pipeline.export.tables import cell
from pipeline.records import Recording, Sound


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("-2+3", "'-2+3"),
        ("@SUM(1)", "'@SUM(1)"),
        (" +1", "' +1"),
        ("＝1+1", "'＝1+1"),
        ("路灯=坏", "路灯=坏"),
        (-2.5, -2.5),
        (None, ""),
        ("a\x1b[31m", "a�[31m"),
    ],
)
def test_a_cell_is_never_a_formula(value, shown):
    assert cell(value) == shown


def test_a_file_is_whole_or_not_there(tmp_path):
    out = tmp_path / "calls.jsonl"
    out.write_text("yesterday")
    with pytest.raises(ZeroDivisionError), whole_file(out) as handle:
        handle.write(b"half")
        1 / 0  # noqa: B018
    assert out.read_text() == "yesterday"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    ("sound", "channels", "layout"),
    [
        (Sound("mono"), 1, "mono_mix"),
        (Sound("dual_mono"), 2, "mono_mix"),
        (Sound("stereo", 0), 2, "agent_left"),
        (Sound("stereo", None), 2, None),
        (Sound("one_sided", 1), 2, "agent_right"),
        (Sound(), 0, None),
    ],
)
def test_layout_says_where_the_agent_is(sound, channels, layout):
    assert audio(Recording("0" * 64, "a.wav", channels=channels), sound)["layout"] == layout


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("a.wav", "a"),
        ("-rf a/b.wav", "rf_a_b"),
        ("两\n行.mp3", "两_行"),
        (".wav", "wav"),
        ("长" * 250 + ".wav", "长" * 40),
    ],
)
def test_safe_stem_fits_any_file_system(name, stem):
    assert safe_stem(name) == stem
