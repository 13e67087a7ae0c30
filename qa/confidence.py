"""How sure an answer told by sentences is: signals of its best sentence → probability that it is right.

How sure a figure is, is told by ``qa.figure_model``.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

from qa.candidates import Sentence

# What an answer must reach to go out; qa/choose.py asks FIGURES_SURER more of figures and TELLING less of sentences.
THRESHOLD = 0.55


@dataclass(frozen=True, slots=True)
class Signals:
    """What tells a right answer in sentences from a wrong one; each about 0…1.

    said: share of the question's characters in the best sentence. coverage, inner: focus in that sentence with and
    without its headings. cosine: of its passage, rescaled. mass: chance that the sentence asked for is among those
    told, by their ranking. misfit: 1 when its words cannot answer what is asked (no place for where). rise: cosine
    above the mean of all passages found. lead: how much nearer in meaning to the question the best sentence is than
    the nearest of those not told.
    """

    said: float
    coverage: float
    inner: float
    cosine: float
    mass: float
    misfit: float
    rise: float
    lead: float


# (bias, weights) of a logistic model fitted by eval/fit_confidence.py on 2,100 questions.
_MODEL = (-8.43, Signals(0.02, 1.16, 0.0, 5.88, 4.63, -3.7, 2.45, 2.61))


def confidence(signals: Signals) -> float:
    """Probability that the answer told by sentences with these signals is right."""
    bias, weights = _MODEL
    z = bias + sum(w * x for w, x in zip(astuple(weights), astuple(signals), strict=True))
    return 1 / (1 + math.exp(-z))


def sentence_signals(best: Sentence, said: float, mass: float, lead: float, fits: bool) -> Signals:
    """Signals of an answer told by sentences. said: share of the question's characters in the best of them;
    mass: chance that the sentence asked for is told; lead: see ``Signals``; fits: the words can answer."""
    cosine = (best.hit.dense - 0.75) / 0.2
    return Signals(said, best.coverage, best.inner, cosine, mass, float(not fits), best.rise / 0.1, lead)
