"""The commands of whoever looks after the machine: eval, train, eval-text, models, doctor.

Second half of cli.py, which joins them to `lingsu`; the same rules hold here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from pipeline import asked, console, feedback, helptext
from pipeline import options as opt
from pipeline.errors import InputInvalid, ModelMissing

commands = typer.Typer()
models = typer.Typer(help=helptext.MODELS, no_args_is_help=True, rich_markup_mode=None)


@commands.command("eval", help=helptext.EVAL)
def evaluate(
    labels: opt.Labels,
    db: opt.Db = opt.LINGSU_DB,
    reference: opt.Reference = False,
    worst: opt.Worst = 0,
    curve: opt.Curve = None,
    profile: opt.ProfileName = "default",
    config: opt.ConfigFile = None,
    as_json: opt.AsJson = False,
    lang: opt.Lang = "zh",
) -> None:
    """Compare results with labels."""
    from pipeline.labels import word
    from pipeline.report import evaluation_tables
    from pipeline.tools import Tools
    from pipeline.training.curve import write_curves
    from pipeline.training.evaluate import evaluate as compare
    from pipeline.training.reference import judge_reference, stored_rows
    from pipeline.training.sheet import calibration_tables

    spec, city = asked.spec(config, profile, None)
    if reference:
        judged = judge_reference(labels, Tools(spec.config, city))
        found = compare(labels, judged, error=city.confidence.of)
    else:
        with asked.opened(db, readonly=True) as store:
            found = compare(labels, stored_rows(store, city), error=city.confidence.of)
    if as_json:
        console.print_json(found.as_json())
    else:
        console.print_tables(evaluation_tables(found, worst, lang))
        console.print_tables(calibration_tables(found.calibration, lang))
    if curve:
        console.note(word("curve", lang).format(write_curves(curve, found.calibration)))


@commands.command(help=helptext.TRAIN)
def train(
    task: opt.MaybeTask = None,
    data: opt.MaybeData = None,
    from_reviews: opt.FromReviews = False,
    db: opt.Db = opt.LINGSU_DB,
    profile: opt.ProfileName = "default",
    out: opt.WeightsFolder = None,
    dev: opt.Dev = None,
    text: opt.TextColumn = None,
    label: opt.LabelColumn = None,
    recipe: opt.Recipe = None,
    any_label: opt.AnyLabel = False,
    source: opt.Source = None,
    licence: opt.Licence = None,
    encoder: opt.Encoder = None,
    epochs: opt.Epochs = 3,
    error: opt.ErrorRate = 0.05,
    seed: opt.Seed = 0,
    as_json: opt.AsJson = False,
    lang: opt.Lang = "zh",
) -> None:
    """Train a small text classifier, or the one of whole calls from reviews."""
    if from_reviews:
        others = (task, data, dev, text, label, recipe, source, licence, encoder)
        if any(one is not None for one in others):
            raise InputInvalid("--from-reviews 只与 --db、--profile、--out、--seed 同用")
        feedback.learn(db, profile, out, seed=seed, as_json=as_json, lang=lang)
        return
    if task is None or data is None:
        raise InputInvalid("请写出 TASK 和 DATA，或用 --from-reviews 从复核学")
    from pipeline.domain.profile import load_profile
    from pipeline.training import sheet
    from pipeline.training.combine import tuning
    from pipeline.training.dataset import read_recipe
    from pipeline.training.tasks import weights_folder
    from pipeline.training.train import Settings
    from pipeline.training.train import train as fit

    if any_label and out is None:
        raise InputInvalid("--any-label 只作测量，研判用不了：请用 --out 另指文件夹")
    city = load_profile(profile)
    folder = out or weights_folder(task, city)
    given = {"text": text, "label": label, "source": source, "licence": licence}
    rule = read_recipe(recipe, **given, any_label=any_label or None)
    with console.steps(lang) as report:
        trained = fit(
            task, data, folder,
            profile=city, recipe=rule, dev=dev,
            settings=Settings(error=error, seed=seed), report=report,
            tunings=[tuning(one, epochs) for one in encoder or ()],
        )  # fmt: skip
    if as_json:
        console.print_json(sheet.plain(trained))
    else:
        console.print_tables(sheet.trained_tables(trained, lang))
    for line in sheet.what_next(trained, city, profile, lang):
        console.note(line)


@commands.command("eval-text", help=helptext.EVAL_TEXT)
def eval_text(
    task: opt.Task,
    data: opt.Labelled,
    profile: opt.ProfileName = "default",
    text: opt.TextColumn = None,
    label: opt.LabelColumn = None,
    recipe: opt.Recipe = None,
    any_label: opt.AnyLabel = False,
    weights: opt.MeasuredWeights = None,
    error: opt.ErrorRate = 0.05,
    seed: opt.Seed = 0,
    plot: opt.Plot = None,
    as_json: opt.AsJson = False,
    lang: opt.Lang = "zh",
) -> None:
    """Measure a classifier on labelled texts."""
    from pipeline.domain.profile import load_profile
    from pipeline.training import sheet
    from pipeline.training.curve import write_plots
    from pipeline.training.dataset import read_recipe
    from pipeline.training.evaltext import evaluate_texts

    rule = read_recipe(recipe, text=text, label=label, any_label=any_label or None)
    city = load_profile(profile)
    with console.steps(lang) as report:
        found = evaluate_texts(
            task, data,
            profile=city, recipe=rule, weights=weights, error=error, seed=seed, report=report,
        )  # fmt: skip
    if as_json:
        console.print_json(sheet.plain(found))
    else:
        console.print_tables(sheet.measured_tables(found, lang))
    drawn = write_plots(plot or Path(f"reliability-{task}.svg"), task, found.figures)
    for line in sheet.remarks(found, drawn, lang):
        console.note(line)


@models.command("list", help=helptext.MODELS_LIST)
def models_list(as_json: opt.AsJson = False) -> None:
    """Print the models that are known."""
    from dataclasses import asdict

    from models import catalog
    from pipeline.report import models_table

    entries = catalog.listing()
    if as_json:
        console.print_json([asdict(entry) for entry in entries])
    else:
        console.print_tables([models_table(entries)])


@models.command("pull", help=helptext.MODELS_PULL)
def models_pull(name: opt.ModelName, mirror: opt.Mirror = None) -> None:
    """Fetch a model."""
    from models import catalog, fetch

    with _refused():
        model = catalog.find(name)
    if model.licence:
        console.note(f"{name}：许可证 licence {model.licence}")
    with _refused(), console.download() as told:
        where = fetch.pull(name, mirror=mirror, progress=told)
    console.note(f"{name}：{where}")


@models.command("add", help=helptext.MODELS_ADD)
def models_add(path: opt.ModelPath, name: opt.NewName = None) -> None:
    """Register local weights."""
    from models import catalog

    with _refused():
        entry = catalog.add(path, name)
    console.note(f"已登记 {entry.name}：{entry.where}")


@commands.command(help=helptext.DOCTOR)
def doctor(db: opt.MaybeDb = None, config: opt.ConfigFile = None) -> None:
    """Check the machine."""
    from pipeline.config import load_config
    from pipeline.doctor import checks
    from pipeline.report import checks_table

    found = checks(config=load_config(config), db=db)
    console.print_tables([checks_table(found)])
    raise typer.Exit(0 if all(check.ok for check in found) else 1)


@contextmanager
def _refused() -> Iterator[None]:
    """What models/ cannot do becomes an error of ours, which the border prints."""
    from models.base import ModelUnavailable

    try:
        yield
    except ModelUnavailable as error:
        raise ModelMissing(str(error)) from error
