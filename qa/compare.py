"""One indicator over regions and years: a table of figures as the reports print them, each with its citation.

Every cell looks in one place only: the result of a year in the review of the report delivered the year after, the aim
of a year in the plan of that year's own report. So no cell is ever filled from another place or another year.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from threading import Lock
from typing import Literal, TypeAlias
from weakref import WeakKeyDictionary

from qa import compose, regions
from qa.answer import BESIDE, HITS, Answerer
from qa.candidates import Reading, sentences
from qa.choose import FIGURES_SURER
from qa.cite import citation
from qa.confidence import THRESHOLD
from qa.errors import UsageError
from qa.figure_model import figure_confidence, figure_features
from qa.figures import Figure, Kind
from qa.match import focus_of
from qa.model import Citation, Identity, Region, ReportInfo, Stance
from qa.scope import Target
from qa.spans import looks_back, over_years
from qa.understand import Query, concepts, simplify, understand
from qa.words import YEAR

MAX_INDICATOR = 60  # characters
NAMED = 0.5  # share of the indicator that a figure's own words must hold
AT_ALL = 0.2  # share of it that their subject must hold, whatever the clause before them says
MAX_CELLS = 240  # places × years × (result and aim); a cell takes some 10 to 50 ms

MOST_KEPT = 16  # tables kept in memory

_Key: TypeAlias = "tuple[str, tuple[str, ...], tuple[int, ...]]"
Status = Literal["stated", "not_stated", "no_report"]
STANCES: tuple[Stance, Stance] = ("review", "plan")


@dataclass(frozen=True, slots=True)
class CellFigure:
    """A figure of the table.

    text: as printed, with qualifier and unit (突破300亿元, 增长5%以上). value: decimal as text, "" for ranges and
    words; negative where something fell. unit: as printed. change: what the same sentence says it changed by
    (增长35.2%); percent: that as a number, negative where it fell, None where it is no percentage.
    qualifier: the words that bound the value (超过, 左右, 预计). indicator: what it is said of, in the report's words.
    base: the value in base units (元, not 亿元), for charts; measure: the unit of that. marks: what stands out in the
    quote.
    """

    indicator: str
    kind: Kind
    text: str
    value: str
    unit: str
    change: str | None
    percent: Decimal | None
    qualifier: str
    base: Decimal | None
    measure: str
    marks: tuple[str, ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class Cell:
    """What the reports say of one place, year and stance (review: the result, plan: the aim).

    status: "stated" with a figure, "not_stated" where the report says nothing of it, "no_report" where the report that
    would is not loaded. report: that report's name, whether it is loaded or not.
    """

    region: Region
    year: int
    stance: Stance
    status: Status
    report: str
    figure: CellFigure | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Cells by region, then year, then result before aim; citations are numbered from 1 in that order."""

    indicator: str
    regions: tuple[Region, ...]
    years: tuple[int, ...]
    cells: tuple[Cell, ...]

    def cell(self, region: Region, year: int, stance: Stance) -> Cell:
        """The cell of a place, year and stance of the table."""
        row, column = self.regions.index(region), self.years.index(year)
        return self.cells[(row * len(self.years) + column) * len(STANCES) + STANCES.index(stance)]

    @property
    def columns(self) -> tuple[tuple[int, Stance], ...]:
        """(year, stance) of the columns worth showing: those that some report could fill, and one for every year."""
        told = {(cell.year, cell.stance) for cell in self.cells if cell.status != "no_report"}
        every = ((year, stance) for year in self.years for stance in STANCES)
        return tuple(
            (year, stance)
            for year, stance in every
            if (year, stance) in told or (stance == "review" and (year, "plan") not in told)
        )

    @property
    def left_out(self) -> tuple[tuple[int, Stance], ...]:
        """The columns not worth showing, because no report that could fill them is loaded."""
        return tuple((y, s) for y in self.years for s in STANCES if (y, s) not in self.columns)

    @property
    def figures(self) -> tuple[CellFigure, ...]:
        """All figures, in the order of their citations."""
        return tuple(cell.figure for cell in self.cells if cell.figure is not None)


# A table that was looked at is mostly downloaded next.
_KEPT: WeakKeyDictionary[Answerer, dict[_Key, tuple[int, Table]]] = WeakKeyDictionary()
_LOCK = Lock()


def compare(answerer: Answerer, indicator: str, places: Sequence[Region], years: Sequence[int]) -> Table:
    """The table of an indicator, in any words (旅游收入, GDP增速), for places and years, in the order given.

    Raises UsageError when one of the three is missing, the indicator is too long or names a place or a year itself,
    or the table would be too large.
    """
    indicator = simplify(indicator).strip(" ，。？?")
    places, years = tuple(dict.fromkeys(places)), tuple(dict.fromkeys(years))
    _refuse_unusable(indicator, places, years)
    key = (indicator, tuple(place.code for place in places), years)
    generation = answerer.library.catalogue.generation
    with _LOCK:
        kept = _KEPT.setdefault(answerer, {})
        if (found := kept.get(key)) and found[0] == generation:
            return found[1]
    table = _made(answerer, indicator, places, years)
    with _LOCK:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = (generation, table)
    return table


def _made(answerer: Answerer, indicator: str, places: tuple[Region, ...], years: tuple[int, ...]) -> Table:
    held = {(info.identity.region.code, info.identity.year): info for info in answerer.library.reports()}
    cells: list[Cell] = []
    n = 0
    for place in places:
        for year in years:
            for stance in STANCES:
                report = held.get((place.code, year + (stance == "review")))
                cells.append(_cell(answerer, indicator, place, year, stance, report, n + 1))
                n += cells[-1].status == "stated"
    return Table(indicator, places, years, tuple(cells))


def suggestions() -> list[tuple[str, str]]:
    """(name, English name or "") of indicators that reports commonly give, in the reports' own words."""
    return list(
        {c.formal[0]: (c.formal[0], c.english[0] if c.english else "") for c in concepts() if c.formal}.values()
    )


def _refuse_unusable(indicator: str, places: Sequence[Region], years: Sequence[int]) -> None:
    if not indicator:
        raise UsageError("请填写要比较的指标，例如：地区生产总值 (no indicator)")
    if len(indicator) > MAX_INDICATOR:
        raise UsageError(f"指标名称过长，请压缩到 {MAX_INDICATOR} 字以内 (indicator too long)")
    if not places:
        raise UsageError("请至少选择一个地区 (no region)")
    if not years:
        raise UsageError("请至少选择一个年份 (no year)")
    if YEAR.search(indicator):
        raise UsageError("指标中请不要写年份，请在“年份”中选择 (the indicator names a year)")
    named = [m.text for m in regions.find(indicator)]
    if named:
        raise UsageError(f"指标中请不要写地区“{named[0]}”，请在“地区”中选择 (the indicator names a place)")
    if len(places) * len(years) * len(STANCES) > MAX_CELLS:
        raise UsageError(
            f"所选过多：地区数×年份数不能超过 {MAX_CELLS // len(STANCES)}，请减少一些 (too many regions and years)"
        )


def _cell(
    answerer: Answerer, indicator: str, place: Region, year: int, stance: Stance, report: ReportInfo | None, n: int
) -> Cell:
    if report is None:
        given = year + (stance == "review")
        return Cell(place, year, stance, "no_report", Identity(regions.at(place, given), given).title)
    title = report.identity.title
    readings = _readings(answerer, indicator, Target(report, year, (stance,), 0), stance)
    if not readings:
        return Cell(place, year, stance, "not_stated", title)
    return Cell(place, year, stance, "stated", title, _figure(readings, n))


def _readings(answerer: Answerer, indicator: str, target: Target, stance: Stance) -> tuple[Reading, ...]:
    """The figure that one part of one report gives, () for none; a growth where it gives no amount."""
    for query in _queries(indicator, target, stance):
        focus = focus_of(query, answerer.retriever.rarity)
        hits = answerer.retriever.retrieve(query, [target], HITS)
        found = [s for s in sentences(hits, [target], focus) if not looks_back(s)]
        read = answerer.chooser.read(query, focus, found)
        asked = _Asked.of(query, indicator)
        ranked = [r for r in answerer.chooser.ranked(query, read) if _of_the_cell(r, stance) and asked.admits(r)]
        if not ranked:
            continue
        best = _exact_first(ranked, asked)
        needed = THRESHOLD + FIGURES_SURER - (BESIDE if asked.exactly(best.figure) else 0)
        named = best.own >= NAMED and best.fit.subject >= AT_ALL
        sure = figure_confidence(figure_features([best, *ranked], found, query, focus))
        told = _together(best, ranked, asked.pair) if named and sure >= needed else ()
        if told:
            return told
    return ()


def _queries(indicator: str, target: Target, stance: Stance) -> list[Query]:
    """The question after the figure, and the one after its growth where it does not ask for that already."""
    place, year = target.report.identity.region, target.period
    aim = "目标" if stance == "plan" and "目标" not in indicator else ""
    asked = f"{place.short}{year}年{indicator}{aim}是多少"
    query = replace(
        understand(asked), regions=(place,), places=(place.short,), years=(year,), relative=(), report_years=(),
        stance=stance, result=stance == "review", paired=False, local=(),
    )  # fmt: skip
    if {"growth", "share", "rank"} & set(query.wants):
        return [query]
    asked = f"{place.short}{year}年{indicator}{aim}增长多少"
    return [query, replace(query, text=asked, search=asked, wants=("growth",))]


_AROUND = re.compile(
    r"^(?:提出|拟?安排|实现|完成|全[国省市区县州]|[今去]年|\d{4}年|预计|力争|确保|达到|全年|把|将|地方|年末)*|"
    r"(?:增速|增长|涨幅|总水平|总额|总量|(?<=口)额|预期|目标|控制|跨上|要|[均年全屡])*$"
)
_LISTED = re.compile(r"、|和|与|及")
_WHOLE = re.compile(
    r"(?:地方(?:财政)?|全体|全部|全口径|全社会|社会|货物(?:贸易)?|外贸|对外|规模以上|规上|常住人口|常住|户籍|累计|合计|总|"
    r"单位|接待|游客|规模|实际|财政|国内|本外币|各项|年度?|初步|核算|地区|等|的|各?主要经济指标)*"
)
_RATE = re.compile(r"率|占|比重|比例|比$|份额|强度|系数|度$|百分")
_RATE_NAMED = re.compile(r"(?:率|比重|占比|比例|之比)(?:一直|始终|均|为)?$")
_TIME = re.compile(r"[年天]|时间|时长|寿命|周期|期限|小时|分钟")
_TIMES = frozenset("年 周年 天 个月 小时 分钟 周".split())
_PARTS = frozenset("城镇 农村 中央 民间 新增 新建 净增".split())
_PAIRS = (("城乡", ("城镇", "农村")), ("存贷", ("存款", "贷款")), ("产销", ("产", "销")))
# What a thing is measured in, by the end of its name; a growth is always told in percent.
_MEASURED = (
    (re.compile(r"里程$|长度$"), ("米", "里")),
    (re.compile(r"面积$"), ("亩", "顷", "平方")),
    (re.compile(r"收入$|支出$|投资$|总值$|产值$|增加值$|总额$|税收$|余额$|赤字$"), ("元",)),
    (re.compile(r"率$|比重$|占比$|比例$"), ("%", "百分点", "‰", "成", "倍")),
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an indicator is: its names, whether it is a rate or a share, whether it is a time.

    measures: what its unit must hold, () for any. parts: words that make of it something narrower (城镇居民收入 is not
    居民收入). pair: the two sides of one told by both (城乡居民收入).
    """

    names: frozenset[str]
    rate: bool
    time: bool
    measures: tuple[str, ...]
    parts: frozenset[str]
    pair: tuple[str, ...]

    @classmethod
    def of(cls, query: Query, indicator: str) -> _Asked:
        names = {indicator, *(name for concept in query.concepts for name in (*concept.formal, *concept.names))}
        rate = "share" in query.wants or any(_RATE.search(name) for name in names)
        measured = [units for pattern, units in _MEASURED if any(pattern.search(name) for name in names)]
        pair = next((sides for word, sides in _PAIRS if word in indicator), ())
        names = {_AROUND.sub("", name) for name in names if "*" not in name} - {""}
        any_unit = rate and measured and _MEASURED[-1][1] not in measured
        units = () if any_unit else tuple(unit for some in measured for unit in some)
        return cls(frozenset(names), rate, bool(_TIME.search(indicator)), units, _PARTS - set(pair), pair)

    def exactly(self, figure: Figure) -> bool:
        """Whether a figure is said of the indicator and of nothing narrower."""
        return _AROUND.sub("", figure.subject) in self.names

    def admits(self, reading: Reading) -> bool:
        """Whether a figure can be one of the indicator: 占…的比重 and 连续6年 are none of an amount, 对东盟进出口 is
        not 进出口, 7个 is no 里程."""
        figure = reading.figure
        if figure.measure in _TIMES and not self.time:
            return False
        percent = figure.kind in ("change", "rank") or not figure.measure
        if self.measures and not percent and not any(unit in figure.measure for unit in self.measures):
            return False
        if any(part in figure.subject and not any(part in name for name in self.names) for part in self.parts):
            return False
        place = reading.sentence.hit.report.identity.region
        listed = [figure.subject] if figure.subject.startswith("对") else _LISTED.split(figure.subject)
        if any(self._narrows(part, place) for part in listed):
            return False
        return self.rate or (figure.kind != "share" and not _RATE_NAMED.search(figure.subject))

    def _narrows(self, subject: str, place: Region) -> bool:
        """Whether a subject ends in a name of the indicator, with something before it that makes it narrower."""
        subject = _AROUND.sub("", subject)
        for own in (place.name, place.short):
            subject = subject.replace(own, "")
        ends = [subject[: -len(name)] for name in self.names if subject.endswith(name)]
        return bool(ends) and not any(_WHOLE.fullmatch(_AROUND.sub("", before)) for before in ends)


_YEAR_NAMED = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年(?!以来|的|[-—–至到])")
_FROM = re.compile(r"(?:比|较|从|由|自|同|超过|高于|低于)\s*$")


def _of_the_cell(reading: Reading, stance: Stance) -> bool:
    """Whether a figure is one of the year itself and of the place itself."""
    figure, sentence = reading.figure, reading.sentence
    if figure.cumulative or (stance == "plan" and over_years(sentence, figure.start)):
        return False
    before = sentence.text[: figure.start]
    named = [int(m[1]) for m in _YEAR_NAMED.finditer(before) if not _FROM.search(before[: m.start()])]
    if named and named[-1] != sentence.target.period:
        return False
    place = sentence.target.report.identity.region
    return all(place in mention.regions for mention in regions.find(figure.subject))


def _exact_first(ranked: Sequence[Reading], asked: _Asked) -> Reading:
    """The best one; but of a whole rather than of a part (中央财政赤字), and in a number rather than in words
    (与经济增长同步), where the same sentence tells both."""
    best = ranked[0]
    if best.figure.kind != "rank" and best.figure.scale is None and not any(c.isdigit() for c in best.figure.text):
        same = [r for r in ranked if r.sentence.key == best.sentence.key and r.figure.subject == best.figure.subject]
        best = next((r for r in same if r.figure.scale is not None), best)
    if asked.exactly(best.figure):
        return best
    beside = [r for r in ranked if r.sentence.key == best.sentence.key and r.figure.measure == best.figure.measure]
    return next((r for r in beside if asked.exactly(r.figure) and r.figure.kind == best.figure.kind), best)


def _together(best: Reading, ranked: Sequence[Reading], pair: Sequence[str]) -> tuple[Reading, ...]:
    """The best figure; of 城乡居民收入 that of either side, as they are told in one sentence, or none."""
    if not any(side in best.figure.subject for side in pair):
        return (best,)
    here = [r for r in ranked if r.sentence.key == best.sentence.key and r.figure.kind == best.figure.kind]
    sides = [next((r for r in here if side in r.figure.subject), None) for side in pair]
    return () if None in sides else tuple(r for r in sides if r is not None)


_FELL = re.compile(r"^(?:同比|比上年|名义|实际)?(?:下降|减|降|回落|缩|跌|负增长|下滑)")
_STEP = re.compile(r"(?:跨上|迈上|踏上|站上|登上|跨越|越过|跨过|迈过)(?:了|新的)?$")
_STAIR = re.compile(r"(?:新?台阶|大关|关口|门槛)")


def _figure(readings: Sequence[Reading], n: int) -> CellFigure:
    first, several = readings[0], len(readings) > 1
    figure = first.figure
    change = _change(first) if figure.kind == "amount" and not several else None
    sign = _sign(figure)
    value = None if several or figure.value is None else figure.value * sign
    scale = None if several or figure.scale is None else figure.scale * sign
    said = [_printed(r) if not several else f"{r.figure.subject}{_printed(r)}" for r in readings]
    spans = [(r.figure.start, r.figure.end) for r in readings]
    return CellFigure(
        figure.subject, figure.kind, "；".join(said), "" if value is None else compose.number(value), figure.unit,
        f"{change.word}{change.text}" if change else None,
        change.value * _sign(change) if change and change.value is not None and change.measure == "%" else None,
        ("预计" if figure.forecast else "") + figure.qualifier, scale, figure.measure,
        tuple(dict.fromkeys([*(r.figure.text for r in readings), *([change.text] if change else [])])),
        citation(n, first.sentence, spans),
    )  # fmt: skip


def _sign(figure: Figure) -> int:
    return -1 if figure.kind == "change" and _FELL.match(figure.word) else 1


def _change(reading: Reading) -> Figure | None:
    """The growth told of an amount of one year; not a yearly mean over several."""
    change = compose.paired_change(reading)
    return change if change and not change.cumulative else None


def _printed(reading: Reading) -> str:
    """The figure in the report's words: 突破300亿元, 增长5%以上, 预计10.1%, 跨上5万亿元台阶, 两位数增长."""
    figure, sentence = reading.figure, reading.sentence.text
    text = f"{figure.word}{figure.text}" if figure.kind == "change" else figure.text
    step, stair = _STEP.search(sentence[: figure.start]), _STAIR.match(sentence, figure.end)
    if step:
        text = f"{step.group()}{text}"
    if stair:
        text += stair.group()
    if not figure.unit and sentence.startswith("增长", figure.end):
        text += "增长"
    return f"预计{text}" if figure.forecast and "预计" not in text else text
