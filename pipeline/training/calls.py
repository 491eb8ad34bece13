"""Trains the classifier of whole calls (models/calls.py) on labelled calls.

Each call goes through JUDGE's rules first: what they summed to are features beside the words.
Members, temperatures and thresholds as for texts (blend.py, coverage.py), but folds never split
the calls of one writer. `python -m pipeline.training.calls DIALOGUES --out FOLDER` makes the
shipped weights.
"""

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.bag import Bag
from models.calls import WHOLE, CallClassifier, Head, Reader, Reading
from models.linear import FILE, quantized
from pipeline.config import load_config
from pipeline.console import note, print_json
from pipeline.domain.profile import load_profile
from pipeline.export.files import whole_file
from pipeline.plan import JUDGE
from pipeline.provenance import JUDGE_VERSION, key
from pipeline.records import Call
from pipeline.stage import process
from pipeline.stages.normalize import normalize
from pipeline.stages.settle import TASKS, settle, told, weighed
from pipeline.tools import Tools
from pipeline.training import callfigures
from pipeline.training.blend import blend, summed, temperature
from pipeline.training.coverage import learnt
from pipeline.training.dialogues import Example, read_dialogues
from pipeline.training.features import features
from pipeline.training.members import weights
from pipeline.training.resume import Steps

LONGEST = 3  # characters an n-gram: four gain nothing on calls
LEAST = 8  # calls a label; with fewer the rules alone know it
LEAST_SIGNS = 5  # calls a sign
LEAST_IN_VIEW = 10  # calls an n-gram of a view; 5 make twice the features and gain nothing
# Views that only these look at: elsewhere they cost more than they tell.
EDGES = {"opening": ("emotion_start",), "ending": ("emotion_end",)}
# Of the logarithm of a label's share, taken off its logit: the dialogues are calmer and more
# often taken than calls, and members of a margin shun rare labels. 0.4 to 0.6 are alike.
RARER = 0.5
LEAST_KNOWN = 0.3  # share of n-grams: gibberish and other languages stay below
RULES = (normalize, *(stage for stage in JUDGE if stage is not settle))


@dataclass(frozen=True, slots=True)
class Fitted:
    """The classifier, and what each head says of calls it had not seen."""

    model: CallClassifier
    logits: Mapping[str, np.ndarray]  # task -> (calls, labels); nan where the call has no label


def fit(examples: Sequence[Example], tools: Tools, steps: Steps, *, seed: int = 0) -> Fitted:
    """The classifier of these calls; the same calls and seed give the same model.

    Raises InputInvalid where no n-gram stands in enough calls.
    """
    steps.tell("rules")
    judged = [process(example.call, RULES, tools).call for example in examples]
    reader = _reader(judged)
    rows = _rows(reader, judged)
    able = {task: _able(task, examples) for task in TASKS}
    made = {
        task: _head(task, examples, rows, able[task], reader, steps=steps, seed=seed)
        for task in TASKS
        if len({examples[i].labels[task] for i in able[task]}) > 1
    }
    heads = {task: head for task, (head, _) in made.items()}
    model = CallClassifier(reader, heads, origin=origin(examples))
    return Fitted(model, {task: logits for task, (_, logits) in made.items()})


def origin(examples: Sequence[Example]) -> str:
    """SHA-256 of the words and labels."""
    rows = [[[t.text for t in e.call.turns], dict(e.labels)] for e in examples]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def _reader(judged: Sequence[Call]) -> Reader:
    """N-grams and signs that enough of the calls share."""
    texts = [told(call) for call in judged]
    held = features([text[WHOLE] for text in texts], longest=LONGEST)
    idf = held.idf.astype(np.float32).astype(np.float16)  # as its file gives it back
    bag = Bag(held.vocabulary, idf, longest=LONGEST)
    often = {view: np.zeros(len(bag), dtype=np.int64) for view in texts[0] if view != WHOLE}
    for text in texts:
        for view, calls in often.items():
            calls[list(bag.count(text[view])[0])] += 1
    views = {view: np.flatnonzero(calls >= LEAST_IN_VIEW) for view, calls in often.items()}
    signs = Counter(name for call in judged for name in weighed(call))
    known = sorted(name for name, calls in signs.items() if calls >= LEAST_SIGNS)
    whole = {WHOLE: np.arange(len(bag))}
    return Reader(bag, whole | views, known, least_known=LEAST_KNOWN)


def _rows(reader: Reader, judged: Sequence[Call]) -> Any:
    """The calls as the classifier will read them, scipy CSR, (calls, features)."""
    from scipy.sparse import csr_matrix

    read = [reader.read(told(call), weighed(call)) for call in judged]
    some = [one or Reading(np.array([], dtype=np.int64), np.array([])) for one in read]
    ends = np.cumsum([0, *(len(one.rows) for one in some)])
    values = np.concatenate([one.values for one in some]).astype(np.float64)
    columns = np.concatenate([one.rows for one in some])
    return csr_matrix((values, columns, ends), shape=(len(some), len(reader)))


def _able(task: str, examples: Sequence[Example]) -> list[int]:
    """The calls whose label of this task enough calls bear."""
    often = Counter(example.labels.get(task) for example in examples)
    labels = [example.labels.get(task) for example in examples]
    return [i for i, label in enumerate(labels) if label and often[label] >= LEAST]


def _head(
    task: str,
    examples: Sequence[Example],
    rows: Any,
    able: Sequence[int],
    reader: Reader,
    *,
    steps: Steps,
    seed: int,
) -> tuple[Head, np.ndarray]:
    """One head, and its logits of each call by members that had not seen the writer's calls."""
    names, wanted = np.unique([examples[i].labels[task] for i in able], return_inverse=True)
    groups = [examples[i].group for i in able]
    looked = reader.columns(view for view in reader.views if task in EDGES.get(view, TASKS))
    own = rows[able][:, looked]
    found = blend(own, wanted, steps, seed, groups=groups, name=task)
    whole = steps.do(
        f"{task}-whole",
        lambda: summed(
            [weights(member, own, wanted, seed) for member in found.members], found.divisors
        ),
    )
    lean = -RARER * np.log(np.bincount(wanted) / len(wanted))
    leaning = found.logits + lean
    fine = _forgiven([examples[i] for i in able], task, names, leaning.argmax(axis=1), wanted)
    last = temperature(leaning, fine)
    every = np.zeros((len(reader), len(names)))
    every[looked] = whole[:-1] / last
    matrix, scale = quantized(every)
    logits = np.full((len(examples), len(names)), np.nan)
    logits[able] = leaning / last
    certainty = learnt(logits[able], fine)
    head = Head(tuple(names.tolist()), matrix, scale, (whole[-1] + lean) / last, certainty)
    return head, logits


def _forgiven(
    examples: Sequence[Example],
    task: str,
    names: np.ndarray,
    given: np.ndarray,
    wanted: np.ndarray,
) -> np.ndarray:
    """The wanted labels; where another one is given that would be right as well, that one."""
    fine = [names[g] in e.accepted.get(task, ()) for g, e in zip(given, examples, strict=True)]
    return np.where(fine, given, wanted)


def main() -> None:
    """Train on dialogues and write the weights; prints how right each decision is, as JSON."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("dialogues", type=Path)
    options.add_argument("--out", type=Path, required=True)
    asked = options.parse_args()
    examples = read_dialogues(asked.dialogues)
    profile = load_profile()
    tools = Tools(load_config(), profile)
    steps = Steps(
        asked.out, 1 + 4 * len(TASKS), lambda done, of, name: note(f"{done}/{of} {name}")
    )
    steps.resume(key("calls", JUDGE_VERSION, profile.digest, origin(examples)))
    fitted = fit(examples, tools, steps)
    with whole_file(asked.out / FILE) as file:
        fitted.model.write(file)
    steps.clear()
    heads = fitted.model.heads
    for task, logits in fitted.logits.items():
        print_json(callfigures.told(task, heads[task], logits, examples))
    if "scope" in heads:
        print_json(callfigures.outside(heads["scope"], fitted.logits["scope"], examples))


if __name__ == "__main__":
    main()
