"""Question → Answer: understand, retrieve, choose, say, check — or say that the reports do not tell."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from qa.candidates import Sentence, sentences
from qa.choose import Chooser, Piece, merge
from qa.cite import abstain, citation, finish
from qa.confidence import THRESHOLD
from qa.front import asks_about_report, read_front
from qa.library import Library
from qa.match import Focus, focus_of
from qa.model import Answer, Hit, Reason, Region, ReportInfo
from qa.retrieve import FUSED, Retriever, Weights
from qa.scope import Scope, Target, resolve
from qa.understand import Query, subquestions, understand

HITS = 30
NEAR_HITS = 12
MIN_COVERAGE = 0.34  # a near fact shares at least this much of the question
MIN_COSINE = 0.78  # under it nothing in 29 reports is about the question at all


class Answerer:
    """Answers questions from an opened library."""

    def __init__(self, library: Library, threshold: float = THRESHOLD, retriever: Retriever | None = None) -> None:
        """threshold: least confidence (0…1) an answer needs to go out. retriever: one to share."""
        self.library = library
        self.retriever = retriever or Retriever(library)
        self.chooser = Chooser(self.retriever.rarity, threshold)

    def ask(
        self, question: str, history: Sequence[str] = (), *, region: Region | None = None, year: int | None = None
    ) -> Answer:
        """Answer a question. history: earlier questions, oldest first. region, year: restrict to these.

        Raises UsageError for an empty or overlong question.
        """
        began = time.perf_counter()
        query = self._understood(question, history, region, year)
        parts = [query]
        asked = subquestions(question)
        if len(asked) > 1:
            parts = [understand(part, [*history, *asked[:n]]) for n, part in enumerate(asked)]
            parts = [_leaning_on(part, query) for part in parts]
        answer = self._answer(query, parts)
        return replace(answer, question=question, seconds=round(time.perf_counter() - began, 4))

    def search(
        self, question: str, history: Sequence[str] = (), *, k: int = HITS, weights: Weights = FUSED
    ) -> list[Hit]:
        """The k passages that an answer would be chosen from, best first; [] when no report can tell.

        weights: of the dense and the lexical side. Raises UsageError for an empty or overlong question.
        """
        query = _with_local_places(self._understood(question, history), self.library.reports())
        targets = resolve(query, self.library.reports()).targets
        return self.retriever.retrieve(query, targets, k, weights) if targets else []

    def _understood(
        self, question: str, history: Sequence[str], region: Region | None = None, year: int | None = None
    ) -> Query:
        query = understand(question, history)
        if region is not None:
            query = replace(query, regions=(region,), places=(region.short,))
        if year is not None:
            query = replace(query, years=(year,), relative=())
        if "prior" in query.wants and query.years:
            query = replace(query, years=(_year_to_start_from(query, self.library.reports()),))
        return query

    def _answer(self, query: Query, parts: Sequence[Query]) -> Answer:
        loaded = self.library.reports()
        if asks_about_report(query):
            front = self._front(query, loaded)
            if front:
                return front
        query = _with_local_places(query, loaded)
        focus = focus_of(query, self.retriever.rarity)
        scope = resolve(query, loaded)
        if not scope.targets:
            return self._abstain(query, focus, scope, scope.missing or "no_report")
        hits = self.retriever.retrieve(query, scope.targets, HITS)
        if not hits or (not query.regions and not query.years and _off_topic(query, hits[0].dense)):
            return self._abstain(query, focus, scope, "not_about_reports" if hits else "no_period")
        found = _of_the_place(sentences(hits, scope.targets, focus), query)
        if not _names_anything(query) and all(s.inner < MIN_COVERAGE for s in found):
            return self._abstain(query, focus, scope, "not_about_reports")
        if len(parts) > 1 and "difference" not in query.wants:
            told = self._parts(parts, hits, loaded)
            if told:
                return self._finish(query, told, scope)
        groups = sorted({t.group for t in scope.targets})
        alone = len(groups) > 1
        pieces = [self.chooser.choose(query, focus, [s for s in found if s.target.group == g], alone) for g in groups]
        good = [p for p in pieces if p is not None]
        if not good or ("difference" in query.wants and (len(good) < len(pieces) or scope.unserved)):
            return self._abstain(query, focus, scope, _why_not(scope, found), good)
        return self._finish(query, good, scope)

    def _front(self, query: Query, loaded: Sequence[ReportInfo]) -> Answer | None:
        """The answer to a question about a report itself, when one report is meant and its head tells."""
        years = query.report_years or query.years
        codes = {region.code for region in query.regions}
        meant = [
            info
            for info in loaded
            if (not codes or info.identity.region.code in codes) and (not years or info.identity.year in years)
        ]
        if not meant or (len(meant) > 1 and not codes):
            return None
        info = max(meant, key=lambda report: report.identity.year)
        fact = read_front(query, info, self.library.catalogue.paragraphs(info.id))
        if fact is None:
            return None
        paragraph = fact.paragraph
        hit = Hit(info, paragraph, 0, len(paragraph.text), 1.0, 1.0, 0.0)
        target = Target(info, info.identity.year, (paragraph.stance,), 0)
        cited = citation(1, Sentence(hit, target, 0, len(paragraph.text), 1.0, 1.0, 1.0))
        return Answer(query.text, f"{fact.text}[1]", True, None, (cited,), confidence=1.0)

    def _parts(self, parts: Sequence[Query], hits: Sequence[Hit], loaded: Sequence[ReportInfo]) -> list[Piece]:
        """The answers to several questions in one sentence; [] when one of them is not told."""
        told: list[Piece] = []
        for part in parts:
            focus = focus_of(part, self.retriever.rarity)
            targets = resolve(part, loaded).targets
            more = self.retriever.retrieve(part, targets, HITS) if targets else []
            found = sentences([*hits, *more], targets, focus)
            # What is asked in the same breath mostly stands in the same sentence.
            here = [s for s in found if told and s.key in {k.key for k in told[-1].sentences}]
            said = {(r.sentence.key, r.figure.start) for p in told for r in p.readings}
            piece = self.chooser.beside(part, here, focus, said, told[-1] if told else None) or self.chooser.choose(
                part, focus, found
            )
            if piece is None:
                return []
            told.append(piece)
        return merge(told)

    def _finish(self, query: Query, pieces: Sequence[Piece], scope: Scope) -> Answer:
        return finish(query, pieces, scope)

    def _abstain(self, query: Query, focus: Focus, scope: Scope, reason: Reason, found: Sequence[Piece] = ()) -> Answer:
        near = [s for piece in found for s in piece.sentences]
        if reason != "not_about_reports":
            near += self._nearest(query, focus, scope)
        return abstain(query, reason, near)

    def _nearest(self, query: Query, focus: Focus, scope: Scope) -> list[Sentence]:
        """The closest facts anywhere: another year of the place, or the same thing of another place."""
        reports = [t.report for t in scope.targets] or list(scope.nearby) or self.library.reports()
        everywhere = [
            Target(r, r.identity.year - (stance == "review"), (stance,), 0)
            for r in dict.fromkeys(reports)
            for stance in ("review", "plan")
        ]
        hits = self.retriever.retrieve(query, everywhere, NEAR_HITS)
        return [s for s in sentences(hits, everywhere, focus) if s.inner >= MIN_COVERAGE]


def _why_not(scope: Scope, found: Sequence[Sentence]) -> Reason:
    return "no_period" if not found or all(t.literal for t in scope.targets) else "no_indicator"


def _leaning_on(part: Query, whole: Query) -> Query:
    """One of several questions with the places and, where it names none, the years of the whole sentence."""
    part = replace(part, regions=whole.regions, places=whole.places, report_years=whole.report_years)
    if part.years or part.relative:
        return part
    return replace(part, years=whole.years, relative=whole.relative, stance=part.stance or whole.stance)


def _with_local_places(query: Query, loaded: Sequence[ReportInfo]) -> Query:
    """A county in a prefecture's report is part of what is asked about, not a report to look for."""
    own = {info.identity.region.code for info in loaded}
    local = [name for name, region in zip(query.places, query.regions, strict=True) if region.code not in own]
    alone = len(local) == len(query.places)
    focus = f"{query.focus} {' '.join(local)}".strip()
    return replace(query, focus=focus, local=tuple(local) if alone else ()) if local else query


def _of_the_place(found: list[Sentence], query: Query) -> list[Sentence]:
    """A prefecture's GDP or tourists are not those of a county in it: such a sentence must name the county."""
    if not query.concepts or not query.local:
        return found
    return [s for s in found if any(name in s.text for name in query.local)]


def _year_to_start_from(query: Query, loaded: Sequence[ReportInfo]) -> int:
    """The year whose value and growth give the value before it: the one named last, or the one after it."""
    year = max(query.years)
    reviewed = {info.identity.year - 1 for info in loaded}
    return year + 1 if year not in reviewed and year + 1 in reviewed else year


def _names_anything(query: Query) -> bool:
    """Whether the question names a place, a year, an indicator or a report."""
    return bool(query.regions or query.years or query.relative or query.report_years or query.concepts)


def _off_topic(query: Query, cosine: float) -> bool:
    return not query.concepts and cosine < MIN_COSINE
