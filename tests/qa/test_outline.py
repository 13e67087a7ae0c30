import re
from pathlib import Path

import pytest

from qa.reading import READERS, read_report
from qa.reading.lines import split_blocks
from qa.reading.outline import build_paragraphs

REPOSITORY = Path(__file__).resolve().parents[2]
CORPUS = REPOSITORY.parent / "shared/corpus"
SEEDS = sorted((REPOSITORY / "seeds").glob("*.txt"))
REPORTS = [*SEEDS, *(path for path in sorted(CORPUS.rglob("*")) if path.suffix in READERS)]
LIANGSHAN, ABA = (read_report(path) for path in SEEDS)
CHINESE = re.compile(r"[\u3400-\u9fff]")
JUMP = re.compile(r"（紧[转接] \d+ 版）")
TRAILER = re.compile(r"^(?:本作品是?中华人民共和国|注：中文维基文库)", re.M)


def told(text: str, year: int = 2024) -> list[tuple[str, int]]:
    return [(p.stance, p.period) for p in build_paragraphs(split_blocks(text), year)]


def paragraph(report, beginning: str):
    (found,) = [p for p in report.paragraphs if p.text.startswith(beginning)]
    return found


# ---- the seeds


@pytest.mark.parametrize(
    ("report", "beginning", "stance", "period", "section"),
    [
        (LIANGSHAN, "今年伊始，面对突如其来", "review", 2020, "一、关于新冠肺炎疫情防控"),
        (LIANGSHAN, "严防死守断疫源", "review", 2020, "一、关于新冠肺炎疫情防控"),
        (LIANGSHAN, "各位代表，在这场艰苦卓绝", "review", 2020, "一、关于新冠肺炎疫情防控"),
        (LIANGSHAN, "我们全力打好经济下行阻击战", "review", 2019, "二、关于 2019 年工作"),
        (LIANGSHAN, "我们坚定不移深化改革开放", "review", 2019, "二、关于 2019 年工作"),
        (LIANGSHAN, "各位代表，我们也清醒看到", "review", 2019, "二、关于 2019 年工作"),
        (LIANGSHAN, "今年政府工作的总体要求是", "plan", 2020, "三、关于 2020 年重点工作安排建议"),
        (LIANGSHAN, "严防疫情输入反弹", "plan", 2020, "第一，坚定不移打赢疫情防控战"),
        (LIANGSHAN, "第九，坚定不移保障和改善民生", "plan", 2020, "第九，坚定不移保障和改善民生"),
        (LIANGSHAN, "过去一年，我们坚持以党的政治建设", "review", 2019, "四、关于加强政府自身建设"),
        (LIANGSHAN, "我们将认真落实新时代党的建设", "plan", 2020, "四、关于加强政府自身建设"),
        (LIANGSHAN, "坚定自觉廉洁从政", "plan", 2020, "四、关于加强政府自身建设"),
        (ABA, "刚刚过去的2023年", "review", 2023, "2023年工作回顾"),
        (ABA, "全域旅游强势而起", "review", 2023, "二、经济发展实现新突破"),
        (ABA, "廉政建设再上新台阶", "review", 2023, "七、自身建设迈出新步伐"),
        (ABA, "2024年是“十四五”规划的攻坚之年", "plan", 2024, "2024年工作安排"),
        (ABA, "今年全州经济社会发展的主要预期目标", "plan", 2024, "2024年工作安排"),
        (ABA, "畅通立体交通网", "plan", 2024, "三、在补齐基础短板上加速发力，打好“设施建设”大会战"),
        (ABA, "加快建设廉洁型政府", "plan", 2024, "九、在优化政府形象上靶向发力，打好“作风建设”持久战"),
    ],
)
def test_paragraphs_of_the_seeds(report, beginning, stance, period, section):
    found = paragraph(report, beginning)
    assert (found.stance, found.period, found.section[-1]) == (stance, period, section)


@pytest.mark.parametrize(("report", "count"), [(LIANGSHAN, 77), (ABA, 71)])
def test_paragraphs_are_numbered_from_one(report, count):
    assert [p.number for p in report.paragraphs] == list(range(1, count + 1))


def test_sections_nest():
    assert paragraph(ABA, "全域旅游强势而起").section == ("2023年工作回顾", "二、经济发展实现新突破")
    assert paragraph(LIANGSHAN, "加快交通基础设施建设").section == (
        "三、关于 2020 年重点工作安排建议", "第七，坚定不移实施重点领域补短板行动"
    )  # fmt: skip
    assert paragraph(LIANGSHAN, "坚定自觉依法行政").section == ("四、关于加强政府自身建设",)


# ---- every report at hand


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the development corpus is not here")
def test_the_corpus_is_read():
    assert len(REPORTS) == 2 + 27


@pytest.fixture(params=REPORTS, ids=lambda path: path.stem[:10], scope="module")
def report(request):
    return read_report(request.param)


def test_every_character_stands_at_its_offset(report):
    for p in report.paragraphs:
        assert p.text
        places = [p.source_offset(i) for i in range(len(p.text))]
        assert "".join(report.text[at] for at in places) == p.text
        assert places == sorted(set(places))
        assert p.source_span(0, len(p.text)) == (p.start, p.end)
    ends = [place for p in report.paragraphs for place in (p.start, p.end)]
    assert ends == sorted(ends)


def test_nothing_chinese_is_lost(report):
    blocks = split_blocks(report.text)
    read = "".join(CHINESE.findall("".join(block.text for block in blocks)))
    source = JUMP.sub("", report.text)
    if end := TRAILER.search(source):
        source = source[: end.start()]
    assert read == "".join(CHINESE.findall(source))
    kept = [block.text for block in blocks if block.body]
    assert kept == [p.text for p in report.paragraphs]


def test_headings_hold_no_facts(report):
    for block in split_blocks(report.text):
        if not block.body:
            assert len(block.text) <= 60
            assert not re.search(r"\d[亿万%]", block.text)


def test_a_report_looks_back_then_ahead(report):
    year = report.identity.year
    assert {(p.stance, p.period) for p in report.paragraphs} >= {("review", year - 1), ("plan", year)}
    reviews = [p.number for p in report.paragraphs if p.stance == "review"]
    plans = [p.number for p in report.paragraphs if p.stance == "plan"]
    assert sum(reviews) / len(reviews) < sum(plans) / len(plans)
    for p in report.paragraphs:
        assert p.period >= year if p.stance == "plan" else p.period <= year


# ---- rules


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023年工作回顾\n收入增长。\n2024年工作安排\n收入增长。\n", [("review", 2023), ("plan", 2024)]),
        ("一、过去一年工作\n收入增长。\n二、今年工作安排\n收入增长。\n", [("review", 2023), ("plan", 2024)]),
        ("一、过去五年工作回顾\n收入增长。\n二、下一步工作建议\n收入增长。\n", [("review", 2023), ("plan", 2024)]),
        ("一、2022年和2023年工作\n收入增长。\n", [("review", 2023)]),
        ("今年以来，疫情得到控制。\n收入增长。\n", [("review", 2024), ("review", 2023)]),
        ("二、2024年工作安排\n过去一年，收入增长。\n我们将加快发展。\n收入增长。\n",
         [("review", 2023), ("plan", 2024), ("plan", 2024)]),
        ("一、2023年工作回顾\n收入增长。\n今年，我们将加快发展。\n", [("review", 2023), ("plan", 2024)]),
        ("二、2024年工作安排\n（一）推动改革取得新突破\n加快发展。\n", [("plan", 2024)]),
        ("收入增长。\n", [("review", 2023)]),
        ("", []),
    ],
)  # fmt: skip
def test_stance_and_period(text, expected):
    assert told(text) == expected


def test_the_title_is_no_section():
    (first,) = build_paragraphs(split_blocks("# 2024年阿坝州政府工作报告\n\n收入增长。\n\n"), 2024)
    assert first.section == ()


def test_deeper_headings_end_with_their_parent():
    text = "一、甲部分\n（一）乙部分\n1.丙部分\n甲乙丙。\n（二）丁部分\n甲丁。\n二、戊部分\n戊。\n"
    assert [p.section for p in build_paragraphs(split_blocks(text), 2024)] == [
        ("一、甲部分", "（一）乙部分", "1.丙部分"), ("一、甲部分", "（二）丁部分"), ("二、戊部分",)
    ]  # fmt: skip
