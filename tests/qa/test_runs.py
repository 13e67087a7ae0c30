"""Runs of years: which paragraphs tell of one, who is asked about one, and how an answer names it."""

from dataclasses import replace

import pytest

from qa.candidates import Sentence, readings
from qa.compose import lead
from qa.match import focus_of
from qa.model import Hit, Identity, Paragraph, ReportInfo
from qa.reading.lines import split_blocks
from qa.reading.outline import build_paragraphs
from qa.reading.runs import told_of_years
from qa.regions import find
from qa.scope import Target, resolve
from qa.spans import of_the_run, over_years
from qa.understand import understand

SICHUAN = Identity(find("四川省")[0].regions[0], 2026)
REPORT = ReportInfo("r", SICHUAN, "r.txt", "", 1, 1)


def report_of(year):
    return ReportInfo(f"r{year}", replace(SICHUAN, year=year), "r.txt", "", 1, 1)


def sentence(text, run=False, stance="review", period=2025):
    paragraph = Paragraph(1, text, 0, len(text), (), period, stance, run=run)
    hit = Hit(REPORT, paragraph, 0, len(text), 1.0, 0.9, 1.0)
    return Sentence(hit, Target(REPORT, period, (stance,), 0), 0, len(text), 1.0, 1.0, 1.0)


BOTH = "一、“十四五”时期和2025年工作回顾"
YEAR_FIRST = "一、2025年工作回顾和“十四五”发展主要成绩"


@pytest.mark.parametrize(
    ("heading", "texts", "runs"),
    [
        ("一、过去五年工作回顾", ["经济总量翻番。", "新增公路3万公里。"], [True, True]),
        ("一、2025年工作回顾", ["经济总量增长5%。", "一年来，我们做了以下工作。"], [False, False]),
        (
            BOTH,
            ["极不平凡的五年。", "——经济跃升。", "刚刚过去的2025年，再创佳绩。", "增长5%。"],
            [True, True, False, False],
        ),
        (YEAR_FIRST, ["一是稳增长。", "五年来，实力显著提升。", "——改革纵深推进。"], [False, True, True]),
        (YEAR_FIRST, ["各位代表！回顾“十四五”时期，成绩来之不易。", "我们也清醒认识到不足。"], [True, False]),
        (YEAR_FIRST, ["五年来，成绩很大。", "在看到成绩的同时，我们也清醒地认识到不足。"], [True, False]),
        (
            YEAR_FIRST,
            ["一是稳增长。", "2025年任务圆满完成。回望过去五年，实力跃升。", "（一）产业。"],
            [False, False, True],
        ),
        ("一、2025年工作回顾", ["投资增长5%，“十四五”期间累计1万亿元。"], [False]),
        (
            "二、“十五五”时期主要目标和2026年重点工作",
            ["指导思想是……", "今年是开局之年。", "增长5%。"],
            [True, False, False],
        ),
        ("二、今后五年的工作", ["城镇化率提高到60%。"], [True]),
    ],
)
def test_paragraphs_that_tell_of_several_years(heading, texts, runs):
    assert told_of_years(((heading,), "review", text) for text in texts) == runs


def test_a_heading_below_does_not_end_a_run_that_the_one_above_began():
    rows = [
        (("过去五年工作回顾",), "review", "成就巨大。"),
        (("过去五年工作回顾", "（一）产业"), "review", "产值翻番。"),
        (("2026年工作",), "plan", "增长5%。"),
    ]
    assert told_of_years(rows) == [True, True, False]


def test_no_paragraphs_no_runs():
    assert told_of_years([]) == []


def test_a_report_as_read():
    text = "\n".join(
        [BOTH, "五年来，铁路新增1700公里。", "过去的2025年，新增200公里。", "二、2026年工作安排", "今年新增300公里。"]
    )
    assert [p.run for p in build_paragraphs(split_blocks(text), 2026)] == [True, False, False]


# ---- who is asked about one


@pytest.mark.parametrize(
    ("question", "run", "years"),
    [
        ("“十四五”期间四川铁路新增多少公里", (2021, 2025), (2025,)),
        ("四川“十四五”末给老年人准备的床位有多少张", (2021, 2025), (2025,)),
        ("四川十五五城镇化率目标", (2026, 2030), (2026,)),
        ("四川“十五五”重点推进哪几项改革", (2026, 2030), (2030,)),
        ("四川“十四五”末和“十五五”末各多少", None, (2025, 2030)),
        ("四川2025年铁路新增多少公里", None, (2025,)),
    ],
)
def test_the_five_years_asked_about(question, run, years):
    query = understand(question)
    assert (query.run, query.years) == (run, years)


@pytest.mark.parametrize(
    ("question", "loaded", "found"),
    [
        ("四川“十五五”重点推进哪几项改革", (2026,), [(2026, ("plan", "review"))]),
        ("四川“十五五”重点推进哪几项改革", (2026, 2028), [(2026, ("plan", "review"))]),
        ("四川“十五五”期间已经完成了哪几项改革", (2026, 2028), [(2027, ("review",))]),
        ("四川“十四五”新增铁路多少公里", (2026,), [(2025, ("review",))]),
        ("四川“十四五”新增铁路多少公里", (2018,), []),
    ],
)
def test_where_a_five_year_plan_is_looked_up(question, loaded, found):
    targets = resolve(understand(question), [report_of(year) for year in loaded]).targets
    assert [(t.period, t.stances) for t in targets if not t.literal] == found


@pytest.mark.parametrize(
    ("question", "stance"),
    [
        ("2025年四川全面完成的保交房任务是多少套", None),
        ("2026年四川要完成的保交房任务是多少套", "plan"),
        ("四川给老年人准备的床位有多少张", None),
        ("四川准备新建多少张养老床位", "plan"),
    ],
)
def test_what_is_done_or_at_hand_is_no_plan(question, stance):
    assert understand(question).stance == stance


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("四川2025年工业增加值比全国高几个点", ("四川",)),
        ("四川的全国性综合交通枢纽有哪些", ("四川",)),
        ("比全国高几个点", ()),
        ("全国性的呢", ()),
        ("全国2018年GDP多少", ("全国",)),
    ],
)
def test_the_country_as_a_measure_is_no_place_asked_about(question, places):
    assert understand(question).places == places


def test_points_above_the_country_lean_on_the_indicator_before():
    query = understand("比全国高几个点？", ["四川2025年规模以上工业增加值增长多少？"])
    assert [c.formal[0] for c in query.concepts] == ["规模以上工业增加值"]


# ---- of one year, and of several


def figures(question, *told):
    query = understand(question)
    focus = focus_of(query, lambda tokens: dict.fromkeys(tokens, 1.0))
    return [r.figure.text for r in of_the_run(readings([sentence(*one) for one in told], query, focus), query)]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("2025年四川地区生产总值多少", ["32765亿元"]),
        ("“十四五”时期四川地区生产总值突破多少", ["3万亿元"]),
    ],
)
def test_the_part_that_tells_of_the_time_asked_about_comes_first(question, expected):
    told = ("地区生产总值达到32765亿元。",), ("地区生产总值达到3万亿元。", True)
    assert figures(question, *told) == expected


@pytest.mark.parametrize(
    ("told", "run", "head"),
    [
        (sentence("新增公里。", True), True, "“十四五”时期，四川省"),
        (sentence("新增公里。", True), None, "“十四五”时期，四川省"),
        (sentence("新增公里。", True), False, "2025年，四川省"),
        (sentence("2025年新增公里。", True), None, "2025年，四川省"),
        (sentence("新增公里。"), True, "2025年，四川省"),
        (sentence("新增公里。", True, "plan", 2026), False, "“十五五”时期，四川省计划："),
        (sentence("新增公里。", False, "plan", 2026), None, "2026年，四川省计划："),
        (sentence("新增公里。", True, period=2017), True, "2013—2017年，四川省"),
        (sentence("新增公里。", True, period=1995), True, "1991—1995年，四川省"),
    ],
)
def test_what_an_answer_begins_with(told, run, head):
    assert lead(told, run) == head


def test_a_heading_that_looks_both_ways_turns_to_plans_with_the_plan_to_come():
    heading = "二、“十三五”时期发展成就和“十四五”时期主要目标任务"
    texts = [
        "过去五年，成就巨大。",
        "“十四五”时期是新征程。",
        "——能耗降低13.5%。",
        "三、2021年重点工作",
        "今年增长6%。",
    ]
    found = build_paragraphs(split_blocks("\n".join([heading, *texts])), 2021)
    assert [(p.stance, p.period, p.run) for p in found] == [
        ("review", 2020, True), ("plan", 2021, True), ("plan", 2021, True), ("plan", 2021, False)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "of_several"),
    [
        ("制定2030年前碳达峰方案，能耗降低13.5%。", True),
        ("今年新开工水利工程，2026年投资10亿元。", False),
    ],
)
def test_a_year_led_up_to_is_not_the_time_of_an_aim(text, of_several):
    assert over_years(sentence(text, True, "plan", 2026)) is of_several
