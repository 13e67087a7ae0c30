"""A comparison as JSON, CSV, xlsx and SVG."""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from html import escape
from typing import Any, Literal, TypeAlias

from qa.compare import Cell, CellFigure, Table
from qa.compose import place_name
from qa.errors import MissingExtraError
from qa.model import Region, Stance
from qa.numbers import MAGNITUDES, magnitude
from qa.regions import english_name

Lang = Literal["zh", "en"]

# word → (Chinese, English)
_WORDS = {
    "region": ("地区", "Region"),
    "year": ("年份", "Year"),
    "stance": ("结果或目标", "Result or target"),
    "indicator": ("指标", "Indicator"),
    "status": ("状态", "Status"),
    "text": ("原文表述", "As printed"),
    "kind": ("数据类型", "Kind of figure"),
    "value": ("数值", "Value"),
    "unit": ("单位", "Unit"),
    "qualifier": ("限定语", "Qualifier"),
    "change": ("变动", "Change"),
    "percent": ("变动（%）", "Change (%)"),
    "said_of": ("报告中的指标名称", "Indicator in the report"),
    "citation": ("引用", "Citation"),
    "report": ("报告", "Report"),
    "paragraph": ("段落", "Paragraph"),
    "section": ("章节", "Section"),
    "quote": ("原句", "Quote"),
    "review": ("结果", "Result"),
    "plan": ("目标", "Target"),
    "stated": ("有数据", "stated"),
    "not_stated": ("未说明", "not stated"),
    "no_report": ("未载入该报告", "report not loaded"),
    "amount": ("数值", "value"),
    "growth": ("增减幅度", "growth"),
    "share": ("占比", "share"),
    "rank": ("位次", "rank"),
    "margin": ("差距", "margin"),
    "table": ("对照表", "Table"),
    "rows": ("明细", "Cells"),
    "source": (
        "来源：政府工作报告。虚线框和空心点为目标。",
        "Source: government work reports. Dashed or hollow: targets.",
    ),
    "left_out": (
        "另有 {n} 个数据单位不同或无确切数值，未绘入图中",
        "{n} more figures have another unit or no exact value and are not drawn",
    ),
    "chart": ("{indicator}：{places}，{years}", "{indicator}: {places}, {years}"),
    "others": ("等{n}个地区", " and others ({n} regions)"),
}
_COLUMNS = (
    "region", "year", "stance", "indicator", "status", "text", "kind", "value", "unit", "qualifier", "change",
    "percent", "said_of", "citation", "report", "paragraph", "section", "quote",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def word(key: str, lang: Lang) -> str:
    """A word of the exports in one language (result, not_stated, …)."""
    return _WORDS[key][lang == "en"]


def to_json(table: Table) -> dict[str, Any]:
    """The table for programs: {"indicator", "regions", "years", "cells"}; a figure's citation as in an answer."""
    return {
        "indicator": table.indicator,
        "regions": [{"code": region.code, "name": region.name} for region in table.regions],
        "years": list(table.years),
        "cells": [
            {
                "region": cell.region.code,
                "year": cell.year,
                "stance": cell.stance,
                "status": cell.status,
                "report": cell.report,
                "figure": _figure_json(cell.figure) if cell.figure else None,
            }
            for cell in table.cells
        ],
    }


def _figure_json(figure: CellFigure) -> dict[str, Any]:
    fields = asdict(figure)
    fields.pop("marks")
    numbers = {name: None if fields[name] is None else format(fields[name], "f") for name in ("base", "percent")}
    return {**fields, **numbers}


def to_csv(table: Table, lang: Lang = "zh") -> bytes:
    """One line a cell, in UTF-8 with the mark by which Excel knows it.

    Text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([word(name, lang) for name in _COLUMNS])
    for cell in table.cells:
        writer.writerow([_harmless(value) for value in _row(table, cell, lang)])
    return out.getvalue().encode("utf-8-sig", "replace")


def _harmless(value: str | int | Decimal | None) -> str | int | Decimal:
    if not isinstance(value, str):
        return "" if value is None else value
    return f"'{value}" if value.startswith(_FORMULA) else value


def _row(table: Table, cell: Cell, lang: Lang) -> list[str | int | Decimal | None]:
    """The cells of one line, in the order of ``_COLUMNS``."""
    head: list[str | int | Decimal | None] = [
        cell.region.name, cell.year, word(cell.stance, lang), table.indicator, word(cell.status, lang)
    ]  # fmt: skip
    figure = cell.figure
    if figure is None:
        return [*head, *[None] * 9, cell.report, None, None, None]
    cited = figure.citation
    kind = word("growth" if figure.kind == "change" else figure.kind, lang)
    return [
        *head, figure.text, kind, Decimal(figure.value) if figure.value else None, figure.unit, figure.qualifier,
        figure.change, figure.percent, figure.indicator, f"[{cited.n}]《{cited.report}》第{cited.paragraph}段",
        cited.report, cited.paragraph, " › ".join(cited.section), cited.quote,
    ]  # fmt: skip


def to_xlsx(table: Table, lang: Lang = "zh") -> bytes:
    """A workbook: the table as shown, and a sheet with a line a cell, numbers as numbers, each with its citation.

    Raises MissingExtraError without openpyxl.
    """
    try:
        from openpyxl import Workbook
        from openpyxl.styles import Alignment, Font
    except ImportError as error:
        raise MissingExtraError("缺少依赖 openpyxl；请运行 pip install openpyxl (a dependency is missing)") from error
    book = Workbook()
    sheet = book.active
    sheet.title = word("table", lang)
    columns = table.columns
    _write(sheet, [table.indicator, *(f"{year}年{word(stance, lang)}" for year, stance in columns)], lang)
    for region in table.regions:
        cells = [table.cell(region, year, stance) for year, stance in columns]
        _write(sheet, [region.name, *(_shown(cell, lang) for cell in cells)], lang)
    rows = book.create_sheet(word("rows", lang))
    _write(rows, [word(name, lang) for name in _COLUMNS], lang)
    for cell in table.cells:
        _write(rows, _row(table, cell, lang), lang)
    for each in (sheet, rows):
        each.freeze_panes = "B2"
        for cell in each[1]:
            cell.font = Font(bold=True)
        for column in each.columns:
            longest = max(sum(1 + (ord(c) > 255) for c in str(cell.value or "")) for cell in column)
            each.column_dimensions[column[0].column_letter].width = min(max(longest + 2, 8), 60)
            for cell in column:
                cell.alignment = Alignment(vertical="top", wrap_text=longest > 60)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _shown(cell: Cell, lang: Lang) -> str:
    if cell.figure is None:
        return word(cell.status, lang)
    change = f"（{cell.figure.change}）" if cell.figure.change else ""
    return f"{cell.figure.text}{change}[{cell.figure.citation.n}]"


def _write(sheet: Any, values: Sequence[str | int | Decimal | None], lang: Lang) -> None:
    """A line at the end of a sheet. Text stays text: a report may hold what looks like a formula."""
    sheet.append([_CONTROL.sub("", value) if isinstance(value, str) else value for value in values])
    for cell in sheet[sheet.max_row]:
        if isinstance(cell.value, str):
            cell.data_type = "s"


# ---- the chart

_FONTS = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
WIDTH = 720  # units of the view box; text is drawn by the reader's fonts, so widths are counted, not measured
FONT = 13
FOOT = 24  # room below the lowest point of a line chart for its label
BAR, GAP = 16, 14  # height of a bar, space between the places
MOST_LINES = 6  # places that can be told apart in one line chart
FEWEST_YEARS = 3  # for a line
COLOURS = ("#9c2b23", "#1f5f8b", "#4d6b2f", "#8a5a00", "#5b4a8a", "#3f5e5e")
INK, MUTED, RULE, PAPER = "#222222", "#5f5f5f", "#d9d6d0", "#ffffff"
_MEASURES = {"斤": ("吨", 2000), "公斤": ("吨", 1000), "千米": ("公里", 1), "度": ("千瓦时", 1), "度电": ("千瓦时", 1)}
_SHAPES = ("circle", "square", "diamond", "triangle", "circle", "square")


@dataclass(frozen=True, slots=True)
class _Point:
    """A figure to draw: value in the unit of the chart."""

    region: Region
    year: int
    stance: Stance
    value: float
    label: str


@dataclass(frozen=True, slots=True)
class _Panel:
    """Points of one measure. unit: of all their values ("亿元", "%"); growth: they are changes."""

    points: tuple[_Point, ...]
    unit: str
    growth: bool


def to_svg(table: Table, lang: Lang = "zh") -> str:
    """A chart of the figures as an SVG element with a title and a description; "" where there are no two figures of one
    measure to set side by side. Amounts (or rates) and growths stand in panels of their own.

    Lines for several years of a few places, bars otherwise. Colours are CSS variables (``--wb-ink``,
    ``--wb-series-1`` …) with those of a light page behind them, so the element may also stand alone as a file.
    """
    panels = [panel for panel in (_panel(table, False), _panel(table, True)) if len(panel.points) > 1]
    if not panels:
        return ""
    body, height = _text(0, 18, title(table, lang), INK, size=16, weight=600), 34.0
    for panel in panels:
        tall, drawn = _lines(panel, lang) if _runs(panel) else _bars(panel, lang)
        body += f'<g transform="translate(0 {height:.0f})">{drawn}</g>'
        height += tall + 16
    points = [point for panel in panels for point in panel.points]
    drawn_cells = {(point.region, point.year, point.stance) for point in points}
    left_out = len(table.figures) - len(drawn_cells)
    notes = [word("source", lang)] + ([word("left_out", lang).format(n=left_out)] if left_out else [])
    for note in notes:
        body += _text(0, height + 4, note, MUTED, size=12)
        height += 20
    told = "；".join(_told(point, lang) for point in points)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        f'aria-labelledby="wb-chart-title wb-chart-text" font-family="{_FONTS}" font-size="{FONT}">'
        f'<title id="wb-chart-title">{_escaped(title(table, lang))}</title>'
        f'<desc id="wb-chart-text">{_escaped(told)}</desc>{body}</svg>'
    )


def _runs(panel: _Panel) -> bool:
    """Whether it shows a course over the years: few places, and one of them with several years."""
    years = Counter((point.region, point.stance) for point in panel.points)
    return len({region for region, _ in years}) <= MOST_LINES and max(years.values()) >= FEWEST_YEARS


def title(table: Table, lang: Lang) -> str:
    """What a table tells of: 旅游总收入：阿坝州、凉山州，2019–2023."""
    names = [_place(region, lang) for region in table.regions]
    places = (", " if lang == "en" else "、").join(names[:4])
    places += word("others", lang).format(n=len(names)) if len(names) > 4 else ""
    first, last = min(table.years), max(table.years)
    years = f"{first}" if first == last else f"{first}–{last}"
    return word("chart", lang).format(indicator=table.indicator, places=places, years=years)


def _place(region: Region, lang: Lang) -> str:
    return english_name(region) if lang == "en" else place_name(region)


def _told(point: _Point, lang: Lang) -> str:
    return f"{_place(point.region, lang)} {point.year} {word(point.stance, lang)} {point.label}"


def _panel(table: Table, growth: bool) -> _Panel:
    """The amounts (or the growths) of the measure that most cells share, in the unit that most are printed in."""
    told = [(cell, cell.figure) for cell in table.cells if cell.figure]
    read = [(cell, found) for cell, figure in told if (found := (_growth if growth else _level)(figure))]
    measures = Counter(measure for _, (measure, _, _, _) in read)
    if not measures:
        return _Panel((), "", growth)
    chosen = max(measures, key=lambda measure: (measures[measure], measure))
    kept = [(cell, value, unit, label) for cell, (measure, value, unit, label) in read if measure == chosen]
    printed = Counter(magnitude(unit) for _, _, unit, _ in kept if unit.endswith(chosen))
    scale = max(printed, key=lambda m: (printed[m], MAGNITUDES[m])) if printed else ""
    points = tuple(
        _Point(cell.region, cell.year, cell.stance, float(value.scaleb(-MAGNITUDES[scale])), label)
        for cell, value, _, label in kept
    )
    return _Panel(points, scale + chosen, growth)


_Read: TypeAlias = "tuple[str, Decimal, str, str] | None"  # measure, value in base units, unit as printed, label


def _level(figure: CellFigure) -> _Read:
    """What to draw of an amount or a share; 斤 and the like in the measure that they are set beside."""
    if figure.base is None or figure.kind not in ("amount", "share"):
        return None
    measure, parts = _MEASURES.get(figure.measure, (figure.measure, 1))
    return measure, figure.base / parts, figure.unit, figure.text


def _growth(figure: CellFigure) -> _Read:
    """What to draw of a growth, told by itself or beside an amount."""
    if figure.kind == "change" and figure.base is not None:
        return figure.measure, figure.base, figure.unit, figure.text
    if figure.percent is not None and figure.change:
        return "%", figure.percent, "%", figure.change
    return None


def _bars(panel: _Panel, lang: Lang) -> tuple[float, str]:
    """A block of bars a place, a bar for each year and for result and aim."""
    series = sorted({(point.year, point.stance) for point in panel.points}, key=lambda s: (s[0], s[1] == "plan"))
    places = list(dict.fromkeys(point.region for point in panel.points))
    left = min(max((_wide(_place(place, lang)) for place in places), default=0) + 12, 160)
    right = max(_wide(point.label) for point in panel.points) + 12
    low, high, ticks = _scale([point.value for point in panel.points], zero=True)

    def x(value: float) -> float:
        return left + (value - low) / (high - low) * (WIDTH - left - right)

    years = sorted({year for year, _ in series})
    legend = [(_series_name(s, lang), _colour(years.index(s[0])), s[1] == "plan") for s in series]
    body, top = _legend(legend, panel, lang)
    at, out = top, []
    for place in places:
        here = {(p.year, p.stance): p for p in panel.points if p.region == place}
        own = [s for s in series if s in here]
        out.append(_text(left - 8, at + len(own) * BAR / 2 + 4, _place(place, lang), INK, "end"))
        for year, stance in own:
            point = here[year, stance]
            a, b = sorted((x(0), x(point.value)))
            colour = _colour(years.index(year))
            style = _filled(colour, stance == "plan")
            out.append(
                f'<rect x="{a:.1f}" y="{at + 2}" width="{max(b - a, 1):.1f}" height="{BAR - 4}" style="{style}">'
                f"<title>{_escaped(_told(point, lang))}</title></rect>"
            )
            out.append(_text(max(b, x(0)) + 5, at + BAR - 4, point.label, INK, size=12))
            at += BAR
        at += GAP
    bottom = at - GAP / 2
    grid = "".join(
        _rule(x(tick), top - 4, x(tick), bottom) + _text(x(tick), bottom + 16, _tick(tick), MUTED, "middle", 12)
        for tick in ticks
    )
    return bottom + 24, body + grid + "".join(out)


def _lines(panel: _Panel, lang: Lang) -> tuple[float, str]:
    """A line a place over the years, unbroken where years follow one another; aims as hollow marks on a dashed line."""
    places = list(dict.fromkeys(point.region for point in panel.points))
    years = sorted({point.year for point in panel.points})
    both = len({point.stance for point in panel.points}) > 1
    legend = [(_place(place, lang), _colour(n), False) for n, place in enumerate(places)] if len(places) > 1 else []
    if both:
        legend += [(word("review", lang), MUTED_VAR, False), (word("plan", lang), MUTED_VAR, True)]
    body, top = _legend(legend, panel, lang)
    low, high, ticks = _scale([point.value for point in panel.points], zero=False)
    left = max(_wide(_tick(tick)) for tick in ticks) + 12
    plot, bottom = 260, top + 260

    def x(year: int) -> float:
        return left + 30 + (year - years[0]) / max(years[-1] - years[0], 1) * (WIDTH - left - 60 - 20)

    def y(value: float) -> float:
        return bottom - FOOT - (value - low) / (high - low) * (plot - FOOT)

    out = [_rule(left, y(t), WIDTH, y(t)) + _text(left - 8, y(t) + 4, _tick(t), MUTED, "end", 12) for t in ticks]
    step = math.ceil(len(range(years[0], years[-1] + 1)) / 12)
    apart = x(years[0] + 1) - x(years[0])
    labelled = len(places) == 1 and max(_wide(point.label) for point in panel.points) * 12 / FONT < apart
    highest = {year: max(p.value for p in panel.points if p.year == year) for year in years}
    out += [_text(x(t), bottom + 20, str(t), MUTED, "middle", 12) for t in range(years[0], years[-1] + 1, step)]
    for n, place in enumerate(places):
        for stance in ("plan", "review"):
            own = sorted((p for p in panel.points if (p.region, p.stance) == (place, stance)), key=lambda p: p.year)
            dash = ";stroke-dasharray:5 4" if stance == "plan" else ""
            out += [
                f'<line x1="{x(a.year):.1f}" y1="{y(a.value):.1f}" x2="{x(b.year):.1f}" y2="{y(b.value):.1f}" '
                f'style="stroke:{_colour(n)};stroke-width:2{dash}"/>'
                for a, b in zip(own, own[1:], strict=False)
                if b.year - a.year == 1
            ]
            for point in own:
                out.append(_mark(_SHAPES[n], x(point.year), y(point.value), _colour(n), stance == "plan", point, lang))
                if labelled:
                    above = point.value == highest[point.year]
                    at = y(point.value) + (-10 if above else 20)
                    out.append(_text(x(point.year), at, point.label, INK, "middle", 12))
    return bottom + 30, body + "".join(out)


def _mark(shape: str, x: float, y: float, colour: str, hollow: bool, point: _Point, lang: Lang) -> str:
    corners = {
        "square": ((-4, -4), (4, -4), (4, 4), (-4, 4)),
        "diamond": ((0, -6), (6, 0), (0, 6), (-6, 0)),
        "triangle": ((0, -6), (6, 5), (-6, 5)),
    }.get(shape)
    style = f"fill:{PAPER_VAR if hollow else colour};stroke:{colour};stroke-width:2"
    title = f"<title>{_escaped(_told(point, lang))}</title>"
    if corners is None:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" style="{style}">{title}</circle>'
    path = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return f'<polygon points="{path}" style="{style}">{title}</polygon>'


def _legend(entries: Sequence[tuple[str, str, bool]], panel: _Panel, lang: Lang) -> tuple[str, float]:
    """(the unit and the legend, where the plot begins)."""
    unit = panel.unit + (f"（{word('growth', lang)}）" if panel.growth else "")
    unit = f"{word('unit', lang)}{'：' if lang == 'zh' else ': '}{unit}" if unit else ""
    out = [_text(0, 16, unit, MUTED, size=12)]
    at, line = _wide(unit) + 20.0, 16.0
    for name, colour, hollow in entries:
        wide = 22 + _wide(name) + 18
        if at + wide > WIDTH:
            at, line = 0.0, line + 22
        style = _filled(colour, hollow)
        out.append(f'<rect x="{at:.0f}" y="{line - 10}" width="14" height="10" style="{style}"/>')
        out.append(_text(at + 20, line, name, INK, size=12))
        at += wide
    return "".join(out), line + 22


def _filled(colour: str, hollow: bool) -> str:
    """Aims are told from results without their colour as well."""
    return f"fill:{colour};fill-opacity:.12;stroke:{colour};stroke-dasharray:4 2" if hollow else f"fill:{colour}"


def _series_name(series: tuple[int, Stance], lang: Lang) -> str:
    year = f"{series[0]}年" if lang == "zh" else f"{series[0]} "
    return f"{year}{word(series[1], lang)}"


def _scale(values: Sequence[float], zero: bool) -> tuple[float, float, list[float]]:
    """(low, high, ticks) around the values; from zero for bars, and for lines where it is not far away."""
    low, high = min(values), max(values)
    if zero or 0 <= low < high * 0.5 or low < 0:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        low, high = low - 1, high + 1
    rough = (high - low) / 4
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * m for m in (1, 2, 2.5, 5, 10) if unit * m >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = [n * step for n in range(first, last + 1)]
    return ticks[0], ticks[-1], ticks


def _tick(value: float) -> str:
    return f"{value:.10g}".replace("-", "−")


def _wide(text: str) -> float:
    """Width of a text in units: a Chinese character is about as wide as the font is high, a Latin one half of that."""
    return sum(FONT if ord(c) > 0x2000 else FONT * 0.58 for c in text)


def _colour(n: int) -> str:
    return f"var(--wb-series-{n % len(COLOURS) + 1},{COLOURS[n % len(COLOURS)]})"


def _variable(colour: str) -> str:
    name = {INK: "ink", MUTED: "soft", RULE: "line", PAPER: "card"}[colour]
    return f"var(--wb-{name},{colour})"


MUTED_VAR, PAPER_VAR = _variable(MUTED), _variable(PAPER)


def _text(
    x: float, y: float, text: str, colour: str, anchor: str = "start", size: int = FONT, weight: int = 400
) -> str:
    where = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}"'
    return f'<text {where} style="fill:{_variable(colour)}">{_escaped(text)}</text>'


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" style="stroke:{_variable(RULE)}"/>'


def _escaped(text: str) -> str:
    return escape(_CONTROL.sub("", text))
