"""English questions get English answers with the report's own figures, and an English reason for silence."""

import re
from decimal import Decimal

import pytest

from qa import english
from qa.figures import Figure
from qa.understand import understand


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What was the tourism revenue of Aba in 2023?", ["Aba, 2023: ", "tourism revenue", "438亿元", "rose 35.2%"]),
        ("How many 5G base stations did Aba build in 2023?", ["Aba, 2023: ", "554个"]),
        ("How much did Liangshan's GDP grow in 2019?", ["Liangshan, 2019: ", "rose", "5.6%"]),
        ("What is Aba's target for GDP growth in 2024?", ["Aba, plan for 2024: ", "6.5%以上"]),
    ],
)
def test_figures(seed_answerer, question, said):
    answer = seed_answerer.ask(question)
    assert answer.answered
    assert all(words in answer.answer for words in said), answer.answer
    assert re.search(r"\[1\]", answer.answer)
    assert answer.citations


@pytest.mark.parametrize(
    ("question", "reason", "said"),
    [
        ("What was the GDP of Paris in 2023?", "no_report", "No government work report"),
        ("What was Beijing's GDP in 2023?", "no_report", "Beijing"),
        ("What is the capital of France?", "not_about_reports", "not about"),
        ("What was Aba's GDP in 2031?", "no_period", "Aba for 2031"),
    ],
)
def test_silence(seed_answerer, question, reason, said):
    answer = seed_answerer.ask(question)
    assert not answer.answered
    assert answer.reason == reason
    assert said in answer.answer


def test_an_expected_figure_is_told_as_expected(seed_answerer):
    assert "expected (预计): GDP" in seed_answerer.ask("What was Aba's GDP in 2023?").answer


@pytest.mark.parametrize(
    ("subject", "kind", "word", "text", "stance", "said"),
    [
        ("旅游收入", "change", "增长", "5%", "review", "rose 5%"),
        ("旅游收入", "change", "下降", "5%", "review", "fell 5%"),
        ("旅游收入", "change", "增长", "5%左右", "plan", "to rise 5%左右"),
        ("旅游收入", "change", "年均增长", "5%", "plan", "to rise (yearly average) 5%"),
        ("居民收入", "change", "增长", "与经济增长同步", "plan", "增长与经济增长同步"),
    ],
)
def test_what_moved(subject, kind, word, text, stance, said):
    value = Decimal(5) if "5" in text else None
    change = Figure(subject, kind, text, value, "%" if value else "", word, 0, 1, (0, 1))
    assert english.moved(change, stance == "plan") == said


@pytest.mark.parametrize(
    ("question", "subject", "named"),
    [
        ("What was the tourism revenue?", "旅游收入", "tourism revenue (旅游收入)"),
        ("What share of budget expenditure goes to livelihood?", "民生支出", "民生支出"),  # what it is a share of
        ("What M2 growth was set?", "广义货币", "money supply (广义货币)"),  # no number that the report has not
        ("What was the concentration of PM2.5?", "PM2.5浓度", "PM2.5 (PM2.5浓度)"),
        ("What was the tourism revenue?", "今年底", ""),
    ],
)
def test_the_name_of_a_figure(question, subject, named):
    assert english._named(understand(question), subject) == named


def test_a_growth_is_told_once(seed_answerer):
    answer = seed_answerer.ask("What was Aba's tourism revenue in 2023, and how much did it grow?").answer
    assert answer.count("35.2%") == 1


def test_an_english_answer_is_english_around_its_figures(seed_answerer):
    answer = seed_answerer.ask("What were the GDP growth targets of Aba and Liangshan in 2024?").answer
    assert "阿坝州" not in answer
    assert "凉山州" not in answer
