"""Questions that ask for several figures at once: their parts, what is told of one thing, and lists told whole."""

import time
from dataclasses import replace

import pytest

from qa.candidates import Sentence, readings
from qa.compose import said_of_it, say_alone, say_run
from qa.match import focus_of
from qa.model import Hit, Identity, Paragraph, ReportInfo
from qa.regions import find
from qa.scope import Target
from qa.slots import Slot, again, all_said, fills, items, jointly, leaning, listed, near, said_of, together
from qa.understand import subquestions, understand

REPORT = ReportInfo("r", Identity(find("阿坝")[0].regions[0], 2024), "r.txt", "", 1, 1)


def sentence(text, number=1):
    paragraph = Paragraph(number, text, 0, len(text), (), 2023, "review")
    hit = Hit(REPORT, paragraph, 0, len(text), 1.0, 0.9, 1.0)
    return Sentence(hit, Target(REPORT, 2023, ("review",), 0), 0, len(text), 1.0, 1.0, 1.0)


def plain_focus(query):
    return focus_of(query, lambda tokens: dict.fromkeys(tokens, 1.0))


def read(question, text):
    query = understand(question)
    return readings([sentence(text)], query, plain_focus(query))


def of(found, text):
    """The reading of the figure printed as ``text``."""
    return next(r for r in found if r.figure.text == text)


@pytest.mark.parametrize(
    "part",
    [
        "涨了多少",
        "比上年涨了几个点？",
        "增速多快",
        "增幅呢",
        "同比多收几成",
        "较五年前多了多少",
        "又比上年增多少",
        "年均增幅多大？按2013年国务院报告",
        "比重升了多少",
        "比前一年预算多出来多少",
        "每年平均多给几成？",
        "翻了几番还是涨了几倍？",
        "涨了几个百分点？（2024年报告）",
    ],
)
def test_parts_that_ask_how_much_it_changed(part):
    assert leaning(part) == "change"


@pytest.mark.parametrize("part", ["排全国第几？", "现在排世界第几", "增速排在什么位置", "在工业大省里排老几"])
def test_parts_that_ask_where_it_stands(part):
    assert leaning(part) == "rank"


@pytest.mark.parametrize(
    "part",
    [
        "出口又涨了多少",
        "居民收入同时涨了多少",
        "残疾人的困难补贴标准又提了多少",
        "多少人参保",
        "多出多少个学位",
        "2025年又打算种多少亩",
        "比全国快几个百分点",
        "替地方发债多少",
        "再建多少座",
    ],
)
def test_parts_with_a_thing_or_a_time_of_their_own(part):
    assert leaning(part) is None


@pytest.mark.parametrize("words", ["比上年", "平均每年", "又还", "五年里", "比2010年底", "这个比重", "几个百分点"])
def test_long_questions_are_read_at_once(words):
    began = time.perf_counter()
    leaning(words * 400 + "多少吗")
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("2025年又想冲到多少", True),
        ("2025年还要再建多少座", True),
        ("2025年财政收入多少", False),
        ("育出多少品种", False),
    ],
)
def test_the_same_thing_in_another_year(part, expected):
    assert again(part) is expected


@pytest.mark.parametrize(
    ("text", "head", "kind", "asked", "expected"),
    [
        # an amount of money asked for and told, not only a rate
        ("财政赤字1.2万亿元，比去年预算增加4000亿元。", "1.2万亿元", "change", "比上年多多少亿", "4000亿元"),
        ("污水集中收集率提升5个百分点、达68.13%。", "68.13%", "change", "抬高了多少", "5个百分点"),
        ("就业率77.8%，同比提高1.2个百分点。", "77.8%", "change", "比上年升了多少", "1.2个百分点"),
        ("科技投入五年累计8729亿元，年均增长18%。", "8729亿元", "change", "年均增幅多大", "18%"),
        ("各类市场主体达到9800万户，五年增加70%以上。", "9800万户", "change", "五年多了几成", "70%以上"),
        # the growth of another thing, or of the thing named in between
        ("旅游收入438亿元，接待游客增长35%。", "438亿元", "change", "涨了多少", None),
        ("新增13家龙头企业，新增1207款产品、增长6.7倍。", "13家", "change", "增长几倍", None),
        ("新增13家龙头企业，新增1207款产品、增长6.7倍。", "1207款", "change", "增长几倍", "6.7倍"),
        # from another year than is asked about
        ("高速公路里程6000公里，比2015年增加900公里。", "6000公里", "change", "比上年多多少", None),
        ("高速公路里程6000公里，比2015年增加900公里。", "6000公里", "change", "比2015年多多少", "900公里"),
        ("规上工业增加值增长9%，增速居全国第1位。", "9%", "rank", "排第几", "居全国第1位"),
        ("油茶产业产值突破600亿元、居全国第2位。", "突破600亿元", "rank", "排第几", "居全国第2位"),
    ],
)  # fmt: skip
def test_what_is_told_of_the_same_thing(text, head, kind, asked, expected):
    reading = of(read("2023年多少", text), head)
    told = said_of(reading, kind, asked)
    assert (told.figure.text if told else None) == expected


def test_what_is_said_of_a_thing_named_before():
    found = read("2023年多少", "规上工业增加值增长9%，增速居全国第1位。")
    head = of(found, "9%")
    assert said_of_it(said_of(head, "rank"), head.figure) == "增速居全国第1位"
    found = read("2023年多少", "财政赤字1.2万亿元，比去年预算增加4000亿元。")
    head = of(found, "1.2万亿元")
    assert said_of_it(said_of(head, "change"), head.figure) == "比去年预算增加4000亿元"
    found = read("2023年多少", "各类市场主体达到9800万户，五年增加70%。")
    head = of(found, "9800万户")
    assert said_of_it(said_of(head, "change"), head.figure) == "五年增加70%"


@pytest.mark.parametrize(
    ("text", "head", "kind", "expected"),
    [
        ("旅游收入438亿元，比2019年增长35%，接待游客5300万人次。", "438亿元", "change", True),
        ("旅游收入438亿元，接待游客5300万人次、增长35%。", "438亿元", "change", False),
        ("旅游收入438亿元、增长35%。", "438亿元", "rank", False),
    ],
)
def test_what_may_be_said_of_the_same_thing(text, head, kind, expected):
    assert near(of(read("2023年多少", text), head), kind) is expected


def test_parts_are_filled_together_in_their_order():
    text = "2147个县实施养老保险试点，1334万人参保，641万人领取养老金。"
    found = read("多少人参保，多少人领取养老金", text)
    # each part alone would take the figure that both rank first
    ranked = [replace(r, score={"641万人": 2.0, "1334万人": 1.5}.get(r.figure.text, 0.0)) for r in found]
    ranked.sort(key=lambda r: -r.score)
    chosen = jointly([ranked, ranked], [False, False])
    assert [r.figure.text for r in chosen] == ["1334万人", "641万人"]
    assert jointly([ranked, []], [False, False]) is None


def test_another_year_of_a_thing_has_its_measure():
    now = [replace(r, score=0.0) for r in read("多少", "集装箱航线147条、吞吐量2329万标准箱。")]
    now = [replace(of(now, "147条"), score=1.0), of(now, "2329万标准箱")]
    then = read("多少", "集装箱吞吐量突破2400万标准箱。")
    then = [replace(r, sentence=sentence("集装箱吞吐量突破2400万标准箱。", 2)) for r in then]
    assert [r.figure.measure for r in jointly([now, then], [False, False])] == ["条", "标准箱"]
    assert [r.figure.measure for r in jointly([now, then], [False, True])] == ["标准箱", "标准箱"]


@pytest.mark.parametrize(
    ("question", "told", "expected"),
    [
        ("甲有多大，乙多少", ("438亿元",), False),
        ("甲有多大，乙多少", ("438亿元", "5300万人次"), True),
        ("规模多大，涨了多少", ("438亿元", "5300万人次"), False),
        ("规模多大，涨了多少", ("438亿元", "35%"), True),
    ],
)
def test_a_whole_answer_tells_all_parts(question, told, expected):
    parts = subquestions(question)
    query = understand(question)
    slots = [Slot(query, plain_focus(query), (), leaning(part) if n else None) for n, part in enumerate(parts)]
    found = read("2023年多少", "旅游收入438亿元、增长35%，接待游客5300万人次。")
    assert len(slots) == 2
    assert fills([of(found, text) for text in told], slots) is expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("2014年下达的钢铁、水泥、平板玻璃任务各是多少？", ["2014年下达的钢铁", "水泥", "平板玻璃任务"]),
        ("新增装机里，水电、核电分别多少千瓦", ["水电", "核电"]),
        ("治沙、治水土流失，2012年全国各治了多少", ["治沙", "治水土流失"]),
        ("新建灌区、农田以及黑土地工程分别是多少？", ["新建灌区", "农田", "黑土地工程"]),
        ("国内各地来的人和他们花的钱各多了几成", ["国内各地来的人", "他们花的钱"]),
        ("粮食产量各是多少", []),
    ],
)
def test_the_things_of_a_list(question, expected):
    assert items(question) == expected


def test_a_joint_within_a_thing():
    question = "先进材料和装备、航空航天、生物医药的增速各是多少"
    assert len(items(question)) == 4
    assert items(question, coarse=True) == ["先进材料和装备", "航空航天", "生物医药的增速"]


LISTS = [
    (
        "钢铁、水泥、平板玻璃任务各是多少",
        "今年要淘汰钢铁2700万吨、水泥4200万吨、平板玻璃3500万标准箱等落后产能。",
        "2700万吨",
        ["2700万吨", "4200万吨", "3500万标准箱"],
    ),
    (
        "水电、核电分别多少千瓦",
        "新增发电装机容量4.45亿千瓦，其中水电9601万千瓦、核电384万千瓦。",
        "384万千瓦",
        ["9601万千瓦", "384万千瓦"],
    ),
    (
        "空气优良天数比例、PM2.5浓度和近岸海域水质比例分别是多少",
        "空气质量优良天数比例为98.3%，PM2.5平均浓度为每立方米20微克，断面水质比例100%，近岸海域优良水质比例92.6%。",
        "98.3%",
        ["98.3%", "20微克", "92.6%"],
    ),
    ("铁路、民航各是多少", "公路里程600公里，桥梁20座。", "600公里", []),
]


@pytest.mark.parametrize(("question", "text", "best", "expected"), LISTS)
def test_a_list_is_told_whole_or_not_at_all(question, text, best, expected):
    found = read(question, text)
    # nothing but the words speaks for the figures
    found = [replace(r, possible=True, fit=replace(r.fit, cosine=1.0 if r.figure.text == best else 0.0)) for r in found]
    things = [(name, plain_focus(understand(name))) for name in items(question)]
    assert [r.figure.text for r in listed(of(found, best), found, things)] == expected


def test_one_figure_for_all_the_things_of_a_list():
    things = [(name, plain_focus(understand(name))) for name in ("来的人", "花的钱")]
    assert all_said([of(read("多少", "接待人次、总花费均增长20%。"), "20%")], things)
    assert not all_said([of(read("多少", "接待人次增长20%。"), "20%")], things)


def test_figures_of_things_named_together_are_said_as_printed():
    found = read("各排第几", "抽水蓄能总规模、风电光伏装机总量居全国第1、第2位。")
    both = sorted(found, key=lambda r: r.figure.start)
    if both[0].figure.subject == both[1].figure.subject:
        assert say_run(both) == "抽水蓄能总规模、风电光伏装机总量居全国第1、第2位"
    assert say_run(both[:1]) is None


@pytest.mark.parametrize(
    ("question", "marks"),
    [
        ("阿坝2023年旅游总收入有多大，比上年涨了多少？", ("438亿元", "35.2%")),
        ("阿坝2023年接待游客多少人次，旅游总收入又是多少？", ("5300万人次", "438亿元")),
    ],
)
def test_parts_are_told_each(seed_answerer, question, marks):
    answer = seed_answerer.ask(question)
    assert answer.answered
    assert all(mark in answer.answer for mark in marks)


def test_what_is_told_of_a_thing_and_what_is_not(seed_answerer):
    answer = seed_answerer.ask("阿坝2023年旅游总收入有多大，排全国第几？")
    assert answer.answered
    assert answer.answer.endswith("位次报告没有说明。")


@pytest.mark.parametrize("question", ["阿坝2023年从多少年轻人涨到多少年轻人", "凉山2019年地铁票务收入多少，涨了几个点"])
def test_parts_that_no_report_tells(seed_answerer, question):
    assert not seed_answerer.ask(question).answered


def test_the_growth_of_the_economy_is_none_of_town_and_country():
    question = "陕西2024年城乡居民收入增长"
    found = read(question, "地区生产总值35538亿元、增长5.3%，居民人均可支配收入增长5.5%。")
    best = of(found, "5.5%")
    query = understand(question)
    assert [r.figure.text for r in together(best, found, query, plain_focus(query))] == ["5.5%"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("粮食总产量1344亿斤，连续8年稳定在1300亿斤以上。", "粮食总产量连续8年稳定在1300亿斤以上"),
        ("耕地面积连续4年净增累计超过170万亩。", "耕地面积连续4年净增累计超过170万亩"),
    ],
)
def test_how_long_something_went_on_is_told_with_what_did(text, said):
    found = read("河南连续几年这样", text)
    assert say_alone(next(r for r in found if r.figure.unit == "年")) == said
