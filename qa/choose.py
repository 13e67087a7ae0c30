"""Sentences → pieces of an answer: which figure, which figures together, which sentence, or none."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from qa import compose, words
from qa.candidates import Cosines, Reading, Sentence, readings
from qa.confidence import THRESHOLD, Signals, confidence
from qa.conflict import rival
from qa.figure_model import figure_confidence, figure_features
from qa.kinds import asked_unit, sum_named, worked_out
from qa.match import Focus, Rarity, focus_of
from qa.numbers import classes, read_numbers
from qa.repeats import only_repeats
from qa.slots import (
    ADDED_UP,
    EACH,
    MANY,
    Leaning,
    Slot,
    all_said,
    asked_for,
    by_its_name,
    gained,
    items,
    jointly,
    listed,
    near,
    of_one_name,
    said_of,
    together,
    with_its_rate,
)
from qa.spans import of_a_run, of_other_years, of_the_run
from qa.telling import matter, tell
from qa.understand import Query, understand

READ = 18  # sentences whose figures are read; the right one is among them for 92% of the train questions
TELLING = 0.1  # a passage quoted beside the point misleads less than a wrong figure
FIGURES_SURER = 0.15  # a wrong figure is worse than silence: at 0.7 90% are right on questions not developed on
ENGLISH_SURER = 0.2  # sentences chosen by translated words: below 0.7 two of three are wrong on 146 questions
SURE = 0.85  # an answer this sure is not weighed against the second place to look
SURER = 0.2  # the second place must be this much surer than the first
PAIRED = 0.1  # a figure told with the very change that is asked for of it may be this much less sure
BESIDE_FIRM = 0.3  # least confidence in a figure that stands in the sentence of a sure one
LIKELY = 3.0  # a figure told with what else is asked of it may be this much less likely than the best (log odds)
NAMED = 0.4  # for a question that asks for no kind of thing, a figure must say this share of it in its own words

_FIGURES = frozenset({"amount", "growth", "share", "rank", "difference", "prior"})
_DURATIONS = frozenset({"年", "天", "个月", "小时", "分钟"})
_FROM_TO = re.compile(r"[从由](?:多少|几)[^，。？从由]{0,8}(?:到|至|成|为)[^，。？]{0,2}(?:多少|几)")
_PART_OF_WHOLE = re.compile(
    r"(?P<part>[^，,。？占]{2,20})占(?:到?了?)?(?P<whole>[^，,。？]{2,16}?)(?:的|中)?(?:比重|比例|份额|多少|百分之|"
    r"几成|几分)"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of an answer before it is numbered: what it is of (2023年，阿坝州), its words, and the sentences and
    figures it rests on. sure: probability that it is right, None where it follows from another piece. signals: what
    that was judged by, for sentences."""

    head: str
    text: str
    sentences: tuple[Sentence, ...]
    readings: tuple[Reading, ...] = ()
    sure: float | None = None
    signals: Signals | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """What was found for the parts of a question. pieces: [] where a part with a thing of its own is not told. untold:
    the changes and ranks of things told that no report gives."""

    pieces: list[Piece]
    untold: tuple[Leaning, ...] = ()


# question, (report id, paragraph)s → cosine of every sentence and clause there
Alike = Callable[[str, Sequence[tuple[str, int]]], Cosines]


class Chooser:
    """Chooses what answers a question among the sentences found for it."""

    def __init__(self, rarity: Rarity, alike: Alike, threshold: float = THRESHOLD) -> None:
        """rarity: weights of bigrams. alike: cosines of a question and the sentences and clauses of (report id,
        paragraph)s.
        threshold: least confidence (0…1) an answer needs to go out."""
        self._rarity = rarity
        self._alike = alike
        self._threshold = threshold

    def choose(self, query: Query, focus: Focus, found: Sequence[Sentence], alone: bool = False) -> Piece | None:
        """The answer from where to look first, unless the second place is far surer; None when neither tells.

        alone: other places or years are asked about beside this one, so 各 does not speak of it.
        """
        if not _asks_figure(query):
            return self._told(query, focus, found)
        found = [s for s in found if not s.text.endswith("：")]  # announces what comes, and tells nothing
        figure = self._figure_piece(query, focus, found, alone) or _told_by_ratio(query, found, self._rarity)
        if figure and only_repeats(figure.text, query.text):
            return None
        if figure or query.wants[0] != "date" or asked_unit(query.text) != "年":
            return figure
        # 用几年时间: what is told in words of a time may answer where no figure does
        first = self._told(query, focus, [s for s in found if s.target.rank == 0])
        if first is None or (first.sure is not None and first.sure < SURE):
            second = self._told(query, focus, [s for s in found if s.target.rank > 0])
            if second and (first is None or (second.sure or 0.0) > (first.sure or 0.0) + SURER):
                return second
        return first

    def read(self, query: Query, focus: Focus, found: Sequence[Sentence]) -> list[Reading]:
        """The figures of the best sentences, best first."""
        cosines = self._alike(query.search, [s.key[:2] for s in found[:READ]])
        return readings(found[:READ], query, focus, cosines)

    def nearness(self, query: Query, found: Sequence[Sentence]) -> Cosines:
        """Cosines of what is asked and the sentences given, with their clauses."""
        return self._alike(matter(query), [s.key[:2] for s in found])

    def ranked(self, query: Query, read: Sequence[Reading]) -> list[Reading]:
        """Those of the figures read that can answer."""
        moved = bool(_FROM_TO.search(query.text))
        can = [r for r in read if r.possible and not of_other_years(r, query) and (r.figure.earlier or not moved)]
        return of_the_run(can, query)

    def fill(self, slots: Sequence[Slot]) -> Filled | None:
        """The parts of a question that asks for several figures; None when one of them asks for no figure."""
        if any(not slot.leans and not _asks_figure(slot.query) for slot in slots):
            return None
        own = [slot for slot in slots if not slot.leans]
        reads = [self.read(s.query, s.focus, s.found) for s in own]
        asked = [group[1:] for group in _with_leaners(slots)]
        options = [
            _that_tell(self.ranked(s.query, read), leaners) for s, read, leaners in zip(own, reads, asked, strict=True)
        ]
        chosen = jointly(options, [slot.again for slot in own])
        if chosen is None:
            return Filled([])
        sure = [_sure_of(r, ranked, s) for r, ranked, s in zip(chosen, options, own, strict=True)]
        beside = [
            {leaner.leans: said_of(reading, leaner.leans, leaner.query.text) for leaner in leaners if leaner.leans}
            for reading, leaners in zip(chosen, asked, strict=True)
        ]
        least = self._threshold + FIGURES_SURER
        needed = [least - PAIRED if more and all(more.values()) else least for more in beside]
        firm = {r.sentence.key for r, p, need in zip(chosen, sure, needed, strict=True) if p >= need}
        pieces: list[Piece] = []
        untold: list[Leaning] = []
        each = zip(chosen, sure, needed, beside, own, reads, asked, strict=True)
        for reading, p, need, more, slot, read, leaners in each:
            if p < need and (p < BESIDE_FIRM or reading.sentence.key not in firm or not reading.fits):
                return Filled([])
            told_apart = self._apart(reading, slot, [leaner for leaner in leaners if more[leaner.leans] is None], least)
            if told_apart is None:
                return Filled([])
            missing = [leans for leans, found in more.items() if found is None and leans not in told_apart]
            if missing and (p < SURE or any(leans == "share" or near(reading, leans) for leans in missing)):
                return Filled([])
            untold += missing
            several = [reading]
            if not more and MANY.search(slot.query.text):
                several = self._several(reading, read, slot.query, slot.focus) or several
            asked_beside = {leaner.leans: leaner.query.text for leaner in leaners}
            told = [r for leans, found in more.items() if found for r in with_its_rate(found, asked_beside[leans])]
            pieces.append(_with_more(several, told, slot.query, p if p >= need else None))
            if any(reading in apart.readings for apart in told_apart.values()):
                pieces.pop()  # the share worked out shows the amount
            pieces += told_apart.values()
        return Filled(merge(pieces), tuple(untold))

    def _apart(
        self, reading: Reading, slot: Slot, leaners: Sequence[Slot], least: float
    ) -> dict[Leaning, Piece] | None:
        """What leans on a figure and is told of its very thing in another sentence, each as a piece of its own; None
        where it may be told there, but not surely."""
        pieces: dict[Leaning, Piece] = {}
        for leaner in leaners:
            if leaner.leans == "rank":
                continue
            text = _ASKS_HOW_MUCH.sub("", slot.query.text) + leaner.query.text
            query = replace(slot.query, text=text, search=text)
            apart = self._its_own(leaner.leans, reading, query, slot.focus, slot.found) if leaner.leans else None
            if apart is None and leaner.leans == "share":
                apart = _told_by_ratio(replace(query, wants=("share",)), slot.found, self._rarity)
            elif apart and (apart.sure or 0.0) < (BESIDE_FIRM if by_its_name(reading, apart.readings[0]) else least):
                return None
            if apart and leaner.leans:
                pieces[leaner.leans] = apart
        return pieces

    def _its_own(
        self, kind: Leaning, of: Reading, query: Query, focus: Focus, found: Sequence[Sentence]
    ) -> Piece | None:
        """The growth, or the share, that another sentence of the same time tells of the very thing of a figure."""
        query = replace(query, wants=("growth" if kind == "change" else "share",), both=False, total=False)
        read = [
            r
            for r in self.ranked(query, self.read(query, focus, found))
            if r.figure.kind == kind or (kind == "change" and gained(r, of))
        ]
        if not read or read[0].fit.other_kind_of_figure or not of_one_name(read[0], of, query.concepts):
            return None
        sure = figure_confidence(figure_features(read, found, query, focus))
        return _told_by_figures(read[:1], query, sure)

    def _and_its_growth(
        self, read: Sequence[Reading], query: Query, focus: Focus, found: Sequence[Sentence]
    ) -> Piece | None:
        """An amount and its growth that two sentences tell; None where the growth is not told of the same thing."""
        asked = replace(query, wants=("amount",), both=False, total=True)
        ranked = self.ranked(asked, self.read(asked, focus, found))
        if not ranked or ranked[0].figure.kind != "amount":
            return None
        least = self._threshold + FIGURES_SURER
        sure = figure_confidence(figure_features(ranked, found, asked, focus))
        change = self._its_own("change", ranked[0], query, focus, found) if sure >= least else None
        least = BESIDE_FIRM if change and by_its_name(ranked[0], change.readings[0]) else least
        if change is None or (change.sure or 0.0) < least:
            return None
        amount = _told_by_figures([ranked[0]], asked, sure)
        both = compose.several([piece.text for piece in merge([amount, change])])
        sentences = tuple(dict.fromkeys((*amount.sentences, *change.sentences)))
        return replace(amount, text=both, sentences=sentences, readings=(*amount.readings, *change.readings))

    def _several(self, best: Reading, read: Sequence[Reading], query: Query, focus: Focus) -> list[Reading]:
        """The best figure with the others that are asked for beside it; [] where one of a list is not told."""
        if "prior" in query.wants:
            return [best]
        names = items(query.text) if EACH.search(query.text) else []
        beside_it = [r for r in read if r.sentence.key == best.sentence.key and r.figure.clause == best.figure.clause]
        as_many = best.figure.order >= 0 and len([r for r in beside_it if r.figure.order >= 0]) == len(names)
        if len(names) < 2 or as_many:
            found = together(best, read, query, focus)
            return [] if len(found) == 1 and EACH.search(query.text) and asked_for(query.text) > 1 else found
        for coarse in (False, True):
            things = [(name, focus_of(understand(name), self._rarity)) for name in items(query.text, coarse)]
            found = listed(best, read, things)
            if found:
                return found
        found = together(best, read, query, focus)  # 城里人和乡下人: what is told together may be named otherwise
        return found if len(found) == len(names) or all_said(found, things) else []

    def _told(self, query: Query, focus: Focus, found: Sequence[Sentence]) -> Piece | None:
        """The answer in sentences, all those given weighed at once, or None when they do not tell."""
        if query.wants[0] == "fact":
            figure = self._figure_piece(query, focus, [s for s in found if s.target.rank == 0])
            if figure and figure.readings[0].own >= NAMED and not only_repeats(figure.text, query.text):
                return figure
        least = self._threshold - TELLING + ENGLISH_SURER * query.english
        told = tell(query, focus, found, least, self.nearness(query, found))
        if told and sum_named(query) and not any("元" in n.unit for n in read_numbers(told.text)):
            return None
        if told and only_repeats(told.text, query.text):
            return None  # 新增高校4所: which four they are is not told
        return Piece(told.head, told.text, told.sentences, (), confidence(told.signals), told.signals) if told else None

    def _figure_piece(self, query: Query, focus: Focus, found: Sequence[Sentence], alone: bool = False) -> Piece | None:
        """A figure, or the figures asked for together."""
        read = self.read(query, focus, found)
        ranked = self.ranked(query, read)
        if not ranked:
            return None
        best = ranked[0]
        sure = figure_confidence(figure_features(ranked, found, query, focus))
        if sure < self._threshold + FIGURES_SURER:
            return None
        if query.both and not alone and (piece := _with_growth(best, query, sure)):
            return piece
        if query.both and not alone and (piece := self._and_its_growth(read, query, focus, found)):
            return piece
        if _BEFORE_THAT.search(query.text) and query.wants[0] == "amount":
            return _before_that(ranked, query, sure)
        chosen = [best] if alone and best.figure.order < 0 else self._several(best, read, query, focus)
        if not chosen:
            return None  # one of several asked for would pass for all of them
        if "difference" in query.wants and len(chosen) < 2 and not alone:
            # 比上一轮普查多了多少: against something the report does not give by itself, a growth tells
            wants = ("growth", *(want for want in query.wants if want not in ("difference", "growth")))
            return self._figure_piece(replace(query, wants=wants), focus, found)
        if "prior" in query.wants and words.WORKED_BACK.search(query.text) and not _computed(chosen, query):
            return None  # this year's value is no answer to what last year's was
        piece = _told_by_figures(chosen, query, sure)
        other = rival(best, read) if len(chosen) == 1 and not alone else None
        return _with_rival(piece, other) if other else piece


_BEFORE_THAT = re.compile(
    r"(?:十[一二三四]五[”\"]?(?:期间|时期)?|新增|增加|[此这]|\d{4}年)(?:之前|以前|前)(?!列)|原来(?!的基础)|原先|原有(?!的?基础)"
)


def _before_that(ranked: Sequence[Reading], query: Query, sure: float) -> Piece | None:
    """What there was before what was added or reached, as told (从x增至y) or worked out from what the sentence tells;
    None where it tells neither, since what there is now is no answer."""
    best = ranked[0]
    if best.figure.earlier is not None:
        return _told_by_figures([best], query, sure)
    pair = compose.added_to(best)
    worked = compose.before(pair[1], replace(pair[0], word="增加")) if pair else None
    if pair is None or worked is None:
        return None
    bounds = classes(pair[1].qualifier) or (frozenset({"about"}) if pair[0].qualifier else frozenset())
    bound = {"over": "超过", "from": "不少于"}.get("".join(bounds), "约") if bounds else "为"
    said = compose.several([compose.say_alone(replace(best, figure=figure)) for figure in pair])
    piece = _told_by_figures([replace(best, figure=figure) for figure in pair], query, sure)
    return replace(piece, text=f"{said}，据此推算此前{bound}{worked}")


_ASKS_HOW_MUCH = re.compile(r"(?:的)?(?:是|有|为|达到?)*(?:多少|几|多大|多高)[^，,。？?]*[，,。？?]*$")


def _with_leaners(slots: Sequence[Slot]) -> list[list[Slot]]:
    """The parts that name a thing of their own, each with those that lean on it."""
    groups: list[list[Slot]] = []
    for slot in slots:
        if slot.leans and groups:
            groups[-1].append(slot)
        else:
            groups.append([slot])
    return groups


def _that_tell(ranked: Sequence[Reading], leaners: Sequence[Slot]) -> list[Reading]:
    """The figures beside which what leans on them is told too; all of them where there is none."""
    told = [r for r in ranked if all(s.leans and said_of(r, s.leans, s.query.text) for s in leaners)]
    return told if told and told[0].score > ranked[0].score - LIKELY else list(ranked)


def _with_growth(best: Reading, query: Query, sure: float) -> Piece | None:
    """An amount and its growth, asked for as one (总量和增幅各是多少); None where the sentence does not tell both."""
    total = compose.paired_total(best) if best.figure.kind == "change" else best.figure
    if total is None or total.kind != "amount":
        return None
    amount = replace(best, figure=total)
    more = said_of(amount, "change", query.text)
    return _with_more([amount], with_its_rate(more, query.text), query, sure) if more else None


def _sure_of(reading: Reading, ranked: Sequence[Reading], slot: Slot) -> float:
    first = [reading, *(r for r in ranked if r is not reading)]
    return figure_confidence(figure_features(first, slot.found, slot.query, slot.focus))


def _with_more(chosen: Sequence[Reading], more: Sequence[Reading], query: Query, sure: float | None) -> Piece:
    """Figures, or one with what is told beside it of the same thing, and nothing else where something is."""
    piece = _told_by_figures(chosen, query, sure)
    if not more:
        return piece
    reading = chosen[0]
    said = [compose.say_expected(reading), *(compose.said_of_it(r, reading.figure) for r in more)]
    return replace(piece, text="，".join(said), readings=(reading, *more))


def merge(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces of one answer without those another one has said already (a growth told beside its amount)."""
    kept: list[Piece] = []
    for piece in pieces:
        figures = {(r.sentence.key, r.figure.start) for r in piece.readings}
        told = {
            (r.sentence.key, f.start)
            for other in kept
            for r in other.readings
            for f in (r.figure, compose.paired_change(r))
            if f is not None
        }
        if not figures or not figures <= told:
            kept.append(piece)
    return kept


def _asks_figure(query: Query) -> bool:
    want = query.wants[0]
    if want == "date":
        return asked_unit(query.text) in _DURATIONS
    return want in _FIGURES or (want == "fact" and bool(query.concepts))


def _told_by_figures(chosen: Sequence[Reading], query: Query, sure: float | None) -> Piece:
    best = chosen[0]
    head = compose.lead(best.sentence, of_a_run(best))
    text = _computed(chosen, query) or compose.say_run(chosen)
    text = text or compose.several([compose.say_figure(r, query) for r in chosen])
    return Piece(head, text, tuple(dict.fromkeys(r.sentence for r in chosen)), tuple(chosen), sure)


def _with_rival(piece: Piece, other: Reading) -> Piece:
    """A piece with the figure elsewhere in the reports that contradicts it."""
    text = f"{piece.text}；报告另一处为“{other.figure.phrase}”，两处不一致"
    return replace(piece, text=text, sentences=(*piece.sentences, other.sentence), readings=(*piece.readings, other))


def _computed(chosen: Sequence[Reading], query: Query) -> str | None:
    """The words of an answer that needs arithmetic within one report."""
    figures = [r.figure for r in chosen]
    if len(figures) == 1 and worked_out(figures[0], query) and {"growth", "difference"} & set(query.wants):
        risen = compose.risen(figures[0])
        return f"{compose.say_expected(chosen[0])}，{risen}" if risen else None
    if "prior" in query.wants:
        total = chosen[0].figure if figures[0].kind == "amount" else compose.paired_total(chosen[0])
        base = replace(chosen[0], figure=total) if total else chosen[0]
        gained = compose.absolute_change(base)
        if gained and (worked := compose.before(base.figure, gained)):
            return f"{compose.say_expected(base)}，比上年{gained.word}{gained.text}，据此推算上年{worked}"
        change = compose.nominal_change(base)
        value = compose.prior(base.figure, change) if change else None
        if change is None or value is None:
            return None
        return f"{compose.say_expected(base)}，{change.word}{change.text}，据此推算上年{value}"
    if len(figures) > 1 and ADDED_UP.search(query.text) and len(items(query.text)) == len(figures):
        added_up = compose.total(figures) if all(f.kind == "amount" for f in figures) else None
        said = compose.several([compose.say_expected(r) for r in chosen])
        return f"{said}；合计{added_up}" if added_up else None
    if "difference" in query.wants and len(figures) == 2:
        gap = compose.difference(figures[0], figures[1])
        if gap:
            said = compose.several([compose.say_expected(r) for r in chosen])
            return f"{said}；相差{gap[0]}{gap[1]}"
    return None


def _told_by_ratio(query: Query, found: Sequence[Sentence], rarity: Rarity) -> Piece | None:
    """A占B的比例 where the report gives A and B but not the share: computed, with the arithmetic shown."""
    asked = _PART_OF_WHOLE.search(query.text) if "share" in query.wants else None
    if not asked:
        return None
    amounts = []
    for name in (asked["part"], asked["whole"]):
        part = replace(understand(f"{name}多少"), regions=query.regions)
        part_focus = focus_of(part, rarity)
        read = [
            r for r in readings(found[:READ], part, part_focus) if r.fits and r.own >= 0.6 and r.figure.kind == "amount"
        ]
        if not read:
            return None
        amounts.append(read[0])
    share = compose.ratio(amounts[0].figure, amounts[1].figure)
    if share is None or amounts[0].sentence.key[:2] != amounts[1].sentence.key[:2]:
        return None
    said = compose.several([compose.say_expected(r) for r in amounts])
    text = f"{said}，前者占后者的{share}"
    return Piece(
        compose.lead(amounts[0].sentence, of_a_run(amounts[0])),
        text,
        tuple(dict.fromkeys(r.sentence for r in amounts)),
        tuple(amounts),
    )
