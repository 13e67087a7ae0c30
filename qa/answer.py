"""Question → Answer: understand, retrieve, choose, say, check — or say that the reports do not tell."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import replace

from qa import compose, english, regions, words
from qa.alike import bare, exactly, named_by, names_exactly, own_name, same_words
from qa.candidates import Sentence, sentences
from qa.choose import Chooser, Piece, merge
from qa.cite import abstain, citation, finish
from qa.confidence import THRESHOLD
from qa.front import asks_about_report, read_front
from qa.library import Library
from qa.match import Focus, focus_of
from qa.model import Answer, Hit, Reason, Region, ReportInfo
from qa.reckon import conclusion, tells_of, told_by_first, told_in_one, told_margin, ways
from qa.retrieve import FUSED, Retriever, Weights
from qa.scope import Scope, Target, resolve
from qa.sides import Sides, attempts, of_one_place, part_within, sides
from qa.slots import Slot, again, fills, leaning, leaning_on, parts_of
from qa.spans import looks_back, over_years
from qa.terms import asks_meaning, explained, leaves_unexplained, names_a_term
from qa.things import entities
from qa.understand import Query, understand

HITS = 30
NEAR_HITS = 12
BESIDE = 0.15  # a side of a comparison may be this much less sure where its subject is the very indicator asked about
LOOKED_THROUGH = 60  # reports at most for what a name means, where the question is about nothing else
FEW_REPORTS = 3  # at most where it may be about anything
EXPLAINED = 0.9  # how sure what the report itself says of a name is
MIN_COVERAGE = 0.34  # a near fact shares at least this much of the question
# A name after a word of place, in an English question that names no place of China (the GDP of Paris).
_ELSEWHERE = re.compile(
    r"\b(?:of|in|for|does|did|has)\s+(?!GDP|China|State|The\b)[A-Z][a-z]{2,}|\b(?!China)[A-Z][a-z]{2,}['’]s\b"
)
# Premier Wen's report: a person is no place
_OFFICER = re.compile(r"\b(?:Premier|Governor|Mayor|Chairman|Minister)(?:\s+[A-Z]\w+){1,2}(?:['’]s)?")
MIN_COSINE = 0.78  # under it nothing in 29 reports is about the question at all


_NOT_TOLD = {"change": "增减幅度", "rank": "位次", "share": "占比"}
_UNTOLD = "报告没有说明。"


class Answerer:
    """Answers questions from an opened library."""

    def __init__(self, library: Library, threshold: float = THRESHOLD, retriever: Retriever | None = None) -> None:
        """threshold: least confidence (0…1) an answer needs to go out. retriever: one to share."""
        self.library = library
        self.retriever = retriever or Retriever(library)
        self.chooser = Chooser(self.retriever.rarity, self.retriever.clause_cosines, threshold)
        self.side_chooser = Chooser(self.retriever.rarity, self.retriever.clause_cosines, threshold - BESIDE)

    def ask(
        self, question: str, history: Sequence[str] = (), *, region: Region | None = None, year: int | None = None
    ) -> Answer:
        """Answer a question. history: earlier questions, oldest first. region, year: restrict to these.

        Raises UsageError for an empty or overlong question.
        """
        began = time.perf_counter()
        query = self._understood(question, history, region, year)
        parts = [query]
        asked = parts_of(question, history)
        if len(asked) > 1:
            parts = [understand(part, [*history, *asked[:n]]) for n, part in enumerate(asked)]
            parts = [_leaning_on(part, query) for part in parts]
        beside = sides(query, history)
        answer = self._told_with_its_change(query, parts, asked) if beside else None
        if answer and beside and not tells_of(beside, answer):
            answer = None
        answer = answer or (self._side_by_side(query, beside) if beside else None)
        if answer is None:
            whole = _of_the_same_place(query, beside, self.library.reports()) if beside else query
            answer = self._answer(_without_bases(whole, parts, asked), parts)
            if beside and not tells_of(beside, answer):
                answer = replace(abstain(query, "no_indicator"), near=answer.citations)
        parted = part_within(query) if not answer.answered else None
        if parted:
            answer = self._side_by_side(query, parted) or answer
        return replace(answer, question=question, seconds=round(time.perf_counter() - began, 4))

    def _told_with_its_change(self, query: Query, parts: Sequence[Query], asked: Sequence[str]) -> Answer | None:
        """A value with how much it is above the one before, where the report itself says so; None anywhere else."""
        if not any(leaning(part) == "change" for part in asked[1:]):
            return None
        answer = self._answer(_without_bases(query, parts, asked), parts)
        return answer if answer.answered and not answer.answer.endswith(_UNTOLD) else None

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
        query = self._without_events(query)
        if "prior" in query.wants and query.years:
            start = _year_to_start_from(query, self.library.reports())
            # By the report of a year the one before is worked back from what the report plans.
            planned = start in query.report_years
            query = replace(query, years=(start,), stance="plan" if planned else query.stance, both=False)
        return query

    def _without_events(self, query: Query) -> Query:
        """汶川地震 in the country's reports: a place that only names what happened there, and has no report."""
        if not _events(query) or any(not t.literal for t in resolve(query, self.library.reports()).targets):
            return query
        kept = [n for n, name in enumerate(query.places) if name not in _events(query)]
        regions_ = tuple(query.regions[n] for n in kept)
        return replace(query, regions=regions_, places=tuple(query.places[n] for n in kept))

    def _answer(self, query: Query, parts: Sequence[Query]) -> Answer:
        loaded = self.library.reports()
        if asks_about_report(query):
            front = self._front(query, loaded)
            if front:
                return front
        query = _with_local_places(query, loaded)
        focus = focus_of(query, self.retriever.rarity)
        if query.english and query.concepts and not query.regions and _ELSEWHERE.search(_OFFICER.sub("", query.said)):
            return self._abstain(query, focus, Scope((), "no_report"), "no_report")
        scope = resolve(query, loaded)
        if query.follows and all(t.literal for t in scope.targets):
            query = replace(query, years=tuple(year - 1 for year in query.years))
            scope = resolve(query, loaded)
        if not scope.targets:
            return self._abstain(query, focus, scope, scope.missing or "no_report")
        meaning = self._meaning(query, scope)
        if meaning:
            return self._finish(query, [meaning], scope)
        hits = self.retriever.retrieve(query, scope.targets, HITS)
        if not hits or (not query.regions and not query.years and _off_topic(query, hits[0].dense)):
            return self._abstain(query, focus, scope, "not_about_reports" if hits else "no_period")
        found = _of_the_place(sentences(hits, scope.targets, focus), query)
        if not _names_anything(query) and all(s.inner < MIN_COVERAGE for s in found):
            return self._abstain(query, focus, scope, "not_about_reports")
        slots: list[Slot] = []
        if len(parts) > 1 and not {"difference", "prior"} & set(query.wants):
            slots = self._slots(parts, hits, loaded)
            filled = self.chooser.fill(slots)
            if filled is None:
                slots = []
            told = self._parts(parts, hits, loaded) if filled is None else filled.pieces
            if told and filled and filled.untold:
                closing = "".join(f"{_NOT_TOLD[leans]}{_UNTOLD}" for leans in filled.untold)
                closing = english.not_told(filled.untold) if query.english else closing
                return finish(query, told, scope, closing)
            if told:
                return self._finish(query, told, scope)
        groups = sorted({t.group for t in scope.targets})
        alone = len(groups) > 1
        pieces = [self.chooser.choose(query, focus, [s for s in found if s.target.group == g], alone) for g in groups]
        good = [p for p in pieces if p is not None and (p.readings or not leaves_unexplained(query, p.text))]
        if not good or ("difference" in query.wants and (len(good) < len(pieces) or scope.unserved)):
            return self._abstain(query, focus, scope, _why_not(scope, found), good)
        if slots and not fills([r for p in good for r in p.readings], slots):
            return self._abstain(query, focus, scope, "no_indicator", good)
        return self._finish(query, good, scope)

    def _side_by_side(self, query: Query, beside: Sides) -> Answer | None:
        """Several sides and what is made of them; None where the question is better answered as a whole."""
        loaded = self.library.reports()
        if beside.whole:
            whole = self._told_as_a_whole(query, loaded)
            if whole:
                return whole
        placed = of_one_place(beside, loaded)
        if placed is None:
            return self._abstain(query, focus_of(query, self.retriever.rarity), Scope((), "no_period"), "no_period")
        answer: Answer | None = None
        for tried in attempts(placed, loaded):
            answer, any_told = self._set_beside(query, tried)
            if any_told and not (tried.guessed and (answer is None or not answer.answered)):
                break
        if answer is None or answer.answered:
            return answer
        return self._told_as_a_way(query, beside, loaded) or answer

    def _told_as_a_way(self, query: Query, beside: Sides, loaded: Sequence[ReportInfo]) -> Answer | None:
        """2025年比2020年提高了多少, where one sentence tells of both (2020年到2025年，比重从34.6%提升到49%)."""
        years = sorted({year for side in beside.queries for year in side.years})
        if len(years) != 2 or len(beside.queries) != 2:
            return None
        asked = _with_local_places(replace(query, years=(years[1],)), loaded)
        scope = resolve(asked, loaded)
        found = [s for s in self._found(asked, scope) if str(years[0]) in s.text]
        piece = self.chooser.choose(asked, focus_of(asked, self.retriever.rarity), found) if found else None
        if piece is None or not piece.readings or not all(r.figure.earlier for r in piece.readings):
            return None
        return self._finish(asked, [piece], scope)

    def _set_beside(self, query: Query, beside: Sides) -> tuple[Answer | None, bool]:
        """(what is made of the sides, None where the question is better answered as a whole; whether any is told)."""
        loaded = self.library.reports()
        beside = replace(beside, queries=tuple(_with_local_places(side, loaded) for side in beside.queries))
        scopes = [_one_stance(resolve(side, loaded), side) for side in beside.queries]
        found = [self._found(side, scope) for side, scope in zip(beside.queries, scopes, strict=True)]
        scope = Scope(
            tuple(replace(t, group=n) for n, one in enumerate(scopes) for t in one.targets),
            next((one.missing for one in scopes if one.missing), None),
            tuple(info for one in scopes for info in one.nearby),
        )
        first = replace(scope, targets=scopes[0].targets)
        told = told_in_one(beside, found, query.text)
        if told:
            return self._finish(query, [told], first), True
        if beside.within or beside.relation == "behind":
            return None, False
        best: list[Piece | None] = []
        for wants in ways(query.text, beside):
            asked = [replace(side, wants=wants) for side in beside.queries]
            pieces = [self._side(side, here) for side, here in zip(asked, found, strict=True)]
            pieces = self._in_the_same_words(pieces, asked, found)
            if told := told_by_first(pieces, beside, query.text):
                return self._finish(query, [told], first), True
            said = [piece for piece in pieces if piece is not None]
            closing = conclusion(said, beside, query.text) if len(said) == len(pieces) else None
            if closing and query.english:
                closing = english.between(said[0].readings[0], said[1].readings[0])
            if closing is not None:
                return finish(query, said, scope, closing), True
            best = max(best, pieces, key=lambda ps: sum(p is not None for p in ps))
        told_at_all = [piece for piece in best if piece is not None]
        answer = self._without_conclusion(query, beside, found, told_at_all, scope)
        named = [piece and named_by(piece, side) for piece, side in zip(best, beside.queries, strict=False)]
        return answer, any(named) or bool(answer and answer.answered)

    def _without_conclusion(
        self,
        query: Query,
        beside: Sides,
        found: Sequence[Sequence[Sentence]],
        told: Sequence[Piece],
        scope: Scope,
    ) -> Answer | None:
        """The answer where nothing can be made of the sides; None where a report may tell it in other words."""
        if beside.relation == "margin" and len(_HOW_MANY.findall(query.text)) == 1 and beside.against:
            margin_told = told_margin(found[0], *beside.against)
            if margin_told:
                return self._finish(query, [margin_told], scope)
        several = beside.relation == "margin" and len(words.SLOT.findall(query.text)) > 1
        if beside.fulfilled or beside.prior or several:
            return None
        if beside.relation not in ("gap", "margin", "before") and len(told) < 2:
            return None
        if beside.relation == "each":
            return self._finish(query, told, scope)
        focus = focus_of(beside.queries[0], self.retriever.rarity)
        reason = scope.missing or ("no_period" if not all(found) else "no_indicator")
        return self._abstain(query, focus, scope, reason, told)

    def _found(self, side: Query, scope: Scope) -> list[Sentence]:
        """The sentences that may tell one side."""
        if not scope.targets:
            return []
        hits = self.retriever.retrieve(side, scope.targets, HITS)
        found = _of_the_place(sentences(hits, scope.targets, focus_of(side, self.retriever.rarity)), side)
        return [s for s in found if looks_back(s) == _of_a_result(s)]

    def _side(self, side: Query, found: Sequence[Sentence]) -> Piece | None:
        """The figure of one side. One whose subject is the very indicator asked about may be a little less sure."""
        focus = focus_of(side, self.retriever.rarity)
        piece = self.chooser.choose(side, focus, found, alone=True)
        if piece is None and side.concepts:
            piece = self.side_chooser.choose(side, focus, found, alone=True)
            if piece and piece.readings and not names_exactly(piece.readings[0], side):
                piece = None
        return own_name(bare(exactly(piece, side)), side) if piece and piece.readings else None

    def _in_the_same_words(
        self, pieces: list[Piece | None], sides_: Sequence[Query], found: Sequence[Sequence[Sentence]]
    ) -> list[Piece | None]:
        """Where one side is told and another is not sure enough, what is said of it in the very words of the first."""
        told = next((piece for piece in pieces if piece is not None), None)
        if told is None or all(pieces):
            return pieces
        out: list[Piece | None] = []
        for piece, side, here in zip(pieces, sides_, found, strict=True):
            if piece is None:
                focus = focus_of(side, self.retriever.rarity)
                other = self.side_chooser.choose(side, focus, here, alone=True)
                piece = bare(other) if other and other.readings and same_words(told, other) else None
            out.append(piece)
        return out

    def _told_as_a_whole(self, query: Query, loaded: Sequence[ReportInfo]) -> Answer | None:
        """The one figure that a report gives for all the years asked about."""
        scope = resolve(query, loaded)
        focus = focus_of(query, self.retriever.rarity)
        found = [s for s in self._found(query, scope) if over_years(s)]
        piece = self.chooser.choose(query, focus, found, alone=True) if found else None
        return self._finish(query, [piece], replace(scope, targets=scope.targets[:1])) if piece else None

    def _meaning(self, query: Query, scope: Scope) -> Piece | None:
        """What a name in the question means by the reports; None where it does not ask that or they do not tell."""
        if not names_a_term(query):
            return None
        targets = sorted((t for t in scope.targets if not t.literal), key=lambda t: t.rank)
        reports = {t.report.id: t for t in reversed(targets)}
        if len(reports) > (LOOKED_THROUGH if asks_meaning(query.text) else FEW_REPORTS):
            return None
        for target in dict.fromkeys(reports[t.report.id] for t in targets):
            found = explained(query, self.library.catalogue.paragraphs(target.report.id))
            if found:
                hit = Hit(target.report, found.paragraph, found.start, found.end, 1.0, 1.0, 0.0)
                sentence = Sentence(hit, target, found.start, found.end, 1.0, 1.0, 1.0)
                place = compose.place_name(target.report.identity.region)
                head = f"{place}：" if found.defined else f"{compose.lead(sentence).rstrip('：')}："
                rest = [replace(hit, paragraph=p, start=start, end=end) for p, start, end in found.further]
                others = [Sentence(more, target, more.start, more.end, 1.0, 1.0, 1.0) for more in rest]
                return Piece(head, compose.tidy(found.text), (sentence, *others), sure=EXPLAINED)
        return None

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
        """The answers to several questions in one sentence, not all after figures; [] when one of them is not told."""
        told: list[Piece] = []
        for part in parts:
            focus = focus_of(part, self.retriever.rarity)
            targets = resolve(part, loaded).targets
            more = self.retriever.retrieve(part, targets, HITS) if targets else []
            found = sentences([*hits, *more], targets, focus)
            piece = self.chooser.choose(part, focus, found)
            if piece is None:
                return []
            told.append(piece)
        return merge(told)

    def _slots(self, parts: Sequence[Query], hits: Sequence[Hit], loaded: Sequence[ReportInfo]) -> list[Slot]:
        """Each part of a question with the sentences that may tell it."""
        slots: list[Slot] = []
        for part in parts:
            leans = leaning_on(part, slots[-1].query) if slots else None
            asked_again = bool(slots) and again(part.text)
            part = _with_local_places(part, loaded)
            focus = focus_of(part, self.retriever.rarity)
            targets = resolve(part, loaded).targets
            more = self.retriever.retrieve(part, targets, HITS) if targets and not leans else []
            found = [] if leans else _of_the_place(sentences([*hits, *more], targets, focus), part)
            slots.append(Slot(part, focus, found, leans, asked_again))
        return slots

    def _finish(self, query: Query, pieces: Sequence[Piece], scope: Scope) -> Answer:
        return finish(query, pieces, scope)

    def _abstain(self, query: Query, focus: Focus, scope: Scope, reason: Reason, found: Sequence[Piece] = ()) -> Answer:
        near = [s for piece in found for s in piece.sentences]
        if reason != "not_about_reports":
            near += self._nearest(query, focus, scope)
        return abstain(self._of_what_is_missing(query) if reason == "no_report" else query, reason, near)

    def _of_what_is_missing(self, query: Query) -> Query:
        """A question about several places, as one about those whose reports are not loaded."""
        loaded = self.library.reports()
        missing = [n for n, place in enumerate(query.regions) if not resolve(_of_one(query, n), loaded).targets]
        if not missing:
            return query
        return replace(query, regions=tuple(query.regions[n] for n in missing))

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


_HOW_MANY = re.compile(r"多少|几(?!乎)")


def _one_stance(scope: Scope, side: Query) -> Scope:
    """Only where a side's stance is told: of a year's aim its own report, of its result the report after it.

    Where 今年 or 去年 do not tell which is meant, what came out goes before what was aimed at.
    """
    stance = side.stance or ("review" if side.years else None)
    if stance is None:
        likelier = min((t.rank for t in scope.targets), default=0)
        return replace(scope, targets=tuple(replace(t, rank=0) for t in scope.targets if t.rank == likelier))
    kept = tuple(
        replace(t, stances=(stance,), rank=0)
        for t in scope.targets
        if stance in t.stances and not t.literal and t.report.identity.year - (stance == "review") == t.period
    )
    if stance == "review":  # 过去一年…, in front of the plans
        kept += tuple(replace(t, stances=("plan",)) for t in kept)
    return replace(scope, targets=kept, missing=scope.missing or (None if kept else "no_period"))


def _of_a_result(sentence: Sentence) -> bool:
    """Whether a sentence among the plans is looked at for what came out in the year before."""
    planned = sentence.hit.paragraph.stance == "plan"
    return planned and sentence.target.period < sentence.hit.report.identity.year


def _of_one(query: Query, n: int) -> Query:
    """A question about one of its places."""
    return replace(query, regions=(query.regions[n],), places=(query.places[n],), paired=False)


def _why_not(scope: Scope, found: Sequence[Sentence]) -> Reason:
    return "no_period" if not found or all(t.literal for t in scope.targets) else "no_indicator"


def _of_the_same_place(query: Query, beside: Sides, loaded: Sequence[ReportInfo]) -> Query:
    """A question without a place, as one of the place that its sides are of."""
    placed = of_one_place(beside, loaded)
    if query.regions or placed is None or not placed.queries[0].regions:
        return query
    side = placed.queries[0]
    return replace(query, regions=side.regions, places=side.places)


def _without_bases(query: Query, parts: Sequence[Query], asked: Sequence[str]) -> Query:
    """A question without the years that are only compared with: 2010年多少，较2009年添了多少."""
    if len(asked) < 2:
        return query
    meant = {year for part, text in zip(parts, asked, strict=True) if not leaning(text) for year in part.years}
    return replace(query, years=tuple(year for year in query.years if year in meant)) if meant else query


def _leaning_on(part: Query, whole: Query) -> Query:
    """One of several questions with the places and, where it names none, the years of the whole sentence."""
    part = replace(part, regions=whole.regions, places=whole.places, report_years=whole.report_years)
    if part.years or part.relative:
        return part
    return replace(part, years=whole.years, relative=whole.relative, stance=part.stance or whole.stance)


def _events(query: Query) -> tuple[str, ...]:
    """The places that are named for what happened there (汶川地震, 北京冬奥会)."""
    return tuple(name for name in query.places if re.search(f"{re.escape(name)}(?:{words.EVENT.pattern})", query.text))


def _with_local_places(query: Query, loaded: Sequence[ReportInfo]) -> Query:
    """A county in a prefecture's report is part of what is asked about, not a report to look for."""
    own = {info.identity.region.code for info in loaded}
    within = [region for region in query.regions if region.code not in own]
    names_ = [region.short for region in query.regions] if query.english else query.places
    local = [name for name, region in zip(names_, query.regions, strict=True) if region in within]
    if not local:
        return query
    around = [region for region in query.regions if region not in within]
    # 合肥市的GDP，安徽报告: the province beside it only says whose report; 管城 of 天津2025年怎么管城市 lies elsewhere.
    within = [region for region in within if all(regions.is_within(region, other) for other in around)]
    within = [region for region in within if not {region.short, region.name} & set(_events(query))]
    alone = bool(within) and not _WHOLE_PLACE.search(query.text)
    names = dict.fromkeys(name for region in within for name in (region.name, region.short))
    return replace(query, focus=f"{query.focus} {' '.join(local)}".strip(), local=tuple(names) if alone else ())


_WHOLE_PLACE = re.compile(r"(?<!占)全[国省市州区县]|我国")


def _of_the_place(found: list[Sentence], query: Query) -> list[Sentence]:
    """A prefecture's GDP or tourists are not those of a county in it: such a sentence must name the county.

    What is no indicator may be told under a heading, or after a sentence, that names it.
    """
    if not query.local or not (query.concepts or query.wants[0] in _OF_A_PLACE):
        return found
    if query.concepts:
        return [s for s in found if any(name in s.text for name in query.local)]
    if entities(query.text, query.local):
        return found  # 西昌青山机场: the airport is named by itself
    return [s for s in found if any(name in _up_to(s) for name in query.local)]


_OF_A_PLACE = frozenset({"amount", "growth", "share", "rank", "difference", "prior"})


def _up_to(sentence: Sentence) -> str:
    """The headings and the paragraph up to the end of a sentence."""
    paragraph = sentence.hit.paragraph
    return f"{' '.join(paragraph.section)} {paragraph.text[: sentence.end]}"


def _year_to_start_from(query: Query, loaded: Sequence[ReportInfo]) -> int:
    """The year whose value and growth give the value before it: the one named last, or the one after it."""
    year = max(query.years)
    if query.report_years:
        own = max(query.report_years)
        planned = year == own - 1 and words.WORKED_BACK.search(query.text) and "share" not in query.wants
        return own if planned else own - 1
    codes = {region.code for region in query.regions}
    reviewed = {i.identity.year - 1 for i in loaded if not codes or i.identity.region.code in codes}
    return year + 1 if year not in reviewed and year + 1 in reviewed else year


def _names_anything(query: Query) -> bool:
    """Whether the question names a place, a year, an indicator or a report."""
    return bool(query.regions or query.years or query.relative or query.report_years or query.concepts)


def _off_topic(query: Query, cosine: float) -> bool:
    return not query.concepts and cosine < MIN_COSINE
