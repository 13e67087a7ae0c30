"""Whether figures of two reports are of one thing, and so may be set beside each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa import compose
from qa.candidates import Reading
from qa.choose import Piece
from qa.figures import Figure
from qa.sides import Sides
from qa.text import bigrams
from qa.understand import Query

_RATES = ("%", "个百分点", "‰")
HELD = 0.6  # of the words asked about
_IN_COMMON = 0.3  # of the words that two reports use
_ASKED_FOR = 0.4  # of the words asked about, where these are no known indicator


def held(asked: str, told: str) -> float:
    """Share of the pairs of characters asked for that are told."""
    pairs = set(bigrams(asked))
    return len(pairs & set(bigrams(told))) / len(pairs) if pairs else 0.0


FALLEN = re.compile(r"[降减跌缩落]|负增长|下滑")


def falls(figure: Figure) -> bool:
    """Whether a figure tells by how much something fell."""
    return figure.kind == "change" and bool(FALLEN.search(figure.word))


# A part of what a name without it means: 中央财政赤字, 城镇居民收入, 公办托位
_NARROWER = re.compile(
    r"中央|(?:城镇|农村)(?=(?:常住)?居民(?:人均|收入|消费))|农民|民营|国有|省级|国家级|海洋|制造业|公办|普惠(?=性?托)|"
    r"(?<!进)出口|进口(?!额?总)|一般贸易|(?P<each>人均|每人)"
)
# What was added, beside what there is in all: 新增里程, 里程
_ADDED = re.compile(r"新增|净增|新认定|新培育|新登记|新设|新注册")
_MADE = re.compile(
    r"(?<!高)新(?!技术|能源|材料|型|兴|质|区|药)|净增|建设|建成|改造|开工|投产|培育|认定|引进|完成|完工|竣工"
)


def _narrower(reading: Reading, side: Query) -> set[str]:
    """What makes a figure's subject narrower than what its side asks about."""
    known = side.text + side.focus + "".join(name for c in side.concepts for name in c.formal)
    known = re.sub("每人", "人均每人", known.replace("人均", "每人"))  # the one stands for the other
    found = _NARROWER.finditer(_name_of(reading))
    return {"人均" if m["each"] else m.group() for m in found if m.group() not in known}


def _changes_by(figure: Figure) -> bool:
    """Whether an amount is what was added to or taken from another (标准再增加40元)."""
    moved = figure.kind == "change" or bool(_MOVED.search(figure.subject))
    return moved and figure.measure not in _RATES


_MOVED = re.compile(r"增加(?!值|到|至)|减少(?!到|至)|压减(?!到|至)")


def _names_all(reading: Reading, side: Query) -> bool:
    """Whether a clause names every indicator asked about, and the part whose share of one it is (服务业占…的比重)."""
    start = max(reading.sentence.text.rfind(mark, 0, reading.figure.start) for mark in "。；，") + 1
    clause = reading.sentence.text[start : reading.figure.clause[1]]
    part = _PART_OF.search(side.focus)
    if part and held(part[1], clause) < HELD:
        return False
    names = [(*concept.formal, *concept.names) for concept in side.concepts]
    return len(names) < 2 or all(max(held(name, clause) for name in some) >= HELD for some in names)


_PART_OF = re.compile(r"([\u4e00-\u9fff]{2,12}?)占")


def _name_of(reading: Reading) -> str:
    return f"{reading.figure.subject}{reading.figure.noun}"


# 农田达7759万亩: all there is, beside what was made in a year; 共1000万套: several things together
_REACHED = re.compile(r"(?:达到?|突破|超过?|增至|总[数量]|累计)[^，。；\d]{0,3}$")
_TOGETHER = re.compile(r"[、和与及][^，。；]*(?:共|合计|总共|一共)")


def of_one_thing(read: Sequence[Reading], beside: Sides) -> bool:
    """Whether the figures of two sides that ask about one thing are said of one thing: neither is a part of what the
    other is of, nor what was added of what there is in all, and they are named alike."""
    first, second = beside.queries[:2]
    if len(read) != 2 or (first.concepts, first.focus) != (second.concepts, second.focus):
        return True
    if _narrower(read[0], first) != _narrower(read[1], second):
        return False
    names = [_name_of(r) for r in read]
    leads = [r.sentence.text[r.figure.clause[0] : r.figure.start] for r in read]
    made = [bool(_MADE.search(name)) for name in names]
    if not all(made) and any(_ADDED.search(name) for name in names):
        return False
    if made[0] != made[1]:
        there = made.index(False)
        if _REACHED.search(leads[there] + read[there].figure.qualifier):
            return False
    if any(_changes_by(a) != _changes_by(b) or a.cumulative != b.cumulative for a, b in [[r.figure for r in read]]):
        return False
    if not all(_names_all(r, first) for r in read):
        return False
    if bool(_TOGETHER.search(leads[0])) != bool(_TOGETHER.search(leads[1])):
        return False
    if first.concepts and all(names_exactly(r, side) for r, side in zip(read, beside.queries, strict=True)):
        return True
    # A growth in a clause of its own (科技投入1163亿元，增长16.4%) is said of what stands before it.
    clauses = [f"{n} {r.sentence.text[slice(*r.figure.clause)]}" for n, r in zip(names, read, strict=True)]
    if first.concepts:
        names_of = [name for concept in first.concepts for name in concept.formal]
        if min(max(held(name, clause) for name in names_of) for clause in clauses) >= HELD:
            return True
    elif min(held(first.focus, clause) for clause in clauses) < _ASKED_FOR:
        return False
    return max(held(names[0], clauses[1]), held(names[1], clauses[0])) >= _IN_COMMON


_AROUND = re.compile(
    r"^(?:提出|拟|安排|实现|完成|全[国省市区县州]|[今去]年|\d{4}年|预计|力争|确保|达到|全年|把|将|地方|年末)*|(?:增速|增长|涨幅|总水平|总额|总量|人数|预期|目标|控制|[年全])*$"
)


def names_exactly(reading: Reading, side: Query) -> bool:
    """Whether a figure is said of one of the indicators asked about and of nothing narrower."""
    subject = _AROUND.sub("", _AROUND.sub("", reading.figure.subject))
    names = {name for concept in side.concepts for name in (*concept.formal, *concept.names)}
    return subject in names or _AROUND.sub("", subject) in {_AROUND.sub("", name) for name in names}


def named_by(piece: Piece, side: Query) -> bool:
    """Whether a figure is surely of what its side asks about, and so no other place need be looked in."""
    reading = piece.readings[0]
    if side.concepts:
        return names_exactly(reading, side) and reading.figure.kind != "share"
    clause = reading.sentence.text[reading.figure.clause[0] : reading.figure.clause[1]]
    return held(side.focus, clause) >= HELD


def exactly(piece: Piece, side: Query) -> Piece:
    """A piece of the very indicator asked about, where its sentence tells that beside the part chosen (财政赤字 beside
    中央财政赤字) and the question does not name the part."""
    reading = piece.readings[0]
    if names_exactly(reading, side) or not side.concepts:
        return piece
    if not any(m.group() not in side.text for m in _PART.finditer(reading.figure.subject)):
        return piece
    for other in reading.siblings:
        swapped = replace(reading, figure=other)
        same = other.kind == reading.figure.kind and other.measure == reading.figure.measure
        if same and names_exactly(swapped, side):
            return replace(piece, readings=(swapped,))
    return piece


_PART = re.compile(r"中央|地方|城镇|农村|新增")
_RIVER = re.compile(r"[\u4e00-\u9fff][江河湖]")


def own_name(piece: Piece, side: Query) -> Piece | None:
    """A piece of the river or lake that the question names: in a list (长江连续7年、赣江连续4年) that of its own words;
    None where the figure is of another one."""
    asked = set(_RIVER.findall(side.focus))
    reading = piece.readings[0]
    told = set(_RIVER.findall(reading.figure.subject))
    if asked and not asked & set(_RIVER.findall(reading.sentence.text)):
        return None
    if not asked or not told or asked & told:
        return piece
    for other in reading.siblings:
        if asked & set(_RIVER.findall(other.subject)) and other.measure == reading.figure.measure:
            return bare(replace(piece, readings=(replace(reading, figure=other),)))
    return None


def same_words(a: Piece, b: Piece) -> bool:
    """Whether two figures are said of the same thing in the same words and measure."""
    one, other = a.readings[0].figure, b.readings[0].figure
    named = [_AROUND.sub("", _AROUND.sub("", figure.subject)) for figure in (one, other)]
    return len(named[0]) > 1 and named[0] == named[1] and one.measure == other.measure and one.kind == other.kind


def bare(piece: Piece) -> Piece:
    """A piece that says its figure and nothing beside it."""
    return replace(piece, text=compose.say_expected(piece.readings[0]))


_EACH_OF = re.compile(r"每(立方米)(?=$|\d|[为达超])")


def measured(reading: Reading) -> Reading:
    """A reading with its measure written one way: 每立方米20微克 and 35微克每立方米 are in 微克/立方米."""
    figure = reading.figure
    unit = figure.unit.replace("每", "/").replace("／", "/")
    each = _EACH_OF.search(figure.subject)
    if each and "/" not in unit:
        unit = f"{unit}/{each[1]}"
    return reading if unit == figure.unit else replace(reading, figure=replace(figure, unit=unit))


def of_one_measure(read: Sequence[Reading]) -> bool:
    """Whether all the figures measure the same."""
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
    if a.figure.measure in _RATES and falls(a.figure) != falls(b.figure):
        return False
    if a.figure.measure == b.figure.measure == "%" and (a.figure.kind == "share") != (b.figure.kind == "share"):
        return False
    if a.figure.value is None or b.figure.value is None:  # a range, or words
        return a.figure.measure == b.figure.measure and ("%" in a.figure.text) == ("%" in b.figure.text)
    return a.figure.measure == b.figure.measure or (a.figure.measure in _RATES and b.figure.measure in _RATES)
