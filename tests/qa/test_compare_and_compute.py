"""Questions that set places, years or things side by side, and what is worked out from the figures told."""

from decimal import Decimal

import pytest

from qa import compose
from qa.candidates import Sentence
from qa.figures import read_figures
from qa.model import Hit, Identity, Paragraph, ReportInfo
from qa.regions import find
from qa.scope import Target, resolve
from qa.sides import sides
from qa.spans import looks_back, over_years
from qa.understand import understand


def asked(question, history=()):
    return sides(understand(question, history), history)


def told(question, history=()):
    """(relation, (places, years or years back, stance) of every side)."""
    found = asked(question, history)
    if found is None:
        return None
    return found.relation, [("、".join(q.places), q.years or q.relative, q.stance) for q in found.queries]


@pytest.mark.parametrize(
    ("question", "relation", "expected"),
    [
        ("天津2025年目标增速比2024年实际增速高还是低", "gap", [("天津", (2025,), "plan"), ("天津", (2024,), "review")]),
        (
            "河北今年GDP目标跟去年实际完成的增速比，是高了还是低了",
            "gap",
            [("河北", (0,), "plan"), ("河北", (1,), "review")],
        ),
        ("江苏今年的目标增速比湖南高吗", "gap", [("江苏", (0,), "plan"), ("湖南", (0,), "plan")]),
        ("2024年粮食产量，河北和湖南比哪个多？", "gap", [("河北", (2024,), None), ("湖南", (2024,), None)]),
        ("凉山2019年和阿坝2023年，哪个州旅游收入高？", "gap", [("凉山", (2019,), None), ("阿坝", (2023,), None)]),
        (
            "2017年和2018年国务院报告里的GDP增长目标一样吗",
            "gap",
            [("国务院", (2017,), "plan"), ("国务院", (2018,), "plan")],
        ),
        (
            "2010年国务院报告定的CPI目标和2011年的比哪个高",
            "gap",
            [("国务院", (2010,), "plan"), ("国务院", (2011,), "plan")],
        ),
        ("2018年全国城镇新增就业超出年初目标多少万人", "gap", [("全国", (2018,), "review"), ("全国", (2018,), "plan")]),
        ("全国2018年城镇新增就业比上一年多多少", "gap", [("全国", (2018,), None), ("全国", (2017,), None)]),
        ("2016年到2018年全国城镇新增就业加起来是多少", "sum", [("全国", (y,), None) for y in (2016, 2017, 2018)]),
        ("2016到2018年全国GDP增速分别是多少", "each", [("全国", (y,), None) for y in (2016, 2017, 2018)]),
        ("2009年全国城乡居民收入倍差是多少", "times", [("全国", (2009,), None)] * 2),
        ("湖南2024年社零增速比全国高多少", "margin", [("湖南", (2024,), None)]),
    ],
)
def test_sides_of_a_question(question, relation, expected):
    assert told(question) == (relation, expected)


@pytest.mark.parametrize(
    "question",
    [
        "江西2024年收了多少斤粮，2025年要保到多少",
        "山东2025年交通和水利投资目标各是多少",
        "2013—2017年间消费贡献率、第三产业占比各从多少变成多少？",
        "2008—2012年全国炼铁、炼钢各压掉多少落后产能",
        "全国城乡收入差距从哪年起慢慢收窄的？2013年国务院报告",
        "2013年城镇化怎么搞，大城市和小城镇的思路有啥不一样？",
        "从北京疏解出来、去年在天津新落户的机构一共多少家",
        "陕西2023年GDP大概多少？按2024年的数倒推",
        "辽宁2024年GDP增长多少",
        "广西2024年新增就业多少人",
        "Which prefecture had the higher GDP?",
    ],
)
def test_no_sides(question):
    assert asked(question) is None


@pytest.mark.parametrize(
    ("question", "own"),
    [
        (
            "重庆2025年GDP增长目标比2024年实际高几个百分点",
            ["重庆2025年GDP增长目标多少", "重庆2024年地区生产总值增速多少"],
        ),
        (
            "2014年进出口目标与2014年国务院报告中的GDP目标一样吗",
            ["国务院2014年进出口目标多少", "国务院2014年GDP目标多少"],
        ),
        (
            "全国2016年城镇新增就业比2015年多多少万人",
            ["全国2016年城镇新增就业多少万人", "全国2015年城镇新增就业多少万人"],
        ),
        (
            "重庆和陕西2024年城镇新增就业人数相差多少",
            ["重庆2024年城镇新增就业人数多少", "陕西2024年城镇新增就业人数多少"],
        ),
    ],
)
def test_a_side_is_a_question_of_its_own(question, own):
    assert [side.text for side in asked(question).queries] == own


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (["安徽2024年GDP增速是多少", "河南呢"], "哪个高", [("安徽", (2024,), None), ("河南", (2024,), None)]),
        (["山东2024年GDP增长多少"], "比江苏高吗", [("山东", (2024,), None), ("江苏", (2024,), None)]),
        (
            ["全国2017年城镇新增就业多少万人", "那2018年呢"],
            "两年相差多少",
            [("全国", (2017,), None), ("全国", (2018,), None)],
        ),
    ],
)
def test_sides_from_the_questions_before(history, question, expected):
    assert told(question, history) == ("gap", expected)


def test_nothing_but_a_growth_is_that_of_the_economy():
    assert understand("江苏今年的目标增速").concepts[0].formal[0] == "地区生产总值"
    assert not understand("增速呢").concepts
    assert understand("增速呢", ["湖南2024年社零多少"]).concepts[0].formal[0] == "社会消费品零售总额"


@pytest.mark.parametrize(("question", "years"), [("上一年呢", (2016,)), ("那下一年呢", (2018,)), ("2015年呢", (2015,))])
def test_a_year_on_from_the_question_before(question, years):
    assert understand(question, ["全国2017年城镇新增就业多少"]).years == years


def loaded(*years):
    country = find("全国")[0].regions[0]
    return [ReportInfo(str(y), Identity(country, y), f"{y}.txt", "", 1, 1) for y in years]


def test_two_years_back_is_told_by_an_earlier_report():
    targets = resolve(understand("2015年国务院报告里前年的GDP是多少"), loaded(2013, 2014, 2015)).targets
    assert [(t.report.identity.year, t.period) for t in targets if t.rank == 0] == [(2014, 2013)]


def amount(text, n=0):
    return read_figures(text)[n]


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (["就业1314万人", "就业1351万人"], "2665万人（1314万人 + 1351万人 = 2665万人）"),
        (["赤字1.83万亿元", "赤字9300亿元"], "2.76万亿元（1.83万亿元 + 9300亿元 = 2.76万亿元）"),
        (["粮食16万吨", "收入438亿元"], None),
        (["失业率5.2%", "失业率5.1%"], None),
    ],
)
def test_sum(texts, shown):
    assert compose.total([amount(text) for text in texts]) == shown


def test_times():
    assert compose.times(amount("收入17175元"), amount("收入5153元")) == "3.33倍（17175元 ÷ 5153元 = 3.33倍）"
    assert compose.times(amount("收入17175元"), amount("产量16万吨")) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("粮食产量880亿斤，增长10%", "据此推算比上年增加约80亿斤（880亿斤 − 880亿斤 ÷ (1 + 10%) = 80亿斤）"),
        ("粮食产量90亿斤，下降10%", "据此推算比上年减少约10亿斤（90亿斤 ÷ (1 − 10%) − 90亿斤 = 10亿斤）"),
    ],
)
def test_change_since_last_year(text, shown):
    assert compose.since_last_year(*read_figures(text)[:2]) == shown


def test_value_before_an_absolute_change():
    figures = read_figures("地区生产总值1676.3亿元，同比净增119.8亿元")
    assert compose.before(*figures[:2]) == "1556.5亿元（1676.3亿元 − 119.8亿元 = 1556.5亿元）"
    assert figures[0].value == Decimal("1676.3")


def sentence(text, heading="一、过去五年工作回顾", stance="review"):
    info = loaded(2018)[0]
    paragraph = Paragraph(1, text, 0, len(text), (heading,), 2017, stance)
    start = text.rfind("。", 0, len(text) - 1) + 1
    hit = Hit(info, paragraph, start, len(text), 1.0, 0.9, 1.0)
    return Sentence(hit, Target(info, 2017, (stance,), 0), start, len(text), 1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("text", "heading", "expected"),
    [
        ("五年来，成绩显著。城镇新增就业6600万人以上。", "一、过去五年工作回顾", True),
        ("刚刚过去的2017年，好于预期。城镇新增就业1351万人。", "一、过去五年工作回顾", False),
        ("城镇新增就业5771万人。", "一、“十一五”时期国民经济和社会发展的回顾", True),
        ("城镇新增就业1361万人。", "一、2018年工作回顾", False),
        ("试点五年建设任务完成。新建煤矿130座。", "二、2025年工作安排", False),
    ],
)
def test_told_over_several_years(text, heading, expected):
    assert over_years(sentence(text, heading)) is expected


def test_a_plan_that_looks_back():
    assert looks_back(sentence("过去一年，成绩很大。居民消费价格涨幅控制在3.3%。", "二、今年", "plan"))
    assert not looks_back(sentence("今年目标是：居民消费价格涨幅4%。", "二、今年", "plan"))
    assert not looks_back(sentence("赤字率从去年的2.1%提高到2.3%。", "二、今年", "plan"))


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("凉山2019年和阿坝2023年，哪个州旅游收入高？", ["530.2亿元 − 438亿元 = 92.2亿元", "高92.2亿元"]),
        ("城镇居民收入增速，凉山2019年快还是阿坝2023年快？", ["8.6%", "5.5%", "快3.1个百分点"]),
        ("凉山建筑业2020年的产值目标比2019年实际完成的高还是低？", ["251亿元", "285亿元", "低34亿元"]),
        ("凉山2019年城乡居民收入差了多少元？", ["33044元 − 13908元 = 19136元"]),
        ("阿坝2023年末存贷比多少", ["540亿元 ÷ 800亿元 = 67.5%"]),
    ],
)
def test_answers_show_both_sides(seed_answerer, question, parts):
    answer = seed_answerer.ask(question)
    assert answer.answered and answer.citations
    assert [part for part in parts if part not in answer.answer] == []


@pytest.mark.parametrize(
    "question",
    ["凉山2019年GDP和成都比哪个高", "阿坝2023年GDP和凉山2023年比谁多", "2015年和2019年凉山的GDP相差多少"],
)
def test_one_side_alone_is_no_comparison(seed_answerer, question):
    answer = seed_answerer.ask(question)
    assert not answer.answered and answer.near
