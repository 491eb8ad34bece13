"""Beam search over Whisper's tokens, led by the sound and helped by a language model.

Used by whisper_torch.py. Most of Whisper's errors in Mandarin are homophones (城馆 for 城管):
the sound leaves several characters open, and the language model chooses among them, and only
among them. It is asked about every candidate within `REACH` of the best by sound; numbers
and negations have to be within `TIGHT`, since a fluent wrong number is worse than an odd one,
and against other syllables a negation neither comes nor goes (不, 把; but 不对, 部队). How
much of what the sound prefers counts stands in evidence.py.
All windows of a batch take a step together; a window's text never depends on the others.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import torch

from models.base import LanguageModel
from models.evidence import begin_alike, evidence
from models.vocabulary import Vocabulary
from models.whisper_net import Memory, Network, Sound

CANDIDATES = 12  # tokens looked at after each hypothesis
REACH = 5.0  # nats by which the sound may prefer another token (tuned on 24 calls)
TIGHT = 1.0  # nats for numbers and negations; between a negation and other syllables: none
PRUNE = 6.0  # nats behind the best hypothesis of its window: given up
LEAST = -8.0  # a name that the language model never saw costs no more than this
USUAL = 5.5  # nats added a character: the model must not prefer to skip what is rare
MAX_TOKENS = 224  # 15 s of fast Mandarin are 100 tokens
# A stretch said over and over is a loop of the recognizer, not of the speaker.
LOOP = re.compile(r"(.{4,16}?)\1\1$|(.{2,3}?)\2{4}$|(.)\3{9}$")
STRETCH, FEW = 16, 3  # so many characters of so few: a loop with changes (喇叭喇叭的喇叭)
FEWER = 0.75  # of the windows of a batch that are still being written: the rest is let go
LOOKS_BACK = 48  # characters
NOTHING = -99.0  # log-probability of a text that was not found


@dataclass(slots=True)
class Hypothesis:
    """One way to write a window down."""

    tokens: tuple[int, ...] = ()
    score: float = 0.0
    sound: tuple[float, ...] = ()  # log-probability of each token
    instead: tuple[int, ...] = ()  # what the sound alone preferred; the token itself if that
    margins: tuple[float, ...] = ()  # by how much, in nats
    end: float = 0.0  # log-probability of ending here
    past: tuple[int, ...] = ()  # columns of the memory that it has written
    rest: bytes = b""  # of a character whose bytes are not complete
    since: float = 0.0  # log-probability of `rest`
    rivals: dict[str, float] = field(default_factory=dict)  # what could stand in its place
    text: str = ""  # letters and digits only
    context: str = "^"  # what the language model reads

    @property
    def clarity(self) -> float:
        """Mean log-probability of its tokens and its end by the sound; very low without any."""
        if not self.tokens:
            return NOTHING
        return (sum(self.sound) + self.end) / (len(self.sound) + 1)


class Candidate(NamedTuple):
    """A token that may follow a hypothesis."""

    score: float  # of the hypothesis with it
    hypothesis: Hypothesis
    token: int
    sound: float  # log-probability
    instead: int  # what the sound alone preferred
    margin: float  # by how much
    rivals: dict[str, float]  # reading -> the best log-probability of what is read so


class BeamSearch:
    """Finds the best text of each window of a batch."""

    def __init__(
        self,
        network: Network,
        vocabulary: Vocabulary,
        *,
        beam_size: int,
        language: LanguageModel | None,
        weight: float,
    ) -> None:
        """language: None leaves the words to the sound alone; weight: beside the sound's."""
        self._network, self._vocabulary = network, vocabulary
        self._beam_size, self._weight = beam_size, weight
        self._language = language if weight else None
        self._barred = torch.zeros(len(vocabulary))
        self._barred[list(vocabulary.suppressed)] = -torch.inf
        self._barred_first = self._barred.clone()
        self._barred_first[list(vocabulary.suppressed_first)] = -torch.inf

    def __call__(self, sounds: Sequence[Sound]) -> list[Hypothesis]:
        """The best hypothesis of each window."""
        count = len(sounds)
        search = _Batch(count, Memory(count, self._network), sounds)
        logits = self._prompt(search)
        barred = self._barred_first
        for position in range(len(self._vocabulary.start), MAX_TOKENS):
            scores = torch.log_softmax(logits + barred, -1)
            self._grow(search, *(t.numpy() for t in scores.topk(CANDIDATES)))
            barred = self._barred
            search.retire(self._beam_size, self._final)
            if not search.live:
                break
            logits = search.step(self._network, position, rows=self._beam_size)
        return search.best()

    def _prompt(self, search: "_Batch") -> torch.Tensor:
        count = len(search.live)
        for position, token in enumerate(self._vocabulary.start):
            tokens = torch.full((count, 1), token)
            sees = torch.ones(count, 1, position + 1, dtype=torch.bool)
            logits = self._network.step(tokens, position, search.memory, search.sounds, sees)
        search.live = [[Hypothesis(past=tuple(range(position + 1)))] for _ in search.live]
        return logits

    def _grow(self, search: "_Batch", scores: np.ndarray, tokens: np.ndarray) -> None:
        """Replace each window's hypotheses by the best of their continuations.

        scores, tokens: (windows, rows, CANDIDATES), best first.
        """
        for window, hypotheses in enumerate(search.live):
            found = [
                candidate
                for row, hypothesis in enumerate(hypotheses)
                for candidate in self._after(
                    hypothesis, scores[window, row].tolist(), tokens[window, row].tolist()
                )
            ]
            found.sort(key=lambda candidate: -candidate.score)
            search.live[window] = []
            for candidate in found:
                score, hypothesis = candidate.score, candidate.hypothesis
                if (
                    len(search.live[window]) == self._beam_size
                    or score < found[0].score - PRUNE
                ):
                    break
                if candidate.token == self._vocabulary.end:
                    hypothesis.end = candidate.sound
                    search.finished(window, self._final(score, hypothesis), hypothesis)
                    continue
                grown = self._grown(candidate)
                if not _loops(grown.text):
                    search.live[window].append(grown)

    def _final(self, score: float, hypothesis: Hypothesis) -> float:
        """How a text that has ended compares: by its mean where no bonus rewards length."""
        return score if self._language else score / (len(hypothesis.tokens) + 1)

    def _after(
        self, hypothesis: Hypothesis, scores: list[float], tokens: list[int]
    ) -> list[Candidate]:
        """What may follow: of tokens that say the same (們, 们) only the likeliest."""
        found: list[Candidate] = []
        helped = self._language is not None
        said: set[str] = set()
        rivals = dict(hypothesis.rivals)
        for sound, token in zip(scores, tokens, strict=True):
            text, rest = self._vocabulary.read(hypothesis.rest, token)
            if text in said:
                continue
            heard = sound
            if text and helped:
                said.add(text)
                heard = evidence(text, hypothesis.since + sound, rivals) - hypothesis.since
            margin = scores[0] - sound
            limit = self._tolerance(token, tokens[0])
            if margin > limit or scores[0] - heard > REACH:
                continue
            score = hypothesis.score + heard
            if helped:
                score += self._weight * self._fluency(hypothesis.context, text)[0]
            instead = tokens[0] if helped else token  # by itself the sound prefers what it says
            found.append(Candidate(score, hypothesis, token, sound, instead, margin, rivals))
        return found

    def _tolerance(self, token: int, best: int) -> float:
        """By how many nats the sound may prefer `best` to a token that is still looked at."""
        known = self._vocabulary
        if not (known.guarded[token] or known.guarded[best]):
            return math.inf
        if self._language is None or known.negated[token] == known.negated[best]:
            return TIGHT
        return TIGHT if begin_alike(known.read(b"", token)[0], known.read(b"", best)[0]) else 0

    def _fluency(self, context: str, text: str) -> tuple[float, str]:
        """How usual the text is after the context, and the context after it."""
        total = 0.0
        for character in text:
            if "\u4e00" <= character <= "\u9fff":
                if self._language is not None:
                    likely = self._language.log_probability(context, character)
                    total += max(likely, LEAST) + USUAL
                context = (context + character)[-3:]
            elif not character.isspace():
                context = "^"
        return total, context

    def _grown(self, candidate: Candidate) -> Hypothesis:
        before, token = candidate.hypothesis, candidate.token
        text, rest = self._vocabulary.read(before.rest, token)
        letters = "".join(c for c in text if c.isalnum())
        return Hypothesis(
            tokens=(*before.tokens, token),
            score=candidate.score,
            sound=(*before.sound, candidate.sound),
            instead=(*before.instead, candidate.instead),
            margins=(*before.margins, candidate.margin),
            past=before.past,
            rest=rest,
            since=before.since + candidate.sound if rest else 0.0,
            rivals=candidate.rivals if rest else {},
            text=(before.text + letters)[-LOOKS_BACK:],
            context=self._fluency(before.context, text)[1],
        )


def _loops(text: str) -> bool:
    last = text[-STRETCH:]
    return bool(LOOP.search(text)) or len(last) == STRETCH and len(set(last)) <= FEW


@dataclass
class _Batch:
    """Where a batch of windows stands."""

    count: int
    memory: Memory
    sounds: Sequence[Sound]
    live: list[list[Hypothesis]] = field(init=False)
    names: list[int] = field(init=False)  # which window of the batch each live one is
    done: list[list[tuple[float, Hypothesis]]] = field(init=False)

    def __post_init__(self) -> None:
        self.live = [[] for _ in range(self.count)]
        self.names = list(range(self.count))
        self.done = [[] for _ in range(self.count)]

    def finished(self, window: int, score: float, hypothesis: Hypothesis) -> None:
        """Note a text that came to its end."""
        self.done[self.names[window]].append((score, hypothesis))

    def retire(self, beam_size: int, final: Callable[[float, Hypothesis], float]) -> None:
        """Let go of the windows that have their texts, none of which a live one surpasses."""
        for window, name in enumerate(self.names):
            done, live = self.done[name], self.live[window]
            if len(done) < beam_size or not live:
                continue
            if max(score for score, _ in done) >= max(final(h.score, h) for h in live):
                self.live[window] = []
        left = [window for window, hypotheses in enumerate(self.live) if hypotheses]
        if len(left) <= FEWER * len(self.live):  # moving what stays costs as much as a step
            self.live = [self.live[window] for window in left]
            self.names = [self.names[window] for window in left]
            if left:
                self.memory.keep(left)
                self.sounds = [self.sounds[window] for window in left]

    def step(self, network: Network, position: int, *, rows: int) -> Any:
        """Write each hypothesis' last token, in as many rows whatever the windows need: their
        number changes the order of sums. A row without a hypothesis is never read."""
        begin = self.memory.length
        sees = np.zeros((len(self.live), rows, begin + rows), bool)
        tokens = np.zeros((len(self.live), rows), np.int64)
        for window, hypotheses in enumerate(self.live):
            for row, hypothesis in enumerate(hypotheses):
                hypothesis.past = (*hypothesis.past, begin + row)
                sees[window, row, list(hypothesis.past)] = True
                tokens[window, row] = hypothesis.tokens[-1]
            sees[window, len(hypotheses) :, 0] = True
        return network.step(
            torch.from_numpy(tokens), position, self.memory, self.sounds, torch.from_numpy(sees)
        )

    def best(self) -> list[Hypothesis]:
        """The best finished text of each window; an empty one where none came to an end."""
        return [
            max(done, key=lambda d: d[0])[1] if done else Hypothesis() for done in self.done
        ]
