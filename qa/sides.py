"""Question → the sides of a comparison or a sum: one question for each place, year or thing set beside another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from qa import words
from qa.model import Region, Stance
from qa.understand import Query, concepts_in, place_mentions, understand

Relation = Literal["gap", "sum", "times", "share", "each", "margin"]
_STANCES: tuple[Stance, Stance] = ("review", "plan")
T = TypeVar("T")
MOST = 6  # sides of one question

_GAP = re.compile(
    r"相差|(?:差距|差额)(?:是|有|为)?(?:多|几|[？?]|$)|(?:高|多|大|快|低|少|慢)(?:一?些|一?点)?还是|差(?:了|出)?(?:多少|几|多大|不多)|谁.{0,10}(?:多|高|大|快|少|低|慢|强)|"
    r"哪(?:个|边|里|一?[州省市家年地]).{0,12}(?:多|高|大|快|少|低|慢)(?:一?些|点|了)?(?=[，,。？?]|$)|"
    r"(?:高|多|大|快|上调|提高)(?:了|得)?(?:还是|或)(?:更|变)?(?:低|少|小|慢|下调|降低|放缓)|"
    r"(?:低|少|小|慢|下调)(?:了|得)?(?:还是|或)(?:更|变)?(?:高|多|大|快|上调)|"
    r"(?<!不)一样(?:吗|么|不|多|高|快|大|[？?]|$)|一不一样|是否(?:相同|一致|持平)|相同(?:吗|么)|变没变|变了(?:吗|没)|有没有(?:变|调|差)|有(?:什么|何)?(?:变化|不同|区别)|"
    r"相比(?!上年|去年)|对比|相较|(?:比|低于|高于|多于|少于|快于|慢于|超过|不如|不及)[^，。？?]{1,24}(?:吗|么|没有?)(?=[？?]|$)|(?:是不是|是否|有没有)(?:也|更)?(?:低于|高于|多于|少于|快于|慢于|超过|比)|"
    r"(?<![占同环对])比(?!上|去|例|重|率|值|前一年|同期).{1,24}?(?:多|高|大|快|少|低|慢|增加|提高|减少|降低|上升|扩大)(?:出|了)?(?:多少|几|吗|么|[？?]|$)|"
    r"(?:多|高|大|快|少|低|慢)(?:出|于)?(?:多少|几)"
)
_SUM = re.compile(r"合计|一共|总共|加起来|加在一起|加总|之和|总和|合起来|累计一共")
_TIMES = re.compile(r"倍差|收入(?:之)?比(?=是|为|有多|多少|达|怎|[？?]|$)|(?:是|为|相当于).{0,16}(?:几|多少)倍")
_EACH = re.compile(r"分别|各(?:[是为]|自是)?(?:多少|几)|历年|每年|逐年|各年")
_TOGETHER = re.compile(r"平均|年均|累计|这[三四五几]年|[之期]?间|、|从")
# The aim of a year against what came of it: 目标完成了没有, 超出年初目标多少, 有没有达到目标
_DONE = re.compile(
    r"目标[^，。？]{0,12}(?:完成|实现|达到|达成|兑现|做到|达标)(?:了|得|情况)*(?:没有?|吗|么|如何|怎么样|怎样|[？?，]|$)|"
    r"(?:完成|实现|达到|达成|兑现|超过|超出|超额|突破|高于|低于|没到|不到|未达)[^，。？]{0,8}(?:目标|计划|预期)|"
    r"(?:离|距|比|与|和|跟)[^，。？]{0,6}(?:目标|计划|预期)[^，。？]{0,6}(?:高|低|(?<!多)少|多(?!少)|差|超|快|慢)|还差(?:多少|几)"
)
_WHOLE = re.compile(r"(?:比|高出?|低|快|慢|于|与|和)*全[国省](?:平均)?(?:水平)?")
_PRIOR_YEAR = re.compile(
    r"(?:比|较|和|与|同|跟)(?:上一?年度?|前一年|去年|上年)(?:同期)?(?:相比)?[^，。？]{0,8}?(?:多|少|高|低|增加|减少|提高|降低|差)(?:出|了)?(?:多少|几)"
)
# How far above or below the country or the province a place is: its own report says so, or nobody does
_MARGIN = re.compile(
    r"(?:比|与|和|跟|较)全[国省](?:平均)?(?:水平)?(?:相比)?[^，。？?]{0,4}(?:高|低|快|慢|多|少|差)(?:出|了)?(?:多少|几)|"
    r"(?:高|低|快|慢)(?:于|出|过)(?:了)?全[国省](?:平均)?(?:水平)?(?:多少|几)"
)
# 比上年增长 tells against what, 比去年实际完成的高 names another side
_BASE_ONLY = re.compile(rf"(?:{words.BASELINE.pattern})(?=同期|相比|预算|增|提|下|减|多|少|高|低|涨|上|，|$)")
# Ratios that have a name of their own, as the regulator defines them: (name, part, whole).
_NAMED_RATIOS = (("存贷比", "各项贷款余额", "各项存款余额"),)
_THINGS = re.compile(
    r"(?P<a>[^，。？?、]{2,16}?)(?P<joint>和|与|跟|比|、)(?P<b>[^，。？?、和与跟比]{2,16}?)(?:的)?"
    r"(?:相差|差距|差了?多少|谁|哪个|一共|合计|总共|加起来|之和|加在一起|一样|相比|(?:多|高|少|低)(?:出|了)?(?:多少|几|吗))"
)


@dataclass(frozen=True, slots=True)
class Sides:
    """Questions whose answers are set beside one another.

    relation: what is made of them. prior: the second side is the year before the first, so that what the report itself
    says of the change tells more. fulfilled: an aim and what came of it, of which a report may speak in words too.
    whole: a run of years, for which a report may give one figure.
    """

    queries: tuple[Query, ...]
    relation: Relation
    prior: bool = False
    fulfilled: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A place or a time that the question names. back: years before the report's. reported: the year of a report."""

    start: int
    end: int
    region: Region | None = None
    place: str = ""
    year: int | None = None
    back: int | None = None
    reported: bool = False


@dataclass(frozen=True, slots=True)
class _Cell:
    """What the question says of one side: its place, its time, and the words up to the next side."""

    start: int
    words: str
    placed: _Anchor | None = None
    dated: _Anchor | None = None


def sides(query: Query, history: Sequence[str] = ()) -> Sides | None:
    """The sides of a question that sets several beside one another; None for any other question.

    history: the earlier questions, oldest first; 哪个高 and 比江苏高吗 lean on them.
    """
    if query.english or "prior" in query.wants or words.SINCE_WHEN.search(query.text):
        return None
    relation = _relation(query.text)
    query = replace(query, focus=plain_focus(query.focus))
    if _DONE.search(query.text) and words.PLAN.search(query.text):
        done = _aim_and_result(query)
        if done:
            return done
    if _MARGIN.search(query.text) and len(query.regions) < 2:
        return _margin(query)
    if relation is None:
        return None
    cells = _cells(query)
    if len(cells) < 2 and relation == "gap" and history:
        return _against_earlier(query, cells, history)
    queries = _filled(query, cells)[:MOST] if len(cells) > 1 and _beside(query.text, cells, relation) else ()
    if len({(side.regions, side.years, side.relative, side.concepts) for side in queries}) > 1:
        return Sides(
            queries,
            relation,
            prior=relation == "gap" and _next_years(queries),
            whole=bool(words.RANGE.search(query.text)),
        )
    if relation == "gap" and _PRIOR_YEAR.search(query.text) and len(query.years) == 1:
        pair = [replace(query, years=(year,)) for year in (query.years[0], query.years[0] - 1)]
        return Sides(tuple(_alone(side, query.text, query.text) for side in pair), "gap", prior=True)
    return _things(query, relation)


def _beside(text: str, cells: Sequence[_Cell], relation: Relation) -> bool:
    """Whether the places or years named are set beside one another, and not one for what goes to another."""
    run = words.RANGE.search(text)
    if relation == "each" and (
        len({c.placed.place for c in cells if c.placed}) > 1 or (run and _TOGETHER.search(text))
    ):
        return False  # which of them 各 and 分别 speak of is for the sentences to tell
    if relation == "gap":
        return True
    return bool(run) or all(not cell.words.strip(" 和与跟同及、，,年") for cell in cells[:-1])


def _margin(query: Query) -> Sides:
    """The place's own figure; how far it is from that of the whole stands beside it."""
    focus = query.focus
    for pattern in (_WHOLE, words.COMPARING):
        focus = pattern.sub(" ", focus)
    side = replace(query, focus=plain_focus(focus))
    return Sides((_alone(side, _WHOLE.sub(" ", _MARGIN.sub(" ", query.text)), ""),), "margin")


def plain_focus(focus: str) -> str:
    """The words asked about without those that only join or compare."""
    pieces = words.COMPARING.sub(" ", focus).split()
    return " ".join(piece for piece in pieces if len(piece) > 1 and not _UNIT.fullmatch(piece))


def _relation(text: str) -> Relation | None:
    if any(name in text for name, _, _ in _NAMED_RATIOS):
        return "share"
    if _TIMES.search(text):
        return "times"
    if _SUM.search(text) and not _GAP.search(text):
        return "sum"
    if _GAP.search(text) or _PRIOR_YEAR.search(text):
        return "gap"
    return "each" if _EACH.search(text) else None


def _aim_and_result(query: Query) -> Sides | None:
    """What came out against what was aimed at, of one year in one place."""
    backs = query.relative or ((1,) if not query.years else ())
    if len(query.years) + len(backs) != 1 or len(query.regions) > 1 or not query.concepts:
        return None
    if query.report_years and query.years:
        return None
    both = [replace(query, stance=stance, result=stance == "review", relative=backs) for stance in _STANCES]
    return Sides(tuple(_alone(side, query.text, query.text) for side in both), "gap", fulfilled=True)


def _cells(query: Query) -> list[_Cell]:
    """The sides named by place or time, in the order of the question."""
    anchors = sorted(_places_named(query) + _times_named(query.text), key=lambda anchor: anchor.start)
    groups: list[list[_Anchor]] = []
    for anchor in anchors:
        if not groups or any((other.region is None) == (anchor.region is None) for other in groups[-1]):
            groups.append([])
        groups[-1].append(anchor)
    blank = query.text
    for anchor in anchors:
        blank = blank[: anchor.start] + " " * (anchor.end - anchor.start) + blank[anchor.end :]
    cells = []
    for n, group in enumerate(groups):
        start = group[0].start
        stop = groups[n + 1][0].start if n + 1 < len(groups) else len(blank)
        placed = next((anchor for anchor in group if anchor.region), None)
        dated = next((anchor for anchor in group if not anchor.region), None)
        cells.append(_Cell(start, blank[start:stop], placed, dated))
    return cells


def _places_named(query: Query) -> list[_Anchor]:
    asked = {region.code for region in query.regions}
    return [
        _Anchor(mention.start, mention.end, mention.regions[0], mention.text)
        for mention in place_mentions(query.text)
        if mention.regions[0].code in asked
    ]


def _times_named(text: str) -> list[_Anchor]:
    """Years, every year of a range, and 去年 and the like; not the year of the report in whose words they are meant."""
    run = words.RANGE.search(text)
    years = []
    if run and 0 < int(run[2]) - int(run[1]) < MOST:
        years = [_Anchor(*run.span(), year=year) for year in range(int(run[1]), int(run[2]) + 1)]
    reports = [m.span() for m in words.REPORT_YEAR.finditer(text)]
    for found in words.YEAR.finditer(text):
        if not (run and run.start() <= found.start() < run.end()):
            reported = any(start <= found.start() < end for start, end in reports)
            years.append(_Anchor(*found.span(), year=int(found[1]), reported=reported))
    bare = _BASE_ONLY.sub(lambda m: " " * len(m[0]), text)
    backs = [_Anchor(*m.span(), back=back) for pattern, back in words.RELATIVE for m in pattern.finditer(bare)]
    return backs if backs and len(years) == 1 and years[0].reported else years + backs


def _filled(query: Query, cells: Sequence[_Cell]) -> tuple[Query, ...]:
    """One question a cell; a place, time, indicator or stance left out is that of the nearest cell that has one."""
    telling = [cell.words if _says(cell.words) else None for cell in cells]
    indicators = [concepts_in(cell.words) for cell in cells]
    different = len(set(indicators) - {()}) > 1
    out = []
    for n in range(len(cells)):
        said = _nearest(telling, n) or query.text
        stance = _stance(said, query, cells)
        named = _nearest([one or None for one in indicators], n) if different else None
        side = replace(
            query,
            stance=stance,
            result=stance == "review" and query.result,
            concepts=named or query.concepts,
            focus="" if different else query.focus,
            paired=False,
        )
        placed = _nearest([cell.placed for cell in cells], n)
        if placed and placed.region:
            side = replace(side, regions=(placed.region,), places=(placed.place,))
        out.append(_alone(_dated(side, _nearest([cell.dated for cell in cells], n)), said, query.text))
    return tuple(dict.fromkeys(out))


def _dated(side: Query, when: _Anchor | None) -> Query:
    if when is None:
        return side
    if when.back is not None:
        return replace(side, years=(), relative=(when.back,))
    # What a report plans is of its own year, what it reviews of the one before.
    year = (when.year or 0) - (when.reported and side.stance != "plan")
    return replace(side, years=(year,), relative=(), report_years=())


_WHEN = {0: "今年", 1: "去年", 2: "前年", -1: "明年"}
_UNIT_NAMES = r"(?:万亿|万|亿)?(?:人次|元|人|户|家|亩|斤|吨|公里|千瓦|个(?!百分点|点))|万亿|亿|万"
_UNIT_ASKED = re.compile(rf"(?:多少|几)(?:{_UNIT_NAMES})")
_UNIT = re.compile(rf"{_UNIT_NAMES}|个?百分点|个点|[和与跟数比]")
_HOW_MUCH = re.compile(
    rf"有?多大|(?:多|少|高|低|快|慢|相?差|增加|减少|提高|降低|大)?(?:了|出)?(?:多少|几)(?:{_UNIT_NAMES}|个?百分点|个点)?"
)


def _alone(side: Query, said: str, whole: str) -> Query:
    """A side put as a question of its own, in the words of the whole one: 河北去年生产总值增速."""
    clauses = [_PRIOR_YEAR.sub(" ", clause) for clause in re.split(r"[，,；;？?。]", said)]
    clauses = [clause for clause in clauses if concepts_in(clause)] or clauses
    thing = " ".join(_blanked(_DONE.sub(" ", clause)) for clause in clauses)
    for pattern in (_HOW_MUCH, words.COMPARING, words.QUESTION_WORDS):
        thing = pattern.sub(" ", thing)
    thing = re.sub(r"[\s\W]+", "", re.sub(r"(?:和|与|跟|同|的|是|里|年)+(?=\s|$)|(?<!\S)[和与跟同的是里]", " ", thing))
    if side.concepts and not concepts_in(thing):
        thing = side.concepts[0].formal[0] + thing
    if side.stance == "plan" and not words.PLAN.search(thing):
        thing += "目标"
    if words.PACE.search(whole) and not words.PACE.search(thing):
        thing += "增速"
    unit = _UNIT_ASKED.search(whole)
    place = side.places[0] if side.places else ""
    when = "".join([*(f"{year}年" for year in side.years), *(_WHEN.get(back, "") for back in side.relative)])
    text = f"{place}{when}{thing}{unit.group() if unit and not words.PACE.search(thing) else '多少'}"
    return replace(side, text=text, search=text, total=False, both=False)


def _blanked(text: str) -> str:
    """The words without places and years."""
    for mention in reversed(place_mentions(text)):
        text = text[: mention.start] + " " + text[mention.end :]
    for pattern in (words.RANGE, words.YEAR, *(pattern for pattern, _ in words.RELATIVE)):
        text = pattern.sub(" ", text)
    return text


def _nearest(values: Sequence[T | None], n: int) -> T | None:
    """The n-th value, or where that is None the nearest one before it, or else after it."""
    before = [value for value in values[: n + 1] if value is not None]
    return before[-1] if before else next((value for value in values[n:] if value is not None), None)


def _says(text: str) -> bool:
    """Whether the words of a side say anything beside what joins and compares."""
    if words.PLAN.search(text) or words.ACTUAL.search(text) or words.PACE.search(text):
        return True
    bare = words.COMPARING.sub(" ", _HOW_MUCH.sub(" ", text))
    bare = words.WEAK.sub(" ", words.QUESTION_WORDS.sub(" ", bare))
    return bool(concepts_in(text)) or len(re.findall(r"[\u4e00-\u9fff]", bare)) > 1


def _stance(text: str, query: Query, cells: Sequence[_Cell]) -> Stance | None:
    if words.PLAN.search(words.POLITE.sub(" ", text)) and not words.ACTUAL.search(text):
        return "plan"
    prefix = query.text[: cells[0].start]
    if words.PLAN.search(prefix):
        return "plan"
    if words.ACTUAL.search(text) or any(words.PLAN.search(c.words) for c in cells):
        return "review"
    return query.stance if query.stance == "review" else None


def _next_years(queries: Sequence[Query]) -> bool:
    """Whether the second of two sides is the year before the first, and otherwise the same."""
    if len(queries) != 2 or not all(len(q.years) == 1 for q in queries):
        return False
    first, second = queries
    same = (first.regions, first.stance, first.concepts) == (second.regions, second.stance, second.concepts)
    return same and first.years[0] - second.years[0] == 1


def _against_earlier(query: Query, cells: Sequence[_Cell], history: Sequence[str]) -> Sides | None:
    """哪个高？ sets the last two questions beside each other; 比江苏高吗？ this one beside the last."""
    earlier = [understand(question, history[:n]) for n, question in enumerate(history)]
    if cells:
        pair = [earlier[-1], query]
        if not re.match(r"(?:那|它)?(?:比|和|与|跟|同)", query.text):
            pair.reverse()
    elif len(earlier) > 1:
        pair = earlier[-2:]
    else:
        return None
    last = earlier[-1]
    said = next((q.text for q in reversed(earlier) if _says(_blanked(q.text))), last.text)
    pair = [_alone(replace(p, concepts=last.concepts, focus=plain_focus(last.focus)), said, said) for p in pair]
    return Sides(tuple(pair), "gap") if pair[0] != pair[1] else None


def _things(query: Query, relation: Relation) -> Sides | None:
    """Two things of one place and year: 城镇…比农村…, 进口和出口一共, 存贷比."""
    if relation == "each":
        return None
    names = _names(query)
    if names is None:
        return None
    parts = [understand(f"{name}是多少") for name in names]
    if not any(part.concepts for part in parts) or any(not (part.concepts or part.focus) for part in parts):
        return None
    own = [_alone(replace(query, concepts=p.concepts, focus=p.focus), p.text, query.text) for p in parts]
    return Sides(tuple(own), relation) if own[0] != own[1] else None


def _names(query: Query) -> tuple[str, str] | None:
    for name, part, whole in _NAMED_RATIOS:
        if name in query.text:
            return part, whole
    text = query.text
    if "城乡" in text:
        thing = re.search(r"城乡([^，。？]{0,12}?(?:收入|支出|消费))", text)
        return (f"城镇{thing[1]}", f"农村{thing[1]}") if thing else None
    found = _THINGS.search(re.sub(r"^.*[ 里中]|报告", "", _blanked(text).strip()))
    if not found:
        return None
    a, b = found["a"].strip(), found["b"].strip()
    if len(a) <= 3 and len(b) >= len(a) + 2:
        a += b[len(a) :]  # 中央和地方财政赤字: what follows the second belongs to both
    return a, b
