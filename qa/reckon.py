"""What follows from figures set beside one another: a difference, a sum, a ratio, a change since the year before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa import compose, words
from qa.candidates import Reading, Sentence
from qa.choose import Piece
from qa.cite import between
from qa.figures import Figure, read_figures
from qa.model import Answer
from qa.sides import Sides
from qa.text import bigrams
from qa.understand import Query, understand
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
    if beside.relation in ("sum", "times") and not _of_one_measure(read):
        return None
    if beside.relation == "sum":
        total = compose.total(figures)
        return f"合计{total}。" if total else None
    if beside.relation in ("times", "share"):
        worked = (compose.times if beside.relation == "times" else compose.ratio)(figures[0], figures[1])
        return f"前者{'是' if beside.relation == 'times' else '占'}后者的{worked}。" if worked else None
    if not _of_one_measure(read):
        return None
    return between(read[0], read[1], asked) if len(read) == 2 else ""


def since_the_year_before(piece: Piece, asked: str, both: bool) -> Piece | None:
    """A piece that tells by itself how much more or less than the year before: as the report says it, or worked out.

    both: whether the year before is told too; then only the report's own words are better than the two side by side.
    """
    reading = piece.readings[0]
    gap = _gap_to_last_year(reading)
    if gap:
        return replace(piece, text=f"{compose.say_expected(reading)}，{gap}")
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


_LAST_YEAR = re.compile(r"(?:去年|上一?年|前一年)")


def _gap_to_last_year(reading: Reading) -> str:
    """比去年预算低0.4个百分点: how far a figure is from last year's, where its sentence says so."""
    for figure in read_figures(reading.sentence.text, margins=True):
        if figure.kind == "margin" and figure.subject == reading.figure.subject and figure.start > reading.figure.end:
            if _LAST_YEAR.match(figure.base):
                return f"比{figure.base}{figure.word}{figure.text}"
    return ""


# By how much, in figures: 提高到3% tells where it got
_CHANGED = re.compile(
    r"(?:[增升涨降减跌]|提高|提升|扩大|缩小|回落|加快|多|少|高|低|快|慢)(?:[长加幅了出低约近少升]|超过?|负增长)*\d|\d倍|翻"
)


def tells_of(beside: Sides, answer: Answer) -> bool:
    """Whether an answer given to the question as a whole speaks of what its sides were to tell.

    An aim alone does not say that it was reached, nor a value how far it is from the one before; nor is an aim set
    beside a result unless that was asked for.
    """
    if not answer.answered:
        return True
    if beside.fulfilled:
        return any(citation.stance == "review" for citation in answer.citations)
    asked = {side.stance for side in beside.queries}
    if beside.relation == "gap" and len(asked) == 1 and len({(c.stance, c.region) for c in answer.citations}) > 1:
        return len({side.regions for side in beside.queries}) > 1
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


_HELD = 0.6  # of the words asked about
_PEOPLE = (("城镇", "城里", "城市", "市民"), ("农村", "农民", "乡下", "村里"), ("全省", "全州", "全市", "全县", "全区"))
_SHARED_UNIT = re.compile(r"(?<=[高低快慢于出])(\d+(?:\.\d+)?)(?=[和、]\d+(?:\.\d+)?个?百分点)")


def told_margin(found: Sequence[Sentence], what: str, base: str) -> Piece | None:
    """How far what is asked about stands above or below something else, where one sentence tells it.

    what, base: in the question's words (小微企业贷款, 各项贷款平均).
    """
    best: tuple[float, Piece] | None = None
    for sentence in found:
        text = _SHARED_UNIT.sub(r"\1个百分点", sentence.text)  # 分别高4.2和0.7个百分点
        for figure in read_figures(text, margins=True):
            if figure.kind != "margin" or not _same_base(base, figure.base):
                continue
            fit = _named_in(what, figure.subject, sentence)
            if fit >= _HELD and (best is None or fit > best[0]):
                best = fit, Piece(compose.lead(sentence), compose.tidy(figure.phrase), (sentence,), (), _SURE)
    return best[1] if best else None


_SURE = 0.9  # of a figure found by the very words of the question


def _same_base(asked: str, told: str) -> bool:
    """Whether two names say the same that something is measured against: 各项贷款平均 and 各项贷款平均增速."""
    if any(any(n in asked for n in names) and any(n in told for n in names) for names in _PEOPLE):
        return True
    return "全国" in asked and "全国" in told or max(_held(asked, told), _held(told, asked)) >= _HELD


def _named_in(what: str, subject: str, sentence: Sentence) -> float:
    """How much of what is asked about a subject names; what only narrows it may stand in the sentence around it."""
    query = understand(f"{what}多少")
    names = {name for concept in query.concepts for name in (*concept.formal, *concept.names)}
    narrower = min((_held(piece, sentence.text) for piece in query.focus.split() if len(piece) > 1), default=1.0)
    named = max(_held(what, subject), max((_held(name, subject) for name in names), default=0.0))
    own = _held(query.focus.replace(" ", ""), subject) if query.focus else 1.0
    return named + 0.1 * own if narrower >= _HELD else 0.0


def _held(asked: str, told: str) -> float:
    """Share of the pairs of characters asked for that are told."""
    pairs = set(bigrams(asked))
    return len(pairs & set(bigrams(told))) / len(pairs) if pairs else 0.0


def share_within(found: Sequence[Sentence], part: str, whole: str) -> Piece | None:
    """What share a part is of a whole that a report tells in one breath (补充教师2.8万名，其中乡村教师9100名)."""
    for sentence in found:
        figures = [f for f in read_figures(sentence.text) if f.kind == "amount" and f.scale]
        for all_of, one in ((a, b) for n, a in enumerate(figures) for b in figures[n + 1 :]):
            told = sentence.text[all_of.end : one.start]
            if "其中" not in told or re.search(r"[。；]", told) or all_of.measure != one.measure:
                continue
            if min(_held(whole, all_of.subject + all_of.noun), _held(part, one.subject + one.noun)) < _HELD:
                continue
            share = compose.ratio(one, all_of)
            if share:
                said = compose.several([compose.tidy(all_of.phrase), f"其中{compose.tidy(one.phrase)}"])
                return Piece(compose.lead(sentence), f"{said}，后者占前者的{share}", (sentence,), (), _SURE)
    return None


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


def same_words(a: Piece, b: Piece) -> bool:
    """Whether two figures are said of the same thing in the same words and measure."""
    one, other = a.readings[0].figure, b.readings[0].figure
    named = [_AROUND.sub("", _AROUND.sub("", figure.subject)) for figure in (one, other)]
    return len(named[0]) > 1 and named[0] == named[1] and one.measure == other.measure and one.kind == other.kind


def bare(piece: Piece) -> Piece:
    """A piece that says its figure and nothing beside it."""
    return replace(piece, text=compose.say_expected(piece.readings[0]))


def _of_one_measure(read: Sequence[Reading]) -> bool:
    return all(_alike(read[0], other) for other in read[1:])


_GROWTH = re.compile(r"增[速幅长]|涨|[升降]幅|上升|下降")


def _grows(figure: Figure) -> bool:
    """Whether a rate tells by how much something grew or fell, and not how large a part or how high it is."""
    return figure.kind == "change" or bool(_GROWTH.search(f"{figure.subject[-6:]}{figure.word}"))


def _alike(a: Reading, b: Reading) -> bool:
    """Whether two figures measure the same: two rates of growth, two other rates, or two amounts in one measure."""
    if a.figure.kind == "rank" or b.figure.kind == "rank":
        return False
    if a.figure.measure in _RATES and b.figure.measure in _RATES and _grows(a.figure) != _grows(b.figure):
        return False
    if a.figure.value is None or b.figure.value is None:  # a range, or words
        return ("%" in a.figure.text) == ("%" in b.figure.text)
    return a.figure.measure == b.figure.measure or (a.figure.measure in _RATES and b.figure.measure in _RATES)
