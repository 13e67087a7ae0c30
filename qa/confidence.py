"""How sure an answer is: signals of its best candidate → probability that it is right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

from qa.candidates import Reading, Sentence
from qa.match import Focus

THRESHOLD = 0.55  # on the train questions 85% of the figures given are right, and 97% of the right ones are given
SILENT = 0.05  # a candidate that holds less than this of the question's words rests on the sentence model alone
SILENT_FACTOR = 0.75  # half of such answers were wrong on the train questions: their confidence is cut by this
WHOLE = 0.85  # own words hold this much of what is asked: then they tell enough, however short or foreign the question
WHOLE_COSINE, WHOLE_RISE = 0.75, 0.3  # and its cosine, which falls with both, counts at least as the usual one


@dataclass(frozen=True, slots=True)
class Signals:
    """What tells a right candidate from a wrong one; each about 0…1.

    figure: 1 for a figure, 0 for a sentence. own: focus said by the figure's own words. coverage, inner: focus in
    the sentence with and without its headings. cosine: of the passage, rescaled. rise: cosine above the mean of all
    passages found. lead: how far it is ahead of the next one that says something else. missing: rarity of the
    rarest word asked about that the sentence lacks. closer: how much better a figure of the wrong kind fits.
    empty: 1 when the question leaves no words to look for. named: how well the figure is named as the indicator
    asked about. how: 1 for a question about ways and reasons.
    """

    figure: float
    own: float
    coverage: float
    inner: float
    cosine: float
    lead: float
    missing: float
    closer: float
    empty: float
    rise: float
    named: float
    how: float


# Logistic models fitted by eval/fit_confidence.py on the 900 train questions, one for figures, one for sentences.
_FIGURE = (-4.81, Signals(0.0, 0.0, 0.0, 0.0, 5.18, 0.58, -0.2, -4.17, 0.0, 3.24, 1.06, 0.0))
_SENTENCE = (-4.87, Signals(0.0, 0.12, 0.54, 0.19, 3.81, 2.57, 0.0, -4.33, 0.0, 5.27, 0.0, 0.0))


def confidence(signals: Signals) -> float:
    """Probability that the answer built on this candidate is right (logistic model)."""
    bias, weights = _FIGURE if signals.figure else _SENTENCE
    z = bias + sum(w * x for w, x in zip(astuple(weights), astuple(signals), strict=True))
    p = 1 / (1 + math.exp(-z))
    wordless = not signals.empty and signals.figure and max(signals.own, signals.inner) < SILENT
    return p * SILENT_FACTOR if wordless else p


def figure_signals(
    best: Reading, closest: Reading, fitting: Sequence[Reading], focus: Focus, english: bool = False
) -> Signals:
    """Signals of a chosen figure. closest: the best fit of any kind; fitting: all of a fitting kind, best first."""
    other = next((r for r in fitting[1:] if r.figure.text != best.figure.text and not _same_thing(r, best)), None)
    lead = min(best.score - other.score, 1.0) if other else 1.0
    closer = min(max(closest.match - best.match, 0.0), 1.0)
    named = focus.named(f"{best.figure.subject}{best.figure.noun} {best.sentence.text[slice(*best.figure.clause)]}")
    signals = _signals(best.sentence, 1.0, best.own, lead, closer, named, focus)
    if not focus.terms or not (best.own >= WHOLE or (english and named >= WHOLE)):
        return signals
    return replace(signals, cosine=max(signals.cosine, WHOLE_COSINE), rise=max(signals.rise, WHOLE_RISE))


def _same_thing(a: Reading, b: Reading) -> bool:
    """Two figures of one subject in one sentence do not compete."""
    return a.sentence.key == b.sentence.key and a.figure.root == b.figure.root


def sentence_signals(best: Sentence, said: float, lead: float, how: bool, fits: bool, focus: Focus) -> Signals:
    """Signals of an answer told by sentences. said: share of the question's characters in the best of them;
    lead: how far that is ahead of the best one left out; fits: the words can answer what is asked."""
    signals = _signals(best, 0.0, said, lead, float(not fits), focus.named(best.text), focus)
    return replace(signals, how=float(how))


def _signals(
    sentence: Sentence, figure: float, own: float, lead: float, closer: float, named: float, focus: Focus
) -> Signals:
    missing = focus.missing(sentence.text) / 12.0
    cosine = (sentence.hit.dense - 0.75) / 0.2
    empty = 1.0 if not focus.terms else 0.0
    rise = sentence.rise / 0.1
    return Signals(
        figure, own, sentence.coverage, sentence.inner, cosine, lead, missing, closer, empty, rise, named, 0.0
    )
