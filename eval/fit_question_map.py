"""Fit the map of ``qa.question_map``: question vectors turned towards the sentences that answer them.

    python -m eval.fit_question_map --gold train.jsonl fit.jsonl paraphrases.jsonl --reports FOLDER
        [--held-out FOLDER] [--write]

Every question has its evidence among the sentences and clauses of its report, all of which are embedded when the
report is added. The map is fitted so that the evidence is the likeliest choice among them all (InfoNCE with every other
piece of the same report as a negative; van den Oord et al. 2018). Prints how often the evidence comes first, among the
first three and the first ten, without a map and with one fitted on the other reports; ``--write`` fits it on everything
and writes qa/data/question_map.npz. ``--held-out`` keeps the others: the models that read cosines are to be fitted with
a map that has not seen the report (``--maps`` of eval.fit_figures and its neighbours). Takes five minutes on two cores.
The questions need ``evidence``, or else ``spans`` or ``begins``.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.fitting import opened, parser
from qa.library import Library
from qa.passages import split_sentences
from qa.question_map import MAP_FILE, QuestionMap
from qa.telling import matter
from qa.text import fold
from qa.understand import understand

FOLDS = 6
# Chosen on 600 questions about fifteen reports that no question here is about; they hardly matter between 0.01 and
# 0.03, 1e-3 and 3e-3, 10 and 20.
TEMPERATURE, RATE, EPOCHS, BATCH = 0.03, 3e-3, 10, 64
SHORTEST = 4  # characters; a shorter sentence may stand in the evidence by chance


@dataclass(frozen=True, eq=False)
class Pieces:
    """The sentences and clauses of a report: vectors (n, d), normalised; the sentence each stands in, by number; the
    text of each; the text of each sentence."""

    vectors: np.ndarray
    sentence: np.ndarray
    texts: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Pair:
    """A question as a vector (d,) and the pieces of its report that answer it, by number."""

    question: np.ndarray
    report: str
    right: np.ndarray


def pieces(library: Library, report_id: str) -> Pieces:
    """What of a report is embedded alone."""
    paragraphs = {p.number: p.text for p in library.catalogue.paragraphs(report_id)}
    stored = library.catalogue.clause_vectors((report_id, number) for number in paragraphs)
    spans = [(n, *span) for n, text in paragraphs.items() for span in split_sentences(text)]
    number_of = {span: number for number, span in enumerate(spans)}
    within = {n: [span for span in spans if span[0] == n] for n in paragraphs}
    kept = [(key, next((s for s in within[key[1]] if s[1] <= key[2] and key[3] <= s[2]), None)) for key in stored]
    keys = [(key, span) for key, span in kept if span]
    vectors = np.stack([stored[key] for key, _ in keys])
    return Pieces(
        vectors / np.linalg.norm(vectors, axis=1, keepdims=True),
        np.array([number_of[span] for _, span in keys]),
        tuple(paragraphs[n][start:end] for (_, n, start, end), _ in keys),
        tuple(paragraphs[n][start:end] for n, start, end in spans),
    )


def pairs(library: Library, gold: Sequence[dict[str, Any]], of: Mapping[str, Pieces]) -> list[Pair]:
    """Questions with the pieces that answer them; each as it is asked, and in its own words alone."""
    asked: list[tuple[str, str, np.ndarray]] = []
    for item in gold:
        report = str(item["report"])
        if report not in of or item.get("history") or not item.get("answerable", True):
            continue
        right = _right(of[report], item)
        query = understand(item["question"], ())
        texts = dict.fromkeys((query.search, matter(query)))
        asked += [(text, report, right) for text in texts if len(right)]
    vectors = library.encoder.encode_queries([text for text, _, _ in asked])
    return [Pair(vector, report, right) for vector, (_, report, right) in zip(vectors, asked, strict=True)]


def _right(of: Pieces, item: dict[str, Any]) -> np.ndarray:
    """The pieces of the evidence; of these the ones that hold a piece of the answer, where any does."""
    evidence = [_plain(text) for text in item["evidence"]]
    told = {n for n, text in enumerate(of.sentences) if any(_same(_plain(text), one) for one in evidence)}
    inside = [n for n, sentence in enumerate(of.sentence) if sentence in told]
    spans = [_plain(span) for span in item.get("spans", ())]
    holding = [n for n in inside if any(span in _plain(of.texts[n]) for span in spans)]
    return np.array(holding or inside, dtype=int)


def _same(text: str, evidence: str) -> bool:
    return (text in evidence or evidence in text) and min(len(text), len(evidence)) > SHORTEST


def _plain(text: str) -> str:
    return re.sub(r"\s", "", fold(text))


def fit(found: Sequence[Pair], of: Mapping[str, Pieces], seed: int = 0) -> QuestionMap:
    """The map under which the right pieces are the likeliest of their reports."""
    import torch
    from torch.nn.functional import normalize

    shuffled = np.random.default_rng(seed)
    d = found[0].question.shape[0]
    turn, shift = (torch.zeros(*shape, requires_grad=True) for shape in ((d, d), (d,)))
    vectors = {report: torch.from_numpy(one.vectors) for report, one in of.items()}
    # the shift is worth less, being the same for all questions
    adam = torch.optim.Adam([{"params": [turn], "lr": RATE}, {"params": [shift], "lr": RATE / 3}])
    steps = EPOCHS * math.ceil(len(found) / BATCH)
    cooling = torch.optim.lr_scheduler.CosineAnnealingLR(adam, steps)
    for _ in range(EPOCHS):
        order = shuffled.permutation(len(found))
        for start in range(0, len(order), BATCH):
            batch = [found[n] for n in order[start : start + BATCH]]
            questions = torch.from_numpy(np.stack([pair.question for pair in batch]))
            turned = normalize(questions + questions @ turn + shift, dim=1)
            losses = []
            for pair, question in zip(batch, turned, strict=True):
                score = vectors[pair.report] @ question / TEMPERATURE
                losses.append(torch.logsumexp(score, 0) - torch.logsumexp(score[torch.from_numpy(pair.right)], 0))
            adam.zero_grad()
            torch.stack(losses).mean().backward()
            adam.step()
            cooling.step()
    plain = QuestionMap(turn.detach().numpy(), shift.detach().numpy(), 0.0, 1.0)
    return _levelled(plain, found, of)


def _levelled(one: QuestionMap, found: Sequence[Pair], of: Mapping[str, Pieces]) -> QuestionMap:
    """The map with its cosines on the scale of those without a map."""
    before = [_spread(of[pair.report].vectors @ pair.question) for pair in found]
    turned = one.turned(np.stack([pair.question for pair in found]))
    after = [_spread(of[pair.report].vectors @ vector) for pair, vector in zip(found, turned, strict=True)]
    (mean, spread), (own_mean, own_spread) = np.mean(before, axis=0), np.mean(after, axis=0)
    scale = float(spread / own_spread)
    return QuestionMap(one.turn, one.shift, float(mean - scale * own_mean), scale)


def _spread(cosines: np.ndarray) -> tuple[float, float]:
    return float(cosines.mean()), float(cosines.std())


def held_out(found: Sequence[Pair], of: Mapping[str, Pieces]) -> dict[str, QuestionMap]:
    """For each report a map fitted without the questions about it."""
    reports = sorted({pair.report for pair in found})
    parts = [reports[n::FOLDS] for n in range(min(FOLDS, len(reports)))]
    return {
        report: made
        for part in parts
        for made in [fit([pair for pair in found if pair.report not in part], of)]
        for report in part
    }


def ranks(found: Sequence[Pair], of: Mapping[str, Pieces], maps: Mapping[str, QuestionMap]) -> list[int]:
    """Where the first sentence that answers comes among those of its report, counted from 0."""
    out = []
    for pair in found:
        own = of[pair.report]
        one = maps.get(pair.report)
        cosines = one.cosines(pair.question, own.vectors) if one else own.vectors @ pair.question
        best = np.full(len(own.sentences), -np.inf)
        np.maximum.at(best, own.sentence, cosines)
        out.append(int((best > best[own.sentence[pair.right]].max()).sum()))
    return out


def learnt(library: Library, gold: Sequence[dict[str, Any]]) -> tuple[list[Pair], dict[str, Pieces]]:
    """The questions of gold and the reports of the library, by file name without its ending, to fit a map on."""
    asked = {str(item["report"]) for item in gold}
    infos = {Path(info.source).stem: info.id for info in library.reports()}
    of = {stem: pieces(library, report_id) for stem, report_id in infos.items() if stem in asked}
    return pairs(library, gold, of), of


def _line(name: str, found: Sequence[int]) -> str:
    shares = "  ".join(f"R@{k} {sum(rank < k for rank in found) / len(found):.3f}" for k in (1, 3, 10))
    return f"{name:24} {shares}  of {len(found)}"


def main() -> int:
    """Command line; see the module's docstring."""
    arguments = parser(__doc__, "evidence")
    arguments.add_argument("--write", action="store_true", help="write the fitted map")
    arguments.add_argument(
        "--held-out", type=Path, help="folder for the maps fitted on the other reports, one a report"
    )
    args = arguments.parse_args()
    with opened(args) as (gold, library):
        found, of = learnt(library, gold)
    print(_line("without a map", ranks(found, of, {})))
    others = held_out(found, of)
    print(_line("fitted on other reports", ranks(found, of, others)))
    if args.held_out:
        args.held_out.mkdir(parents=True, exist_ok=True)
        for report, one in others.items():
            one.save(args.held_out / f"{report}.npz")
    if args.write:
        fit(found, of).save(MAP_FILE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
