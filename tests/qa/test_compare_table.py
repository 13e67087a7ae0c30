"""Comparing: which figure fills a cell, what is told apart, and what the exports make of it."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import openpyxl
import pytest

from qa import regions
from qa.compare import MAX_CELLS, Cell, CellFigure, Table, _Asked, compare, suggestions
from qa.compare_export import to_csv, to_json, to_svg, to_xlsx
from qa.errors import UsageError
from qa.figures import read_figures
from qa.model import Citation
from qa.understand import understand

ABA, LIANGSHAN = regions.get("513200"), regions.get("513400")
CHENGDU, SICHUAN = regions.get("510100"), regions.get("510000")
YEARS = (2019, 2020, 2023, 2024)


@pytest.fixture(scope="module")
def tourism(seed_answerer) -> Table:
    return compare(seed_answerer, "旅游收入", [ABA, LIANGSHAN], YEARS)


# ---- which figure fills a cell


@pytest.mark.parametrize(
    "indicator, place, year, stance, text, change",
    [
        ("旅游收入", ABA, 2023, "review", "438亿元", "增长35.2%"),
        ("旅游收入", LIANGSHAN, 2019, "review", "530.2亿元", "增长21.4%"),
        ("旅游收入", ABA, 2024, "plan", "增长5%以上", None),
        ("GDP", ABA, 2023, "review", "预计495亿元", "增长6.5%左右"),
        ("GDP", ABA, 2024, "plan", "增长6.5%以上", None),
        ("地区生产总值", LIANGSHAN, 2019, "review", "1676.3亿元", "扣除物价因素增长5.6%"),
        ("GDP增速", ABA, 2023, "review", "预计增长6.5%左右", None),
        ("城镇新增就业", ABA, 2023, "review", "7100人", None),
        ("城镇调查失业率", ABA, 2024, "plan", "5.5%以内", None),
    ],
)
def test_cell_holds_the_figure_as_printed(seed_answerer, indicator, place, year, stance, text, change):
    cell = compare(seed_answerer, indicator, [place], [year]).cell(place, year, stance)

    assert (cell.status, cell.figure.text, cell.figure.change) == ("stated", text, change)
    assert cell.figure.citation.region == place.name
    assert cell.figure.citation.period == year
    assert cell.figure.citation.stance == stance
    quote = re.sub(r"\s", "", cell.figure.citation.quote)
    assert all(mark in quote for mark in cell.figure.marks)


@pytest.mark.parametrize(
    "indicator, place, year, stance, status, report",
    [
        ("旅游收入", ABA, 2024, "review", "no_report", "2025年阿坝藏族羌族自治州政府工作报告"),
        ("旅游收入", LIANGSHAN, 2023, "review", "no_report", "2024年凉山彝族自治州政府工作报告"),
        ("旅游收入", LIANGSHAN, 2020, "plan", "not_stated", "2020年凉山彝族自治州政府工作报告"),
        ("旅游收入", CHENGDU, 2023, "review", "no_report", "2024年成都市政府工作报告"),
        ("GDP", SICHUAN, 2023, "review", "no_report", "2024年四川省政府工作报告"),
        ("GDP", regions.COUNTRY, 2023, "plan", "no_report", "2023年国务院政府工作报告"),
        ("高铁运营里程", ABA, 2023, "review", "not_stated", "2024年阿坝藏族羌族自治州政府工作报告"),
        ("航天发射次数", LIANGSHAN, 2019, "review", "not_stated", "2020年凉山彝族自治州政府工作报告"),
        ("财政赤字", ABA, 2023, "review", "not_stated", "2024年阿坝藏族羌族自治州政府工作报告"),
    ],
)
def test_what_is_not_told_and_what_is_not_loaded_are_told_apart(
    seed_answerer, indicator, place, year, stance, status, report
):
    cell = compare(seed_answerer, indicator, [place], [year]).cell(place, year, stance)

    assert (cell.status, cell.figure, cell.report) == (status, None, report)


@pytest.mark.parametrize("indicator", ["GDP", "旅游收入", "固定资产投资", "一般公共预算收入", "城镇化率", "粮食产量"])
def test_no_cell_is_filled_from_another_place_year_or_stance(seed_answerer, indicator):
    table = compare(seed_answerer, indicator, [ABA, LIANGSHAN, CHENGDU], range(2017, 2026))

    stated = [cell for cell in table.cells if cell.figure]
    assert stated
    for cell in stated:
        cited = cell.figure.citation
        assert (cited.region, cited.period, cited.stance) == (cell.region.name, cell.year, cell.stance)
        assert cited.report_year == cell.year + (cell.stance == "review")
        assert cited.report == cell.report
    assert [figure.citation.n for figure in table.figures] == list(range(1, len(stated) + 1))


@pytest.mark.parametrize(
    "indicator, sentence, admitted",
    [
        ("进出口总额", "外贸进出口总额45亿元，对东盟进出口增长13.8%，跨境电商平台进出口增长20.1%。", ["45亿元"]),
        ("GDP", "北京地区生产总值4.9万亿元，人均地区生产总值突破20万元，海洋生产总值增长9%。", ["4.9万亿元"]),
        ("GDP", "研发经费支出占地区生产总值的比重达到2.3%。", []),
        ("研发投入占比", "研发经费支出占地区生产总值的比重达到2.3%。", ["2.3%"]),
        ("居民收入", "城镇居民人均可支配收入增长4%，农村居民人均可支配收入增长6%。", []),
        ("居民收入", "全体居民人均可支配收入增长5%。", ["5%"]),
        ("粮食产量", "粮食总产量连续6年稳定在1000亿斤以上，优质粮食产量300亿斤。", ["1000亿斤以上"]),
        ("高速公路里程", "高速公路通车里程突破8000公里，高速公路8条建成。", ["突破8000公里"]),
        ("财政赤字", "财政赤字9000亿元，其中中央财政赤字7000亿元，财政赤字率2%。", ["9000亿元"]),
    ],
)
def test_a_part_or_another_kind_of_figure_is_not_the_indicator(indicator, sentence, admitted):
    asked = _Asked.of(understand(f"{indicator}是多少"), indicator)
    report = SimpleNamespace(identity=SimpleNamespace(region=regions.get("110000")))
    place = SimpleNamespace(hit=SimpleNamespace(report=report))
    figures = [figure for figure in read_figures(sentence) if figure.subject]

    told = [f.text for f in figures if asked.admits(SimpleNamespace(figure=f, sentence=place))]
    assert told == admitted


def test_values_are_exact_and_in_base_units(tourism):
    figure = tourism.cell(LIANGSHAN, 2019, "review").figure

    assert (figure.value, figure.unit, figure.measure, figure.base) == ("530.2", "亿元", "元", Decimal("53020000000"))
    assert figure.percent == Decimal("21.4")


def test_columns_are_those_that_a_report_could_fill(tourism):
    assert tourism.columns == ((2019, "review"), (2020, "plan"), (2023, "review"), (2024, "plan"))
    assert tourism.left_out == ((2019, "plan"), (2020, "review"), (2023, "plan"), (2024, "review"))


def test_a_year_without_any_report_keeps_a_column(seed_answerer):
    table = compare(seed_answerer, "GDP", [ABA], [2010, 2024])

    assert table.columns == ((2010, "review"), (2024, "plan"))


def test_the_same_table_is_made_once_and_again_when_reports_change(seed_answerer, tourism):
    assert compare(seed_answerer, " 旅游收入？", [ABA, LIANGSHAN], YEARS) is tourism
    assert compare(seed_answerer, "旅游收入", [LIANGSHAN, ABA], YEARS) is not tourism


@pytest.mark.parametrize(
    "indicator, places, years, said",
    [
        ("", [ABA], [2023], "请填写"),
        (" ？", [ABA], [2023], "请填写"),
        ("旅" * 61, [ABA], [2023], "过长"),
        ("GDP", [], [2023], "地区"),
        ("GDP", [ABA], [], "年份"),
        ("2023年GDP", [ABA], [2023], "不要写年份"),
        ("成都GDP", [ABA], [2023], "不要写地区“成都”"),
        ("GDP", [ABA], range(1900, 1900 + MAX_CELLS), "过多"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_one_line(seed_answerer, indicator, places, years, said):
    with pytest.raises(UsageError, match=said) as refused:
        compare(seed_answerer, indicator, places, years)

    assert "\n" not in str(refused.value)


def test_suggestions_are_names_that_reports_print():
    names = [name for name, _ in suggestions()]

    assert "地区生产总值" in names and "旅游总收入" in names
    assert len(names) == len(set(names))


# ---- exports


def _citation(n: int, place: str = "阿坝藏族羌族自治州", report: str = "2024年报告") -> Citation:
    return Citation(n, "id", report, place, 2024, 2023, "review", ("一、回顾",), 3, "原句。", 0, 3, "a.txt")


def _figure(n: int, text: str, value: str, unit: str, base: str | None, *, kind: str = "amount", **more) -> CellFigure:
    given = {"indicator": "指标", "change": None, "percent": None, "qualifier": "", "measure": unit[-1:], "marks": ()}
    given |= more
    return CellFigure(
        kind=kind, text=text, value=value, unit=unit, base=None if base is None else Decimal(base),
        citation=_citation(n), **given,
    )  # fmt: skip


def _table(figures: dict[tuple[int, str], CellFigure], years=(2021, 2022, 2023), indicator="指标") -> Table:
    told = {(year, stance): figures.get((year, stance)) for year in years for stance in ("review", "plan")}
    cells = tuple(
        Cell(ABA, year, stance, "stated" if figure else "not_stated", "报告", figure)
        for (year, stance), figure in told.items()
    )
    return Table(indicator, (ABA,), tuple(years), cells)


def _texts(svg: str) -> list[str]:
    return [e.text for e in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_csv_is_read_by_excel_and_holds_the_citation(tourism):
    content = to_csv(tourism)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))

    assert len(rows) == len(tourism.cells)
    told = next(row for row in rows if row["地区"] == ABA.name and row["原文表述"] == "438亿元")
    assert (told["数值"], told["单位"], told["变动（%）"], told["结果或目标"]) == ("438", "亿元", "35.2", "结果")
    assert told["引用"] == "[1]《2024年阿坝藏族羌族自治州政府工作报告》第10段"
    assert "实现旅游总收入438亿元" in told["原句"]
    assert {row["状态"] for row in rows} == {"有数据", "未说明", "未载入该报告"}


def test_xlsx_holds_numbers_as_numbers(tourism):
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(tourism)))
    shown = list(book["对照表"].iter_rows(values_only=True))
    rows = list(book["明细"].iter_rows(values_only=True))
    told = dict(zip(rows[0], next(row for row in rows if row[5] == "530.2亿元"), strict=True))

    assert shown[0] == ("旅游收入", "2019年结果", "2020年目标", "2023年结果", "2024年目标")
    assert shown[2][1] == "530.2亿元（增长21.4%）[3]"
    assert (told["年份"], told["数值"], told["变动（%）"], told["段落"]) == (2019, 530.2, 21.4, 15)
    assert all(isinstance(told[name], int | float) for name in ("年份", "数值", "变动（%）", "段落"))


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "\t=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_of_a_report_is_no_formula_in_a_spreadsheet(text):
    table = _table({(2023, "review"): _figure(1, text, "", "", None, indicator=text)}, indicator=text)

    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(table)))
    kinds = {cell.data_type for sheet in book for row in sheet for cell in row if isinstance(cell.value, str)}
    assert kinds == {"s"}
    for row in csv.reader(io.StringIO(to_csv(table).decode("utf-8-sig"), newline="")):
        assert not [value for value in row if value.startswith(("=", "+", "-", "@", "\t"))]


def test_characters_no_spreadsheet_takes_are_left_out():
    table = _table({(2023, "review"): _figure(1, "1\x0b亿\ud800元", "1", "亿元", "100000000")})

    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(table)))
    assert "1亿元[1]" in [cell.value for cell in book["对照表"][2]]
    assert to_csv(table)


def test_json_has_every_cell_and_plain_numbers(tourism):
    told = json.loads(json.dumps(to_json(tourism), ensure_ascii=False))

    assert len(told["cells"]) == 16
    cell = next(cell for cell in told["cells"] if cell["figure"] and cell["figure"]["text"] == "438亿元")
    assert (cell["region"], cell["year"], cell["stance"], cell["status"]) == ("513200", 2023, "review", "stated")
    assert (cell["figure"]["base"], cell["figure"]["percent"]) == ("43800000000", "35.2")
    assert cell["figure"]["citation"]["paragraph"] == 10


def test_english_words_where_english_is_asked_for(tourism):
    assert "Result or target" in to_csv(tourism, "en").decode("utf-8-sig")
    assert "Source: government work reports" in to_svg(tourism, "en")


# ---- the chart


def test_chart_tells_what_it_shows(tourism):
    svg = ET.fromstring(to_svg(tourism))
    described = {e.tag.rpartition("}")[2]: e.text for e in svg if e.tag.endswith(("title", "desc"))}

    assert svg.get("role") == "img"
    assert described["title"] == "旅游收入：阿坝州、凉山州，2019–2024"
    assert "阿坝州 2023 结果 438亿元" in described["desc"]
    assert "阿坝州 2024 目标 增长5%以上" in described["desc"]


def test_units_of_one_measure_share_an_axis():
    figures = {
        (2021, "review"): _figure(1, "9000亿元", "9000", "亿元", "900000000000"),
        (2022, "review"): _figure(2, "1.2万亿元", "1.2", "万亿元", "1200000000000"),
        (2023, "review"): _figure(3, "12500亿元", "12500", "亿元", "1250000000000"),
    }
    texts = _texts(to_svg(_table(figures)))

    assert "单位：亿元" in texts
    assert {"9000亿元", "1.2万亿元", "12500亿元"} <= set(texts)  # labels stay as printed
    ticks = [float(text) for text in texts if re.fullmatch(r"\d+", text) and not 2020 < int(text) < 2024]
    assert max(ticks) >= 12500 > 1300


@pytest.mark.parametrize("years, shape", [((2022, 2023), "rect"), ((2021, 2022, 2023), "line")])
def test_lines_for_several_years_bars_otherwise(years, shape):
    figures = {(y, "review"): _figure(n, f"{n}亿元", str(n), "亿元", f"{n}e8") for n, y in enumerate(years, 1)}
    svg = to_svg(_table(figures, years))

    bars = len(re.findall(r"<rect [^>]*><title>", svg))
    lines = len(re.findall(r"stroke-width:2\"/>", svg))
    assert (bars, lines) == ((2, 0) if shape == "rect" else (0, 2))


def test_a_line_does_not_bridge_a_year_that_is_not_told():
    years = (2019, 2020, 2022, 2023)
    figures = {(y, "review"): _figure(n, f"{n}亿元", str(n), "亿元", f"{n}e8") for n, y in enumerate(years, 1)}

    assert len(re.findall(r"stroke-width:2\"/>", to_svg(_table(figures, range(2019, 2024))))) == 2


def test_amounts_and_growths_do_not_share_an_axis():
    figures = {
        (2021, "review"): _figure(1, "90亿元", "90", "亿元", "9e9", change="下降3%", percent=Decimal(-3)),
        (2022, "review"): _figure(2, "100亿元", "100", "亿元", "1e10", change="增长11%", percent=Decimal(11)),
        (2023, "plan"): _figure(3, "增长8%以上", "8", "%", "8", kind="change", measure="%"),
    }
    texts = _texts(to_svg(_table(figures)))

    assert texts.index("单位：亿元") < texts.index("单位：%（增减幅度）")
    assert {"下降3%", "增长8%以上", "−5"} <= set(texts)


@pytest.mark.parametrize(
    "figures",
    [
        {},
        {(2023, "review"): _figure(1, "90亿元", "90", "亿元", "9e9")},
        {
            (2022, "review"): _figure(1, "90亿元", "90", "亿元", "9e9"),
            (2023, "review"): _figure(2, "100家", "100", "家", "100"),
        },
        {
            (2022, "review"): _figure(1, "6%－6.5%", "", "%", None),
            (2023, "review"): _figure(2, "第3位", "", "", None, kind="rank"),
        },
    ],
)
def test_no_chart_of_what_cannot_be_set_side_by_side(figures):
    assert to_svg(_table(figures)) == ""


def test_figures_that_are_not_drawn_are_counted():
    figures = {(y, "review"): _figure(n, f"{n}亿元", str(n), "亿元", f"{n}e8") for n, y in enumerate((2021, 2022), 1)}
    figures[2023, "review"] = _figure(3, "两位数增长", "", "", None, kind="change")

    assert any("另有 1 个" in text for text in _texts(to_svg(_table(figures))))


def test_hostile_text_stays_text_in_the_chart():
    evil = '</text><script>alert(1)</script>"onload="x'
    figures = {(y, "review"): _figure(n, evil, str(n), "亿元", f"{n}e8") for n, y in enumerate((2022, 2023), 1)}
    svg = to_svg(replace(_table(figures), indicator=evil))

    tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(svg).iter()}
    assert "script" not in tags
    assert evil in _texts(svg)
