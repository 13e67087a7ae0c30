"""Fit the models of ``qa.figure_model`` on questions with known answers.

    python -m eval.fit_figures --gold train.jsonl --reports FOLDER [--home HOME] [--write]

Every figure that could answer each question is read with its features. Ranking: a conditional logit (McFadden 1974),
the likelihood that the right one is chosen among those of its question. Confidence: a logistic model of whether the one
ranked first is right, its training scores taken from models that have not seen the report. Both with a ridge penalty on
standardised features. Prints precision and coverage in nested cross-validation, folds by report; ``--write`` fits both
on everything and writes qa/data/figure_models.json. The questions need ``spans``: the pieces of the report that are the
answer, and ``evidence``.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.fitting import ask_unseen, opened, parser
from qa.answer import Answerer
from qa.candidates import VETOES, Fit, Reading, Sentence
from qa.figure_model import MODELS_FILE, Linear, figure_features
from qa.library import Library
from qa.match import Focus
from qa.text import fold
from qa.understand import Query

Array = NDArray[np.float64]
RIDGE_RANKING, RIDGE_CONFIDENCE = 0.01, 20.0
# Nominal and real growth, or growth and its change in points, differ in nothing else; nor do 减贫 and 累计减贫.
LEAST = {"kind": 0.5, "total": 0.8}
FOLDS, INNER_FOLDS = 6, 5
# A feature may not go against its meaning, whatever the questions at hand say; names not here may go either way.
AGAINST = (
    "second",
    "unnamed",
    "other_kind_of_figure",
    "not_named",
    "nameless",
    "counted",
    "missing",
    "missing_in_clause",
)
EITHER = ("first", "listed", "percent", "subject_length", "terms", "indicators", "rarest", "place", "any_period",
          "literal", "both", "total_asked", "no_stance", "result", "question_length", "clause_length")  # fmt: skip
RANKING = tuple(name for name in Fit.__slots__ if name not in VETOES)
PRECISIONS = (0.97, 0.95, 0.93, 0.9)


@dataclass(frozen=True)
class Case:
    """One question with the figures that could answer it. right: which of them are in the gold answer."""

    id: str
    report: str
    answerable: bool
    query: Query
    focus: Focus
    found: tuple[Sentence, ...]
    readings: tuple[Reading, ...]
    right: tuple[bool, ...]

    @property
    def matrix(self) -> Array:
        """Ranking features of the figures (n, len(RANKING))."""
        return np.array([[getattr(r.fit, name) for name in RANKING] for r in self.readings], dtype=float)


class Observer(Answerer):
    """An answerer that remembers the figures it could choose from, for the first choice of each question."""

    def __init__(self, library: Library) -> None:
        """See Answerer."""
        super().__init__(library, threshold=-1.0)
        self.seen: tuple[Query, Focus, tuple[Sentence, ...], tuple[Reading, ...]] | None = None
        ranked = self.chooser.ranked

        read = self.chooser.read
        asked: list[tuple[Query, Focus, tuple[Sentence, ...], list[Reading]]] = []  # several parts are read at once

        def remember_what(query: Query, focus: Focus, found: Sequence[Sentence]) -> list[Reading]:
            asked.append((query, focus, tuple(found), read(query, focus, found)))
            return asked[-1][-1]

        def remember(query: Query, readings: Sequence[Reading]) -> list[Reading]:
            possible = ranked(query, readings)
            of = next((a for a in asked if a[-1] is readings), None)
            if self.seen is None and possible and of:
                self.seen = (*of[:3], tuple(possible))
                asked.clear()
            return possible

        self.chooser.read = remember_what  # type: ignore[method-assign]
        self.chooser.ranked = remember  # type: ignore[method-assign, assignment]


def observe(answerer: Observer, gold: Sequence[dict[str, Any]], maps: Path | None = None) -> list[Case]:
    """The questions that a figure could answer."""
    cases: list[Case] = []
    for item in gold:
        answerer.seen = None
        ask_unseen(answerer, item, maps)
        if answerer.seen:
            query, focus, found, readings = answerer.seen
            right = tuple(_is_right(reading, item) for reading in readings)
            cases.append(
                Case(item["id"], str(item["report"]), item["answerable"], query, focus, found, readings, right)
            )
    return cases


def fit_ranking(cases: Sequence[Case]) -> Linear:
    """The conditional logit over the cases that hold a right figure."""
    from scipy.optimize import minimize

    cases = [case for case in cases if any(case.right)]
    x = np.concatenate([case.matrix for case in cases])
    mean, spread = x.mean(0), x.std(0) + 1e-6
    z = (x - mean) / spread
    right = np.concatenate([np.array(case.right, dtype=float) for case in cases])
    group = np.repeat(np.arange(len(cases)), [len(case.right) for case in cases])

    def loss(w: Array) -> tuple[float, Array]:
        score = z @ w
        top = np.full(len(cases), -np.inf)
        np.maximum.at(top, group, score)
        e = np.exp(score - top[group])
        total, good = (np.bincount(group, weights=v, minlength=len(cases)) for v in (e, e * right))
        gradient = z.T @ (e / total[group] - e * right / good[group]) / len(cases)
        return float(-np.log(good / total).mean() + RIDGE_RANKING * (w**2).sum()), gradient + 2 * RIDGE_RANKING * w

    w = minimize(loss, np.zeros(z.shape[1]), jac=True, method="L-BFGS-B", bounds=_bounds(RANKING)).x / spread
    weights = dict(zip(RANKING, w.tolist(), strict=True))
    return Linear(0.0, weights | {name: max(weights[name], least) for name, least in LEAST.items()})


def first_features(case: Case, ranking: Linear) -> tuple[dict[str, float], bool]:
    """Features of the figure ranked first, and whether it is right."""
    scored = [_scored(reading, ranking) for reading in case.readings]
    order = sorted(range(len(scored)), key=lambda n: -scored[n].score)
    ranked = [scored[n] for n in order]
    return figure_features(ranked, case.found, case.query, case.focus), case.right[order[0]]


def fit_confidence(rows: Sequence[tuple[dict[str, float], bool]]) -> Linear:
    """The logistic model over (features, right)."""
    from scipy.optimize import minimize

    names = [name for name in rows[0][0] if name not in VETOES]
    x = np.array([[features[name] for name in names] for features, _ in rows])
    y = np.array([float(right) for _, right in rows])
    mean, spread = x.mean(0), x.std(0)
    used = spread > 1e-9
    z = np.c_[(x[:, used] - mean[used]) / spread[used], np.ones(len(x))]

    def loss(b: Array) -> tuple[float, Array]:
        score = z @ b
        p = 1 / (1 + np.exp(-score))
        value = np.logaddexp(0, score).sum() - (y * score).sum() + 0.5 * RIDGE_CONFIDENCE * (b[:-1] ** 2).sum()
        return float(value), z.T @ (p - y) + RIDGE_CONFIDENCE * np.r_[b[:-1], 0]

    kept = [name for name, use in zip(names, used, strict=True) if use]
    bounds = [*_bounds(kept), (None, None)]
    b = minimize(loss, np.zeros(z.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds).x
    w = b[:-1] / spread[used]
    return Linear(float(b[-1] - (w * mean[used]).sum()), dict(zip(kept, w.tolist(), strict=True)))


def fit(cases: Sequence[Case]) -> tuple[Linear, Linear]:
    """Both models; the confidence model learns from scores that its ranking has not been fitted on."""
    rows = [row for seen, unseen in folds(cases, INNER_FOLDS) for row in _rows(unseen, fit_ranking(seen))]
    return fit_ranking(cases), fit_confidence(rows)


def folds(cases: Sequence[Case], count: int) -> list[tuple[list[Case], list[Case]]]:
    """(seen, unseen) cases, split by report."""
    from sklearn.model_selection import GroupKFold

    groups = [case.report for case in cases]
    split = GroupKFold(min(count, len(set(groups)))).split(np.zeros(len(cases)), groups=groups)
    return [([cases[n] for n in seen], [cases[n] for n in unseen]) for seen, unseen in split]


def validate(cases: Sequence[Case], out: Any) -> None:
    """Print what nested cross-validation gives: the first figure right, and coverage at some precisions."""
    told: list[tuple[float, bool, bool]] = []
    for seen, unseen in folds(cases, FOLDS):
        ranking, confidence = fit(seen)
        for case, (features, right) in zip(unseen, _rows(unseen, ranking), strict=True):
            told.append((confidence(features), right, case.answerable))
    told.sort(key=lambda row: -row[0])
    hits = np.array([row[1] for row in told])
    answerable = np.array([row[2] for row in told])
    print(f"{len(told)} questions, {answerable.sum()} answerable, first figure right {hits.sum()}", file=out)
    precision = np.cumsum(hits) / np.arange(1, len(told) + 1)
    for wanted in PRECISIONS:
        n = max((i + 1 for i, p in enumerate(precision) if p >= wanted), default=0)
        p = 1 / (1 + np.exp(-told[n - 1][0])) if n else 1.0
        line = f"precision {wanted}: threshold {p:.2f}, right {hits[:n].sum()}, bluffs {(~answerable[:n]).sum()}"
        print(line, file=out)


def _bounds(names: Sequence[str]) -> list[tuple[float | None, float | None]]:
    """On which side of zero each weight may lie."""
    return [
        (None, 0.0)
        if name in AGAINST
        else (None, None)
        if name in EITHER or name.startswith(("wants_", "is_"))
        else (0.0, None)
        for name in names
    ]


def _rows(cases: Sequence[Case], ranking: Linear) -> list[tuple[dict[str, float], bool]]:
    return [first_features(case, ranking) for case in cases]


def _scored(reading: Reading, ranking: Linear) -> Reading:
    from dataclasses import replace

    return replace(reading, score=sum(w * getattr(reading.fit, name) for name, w in ranking.weights.items()))


def _is_right(reading: Reading, item: dict[str, Any]) -> bool:
    """Whether the figure stands in the evidence and is one of the spans, whatever words stand around its numbers."""
    if not item["answerable"]:
        return False
    here = _folded(reading.sentence.text)
    if not any(here in _folded(text) or _folded(text) in here for text in item["evidence"]):
        return False
    told = _numbers(reading.figure.text)
    return any(
        _folded(span) == _folded(reading.figure.text) or (_numbers(span) and _numbers(span) <= told)
        for span in item["spans"]
    )


def _folded(text: str) -> str:
    return re.sub(r"[\s,，、]", "", fold(text))


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", _folded(text)))


def _stored(model: Linear) -> dict[str, Any]:
    return {"bias": round(model.bias, 3), "weights": {name: round(w, 3) for name, w in model.weights.items()}}


def main() -> int:
    """Command line; see the module's docstring."""
    arguments = parser(__doc__, "spans")
    arguments.add_argument("--write", action="store_true", help="write the fitted models")
    args = arguments.parse_args()
    with opened(args) as (gold, library):
        cases = observe(Observer(library), gold, args.maps)
    validate(cases, sys.stdout)
    if args.write:
        ranking, confidence = fit(cases)
        models = {"ranking": _stored(ranking), "confidence": _stored(confidence)}
        MODELS_FILE.write_text(json.dumps(models, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
