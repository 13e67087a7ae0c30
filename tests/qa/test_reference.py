import html
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from qa.errors import UsageError
from qa.model import Citation, Identity, Region
from qa.reference import STYLES, clean, escape_markdown, one_line, quoted, reference, references

LIANGSHAN = Identity(
    Region("513400", "凉山彝族自治州", "凉山", "prefecture", "510000"),
    2020,
    "凉山彝族自治州第十一届人民代表大会第五次会议",
    "2020-06-08",
    "苏嘎尔布",
)
ABA = Identity(Region("513200", "阿坝藏族羌族自治州", "阿坝", "prefecture", "510000"), 2024)


def _citation(identity: Identity, paragraph: int, quote: str) -> Citation:
    return Citation(
        1, "0" * 12, identity.title, identity.region.name, identity.year, identity.year - 1, "review",
        ("一、回顾",), paragraph, quote, 0, len(quote), "a.txt",
    )  # fmt: skip


FOUGHT = _citation(LIANGSHAN, 12, "“三大攻坚战”成效明显。")
VISITED = _citation(ABA, 10, "实现旅游总收入438亿元。")


@pytest.mark.parametrize(
    ("style", "citation", "identity", "quote", "expected"),
    [
        ("plain", VISITED, ABA, False, "《2024年阿坝藏族羌族自治州政府工作报告》第10段"),
        ("plain", VISITED, ABA, True, "“实现旅游总收入438亿元。”（《2024年阿坝藏族羌族自治州政府工作报告》第10段）"),
        # author. title: other title information[R]. date: place
        (
            "gbt7714", FOUGHT, LIANGSHAN, False,
            "苏嘎尔布. 2020年凉山彝族自治州政府工作报告: 在凉山彝族自治州第十一届人民代表大会第五次会议上[R]. "
            "2020-06-08: 第12段.",
        ),
        # what the report does not state is left out; the year it was delivered is always known
        ("gbt7714", VISITED, ABA, False, "2024年阿坝藏族羌族自治州政府工作报告[R]. 2024: 第10段."),
        (
            "gbt7714", VISITED, replace(ABA, speaker="罗尔伍"), False,
            "罗尔伍. 2024年阿坝藏族羌族自治州政府工作报告[R]. 2024: 第10段.",
        ),
        (
            "gbt7714", FOUGHT, replace(LIANGSHAN, meeting=None, speaker=None), True,
            "“‘三大攻坚战’成效明显。”\n2020年凉山彝族自治州政府工作报告[R]. 2020-06-08: 第12段.",
        ),
        (
            "markdown", VISITED, ABA, False,
            "[^513200-2024-p10]\n\n[^513200-2024-p10]: 《2024年阿坝藏族羌族自治州政府工作报告》第10段",
        ),
        (
            "markdown", VISITED, ABA, True,
            "“实现旅游总收入438亿元。”[^513200-2024-p10]\n\n"
            "[^513200-2024-p10]: 《2024年阿坝藏族羌族自治州政府工作报告》第10段",
        ),
    ],
)  # fmt: skip
def test_a_citation_in_each_style(style, citation, identity, quote, expected):
    assert reference(style, citation, identity, quote) == expected


def test_all_styles_at_once_are_the_single_ones():
    held = references(FOUGHT, LIANGSHAN)
    assert set(held) == {"plain", "plain_quote", "gbt7714", "gbt7714_quote", "markdown", "markdown_quote"}
    for style in STYLES:
        assert held[style] == reference(style, FOUGHT, LIANGSHAN)
        assert held[f"{style}_quote"] == reference(style, FOUGHT, LIANGSHAN, quote=True)


def test_an_unknown_style_is_refused_in_one_line():
    with pytest.raises(UsageError, match="没有引用格式“apa”。可选：plain、gbt7714、markdown。"):
        reference("apa", VISITED, ABA)


def test_what_a_report_claims_to_be_does_no_harm():
    meeting = "大会\n第一次\x00会议\u202e<script>alert(1)</script>"
    held = reference("gbt7714", VISITED, replace(ABA, speaker="甲\r\n乙", meeting=meeting))
    title = "2024年阿坝藏族羌族自治州政府工作报告"
    assert held == f"甲 乙. {title}: 在大会 第一次会议<script>alert(1)</script>上[R]. 2024: 第10段."
    hostile = replace(
        VISITED, report="[x](javascript:alert(1))<img src=x onerror=alert(1)>", quote="<!-- a --> `b` ![c](d)"
    )
    shown = MarkdownIt("commonmark").render(reference("markdown", hostile, ABA, quote=True))
    assert not any(tag in shown for tag in ("<img", "<a", "<script", "<code", "<!--"))
    assert "[x](javascript:alert(1))" in html.unescape(shown)  # there, as text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x00b\x0bc\x1bd", "abcd"),
        ("a\x85b", "a\x85b"),  # XML allows it
        ("右\u202e左\u2066", "右左"),
        ("\ud800半", "半"),
        ("a\ufffe\uffffb\ufeff", "ab"),
        ("一\r\n二\r三\n四\t五", "一\n二\n三\n四\t五"),
        ("🀄𠮷", "🀄𠮷"),
    ],
)
def test_characters_no_document_holds_are_left_out(text, expected):
    assert clean(text) == expected


def test_quotation_marks_within_quotation_marks_are_single():
    assert quoted(" 他说：“好”，\n走了。 ") == "“他说：‘好’， 走了。”"


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
    | st.text("#*_-+=<>[]()`!&;~|$\\ 1.:/@wа中", max_size=20)
)
def test_markdown_shows_an_escaped_line_as_it_is(text):
    line = one_line(text)
    shown = MarkdownIt("commonmark").render(escape_markdown(text))
    assert html.unescape(shown.removeprefix("<p>").removesuffix("</p>\n")) == line
    assert shown.count("<") == (2 if line else 0)  # the paragraph's own
