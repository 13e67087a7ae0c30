"""English numbers are put as a report has them, so that one rule set checks both languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.check import folded, normal, quantities, same_amount, unsupported
from qa.english_numbers import in_chinese


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("43.8 billion yuan", "438亿元"),
        ("RMB 43.8 billion", "438亿元"),
        ("¥43.8bn", "438亿元"),
        ("1.5 trillion yuan", "15000亿元"),
        ("53 million visitors", "5300万visitors"),
        ("6.29 hundred million yuan", "6.29亿元"),
        ("two hundred million yuan", "2亿元"),
        ("US$3.2 million", "320万美元"),
        ("1500 kilometers", "1500公里"),
        ("1.1 percentage points", "1.1个百分点"),
        ("35.2 percent", "35.2%"),
        ("35.2 per cent", "35.2%"),
        ("more than 300 households", "超过300households"),
        ("no less than 5%", "不低于5%"),
        ("about 8%", "约8%"),
        ("6.5% or more", "6.5%以上"),
        ("6.5% or above", "6.5%以上"),
        ("nearly 5%", "近5%"),
        ("grew by 8%", "增长8%"),
        ("fell 8%", "下降8%"),
        ("rose to 5%", "增长到5%"),
        ("on September 28, 2023", "on2023年9月28日"),
        ("28 September 2023", "2023年9月28日"),
        ("in June 2020", "in2020年6月"),
        ("In 2023, GDP", "In 2023年, GDP"),
        ("compared with 2019.", "compared with 2019年."),
        ("technology contracts", "technology contracts"),
        ("five measures", "5 measures"),
        ("set up 5 parks", "set up 5 parks"),
    ],
)
def test_english_numbers(english, chinese):
    assert in_chinese(english).replace(" ", "") == chinese.replace(" ", "")


@pytest.mark.parametrize("text", ["旅游总收入438亿元，增长35.2%。", "GDP", "", "5G基站554个", "2023年"])
def test_chinese_stays_as_it_is(text):
    assert in_chinese(text) == text


QUOTE = "全年接待游客5300万人次，实现旅游总收入438亿元，分别增长44.6%、35.2%。超过2600家企业，预计增长约8%。"


@pytest.mark.parametrize(
    "sentence",
    [
        "Tourism revenue was 43.8 billion yuan.",
        "Tourism revenue was 43,800 million yuan.",
        "It rose 35.2 percent.",
        "Over 2,600 companies came.",
        "It is expected to grow by about 8%.",
    ],
)
def test_english_is_supported(sentence):
    assert unsupported(sentence, [QUOTE]) == set()


@pytest.mark.parametrize(
    "sentence",
    [
        "Tourism revenue was 438 billion yuan.",
        "Tourism revenue was 4.38 billion yuan.",
        "Tourism revenue was 43.8 million yuan.",
        "Tourism revenue was 43.8 billion dollars.",
        "It fell 35.2 percent.",
        "It rose 35.2 percentage points.",
        "2,600 companies came.",
        "Under 2,600 companies came.",
        "It grew by 8%.",
        "Two trillion yuan was spent.",
    ],
)
def test_wrong_english_is_not(sentence):
    assert unsupported(sentence, [QUOTE])


_POWERS = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 99999), st.integers(0, 2), st.sampled_from(sorted(_POWERS)), st.sampled_from(sorted(_POWERS)))
def test_an_amount_is_itself_and_no_other(digits, places, said, other):
    value = f"{digits / 10**places:.{places}f}"
    ours = quantities(normal(f"It was {value} {said} yuan."))[0]
    yuan = round(digits * 10 ** (_POWERS[said] - places))
    assert ours.scaled == yuan
    theirs = quantities(normal(f"It was {value} {other} yuan."))[0]
    assert same_amount(ours, theirs) == (said == other)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_folded(text):
    assert isinstance(folded(text), str)
