"""The judge: units, signs, dumping, abstentions. Never milder than the plain scorer of the gold format."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.gold import Place, Question
from eval.judge import LONGEST_FACT, LONGEST_TEXT, figures, judge, normal

SOURCE = "全年接待游客5300万人次，实现旅游总收入 438 亿元，分别增长44.6%、35.2%，超过震前水平。刑事案件下降 23.2%。"


def question(
    must=(("438亿元", "438亿"), ("35.2%",)), must_not=(), kind="value_growth", answerable=True, asked="多少？"
):
    groups = tuple(tuple(group) for group in must) if answerable else ()
    return Question("q-1", asked, kind, answerable, groups, tuple(must_not), (Place("r", 0),) if answerable else ())


def verdict(answer, must, source=SOURCE, **more):
    return judge(question(must, **more), answer, True, source)


@pytest.mark.parametrize(
    ("answer", "expected", "reason"),
    [
        ("旅游总收入438亿元，比上年增长35.2%。[1]", "right", ""),
        ("旅遊總收入 ４３８ 億元，增長 35.2％。[1]", "wrong", "缺 438亿元"),  # no spelling of the gold
        ("旅游总收入 438 亿元，\n增长 35.2％。[1][2]", "right", ""),
        ("旅游总收入438亿元。[1]", "wrong", "缺 35.2%"),
        ("旅游总收入1438亿元，增长35.2%。", "wrong", "缺 438亿元"),
        ("旅游总收入4、38亿元，增长35.2%。", "wrong", "缺 438亿元"),
        ("旅游总收入438[1]亿元，增长35.2%。", "wrong", "缺 438亿元"),
        ("旅游总收入438万元，增长35.2%。", "wrong", "单位不符：答 438万，应为 438亿元"),
        ("旅游总收入438亿美元，增长35.2%。", "wrong", "单位不符"),
        ("旅游总收入438亿元，增长35.2个百分点。", "wrong", "单位不符"),
        ("旅游总收入438亿元，下降35.2%。", "wrong", "方向相反"),
        ("旅游总收入438亿元，负增长35.2%。", "wrong", "方向相反"),
        ("旅游总收入438亿元，增长-35.2%。", "wrong", "方向相反"),
        ("旅游总收入438亿元，同比减35.2%。", "wrong", "方向相反"),
        ("旅游总收入438亿元，较上年变化35.2%。", "right", ""),  # no direction said: not judged
        ("Tourism revenue was 438亿元 and rose 35.2%.", "right", ""),
        ("Tourism revenue was 438亿元 and fell by 35.2%.", "wrong", "方向相反"),
        ("Tourism revenue was 438亿元, a 35.2% decline.", "wrong", "方向相反"),
    ],
)
def test_amount_and_growth(answer, expected, reason):
    judged = judge(question(), answer, True, SOURCE)
    assert judged.verdict == expected
    assert reason in judged.why
    assert bool(judged.why) == (expected != "right")
    assert "\n" not in judged.why


@pytest.mark.parametrize(
    ("answer", "alternative", "source", "expected"),
    [
        ("共438万亿元", "438万", "共438万元", "wrong"),
        ("提高12个百分点", "12个", "新增12个", "wrong"),
        ("新增12个", "12个", "新增12个", "right"),
        ("提高 12 个百分点", "12个百分点", "提高12个百分点", "right"),
        ("新增23686人", "23686", "新增 23686 人", "right"),
        ("新增23686万人", "23686", "新增 23686 人", "wrong"),
        ("新增23686%", "23686", "新增 23686 人", "wrong"),
        ("新增2.3万人", "2.3", "新增 2.3 万人", "right"),
        ("新增2.3亿人", "2.3", "新增 2.3 万人", "wrong"),
        ("新增2.3亿人", "2.3", "报告没有这个数", "right"),  # nothing to compare with
        ("第二产业占33.4%", "33.4", "调整为21.9:33.4:44.7", "right"),
        ("第二产业占33.4万", "33.4", "调整为21.9:33.4:44.7", "wrong"),
        ("rose 5.2 percentage points", "5.2 percent", "增长5.2%", "wrong"),
        ("rose 5.2 percent", "5.2 percent", "增长5.2%", "right"),
        ("三十六年", "十六年", "十六年", "wrong"),
        ("装机645万千瓦", "645万", "装机645万千瓦", "right"),
        ("共1,676.3亿元", "1676.3亿", "共1676.3亿元", "right"),
        ("到位438亿欧元", "438亿", "到位438亿欧元", "right"),
        ("到位438亿元", "438亿", "到位438亿欧元", "wrong"),
    ],
)
def test_units(answer, alternative, source, expected):
    assert verdict(answer, [[alternative]], source, kind="value").verdict == expected


def test_the_unit_of_a_bare_number_may_come_from_its_other_spelling():
    group = ["323.96亿", "323.96"]
    assert verdict("约323.96亿元", [group], "", kind="computed").verdict == "right"
    assert verdict("约323.96万元", [group], "", kind="computed").verdict == "wrong"


@pytest.mark.parametrize(
    ("answer", "alternative", "source", "expected"),
    [
        ("刑事案件上升23.2%", "23.2%", SOURCE, "wrong"),
        ("刑事案件下降13%、23.2%", "23.2%", SOURCE, "right"),  # one verb for an enumeration
        ("起数、人数分别增长13%、23.2%", "23.2%", SOURCE, "wrong"),
        ("收入下降，案件数23.2%", "23.2%", SOURCE, "right"),  # the word stands in another clause
        ("农业下降3%，工业增长3%", "3%", "农业下降3%，工业增长3%", "right"),  # the source has it with both signs
        ("增加值下降3%", "3%", "增加值增长3%", "wrong"),
        ("增加值3%", "3%", "下降3%", "right"),  # 增加值 is no growth
        ("目标下调至5%", "5%", "增长5%左右", "right"),  # to a level, not by an amount
        ("贫困发生率升至4%", "4%", "贫困发生率降至4%", "wrong"),
        ("减少了5.3万人", "5.3万", "新增就业5.3万人", "wrong"),
        ("能耗3.4%的降幅", "3.4%", "能耗下降3.4%", "right"),
        ("能耗3.4%的增幅", "3.4%", "能耗下降3.4%", "wrong"),
        ("相差92.2亿元（530.2亿元 − 438亿元 = 92.2亿元）", "438亿", "总收入增长438亿元", "right"),  # no minus sign
    ],
)
def test_signs(answer, alternative, source, expected):
    assert verdict(answer, [[alternative]], source, kind="value").verdict == expected


def test_must_not_is_matched_at_number_boundaries():
    assert verdict("增长35.2%，游客增长44.6%", [["35.2%"]], must_not=["44.6%"]).why.startswith("含错误 44.6%")
    assert verdict("增长35.2%", [["35.2%"]], must_not=["5.2%", "2%"]).verdict == "right"


@pytest.mark.parametrize(
    ("kind", "answer", "expected"),
    [
        ("value", "438亿元，增长1%、2%", "right"),
        ("value", "438亿元，增长1%、2%、3%", "wrong"),
        ("value", "2021年、2022年和2023年分别为：（1）1%、2%、438亿元", "right"),  # years and list marks
        ("value", "PM2.5、5G、G5京昆：438亿元", "right"),  # numbers in names
        ("comparison", "438亿元；9亿元，增长2%（438亿元 − 9亿元 = 429亿元）", "right"),
        ("comparison", "438亿元，1%、2%、3%、4%、5%", "wrong"),
        ("list", "438亿元，1%、2%、3%、4%、5%", "right"),
        ("value", "438亿元" + "字" * LONGEST_FACT, "wrong"),
        ("qualitative", "438亿元" + "字" * LONGEST_FACT, "right"),
        ("qualitative", "438亿元" + "字" * LONGEST_TEXT, "wrong"),
    ],
)
def test_dumping(kind, answer, expected):
    assert verdict(answer, [["438亿元"]], kind=kind).verdict == expected


def test_two_amounts_compared_may_bring_their_growth():
    must = [["438亿元"], ["530.2亿元"]]
    answer = "438亿元，增长35.2%；530.2亿元，增长21.4%；相差92.2亿元（530.2亿元 − 438亿元 = 92.2亿元）"
    assert verdict(answer, must, kind="comparison").verdict == "right"
    assert verdict(answer, must[:1], kind="value").verdict == "wrong"


def test_figures_beside_a_name_are_not_taken_for_it():
    assert verdict("打通阿布洛哈村，新增95个乡镇、1310个村，率达100%", [["阿布洛哈"]], kind="entity").verdict == "right"


@pytest.mark.parametrize(
    ("answer", "answered", "expected"),
    [
        ("报告没有说明2019年的数额。", False, "right"),
        ("报告没有说明5G和300亿元以上企业的情况。", False, "right"),  # 300亿 stands in the question
        ("报告没有说明，可能是438亿元。", False, "bluff"),
        ("报告没有说明，可能是300万。", False, "bluff"),
        ("旅游总收入438亿元。", True, "bluff"),
        ("没有数字的回答。", True, "bluff"),
    ],
)
def test_unanswerable(answer, answered, expected):
    asked = question(answerable=False, kind="unanswerable", asked="300亿元以上的企业有几家？")
    assert judge(asked, answer, answered).verdict == expected


def test_an_abstention_is_silent_whatever_it_says():
    assert judge(question(), "旅游总收入438亿元，增长35.2%。", False, SOURCE).verdict == "silent"


AMOUNTS = st.decimals(min_value=1, max_value=9999, places=1).map(lambda d: format(d.normalize(), "f"))
CHANGES = st.sampled_from([("增长", "下降"), ("提高", "降低"), ("上升", "回落"), ("增加", "减少")])
SCALES = ("万", "亿", "万亿", "百", "")


def told(amount, scale, rate, unit, word):
    return f"2023年，旅游总收入{amount}{scale}元，比上年{word}{rate}{unit}。[1]"


@given(AMOUNTS, AMOUNTS, st.sampled_from(["万", "亿", "万亿"]), CHANGES, st.booleans(), st.data())
def test_a_right_answer_changed_in_unit_digit_or_sign_is_never_right(amount, rate, scale, words, flip, data):
    word, other = words[::-1] if flip else words
    source = f"实现旅游总收入 {amount} {scale}元，{word} {rate}%。"
    asked = question([[f"{amount}{scale}元", f"{amount}{scale}", amount], [f"{rate}%"]])
    assert judge(asked, told(amount, scale, rate, "%", word), True, source).verdict == "right"
    wrong_scale = data.draw(st.sampled_from([one for one in SCALES if one != scale]))
    wrong_unit = data.draw(st.sampled_from(["个百分点", "‰", "", "万"]))
    at = data.draw(st.sampled_from([i for i, char in enumerate(rate) if char != "."]))
    digit = data.draw(st.sampled_from([d for d in "123456789" if d != rate[at]]))
    changed = rate[:at] + digit + rate[at + 1 :]
    for answer in [
        told(amount, wrong_scale, rate, "%", word),
        told(amount, scale, rate, wrong_unit, word),
        told(amount, scale, changed, "%", word),
        told(amount, scale, rate, "%", other),
    ]:
        assert judge(asked, answer, True, source).verdict == "wrong", answer


@given(st.text(alphabet="0123456789.,，、:％%‰万亿个百分点增长降-−（）()[]年 \n元ab", max_size=60))
def test_figures_stand_where_they_say(text):
    text = normal(text)
    found = figures(text)
    for figure in found:
        assert Decimal(figure.digits) == figure.value >= 0
        span = text[figure.start : figure.end]
        assert "".join(c for c in span if c in "0123456789.") == figure.digits
        assert figure.end <= figure.stop
    assert [f.start for f in found] == sorted(f.start for f in found)


@given(st.text(max_size=80), st.text(max_size=80), st.booleans())
def test_any_text_is_judged(answer, source, answered):
    judged = judge(question(), answer, answered, source)
    assert judged.verdict in ("right", "wrong", "silent")
    assert len(judged.why.splitlines()) <= 1
