"""An English page is English but for callers' words and what a city named itself."""

import ast
import re
from pathlib import Path

import pytest
from reviewing_calls import DOUBT, INSULT, THREAT, fill, reviewable

from pipeline.labels import word
from pipeline.web.told import told

HAN = re.compile("[\u4e00-\u9fff]")
# whose errors a page may show, and who writes why something is flagged
RAISING = (
    *("workbench/*.py", "web/pages/*.py", "appealing.py", "passwords.py", "reviewing.py"),
    *("store/users.py", "store/tokens.py", "store/search.py", "store/reviews.py"),
    *(
        "store/dispatches.py",
        "store/worklists.py",
        "store/retention.py",
        "store/queries.py",
        "decisions.py",
    ),
)
FLAGGING = ("stages/alerts.py", "stages/knowledge.py", "qa/items.py")


def sentence(node: ast.expr) -> str:
    """A literal, with a number in the place of what fills it."""
    if isinstance(node, ast.JoinedStr):
        return "".join(
            one.value if isinstance(one, ast.Constant) else "7" for one in node.values
        )
    return node.value if isinstance(node, ast.Constant) else ""


def sentences(patterns: tuple[str, ...], *, raised: bool) -> set[str]:
    found = set()
    for path in (path for one in patterns for path in Path("pipeline").glob(one)):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", "")
                if name == "Flag" or (raised and name in ("InputInvalid", "Overtaken")):
                    found |= set(map(sentence, node.args))
            elif (
                isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "reason"
            ):
                found.add(sentence(node.value))
    return {str(one) for one in found if HAN.search(str(one))}


@pytest.mark.parametrize(("where", "least"), [(RAISING, 40), (FLAGGING, 10)])
def test_each_sentence_of_the_program_has_its_english(where, least):
    said = sentences(where, raised=where is RAISING)
    assert len(said) >= least
    assert {one for one in said if HAN.search(told(one, "en"))} == set()


def test_what_the_default_profile_calls_things_has_its_english(profile):
    reasons = {item.reason for item in profile.qa} | set(profile.confidence.settles.values())
    names = {word(item.id, "en") for item in profile.qa}
    names |= {word(form.label, "en") for form in profile.ticket}
    told_en = {told(one, "en") for one in reasons}
    assert {one for one in told_en | names if HAN.search(one) or "_" in one} == set()
    assert told("来电人辱骂", "zh") == "来电人辱骂"


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("来电人、话务员辱骂", "Caller, Agent: insults"),
        (
            "承办单位拿不准：城管（62%）或供电（31%）。请核对：有没有说出任何诉求",
            "Department: not sure: Urban management (62%) or Electricity company (31%)."
            " Check: is anything asked for at all",
        ),
        (
            "音质：差（噪声大、丢包；电话频带）",
            "Sound: Poor (Noisy, Packet loss; Telephone band)",
        ),
        ("没有班次 早早班", "There is no shift 早早班"),  # typed by somebody
        ("结束语：依据不足，不下结论", "Too little to tell"),
        ("说的话不在目录里", "说的话不在目录里"),
    ],
)
def test_sentences_are_told_with_what_fills_them(said, english):
    assert told(said, "en") == english


def test_english_pages_hold_no_chinese_but_the_callers_and_the_city_s(office):
    shas = office.write(lambda store: fill(store, *map(reviewable, (INSULT, THREAT, DOUBT))))
    theirs = re.compile("中文|第.通|龙圣路[^<]*|来电人反映[^<]*|废物|您好[^<]*|请您[^<]*"
                        "|你们就是一帮|好的，再见|停水三天")  # fmt: skip
    paths = ("/review?show=abuse", "/review?show=other", *(f"/calls/{sha}" for sha in shas))
    for path in paths:
        browser = office.client("supervisor", follow=True)
        browser.cookies.set("lingsu-lang", "en")
        text = re.sub("<[^>]+>", "\n", browser.get(path).text)
        left = [line for line in theirs.sub("", text).splitlines() if HAN.search(line)]
        assert left == [], path
