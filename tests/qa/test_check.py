"""No number leaves that its quotes do not hold, unless the arithmetic is shown."""

from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qa.check import figures_in, unsupported
from qa.numbers import classes

QUOTE = "全年接待游客5300万人次，实现旅游总收入438亿元，分别增长44.6%、35.2%，超过九寨沟地震前水平。"
INCOME = "城乡居民人均可支配收入分别达 33044 元、13908 元，增长 8.6%、10.8%。"
RATIO = "三次产业结构调整为 21.9:33.4:44.7，服务业占比提高 1.1 个百分点。"


@pytest.mark.parametrize(
    ("answer", "quotes"),
    [
        ("2023年，阿坝州旅游总收入438亿元，比上年增长35.2%。[1]", [QUOTE]),
        ("旅游总收入４３８亿元，增长３５.２％。[1]", [QUOTE]),
        ("旅游总收入438 亿元，增长35 . 2 %。[1]", [QUOTE]),
        ("城镇33044元，农村13,908元。[1]", [INCOME]),
        ("城镇33,044元。[1]", [INCOME]),
        ("第二产业占33.4%。[1]", [RATIO]),
        ("旅游总收入438亿元。[1]城镇33044元。[2]", [QUOTE, INCOME]),
        ("2023年的报告没有说到2022年的这项情况。", []),
        ("旅游总收入438亿元。[1][2][13]", [QUOTE]),
        ("没有数字。", []),
        ("城镇比农村高19136元（33044元 − 13908元 = 19136元）。[1]", [INCOME]),
        ("上年约324.0亿元（438亿元 ÷ (1 + 35.2%) = 324.0亿元）。[1]", [QUOTE]),
        ("占41%（25.8亿元 ÷ 62.9亿元 = 41%）。[1]", ["一般公共预算收入62.9亿元，其中税收收入25.8亿元。"]),
        ("面积141,000亩。", ["面积141000亩"]),
        ("面积141000亩。", ["面积141，000亩"]),
    ],
)
def test_supported(answer, quotes):
    assert unsupported(answer, quotes) == set()


@pytest.mark.parametrize(
    ("answer", "quotes", "made_up"),
    [
        ("旅游总收入439亿元。[1]", [QUOTE], {"439"}),
        ("旅游总收入438亿元，增长35.3%。[1]", [QUOTE], {"35.3"}),
        ("旅游总收入438亿元。", [], {"438"}),
        ("旅游总收入43.8亿元。[1]", [QUOTE], {"43.8"}),
        ("旅游总收入4380亿元。[1]", [QUOTE], {"4380"}),
        ("增长5.2%。[1]", [QUOTE], {"5.2"}),
        ("增长35%。[1]", [QUOTE], {"35"}),
        ("城镇比农村高19136元。[1]", [INCOME], {"19136"}),
        ("高19136元（33044元 − 13907元 = 19137元）。[1]", [INCOME], {"19136", "13907", "19137"}),
        ("发放2000元。[1]", [QUOTE], {"2000"}),
        ("投资2023万元。[1]", [QUOTE], {"2023"}),
        ("增长2019%。[1]", [QUOTE], {"2019"}),
        ("收入３９９亿元。[1]", [QUOTE], {"399"}),
    ],
)
def test_made_up(answer, quotes, made_up):
    assert unsupported(answer, quotes) == made_up


def test_numbers_of_a_text():
    assert figures_in("2023年，收入１，２３４ 亿元、增长 8.6 %，见[3]。") == {"1234", "8.6"}


_NUMBER = st.decimals(min_value=0, max_value=99999, places=1, allow_nan=False).map(str).filter(lambda n: "E" not in n)
_UNIT = st.sampled_from(["亿元", "%", "万人次", "元", "个百分点", "公里", "户"])
_CLAUSE = st.tuples(st.sampled_from(["旅游总收入", "增长", "接待游客", "占比"]), _NUMBER, _UNIT)
_QUOTED = st.lists(_CLAUSE, min_size=1, max_size=5)


def spelt(clauses: list[tuple[str, str, str]]) -> str:
    return "，".join("".join(clause) for clause in clauses) + "。"


@settings(max_examples=200, deadline=None)
@given(_QUOTED, st.data())
def test_any_figure_of_the_quote_passes(clauses, data):
    subject, number, unit = data.draw(st.sampled_from(clauses))
    wide = str.maketrans("0123456789%", "０１２３４５６７８９％")
    for written in (number, number.translate(wide), number.replace(".", " . ")):
        assert unsupported(f"2023年，{subject}{written}{unit}。[1]", [spelt(clauses)]) == set()


@settings(max_examples=200, deadline=None)
@given(_QUOTED, st.data())
def test_any_figure_changed_by_a_digit_is_caught(clauses, data):
    subject, number, unit = data.draw(st.sampled_from(clauses))
    at = data.draw(st.sampled_from([i for i, c in enumerate(number) if c.isdigit()]))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != number[at]]))
    changed = number[:at] + digit + number[at + 1 :]
    assume(float(changed) not in map(float, figures_in(spelt(clauses))))
    assert unsupported(f"{subject}{changed}{unit}。[1]", [spelt(clauses)]) == {changed}


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80), st.lists(st.text(max_size=80), max_size=3))
def test_any_text_can_be_checked(answer, quotes):
    assert all(number.strip() for number in unsupported(answer, quotes))
    assert unsupported(answer, [answer]) == set()


# ---- known faults


@pytest.mark.parametrize(
    ("answer", "quotes"),
    [
        # amounts that look like years
        ("建成农村公路1913公里。", [QUOTE]),
        ("粮食产量1998吨。", [QUOTE]),
        ("办理案件2019件。", [QUOTE]),
        # sums that do not come out
        ("高9元（33044元 − 13908元 = 9元）。", [INCOME]),
        ("占52%（33044元 ÷ 13908元 = 52%）。", [INCOME]),
    ],
)
def test_what_only_looks_supported_is_caught(answer, quotes):
    assert unsupported(answer, quotes)


# ---- value, unit, direction and bounds

SAID = (
    "预计全市地区生产总值增长5%左右；居民消费价格下降2.5%，旅游总收入突破438亿元，两千多家企业参展，三分之二的村通车，"
    "利润1.2万亿元，第一、二、三产业分别增长4.5%、6.5%、7%以上，网点4个，城镇调查失业率5.2%，税收300亿元，支出400亿元。"
)


@pytest.mark.parametrize(
    "answer",
    [
        "预计地区生产总值增长5%左右。[1]", "居民消费价格下降2.5%。[1]", "旅游总收入突破438亿元。[1]",
        "旅游总收入超过438亿。[1]", "两千多家。[1]", "2000多家。[1]", "三分之二的村。[1]", "利润12000亿元。[1]",
        "第一产业增长4.5%以上。[1]", "第一产业增长4.5%。[1]", "第三产业增长7%以上。[1]",
        "高100亿元（400亿元 − 300亿元 = 100亿元）。[1]", "合计700亿元（400亿元 + 300亿元 = 700亿元）。[1]",
        "为1.33倍（400亿元 ÷ 300亿元 = 1.33倍）。[1]", "高2.7个百分点（5.2% − 2.5% = 2.7个百分点）。[1]",
    ],
)  # fmt: skip
def test_said_as_the_quote_says_it(answer):
    assert unsupported(answer, [SAID]) == set()


@pytest.mark.parametrize(
    "answer",
    [
        "地区生产总值增长5%左右。[1]", "预计地区生产总值增长5%。[1]", "预计地区生产总值下降5%左右。[1]",
        "居民消费价格增长2.5%。[1]", "居民消费价格2.5%。[1]", "居民消费价格下降2.5%左右。[1]",
        "旅游总收入438亿元。[1]", "旅游总收入突破438万元。[1]", "旅游总收入突破438亿美元。[1]",
        "旅游总收入近438亿元。[1]",
        "两千家。[1]", "三千多家。[1]", "三分之一的村。[1]", "利润1.2亿元。[1]", "第三产业增长7%。[1]",
        "城镇调查失业率5.2个百分点。[1]", "城镇调查失业率5.2‰。[1]", "网点4家。[1]",
        "预计地区生产总值增长五成左右。[1]",
        "合计701亿元（400亿元 + 300亿元 = 701亿元）。[1]", "高2.7亿元（5.2% − 2.5% = 2.7亿元）。[1]",
        "为1.35倍（400亿元 ÷ 300亿元 = 1.35倍）。[1]",
    ],
)  # fmt: skip
def test_said_otherwise_than_the_quote(answer):
    assert unsupported(answer, [SAID])


_MEASURED = st.sampled_from(["亿元", "万元", "%", "万人次", "公里", "个百分点", "‰", "亿美元", "户"])
_BOUND = st.sampled_from([("", ""), ("超过", ""), ("近", ""), ("", "左右"), ("", "以上"), ("", "以内"), ("约", "")])
_WAY = st.sampled_from(["增长", "下降", "达"])
_SAID = st.tuples(_WAY, _BOUND, _NUMBER, _MEASURED)


def written(way: str, bound: tuple[str, str], number: str, unit: str) -> str:
    return f"旅游收入{way}{bound[0]}{number}{unit}{bound[1]}"


@settings(max_examples=300, deadline=None)
@given(_SAID)
def test_what_the_quote_says_passes(said):
    assert unsupported(f"2023年，{written(*said)}。[1]", [f"一年来，{written(*said)}，成效明显。"]) == set()


@settings(max_examples=300, deadline=None)
@given(_SAID, _SAID, st.sampled_from(["way", "bound", "unit"]))
def test_what_says_something_else_is_caught(said, other, changed):
    way, bound, number, unit = said
    if changed == "way":
        assume({way, other[0]} == {"增长", "下降"})
        way = other[0]
    elif changed == "bound":
        assume(classes("".join(bound)) != classes("".join(other[1])))
        bound = other[1]
    else:
        assume(unit != other[3] and Decimal(number))
        unit = other[3]
    assert unsupported(f"2023年，{written(way, bound, number, unit)}。[1]", [f"一年来，{written(*said)}，成效明显。"])
