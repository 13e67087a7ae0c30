"""Questions that set places, years or things side by side, and what is worked out from the figures told."""

from decimal import Decimal

import pytest

from qa import compose
from qa.answer import Answerer
from qa.candidates import Sentence
from qa.config import Config
from qa.figures import read_figures
from qa.library import Library
from qa.model import Hit, Identity, Paragraph, ReportInfo
from qa.reading.runs import told_of_years
from qa.regions import find
from qa.scope import Target, resolve
from qa.sides import attempts, of_one_place, part_within, sides
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
        ("重庆和江西谁连续保持Ⅱ类水质的年头更长？各是几年？", "gap", [("重庆", (), None), ("江西", (), None)]),
        (
            "2025年湖南和陕西给PM2.5浓度定的数，哪边更严？分别是多少",
            "gap",
            [("湖南", (2025,), "plan"), ("陕西", (2025,), "plan")],
        ),
        ("2019年安排的中央预算内投资比2015年多多少？", "gap", [("", (2019,), "plan"), ("", (2015,), "plan")]),
        ("2019年专项债券安排规模是2017年的几倍", "times", [("", (2019,), "plan"), ("", (2017,), "plan")]),
        ("2017年中央和地方财政赤字合计多少", "sum", [("", (2017,), None)] * 2),
        ("2010年居民医保财政补助标准提高前是多少", "before", [("", (2010,), None)]),
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
        (
            "北京给老楼加电梯，2025年的计划数比2024年实际完成的多还是少？各多少部",
            ["北京2025年给老楼加电梯计划多少部", "北京2024年老楼加电梯完成多少部"],
        ),
        ("福建和海南2024年PM2.5哪个更低，各是多少", ["福建2024年PM2.5多少", "海南2024年PM2.5多少"]),
        (
            "江苏和重庆长江干流连续保持Ⅱ类，哪个年数多，各几年",
            ["江苏长江干流连续保持II类年数几年", "重庆长江干流连续保持II类年数几年"],
        ),
        ("2019年财政赤字里中央和地方合计多少", ["2019年中央财政赤字多少", "2019年地方财政赤字多少"]),
        (
            "陕西2024年新建和改造提升的高标准农田加起来多少万亩",
            ["陕西2024年新建的高标准农田多少万亩", "陕西2024年改造提升的高标准农田多少万亩"],
        ),
    ],
)
def test_a_side_is_a_question_of_its_own(question, own):
    assert [side.text for side in asked(question).queries] == own


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("2014年小微企业贷款增速比各项贷款平均增速高几个百分点", ("小微企业贷款", "各项贷款")),
        ("湖南2024年园区税收增速比全省高几个百分点", ("园区税收", "全省")),
        ("海南2024年农民收入涨得比城里人快几个百分点", ("农民收入", "城里人")),
        ("2024年粮食产量，河北和湖南比哪个多？", None),
    ],
)
def test_what_a_figure_may_be_told_against(question, expected):
    assert asked(question).against == expected


@pytest.mark.parametrize(
    ("question", "whole"),
    [("广西补充的中小学教师里乡村教师占多大比例", "补充的中小学教师"), ("山西2024年优良水体比例多少", None)],
)
def test_the_whole_that_a_part_is_of(question, whole):
    found = part_within(understand(question))
    assert (found and found.against[1]) == whole


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


def province(name, year):
    return ReportInfo(name, Identity(find(name)[0].regions[0], year), f"{name}.txt", "", 1, 1)


@pytest.mark.parametrize(
    ("question", "reports", "place"),
    [
        ("2018年城镇新增就业比2017年多多少", [*loaded(2018, 2019), province("凉山州", 2019)], "全国"),
        ("2018年城镇新增就业比2017年多多少", [province("凉山州", 2018), province("凉山州", 2019)], "凉山"),
        ("2018年城镇新增就业比2017年多多少", [*loaded(2019), province("凉山州", 2020)], None),
        ("2024年城镇新增就业比2023年多多少", [province(p, y) for p in ("湖南", "山东") for y in (2024, 2025)], None),
    ],
)
def test_sides_without_a_place_are_of_one_place(question, reports, place):
    found = of_one_place(asked(question), reports)
    assert (found and {q.places[0] for q in found.queries}) == (place and {find(place)[0].regions[0].short})


@pytest.mark.parametrize(
    ("question", "reports", "expected"),
    [
        ("全国2018年赤字率比2016年高多少", loaded(2016, 2017, 2018, 2019), [[None, None], ["plan", "plan"]]),
        ("湖南2025年GDP目标比2024年高多少", [province("湖南", 2025)], [["plan", "review"]]),
        ("全国2015年GDP目标比2014年低多少", loaded(2014, 2015), [["plan", "plan"]]),
        ("湖南2025年就业目标比2024年实际多多少", [province("湖南", 2025)], [["plan", "review"]]),
    ],
)
def test_all_results_or_all_aims(question, reports, expected):
    assert [[q.stance for q in way.queries] for way in attempts(asked(question), reports)] == expected


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
    (run,) = told_of_years([((heading,), stance, text)])
    paragraph = Paragraph(1, text, 0, len(text), (heading,), 2017, stance, run=run)
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


RUN_REPORT = """政府工作报告
——2026年1月20日在康定市第五届人民代表大会第一次会议上
康定市人民政府市长 扎西
各位代表：
一、“十四五”时期和2025年工作回顾
“十四五”时期是康定发展进程中极不平凡的五年。
——综合实力跃上新台阶。地区生产总值年均增长6.2%，高于“十三五”时期1.1个百分点。一般公共预算收入从7.2亿元提高到9.6亿元。
——基础设施全面提升。公路、水利、电网投资分别比“十三五”时期增长19%、120%、41%。
刚刚过去的2025年，我们较好完成了各项任务。
——民生福祉持续改善。改造老旧管网79公里，优良天数达到360天、增加4天，农村居民人均可支配收入增长6.7%，增速比城镇居民高1.3个百分点。
——支出保障有力。民生支出21亿元，增长7.5%。
二、2026年重点工作
今年要办好民生实事，改造老旧管网35公里。民生支出安排23亿元，增长9%。
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sides")
    path = folder / "report.txt"
    path.write_text(RUN_REPORT, "utf-8")
    library = Library.open(Config(folder / "home"))
    assert [result.outcome for result in library.add([path])] == ["added"]
    return Answerer(library)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("康定2026年要改造的老旧管网，比2025年改掉的长还是短？各有多少公里", ["35公里", "79公里", "短44公里"]),
        ("民生支出的增速，康定2025年和2026年安排的相比哪个高？分别是多少", ["7.5%", "9%", "低1.5个百分点"]),
        ("康定“十四五”时期水利投资比“十三五”时期增长多少", ["比“十三五”时期增长120%"]),
        ("康定“十四五”时期电网投资比“十三五”时期多了多少", ["比“十三五”时期增长41%"]),
        ("康定2025年一般公共预算收入比2020年增加了多少亿元", ["9.6亿元 − 7.2亿元 = 2.4亿元"]),
        ("由2026年康定政府工作报告推算，“十三五”时期康定地区生产总值年均增长多少", ["6.2% − 1.1个百分点 = 5.1%"]),
        ("康定2025年城镇居民收入增速约是多少？报告只给了农村的", ["6.7% − 1.3个百分点 = 5.4%"]),
        ("康定2024年优良天数是多少天？用2025年的数减增加的", ["360天 − 4天 = 356天"]),
    ],
)
def test_what_follows_from_one_report(answerer, question, parts):
    answer = answerer.ask(question)
    assert [part for part in parts if part not in answer.answer] == [], answer.answer


@pytest.mark.parametrize(
    "question",
    [
        "“十三五”时期康定水利投资多少亿元",
        "康定2024年城镇居民收入增速约是多少？报告只给了农村的",
        "经济普查修订前，康定2025年民生支出多少亿元",
        "康定“十四五”时期水利投资比“十三五”时期增加多少亿元",
    ],
)
def test_what_does_not_follow(answerer, question):
    answer = answerer.ask(question)
    assert not answer.answered, answer.answer
