"""Two passages that give different values for the very same thing are both told."""

import pytest

from qa.answer import Answerer
from qa.config import Config
from qa.library import Library

HEAD = "政府工作报告\n——2024年1月20日在康定市第四届人民代表大会第三次会议上\n康定市人民政府市长 扎西\n各位代表：\n"
REVIEW = "一、2023年工作回顾\n"
REST = (
    "农业农村稳步发展，粮食总产量1.8万吨，新建高标准农田0.6万亩，改造农村公路52公里，群众生活不断改善。\n"
    "社会事业全面进步，新建学校3所、卫生院2所，城镇新增就业1260人，城乡居民基本医疗保险参保率达到98.6%。\n"
)
PLAN = "二、2024年工作安排\n今年的主要目标是：地区生产总值增长6%以上。\n"


def ask(tmp_path, body, question):
    path = tmp_path / "report.txt"
    path.write_text(HEAD + REVIEW + body + REST + PLAN, "utf-8")
    library = Library.open(Config(tmp_path / "home"))
    assert [result.outcome for result in library.add([path])] == ["added"]
    return Answerer(library).ask(question)


@pytest.mark.parametrize(
    ("body", "values"),
    [
        (
            "一年来，全市实现旅游总收入86亿元，比上年增长12%。\n文旅融合发展。全市实现旅游总收入91亿元，创历史新高。\n",
            {"86亿元", "91亿元"},
        ),
        ("一年来，全市实现旅游总收入86亿元。\n文旅融合发展。全市旅游总收入86亿元，创历史新高。\n", {"86亿元"}),
        ("一年来，全市实现旅游总收入86亿元。\n上半年，旅游总收入41亿元，增长势头良好。\n", {"86亿元"}),
        ("一年来，全市实现旅游总收入86亿元。\n文旅融合发展。旅游总收入突破85亿元，创历史新高。\n", {"85亿元"}),
    ],
)
def test_both_values_are_told_where_they_contradict(tmp_path, body, values):
    answer = ask(tmp_path, body, "2023年康定旅游总收入多少")
    assert {value for value in ("86亿元", "91亿元", "41亿元", "85亿元") if value in answer.answer} == values
    assert ("不一致" in answer.answer) == (len(values) > 1)
    assert len(answer.citations) == len(values)
