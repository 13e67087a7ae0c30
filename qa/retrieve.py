"""Query → hits: dense and lexical scores fused over the passages the query admits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from qa.library import Library
from qa.model import Hit, Paragraph, ReportInfo, Stance
from qa.question_map import QuestionMap, question_map
from qa.scope import Target
from qa.text import bigrams
from qa.understand import Query

Weights = tuple[float, float]  # of the dense and of the lexical score, each scaled to 0…1 over the candidates
FUSED: Weights = (1.0, 0.5)  # measured on 199 questions over 36 reports: R@1 0.72, R@5 0.97
DENSE_ONLY: Weights = (1.0, 0.0)
LEXICAL_ONLY: Weights = (0.0, 1.0)
POOL = 60  # candidates from each side
KEPT = 512  # vectors of recent questions kept in memory


class Retriever:
    """Finds passages in an opened library."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._frequency: dict[str, int] = {}
        self._passages = 1
        self._generation = -1
        self._paragraphs: dict[tuple[str, int], Paragraph] = {}
        self._vectors: dict[str, np.ndarray] = {}

    def rarity(self, tokens: Iterable[str]) -> dict[str, float]:
        """Rarity of bigrams over all passages (BM25's inverse document frequency, Robertson & Zaragoza 2009)."""
        catalogue = self.library.catalogue
        if catalogue.generation != self._generation:
            self._generation, self._frequency = catalogue.generation, {}
            self._passages = max(catalogue.counts()[2], 1)
        wanted = list(tokens)
        unknown = [token for token in wanted if token not in self._frequency]
        if unknown:
            self._frequency |= dict.fromkeys(unknown, 0) | catalogue.document_frequency(unknown)
        n = self._passages
        return {t: math.log(1 + (n - self._frequency[t] + 0.5) / (self._frequency[t] + 0.5)) for t in wanted}

    def retrieve(
        self, query: Query, targets: Sequence[Target] = (), k: int = 24, weights: Weights = FUSED
    ) -> list[Hit]:
        """The k best passages for the query among those of ``targets`` (none: all), best first."""
        reports = {info.id: info for info in self.library.reports()}
        ids = self._admitted(targets) if targets else None
        if ids is not None and not len(ids):
            return []
        vector = self._vector(query.search)
        ids_found, cosines = self.library.index.search(vector, POOL, ids)
        dense: dict[int, float] = dict(zip(ids_found.tolist(), cosines.tolist(), strict=True)) if weights[0] else {}
        lexical = self._lexical(query, targets) if weights[1] else {}
        return self._fuse(vector, dense, lexical, reports, weights)[:k]

    @cached_property
    def turning(self) -> QuestionMap | None:
        """The map of questions fitted for the library's sentence model, if one is."""
        return question_map(self.library.encoder.spec)

    def clause_cosines(self, question: str, found: Sequence[tuple[str, int]]) -> dict[tuple[str, int, int, int], float]:
        """Cosines of the question and the sentences and clauses of (report id, paragraph)s.

        Keys: (report id, paragraph, start, end in its text). The question is turned by its map, where its model has
        one; passages, which stand under their headings, are looked for with the plain vector.
        """
        stored = self.library.catalogue.clause_vectors(dict.fromkeys(found))
        if not stored:
            return {}
        matrix = np.stack(list(stored.values()))
        matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)
        vector = self._vector(question)
        cosines = self.turning.cosines(vector, matrix) if self.turning else matrix @ vector
        return dict(zip(stored, cosines.tolist(), strict=True))

    def _admitted(self, targets: Sequence[Target]) -> np.ndarray:
        found = [
            self.library.catalogue.passage_ids([report_id], stance)
            for report_id, stance in dict.fromkeys(_parts(targets))
        ]
        return np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)

    def _lexical(self, query: Query, targets: Sequence[Target]) -> dict[int, float]:
        words = [query.focus, *(name for concept in query.concepts for name in concept.formal)]
        words += [name for thing in query.printed if thing[0] in query.focus for name in thing[1:]]
        tokens = [token for text in words for token in bigrams(text)]
        found: dict[int, float] = {}
        if not targets:
            return dict(self.library.catalogue.lexical(tokens, POOL))
        for stance in dict.fromkeys(stance for _, stance in _parts(targets)):
            report_ids = list(dict.fromkeys(r for r, s in _parts(targets) if s == stance))
            found |= dict(self.library.catalogue.lexical(tokens, POOL, report_ids, stance))
        return found

    def _fuse(
        self,
        vector: np.ndarray,
        dense: dict[int, float],
        lexical: dict[int, float],
        reports: dict[str, ReportInfo],
        weights: Weights,
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
            i: weights[0] * (cosine - low) / max(high - low, 1e-6) + weights[1] * lexical.get(i, 0.0) / top
            for i, cosine in dense.items()
        }
        best = sorted(scores, key=lambda i: (-scores[i], i))[:POOL]
        rows = self.library.catalogue.passage_rows(best)
        return [
            Hit(
                reports[row.report],
                self._paragraph(row.report, row.paragraph),
                row.start,
                row.end,
                scores[row.id],
                dense[row.id],
                lexical.get(row.id, 0.0),
            )
            for row in rows
            if row.report in reports
        ]

    def _vector(self, text: str) -> np.ndarray:
        """The question's vector; one question may be looked up several times on its way."""
        if text not in self._vectors:
            if len(self._vectors) >= KEPT:
                self._vectors.clear()
            self._vectors[text] = self.library.encoder.encode_queries([text])[0]
        return self._vectors[text]

    def _paragraph(self, report_id: str, number: int) -> Paragraph:
        """A paragraph; what stands under a report id never changes, so it may be kept."""
        key = (report_id, number)
        if key not in self._paragraphs:
            if len(self._paragraphs) >= 4 * KEPT:
                self._paragraphs.clear()
            self._paragraphs[key] = self.library.catalogue.paragraph(report_id, number)
        return self._paragraphs[key]


def _parts(targets: Sequence[Target]) -> list[tuple[str, Stance]]:
    return [(t.report.id, stance) for t in targets for stance in t.stances]
