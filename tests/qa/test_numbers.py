"""Numbers are read with value, unit and the words that bound them."""

from decimal import Decimal

import pytest

from qa.numbers import classes, forecast_spans, han_value, magnitude, read_numbers


def read(text: str) -> list[tuple[str, str | None, str, str]]:
    return [(n.text, None if n.value is None else str(n.value), n.unit, n.qualifier) for n in read_numbers(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("吞吐量2329万标准箱", ("2329万标准箱", "2329", "万标准箱", "")),
        ("浓度38微克／立方米以下", ("38微克／立方米以下", "38", "微克/立方米", "以下")),
        ("浓度低于34微克/立方米", ("低于34微克/立方米", "34", "微克/立方米", "低于")),
        ("劳动生产率16.8万元/人左右", ("16.8万元/人左右", "16.8", "万元/人", "左右")),
        ("智能算力1.6万P", ("1.6万P", "1.6", "万P", "")),
        ("新增储能500兆瓦以上", ("500兆瓦以上", "500", "兆瓦", "以上")),
        ("每斤提高1毛钱", ("1毛钱", "1", "毛钱", "")),
        ("文物928件（套）", ("928件（套）", "928", "件", "")),
        ("新增4万多亿元", ("4万多亿元", "4", "万亿元", "多")),
        ("里程2万5千公里", ("2万5千公里", "2.5", "万公里", "")),
        ("人次1亿3千多万", ("1亿3千多万", "1.3", "亿", "多")),
        ("达到74.4\n万亿元", ("74.4万亿元", "74.4", "万亿元", "")),
        ("占全国1/10以上", ("1/10以上", None, "", "以上")),
        ("约三分之一的村", ("约三分之一", None, "", "约")),
        ("下降四成", ("四成", "4", "成", "")),
        ("增长两倍多", ("两倍多", "2", "倍", "多")),
        ("有三十万人", ("三十万人", "30", "万人", "")),
        ("两千多家企业", ("两千多家", "2000", "家", "多")),
        ("产值突破千亿元", ("突破千亿元", "1000", "亿元", "突破")),
        ("收入破万亿", ("破万亿", "1", "万亿", "破")),
        ("一半以上的村", ("一半以上", None, "", "以上")),
        ("节约5万吨", ("5万吨", "5", "万吨", "")),
        ("侦破5000起", ("5000起", "5000", "起", "")),
        ("提出六十周年", ("六十周年", "60", "周年", "")),
        ("涨幅3%-5%", ("3%-5%", None, "%", "")),
        ("收入不足1,234 万元", ("不足1,234万元", "1234", "万元", "不足")),
    ],
)
def test_a_number(text, expected):
    assert read(text) == [expected]


@pytest.mark.parametrize(
    "text",
    ["进入前30强", "中国企业500强", "千家万户", "千方百计", "通过百日攻坚", "超五百亿级特色链", "建军一百年奋斗目标",
     "保持动态清零", "两个毫不动摇", "党的二十届三中全会", "二十国集团", "G9812高速", "“两降三无［12］”", "4×4体系",
     "5PM"],
)  # fmt: skip
def test_names_are_no_numbers(text):
    assert read(text) == []


def test_the_unit_of_a_list_belongs_to_all():
    assert [n.text for n in read_numbers("分别提高11.1、11.2个百分点")] == ["11.1个百分点", "11.2个百分点"]
    assert [n.unit for n in read_numbers("高于全省2.2个和3.7个百分点")] == ["个百分点", "个百分点"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("居全国第7位，", "居全国第7位"), ("居中部地区第1。", "居中部地区第1"), ("跃居全国首位", "跃居全国首位"),
        ("稳居全国前三，", "稳居全国前三"),
    ],
)  # fmt: skip
def test_places(text, place):
    (number,) = read_numbers(text)
    assert (number.kind, number.text) == ("place", place)


@pytest.mark.parametrize(
    ("words", "value", "unit"),
    [
        ("三百二十", 320, ""),
        ("十五万", 15, "万"),
        ("一千零五十户", 1050, "户"),
        ("万亿", 1, "万亿"),
        ("百分之三十", 30, "%"),
    ],
)
def test_numerals(words, value, unit):
    assert han_value(words) == (Decimal(value), unit)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [("万亿元", "万亿"), ("千瓦", ""), ("万千瓦", "万"), ("千米", ""), ("亿千瓦时", "亿"), ("%", "")],
)
def test_magnitudes(unit, expected):
    assert magnitude(unit) == expected


def test_classes_of_bounds():
    assert classes("超过") == classes("突破") == classes("逾") == {"over"}
    assert classes("近") == {"near"}
    assert classes("约左右") == {"about"}
    assert classes("") == frozenset()


def test_a_forecast_that_opens_a_clause_reaches_to_the_semicolon():
    text = "预计甲增长5%，乙增长3%；丙增长2%"
    assert forecast_spans(text) == [(0, text.index("；"))]
    text = "甲预计增长5%，乙增长3%"
    assert forecast_spans(text) == [(1, text.index("，"))]
