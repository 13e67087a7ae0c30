"""A report that looks back on five years and on one, and forward to both: each question gets the right part."""

import pytest

from qa.answer import Answerer
from qa.config import Config
from qa.library import Library

REPORT = """政府工作报告
——2026年1月20日在康定市第五届人民代表大会第一次会议上
康定市人民政府市长 扎西
各位代表：
一、“十四五”时期和2025年工作回顾
“十四五”时期是康定发展进程中极不平凡的五年。
——综合实力跃上新台阶。地区生产总值突破150亿元、达到152.6亿元，年均增长6.2%，旅游收入占地区生产总值比重从2020年的18%提高到26%。
——基础设施全面提升。新改建农村公路860公里，新增公办幼儿园学位3600个，经营主体从1.2万户增至1.9万户。
刚刚过去的2025年，我们较好完成了各项任务。
——经济运行稳中向好。地区生产总值增长5.8%，三季度增速回落之后及时加力，全年一般公共预算收入增长4.1%。
——民生福祉持续改善。新改建农村公路120公里，新增公办幼儿园学位500个，折多、塔公两个景区分别接待游客86万人次、42万人次。
在肯定成绩的同时，我们也清醒地认识到，产业结构还不优，部分干部担当精神不足。
二、“十五五”时期主要目标
“十五五”时期是康定夯实基础的关键五年。地区生产总值年均增长6%左右，常住人口城镇化率提高到62%。
三、2026年重点工作
今年的主要预期目标是：地区生产总值增长6.5%左右，一般公共预算收入增长4%，新改建农村公路150公里。
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("five")
    path = folder / "report.txt"
    path.write_text(REPORT, "utf-8")
    library = Library.open(Config(folder / "home"))
    assert [result.outcome for result in library.add([path])] == ["added"]
    return Answerer(library)


@pytest.mark.parametrize(
    ("question", "told", "not_told"),
    [
        ("康定2025年新改建农村公路多少公里", ("2025年，康定市新改建农村公路120公里",), ("860", "150")),
        ("“十四五”时期康定新改建农村公路多少公里", ("“十四五”时期，康定市新改建农村公路860公里",), ("120", "150")),
        ("康定2026年计划新改建农村公路多少公里", ("2026年，康定市计划", "150公里"), ("120", "860")),
        ("康定2025年地区生产总值增长多少", ("5.8%",), ("6.2%", "6.5%")),
        ("康定“十四五”时期地区生产总值年均增长多少", ("6.2%",), ("5.8%", "6.5%")),
        ("康定“十五五”时期地区生产总值年均增长目标", ("“十五五”时期", "6%左右"), ("6.5%", "5.8%")),
        ("康定2026年地区生产总值增长目标", ("6.5%左右",), ("5.8%", "6.2%")),
        ("康定“十五五”末常住人口城镇化率要达到多少", ("62%",), ()),
        ("康定2025年地区生产总值多少", ("152.6亿元",), ("5.8%",)),
        ("康定旅游收入占地区生产总值的比重，2025年比2020年提高了多少个百分点", ("8个百分点", "26%", "18%"), ()),
        ("康定“十四五”时期经营主体净增多少万户", ("0.7万户", "1.9万户", "1.2万户"), ()),
        ("康定2025年一般公共预算收入增长多少", ("4.1%",), ()),
        ("2025年塔公景区接待游客多少人次", ("42万人次",), ("86万",)),
        ("康定政府在2026年报告里承认自身有哪些不足", ("担当精神不足",), ()),
    ],
)
def test_each_question_gets_its_part(answerer, question, told, not_told):
    answer = answerer.ask(question)
    assert all(words in answer.answer for words in told), answer.answer
    assert not any(words in answer.answer for words in not_told), answer.answer


@pytest.mark.parametrize(
    "question",
    ["康定2025年三季度地区生产总值增长多少", "康定2024年新改建农村公路多少公里", "康定2025年森林覆盖率多少"],
)
def test_what_it_does_not_tell(answerer, question):
    assert not answerer.ask(question).answered
