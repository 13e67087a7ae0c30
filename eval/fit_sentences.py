"""Fit the weights of ``qa.telling.Cues``: which of the sentences found is the one that answers.

    python -m eval.fit_sentences --gold train.jsonl --reports FOLDER

Every question that is answered by sentences is asked with its reports loaded, and a conditional logit model (one
choice among the sentences found) is fitted to the evidence given with it. Prints how often the evidence comes first,
among the first three and the first ten with the weights in the code and with the fitted ones (folds by report), what
each cue adds, and the line to put into ``qa/telling.py``. Needs scipy, which comes with sentence-transformers.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from eval.fitting import ask_unseen, opened, parser
from qa.answer import Answerer
from qa.candidates import Cosines, Sentence
from qa.choose import Chooser, Piece
from qa.match import Focus
from qa.telling import WEIGHTS, Cues, kind_of, ranked
from qa.text import fold
from qa.understand import Query

TYPES = ("qualitative", "list", "entity", "date")
FOLDS = 6
RIDGE = 1.0
SHORTEST = 10  # characters; a sentence of fewer may stand in the evidence by chance


class Watcher(Chooser):
    """A chooser that remembers what it was given to answer in sentences."""

    def __init__(self, chooser: Chooser) -> None:
        """chooser: whose settings to take."""
        vars(self).update(vars(chooser))
        self.seen: list[tuple[Query, list[Sentence], Cosines]] = []

    def _told(self, query: Query, focus: Focus, found: Sequence[Sentence]) -> Piece | None:
        self.seen.append((query, list(found), self.nearness(query, found)))
        return super()._told(query, focus, found)


@dataclass(frozen=True)
class Choice:
    """One question: the cues of the sentences found (a row each), which of them are evidence, and of which report."""

    cues: np.ndarray
    right: np.ndarray
    report: str


def observe(answerer: Answerer, gold: Sequence[dict[str, Any]], maps: Path | None = None) -> list[Choice]:
    """The choices that the questions of ``TYPES`` pose, where the evidence is among the sentences found."""
    chooser = Watcher(answerer.chooser)
    answerer.chooser = chooser
    choices = []
    for item in gold:
        if not item["answerable"] or item["type"] not in TYPES:
            continue
        chooser.seen = []
        ask_unseen(answerer, item, maps)
        for query, found, cosines in chooser.seen[:1]:
            order = ranked(query, [s for s in found if not s.text.endswith("：")], kind_of(query), cosines)
            right = np.array([_is_evidence(r.sentence.text, item["evidence"]) for r in order], dtype=bool)
            if right.any():
                choices.append(Choice(np.array([astuple(r.cues) for r in order]), right, str(item["report"])))
    return choices


def _is_evidence(text: str, evidence: Sequence[str]) -> bool:
    said = _plain(text)
    return any(_plain(one) in said or (said in _plain(one) and len(said) > SHORTEST) for one in evidence)


def _plain(text: str) -> str:
    return re.sub(r"[\s,，、]", "", fold(text))


def fit(choices: Sequence[Choice], ridge: float = RIDGE) -> np.ndarray:
    """The weights under which the evidence is the likeliest choice; several right ones share their chance."""
    from scipy.optimize import minimize

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = ridge * float(weights @ weights), 2 * ridge * weights
        for choice in choices:
            score = choice.cues @ weights
            chance = np.exp(score - score.max())
            chance /= chance.sum()
            hit = chance * choice.right
            value -= float(np.log(hit.sum() + 1e-12))
            slope = slope - choice.cues.T @ (hit / max(hit.sum(), 1e-12) - chance)
        return value, slope

    return np.asarray(minimize(loss, np.zeros(choices[0].cues.shape[1]), jac=True, method="L-BFGS-B").x)


def ranks(choices: Sequence[Choice], weights: np.ndarray) -> list[int]:
    """Where the first piece of evidence comes, counted from 0, for each choice."""
    orders = [np.argsort(-(choice.cues @ weights), kind="stable") for choice in choices]
    return [int(np.argmax(choice.right[order])) for choice, order in zip(choices, orders, strict=True)]


def held_out(choices: Sequence[Choice], keep: Sequence[int]) -> list[int]:
    """The same with weights fitted on the other reports, with the cues ``keep`` only."""
    reports = sorted({choice.report for choice in choices})
    fold_of = {report: n % FOLDS for n, report in enumerate(reports)}
    narrow = [Choice(choice.cues[:, list(keep)], choice.right, choice.report) for choice in choices]
    out = []
    for n in sorted(set(fold_of.values())):
        weights = fit([choice for choice in narrow if fold_of[choice.report] != n])
        out += ranks([choice for choice in narrow if fold_of[choice.report] == n], weights)
    return out


def _line(name: str, found: Sequence[int]) -> str:
    shares = "  ".join(f"R@{k} {sum(rank < k for rank in found) / len(found):.3f}" for k in (1, 3, 10))
    return f"{name:16} {shares}  of {len(found)}"


def main() -> int:
    """Command line; see the module's docstring."""
    arguments = parser(__doc__, "evidence")
    args = arguments.parse_args()
    with opened(args) as (gold, library):
        choices = observe(Answerer(library), gold, args.maps)
    names = [field.name for field in fields(Cues)]
    columns = range(len(names))
    out = [
        _line("as in the code", ranks(choices, np.array(astuple(WEIGHTS)))),
        _line("fitted", held_out(choices, columns)),
    ]
    out += [_line(f"without {name}", held_out(choices, [i for i in columns if i != n])) for n, name in enumerate(names)]
    out.append(f"WEIGHTS = Cues({', '.join(f'{weight:.2f}' for weight in fit(choices))})")
    sys.stdout.write("\n".join(out) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
