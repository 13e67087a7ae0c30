"""Which figure, and how sure: two linear models over named features, fitted by eval/fit_figures.py.

The first ranks the figures read in the best sentences (a conditional logit: the probability that a figure is the one
asked for, among those of its question). The second says how likely the one ranked first is right (logistic).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from qa.match import Focus
from qa.understand import Query

if TYPE_CHECKING:
    from qa.candidates import Fit, Reading, Sentence

MODELS_FILE = Path(__file__).parent / "data" / "figure_models.json"
FAR_AHEAD = 5.0  # a lead beyond this says no more
_WANTS = ("amount", "growth", "share", "fact")  # other wants are too rare in the questions fitted on
_KINDS = ("amount", "change", "share")


@dataclass(frozen=True, slots=True)
class Linear:
    """bias + Σ weight · feature. A feature without a weight counts nothing, nor does a weight without a feature."""

    bias: float
    weights: Mapping[str, float]

    def __call__(self, features: Mapping[str, float]) -> float:
        """The value for features by name."""
        return self.bias + sum(weight * features.get(name, 0.0) for name, weight in self.weights.items())


@lru_cache(maxsize=1)
def models() -> tuple[Linear, Linear]:
    """(ranking, confidence) as fitted."""
    stored = json.loads(MODELS_FILE.read_text(encoding="utf-8"))
    ranking, confidence = (Linear(stored[name]["bias"], stored[name]["weights"]) for name in ("ranking", "confidence"))
    return ranking, confidence


def rank_score(fit: Fit) -> float:
    """How well a figure fits its question beside the others (log odds up to a constant of the question)."""
    ranking = models()[0]
    return sum(weight * getattr(fit, name) for name, weight in ranking.weights.items())


def figure_confidence(features: Mapping[str, float]) -> float:
    """Probability that the figure ranked first is right."""
    return 1 / (1 + math.exp(-models()[1](features)))


def _of_it(other: Reading, best: Reading) -> bool:
    """Whether a figure is told of the same thing: an amount and its growth, asked for together, are no rivals."""
    return other.sentence.key == best.sentence.key and other.figure.subject == best.figure.subject


def figure_features(
    ranked: Sequence[Reading], found: Sequence[Sentence], query: Query, focus: Focus
) -> dict[str, float]:
    """What tells whether the first of ``ranked`` is right, by name; each about 0…1, scores as they are.

    ranked: the readings that can answer, best first, not empty. found: the sentences they were read in, best first.
    """
    best = ranked[0]
    figure, sentence, fit = best.figure, best.sentence, best.fit
    start, end = figure.clause
    clause = sentence.text[start:end]
    own = f"{figure.subject} {figure.noun}"
    other = next((r for r in ranked[1:] if r.figure.text != figure.text and not (query.both and _of_it(r, best))), None)
    place = next(n for n, s in enumerate(found) if s.key == sentence.key)
    features = {name: float(getattr(fit, name)) for name in fit.__slots__}
    passage = {
        "passage_cosine": (sentence.hit.dense - 0.8) / 0.1,
        "passage_rise": sentence.rise / 0.1,
        "passage_gap": (sentence.hit.dense - max(s.hit.dense for s in found)) / 0.1,
    }
    features |= passage
    features |= {f"wants_{want}": float(want in query.wants) for want in _WANTS}
    features |= {f"is_{kind}": float(figure.kind == kind) for kind in _KINDS}
    return features | {
        "score": best.score,
        "lead": min(best.score - other.score, FAR_AHEAD) if other else FAR_AHEAD,
        "subject_length": len(figure.subject) / 10,
        "listed": float(figure.order >= 0),
        "percent": float(figure.unit in ("%", "个百分点")),
        "missing": focus.missing(sentence.text) / 12,
        "missing_in_clause": focus.missing(clause + figure.subject + figure.noun) / 12,
        "named": focus.named(f"{own} {figure.base} {figure.word} {clause}"),
        "terms": min(len(focus.terms), 8) / 8,
        "indicators": float(bool(query.concepts)),
        "rarest": max((term.weight for term in focus.terms), default=0.0) / 12,
        "lexical": sentence.hit.lexical / 10,
        "lexical_gap": (sentence.hit.lexical - max(s.hit.lexical for s in found)) / 10,
        "place": min(place, 10) / 10,
        "any_period": float(sentence.target.any_period),
        "literal": float(sentence.target.literal),
        "both": float(query.both),
        "total_asked": float(query.total),
        "no_stance": float(query.stance is None),
        "result": float(query.result),
        "question_length": len(query.text) / 20,
        "clause_length": len(clause) / 20,
    }
