"""Citations checked against source and evidence; figures of the answer against the quotes."""

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.citations import check_citations, stands_at, unsupported
from eval.gold import DERIVED_TYPES, GOLD_FOLDER, Place, Question, load_gold
from eval.record import CitationCheck

FIRST = "全年接待游客5300万人次，实现旅游总收入 438 亿元，分别增长44.6%、35.2%。"
SECOND = "旅游业复苏势头强劲。"
LINE = FIRST + SECOND
TEXT = f"一、回顾\n\n{LINE}\n其他。"
EVIDENCE = [("r", FIRST)]


def question(evidence=(FIRST,)):
    return Question("q-1", "2023年旅游收入？", "value", True, (("438亿元",),), (), (Place("r", 1),), ("r",), evidence)


def cited(*quotes, text="收入438亿元。[1]", answered=True, report="r", shift=0):
    citations = [
        {"report_id": report, "quote": q, "start": TEXT.find(q) + shift, "end": TEXT.find(q) + len(q) + shift}
        for q in quotes
    ]
    return {"answer": text, "answered": answered, "citations": citations}


def check(answer, evidence=EVIDENCE, asked=None):
    return check_citations(asked or question(), answer, {"r": TEXT, "s": TEXT}.__getitem__, evidence)


def test_a_quote_of_the_evidence():
    assert check(cited(FIRST)) == CitationCheck(1, 1, 1, 1, 1, ())


@pytest.mark.parametrize(
    ("answer", "on_evidence", "covered", "verbatim"),
    [
        (cited(LINE), 1, 1, 1),
        (cited(SECOND), 0, 0, 1),
        (cited("实现旅游总收入 438 亿元"), 1, 0, 1),  # a part of the evidence
        (cited(FIRST, SECOND), 1, 1, 2),
        (cited(FIRST, shift=1), 1, 1, 0),
        (cited(FIRST, report="s"), 0, 0, 1),  # the same words in another report
        (cited(FIRST, report="unknown"), 0, 0, 0),
        (cited(FIRST.replace("438", "538")), 0, 0, 0),
        (cited(), 0, 0, 0),
    ],
)
def test_where_a_quote_stands(answer, on_evidence, covered, verbatim):
    found = check(answer)
    assert (found.on_evidence, found.covered, found.verbatim) == (on_evidence, covered, verbatim)
    assert (found.quotes, found.evidence) == (len(answer["citations"]), 1)


def test_offsets_that_are_no_numbers():
    answer = cited(FIRST)
    answer["citations"][0]["start"] = None
    assert check(answer).verbatim == 0


def test_evidence_is_counted_by_sentence():
    found = check(cited(SECOND), [("r", LINE)], question((LINE,)))
    assert (found.evidence, found.covered, found.on_evidence) == (2, 1, 1)


def test_without_evidence_sentences_lines_are_counted():
    lines = [("r", LINE), ("r", "其他。")]
    found = check(cited(FIRST), lines, question(()))
    assert (found.evidence, found.covered, found.on_evidence) == (2, 1, 1)


def test_an_abstention_has_nothing_to_check():
    assert check(cited(FIRST, answered=False)) == CitationCheck()


@pytest.mark.parametrize(
    ("source", "quote", "stands"),
    [
        ("收入438亿元，\n\n增长35.2%。", "收入438亿元，增长35.2%。", True),
        ("收入 438\u200b亿元", "收入438亿元", True),
        ("收入438亿元，\n- 3 -\n增长35.2%。", "收入438亿元，增长35.2%。", True),
        ("收入438亿元，\n\n---\n\n增长35.2%。", "收入438亿元，增长35.2%。", True),
        ("收入438亿元，\n第 3 页 共 20 页\n增长35.2%。", "收入438亿元，增长35.2%。", True),
        ("收入438亿元，\n3/20\n增长35.2%。", "收入438亿元，增长35.2%。", True),
        ("收入438亿元，（紧转 02 版）\n\n（紧接 01 版）增长35.2%。", "收入438亿元，增长35.2%。", True),
        ("货币M\n2\n增长35.2%。", "货币M2增长35.2%。", True),
        ("货币M\n2\n增长35.2%。", "货币M增长35.2%。", False),  # a number alone may belong to the sentence
        ("收入438亿元，\n另有5亿元\n增长35.2%。", "收入438亿元，增长35.2%。", False),
        ("收入438亿元（下转2版）增长", "收入438亿元增长", False),  # not at the end of a line
        ("收入438亿元。", "收入438亿元", False),
        ("收入438亿元", "收入438亿元。", False),
        ("   ", " ", False),
    ],
)
def test_verbatim(source, quote, stands):
    assert stands_at(quote, source, 0, len(source)) is stands


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 99)])
def test_offsets_outside_the_source(start, end):
    assert not stands_at("收入", "收入438", start, end)


QUOTES = [
    FIRST,
    "凉山旅游总收入 530.2 亿元。",
    "税收收入 25.8 亿元，一般公共预算收入 62.9 亿元，结构为21.9:33.4:44.7。",
]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("2023年，旅游总收入438亿元，增长35.2％。[1][12]", ()),
        ("旅游总收入439亿元", ("439亿",)),
        ("旅游总收入438万元", ("438万",)),
        ("旅游总收入438亿美元", ("438亿美元",)),
        ("增长35.2个百分点", ("35.2个百分点",)),
        ("第二产业占33.4%", ()),
        ("于6月8日作出", ("6", "8")),
        ("PM2.5和5G", ()),
        ("2024年计划：1.要点", ()),
        ("高92.2亿元（530.2亿元 − 438亿元 = 92.2亿元）", ()),
        ("高92.3亿元（530.2亿元 − 438亿元 = 92.3亿元）", ("92.3亿", "=92.3亿")),
        ("530.2亿元-438亿元＝35.2%", ("=35.2%",)),  # held by a quote, but not what comes out
        ("高92亿元（530亿元 − 438亿元 = 92亿元）", ("92亿", "530亿", "=92亿")),
        ("高9.4个百分点（44.6% − 35.2% = 9.4个百分点）", ()),
        ("约324亿元（438亿元 ÷ (1 + 35.2%) = 324亿元）", ()),
        ("约324亿元（438亿元 ÷（1＋35.2％）≈ 324亿元）", ()),
        ("约323.96亿元（438亿元 ÷ (1 + 35.2%) = 323.96亿元）", ()),
        ("约325亿元（438亿元 ÷ (1 + 35.2%) = 325亿元）", ("325亿", "1", "=325亿")),
        ("41%（25.8亿元 ÷ 62.9亿元 = 41%）", ()),
        ("41%（25.8亿元 ÷ 62.9亿元 × 100% = 41%）", ()),
        ("41.1%（25.8亿元 ÷ 62.9亿元 = 41.1%）", ("41.1%", "=41.1%")),
        ("两地合计968.2亿元：530.2亿元＋438亿元＝968.2亿元", ()),
        ("438亿元 ÷ (44.6% − 44.6%) = 7亿元", ("7亿", "=7亿")),  # division by zero
        ("(" * 5000 + "438亿元 + 438亿元" + ")" * 5000 + " = 5亿元", ("5亿", "=5亿")),
        ("1 + 1 = 2", ("1", "2", "=2")),  # constants alone prove nothing
        ("438亿元 = 500亿元", ("500亿",)),
        ("即(438亿元 + = 5亿元", ("5亿", "=5亿")),
    ],
)
def test_unsupported(answer, expected):
    assert unsupported(answer, QUOTES) == expected


def test_a_year_of_the_question_is_no_figure():
    assert unsupported("2023版", [], question()) == ()
    assert unsupported("2022版", [], question()) == ("2022",)


@given(st.text(alphabet="0123456789.,+-−×÷*/()（）=≈%万亿元个百分点年 \n约[]", max_size=50))
def test_any_arithmetic_is_read(text):
    found = unsupported(text, [text])
    assert all(one.startswith("=") or one == "" for one in found)  # every figure stands in the quote


@given(st.integers(1, 9999), st.integers(1, 9999), st.integers(-3, 3))
def test_a_difference_is_held_exactly_when_it_comes_out(a, b, off):
    high, low = max(a, b) / 10, min(a, b) / 10
    gap = round(high - low, 1) + off / 10
    if gap < 0:
        return
    answer = f"（{high}亿元 − {low}亿元 = {gap:.1f}亿元）"
    assert (unsupported(answer, [f"{high}亿元和{low}亿元"]) == ()) == (off == 0)


def test_what_the_answerer_computes_is_understood(seed_answerer, seed_library):
    texts = seed_library.catalogue.report_text
    computed = 0
    for asked in load_gold([GOLD_FOLDER / "seeds.jsonl"]):
        if asked.type not in DERIVED_TYPES:
            continue
        answer = json.loads(json.dumps(asdict(seed_answerer.ask(asked.question, asked.history)), default=str))
        found = check_citations(asked, answer, texts, [])
        assert (found.unsupported, found.verbatim) == ((), found.quotes), asked.id
        if answer["answered"] and "=" in answer["answer"]:
            computed += 1
            half = {**answer, "citations": answer["citations"][1:]}
            assert check_citations(asked, half, texts, []).unsupported, asked.id  # an operand without its quote
    assert computed >= 4
