"""Query → hits: dense and lexical scores fused over the passages the query admits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from qa.library import Library
from qa.model import Hit, ReportInfo, Stance
from qa.scope import Target
from qa.text import bigrams
from qa.understand import Query

LEXICAL_WEIGHT = 0.5  # beside dense 1.0, both scaled to 0…1 over the candidates: design.md, measured on 199 questions
POOL = 60  # candidates from each side


class Retriever:
    """Finds passages in an opened library."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._frequency: dict[str, int] = {}
        self._generation = -1

    def idf(self, token: str) -> float:
        """Rarity of a bigram over all passages (BM25's inverse document frequency, Robertson & Zaragoza 2009)."""
        generation = self.library.catalogue.generation
        if generation != self._generation:
            self._frequency, self._generation = {}, generation
        if token not in self._frequency:
            self._frequency.update(self.library.catalogue.document_frequency([token]))
        n = max(self.library.catalogue.counts()[2], 1)
        df = self._frequency.get(token, 0)
        return math.log(1 + (n - df + 0.5) / (df + 0.5))

    def retrieve(self, query: Query, targets: Sequence[Target] = (), k: int = 24) -> list[Hit]:
        """The k best passages for the query among those of ``targets`` (none: all), best first."""
        reports = {info.id: info for info in self.library.reports()}
        ids = self._admitted(targets) if targets else None
        if ids is not None and not len(ids):
            return []
        vector = self.library.encoder.encode_queries([query.text])[0]
        dense = dict(zip(*map(np.ndarray.tolist, self.library.index.search(vector, POOL, ids)), strict=True))
        lexical = self._lexical(query, targets)
        return self._fuse(vector, dense, lexical, reports)[:k]

    def _admitted(self, targets: Sequence[Target]) -> np.ndarray:
        found = [
            self.library.catalogue.passage_ids([report_id], stance)
            for report_id, stance in dict.fromkeys(_parts(targets))
        ]
        return np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)

    def _lexical(self, query: Query, targets: Sequence[Target]) -> dict[int, float]:
        words = [query.focus] + [name for concept in query.concepts for name in concept.formal]
        tokens = [token for text in words for token in bigrams(text)]
        found: dict[int, float] = {}
        if not targets:
            return dict(self.library.catalogue.lexical(tokens, POOL))
        for stance in dict.fromkeys(stance for _, stance in _parts(targets)):
            report_ids = list(dict.fromkeys(r for r, s in _parts(targets) if s == stance))
            found |= dict(self.library.catalogue.lexical(tokens, POOL, report_ids, stance))
        return found

    def _fuse(
        self, vector: np.ndarray, dense: dict[int, float], lexical: dict[int, float], reports: dict[str, ReportInfo]
    ) -> list[Hit]:
        unseen = np.array([i for i in lexical if i not in dense], dtype=np.int64)
        if len(unseen):
            cosines = self.library.index.reconstruct(unseen) @ vector
            dense = dense | dict(zip(unseen.tolist(), cosines.tolist(), strict=True))
        if not dense:
            return []
        low, high = min(dense.values()), max(dense.values())
        top = max(lexical.values(), default=1.0) or 1.0
        scores = {
            i: (cosine - low) / max(high - low, 1e-6) + LEXICAL_WEIGHT * lexical.get(i, 0.0) / top
            for i, cosine in dense.items()
        }
        best = sorted(scores, key=lambda i: (-scores[i], i))[:POOL]
        rows = self.library.catalogue.passage_rows(best)
        return [
            Hit(reports[row.report], self._paragraph(row.report, row.paragraph), row.start, row.end,
                scores[row.id], dense[row.id], lexical.get(row.id, 0.0))
            for row in rows
            if row.report in reports
        ]  # fmt: skip

    def _paragraph(self, report_id: str, number: int):  # type: ignore[no-untyped-def]
        return _paragraph(self.library.catalogue, report_id, number)


@lru_cache(maxsize=4096)
def _paragraph(catalogue, report_id: str, number: int):  # type: ignore[no-untyped-def]
    """Paragraphs never change under a report id, so they may be kept."""
    return catalogue.paragraph(report_id, number)


def _parts(targets: Sequence[Target]) -> list[tuple[str, Stance]]:
    return [(t.report.id, stance) for t in targets for stance in t.stances]
