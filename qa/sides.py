"""Question → the sides of a comparison or a sum: one question for each place, year or thing set beside another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from qa import words
from qa.english_terms import compares
from qa.model import Region, ReportInfo, Stance
from qa.scope import resolve
from qa.slots import leaning
from qa.understand import Query, concepts_in, place_mentions, subquestions, understand
from qa.words import Want

Relation = Literal["gap", "sum", "times", "share", "each", "margin", "before", "behind"]
_STANCES: tuple[Stance, Stance] = ("review", "plan")
# 安排的赤字, 安排的专项债券: what a report sets aside is of the year to come
_SET_ASIDE = re.compile(
    r"(?:拟|预算)?安排的?[^，。？安排]{0,12}(?:投资|赤字|债券?|资金|投入|预算|支出|经费|国债|钱)|"
    r"安排的(?=相?比|和|与|跟|[高低多少快慢]|[，,？?]|$)"
)
# 要达到, 目标完成: still to come
_TO_COME = re.compile(r"(?:要|计划|目标|拟|打算|力争|确保|争取)(?:是|为|能|再)?(?:达到|完成|实现)")
T = TypeVar("T")
MOST = 6  # sides of one question

_GAP = re.compile(
    r"(?:谁|哪(?:个|边|里|一?[州省市家年地方])).{0,16}(?:更|得|比较|最)(?:长|久|短|严|紧|宽|松)|"
    r"相差|(?:差距|差额)(?:是|有|为)?(?:多|几|[？?]|$)|(?:高|多|大|快|低|少|慢)(?:一?些|一?点)?还是|"
    r"(?:(?<!增)长|短|小|强|弱)(?:了|一?些|一?点)?还是(?:更|变)?[长短大小强弱]|"
    r"(?:比|跟|和|与)(?!上|去|前)[^，。？?]{1,16}[升涨]高?了?还是[降跌]|差(?:了|出)?(?:多少|几|多大|不多)|谁.{0,10}(?:多|高|大|快|少|低|慢|强)|"
    r"哪(?:一?个|边|里|一?[州省市家年地]).{0,12}(?:多|高|大|快|少|低|慢)(?:一?些|点|了)?(?=[，,。？?]|$)|"
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
# 补助标准提高前是多少: what a figure was before the change that is told with it
_BEFORE_IT = re.compile(
    r"(?:经济普查)?(?:(?<!结构)调整|上调|下调|提标|提高|降低|修订|核算|普查|增加|压减|下降|上涨)(?:之|以)?前(?![列茅沿十提景期三四五]|\d{1,3}[名位强])(?:的)?"
)
_THINGS = re.compile(
    r"(?P<a>[^，。？?、]{2,16}?)(?P<joint>和|与|跟|比|、)(?P<b>[^，。？?、和与跟比]{2,16}?)(?:的)?"
    r"(?:相差|差距|差了?多少|谁|哪个|一共|合计|总共|加起来|之和|加在一起|一样|相比|(?:多|高|少|低)(?:出|了)?(?:多少|几|吗))"
)


@dataclass(frozen=True, slots=True)
class Sides:
    """Questions whose answers are set beside one another.

    relation: what is made of them. prior: the second side is the year before the first, so that what the report itself
    says of the change tells more. fulfilled: an aim and what came of it, of which a report may speak in words too.
    whole: a run of years, for which a report may give one figure. against: what is asked about and what a report may
    tell it to be above or below (小微企业贷款, 各项贷款平均). within: a part and the whole that a report tells with it.
    carried: sides that are taken for aims because another one is. guessed: aims are looked for only because no
    results are told.
    """

    queries: tuple[Query, ...]
    relation: Relation
    prior: bool = False
    fulfilled: bool = False
    whole: bool = False
    against: tuple[str, str] | None = None
    within: bool = False
    carried: tuple[int, ...] = ()
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A place or a time that the question names. back: years before the report's. reported: the year of a report.
    run: the years of a five-year plan."""

    start: int
    end: int
    region: Region | None = None
    place: str = ""
    year: int | None = None
    back: int | None = None
    reported: bool = False
    run: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Cell:
    """What the question says of one side: its place, its time, and the words up to the next side."""

    start: int
    words: str
    placed: _Anchor | None = None
    dated: _Anchor | None = None


def of_one_place(beside: Sides, loaded: Sequence[ReportInfo]) -> Sides | None:
    """Sides that name no place, as those of the country where its reports tell of all their years, else of the only
    place whose reports do; None where there is none, or where it cannot be told which is meant."""
    if any(side.regions for side in beside.queries):
        return beside
    if not all(side.years or side.report_years for side in beside.queries):
        newest = max((info.identity.year for info in loaded), default=0)
        loaded = [info for info in loaded if info.identity.year == newest]
    places = {info.identity.region.code: info.identity.region for info in loaded}
    fit = [region for region in places.values() if all(_told_in(side, region, loaded) for side in beside.queries)]
    fit = [region for region in fit if region.level == "country"] or fit
    if len(fit) != 1:
        return None
    region = fit[0]
    return replace(
        beside,
        queries=tuple(replace(side, regions=(region,), places=(region.short,)) for side in beside.queries),
    )


def _told_in(side: Query, region: Region, loaded: Sequence[ReportInfo]) -> bool:
    targets = resolve(replace(side, regions=(region,), places=(region.short,)), loaded).targets
    return any(not target.literal for target in targets)


def attempts(beside: Sides, loaded: Sequence[ReportInfo]) -> list[Sides]:
    """The ways to take sides, the likelier first: where they do not say whether results or aims are meant, all
    results, or the aims of a year that no report reviews beside the results of the other; else all aims. A side taken
    for an aim because another is one (2025年目标比2024年高多少) is a result where no report plans its year."""
    if beside.carried:
        queries = tuple(
            replace(side, stance="review") if n in beside.carried and not _planned(side, loaded) else side
            for n, side in enumerate(beside.queries)
        )
        beside = replace(beside, queries=queries)
    if all(side.stance or not side.years for side in beside.queries):
        return [beside]
    aims = tuple(replace(s, stance=s.stance or "plan") if s.years else s for s in beside.queries)
    tried = [beside, replace(beside, queries=aims, guessed=True)]
    to_come = [not s.stance and _only_planned(s, loaded) for s in beside.queries]
    if beside.relation == "gap" and len(to_come) == 2 and to_come[0] != to_come[1]:
        # 2026年与2025年相比: of the newest report's own year nothing but its aims can be told
        each = zip(beside.queries, to_come, strict=True)
        queries = tuple(replace(s, stance="plan" if ahead else s.stance or "review") for s, ahead in each)
        tried[0] = replace(beside, queries=queries, prior=False, guessed=True)
    return tried


def _only_planned(side: Query, loaded: Sequence[ReportInfo]) -> bool:
    """Whether a side's year is set out in a report and reviewed in none."""
    targets = [t for t in resolve(replace(side, stance=None), loaded).targets if not t.literal]
    return bool(side.years and targets) and all(t.report.identity.year == t.period for t in targets)


def _planned(side: Query, loaded: Sequence[ReportInfo]) -> bool:
    """Whether a report sets out the plans of a side's year."""
    return any(t.report.identity.year == t.period and not t.literal for t in resolve(side, loaded).targets)


def sides(query: Query, history: Sequence[str] = ()) -> Sides | None:
    """The sides of a question that sets several beside one another; None for any other question.

    history: the earlier questions, oldest first; 哪个高 and 比江苏高吗 lean on them.
    """
    if query.english:
        return _two_places(query)
    if words.SINCE_WHEN.search(query.text):
        return None
    earlier = _BEFORE_IT.search(query.text)
    if earlier and len(query.regions) < 2:
        side = replace(query, focus=_BEFORE_IT.sub(" ", query.focus))
        return Sides((_alone(side, _BEFORE_IT.sub(" ", query.text), query.text),), "before")
    if "prior" in query.wants and not _PRIOR_YEAR.search(query.text):
        rate = words.PACE.search(query.text) and len(query.regions) < 2
        return Sides((query,), "behind") if rate else None
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
    cells = _cells(query, _plans_named(query) if relation in ("gap", "each") else ())
    if len(cells) < 2 and relation == "gap" and history and not _PRIOR_YEAR.search(query.text):
        return _against_earlier(query, cells, history)
    queries = _filled(query, cells)[:MOST] if len(cells) > 1 and _beside(query.text, cells, relation) else ()
    if len({(side.regions, side.years, side.relative, side.concepts, side.run) for side in queries}) > 1:
        return Sides(
            queries,
            relation,
            prior=relation == "gap" and _next_years(queries),
            whole=bool(words.RANGE.search(query.text)),
            carried=_carried(queries, cells),
        )
    if relation == "gap" and _PRIOR_YEAR.search(query.text) and len(query.years) == 1:
        if _changed_beside(query.text):
            return None
        if history and not concepts_in(query.text):  # 比上年低了几个点, after a question about 赤字率
            last = understand(history[-1], history[:-1])
            query = replace(last, years=query.years) if last.focus or last.concepts else query
        pair = [replace(query, years=(year,)) for year in (query.years[0], query.years[0] - 1)]
        return Sides(tuple(_alone(side, query.text, query.text) for side in pair), "gap", prior=True)
    return _things(query, relation)


_AT_THE_END = re.compile(r"哪[个些]|(?:提高|增长)?(?:多少|几)个?(?:百分点)?.*$")


def _two_places(query: Query) -> Sides | None:
    """The two places that an English question sets against each other in one year; None for any other one."""
    if len(query.regions) != 2 or len(query.years) != 1 or not compares(query.said):
        return None
    rest = query.text.removeprefix("和".join(region.short for region in query.regions))
    grew = "growth" in query.wants
    rest = f"{_AT_THE_END.sub('', rest).replace('增长', '')}{'增长' if grew else ''}多少"
    wants: tuple[Want, ...] = ("growth", "amount") if grew else ("amount",)
    query = replace(query, wants=wants, both=False, paired=False)
    queries = tuple(
        replace(query, regions=(region,), places=(place,), text=region.short + rest, search=region.short + rest)
        for region, place in zip(query.regions, query.places, strict=True)
    )
    return Sides(queries, "gap")


def _changed_beside(text: str) -> bool:
    """Whether the change since the year before is asked of another thing than the one named first (赤字率拟按多少安排，
    财政赤字规模较上年增加多少)."""
    first, *later = subquestions(text)
    changed = [part for part in later if _PRIOR_YEAR.search(part)]
    if not changed or _PRIOR_YEAR.search(first) or leaning(changed[0]):
        return False
    own = _PRIOR_YEAR.split(changed[0])[0]
    return _says(own) and own.strip() not in first


def _carried(queries: Sequence[Query], cells: Sequence[_Cell]) -> tuple[int, ...]:
    """Sides of an earlier year that do not say themselves that their aim is meant (2025年目标比2024年高多少)."""
    if len(queries) != len(cells) or any(len(side.years) != 1 for side in queries):
        return ()
    last = max(side.years[0] for side in queries)
    return tuple(
        n
        for n, (side, cell) in enumerate(zip(queries, cells, strict=True))
        if side.stance == "plan" and side.years[0] < last and not _says(cell.words)
    )


def _beside(text: str, cells: Sequence[_Cell], relation: Relation) -> bool:
    """Whether the places or years named are set beside one another, and not one for what goes to another."""
    run = words.RANGE.search(text)
    if relation == "each" and (
        len({c.placed.place for c in cells if c.placed}) > 1 or (run and _TOGETHER.search(text))
    ):
        return False  # which of them 各 and 分别 speak of is for the sentences to tell
    if relation in ("gap", "times"):
        return True
    return bool(run) or all(not _OF_A_SIDE.sub("", _behind(cell)) for cell in cells[:-1])


def _behind(cell: _Cell) -> str:
    """The words of a side behind its place and time."""
    ends = [anchor.end for anchor in (cell.placed, cell.dated) if anchor]
    return cell.words[max(ends, default=cell.start) - cell.start :]


# “十四五”末达到的水平和2026年预期目标: says of a side only whether it is a result or an aim
_OF_A_SIDE = re.compile(r"[ 和与跟同及、，,年末底的”\"]|实际|达到|完成|实现|水平|情况|预期|目标|值|时期|期间")


_FAR = r"(?:出|了)?(?:约|大概|大约)?(?:多少|几)"
_AGAINST = re.compile(
    rf"(?P<what>[^，。？?]{{2,}}?)(?:分别|各)?(?:比|较)(?P<base>[^，。？?]{{2,16}}?)(?:分别|各)?(?:要|还|都)?[高低快慢]{_FAR}|"
    rf"(?P<what2>[^，。？?]{{2,}}?)(?:分别|各)?[高低快慢][于出过](?P<base2>[^，。？?]{{2,16}}?){_FAR}"
)
_RATED = re.compile(r"(?:的|平均|增长速度|增[速幅长]|涨幅|涨得|水平)+$")


def _told_against(query: Query) -> tuple[str, str] | None:
    """(what is asked about, what it is told to be above or below) in the question's own words, neither a place nor a
    time: 小微企业贷款, 各项贷款平均."""
    found = _AGAINST.search(_blanked(query.text).strip())
    if not found:
        return None
    what, base = found["what"] or found["what2"], found["base"] or found["base2"]
    what, base = (_RATED.sub("", re.sub(r"^.* ", "", side.strip())) for side in (what, base))
    return (what, base) if len(what) > 1 and len(base) > 1 else None


def _margin(query: Query) -> Sides:
    """The place's own figure; how far it is from that of the whole stands beside it."""
    focus = query.focus
    told = _told_against(query)
    for pattern in (_WHOLE, words.COMPARING):
        focus = pattern.sub(" ", focus)
    side = replace(query, focus=plain_focus(focus))
    side = _alone(side, _WHOLE.sub(" ", _MARGIN.sub(" ", query.text)), "")
    return Sides((side,), "margin", against=told)


_DEGREE = re.compile(r"(?:谁|哪)?[个边里]?的?[定控]?(?:更|得更?|比较|最)(?:长|久|短|严格?|紧|宽|松)")


def plain_focus(focus: str) -> str:
    """The words asked about without those that only join or compare."""
    pieces = [piece.lstrip("和与跟同给把") for piece in words.COMPARING.sub(" ", _DEGREE.sub(" ", focus)).split()]
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


_ON_AVERAGE = re.compile(r"[”\"]?(?:时期|期间)?的?(?:年均|平均每年|每年)")


def _plans_named(query: Query) -> list[_Anchor]:
    """The five-year plan that a year is set beside (2026年目标比“十四五”时期每年完成的高还是低), or two plans."""
    named = list(words.FIVE_YEARS.finditer(query.text))
    if len(named) == 2 and named[0][1] != named[1][1] and not words.YEAR.search(query.text):
        runs = [words.plan_years(found[1]) for found in named]
        return [_Anchor(*found.span(), year=run[1], run=run) for found, run in zip(named, runs, strict=True)]
    if query.run is None or len(named) != 1 or not words.YEAR.search(words.REPORT_YEAR.sub(" ", query.text)):
        return []
    if query.run[1] in query.years and not _ON_AVERAGE.match(query.text, named[0].end()):
        return []
    ended = words.END_OF_FIVE.search(query.text)
    return [_Anchor(*named[0].span(), year=query.run[1], run=None if ended else query.run)]


def _cells(query: Query, more: Sequence[_Anchor] = ()) -> list[_Cell]:
    """The sides named by place or time, in the order of the question. more: times named in another way."""
    anchors = sorted([*_places_named(query), *_times_named(query.text), *more], key=lambda anchor: anchor.start)
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
    if when.run and side.stance == "plan":
        year = when.run[0]  # a five-year plan is set out in the report of its first year
    focus = side.focus if when.run else side.focus.replace("年均", "").strip()  # what a single year has not
    return replace(side, years=(year,), relative=(), report_years=(), run=when.run, focus=focus)


_WHEN = {0: "今年", 1: "去年", 2: "前年", -1: "明年"}
_UNIT_NAMES = (
    r"(?:万亿|万|亿)?(?:人次|元|人|户|家|亩|斤|吨|公里|千瓦|[套部台辆所座张天件条项]|个(?!百分点|点))|万亿|亿|万"
)
_UNIT_ASKED = re.compile(rf"(?:多少|几)(?:{_UNIT_NAMES})")
_YEARS_ASKED = re.compile(r"(?:几|多少)个?年(?![级代])|年头|年数")
_UNIT = re.compile(rf"{_UNIT_NAMES}|个?百分点|个点|[和与跟数比]")
_HOW_MUCH = re.compile(
    rf"有?多大|(?:每[人户亩])?(?:各(?:自|是|为|有)*|分别(?:是|为)?)?(?:多|少|高|低|快|慢|相?差|增加|减少|提高|降低|大)?(?:了|出)?"
    rf"(?:多少|几)(?:{_UNIT_NAMES}|微克|个?百分点|个点)?"
)


def _alone(side: Query, said: str, whole: str) -> Query:
    """A side put as a question of its own, in the words of the whole one: 河北去年生产总值增速."""
    named = frozenset(mention.regions[0].code for mention in place_mentions(whole))
    clauses = [_PRIOR_YEAR.sub(" ", clause) for clause in re.split(r"[，,；;？?。]", said)]
    clauses = [clause for clause in clauses if concepts_in(clause)] or clauses
    thing = " ".join(_blanked(_DONE.sub(" ", clause), named) for clause in clauses)
    for pattern in (_HOW_MUCH, _DEGREE, words.COMPARING, words.QUESTION_WORDS):
        thing = pattern.sub(" ", thing)
    thing = _LEFT_OVER.sub("", _COUNTED.sub("", thing.strip()))
    thing = re.sub(
        r"\s+|(?!(?<=\d)\.(?=\d))\W",
        "",
        re.sub(r"(?:和|与|跟|同|的|是|里|年)+(?=\s|$)|(?<!\S)[和与跟同的是里]", " ", thing),
    )
    if side.concepts and not concepts_in(thing):
        thing = side.concepts[0].formal[0] + thing
    elif not side.concepts and not any(piece in thing for piece in side.focus.split()):
        thing = side.focus.replace(" ", "") + thing  # 老楼加电梯，2025年…比2024年完成的: named before both
    if side.stance == "plan" and not words.PLAN.search(thing):
        thing += "目标"
    if words.PACE.search(whole) and not words.PACE.search(thing):
        thing += "增速"
    unit = _YEARS_ASKED.search(whole) or _UNIT_ASKED.search(whole)
    place = side.places[0] if side.places else ""
    years = [f"{year}年" for year in side.years]
    if side.run and len(years) == 1 and not words.END_OF_FIVE.search(whole):
        years = [f"{words.plan_name(side.run[0])}时期"]
    when = "".join([*years, *(_WHEN.get(back, "") for back in side.relative)])
    asked = "几年" if unit and unit.re is _YEARS_ASKED else unit.group() if unit else "多少"
    text = f"{place}{when}{thing}{'多少' if words.PACE.search(thing) else asked}"
    concepts = side.concepts or concepts_in(thing)
    return replace(side, text=text, search=text, concepts=concepts, total=False, both=False)


_LEFT_OVER = re.compile(r"\s*(?:(?:万亿|万|亿)(?:人次|元|人|户|家|亩|斤|吨|套)?|个?百分点|个点)$")
_COUNTED = re.compile(r"(?<=[划标成定])的?数(?![量额据字])")  # 计划数, 完成数


def _blanked(text: str, named: frozenset[str] = frozenset()) -> str:
    """The words without years and places; named: the places of the whole question, where not every name is one (the
    江干 of 长江干流)."""
    for mention in reversed(place_mentions(text)):
        if not named or mention.regions[0].code in named:
            text = text[: mention.start] + " " + text[mention.end :]
    for pattern in (words.RANGE, words.YEAR, words.FIVE_YEARS, *(pattern for pattern, _ in words.RELATIVE)):
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
    actual = words.ACTUAL.search(_TO_COME.sub(" ", text))
    if _plans(text) and not actual:
        return "plan"
    if words.PLAN.search(query.text[: cells[0].start]):
        return "plan"
    if actual or any(_plans(c.words) for c in cells):
        return "review"
    return query.stance if query.stance == "review" else None


def _plans(text: str) -> bool:
    """Whether words speak of what is to come."""
    return bool(words.PLAN.search(words.POLITE.sub(" ", text)) or _SET_ASIDE.search(text))


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
    told = _told_against(query) if relation == "gap" else None
    names = _names(query) or told
    if names is None:
        return None
    own = _asked_of(query, names)
    if own[0] == own[1] or any(not (side.concepts or side.focus) for side in own):
        return None
    if not any(side.concepts for side in own) and not told:
        return None
    return Sides(own, relation, against=told)


def _asked_of(query: Query, names: Sequence[str]) -> tuple[Query, ...]:
    """The question asked of each of several things."""
    parts = [understand(f"{name}是多少") for name in names]
    return tuple(_alone(replace(query, concepts=p.concepts, focus=p.focus), p.text, query.text) for p in parts)


_PART_WITHIN = re.compile(
    r"(?P<whole>[^，。？?占]{2,16}?)(?:里面?|当中|之?中(?![央国小医学等部西东共级]))(?:的|，)?(?P<part>[^，。？?占]{2,16}?)"
    r"(?:占(?:了|比|到|的?比[重例])?|的?比[重例])(?:是|为|有|达)?(?:多[少大]|百分之|几)"
)


def part_within(query: Query) -> Sides | None:
    """The whole and the part whose share is asked for (补充的教师里乡村教师占多少), for where no report tells it."""
    found = _PART_WITHIN.search(_blanked(query.text)) if "share" in query.wants and not query.english else None
    if not found:
        return None
    whole, part = found["whole"].strip(), found["part"].strip()
    return Sides(_asked_of(query, (_headed(part, whole), whole)), "share", against=(part, whole), within=True)


def _headed(part: str, whole: str) -> str:
    """The name of a part with the indicator that it is a part of: 中央财政 of 财政赤字 → 中央财政赤字."""
    named = concepts_in(whole)
    if not named or concepts_in(part):
        return part
    head = named[0].formal[0]
    shared = next((n for n in range(min(len(part), len(head)), 0, -1) if part.endswith(head[:n])), 0)
    return part + head[shared:]


def _names(query: Query) -> tuple[str, str] | None:
    for name, part, whole in _NAMED_RATIOS:
        if name in query.text:
            return part, whole
    text = query.text
    if "城乡" in text:
        thing = re.search(r"城乡([^，。？]{0,12}?(?:收入|支出|消费))", text)
        return (f"城镇{thing[1]}", f"农村{thing[1]}") if thing else None
    text = re.sub(r"^.* |报告", "", _blanked(text).strip())
    around = _INSIDE.match(text)
    found = _THINGS.search(text[around.end() :] if around else text)
    if not found:
        return None
    a, b = found["a"].strip(), found["b"].strip()
    if "的" in b[1:] and len(a) <= 4:
        a += b[b.index("的") :]  # 新建和改造提升的农田
    elif len(a) <= 3 and len(b) >= len(a) + 2:
        a += b[len(a) :]  # 中央和地方财政赤字: what follows the second belongs to both
    return (_headed(a, around["whole"]), _headed(b, around["whole"])) if around else (a, b)


_INSIDE = re.compile(r"(?P<whole>.*)(?:里面?|[其当]中|中(?![央国小医学等部西东共级]))")
