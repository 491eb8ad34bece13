"""Scores: what counts, fatal items, the human score apart; agents, intervals, satisfaction."""

import json
from dataclasses import replace

import pytest
from faking import answer
from shiftcalls import stored
from typer.testing import CliRunner

import cli
from pipeline.records import Abuse, Flag, Metadata, Scope
from pipeline.scorecard.agents import compared, standings
from pipeline.scorecard.card import card, plain, score
from pipeline.scorecard.intervals import of_mean, of_share
from pipeline.scorecard.satisfaction import rated, read
from pipeline.shifts import Selection
from pipeline.store import reviews
from pipeline.store.facts import Facts
from pipeline.store.reviews import Review
from pipeline.store.store import Store

SHA = "0" * 64


@pytest.fixture
def verdicts(profile):
    """Every item with points passed, but for those given."""

    def make(**but):
        return dict.fromkeys(profile.scorecard.points, "pass") | but

    return make


def flags(made: dict[str, str]) -> tuple[Flag, ...]:
    return tuple(Flag(item, verdict) for item, verdict in made.items())


def facts(number: int, made: dict[str, str], agent: str | None = "1007", **given) -> Facts:
    known = {name: given.pop(name) for name in ("shift", "satisfaction") if name in given}
    told = {"outcome": "accept_dispatch", "reason": None, "request_type": "投诉"} | given
    told |= {"department": None, "urgency": "一般", "emotion": "平静"}
    metadata = Metadata(agent_id=agent, **known)
    told = {"status": "ok", "abuse": "none"} | told
    return Facts(f"{number:064x}", metadata, 60.0, verdicts=made, **told)


def test_the_parts_of_the_default_scorecard_make_100_points(profile):
    assert sum(part.points for part in profile.scorecard.parts) == 100
    assert [part.points for part in profile.scorecard.parts] == [10, 25, 15, 20, 25, 5]


def test_what_passed_counts_and_what_did_not_apply_leaves_the_denominator(verdicts, profile):
    assert score(verdicts(), profile).value == 100
    assert score(verdicts(closing="fail"), profile).value == 98
    beside = score(verdicts(closing="fail", greeting="not_applicable"), profile)
    assert (beside.earned, beside.of, beside.value) == (96, 98, 98.0)
    unsure = score(verdicts(reads_back="insufficient_evidence"), profile)
    assert (unsure.of, unsure.value) == (94, 100.0)


def test_a_few_items_make_no_score(profile):
    made = score({"greeting": "pass", "closing": "fail"}, profile)
    assert (made.value, made.earned, made.of) == (None, 2, 4)
    assert score({}, profile).value is None


@pytest.mark.parametrize(
    ("item", "value"),
    [
        ("insults_caller", 0),
        ("leaks_data", 0),
        ("alters_nature", 0),
        ("emergency_missed", 0),
        ("hangs_up_on_caller", 0),
        ("rude_agent", 98),  # curt, impatient: it costs points and no more
        ("forbidden_phrase", 95),
    ],
)
def test_a_fatal_item_makes_0_and_others_cost_their_points(verdicts, profile, item, value):
    made = score(verdicts(**{item: "fail"}), profile)
    assert made.value == value
    assert made.fatal == ((item,) if value == 0 else ())


def test_a_persons_decision_changes_the_human_score_only(verdicts, profile):
    judged = flags(verdicts(closing="fail", greeting="fail"))
    people = [
        Review(SHA, "张三", "change", "qa.closing", "fail", "pass"),
        Review(SHA, "张三", "reject", "qa.greeting", "fail", None, "没听清"),
        Review(SHA, "张三", "change", "department", "城管", "供电"),
    ]
    made = card(judged, profile, people)
    assert (made.machine.value, made.human.value, made.human.of) == (96.0, 100.0, 98)
    by_item = {line.item: (line.verdict, line.human) for line in made.lines}
    assert by_item["closing"] == ("fail", "pass")
    assert by_item["greeting"] == ("fail", "insufficient_evidence")
    assert card(judged, profile, people[2:]).human is None


def test_a_person_takes_a_fatal_item_back(verdicts, profile):
    judged = flags(verdicts(leaks_data="fail"))
    people = [Review(SHA, "张三", "change", "qa.leaks_data", "fail", "pass")]
    made = card(judged, profile, people)
    assert (made.machine.value, made.human.value) == (0.0, 100.0)


def test_alerts_are_no_items_and_a_text_has_no_card(profile):
    assert card((Flag("emergency", "fail", "alert"),), profile) is None


def test_a_card_on_paper_adds_up_part_by_part(verdicts, profile):
    judged = flags(verdicts(closing="fail", long_wait="fail", greeting="not_applicable"))
    paper = plain(card(judged, profile), profile)
    parts = {part["part"]: part for part in paper["parts"]}
    assert (parts["opening"]["earned"], parts["opening"]["of"]) == (6, 8)
    assert [one["item"] for one in parts[""]["items"]] == ["long_wait"]
    assert sum(part["earned"] for part in paper["parts"]) == paper["machine"]["earned"]


def test_intervals_of_a_mean_and_a_share():
    few, many = of_mean([80, 90, 100, 70, 60], 0.95), of_mean([80, 90, 100, 70, 60] * 8, 0.95)
    assert few.value == many.value == 80
    assert (round(few.low, 1), round(few.high, 1)) == (60.4, 99.6)  # t(4) = 2.776
    assert many.high - many.low < few.high - few.low
    assert of_mean([90.0], 0.95) is None
    share = of_share(1, 10, 0.95)
    assert (round(share.low, 3), round(share.high, 3)) == (0.018, 0.404)  # Wilson
    assert of_share(0, 0, 0.95) is None and of_share(0, 5, 0.95).low == 0


def test_five_calls_do_not_rank_a_person(verdicts, profile):
    good, bad = verdicts(), verdicts(greeting="fail", reads_back="fail")
    calls = [facts(n, (good, bad)[n % 2], "many") for n in range(40)]
    calls += [facts(100 + n, bad, "few") for n in range(5)]
    many, few = compared(calls, profile, {})
    assert (many.agent, many.rank, many.against, many.scored) == ("many", 1, "alike", 40)
    assert (few.agent, few.rank, few.against, few.mean) == ("few", None, None, 92.0)
    assert few.score.n == 5


def test_lower_than_all_is_said_where_the_interval_says_so(verdicts, profile):
    good, bad = verdicts(), verdicts(greeting="fail", reads_back="fail")
    calls = [facts(n, good if n % 10 else bad, "a") for n in range(60)]
    calls += [facts(100 + n, bad if n % 10 else good, "b") for n in range(30)]
    first, second = compared(calls, profile, {})
    assert (first.agent, first.against, second.agent, second.against) == (
        *("a", "above"),
        *("b", "below"),
    )
    assert (first.rank, second.rank) == (1, 2)
    assert second.failed[0] == ("reads_back", 27, 30)  # 6 points cost more than 2


def test_agents_and_shifts_are_told_apart(verdicts, profile):
    made = verdicts()
    calls = [
        facts(1, made, "a", shift="早班"),
        facts(2, made, "a", shift="晚班"),
        facts(3, made, "b", shift="晚班"),
        facts(4, made, None, shift="晚班"),  # nobody's: of a shift all the same
    ]
    by = {key: compared(calls, profile, {}, by=key) for key in ("agent", "shift", "both")}
    assert [(one.agent, one.calls) for one in by["agent"]] == [("a", 2), ("b", 1)]
    assert [(one.shift, one.calls) for one in by["shift"]] == [("早班", 1), ("晚班", 3)]
    assert [(one.agent, one.shift) for one in by["both"]] == [
        *(("a", "早班"), ("a", "晚班")),
        ("b", "晚班"),
    ]


def test_a_store_tells_the_machines_and_the_human_score_apart(tmp_path, verdicts, profile):
    made = answer(1, "agent: 您好", agent_id="1007", satisfaction="满意")
    judged = flags(verdicts(leaks_data="fail"))
    scope, abuse = Scope("refer"), Abuse("mild", ("caller",))
    call = replace(made.call, flags=judged, scope=scope, abuse=abuse)
    path = stored(tmp_path / "calls.db", replace(made, call=call))
    with Store.open(path) as store:
        (before,) = standings(store, Selection(), profile)
        sha = made.call.recording.sha256
        reviews.add(store, Review(sha, "张三", "change", "qa.leaks_data", "fail", "pass"))
        (after,) = standings(store, Selection(), profile)
    assert (before.mean, before.human, before.fatal) == (0.0, None, 1)
    assert (after.mean, after.human, after.fatal, after.reviewed) == (0.0, 100.0, 0, 1)
    assert (after.satisfaction.raw, after.satisfaction.abusive.value) == (4.0, 1.0)


def test_the_command_shows_raw_satisfaction_before_the_adjusted(tmp_path, verdicts, profile):
    made = answer(1, "agent: 您好", agent_id="1007", satisfaction="3", shift="行政班")
    call = replace(made.call, flags=flags(verdicts(closing="fail")), scope=Scope("refer"))
    path = stored(tmp_path / "calls.db", replace(made, call=call))
    shown = CliRunner().invoke(cli.app, ["agents", "--by", "both", "--db", str(path)])
    (line,) = [one for one in shown.stdout.splitlines() if "98.0" in one]
    assert "1007" in line and "行政班" in line and "通数太少" in line and "closing" not in line
    assert shown.stdout.index("3.00") < shown.stdout.index("3.50")
    told = CliRunner().invoke(cli.app, ["agents", "--json", "--db", str(path)])
    (one,) = json.loads(told.stdout)
    assert (one["mean"], one["score"], one["rank"]) == (98.0, None, None)
    assert one["failed"] == [{"item": "closing", "failed": 1, "decided": 1}]


@pytest.mark.parametrize(
    ("text", "value"),
    [("5", 5), ("满意", 4), (" 非常不满意 ", 1), ("9", None), ("没按", None), ("4.5", 4.5)],
)
def test_what_callers_pressed_is_read_by_the_profile(profile, text, value):
    assert read(text, profile.scorecard.satisfaction) == value


def test_satisfaction_is_adjusted_by_what_no_agent_can_help(profile):
    """refused: 4 of 10, 0.29 over the usual 0.11; abuse: 1 of 10, 0.08 over 0.02, twice."""
    calls = [
        facts(n, {}, satisfaction="3", outcome="refer" if n < 4 else "answer_now")
        for n in range(9)
    ]
    calls.append(facts(9, {}, satisfaction="没按", abuse="severe", abusers=("caller",)))
    made = rated(calls, profile.scorecard)
    assert (made.raw, made.answers, made.unread) == (3.0, 9, 1)
    assert made.adjusted == pytest.approx(3.0 + 0.29 + 2 * 0.08)
    assert made.out_of_scope.value == 0.4


def test_the_adjustment_has_a_limit_and_the_scale_an_end(profile):
    refused = [facts(n, {}, satisfaction="3", outcome="refer") for n in range(10)]
    assert rated(refused, profile.scorecard).adjusted == 3.5
    happy = [facts(n, {}, satisfaction="5", outcome="refer") for n in range(10)]
    assert rated(happy, profile.scorecard).adjusted == 5.0
    nobody = rated([facts(1, {})], profile.scorecard)
    assert (nobody.raw, nobody.adjusted) == (None, None)


def test_an_agent_who_swears_himself_is_not_pitied_for_it(profile):
    own = facts(1, {}, satisfaction="2", abuse="severe", abusers=("agent",))
    made = rated([own], profile.scorecard)
    assert (made.abusive.value, made.adjusted) == (0.0, 2.0)
