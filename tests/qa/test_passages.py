import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.model import Identity, Paragraph, Region, Report
from qa.passages import HEADING, LONG, SHORT, clauses, embedding_text, passages, split_sentences
from qa.text import bigrams, fold

REGION = Region("513200", "阿坝藏族羌族自治州", "阿坝", "prefecture", "510000")
TEXTS = st.text(alphabet='全年收入增长35.2。！？；，、“”‘’（）()"! ?的：\n　', max_size=120)


def report(*texts: str, section: tuple[str, ...] = ()) -> Report:
    paragraphs = tuple(
        Paragraph(n, text, 0, len(text), section, 2023, "review") for n, text in enumerate(texts, start=1)
    )
    return Report("r", Identity(REGION, 2024), "r.txt", "\n".join(texts), paragraphs)


@pytest.mark.parametrize(
    "sentences",
    [
        ["全年增长35.2%。", "总量438亿元！", "好不好？", "好"],
        ["就业稳定；物价平稳；收入增加。"],
        ["一是做强工业。", "二是做优农业。", "1.培育龙头；2.建设园区。"],
        ["他说：“我们来了。”", "大家鼓掌。"],
        ["做到“找得到、管得住！”的要求。", "再接再厉。"],
        ["掀起“大干快干！”热潮。", "再接再厉。"],
        ["（此处有掌声。）", "谢谢！！"],
        ["累计（含企业。含个人。）3万户。", "增长1%。"],
        ['他说:"来了。"', '大家说"好。"', "再接再厉。"],
        ["真的吗？！", "真的!", "Yes."],
        ["未闭合“引号的一句。", "第二句。"],
        ["未闭合（括号，“引号里。”", "第二句。"],
    ],
)
def test_sentences(sentences):
    text = "".join(sentences)
    assert [text[start:end] for start, end in split_sentences(text)] == sentences


def test_sentences_end_inside_a_long_quotation():
    inner = "要坚持稳中求进工作总基调，完整准确全面贯彻新发展理念，加快构建新发展格局。" * 3
    assert len(split_sentences(f"会议指出“{inner}”")) == 3


@pytest.mark.parametrize("text", ["", "  \n　"])
def test_nothing_has_no_sentences(text):
    assert split_sentences(text) == []


@given(TEXTS)
def test_sentences_cover_the_text(text):
    spans = split_sentences(text)
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    assert edges == sorted(edges)
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)
    assert not "".join(text[edges[i] : edges[i + 1]] for i in range(0, len(edges), 2)).strip()


@given(st.lists(TEXTS, max_size=4), st.integers(1, 12))
def test_passages_cover_the_paragraphs(texts, times):
    whole = report(*(text * times for text in texts))
    made = passages(whole)
    for paragraph in whole.paragraphs:
        own = [p for p in made if p.paragraph == paragraph.number]
        assert "".join("".join(p.text for p in own).split()) == "".join(paragraph.text.split())
        assert all(p.text == paragraph.text[p.start : p.end] for p in own)
        assert all(len(p.text) > 0 for p in own)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("全域旅游强势而起。全年接待游客5300万人次，实现旅游总收入438亿元。", 1),
        ("全年接待游客5300万人次，实现旅游总收入438亿元。谢谢大家。", 1),
        ("全年接待游客5300万人次，实现旅游总收入438亿元。全年新增城镇就业12000人以上。", 2),
        ("谢谢。", 1),
        ("一。二。三。", 1),
    ],
)
def test_short_sentences_are_joined(text, pieces):
    made = passages(report(text))
    assert len(made) == pieces
    assert all(len(piece.text) >= SHORT for piece in made) or len(text) < SHORT


@pytest.mark.parametrize("mark", ["；", "，", "、", ""])
def test_an_overlong_sentence_is_cut_into_even_windows(mark):
    clause = "推动产业转型升级提质增效" + mark
    text = clause * 60
    made = passages(report(text))
    assert "".join(piece.text for piece in made) == text
    assert all(LONG // 3 <= len(piece.text) <= LONG for piece in made)
    assert all(piece.text.endswith(mark) for piece in made)


def test_sentences_parts_of_long_ones_and_clauses_with_figures_are_embedded_alone():
    long = "着力推进乡村全面振兴；粮食产量稳定在一千亿斤以上，农民收入增长5.2%；改造农村公路和危桥，建设和美乡村。"
    found = clauses(report(f"粮食丰收；市场稳定。{long}"))
    assert {text for *_, text in found} == {
        "粮食丰收；市场稳定。", long, "着力推进乡村全面振兴；", "粮食产量稳定在一千亿斤以上", "农民收入增长5.2%",
        "粮食产量稳定在一千亿斤以上，农民收入增长5.2%；", "改造农村公路和危桥，建设和美乡村。",
    }  # fmt: skip
    assert len({clause[:3] for clause in found}) == len(found)


def test_the_context_names_the_report_and_its_last_two_headings():
    (piece,) = passages(report("全年接待游客5300万人次。", section=("第一部分", "二、" + "长" * 90, "（一）旅游")))
    assert piece.context == f"2024年阿坝藏族羌族自治州政府工作报告 {('二、' + '长' * 90)[:HEADING]} （一）旅游"
    assert embedding_text(piece) == f"{piece.context}：{piece.text}"


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("旅游总收入", ["旅游", "游总", "总收", "收入"]),
        ("438亿元", ["438", "亿元"]),
        ("增长３５.２％", ["增长", "35.2"]),
        ("５Ｇ基站", ["5g", "g基", "基站"]),
        ("5A级景区", ["5a", "a级", "级景", "景区"]),
        ("工业、农业", ["工业", "农业"]),
        ("工 业\n化", ["工业", "业化"]),
        ("1,234万，5，100户", ["1234", "万", "5", "100", "户"]),
        ("GDP总量", ["gdp", "p总", "总量"]),
        ("——！ ", []),
    ],
)
def test_bigrams(text, tokens):
    assert bigrams(text) == tokens


def test_fold():
    assert fold("ＧＤＰ４３８㎡") == "gdp438m2"
