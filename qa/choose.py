"""Sentences → pieces of an answer: which figure, which figures together, which sentence, or none."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from qa import compose, words
from qa.candidates import Cosines, Reading, Sentence, asked_unit, readings, unit_fit
from qa.confidence import THRESHOLD, Signals, confidence
from qa.figure_model import figure_confidence, figure_features
from qa.match import Focus, Rarity, focus_of
from qa.spans import of_other_years, of_the_run
from qa.telling import tell
from qa.understand import Query, understand

READ = 18  # sentences whose figures are read; the right one is among them for 92% of the train questions
TELLING = 0.05  # a passage quoted beside the point misleads less than a wrong figure
FIGURES_SURER = 0.1  # a wrong figure is worse than silence: at 0.65 94% are right on questions not fitted on
SURE = 0.85  # an answer this sure is not weighed against the second place to look
SURER = 0.2  # the second place must be this much surer than the first
ADDS = 0.06  # share of what is asked that a further figure must add in its own words,
NEARLY_AS_ALIKE = 0.6  # or its clause be as near the question as the best one's, but for this (0.06 in cosine)
ALIKE, FAR = 0.15, 0.03  # beside the share added: nearness of its clause, and each place away from the best
NAMED = 0.4  # for a question that asks for no kind of thing, a figure must say this share of it in its own words

_FIGURES = frozenset({"amount", "growth", "share", "rank", "difference", "prior"})
_DURATIONS = frozenset({"年", "天", "个月", "小时", "分钟"})
_SLOTS = re.compile(r"多少|几(?!乎)")
_MANY = re.compile(r"各|分别|城乡|三次产业|三产|产销|存贷|、|和|与|跟|\band\b|&|[\u4e00-\u9fff] [\u4e00-\u9fff]", re.I)
_EACH = re.compile(r"各|分别")
_JOINTS = re.compile(r"、|和|与|跟|以及|及|还有|，")
_PART_OF_WHOLE = re.compile(
    r"(?P<part>[^，。？占]{2,20})占(?:到?了?)?(?P<whole>[^，。？]{2,16}?)(?:的|中)?(?:比重|比例|份额|多少|百分之|"
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


# question, (report id, paragraph)s → cosine of every clause with figures there
Alike = Callable[[str, Sequence[tuple[str, int]]], Cosines]


class Chooser:
    """Chooses what answers a question among the sentences found for it."""

    def __init__(self, rarity: Rarity, alike: Alike, threshold: float = THRESHOLD) -> None:
        """rarity: weights of bigrams. alike: cosines of a question and the clauses of (report id, paragraph)s.
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

    def ranked(self, query: Query, read: Sequence[Reading]) -> list[Reading]:
        """Those of the figures read that can answer."""
        return of_the_run([r for r in read if r.possible and not of_other_years(r, query)], query)

    def beside(
        self,
        query: Query,
        here: Sequence[Sentence],
        focus: Focus,
        said: set[tuple[tuple[str, int, int], int]],
        told: Piece | None,
    ) -> Piece | None:
        """A figure of the sentence already cited that has the kind and unit asked for next."""
        if told is None or not here or not _asks_figure(query):
            return None
        left = [
            r
            for r in readings(here, query, focus)
            if r.fits
            and (r.sentence.key, r.figure.start) not in said
            and unit_fit(r.figure, asked_unit(query.text)) >= 0
        ]
        if not left:
            return None
        subjects = {r.figure.subject for r in told.readings}
        left = [r for r in left if r.figure.subject in subjects] or left
        best = left[0]
        after = [
            r
            for r in left
            if r.figure.start > max((start for _, start in said), default=-1) and r.own >= best.own - 0.15
        ]
        return _told_by_figures([after[0] if after else best], query, None)

    def _told(self, query: Query, focus: Focus, found: Sequence[Sentence]) -> Piece | None:
        """The answer in sentences, all those given weighed at once, or None when they do not tell."""
        if query.wants[0] == "fact":
            figure = self._figure_piece(query, focus, [s for s in found if s.target.rank == 0])
            if figure and figure.readings[0].own >= NAMED:
                return figure
        told = tell(query, focus, found, self._threshold - TELLING)
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
        chosen = [best] if alone and best.figure.order < 0 else _together(best, read, query, focus)
        if len(chosen) == 1 and not alone and _EACH.search(query.text) and _asked_for(query.text) > 1:
            return None  # one of several asked for would pass for all of them
        if "difference" in query.wants and len(chosen) < 2 and not alone:
            # 比上一轮普查多了多少: against something the report does not give by itself, a growth tells
            wants = ("growth", *(want for want in query.wants if want not in ("difference", "growth")))
            return self._figure_piece(replace(query, wants=wants), focus, found)
        if "prior" in query.wants and words.WORKED_BACK.search(query.text) and not _computed(chosen, query):
            return None  # this year's value is no answer to what last year's was
        return _told_by_figures(chosen, query, sure)


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
    head = compose.lead(best.sentence)
    text = _computed(chosen, query) or compose.several([compose.say_figure(r, query) for r in chosen])
    return Piece(head, text, tuple(dict.fromkeys(r.sentence for r in chosen)), tuple(chosen), sure)


def _computed(chosen: Sequence[Reading], query: Query) -> str | None:
    """The words of an answer that needs arithmetic within one report."""
    figures = [r.figure for r in chosen]
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
    if "difference" in query.wants and len(figures) == 2:
        gap = compose.difference(figures[0], figures[1])
        if gap:
            said = compose.several([compose.say_expected(r) for r in chosen])
            return f"{said}；相差{gap[0]}{gap[1]}"
    return None


def _together(best: Reading, read: Sequence[Reading], query: Query, focus: Focus) -> list[Reading]:
    """The best reading, with the others that the question asks for beside it (各, 分别, 城乡).

    read: all figures read, best first.
    """
    slots = len(_SLOTS.findall(query.text))
    if "prior" in query.wants or (not _MANY.search(query.text) and slots < 2):
        return [best]
    n = slots if slots > 1 else _asked_for(query.text)
    beside = [r for r in read if r.sentence.key == best.sentence.key and r.figure.kind == best.figure.kind]
    beside.sort(key=lambda r: (r.figure.start, r.figure.order))
    if best.figure.order >= 0:
        run = [r for r in beside if r.figure.clause == best.figure.clause and r.figure.order >= 0]
        if n in (0, len(run)):
            return run
    if n >= 2:
        found = _beside(best, beside, n, focus, any_measure=slots > 1 or not _EACH.search(query.text))
        if len(found) == n:
            return found
    return _cover(best, [r for r in read if r.fits or r is best], focus)


def _beside(best: Reading, beside: Sequence[Reading], n: int, focus: Focus, any_measure: bool) -> list[Reading]:
    """n figures of one sentence that between them say most of what is asked, in the order of the sentence."""
    place = {id(r): at for at, r in enumerate(beside)}
    here = place[id(best)]
    chosen, said = [best], _own_text(best)
    left = [r for r in beside if r is not best and (any_measure or r.figure.measure == best.figure.measure)]
    while left and len(chosen) < n:
        have = focus.coverage(said)
        gains = {id(r): focus.coverage(f"{said} {_own_text(r)}") - have for r in left}
        left = [r for r in left if gains[id(r)] >= ADDS or not any(_of_one_thing(r, c) for c in chosen)]
        if not left:
            break
        worth = [(gains[id(r)] + ALIKE * r.fit.cosine - FAR * abs(place[id(r)] - here), r) for r in left]
        _, reading = max(worth, key=lambda pair: pair[0])
        if gains[id(reading)] < ADDS and reading.fit.cosine < best.fit.cosine - NEARLY_AS_ALIKE:
            break
        chosen.append(reading)
        said += " " + _own_text(reading)
        left.remove(reading)
    return sorted(chosen, key=lambda r: place[id(r)])


def _asked_for(text: str) -> int:
    """How many figures are asked for at once; 0 when it cannot be told."""
    if re.search(r"三次产业|三产|一二三产", text):
        return 3
    if re.search(r"城乡|产销|存贷", text):
        return 2
    each = _EACH.search(text)
    head = text[: each.start()] if each else text
    joints = len([p for p in _JOINTS.split(head) if len(p.strip()) > 1])
    return joints if joints > 1 else 0


def _cover(best: Reading, fitting: Sequence[Reading], focus: Focus) -> list[Reading]:
    """Readings that between them cover what is asked: each next one must add words no earlier one has."""
    chosen, said = [best], _own_text(best)
    while len(chosen) < 6:
        have = focus.coverage(said)
        gains = [
            (focus.coverage(f"{said} {_own_text(r)}") - have, r)
            for r in fitting[:60]
            if r.match >= 0.6 * best.match and r.figure.kind == best.figure.kind and r not in chosen
        ]
        gain, reading = max(gains, key=lambda g: (g[0], g[1].score), default=(0.0, best))
        if gain < 0.12:
            return chosen
        chosen.append(reading)
        said += " " + _own_text(reading)
    return chosen


def _of_one_thing(a: Reading, b: Reading) -> bool:
    """Whether the one is named as a part or a change of the other: 地区生产总值增量 is no second thing."""
    one, other = sorted((a.figure.subject, b.figure.subject), key=len)
    return bool(one) and one != other and other.startswith(one)


def _own_text(reading: Reading) -> str:
    return f"{reading.figure.subject} {reading.figure.noun}"


def _told_by_ratio(query: Query, found: Sequence[Sentence], rarity: Rarity) -> Piece | None:
    """A占B的比例 where the report gives A and B but not the share: computed, with the arithmetic shown."""
    asked = _PART_OF_WHOLE.search(query.text) if "share" in query.wants else None
    if not asked:
        return None
    amounts = []
    for name in (asked["part"], asked["whole"]):
        part = replace(understand(f"{name}多少亿元"), regions=query.regions)
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
        compose.lead(amounts[0].sentence), text, tuple(dict.fromkeys(r.sentence for r in amounts)), tuple(amounts)
    )
