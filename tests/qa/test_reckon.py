"""Figures of two sides: which may be set beside each other, what follows from them, and what one sentence tells."""

import pytest

from qa import compose
from qa.alike import exactly, own_name
from qa.candidates import Fit, Reading, Sentence
from qa.choose import Piece
from qa.cite import between
from qa.figures import read_figures
from qa.model import Answer, Hit, Identity, Paragraph, ReportInfo
from qa.reckon import (
    before_it,
    conclusion,
    share_within,
    since_the_year_before,
    stricter,
    tells_of,
    times_told,
    told_margin,
    ways,
)
from qa.regions import find
from qa.scope import Target
from qa.sides import part_within, sides
from qa.understand import understand

FIT = Fit(1.0, 1.0, 1.0, 1.0, 1.0, 1.0)


def sentence(text, year=2024, place="山东", stance="review"):
    region = find(place)[0].regions[0]
    info = ReportInfo(f"{place}{year}", Identity(region, year + (stance == "review")), "r.txt", "", 1, 1)
    paragraph = Paragraph(1, text, 0, len(text), ("一、工作回顾",), year, stance)
    hit = Hit(info, paragraph, 0, len(text), 1.0, 0.9, 1.0)
    return Sentence(hit, Target(info, year, (stance,), 0), 0, len(text), 1.0, 1.0, 1.0)


def piece(text, n=0, **where):
    said = sentence(text, **where)
    figures = tuple(read_figures(text))
    reading = Reading(said, figures[n], 1.0, 1.0, 1.0, FIT, siblings=figures)
    return Piece(compose.lead(said), compose.say_alone(reading), (said,), (reading,))


def closing(question, first, second, n=(0, 0), **where):
    beside = sides(understand(question))
    return conclusion([piece(first, n[0]), piece(second, n[1], **where)], beside, question)


HUNAN = {"place": "湖南"}
GRAIN = "2024年粮食产量山东和湖南哪个多，差多少"


@pytest.mark.parametrize(
    ("question", "first", "second", "ends"),
    [
        (GRAIN, "粮食总产1142亿斤。", "粮食总产615.6亿斤。", "多526.4亿斤（1142亿斤 − 615.6亿斤 = 526.4亿斤）。"),
        (
            "山东和湖南谁连续保持Ⅱ类水质更久，各几年",
            "水质连续8年保持Ⅱ类。",
            "水质连续7年保持Ⅱ类。",
            "长1年（8年 − 7年 = 1年）。",
        ),
        ("2024年山东和湖南的PM2.5谁低", "PM2.5浓度12微克/立方米。", "PM2.5浓度为每立方米20微克。", "湖南省2024年低。"),
        ("2024年山东和湖南高新技术企业谁多", "高新技术企业超5.7万家。", "高新技术企业1.4万家。", "多约4.3万家"),
    ],
)
def test_what_follows_from_two_figures(question, first, second, ends):
    assert ends in closing(question, first, second, **HUNAN)


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        # a part beside the whole
        ("2024年财政赤字山东比湖南多多少", "财政赤字2.76万亿元。", "中央财政赤字9500亿元。"),
        ("2024年居民收入增速山东比湖南快多少", "居民人均可支配收入增长6.5%。", "城镇居民人均可支配收入增长8.4%。"),
        # what was added beside what there is
        ("2024年高新技术企业山东比湖南多多少", "高新技术企业1.3万家。", "新增高新技术企业3500家。"),
        ("2024年高标准农田山东比湖南多多少", "高标准农田达7759万亩。", "建成高标准农田450万亩。"),
        # a level beside a growth, a rise beside a fall, one thing beside several
        ("2024年研发投入强度山东比湖南高多少", "研发经费投入强度达1.6%。", "研发经费投入增长25%。"),
        ("2024年出口增速山东比湖南高多少", "出口增长3.2%。", "出口下降1.1%。"),
        ("2024年棚户区改造山东比湖南多多少", "棚户区改造580万套。", "保障性住房、棚户区改造住房共1000万套。"),
        # a share beside a level, what was added beside what it came to, a sum of years beside one
        ("2024年研发投入强度山东比湖南高多少", "企业研发投入占全社会比重达81.3%。", "研发投入强度达1.4%。"),
        ("2024年医保补助标准山东比湖南高多少", "医保补助标准再增加40元。", "医保补助标准提高到240元。"),
        ("2024年实际使用外资山东比湖南多多少", "五年累计实际使用外资2200亿美元。", "实际使用外资1196亿美元。"),
        ("服务业占GDP比重山东2024年比湖南高多少", "生产总值占世界经济比重15%。", "服务业占生产总值的比重50.5%。"),
        # another thing, or no figure of the same measure
        ("2024年优良天数比率山东比湖南高多少", "地表水断面水质优良比例80%。", "空气质量优良天数比率82.2%。"),
        ("2024年医保补助标准山东比湖南高多少", "医保补助标准640元。", "医保补助标准一半用于大病。"),
    ],
)
def test_figures_that_cannot_be_set_beside_each_other(question, first, second):
    assert closing(question, first, second, **HUNAN) is None


def test_two_falls_speak_for_themselves():
    assert closing("2024年PM2.5浓度增速山东比湖南高多少", "PM2.5浓度下降6.2%。", "PM2.5浓度下降8%。", **HUNAN) == ""


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("PM2.5浓度下降到33微克/立方米。", "PM2.5浓度不超过35微克/立方米。", "山东省2024年更严。"),
        ("PM2.5浓度33微克/立方米。", "PM2.5浓度35微克/立方米。", ""),
    ],
)
def test_the_stricter_of_two_limits(first, second, expected):
    assert stricter(piece(first).readings[0], piece(second, **HUNAN).readings[0]) == expected


@pytest.mark.parametrize(
    ("text", "what", "base", "expected"),
    [
        (
            "小微企业、“三农”贷款增速比各项贷款平均增速分别高4.2和0.7个百分点。",
            "小微企业贷款",
            "各项贷款",
            "小微企业贷款增速比各项贷款平均增速高4.2个百分点",
        ),
        ("农村居民人均可支配收入增速快于城镇居民3个百分点左右。", "农民收入", "城里人", "快于城镇居民3个百分点左右"),
        (
            "园区规模工业增加值、税收增速分别高于全省2.2个和3.7个百分点。",
            "园区税收",
            "全省",
            "税收增速高于全省3.7个百分点",
        ),
        ("园区规模工业增加值、税收增速分别高于全省2.2个和3.7个百分点。", "园区进出口", "全省", None),
        ("县域经济增速高于全省1个百分点。", "县域经济", "全国", None),
    ],
)
def test_a_margin_told_in_one_sentence(text, what, base, expected):
    told = told_margin([sentence(text)], what, base)
    assert (told is None) if expected is None else expected in told.text


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("补充的中小学教师里乡村教师占多大比例", "补充中小学教师2.8万名，其中乡村教师9100名。", "32.5%"),
        ("2010年安排的财政赤字里中央财政占百分之多少", "安排财政赤字10500亿元，其中中央财政赤字8500亿元。", "81%"),
        ("补充的中小学教师里乡村教师占多大比例", "补充中小学教师2.8万名，培训乡村教师9100名。", None),
        ("补充的中小学教师里音乐教师占多大比例", "补充中小学教师2.8万名，其中乡村教师9100名。", None),
    ],
)
def test_a_share_of_what_is_told_with_its_whole(question, text, expected):
    told = share_within([sentence(text)], *part_within(understand(question)).against)
    assert (told is None) if expected is None else expected in told.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("赤字率拟按2.6%安排，比去年预算低0.4个百分点。", "比去年预算低0.4个百分点"),
        ("安排财政赤字1.2万亿元，比上年增加4000亿元。", "比上年增加4000亿元"),
        ("安排财政赤字1.2万亿元。", None),
    ],
)
def test_how_far_from_last_year(text, expected):
    told = since_the_year_before(piece(text), "比上年多多少", both=False)
    assert (told is None) if expected is None else expected in told.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("财政补助标准提高到120元，增长50%。", "原为约80元（120元 ÷ (1 + 50%) = 80元）"),
        ("财政补助标准由120元提高到200元。", "由120元提高到200元"),
        ("财政补助标准提高到120元。", None),
    ],
)
def test_what_a_figure_was_before(text, expected):
    told = before_it(piece(text))
    assert (told is None) if expected is None else expected in told.text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("专项债券2.15万亿元，比去年增加8000亿元", "1.35万亿元（2.15万亿元 − 8000亿元 = 1.35万亿元）"),
        ("专项债券1.35万亿元，比去年增加5500亿元", "8000亿元（1.35万亿元 − 5500亿元 = 8000亿元）"),
        ("棚户区改造580万套，增加110万套", "470万套（580万套 − 110万套 = 470万套）"),
    ],
)
def test_last_years_amount_from_its_change(text, shown):
    reading = piece(text).readings[0]
    assert compose.before(reading.figure, compose.absolute_change(reading)) == shown


def test_the_river_that_the_question_names():
    side = understand("江西长江干流连续几年保持Ⅱ类水质")
    told = piece("长江干流断面连续7年、赣江干流断面连续4年保持Ⅱ类水质。", 1)
    assert "7年" in own_name(told, side).text
    assert own_name(piece("污染防治考核连续4年优秀。"), side) is None


def test_the_whole_where_the_question_names_no_part():
    told = piece("安排财政赤字13500亿元，其中中央财政赤字9500亿元。", 1)
    assert exactly(told, understand("2014年财政赤字多少")).readings[0].figure.text == "13500亿元"
    assert exactly(told, understand("2014年中央财政赤字多少")).readings[0].figure.text == "9500亿元"


def test_times_of_an_earlier_year():
    beside = sides(understand("2011年保障房资金是2010年的几倍"))
    assert "2.2倍" in times_told([sentence("安排保障房资金1713亿元，是2010年的2.2倍。")], beside).text
    assert times_told([sentence("安排保障房资金1713亿元，是2009年的2.2倍。")], beside) is None


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("2024年进出口总额山东比湖南多多少", (("amount",),)),
        ("2025年GDP目标山东比湖南高多少", (("amount",), ("growth",))),
        ("2024年GDP增速山东比湖南高多少", (("growth",), ("difference",))),
        ("2012年服务业占GDP比重比2013年高多少", (("share",),)),
    ],
)
def test_kinds_of_figure_to_look_for(question, kinds):
    assert ways(question, sides(understand(question))) == kinds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("赤字率提高到3%。", False),
        ("赤字率提高0.7个百分点。", True),
        ("新增1100万人。全国2019年的情况报告没有说明。", False),
    ],
)
def test_an_answer_to_the_whole_question_must_tell_the_change(text, expected):
    beside = sides(understand("2016年全国赤字率比2015年高几个百分点"))
    assert tells_of(beside, Answer("", text, True)) is expected


def test_more_or_less_in_the_words_of_the_question():
    a, b = piece("连续8年。").readings[0], piece("连续7年。", **HUNAN).readings[0]
    assert "长1年" in between(a, b, "各几年")
