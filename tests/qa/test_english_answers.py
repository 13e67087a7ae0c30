"""English questions get English answers with the report's own figures, and an English reason for silence."""

import re

import pytest


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
