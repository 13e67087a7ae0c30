"""Fit the confidence model of ``qa.confidence``: how sure an answer told by sentences is.

    python -m eval.fit_confidence --gold train.jsonl --reports FOLDER

The reports are loaded into a temporary home; every question is answered with the threshold off, and a logistic model
is fitted to whether the answers told by sentences were right (figures have a model of their own, fitted by
``eval.fit_figures``). Questions about a name or a day are asked of other places too, where silence is right. A weight
may not go against its signal's meaning (more cosine may not lower confidence). Prints the cross-validated precision
and coverage for several thresholds, folds by report, and the line to put into ``qa/confidence.py``. Needs scikit-learn
and scipy, which come with sentence-transformers.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

import numpy as np

from eval.fitting import ask_unseen, opened, parser
from qa.answer import Answerer
from qa.choose import Piece
from qa.confidence import Signals
from qa.library import Library
from qa.model import Answer, ReportInfo
from qa.scope import Scope
from qa.text import fold
from qa.understand import Query

AGAINST = frozenset({"misfit"})  # signals that may only lower confidence; all others may only raise it
RIDGE = 0.05
UNANSWERABLE_WEIGHT = 2.0  # a bluff is worse than a wrong pick
MOVED = frozenset({"entity", "date"})  # of these no other place's report holds the answer
MOVED_WEIGHT = 0.7
MOVES = 2  # other places to which one question is moved
THRESHOLDS = (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8)


Row = tuple[tuple[float, ...], float, str, float]


class Recorder(Answerer):
    """An answerer that lets everything out and remembers the pieces of its last answer."""

    def __init__(self, library: Library) -> None:
        """See Answerer."""
        super().__init__(library, threshold=-1.0)
        self.pieces: list[Piece] = []

    def _finish(self, query: Query, pieces: Sequence[Piece], scope: Scope) -> Answer:
        self.pieces = list(pieces)
        return super()._finish(query, pieces, scope)


def says(answer: str, spans: Sequence[str]) -> bool:
    """Whether the answer holds every span of the gold answer: its words, or at least all its numbers."""
    folded = re.sub(r"[\s,，、]", "", fold(answer))
    numbers = set(re.findall(r"\d+(?:\.\d+)?", folded))
    return all(
        re.sub(r"[\s,，、]", "", fold(span)) in folded
        or (bool(found := set(re.findall(r"\d+(?:\.\d+)?", fold(span)))) and found <= numbers)
        for span in spans
    )


def moved(gold: Sequence[dict[str, Any]], loaded: Sequence[ReportInfo]) -> list[dict[str, Any]]:
    """Questions about a name or a day asked of other places, whose reports cannot tell: unanswerable ones made."""
    places = {info.identity.region.short: info for info in loaded if info.identity.region.level == "province"}
    out = []
    for n, item in enumerate(gold):
        here = next((short for short in places if short in item["report"]), None)
        if item["type"] not in MOVED or not item["answerable"] or not here or here not in item["question"]:
            continue
        others = sorted(short for short, info in places.items() if short != here and _year(item) in info.identity.title)
        for step in range(1, min(MOVES, len(others)) + 1):
            there = others[(n + step) % len(others)]
            question, title = item["question"].replace(here, there), item["report"].replace(here, there)
            extra = {"question": question, "report": title, "answerable": False, "weight": MOVED_WEIGHT}
            out.append({**item, **extra})
    return out


def _year(item: dict[str, Any]) -> str:
    return str(item["report"])[:4]


def observe(answerer: Recorder, gold: Sequence[dict[str, Any]], maps: Path | None = None) -> list[Row]:
    """(signals, right 1 or 0, report, weight) of every question that was answered by sentences."""
    rows: list[Row] = []
    for item in gold:
        answerer.pieces = []
        answer = ask_unseen(answerer, item, maps)
        signals = next((piece.signals for piece in answerer.pieces if piece.signals), None)
        if signals is not None:
            right = bool(item["answerable"]) and says(answer.answer, item["spans"])
            weight = 1.0 if item["answerable"] else item.get("weight", UNANSWERABLE_WEIGHT)
            rows.append((astuple(signals), float(right), str(item["report"]), weight))
    return rows


def fit(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Weights and bias (last) of the logistic model, each weight on its own side of zero."""
    from scipy.optimize import minimize

    z = np.c_[x, np.ones(len(x))]
    bounds = [(None, 0) if f.name in AGAINST else (0, None) for f in fields(Signals)] + [(None, None)]

    def loss(b: np.ndarray) -> tuple[float, np.ndarray]:
        p = 1 / (1 + np.exp(-(z @ b)))
        value = -(weight * (y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9))).sum()
        ridge = np.r_[b[:-1], 0]
        return value + RIDGE * (ridge**2).sum(), z.T @ (weight * (p - y)) + 2 * RIDGE * ridge

    return np.asarray(minimize(loss, np.zeros(z.shape[1]), jac=True, bounds=bounds, method="L-BFGS-B").x)


def report(rows: Sequence[Row], out: Any) -> None:
    """Cross-validate and fit the model, and print both."""
    from sklearn.model_selection import GroupKFold

    x, y = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    groups, weight = np.array([r[2] for r in rows]), np.array([r[3] for r in rows])
    p = np.zeros(len(y))
    for train, test in GroupKFold(min(6, len(set(groups)))).split(x, y, groups):
        b = fit(x[train], y[train], weight[train])
        p[test] = 1 / (1 + np.exp(-(x[test] @ b[:-1] + b[-1])))
    print(f"{len(y)} answers, {y.mean():.3f} right", file=out)
    for threshold in THRESHOLDS:
        kept = p >= threshold
        line = f"precision {y[kept].mean():.3f}  right ones kept {y[kept].sum() / y.sum():.3f}"
        print(f"  {threshold:.2f}  answered {kept.sum():4}  {line}", file=out)
    b = fit(x, y, weight)
    print(f"_MODEL = ({b[-1]:.2f}, Signals{tuple(float(v) for v in b[:-1].round(2))})", file=out)


def main() -> int:
    """Command line; see the module's docstring."""
    arguments = parser(__doc__, "spans")
    args = arguments.parse_args()
    with opened(args) as (gold, library):
        rows = observe(Recorder(library), [*gold, *moved(gold, library.reports())], args.maps)
    report(rows, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
