"""Which questions are about a report itself."""

import pytest

from qa.front import asks_about_report
from qa.understand import understand


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("王某某是哪一天在省人代会上作2026年云南省政府工作报告的？", True),
        ("2024年阿坝的政府工作报告是哪天作的", True),
        ("2024年阿坝政府工作报告是几月几号在人代会上作的", True),
        ("2024年阿坝政府工作报告是谁作的", True),
        ("海南自贸港计划什么时候封关运作？（2025年省政府工作报告）", False),
        ("什么时候开工作业，2025年政府工作报告怎么说", False),
        ("2025年报告说什么时候建成通车", False),
    ],
)
def test_questions_about_a_report(question, about):
    assert asks_about_report(understand(question)) is about
