"""Everyday words, indicators within longer names, places within words, aims and results; figures with odd marks."""

from decimal import Decimal

import pytest

from qa import regions
from qa.figures import read_figures
from qa.match import left_out
from qa.model import Identity, ReportInfo
from qa.scope import resolve
from qa.understand import Query, understand


def shorts(query: Query) -> list[str]:
    return [region.short for region in query.regions]


def first_names(query: Query) -> list[str]:
    return [concept.formal[0] for concept in query.concepts]


# ---- words that people use and reports do not print


@pytest.mark.parametrize(
    ("question", "printed"),
    [
        ("2020年全国COD少排了多少", "化学需氧量"),
        ("四川2023年SO2降了多少", "二氧化硫"),
        ("企业退休金2014年全国涨多少", "基本养老金"),
        ("2012年全国贫困线是多少", "扶贫标准"),
        ("乡下修了多少公里路", "农村"),
        ("全国卖房多少平米", "平方米"),
    ],
)
def test_a_question_is_read_in_the_words_of_the_reports(question, printed):
    assert printed in understand(question).text


def test_what_the_question_says_in_full_is_left_alone():
    assert understand("个人所得税（个税）怎么改").text.count("个人所得税") == 1


# ---- indicators


@pytest.mark.parametrize(
    ("question", "indicators"),
    [
        ("山西2025年数字经济要涨多少", ["数字经济"]),
        ("海南海洋经济2024年增长多少", ["海洋经济"]),
        ("海南经济2024年涨了多少", ["地区生产总值"]),
        ("四川2024年进口增长多少", ["外贸进口"]),
        ("四川2024年进出口增长多少", ["货物贸易进出口总额"]),
        ("四川新增贷款多少", ["新增人民币贷款"]),
        ("四川贷款余额多少", ["贷款余额"]),
        ("打粮食多少斤，四川", ["粮食产量"]),
        ("我国网购2017年涨多少", ["网上零售额"]),
    ],
)
def test_the_longest_name_is_meant_and_of_equal_ones_the_first(question, indicators):
    assert first_names(understand(question)) == indicators


@pytest.mark.parametrize(
    "question",
    [
        "四川外贸企业新增多少家",
        "四川2024年贸易顺差多少",
        "新开外贸航线几条",
        "外资公司新办多少家",
        "劳务派遣怎么管",
        "脱贫县有几个",
    ],
)
def test_a_name_that_only_says_of_what_kind_is_no_indicator(question):
    query = understand(question)
    assert query.concepts == ()
    assert query.focus


# ---- places


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("2013年全国重大安全事故下降多少", ["全国"]),
        ("人大代表建议和政协提案，安徽2024年办了多少件", ["安徽"]),
        ("老外来安徽新开的公司2024年有几家", ["安徽"]),
        ("天津2025年怎么用大数据来管城市", ["天津"]),
        ("沿海港口和内河，山东2024年运了多少吨", ["山东"]),
        ("平陆运河投了多少钱，广西2024年", ["广西"]),
        ("西昌青山机场有多少条航线", ["西昌"]),
        ("会理2019年旅游收入", ["会理"]),
        ("在会理，2019年旅游收入多少", ["会理"]),
    ],
)
def test_a_slice_of_a_word_or_the_name_of_a_thing_elsewhere_is_no_place(question, places):
    assert shorts(understand(question)) == places


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("北京天津河北转到辽西的项目有多少（辽宁报告）", ["辽宁"]),
        ("从陕西往安徽送电的工程叫什么", ["安徽"]),
        ("北京人的菜篮子里河北货占多少", ["河北"]),
        ("合肥2024年GDP多少，安徽2025年报告提了没", ["合肥", "安徽"]),
        ("凉山和阿坝的报告谁的GDP高", ["凉山", "阿坝"]),
        ("凉山2019年和阿坝2023年旅游收入谁多", ["凉山", "阿坝"]),
        ("河南人2024年收入涨了多少", ["河南"]),
    ],
)
def test_whose_report_is_meant(question, places):
    assert shorts(understand(question)) == places


# ---- aims and results


def reports(*years: int) -> list[ReportInfo]:
    place = regions.find("国务院")[0].regions[0]
    return [ReportInfo(f"{y}", Identity(place, y), f"{y}.txt", "2024-01-01", 10, 20) for y in years]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("2014年全国保障房要开工多少套", ["2014"]),
        ("国务院2014年承诺再砍多少项审批", ["2014"]),
        ("2013年国务院想把M2控制在多少", ["2013"]),
        ("到2014年年底全国得有多少套保障房", ["2014"]),
        ("2013年底全国高铁一共有多少公里", ["2014"]),
        ("跟我国在2013年签了自贸协定的是谁", ["2014", "2013"]),
        ("2014年全国新增就业多少人", ["2015", "2014"]),
        ("2024年安徽政策和承诺，兑现了多少", []),
    ],
)
def test_an_aim_is_not_looked_up_in_the_next_report_nor_a_result_in_the_plan(question, expected):
    scope = resolve(understand(question), reports(2013, 2014, 2015))
    assert [t.report.id for t in scope.targets if not t.literal] == expected


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("与2008年相比，2009年全国就业资金增幅是多少", (2009,)),
        ("2010年我国顺差比2009年缩水了几成", (2010,)),
        ("跟2010年相比，2011年全国对外投资增长了百分之几", (2011,)),
        ("凉山2019年GDP比2017年增长多少", (2019, 2017)),
        ("2019年和2018年GDP增速哪年快", (2019, 2018)),
        ("2024年的目标比2023年增速高还是低", (2024, 2023)),
    ],
)
def test_the_year_a_growth_is_measured_against_is_not_asked_about(question, years):
    assert understand(question).years == years


@pytest.mark.parametrize(
    ("question", "wants", "both"),
    [
        ("河北技术交易规模有多大，高新产业又长了多少", "growth", True),
        ("农民工总共多少人 同比涨多少", "growth", True),
        ("土地承包再延长多少年", "date", False),
        ("能多出多少个座位", "amount", False),
    ],
)
def test_growth_in_plain_words(question, wants, both):
    query = understand(question)
    assert (query.wants[0], query.both) == (wants, both)


# ---- figures


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("新增保障性租赁住房12.4万套（间）。", [("新增保障性租赁住房", "12.4万套（间）")]),
        ("补贴280余万件（辆）、惠及消费者150余万人", [("补贴", "280余万件（辆）"), ("惠及消费者", "150余万人")]),
        ("日均新设企业由5千多户增加到1万6千多户", [("日均新设企业", "1万6千多户")]),
        (
            "早籼稻、粳稻每斤分别提高3分和1毛钱",
            [("早籼稻每斤", "3分"), ("粳稻每斤", "1毛钱")],
        ),
        (
            "小麦、稻谷最低收购价平均每50公斤分别提高7.4元和16元",
            [("小麦最低收购价平均每50公斤", "7.4元"), ("稻谷最低收购价平均每50公斤", "16元")],
        ),
        ("60岁以上人口已达2.5亿", [("60岁以上人口", "2.5亿")]),
        ("财政投入从2006年的18亿元增加到 2010年的306亿元", [("财政投入", "306亿元")]),
        ("健儿勇夺8金9银6铜，在青少年比赛中获得4金2银", [("健儿勇夺", "8金9银6铜"), ("在青少年比赛中获得", "4金2银")]),
        ("规划总规模、装机总量居全国第1、第2位", [("规划总规模", "居全国第1"), ("装机总量", "第2位")]),
    ],
)
def test_figures_with_brackets_pairs_and_what_they_are_counted_by(text, expected):
    assert [(f.subject, f.text) for f in read_figures(text)] == expected


def test_divisions_in_brackets_are_counted_with_the_rest():
    assert read_figures("2343个县（市、区）开展试点")[0].phrase == "2343个县（市、区）开展试点"
    assert read_figures("扩大到60%的县（市、区）。")[0].phrase == "扩大到60%的县（市、区）"


def test_a_rise_is_told_in_the_word_of_the_report():
    assert read_figures("起征点从2000元提高到3500元。")[0].phrase == "起征点从2000元提高到3500元"
    assert read_figures("起征点由2000元提高到3500元。")[0].phrase == "起征点由2000元提高到3500元"


def test_a_number_with_more_than_its_thousands_keeps_its_value():
    figure = read_figures("日均新设企业1万6千多户")[0]
    assert (figure.spelt, figure.unit, figure.qualifier) == (Decimal("1.6"), "万户", "多")


@pytest.mark.parametrize(
    ("typed", "meant"), [("GPD", "地区生产总值"), ("gdp", "地区生产总值"), ("CIP", "居民消费价格")]
)
def test_an_acronym_typed_out_of_order(typed, meant):
    assert meant in [name for concept in understand(f"阿坝2024年{typed}涨了多少").concepts for name in concept.formal]


def test_other_letters_are_left_alone():
    assert "PDA" in understand("阿坝2024年PDA配了多少台").text


@pytest.mark.parametrize(
    ("question", "indicators"),
    [
        ("2008年收粮食的保底价提高了几成", []),
        ("2008年粮食最低收购价提高了几成", []),
        ("2025年全国粮食播种面积多少", []),
        ("2025年全国粮食总产量多少", ["粮食产量"]),
        ("2008年城镇居民医保的参保人数有多少", ["医保"]),
        ("2012年农村居民基本养老保险参保多少人", []),
        ("2012年城镇居民增长多少、农村居民增长多少", ["城镇居民人均可支配收入", "农村居民人均可支配收入"]),
    ],
)
def test_a_name_before_another_measure_is_not_its_indicator(question, indicators):
    assert first_names(understand(question)) == indicators


def test_the_climate_that_changes_asks_for_no_growth():
    assert understand("2008年我国关于应对气候变化的白皮书叫什么").wants[0] == "name"
    assert understand("四川2024年外贸有什么变化").wants[0] == "growth"


@pytest.mark.parametrize(
    ("question", "sentence", "left"),
    [
        ("居民医保参保多少人", "城镇职工基本养老保险、基本医疗保险参保人数分别增加1753万和2028万。", True),
        ("职工医保参保多少人", "城镇职工基本养老保险、基本医疗保险参保人数分别增加1753万和2028万。", False),
        ("居民医保参保多少人", "城镇居民基本医疗保险试点城市达到317个，参保人数总计1.17亿。", False),
    ],
)
def test_the_insurance_of_other_people_is_left_out(question, sentence, left):
    assert left_out(sentence.split("，")[-1], question, sentence) == left
