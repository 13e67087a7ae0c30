"""Steps and exact values, what was added and what there is in all, and questions with parts of unlike kinds."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from qa import compose
from qa.against import spoken_against
from qa.answer import Answerer
from qa.candidates import Fit, Reading, Sentence
from qa.figures import is_all_of, read_figures
from qa.kinds import kind_fit, no_rate, worked_out
from qa.listed import of_another_item
from qa.match import focus_of
from qa.model import Hit, Identity, Paragraph, Region, ReportInfo
from qa.scope import Target
from qa.sides import sides
from qa.slots import leaning, parts_of, said_of, together, with_its_rate
from qa.spans import of_other_years, of_the_run
from qa.understand import Query, understand

TOLD = [  # sentence, (subject, value as printed, kind) of its figures
    ("财政收入突破4000亿元、达到4211亿元，增势良好。", [("财政收入", "4211亿元", "amount")]),
    ("地区生产总值迈上6万亿元台阶，达到62661亿元。", [("地区生产总值", "62661亿元", "amount")]),
    ("公路总里程突破8000公里、达8184公里。", [("公路总里程", "8184公里", "amount")]),
    ("公路总里程达到8184公里，突破8000公里大关。", [("公路总里程", "8184公里", "amount")]),
    ("经济总量跨上4万亿元台阶。", [("经济总量", "4万亿元", "amount")]),
    (
        "进出口总额接连突破8万亿元、9万亿元。",
        [("进出口总额接连", "突破8万亿元", "amount"), ("进出口总额接连", "9万亿元", "amount")],
    ),
    ("贯通应用超过200个、年底超过260个。", [("贯通应用", "超过200个", "amount"), ("贯通应用", "超过260个", "amount")]),
    (
        "地区生产总值突破1万亿元、增长5%。",
        [("地区生产总值", "突破1万亿元", "amount"), ("地区生产总值", "5%", "change")],
    ),
    ("进出口总值翻番达到2206亿元。", [("进出口总值", "2206亿元", "amount")]),
    (
        "公路里程新增3000公里、突破1.1万公里、居全国第3位。",
        [
            ("公路里程新增", "3000公里", "amount"),
            ("公路里程", "突破1.1万公里", "amount"),
            ("公路里程", "居全国第3位", "rank"),
        ],
    ),
    ("对外通道新增16条、达到54条。", [("对外通道新增", "16条", "amount"), ("对外通道", "54条", "amount")]),
    (
        "“小巨人”企业新增711家、累计达2215家。",
        [("“小巨人”企业新增", "711家", "amount"), ("“小巨人”企业", "2215家", "amount")],
    ),
    ("新增上市公司45家、总量达1224家。", [("新增上市公司", "45家", "amount"), ("上市公司总量", "1224家", "amount")]),
    (
        "营业收入、利润分别达到90亿元、超过100亿元。",
        [("营业收入", "90亿元", "amount"), ("利润", "超过100亿元", "amount")],
    ),
    ("办件平均减时间83%、减材料54%。", [("办件时间", "83%", "change"), ("办件材料", "54%", "change")]),
    ("压减一般性支出10%以上。", [("一般性支出", "10%以上", "change")]),
    ("减税降费500亿元。", [("减税降费", "500亿元", "amount")]),
    ("专利拥有量达到9.3件、增长2倍多。", [("专利拥有量", "9.3件", "amount"), ("专利拥有量", "2倍多", "change")]),
    (
        "继续提高企业退休人员基本养老金，人均每年增长10%左右。",
        [("企业退休人员基本养老金人均每年", "10%左右", "change")],
    ),
    (
        "企业退休人员基本养老金连续5年增加，去年又人均提高10%。",
        [("企业退休人员基本养老金连续", "5年", "amount"), ("企业退休人员基本养老金人均", "10%", "change")],
    ),
    (
        "一二三产增加值分别增长3.5%、6%、5%。",
        [(f"第{n}产业增加值", f"{rate}%", "change") for n, rate in (("一", "3.5"), ("二", "6"), ("三", "5"))],
    ),
    ("第一、第三产业增加值增长3%、5%。", [("第一产业增加值", "3%", "change"), ("第三产业增加值", "5%", "change")]),
    ("接待游客、实现旅游总花费增长8%、9%。", [("接待游客", "8%", "change"), ("实现旅游总花费", "9%", "change")]),
    (
        "能耗下降3.27%，化学需氧量、二氧化硫排放总量首次出现双下降，比上年分别下降3.14%和4.66%。",
        [("能耗", "3.27%", "change"), ("化学需氧量", "3.14%", "change"), ("二氧化硫排放总量", "4.66%", "change")],
    ),
    (
        "刑事、治安案件持续下降，分别下降6.6%、3.6%。",
        [("刑事案件", "6.6%", "change"), ("治安案件", "3.6%", "change")],
    ),
    (  # no list of two in the clause before: that of the figures before goes on
        "城镇、农村居民收入分别达到5万元、2万元，生活持续改善，分别增长4%、6%。",
        [
            ("城镇居民收入", "5万元", "amount"),
            ("农村居民收入", "2万元", "amount"),
            ("城镇居民收入", "4%", "change"),
            ("农村居民收入", "6%", "change"),
        ],
    ),
    (
        "城镇居民、农村居民人均可支配收入分别增长4.5%、5.7%。",
        [("城镇居民人均可支配收入", "4.5%", "change"), ("农村居民人均可支配收入", "5.7%", "change")],
    ),
    ("产值占比达到55.7%、5年提升10.6个百分点。", [("产值", "55.7%", "share"), ("产值", "10.6个百分点", "change")]),
    ("营业总收入、利润总额五年分别增长97%、28%。", [("营业总收入", "97%", "change"), ("利润总额", "28%", "change")]),
    ("城乡低保标准连续5年提高。", [("城乡低保标准连续", "5年", "amount")]),
    (
        "社会保障支出1.95万亿元，比前五年增长1.41倍。",
        [("社会保障支出", "1.95万亿元", "amount"), ("社会保障支出", "1.41倍", "change")],
    ),
    ("玉米全产业链产值保持两位数增长。", [("玉米全产业链产值", "两位数增长", "change")]),
    (
        "制造业投资增长13.3%、连续48个月保持两位数增长。",
        [
            ("制造业投资", "13.3%", "change"),
            ("连续", "48个月", "amount"),
            ("制造业投资", "两位数增长", "change"),
        ],
    ),
    ("产值达到两位数。", []),
    ("有机质增长6.1%、达到27克/千克。", [("有机质", "6.1%", "change"), ("有机质", "27克/千克", "amount")]),
    (
        "生产企业进出口占外贸比重78.7%，机电产品出口占出口比重62.6%，分别提高11.1、11.2个百分点。",
        [
            ("生产企业进出口", "78.7%", "share"),
            ("机电产品出口", "62.6%", "share"),
            ("生产企业进出口", "11.1个百分点", "change"),
            ("机电产品出口", "11.2个百分点", "change"),
        ],
    ),
]


@pytest.mark.parametrize(("sentence", "told"), TOLD)
def test_what_is_told_of_what(sentence: str, told: list[tuple[str, str, str]]) -> None:
    assert [(f.subject, f.text, f.kind) for f in read_figures(sentence)] == told


def test_an_exact_value_is_told_with_its_step() -> None:
    figure = read_figures("财政收入突破4000亿元、达到4211亿元。")[0]
    assert (figure.phrase, figure.value) == ("财政收入突破4000亿元、达到4211亿元", Decimal(4211))
    assert read_figures("里程达到8184公里，突破8000公里大关。")[0].phrase == "里程达到8184公里，突破8000公里大关"


def test_a_share_that_moved_names_its_whole() -> None:
    assert (
        read_figures("产业投资占全部投资比重从26.7%提高到52.1%。")[0].phrase
        == "产业投资占全部投资比重由26.7%提高到52.1%"
    )
    share = read_figures("经济总量占全国比重升至6.5%左右。")[0]
    assert (share.kind, share.base) == ("share", "全国")


def _readings(text: str) -> list[Reading]:
    """Every figure of a sentence, as read in a report."""
    region = Region("420000", "湖北省", "湖北", "province", "100000")
    info = ReportInfo("r", Identity(region, 2026), "r.txt", "2026-01-01", 1, 1)
    paragraph = Paragraph(1, text, 0, len(text), (), 2025, "review")
    hit = Hit(info, paragraph, 0, len(text), 1.0, 0.9, 1.0)
    sentence = Sentence(hit, Target(info, 2025, ("review",), 0), 0, len(text), 1.0, 1.0, 1.0)
    figures = tuple(read_figures(text))
    fit = Fit(1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
    return [Reading(sentence, figure, 1.0, 1.0, 1.0, fit, siblings=figures) for figure in figures]


ADDED = [  # sentence, (added, in all)
    ("新增黄石、咸宁、天门等全国文明城市12个，总数达到22个。", ("12个", "22个")),
    ("新增全国重点实验室15家、总数达23家。", ("15家", "23家")),
    ("对外通道新增16条、达到54条。", ("16条", "54条")),
    ("新增上市公司5家，治理河道22条。", None),
    ("新增学位16万个，共有学校22所。", None),
]


@pytest.mark.parametrize(("sentence", "told"), ADDED)
def test_what_was_added_and_what_there_is(sentence: str, told: tuple[str, str] | None) -> None:
    found = compose.added_to(_readings(sentence)[0])
    assert (found and (found[0].text, found[1].text)) == told
    figures = read_figures(sentence)
    assert is_all_of(figures[1], figures[0]) == (told is not None)


RISEN = [
    ("经营主体从689万户增至951万户。", "增加262万户（951万户 − 689万户 = 262万户）"),
    ("参保率从91%提高到95%。", "增加4个百分点（95% − 91% = 4个百分点）"),
    ("适度规模经营比重从30%提升到40%以上。", "增加约10个百分点（40% − 30% = 10个百分点）"),
    ("能耗由3.5吨下降到3.1吨。", "减少0.4吨（3.5吨 − 3.1吨 = 0.4吨）"),
    ("企业达到951万户。", None),
]


@pytest.mark.parametrize(("sentence", "worked"), RISEN)
def test_how_much_more_than_before(sentence: str, worked: str | None) -> None:
    assert compose.risen(read_figures(sentence)[0]) == worked


WORKED = [
    ("五年间经营主体净增加了多少万户？", True),
    ("五年间经营主体新增多少？", True),
    ("五年间经营主体增长了百分之几？", False),
    ("五年间经营主体年均增长多少？", False),
    ("经营主体有多少万户？", False),
    ("经营主体增加了多少亿元？", False),
]


@pytest.mark.parametrize(("question", "can"), WORKED)
def test_a_difference_is_worked_out_where_it_is_asked_for(question: str, can: bool) -> None:
    figure = read_figures("经营主体从689万户增至951万户。")[0]
    assert worked_out(figure, understand(question)) is can


@pytest.mark.parametrize(
    ("question", "text", "none"),
    [
        ("地区生产总值增速是多少", "经济总量达到2.67万亿元。", True),
        ("地区生产总值增速是多少", "地区生产总值增长5%。", False),
        ("地区生产总值总量和增速是多少", "经济总量达到2.67万亿元。", False),
        ("就业新增多少", "新增就业18万人。", False),
    ],
)
def test_an_amount_is_no_rate(question: str, text: str, none: bool) -> None:
    assert no_rate(read_figures(text)[0], understand(question)) is none


PARTS = [
    ("固定资产投资年均增速和重大项目投资额分别是多少？", ["固定资产投资年均增速是多少", "重大项目投资额是多少"]),
    ("湖北 2025年 数字经济增加值规模 制造业增速", ["湖北 2025年 数字经济增加值规模是多少", "制造业增速是多少"]),
    ("新能源汽车产量和占比分别是多少", ["新能源汽车产量是多少", "占比是多少"]),
    ("辽宁 2024 技术合同成交额 增速", ["辽宁 2024 技术合同成交额 增速"]),
    ("城镇和农村居民收入增速分别是多少", ["城镇和农村居民收入增速分别是多少"]),
    ("工业增加值和固定资产投资增速分别是多少", ["工业增加值和固定资产投资增速分别是多少"]),
    ("钢铁产量和水泥产量各是多少", ["钢铁产量和水泥产量各是多少"]),
    ("四川2025年粮食产量", ["四川2025年粮食产量"]),
]


@pytest.mark.parametrize(("question", "parts"), PARTS)
def test_things_of_unlike_kinds_are_asked_one_by_one(question: str, parts: list[str]) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    ("part", "leans"),
    [
        ("占比多高？", "share"),
        ("占比是多少", "share"),
        ("占全国比重多少？", "share"),
        ("占规上工业的比重到多少了？", "share"),
        ("服务业占比是多少", None),
        ("比重提高了多少", "change"),
    ],
)
def test_a_share_leans_on_the_thing_before(part: str, leans: str | None) -> None:
    assert leaning(part) == leans


SHARES = [
    ("汽车产量增至82万辆、占比达到45%，钢产能占比超过72%。", "占比多高", "占比45%"),
    ("粮食产量732亿斤，经济总量占全国比重升至6.5%。", "占全国比重多少", None),
    (
        "装备制造业增加值增长13.1%，占规模以上工业比重提高到33.6%。",
        "占规上工业的比重多少",
        "占规模以上工业比重提高到33.6%",
    ),
    ("服务业增加值900亿元，占地区生产总值的52%。", "占全国的比重多少", None),
]


@pytest.mark.parametrize(("sentence", "asked", "told"), SHARES)
def test_the_share_of_the_very_thing(sentence: str, asked: str, told: str | None) -> None:
    first = _readings(sentence)[0]
    share = said_of(first, "share", asked)
    assert (share and compose.said_of_it(share, first.figure)) == told


ASKED: list[tuple[str, str]] = [
    ("2023年阿坝州地区生产总值和增速分别是多少？", "地区生产总值"),
]


@pytest.mark.parametrize(("question", "said"), ASKED)
def test_amount_and_growth_of_the_seeds(seed_answerer: Answerer, question: str, said: str) -> None:
    answer = seed_answerer.ask(question)
    assert answer.answered
    assert said in answer.answer


SIDES = [  # question, (text, stance) of its sides
    (
        "湖北2026年城镇新增就业目标，比“十四五”时期每年完成的高还是低？",
        [("湖北2026年城镇新增就业目标多少", "plan"), ("湖北十四五时期城镇新增就业完成多少", "review")],
    ),
    (
        "四川2025年GDP增速与“十四五”年均增速哪个更高？",
        [("四川2025年GDP增速多少", None), ("四川十四五时期地区生产总值年均增速多少", None)],
    ),
    (
        "云南产业投资占比，“十四五”末达到的水平和2026年预期目标分别是多少？",
        [("云南2025年产业投资占比达到的水平多少", "review"), ("云南2026年产业投资占比预期目标多少", "plan")],
    ),
    (
        "湖北民生实事数量，2026年与2025年相比有何变化？",
        [("湖北2026年民生实事多少", None), ("湖北2025年民生实事多少", None)],
    ),
]


@pytest.mark.parametrize(("question", "told"), SIDES)
def test_a_plan_of_five_years_is_a_side(question: str, told: list[tuple[str, str | None]]) -> None:
    beside = sides(understand(question))
    assert beside is not None
    assert [(side.text, side.stance) for side in beside.queries] == told


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("云南 2025年 能源投资 增速", ["9.4%"]),
        ("云南2025年能源、旅游投资分别增长多少", ["9.4%", "5%"]),
        ("云南2025年能源、旅游投资增长多少", ["9.4%", "5%"]),
    ],
)
def test_of_a_list_only_what_is_named_is_told(question: str, told: list[str]) -> None:
    query = understand(question)
    focus = focus_of(query, lambda grams: dict.fromkeys(grams, 1.0))
    read = _readings("能源、旅游投资分别增长9.4%、5%。")
    read = [replace(r, fit=replace(r.fit, subject=focus.coverage(r.figure.subject))) for r in read]
    best = max(read, key=lambda r: r.fit.subject)
    assert [r.figure.text for r in together(best, read, query, focus)] == told


def _chosen(question: str, said: str, history: tuple[str, ...] = ()) -> list[str]:
    """The figures of a sentence that nothing speaks against, for a question."""
    query = understand(question, history)
    focus = focus_of(query, lambda grams: dict.fromkeys(grams, 1.0))
    figures = tuple(read_figures(said))
    against = [spoken_against(_readings(said)[0].sentence, f, figures, query, focus, "") for f in figures]
    return [f.text for f, faults in zip(figures, against, strict=True) if not any(faults.values())]


LEVELS = [
    ("2020年全国居民医保人均财政补助标准达到每人每年多少元？", "居民医保人均财政补助标准增加30元。", []),
    ("2020年全国居民医保人均财政补助标准增加多少元？", "居民医保人均财政补助标准增加30元。", ["30元"]),
    ("宁夏2025年特困供养的人每月能拿多少生活费？", "特困供养生活费标准每月提高65元。", []),
    ("宁夏2025年特困供养生活费标准每月提高了多少？", "特困供养生活费标准每月提高65元。", ["65元"]),
    ("2012年全国稻谷最低收购价定到每50公斤多少元？", "稻谷最低收购价平均每50公斤提高16元。", []),
    ("2020年全国财政赤字率是多少？", "财政赤字规模比去年增加1万亿元。", []),
    ("2020年全国财政赤字规模比去年增加多少？", "财政赤字规模比去年增加1万亿元。", ["1万亿元"]),
]


@pytest.mark.parametrize(("question", "said", "told"), LEVELS)
def test_a_rise_tells_no_level_and_an_amount_no_rate(question: str, said: str, told: list[str]) -> None:
    assert _chosen(question, said) == told


LISTS = [
    ("2025年广东诈骗类的报警少了百分之多少？", "刑事治安、涉诈、涉毒警情分别下降17.7%、17.4%、68%。", ["17.4%"]),
    ("2025年黑龙江境外游客花的钱多了多少？", "入境游客数量和花费分别增长47.8%、52.3%。", ["52.3%"]),
    ("2025年宁夏因安全事故丧命的人少了百分之几？", "事故起数、死亡人数分别下降11.5%、18.7%。", ["18.7%"]),
    ("重庆2024年水利投资增长多少？", "水利、能源投资分别增长39.8%、33.7%。", ["39.8%"]),
    ("陕西2024年种菌子的产量增长多少？", "苹果、核桃分别增长3.4%、6.8%。", []),
    ("2025年游客在辽宁总共花的钱多了百分之几？", "接待游客人次和旅游收入分别增长17.6%、16.8%。", ["16.8%"]),
    ("2025年来辽宁旅游的人多了百分之几？", "接待游客人次和旅游收入分别增长17.6%、16.8%。", ["17.6%"]),
    ("2024年山西新能源汽车消费增长多少？", "带动新能源汽车、家电类消费分别增长40.9%、24.8%。", ["40.9%"]),
    ("2025年辽宁安全事故的损失减少多少？", "事故起数、死亡人数分别下降9.5%、7.1%。", []),
    ("重庆2024年水利、能源投资分别增长多少？", "水利、能源投资分别增长39.8%、33.7%。", ["39.8%", "33.7%"]),
]


@pytest.mark.parametrize(("question", "said", "told"), LISTS)
def test_of_a_list_the_thing_whose_own_characters_are_asked_for(question: str, said: str, told: list[str]) -> None:
    query = understand(question)
    figures = tuple(read_figures(said))
    left = [f for f in figures if not of_another_item(f, figures, query)]
    focus = focus_of(query, lambda grams: dict.fromkeys(grams, 1.0))
    against = [spoken_against(_readings(said)[0].sentence, f, figures, query, focus, "") for f in left]
    kept = [f.text for f, faults in zip(left, against, strict=True) if not faults["unnamed_thing"]]
    assert kept == told


@pytest.mark.parametrize(
    ("said", "name", "text"),
    [
        ("入境游客数量和花费分别增长47.8%、52.3%。", "入境游客花费", "52.3%"),
        ("接待游客数量和游客总花费分别增长10.3%、16.5%。", "游客总花费", "16.5%"),
    ],
)
def test_a_bare_sum_is_of_what_was_counted(said: str, name: str, text: str) -> None:
    assert (name, text) in [(f.subject, f.text) for f in read_figures(said)]


def test_a_share_in_tenths() -> None:
    figure = read_figures("服务机器人产量增长11.2%、占全国8成。")[-1]
    assert (figure.kind, figure.subject, figure.base, figure.text) == ("share", "服务机器人产量", "全国", "8成")


ASKED_FOR = [
    ("宁夏 2026年 社会消费品零售总额 预期增速", (), 1),
    ("湖北 数字经济增加值规模 制造业增速", (), 2),
    ("What GDP growth rate and how many new urban jobs did China aim for in 2021?", (), 2),
    ("What was Guizhou's GDP in 2025, and how much did it grow that year?", (), 2),
    ("那服务机器人呢？占全国多少？", ("2025年广东省工业机器人产量增长多少？",), 2),
    ("那服务机器人呢？占全国多少？", (), 1),
    ("那农产品出口呢，涨了多少？", ("2025年广东省进口增长多少？",), 1),
]


@pytest.mark.parametrize(("question", "history", "parts"), ASKED_FOR)
def test_how_many_things_a_question_asks(question: str, history: tuple[str, ...], parts: int) -> None:
    assert len(parts_of(question, history)) == parts


def test_what_is_asked_of_another_thing_is_what_was_asked_before() -> None:
    query = understand("那服务机器人呢？", ("2025年广东省工业机器人产量增长多少？",))
    assert query.wants[0] == "growth"
    assert query.instead == "服务机器人"
    assert _kind("服务机器人产量增长11.2%、占全国8成。", query) == [True, False]


def _kind(said: str, query: Query) -> list[bool]:
    return [kind_fit(figure, query)[0] for figure in read_figures(said)]


def test_two_things_of_one_year_are_no_two_years() -> None:
    assert sides(understand("2020年全国赤字率拟按多少安排，财政赤字规模较上年增加多少？")) is None
    assert sides(understand("2020年全国财政赤字规模较上年增加多少？")) is not None


@pytest.mark.parametrize(
    ("question", "concepts"),
    [
        ("新增经济效益涨了多少？", []),
        ("要打造哪些新经济增长点？", []),
        ("去年经济涨了多少？", ["地区生产总值"]),
        ("2020年全国财政赤字率是多少？", ["赤字率"]),
    ],
)
def test_a_word_that_is_part_of_another(question: str, concepts: list[str]) -> None:
    assert [concept.formal[0] for concept in understand(question).concepts] == concepts


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("新增地铁运营里程43公里、总里程达到879公里", ["新增地铁运营里程", "地铁运营总里程"]),
        ("新增装机500万千瓦，总装机达到3000万千瓦", ["新增装机", "总装机"]),
        ("完成投资5亿元，总里程达到879公里", ["投资", "总里程"]),
    ],
)
def test_the_total_of_what_was_added(text, subjects):
    assert [figure.subject for figure in read_figures(text)] == subjects


SPENT = "中央财政用于“三农”的投入5955亿元，比上年增加1637亿元，增长37.9%。"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("增幅多大？", ["37.9%"]),
        ("增长百分之几？", ["37.9%"]),
        ("增加多少？", ["1637亿元", "37.9%"]),
        ("增加多少亿？", ["1637亿元"]),
    ],
)
def test_a_change_told_both_ways_is_told_as_asked(asked: str, told: list[str]) -> None:
    change = said_of(_readings(SPENT)[0], "change", asked)
    assert change is not None
    assert [r.figure.text for r in with_its_rate(change, asked)] == told


THREE_YEARS = "二氧化硫排放量减少5.95%；近三年累计，二氧化硫排放量减少8.95%。"


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("2025年二氧化硫排放量比上年减少多少？", ["5.95%"]),
        ("2025年为止二氧化硫排放量累计减少多少？", ["5.95%", "8.95%"]),
    ],
)
def test_a_fall_over_three_years_is_not_the_years(question: str, left: list[str]) -> None:
    query = understand(question)
    assert [r.figure.text for r in _readings(THREE_YEARS) if not of_other_years(r, query)] == left


IN_FIVE_YEARS = "常住人口城镇化率达到67.5%、5年提高4.5个百分点。"


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("2025年常住人口城镇化率比上年提高多少？", ["67.5%"]),
        ("2025年常住人口城镇化率五年提高多少？", ["67.5%", "4.5个百分点"]),
        ("2025年常住人口城镇化率多高，五年提高多少？", ["67.5%", "4.5个百分点"]),
    ],
)
def test_a_rise_in_five_years_is_not_the_years(question: str, left: list[str]) -> None:
    query = understand(question)
    read = [r for r in _readings(IN_FIVE_YEARS) if not of_other_years(r, query)]
    assert [r.figure.text for r in of_the_run(read, query)] == left


def test_a_rise_in_five_years_is_told_with_them_and_what_came_of_it() -> None:
    level, rise = _readings(IN_FIVE_YEARS)
    query = understand("2025年常住人口城镇化率五年变化")
    assert [compose.say_figure(r, query) for r in (level, rise)] == [IN_FIVE_YEARS.replace("、", "，")[:-1]] * 2
    assert rise.figure.cumulative


OF_OTHER_KINDS = [
    ("2007年财政超收多少？", "财政收入达到5.13万亿元。", []),
    ("2007年中央财政超收多少？", "其中中央财政超收4168亿元。", ["4168亿元"]),
    ("2025年玉米全产业链产值", "玉米全产业链产值保持两位数增长。", []),
    ("2025年规上工业增加值增速是多少？", "规上工业单位增加值能耗下降2.4%。", []),
    ("2025年规上工业单位增加值能耗下降多少？", "规上工业单位增加值能耗下降2.4%。", ["2.4%"]),
    ("2025年玉米全产业链产值增长多少", "玉米全产业链产值保持两位数增长。", ["两位数增长"]),
    ("2009年企业退休人员基本养老金涨多少？", "企业退休人员基本养老金连续5年增加。", []),
    ("2009年企业退休人员基本养老金连续几年上涨？", "企业退休人员基本养老金连续5年增加。", ["5年"]),
    ("2025年有多少万外国游客到陕西来玩？", "入境游客增长1倍。", []),
    ("2019年指标交易收益翻了多少倍？", "指标交易收益增长8.1倍。", ["8.1倍"]),
    ("2022年中央对地方转移支付多少钱？", "中央对地方转移支付增加约1.5万亿元、规模近9.8万亿元。", ["近9.8万亿元"]),
    ("2022年中央对地方转移支付增加多少？", "中央对地方转移支付增加约1.5万亿元。", ["约1.5万亿元"]),
    ("2023年阿坝游客花的钱增长多少？", "接待游客增长44.6%。", []),
    ("2024年江苏接待游客多少人次？", "接待境内外游客超10.9亿人次。", ["超10.9亿人次"]),
]


@pytest.mark.parametrize(("question", "said", "told"), OF_OTHER_KINDS)
def test_of_another_kind_than_asked(question: str, said: str, told: list[str]) -> None:
    assert _chosen(question, said) == told


def test_the_ratio_of_a_part_is_no_comparison() -> None:
    assert "difference" not in understand("2024年江西进出口占外贸的比重是多少，提高了多少？").wants
