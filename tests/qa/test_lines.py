from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa.model import Paragraph
from qa.reading.lines import Block, split_blocks

SEED = next((Path(__file__).resolve().parents[2] / "seeds").glob("000_*.txt")).read_text("utf-8")


def bodies(source: str) -> list[str]:
    return [block.text for block in split_blocks(source) if block.body]


def headings(source: str) -> list[tuple[int, str]]:
    return [(block.level, block.heading) for block in split_blocks(source) if block.heading]


def assert_in_place(source: str, block: Block) -> None:
    """Every character of the block stands where the block says it stands."""
    paragraph = Paragraph(1, block.text, block.start, block.end, (), 2024, "review", block.cuts)
    places = [paragraph.source_offset(i) for i in range(len(block.text))]
    assert "".join(source[at] for at in places) == block.text
    if block.text:
        assert (places[0], places[-1] + 1) == (block.start, block.end) == paragraph.source_span(0, len(block.text))


def test_the_newspaper_jump_of_the_seed_is_mended():
    (jumped,) = [text for text in bodies(SEED) if "二氧化碳提钒" in text]
    assert jumped.startswith("我们坚定不移深化改革开放")
    whole = "".join(bodies(SEED))
    assert "版）" not in whole
    assert "---" not in whole


# What stands on both sides of each break in the seed: (end of one page, beginning of the next)
CUTS = [
    (before, after)
    for lines in [[line.strip() for line in SEED.split("\n") if line.strip() not in ("", "---")]]
    for before, after in zip(lines, lines[1:], strict=False)
    if before[-1] not in "。！：上" and "#" not in before[0] + after[0] and "州长" not in before
]


def test_the_seed_is_cut_ten_times():
    assert len(CUTS) == 10
    assert sum(1 for before, after in CUTS if "版）" in before + after) == 1


@pytest.mark.parametrize(("before", "after"), CUTS, ids=range(len(CUTS)))
def test_every_cut_of_the_seed_is_mended(before, after):
    left = before.removesuffix("（紧转 02 版）").rstrip()[-12:]
    right = after.removeprefix("（紧接 01 版）").lstrip()[:12]
    assert sum(left + right in text for text in bodies(SEED)) == 1


def test_real_ends_of_paragraphs_are_kept():
    ends = [block.text[-1] for block in split_blocks(SEED) if block.body and not block.front]
    assert set(ends) <= set("。！：")


BREAKS = [
    "\n", "\n\n", " \n", "\n\n---\n\n", "\n\n- 12 -\n\n", "\n第 3 页 共 9 页\n", "\n3/12\n", "\n\x0c\n",
    "（紧转 02 版）\n\n（紧接 01 版）", "（下转第三版）\n（上接第一版）\n", "【下转 A2 版】\n\n\n【上接A1版】",
]  # fmt: skip


@pytest.mark.parametrize("broken", BREAKS)
@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("实现旅游总收入4", "38亿元，增长35.2%。"),
        ("实现旅游总收入", "438亿元，增长35.2%。"),
        ("实现旅游总收入438", "亿元，增长35.2%。"),
        ("实现旅游总收入438亿元", "，增长35.2%。"),
        ("实现旅游总收入438亿元，", "增长35.2%。"),
        ("实现旅游总收入438亿元，增长35.", "2%。"),
        ("实现旅游总收入438亿元，增长35.2%", "。"),
    ],
)
def test_figures_on_a_cut_are_read_whole(left, right, broken):
    first = "全年接待游客5300万人次，景区改造、服务提升、宣传推介等各项工作全面推进，"
    source = f"各位代表：\n\n{first}{left}{broken}{right}\n\n下一段话在这里。\n\n末段。\n"
    assert bodies(source)[1:] == [f"{first}{left}{right}", "下一段话在这里。", "末段。"]
    for block in split_blocks(source):
        assert_in_place(source, block)


HEADINGS = [
    ("# 2023年工作回顾", 1, "2023年工作回顾"),
    ("### 三、关于 2020 年重点工作安排建议", 2, "三、关于 2020 年重点工作安排建议"),
    ("一、2023年工作回顾", 2, "一、2023年工作回顾"),
    ("十二、加强政府自身建设", 2, "十二、加强政府自身建设"),
    ("（一）全力稳定经济增长", 3, "（一）全力稳定经济增长"),
    ("(一)全力稳定经济增长", 3, "(一)全力稳定经济增长"),
    ("（二）、全力稳定经济增长", 3, "（二）、全力稳定经济增长"),
    ("第一，坚定不移打赢疫情防控战", 3, "第一，坚定不移打赢疫情防控战"),
    ("第一部分：2023年工作回顾", 1, "第一部分：2023年工作回顾"),
    ("1.全力稳定经济增长", 4, "1.全力稳定经济增长"),
    ("2024年工作安排", 1, "2024年工作安排"),
    ("全域旅游强势而起", 5, "全域旅游强势而起"),
    ("\u3000\u3000一、2023年工作回顾\u3000", 2, "一、2023年工作回顾"),
    ("## 聚焦38件民生实事", 5, "聚焦38件民生实事"),
]


@pytest.mark.parametrize(("line", "level", "heading"), HEADINGS)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_headings(line, level, heading, gap):
    source = gap.join(["各位代表：", line, "过去一年，全州经济稳中有进。", "旅游收入438亿元。", ""])
    assert headings(source) == [(level, heading)]
    assert bodies(source) == ["各位代表：", "过去一年，全州经济稳中有进。", "旅游收入438亿元。"]


@pytest.mark.parametrize(
    ("line", "level", "heading", "body"),
    [
        ("第一，坚定不移防疫。完善防控机制。", 3, "第一，坚定不移防疫", True),
        ("（一）加快发展。实现收入438亿元。", 3, "（一）加快发展", True),
        ("（一）着力改善民生，加快发展社会事业。", 3, "（一）着力改善民生，加快发展社会事业", False),
        ("（一）地区生产总值增长6%左右。", 3, "（一）地区生产总值增长6%左右", True),
    ],
)
def test_run_in_headings(line, level, heading, body):
    (block,) = split_blocks(line + "\n")
    assert (block.level, block.heading, block.text, block.body) == (level, heading, line, body)


BODY = [
    "地区生产总值增长6%左右",
    "旅游总收入438亿元",
    "1.地区生产总值503亿元",
    "一是必须坚持“政治第一要求”。",
    "各位代表：",
    "过去一年，全州经济稳中有进；民生持续改善；",
]


@pytest.mark.parametrize("line", BODY)
def test_facts_and_sentences_are_no_headings(line):
    assert bodies(f"开头的一段。\n\n{line}\n\n# 结尾\n") == ["开头的一段。", line]


def test_a_marked_paragraph_is_no_heading():
    text = "过去一年，全州经济稳中有进，" + "各项工作取得新成效，" * 6 + "旅游收入438亿元。"
    source = f"开头。\n\n## {text}\n"
    assert bodies(source) == ["开头。", text]
    assert_in_place(source, split_blocks(source)[1])


def test_what_stands_before_the_salutation_is_front():
    source = "#\n# 2024年阿坝州政府工作报告\n——2024年1月15日在大会上\n州长 罗某某\n各位代表：\n现在报告工作。\n"
    blocks = split_blocks(source)
    assert [block.text for block in blocks if block.front] == [
        "2024年阿坝州政府工作报告", "——2024年1月15日在大会上", "州长 罗某某"
    ]  # fmt: skip
    assert bodies(source)[-2:] == ["各位代表：", "现在报告工作。"]


@pytest.mark.parametrize("line", ["本作品是中华人民共和国的法律", "责任编辑：某", "（责编：某）", "打印本页"])
def test_nothing_below_the_trailer_is_read(line):
    assert bodies(f"全年收入438亿元。\n\n{line}\n\n另一篇文章。\n") == ["全年收入438亿元。"]


@pytest.mark.parametrize("source", ["", "\n", " \u3000\n\n", "---\n***\n", "#\n", "（紧转 02 版）\n（紧接 01 版）"])
def test_nothing_there(source):
    assert split_blocks(source) == []


@pytest.mark.parametrize("unit", ["（紧转 02 版）", " ", "（", "# ", "。）", "一、\n", "字\n", "\u3000\n"])
def test_long_monotonous_texts_take_no_time(unit):
    split_blocks("x" + unit * 20_000 + "x")


# ---- any lines at all

PIECES = st.sampled_from(
    (
        "# |## |###### |一、|（一）|(二)|第一，|第一部分：|1.|——|各位代表：|同志们|，|。|；|：|！|”|）|…|%|4|38|.5|"
        "亿元|年|2023年|全年|收入|增长| |\u3000|\t|\xa0|\u200b|\ufeff|\x0c|---|（紧转 02 版）|（紧接 01 版）|（|版）|"
        "责任编辑|- 3 -|3/4|\n|\n\n|\n---\n|\n# \n"
    ).split("|")
)  # fmt: skip
SOUP = st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=200))


@settings(max_examples=400, deadline=None)
@given(SOUP)
@example("各位代表\n" * 3)
@example("#\n各位代表")
@example("a\n，b\n\n，c")
@example("# 一、x\n，y")
@example("# # ")
@example("# \u200b# ")
@example("\x1f")
def test_any_text_is_split_in_place(source):
    blocks = split_blocks(source)
    for block in blocks:
        assert_in_place(source, block)
        assert block.text
        assert block.text == block.text.strip(" \t\u3000\xa0")
        assert block.body or block.heading
    places = [place for block in blocks for place in (block.start, block.end)]
    assert places == sorted(places)


@settings(max_examples=200, deadline=None)
@given(SOUP)
def test_no_chinese_is_lost(source):
    if any(line.lstrip().startswith(("责任编辑", "责编")) for line in source.split("\n")):
        return
    kept = "".join(block.text for block in split_blocks(source))
    for word in ("收入", "全年", "亿元"):
        assert kept.count(word) >= source.count(word)
