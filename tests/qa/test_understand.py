"""A question is read for places, years, the part of the report meant, what is wanted, and of which indicator."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import UsageError
from qa.understand import MAX_QUESTION, Query, concepts, simplify, subquestions, understand


def shorts(query: Query) -> list[str]:
    return [region.short for region in query.regions]


def indicators(query: Query) -> set[str]:
    return {name for concept in query.concepts for name in concept.formal}


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("2023年阿坝旅游收入多少", ["阿坝"]), ("阿坝藏族羌族自治州2023年旅游总收入", ["阿坝"]),
        ("阿壩州2023年糧食總產量是多少？", ["阿坝"]), ("四川省凉山州2019年GDP", ["凉山"]),
        ("吉林省2024年GDP", ["吉林"]),
        ("凉山和阿坝2023年的旅游收入差多少", ["凉山", "阿坝"]), ("红原县2023年出栏多少牦牛", ["红原"]),
        ("国务院2018年报告GDP增长目标", ["全国"]), ("全国GDP2017年增长多少", ["全国"]),
        ("河南县里2024年收入", ["河南"]),
        ("What was Liangshan's GDP in 2019?", ["凉山"]), ("How many tourists came to Aba in 2023?", ["阿坝"]),
        ("粮食产量全省排第几", []), ("旅游收入多少", []), ("“阿来书房”是什么", []),
    ],
)  # fmt: skip
def test_places(question, places):
    assert shorts(understand(question)) == places


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("2023年阿坝旅游收入多少", (2023,)), ("阿坝2023旅游收入", (2023,)), ("23年阿坝旅游收入多少", (2023,)),
        ("凉山19年固投涨了多少", (2019,)), ("二〇二三年阿坝旅游收入多少", (2023,)), ("二零一九年凉山GDP", (2019,)),
        ("２０２３年阿坝旅游收入", (2023,)), ("凉山2018年、2019年GDP分别是多少", (2018, 2019)),
        ("What was Liangshan's GDP in 2019?", (2019,)), ("凉山GDP多少", ()), ("凉山有没有1.3万农民工返岗", ()),
        ("投资2000亿元的项目有哪些", ()), ("2019年比2018年多多少", (2019, 2018)),
    ],
)  # fmt: skip
def test_years(question, years):
    assert understand(question).years == years


@pytest.mark.parametrize(
    ("question", "year"),
    [
        ("2018-2022年四川GDP年均增长多少", 2022), ("2018年至2022年四川GDP", 2022), ("2018～2022年间四川GDP", 2022),
        ("十三五期间四川GDP年均增长多少", 2020), ("“十三五”时期四川GDP年均增长多少", 2020),
        ("“十四五”期间四川GDP目标", 2021),
    ],
)  # fmt: skip
def test_several_years_are_looked_up_where_they_are_told_together(question, year):
    """What happened is told after the last year; what is planned, in the report of the first."""
    assert understand(question).years == (year,)


@pytest.mark.parametrize(
    ("question", "report_years", "years", "relative"),
    [
        ("2024年阿坝报告里说的旅游收入", (2024,), (), ()),
        ("按2024年报告，阿坝今年规上工业增加值目标几个点", (2024,), (), (0,)),
        ("去年到阿坝玩的人多了百分之几？2024年报告有写吧", (2024,), (), (1,)),
        ("2024年阿坝政府工作报告里，2023年旅游收入多少", (2024,), (2023,), ()),
        ("阿坝2024年旅游收入目标", (), (2024,), ()),
    ],
)
def test_a_report_named_by_its_year(question, report_years, years, relative):
    query = understand(question)
    assert (query.report_years, query.years, query.relative) == (report_years, years, relative)


@pytest.mark.parametrize(
    ("question", "relative"),
    [
        ("凉山去年GDP是多少", (1,)), ("凉山上年GDP", (1,)), ("凉山前年GDP是多少", (2,)), ("凉山今年的GDP目标", (0,)),
        ("凉山明年的GDP目标", (-1,)), ("Liangshan GDP last year", (1,)),
        ("What is the GDP target of Aba this year?", (0,)),
        ("凉山GDP比上年增长多少", ()), ("凉山2019年GDP比上年增长多少", ()), ("凉山GDP较去年增长多少", ()),
        ("凉山GDP同比去年同期涨了多少", ()), ("凉山去年GDP比前年增长多少", (1,)),
    ],
)  # fmt: skip
def test_relative_years(question, relative):
    assert understand(question).relative == relative


@pytest.mark.parametrize(
    ("question", "stance"),
    [
        ("凉山2020年森林覆盖率目标是多少", "plan"), ("凉山2020外贸打算做多少亿", "plan"),
        ("2024年阿坝要改多少个老旧小区", "plan"),
        ("阿坝2024年培育高企的任务是多少家？", "plan"), ("What is the GDP growth target of Aba for 2024?", "plan"),
        ("凉山今年力争完成多少投资", "plan"), ("凉山去年GDP是多少", "review"),
        ("凉山2019年实际完成多少招商引资", "review"),
        ("凉山2019年固投涨了多少", "review"), ("2023年阿坝旅游收入多少", None), ("阿坝2023年主要粮食产量", None),
        ("我想要知道2023年阿坝旅游收入", None),
    ],
)  # fmt: skip
def test_stance(question, stance):
    assert understand(question).stance == stance


@pytest.mark.parametrize(
    ("question", "result"),
    [
        ("凉山2020年实际完成的GDP是多少", True), ("凉山2020年建筑业总产值最终做到多少", True),
        ("阿坝2023年新增了多少基站", True),
        ("凉山2020年GDP目标是多少", False), ("阿坝2023年旅游收入多少", False), ("凉山2019年实际利用外资多少", False),
    ],
)  # fmt: skip
def test_what_really_came_out(question, result):
    assert understand(question).result is result


@pytest.mark.parametrize(
    ("question", "want"),
    [
        ("2023年阿坝旅游收入多少", "amount"), ("凉山2019年固投涨了多少", "growth"), ("凉山2019年GDP增速", "growth"),
        ("民营经济占GDP的比重是多少", "share"), ("粮食产量全省排第几", "rank"), ("凉山怎么抓脱贫攻坚", "how"),
        ("凉山为什么要禁毒", "how"), ("凉山什么时候开的人代会", "date"), ("阿坝哪一年建成5G", "date"),
        ("阿坝新增了哪些5A级景区", "list"),
        ("凉山和阿坝的旅游收入差多少", "difference"), ("凉山和阿坝谁的旅游收入高", "difference"),
        ("报告是谁作的", "name"),
        ("How many 5G base stations did Aba build in 2023?", "amount"), ("When did the railway open?", "date"),
        ("By what percentage did retail sales grow in 2019?", "growth"), ("阿坝旅游总收入", "fact"),
    ],
)  # fmt: skip
def test_chief_want(question, want):
    assert understand(question).wants[0] == want


@pytest.mark.parametrize(
    ("question", "both"),
    [
        ("凉山2019年旅游收入是多少，增长多少", True), ("凉山旅游收入及增速", True),
        ("凉山2019年建筑业总产值和增速", True),
        ("2023年阿坝旅游收入多少", False), ("凉山2019年固投涨了多少", False),
    ],
)  # fmt: skip
def test_amount_and_growth(question, both):
    assert understand(question).both is both


@pytest.mark.parametrize(
    ("question", "indicator"),
    [
        ("凉山2019年经济总量有多大？", "地区生产总值"), ("凉山GDP多少", "地区生产总值"),
        ("阿坝文旅收入", "旅游总收入"),
        ("凉山19年固投涨了多少", "固定资产投资"), ("阿坝2023年社零增速", "社会消费品零售总额"),
        ("阿坝地方财政收入", "一般公共预算收入"),
        ("凉山城里人的收入", "城镇居民人均可支配收入"), ("凉山农民收入", "农村居民人均可支配收入"),
        ("凉山打了多少粮", "粮食产量"),
        ("阿坝外贸做了多少", "进出口总额"), ("2024年培育高企多少家", "高新技术企业"), ("阿壩州糧食產量", "粮食产量"),
        ("What was Liangshan's GDP in 2019?", "地区生产总值"),
        ("retail sales of consumer goods in Aba", "社会消费品零售总额"),
    ],
)  # fmt: skip
def test_indicators_by_everyday_names(question, indicator):
    assert indicator in indicators(understand(question))


@pytest.mark.parametrize(
    ("question", "english"),
    [
        ("What was Liangshan's GDP in 2019?", True), ("How many 5G base stations did Aba build?", True),
        ("凉山GDP多少", False),
        ("阿坝5G基站", False),
    ],
)  # fmt: skip
def test_english(question, english):
    assert understand(question).english is english


@pytest.mark.parametrize(
    ("question", "word"),
    [("“阿来书房”是什么", "阿来书房"), ("阿坝“田长”有多少名", "田长"), ("凉山口罩采购了多少", "口罩")],
)
def test_words_asked_about_stay(question, word):
    assert word in understand(question).focus


def test_places_and_years_in_pairs():
    assert understand("凉山2019年和阿坝2023年的旅游收入谁高").paired
    assert not understand("凉山和阿坝2023年的旅游收入谁高").paired


FOLLOW_UPS = [
    (["2023年阿坝旅游收入多少"], "那凉山呢？", ["凉山"], (2023,), (), None, "旅游总收入"),
    (["2023年阿坝旅游收入多少"], "那2022年呢？", ["阿坝"], (2022,), (), None, "旅游总收入"),
    (["2023年阿坝旅游收入多少"], "增长了多少？", ["阿坝"], (2023,), (), "review", "旅游总收入"),
    (["2023年阿坝旅游收入多少", "那凉山呢？"], "增长了多少？", ["凉山"], (2023,), (), "review", "旅游总收入"),
    (["2023年阿坝旅游收入多少"], "今年的目标呢？", ["阿坝"], (), (0,), "plan", "旅游总收入"),
    (["凉山去年旅游收入"], "今年的目标呢？", ["凉山"], (), (0,), "plan", "旅游总收入"),
    (["2019年凉山城镇居民收入多少"], "农村呢？", ["凉山"], (2019,), (), None, "农村居民人均可支配收入"),
    (["阿坝2023年GDP多少"], "旅游收入呢", ["阿坝"], (2023,), (), None, "旅游总收入"),
    (["What was Aba's GDP in 2023?"], "What about tourism revenue?", ["阿坝"], (2023,), (), None, "旅游总收入"),
]


@pytest.mark.parametrize(("history", "question", "places", "years", "relative", "stance", "indicator"), FOLLOW_UPS)
def test_follow_up(history, question, places, years, relative, stance, indicator):
    query = understand(question, history)
    assert (shorts(query), query.years, query.relative) == (places, years, relative)
    assert stance is None or query.stance == stance
    assert indicator in indicators(query)


@pytest.mark.parametrize(
    ("question", "text"),
    [("农村呢？", "2019年凉山农村新增就业多少"), ("那农村劳动力转移就业呢？", "那农村劳动力转移就业呢?")],
)
def test_the_counterpart_of_what_was_asked_before_or_a_thing_of_its_own(question, text):
    assert understand(question, ["2019年凉山城镇新增就业多少"]).text == text


def test_growth_is_wanted_of_what_was_asked_before():
    assert understand("增长了多少？", ["2023年阿坝旅游收入多少"]).wants[0] == "growth"


def test_a_whole_question_leans_on_nothing():
    query = understand("凉山2019年GDP多少", ["2023年阿坝旅游收入增长多少"])
    assert (shorts(query), query.years, query.wants[0]) == (["凉山"], (2019,), "amount")
    assert "旅游总收入" not in indicators(query)


@pytest.mark.parametrize("history", [[""], ["  ", "\n"], ["a" * (MAX_QUESTION + 5)]])
def test_empty_or_overlong_history_does_no_harm(history):
    assert shorts(understand("2023年阿坝旅游收入多少", history)) == ["阿坝"]


@pytest.mark.parametrize("question", ["", "   ", "\n\t\u3000", "问" * (MAX_QUESTION + 1)])
def test_what_cannot_be_read_is_refused(question):
    with pytest.raises(UsageError) as caught:
        understand(question)
    assert "\n" not in str(caught.value)


def test_longest_question_is_read():
    assert understand("问" * MAX_QUESTION).text


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        ("阿壩州糧食總產量", "阿坝州粮食总产量"),
        ("２０２３年　ＧＤＰ", "2023年 GDP"),
        ("a\u200bb\r\nc", "a b c"),
        ("\ud800旅游", "?旅游"),
    ],
)
def test_simplify(text, simple):
    assert simplify(text) == simple


@pytest.mark.parametrize(
    ("question", "n"),
    [
        ("阿坝2023年收了多少斤粮，2024年要保到多少？", 2), ("凉山2019年GDP多少？旅游收入多少？", 2),
        ("2023年阿坝旅游收入多少", 1),
        ("按凉山2020年的报告，今年高新技术主营收入想做到多少", 1),
    ],
)  # fmt: skip
def test_subquestions(question, n):
    parts = subquestions(question)
    assert len(parts) == n
    assert "".join(parts) == simplify(question)


def test_every_indicator_has_a_formal_name_and_no_name_twice_in_a_row():
    assert len(concepts()) > 50
    for concept in concepts():
        assert concept.formal
        for names in (concept.formal, concept.names, concept.english):
            assert len(set(names)) == len(names), concept


_WORDS = st.lists(
    st.sampled_from(
        "凉山 阿坝 2023年 去年 今年 十四五 2018-2022年 旅游收入 GDP 多少 增长 目标 占 比重 ？ ， “ ” 那 "
        "呢 和 与 差 23年 二〇二三年 报告 What was the in Liangshan of 2024 县 州 ( [ \\ * + 第几".split(" ")
    ),
    max_size=20,
).map("".join)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=80), _WORDS), st.lists(st.one_of(st.text(max_size=40), _WORDS), max_size=3))
def test_any_question_is_read_or_refused(question, history):
    try:
        query = understand(question, history)
    except UsageError:
        assert not question.strip() or len(question) > MAX_QUESTION
        return
    assert query.wants
    assert all(1900 < year < 2100 for year in (*query.years, *query.report_years))
    assert subquestions(question)


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("阿坝州常年管护的湿地面积有多大", "湿地"),
        ("凉山社会保险参保率多少", "社会"),
        ("凉山有色金属产量多少", "有色金属"),
    ],
)
def test_words_that_hold_a_weak_word_stay(question, word):
    query = understand(question)
    assert word in query.focus or any(word in name for name in indicators(query))


def test_a_name_within_a_name_is_no_place():
    assert shorts(understand("西昌青山机场有多少条航线")) == ["西昌"]


def test_a_follow_up_of_verbs_alone_goes_on_with_the_same_thing():
    query = understand("那2017年还要再压减多少？", ["2016年全国退出了多少钢铁产能？"])
    assert "钢铁产能" in query.focus
    assert query.years == (2017,)


def test_what_was_not_reached_was_looked_back_on():
    query = understand("“十一五”规划有哪些指标没完成？")
    assert (query.stance, query.years) == (None, (2010,))


def test_an_english_name_is_found_with_and_without_its_hyphen():
    assert (
        understand("How many new-energy vehicles in 2024?").concepts == understand("new energy vehicles").concepts != ()
    )


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("“山西精品”今年要增加到多少个？", ["山西"]),
        ("哪个地方拿下“中国藏绵羊之都”的称号？", []),
        ("2014年除了扩展上海，还新设了哪几个自贸区？", []),
        ("上海2014年新设了哪几个自贸区？", ["上海"]),
    ],
)
def test_places_in_names_and_places_left_out(question, places):
    assert shorts(understand(question)) == places


@pytest.mark.parametrize(
    ("question", "years"),
    [("“十一五”前四年二氧化硫排放量累计下降多少", (2009,)), ("“十一五”二氧化硫排放量累计下降多少", (2010,))],
)
def test_the_first_years_of_a_plan(question, years):
    assert understand(question).years == years


def test_what_is_not_asked_about_is_not_looked_for():
    assert "产量" not in understand("红旗车2024年销量涨了多少？要销量，不要产量").text
    assert "高新技术" not in understand("重庆现在科技型企业有多少家？注意不是高新技术企业").text


def test_up_to_how_much_is_no_growth():
    assert understand("阿坝5A级景区今年要增加到多少个").wants[0] == "amount"


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("2009年国家要加快哪几个连接港澳的大工程？", ["全国"]),
        ("哪条高铁连接四川和重庆", ["四川", "重庆"]),
        ("咱们国家60岁往上的老人有多少了", ["全国"]),
        ("按照国家2009年的安排，道路硬化到什么时候实现", ["全国"]),
        ("国家给凉山的补助有多少", ["凉山"]),
        ("国家级专精特新企业有多少家", []),
        ("2026年国家先进制造业集群有几个", []),
        ("2025年西安咸阳机场旅客吞吐量多少", ["西安"]),
        ("浙江宁波舟山港2025年集装箱吞吐量", ["宁波"]),
        ("西昌青山机场飞多少条航线", ["西昌"]),
        ("四川重庆2025年GDP", ["四川", "重庆"]),
        ("四川对全国增长的贡献有多大", ["四川"]),
    ],
)
def test_the_state_that_acts_and_places_that_name_a_thing(question, places):
    assert [region.short for region in understand(question).regions] == places


@pytest.mark.parametrize(
    ("before", "question", "indicator", "wants", "instead"),
    [
        ("浙江2025年有多少经营主体？", "其中企业呢？", "", "amount", "企业"),
        ("浙江2025年有多少经营主体？", "其中个体户有多少？", "", "amount", "个体户"),
        ("广西2026年计划完成多少造林任务？", "其中治沙这块要做多少？", "", "amount", "治沙"),
        ("河北2024年出口增长了多少？", "其中“新三样”涨了多少？", "", "growth", "新三样"),
        ("四川2025年接待游客多少人次？", "其中入境的呢？", "入境游客", "amount", ""),
        ("浙江2025年固定资产投资增长多少？", "其中民间的呢？", "民间投资", "growth", ""),
        ("浙江2025年固定资产投资增长多少？", "在全国排第几？", "固定资产投资", "rank", ""),
        ("甘肃2025年GDP增速是多少？", "排第几？", "地区生产总值", "rank", ""),
        ("黑龙江2025年粮食总产量多少？", "连续多少年全国第一？", "粮食产量", "date", ""),
        ("四川2025年GDP增长多少？", "今年打算呢？", "地区生产总值", "growth", ""),
    ],
)
def test_a_part_a_kind_or_a_rank_of_what_was_asked_before(before, question, indicator, wants, instead):
    query = understand(question, [before])
    assert [concept.formal[0] for concept in query.concepts] == [indicator] * bool(indicator)
    assert (query.wants[0], query.instead) == (wants, instead)


def test_all_there_is_of_it():
    query = understand("累计呢？", ["上海2025年建成高标准农田多少亩？"])
    assert "累计" in query.text and query.wants[0] == "amount"


def test_what_the_state_did_is_asked_of_the_report_before():
    query = understand("国家给了多少钱？", ["凉山2019年财政收入多少？"])
    assert [region.short for region in query.regions] == ["凉山"]


def test_a_rank_is_no_amount_beside_a_growth():
    assert not understand("2024年安徽规上工业涨了几个点，在工业大省里排第几").both


@pytest.mark.parametrize(
    ("question", "wants", "parts"),
    [
        ("2008年报告回顾的过去几年里，全国淘汰炼钢产能多少万吨", ("amount",), 1),
        ("这几年吉林修了多少公里高铁", ("amount",), 1),
        ("吉林未来几年要修多少公里高铁，投多少钱", ("amount",), 2),
        ("吉林提前几年完成了目标", ("date", "amount"), 1),
        ("吉林2026年省级一般性支出压减比例", ("growth",), 1),
        ("四川2024年公用经费下降比例是多少", ("growth", "amount"), 1),
        ("四川2024年服务业占比提高幅度", ("share", "growth"), 1),
        ("四川2024年医保报销比例是多少", ("share", "amount"), 1),
        ("四川2026年城镇就业力争新增多少", ("amount",), 1),
    ],
)
def test_spans_of_time_and_rates_of_change(question, wants, parts):
    assert understand(question).wants == wants
    assert len(subquestions(question)) == parts


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("那2026年力争新增多少？", "2026年四川新增装机多少万千瓦？"),
        ("那2026年增长多少？", "那2026年增长多少?"),
        ("那2026年新建多少个公园？", "那2026年新建多少个公园?"),
    ],
)
def test_the_same_of_another_year_is_asked_in_the_words_before(question, text):
    query = understand(question, ["2025年四川新增装机多少万千瓦？"])
    assert query.text.rstrip("？?") == text.rstrip("？?")
    assert query.years == (2026,)


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("江苏 2024 煤炭 消费量", ("amount",)),
        ("江西铜产业营收", ("amount",)),
        ("安徽 2024 工业机器人 产量 台", ("amount",)),
        ("2024年山东高铁里程？", ("amount",)),
        ("江苏 2024 粮食产量 增速", ("growth",)),  # what is measured does not stand last
        ("海南 自贸港 进展", ("fact",)),
    ],
)
def test_keywords_that_end_with_a_measure_ask_how_much(question, wants):
    assert understand(question).wants == wants
