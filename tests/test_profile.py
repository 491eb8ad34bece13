"""The profile: its own examples, falling back, what is refused, and the PBX's names."""

import re
import shutil

import pytest

from pipeline.domain import match, schema
from pipeline.domain import profile as profiles
from pipeline.domain.profile import HERE, contradictions, load_profile
from pipeline.errors import ProfileInvalid

UNIT = """
[[rule]]
id = "水"
name = "供水公司"
domain = "公用事业"
any = ['供水公司']
hit = ["转给供水公司"]
miss = ["转给城管"]
[[rule.topics]]
id = "水.停水"
name = "供水"
any = ['停水']
hit = ["停水了"]
miss = ["停电了"]
"""


@pytest.fixture
def city(tmp_path):
    """A folder that replaces departments.toml: city(text) -> its path."""

    def make(text: str) -> str:
        folder = tmp_path / "a_city"
        folder.mkdir(exist_ok=True)
        (folder / "departments.toml").write_text(text, encoding="utf-8")
        return str(folder)

    return make


def test_every_rule_hits_its_hit_and_misses_its_miss(profile):
    assert contradictions(profile) == []


def test_the_ids_of_each_files_rules_are_unique(profile):
    ids = [(file, rule.id) for file, rule in profile.rules()]
    assert len(ids) == len(set(ids))


def test_a_citys_file_replaces_the_default_one_as_a_whole(city, profile):
    own = load_profile(city(UNIT))
    assert [unit.id for unit in own.departments] == ["水"]
    assert own.scope == profile.scope and own.digest != profile.digest


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("any = ['停水']", "any = ['停水(']"), "水.停水"),
        (('hit = ["停水了"]', 'hit = ["断水了"]'), "断水了"),
        (('miss = ["停电了"]', 'miss = ["又停水"]'), "又停水"),
        (('name = "供水"', 'nmae = "供水"'), "departments.toml"),
        (("[[rule.topics]]", "[[other]]"), "rule"),
    ],
)
def test_a_wrong_entry_is_refused_by_name(city, change, named):
    with pytest.raises(ProfileInvalid, match=re.escape(named)):
        load_profile(city(UNIT.replace(*change, 1)))


def test_what_has_passed_is_not_checked_again_until_it_changes(city, tmp_path, monkeypatch):
    monkeypatch.setenv("LINGSU_CACHE", str(tmp_path / "cache"))
    ours, checks = city(UNIT), []
    monkeypatch.setattr(profiles, "contradictions", lambda profile: checks.append(1))
    for _ in range(2):
        load_profile.cache_clear()
        load_profile(ours)
    assert len(checks) == 1
    load_profile.cache_clear()
    load_profile(city(UNIT.replace("供水", "自来水")))
    assert len(checks) == 2


def test_what_is_wrong_is_refused_each_time(city, tmp_path, monkeypatch):
    monkeypatch.setenv("LINGSU_CACHE", str(tmp_path / "cache"))
    wrong = city(UNIT.replace("any = ['停水']", "any = ['停水(']", 1))
    for _ in range(2):
        with pytest.raises(ProfileInvalid, match="departments.toml"):
            load_profile(wrong)


def test_without_a_cache_profiles_are_checked_all_the_same(city, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("LINGSU_CACHE", str(tmp_path / "file"))
    assert load_profile(city(UNIT)).departments


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("closing = 2", "closing = 3"), "items sum to 11, not to 10"),
        (("closing = 2", "colsing = 2"), "opening: 'colsing'"),
        (("closing = 2", "reads_back = 2"), "order_quality: 'reads_back'"),
        (("minimum = 20", "minimum = 0"), "agents.minimum"),
        (('of = "abusive"', 'of = "rude"'), "adjustment.loads"),
    ],
)
def test_a_scorecard_that_does_not_add_up_is_refused_by_name(tmp_path, change, named):
    text = (HERE / "default" / "scorecard.toml").read_text(encoding="utf-8")
    (tmp_path / "scorecard.toml").write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(ProfileInvalid, match=re.escape(named)):
        load_profile(str(tmp_path))


def test_other_points_judge_nothing_again(tmp_path, profile):
    text = (HERE / "default" / "scorecard.toml").read_text(encoding="utf-8")
    changed = text.replace("least_points = 40", "least_points = 30")
    (tmp_path / "scorecard.toml").write_text(changed, encoding="utf-8")
    own = load_profile(str(tmp_path))
    assert own.scorecard.least_points == 30 and own.digest == profile.digest


ITEM = """
[[item]]
id = "thanks"
label = "道谢"
good = true
reason = "没有道谢"
when = { words = ["谢谢"] }
hit = ["谢谢您"]
miss = ["您好"]
"""


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("", ""), None),  # items of ours that the city does not have are no mistake of its
        (('hit = ["谢谢您"]', 'hit = ["感谢"]'), "qa.toml thanks: should hit '感谢'"),
        (('miss = ["您好"]', 'miss = ["谢谢"]'), "qa.toml thanks: should miss '谢谢'"),
        (('["谢谢"] }', '["谢谢"], within = { turns = 1 } }'), "qa.toml thanks: when.within"),
        (("when = ", 'due = { sees = ["thanks"] }\nwhen = '), "qa.toml thanks: no item"),
        (('hit = ["谢谢您"]', 'hit = [{ lines = ["甲: 谢谢"] }]'), "qa.toml thanks: hit"),
        (("good = true", 'measure = "wait"'), "qa.toml thanks"),
    ],
)
def test_a_quality_item_that_contradicts_itself_is_refused_by_name(tmp_path, change, named):
    (tmp_path / "qa.toml").write_text(ITEM.replace(*change, 1), encoding="utf-8")
    if named is None:
        assert [item.id for item in load_profile(str(tmp_path)).qa] == ["thanks"]
        return
    with pytest.raises(ProfileInvalid, match=re.escape(named)):
        load_profile(str(tmp_path))


def test_a_profile_that_is_nowhere_is_refused():
    with pytest.raises(ProfileInvalid, match="no profile"):
        load_profile("no_such_city")


def test_a_copy_of_the_default_folder_is_the_same_knowledge(tmp_path, profile):
    shutil.copytree(HERE / "default", tmp_path / "copy")
    assert load_profile(str(tmp_path / "copy")).digest == profile.digest


def test_every_reason_and_outcome_of_the_domain_has_a_rule(profile):
    codes = {rule.code for rule in profile.scope}
    assert codes == {"E1", "N1", *(f"O{n}" for n in range(1, 16))}
    assert all(rule.outcome in schema.OUTCOMES for rule in profile.scope)


def test_the_recorders_file_names_are_read(profile):
    found = re.match(profile.city.pbx.name_pattern, "20260714_081533_1007_13907750123_in")
    assert found and found.groupdict() == {
        "date": "20260714",
        "time": "081533",
        "agent_id": "1007",
        "caller_number": "13907750123",
        "direction": "in",
    }


@pytest.mark.parametrize("name", ["notes", "20260714_1007_in", "2026071_081533_1007_139_in"])
def test_other_file_names_are_not_read(profile, name):
    assert re.match(profile.city.pbx.name_pattern, name) is None


def test_the_headers_of_the_table_are_told_apart(profile):
    headers = [h.casefold() for names in profile.city.pbx.columns.values() for h in names]
    assert len(headers) == len(set(headers))


def test_shifts_cover_the_whole_day(profile):
    for region in profile.places:
        starts = [shift.start for shift in region.shifts]
        ends = [shift.end for shift in region.shifts]
        assert sorted(starts) == sorted(ends)


def test_no_township_names_two_districts_of_a_city(profile):
    for region in profile.places:
        places = [p for d in region.districts for p in (d.name, *d.aliases, *d.places)]
        assert len(places) == len(set(places))


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("ivr", "欢迎拨打包头12345，本次通话会被录音，咨询请按2"),
        ("agent", "您好，贵港12345热线，工号1015，请问有什么可以帮您"),
        ("agent", "给您登记好了，保持电话畅通，感谢致电"),
        ("caller", "我要投诉，我们小区的路灯坏了"),
        ("caller", "免贵姓莫，找我就拨这个号码就行"),
    ],
)
def test_words_tell_the_roles_apart(profile, who, said):
    city = profile.city
    rules = {"ivr": city.ivr, "agent": city.agent_words, "caller": city.caller_words}
    sums = {
        role: sum(rule.weight for rule in of if match.holds(rule, said))
        for role, of in rules.items()
    }
    assert max(sums, key=lambda role: sums[role]) == who


def test_the_glossary_holds_each_of_the_citys_names_once_and_no_single_character(profile):
    names = profile.glossary
    assert {"贵港市", "港北区"} <= set(names)
    assert any(rule.name in names for rule in profile.departments)
    assert list(names) == sorted(set(names))
    assert all(len(name) > 1 and name.isalpha() and not name.isascii() for name in names)
