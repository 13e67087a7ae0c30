"""A stream gives the same whole sentences however it is cut."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa.llm.sentences import LONGEST, sentences, without_thoughts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("旅游总收入438亿元。[1]增长35.2%。[1][2]", ["旅游总收入438亿元。[1]", "增长35.2%。[1][2]"]),
        ("旅游总收入438亿元[1]。增长35.2%[2]。", ["旅游总收入438亿元[1]。", "增长35.2%[2]。"]),
        ("甲。 [1，2] 乙。【3】", ["甲。 [1，2]", "乙。【3】"]),
        ("计划：甲1亿元；乙2亿元。[1]", ["计划：甲1亿元；乙2亿元。[1]"]),
        ("It was 43.8 billion yuan. [1] It rose 35.2%. [1]", ["It was 43.8 billion yuan. [1]", "It rose 35.2%. [1]"]),
        ("In 2023. Then U.S. dollars fell. ", ["In 2023.", "Then U.S. dollars fell."]),
        ("- 一是甲[1]\n- 二是乙[2]\n", ["一是甲[1]", "二是乙[2]"]),
        ("1. 甲项。[1]\n2. 乙项。[2]", ["甲项。[1]", "乙项。[2]"]),
        ("**旅游**收入`438亿元`。[1]", ["旅游收入438亿元。[1]"]),
        ("他说“好！”[1]再见。", ["他说“好！”[1]", "再见。"]),
        ("完整。[1]没有说完的", ["完整。[1]"]),
        ("没有句号但有出处[1]", ["没有句号但有出处[1]"]),
        ("完整。[1", ["完整。"]),
        ("<think>先想想。再想。</think>旅游收入438亿元。", ["旅游收入438亿元。"]),
        ("<think>想不完。", []),
        ("先想。</think>收入438亿元。", ["先想。", "收入438亿元。"]),
        ("a < b。", ["a < b。"]),
        ("", []),
        (" \n\n ", []),
        ("。。。", ["。。。"]),
        ("长" * (LONGEST + 1) + "。短句。", []),
    ],
)
def test_whole_sentences(text, expected):
    assert list(sentences([text])) == expected
    assert list(sentences(text)) == expected  # one character at a time


@st.composite
def cut_texts(draw) -> list[str]:
    parts = st.sampled_from(
        ["。", "！", "；", "\n", " ", ".", "[1]", "[", "1", "23", "]", "，", "【2】", "<think>", "</think>", "<", "”",
         "A",
         "旅游收入438亿元", "rose 35.2%", "- ", "1. ", "**", "长" * 400, ")"]
    )  # fmt: skip
    text = "".join(draw(st.lists(parts | st.text(max_size=3), max_size=14)))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]


@settings(max_examples=600, deadline=None)
@given(cut_texts())
@example(["甲。", "\n", "[1", "\n2]", "乙。"])
@example(["甲。" + " " * (LONGEST + 9), "乙。"])
@example(["长" * 1199, ".", " ", "x。"])
def test_the_cut_makes_no_difference(pieces):
    whole = list(sentences(["".join(pieces)]))
    assert list(sentences(pieces)) == whole
    assert list(sentences("".join(pieces))) == whole
    assert all(s.strip() == s and s for s in whole)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=20), max_size=6))
def test_nothing_is_made_up(pieces):
    text = "".join(pieces)
    assert all(
        s in text.replace("**", "").replace("__", "").replace("`", "") for s in sentences(pieces) if "<" not in s
    )


def test_what_was_whole_comes_before_the_error():
    def broken():
        yield "甲。[1]乙。[2]丙"
        raise ConnectionError

    found = []
    with pytest.raises(ConnectionError):
        for sentence in sentences(broken()):
            found.append(sentence)
    assert found == ["甲。[1]", "乙。[2]"]


def test_an_endless_stream_ends():
    def endless():
        while True:
            yield "哈"

    assert list(sentences(endless())) == []


def test_thoughts_cut_in_two():
    assert "".join(without_thoughts(["甲<th", "ink>想", "想</thi", "nk>乙"])) == "甲乙"
