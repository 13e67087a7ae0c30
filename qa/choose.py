"""Sentences → pieces of an answer: which figure, which figures together, which sentence, or none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa import compose
from qa.candidates import Reading, Sentence, asked_unit, readings, unit_fit
from qa.confidence import THRESHOLD, Signals, confidence, figure_signals, sentence_signals
from qa.match import Focus, Rarity, focus_of
from qa.passages import split_sentences
from qa.understand import Query, understand

READ = 18  # sentences whose figures are read; the right one is among them for 92% of the train questions
BLANK_LINE = 4  # characters; what is left out at a mended blank line is white space and no more
MOST_SENTENCES = 4  # of an answer about ways and reasons
LISTED = 0.15  # a sentence that lists things, for a question that asks for a list
TELLING = 0.1  # a sentence quoted beside the point misleads less than a wrong figure: it may go out a little less sure
SURE = 0.85  # an answer this sure is not weighed against the second place to look
SURER = 0.2  # the second place must be this much surer than the first
NAMED = 0.4  # for a question that asks for no kind of thing, a figure must say this share of it in its own words

_FIGURES = frozenset({"amount", "growth", "share", "rank", "difference", "prior"})
_DURATIONS = frozenset({"年", "天", "个月", "小时", "分钟"})
_SLOTS = re.compile(r"多少|几(?!乎)")
_MANY = re.compile(r"各|分别|城乡|三次产业|三产|产销|存贷|、|和|与|跟|\band\b|&|[\u4e00-\u9fff] [\u4e00-\u9fff]", re.I)
_JOINTS = re.compile(r"、|和|与|跟|以及|及|还有|，")
_FELL = re.compile(r"负增长|下降|下滑|减少|萎缩|倒退|缩水|\bfall\b|\bfell\b|\bdecline", re.I)
_PART_OF_WHOLE = re.compile(
    r"(?P<part>[^，。？占]{2,20})占(?:到?了?)?(?P<whole>[^，。？]{2,16}?)(?:的|中)?(?:比重|比例|份额|多少|百分之|"
    r"几成|几分)"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of an answer before it is numbered: what it is of (2023年，阿坝州), its words, and the sentences and
    figures it rests on."""

    head: str
    text: str
    sentences: tuple[Sentence, ...]
    readings: tuple[Reading, ...] = ()
    signals: Signals | None = None

    @property
    def sure(self) -> float:
        """How sure it is that the piece is right; 0 where nothing tells."""
        return confidence(self.signals) if self.signals else 0.0


class Chooser:
    """Chooses what answers a question among the sentences found for it."""

    def __init__(self, rarity: Rarity, threshold: float = THRESHOLD) -> None:
        """rarity: weights of bigrams. threshold: least confidence (0…1) an answer needs to go out."""
        self._rarity = rarity
        self._threshold = threshold

    def choose(self, query: Query, focus: Focus, found: Sequence[Sentence], alone: bool = False) -> Piece | None:
        """The answer from where to look first, unless the second place is far surer; None when neither tells.

        alone: other places or years are asked about beside this one, so 各 does not speak of it.
        """
        first = self._piece(query, focus, [s for s in found if s.target.rank == 0], alone)
        if first is None or (first.signals and first.sure < SURE):
            second = self._piece(query, focus, [s for s in found if s.target.rank > 0], alone)
            if second and (first is None or second.sure > first.sure + SURER):
                return second
        return first

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

    def _piece(self, query: Query, focus: Focus, found: Sequence[Sentence], alone: bool = False) -> Piece | None:
        """The answer from one group of targets, or None when it does not tell."""
        found = [s for s in found if not s.text.endswith("：")]  # announces what comes, and tells nothing
        if not found:
            return None
        if _asks_figure(query):
            figure = self._figure_piece(query, focus, found, alone) or _told_by_ratio(query, found, self._rarity)
            if figure or query.wants[0] != "date" or asked_unit(query.text) not in ("", "年"):
                return figure
        if "how" in query.wants:
            return _told_by_sentences(query, focus, found, self._threshold - TELLING)
        if query.wants[0] == "fact":
            figure = self._figure_piece(query, focus, found)
            if figure and figure.readings[0].own >= NAMED:
                return figure
        return _told_by_sentence(query, focus, found, self._threshold - TELLING)

    def _figure_piece(self, query: Query, focus: Focus, found: Sequence[Sentence], alone: bool = False) -> Piece | None:
        """A figure, or the figures asked for together."""
        read = readings(found[:READ], query, focus)
        fitting = [r for r in read if r.fits]
        if not fitting:
            return None
        best = fitting[0]
        closest = max(read, key=lambda r: r.match)
        if query.english and not focus.terms:
            return None  # nothing of the question can be found again in a Chinese clause
        signals = figure_signals(best, closest, fitting, focus, query.english)
        if confidence(signals) < self._threshold:
            return None
        chosen = [best] if alone and best.figure.order < 0 else _together(best, fitting, query, focus)
        if "difference" in query.wants and len(chosen) < 2 and not alone:
            # 比上一轮普查多了多少: against something the report does not give by itself, a growth tells
            wants = ("growth", *(want for want in query.wants if want not in ("difference", "growth")))
            return self._figure_piece(replace(query, wants=wants), focus, found)
        return _told_by_figures(chosen, query, signals)


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


def _told_by_figures(chosen: Sequence[Reading], query: Query, signals: Signals | None) -> Piece:
    best = chosen[0]
    head = compose.lead(best.sentence)
    text = _computed(chosen, query) or compose.several([compose.say_figure(r, query) for r in chosen])
    return Piece(head, text, tuple(dict.fromkeys(r.sentence for r in chosen)), tuple(chosen), signals)


def _head(sentence: Sentence) -> str:
    """The head before a sentence told in the report's own words."""
    return compose.lead(sentence).rstrip("：") + "："


def _computed(chosen: Sequence[Reading], query: Query) -> str | None:
    """The words of an answer that needs arithmetic within one report."""
    figures = [r.figure for r in chosen]
    if "prior" in query.wants:
        change = compose.nominal_change(chosen[0])
        value = compose.prior(figures[0], change) if change else None
        if change is None or value is None:
            return None
        return f"{compose.say_alone(chosen[0])}，{change.word}{change.text}，据此推算上年{value}"
    if "difference" in query.wants and len(figures) == 2:
        gap = compose.difference(figures[0], figures[1])
        if gap:
            said = compose.several([compose.say_alone(r) for r in chosen])
            return f"{said}；相差{gap[0]}{gap[1]}"
    return None


def _together(best: Reading, fitting: Sequence[Reading], query: Query, focus: Focus) -> list[Reading]:
    """The best reading, with the others that the question asks for beside it (各, 分别, 城乡)."""
    if not _MANY.search(query.text) and len(_SLOTS.findall(query.text)) < 2:
        return [best]
    slots = len(_SLOTS.findall(query.text))
    same = [
        r
        for r in fitting
        if r.sentence.key == best.sentence.key
        and r.figure.kind == best.figure.kind
        and (slots > 1 or r.figure.measure == best.figure.measure)
    ]
    same.sort(key=lambda r: (r.figure.start, r.figure.order))
    n = slots if slots > 1 else _asked_for(query.text)
    if best.figure.order >= 0:
        run = [r for r in same if r.figure.clause == best.figure.clause and r.figure.order >= 0]
        if n in (0, len(run)) or len(run) < n:
            return run if len(run) >= n else _cover(best, fitting, focus)
    if n < 2 or len(same) < n:
        return _cover(best, fitting, focus)
    at = same.index(best)
    windows = [same[i : i + n] for i in range(max(0, at - n + 1), min(at, len(same) - n) + 1)]
    return max(windows, key=lambda w: (round(focus.coverage(" ".join(map(_own_text, w))), 6), sum(r.match for r in w)))


def _asked_for(text: str) -> int:
    """How many figures are asked for at once; 0 when it cannot be told."""
    if re.search(r"三次产业|三产|一二三产", text):
        return 3
    if re.search(r"城乡|产销|存贷", text):
        return 2
    each = re.search(r"各|分别", text)
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


def _own_text(reading: Reading) -> str:
    return f"{reading.figure.subject} {reading.figure.noun}"


def _told_by_sentence(query: Query, focus: Focus, found: Sequence[Sentence], threshold: float) -> Piece | None:
    if "list" in query.wants:  # items stand side by side
        found = sorted(found, key=lambda s: -(s.score + LISTED * (s.text.count("、") > 1)))
    best = found[0]
    signals = sentence_signals(best, found, focus)
    if confidence(signals) < threshold:
        return None
    text = compose.clip(best, focus, query.wants)
    return Piece(_head(best), text, (best,), (), signals)


def _told_by_sentences(query: Query, focus: Focus, found: Sequence[Sentence], threshold: float) -> Piece | None:
    """Two to four whole sentences, from the best one on, of the paragraph that says it."""
    best = found[0]
    signals = sentence_signals(best, found, focus, how=True)
    if confidence(signals) < threshold or _contradicted(query, found):
        return None
    text = best.hit.paragraph.text
    spans = [(a, b) for a, b in split_sentences(text) if a >= best.start]
    end = best.end
    jumps = [at for at, dropped in best.hit.paragraph.cuts if dropped > BLANK_LINE and at > best.end]
    for _, last in spans[1:MOST_SENTENCES]:
        if last - best.start > compose.HOW_ANSWER or any(at < last for at in jumps):
            break  # across a page jump the quote would not be verbatim
        end = last
    told = replace(best, end=end)
    return Piece(_head(best), compose.tidy(told.text), (told,), (), signals)


def _contradicted(query: Query, found: Sequence[Sentence]) -> bool:
    """Whether the question takes for granted a fall of what the report says has grown (为什么负增长)."""
    if not query.concepts or not _FELL.search(query.text):
        return False
    grown = replace(query, wants=("growth",))
    focus = focus_of(replace(query, focus=""), lambda tokens: dict.fromkeys(tokens, 1.0))
    read = [r for r in readings(found[:READ], grown, focus) if r.fits and r.figure.kind == "change" and r.own >= 0.6]
    return bool(read) and not _FELL.search(read[0].figure.word)


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
    said = compose.several([compose.say_alone(r) for r in amounts])
    text = f"{said}，前者占后者的{share}"
    return Piece(
        compose.lead(amounts[0].sentence), text, tuple(dict.fromkeys(r.sentence for r in amounts)), tuple(amounts)
    )
