"""`lingsu agents`, `lingsu rules test` and `lingsu appeal`: scores, rules tried, appeals.

cli.py joins them to `lingsu`; the same rules hold here.
"""

from typing import TYPE_CHECKING

import typer

from pipeline import asked, console
from pipeline import options as opt
from pipeline.scorecard import help

if TYPE_CHECKING:
    from pipeline.domain.profile import Profile
    from pipeline.store.store import Store

FIRST = 20  # calls that a trial lists
commands = typer.Typer()
rules = typer.Typer(help=help.RULES, no_args_is_help=True, rich_markup_mode=None)
appeal = typer.Typer(help=help.APPEAL, no_args_is_help=True, rich_markup_mode=None)


@commands.command(help=help.AGENTS)
def agents(
    db: opt.Db = opt.LINGSU_DB,
    profile: opt.ProfileName = "default",
    by: opt.GroupBy = "agent",
    shift: opt.Shifts = None,
    since: opt.Since = None,
    until: opt.Until = None,
    agent: opt.Agents = None,
    as_json: opt.AsJson = False,
    lang: opt.Lang = "zh",
) -> None:
    """Scores of agents or shifts."""
    from pipeline.domain.profile import load_profile
    from pipeline.labels import word
    from pipeline.scorecard import sheet
    from pipeline.scorecard.agents import standings

    city = load_profile(profile)
    chosen = asked.chosen(city, shift, since, until, agent)
    with asked.opened(db, readonly=True) as store:
        found = standings(store, chosen, city, by=by)
    if as_json:
        console.print_json(sheet.plain(found))
        return
    console.print_tables(sheet.agents_tables(found, city, by, lang))
    least, sure = city.scorecard.agents.minimum, city.scorecard.agents.confidence
    console.note(word("agents.note", lang).format(least, f"{sure:.0%}"))


@rules.callback()
def _rules() -> None:
    """Keeps `test` a word of its own while it is the only command."""


@rules.command(name="test", help=help.RULES_TEST)
def test(
    rule: opt.RuleName,
    db: opt.Db = opt.LINGSU_DB,
    rule_file: opt.RuleFile = None,
    first: opt.First = FIRST,
    profile: opt.ProfileName = "default",
    config: opt.ConfigFile = None,
    shift: opt.Shifts = None,
    since: opt.Since = None,
    until: opt.Until = None,
    agent: opt.Agents = None,
    as_json: opt.AsJson = False,
    lang: opt.Lang = "zh",
) -> None:
    """Try a QA rule on past calls."""
    from pipeline.scorecard import trial, trialsheet
    from pipeline.store import queries

    spec, city = asked.spec(config, profile, None)
    item, others = trial.rule(rule, city, rule_file)
    chosen = asked.chosen(city, shift, since, until, agent)
    with asked.opened(db, readonly=True) as store:
        results = queries.results(store, chosen, city.places, status="ok")
        least = spec.config.judge.low_confidence
        found = trial.tried(item, results, city, others=others, least=least)
    if as_json:
        console.print_json(trialsheet.plain(found, first))
    else:
        console.print_tables(trialsheet.tables(found, first, lang))


@appeal.command(name="file", help=help.APPEAL_FILE)
def file(
    call: opt.Id,
    item: opt.QaItem,
    reason: opt.Words,
    by: opt.By = None,
    db: opt.Db = opt.LINGSU_DB,
    profile: opt.ProfileName = "default",
    as_json: opt.AsJson = False,
    lang: opt.Lang = "zh",
) -> None:
    """File an appeal against a QA item."""
    from pipeline import appealing
    from pipeline.domain.profile import load_profile
    from pipeline.store import queries

    city = load_profile(profile)
    with asked.opened(db) as store:
        result = queries.result(store, call)
        who = by or asked.me()
        appealing.file(store, result, item, reason=reason, who=who, profile=city)
        _tell(store, result.call.recording.sha256, city, as_json=as_json, lang=lang)


@appeal.command(name="answer", help=help.APPEAL_ANSWER)
def answer(
    call: opt.Id,
    state: opt.Answered,
    item: opt.QaItem,
    reason: opt.Reason = None,
    to: opt.To = None,
    by: opt.By = None,
    db: opt.Db = opt.LINGSU_DB,
    profile: opt.ProfileName = "default",
    as_json: opt.AsJson = False,
    lang: opt.Lang = "zh",
) -> None:
    """Uphold, reject or withdraw an appeal."""
    from pipeline import appealing
    from pipeline.domain.profile import load_profile
    from pipeline.store import queries

    city, who = load_profile(profile), by or asked.me()
    with asked.opened(db) as store:
        result = queries.result(store, call)
        if state == "withdrawn":
            appealing.withdraw(store, result, item, who=who, profile=city)
        else:
            more = {"state": state, "reason": reason or "", "to": to or "pass"}
            appealing.answer(store, result, item, who=who, profile=city, **more)
        _tell(store, result.call.recording.sha256, city, as_json=as_json, lang=lang)


@appeal.command(name="list", help=help.APPEAL_LIST)
def listing(
    call: opt.MaybeId = None,
    everything: opt.Everything = False,
    db: opt.Db = opt.LINGSU_DB,
    profile: opt.ProfileName = "default",
    as_json: opt.AsJson = False,
    lang: opt.Lang = "zh",
) -> None:
    """List appeals."""
    from pipeline.domain.profile import load_profile
    from pipeline.store import queries

    city = load_profile(profile)
    with asked.opened(db, readonly=True) as store:
        sha = queries.full_id(store, call) if call else None
        _tell(store, sha, city, everything=everything, as_json=as_json, lang=lang)


def _tell(
    store: "Store",
    sha256: str | None,
    city: "Profile",
    *,
    everything: bool = False,
    as_json: bool,
    lang: str,
) -> None:
    """Every step of one call, or the last step of each appeal: of those open, or of all."""
    from pipeline import appealsheet
    from pipeline.store import appeals

    if sha256 is not None:
        found = appeals.of(store, sha256)
    else:
        found = appeals.latest(store, state=None if everything else appeals.OPEN)
    if as_json:
        console.print_json(appealsheet.plain(found))
    else:
        console.print_tables([appealsheet.steps(found, city, lang)])
