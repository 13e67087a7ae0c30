"""What follows from figures set beside one another: a difference, a sum, a ratio, a change since the year before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa import compose, words
from qa.candidates import Reading, Sentence
from qa.choose import Piece
from qa.cite import between
from qa.model import Answer
from qa.sides import Sides
from qa.understand import Query
from qa.words import Want

_RATES = ("%", "个百分点", "‰")


def ways(asked: str, beside: Sides) -> tuple[tuple[Want, ...], ...]:
    """The kinds of figure to look for on every side, the likelier first: amounts or growths, never one of each."""
    if beside.relation in ("sum", "times", "share"):
        return (("amount",),)
    if any(words.PACE.search(text) for text in (asked, *(side.text for side in beside.queries))):
        return ("growth",), ("difference",)
    return ("amount",), ("growth",)


def conclusion(pieces: Sequence[Piece], beside: Sides, asked: str) -> str | None:
    """The closing words on figures told for every side; "" where they speak for themselves, None where the figures
    cannot be set beside each other."""
    read = [piece.readings[0] for piece in pieces]
    if len({(r.sentence.key, r.figure.start) for r in read}) < len(read):
        return None
    if beside.relation == "each":
        return ""
    figures = [r.figure for r in read]
    if beside.relation == "sum":
        total = compose.total(figures)
        return f"合计{total}。" if total else None
    if beside.relation in ("times", "share"):
        worked = (compose.times if beside.relation == "times" else compose.ratio)(figures[0], figures[1])
        return f"前者{'是' if beside.relation == 'times' else '占'}后者的{worked}。" if worked else None
    if not all(_alike(read[0], other) for other in read[1:]):
        return None
    return between(read[0], read[1], asked) if len(read) == 2 else ""


def since_the_year_before(piece: Piece, asked: str, both: bool) -> Piece | None:
    """A piece that tells by itself how much more or less than the year before: as the report says it, or worked out.

    both: whether the year before is told too; then only the report's own words are better than the two side by side.
    """
    reading = piece.readings[0]
    change = compose.absolute_change(reading)
    if change:
        return replace(piece, text=f"{compose.say_expected(reading)}，比上年{change.word}{change.text}")
    growth = compose.nominal_change(reading)
    if both or growth is None or words.PACE.search(asked):
        return None
    worked = compose.since_last_year(reading.figure, growth)
    return (
        replace(piece, text=f"{compose.say_expected(reading)}，{growth.word}{growth.text}，{worked}")
        if worked
        else None
    )


_CHANGED = re.compile(r"[增升涨降减]|提高|扩大|多|少|倍")


def tells_of(beside: Sides, answer: Answer) -> bool:
    """Whether an answer given to the question as a whole speaks of what its sides were to tell.

    An aim alone does not say that it was reached, nor a value how far it is from the one before.
    """
    if not answer.answered:
        return True
    if beside.fulfilled:
        return any(citation.stance == "review" for citation in answer.citations)
    return not beside.prior or bool(_CHANGED.search(answer.answer))


_MARGIN = re.compile(
    r"[^；。\d]{0,10}?(?:高于|低于|高出|低|快于|慢于|比)(?P<whole>全[国省])(?:平均)?(?:水平)?(?:高|低|快|慢)?(?:出)?"
    r"(?:约|近)?\d+(?:\.\d+)?\s*个百分点"
)


def margin(piece: Piece, asked: str) -> Piece | None:
    """A piece with how far its figure is from that of the country or the province; None where no report says so."""
    reading = piece.readings[0]
    found = _MARGIN.match(reading.sentence.text, reading.figure.end)
    if not found or found["whole"] not in asked:
        return None
    return replace(piece, text=f"{compose.say_expected(reading)}{compose.tidy(found.group())}")


_RATIO_TOLD = re.compile(r"[^，。；、]*收入(?:之)?比[^，。；、\d]{0,10}\d+(?:\.\d+)?\s*[:：∶]\s*1")


def ratio_told(found: Sequence[Sentence], asked: str) -> Piece | None:
    """The ratio of town to country as a report gives it (城乡居民收入比缩小至2.04∶1)."""
    if "收入" not in asked:
        return None
    for sentence in found:
        told = _RATIO_TOLD.search(sentence.text)
        if told:
            return Piece(compose.lead(sentence), compose.tidy(told.group()), (sentence,))
    return None


_AROUND = re.compile(
    r"^(?:提出|实现|完成|全[国省市区县州]|[今去]年|\d{4}年|预计|力争|确保|达到|全年|把|将|地方|年末)*|(?:增速|增长|涨幅|总水平|总额|总量|人数|预期|目标|控制|[年全])*$"
)


def names_exactly(reading: Reading, side: Query) -> bool:
    """Whether a figure is said of one of the indicators asked about and of nothing narrower."""
    subject = _AROUND.sub("", _AROUND.sub("", reading.figure.subject))
    names = {name for concept in side.concepts for name in (*concept.formal, *concept.names)}
    return subject in names or _AROUND.sub("", subject) in {_AROUND.sub("", name) for name in names}


def bare(piece: Piece) -> Piece:
    """A piece that says its figure and nothing beside it."""
    return replace(piece, text=compose.say_expected(piece.readings[0]))


def _alike(a: Reading, b: Reading) -> bool:
    """Whether two figures measure the same: two rates, or two amounts in one measure."""
    if a.figure.kind == "rank" or b.figure.kind == "rank":
        return False
    if a.figure.value is None or b.figure.value is None:  # a range, or words
        return ("%" in a.figure.text) == ("%" in b.figure.text)
    return a.figure.measure == b.figure.measure or (a.figure.measure in _RATES and b.figure.measure in _RATES)
