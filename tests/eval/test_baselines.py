"""The baselines: llama-index as it comes, the question as typed, the first sentence."""

import socket

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.baselines import Chunk, Evidence, LlamaIndexBaseline, PlainRetriever, evidence_in, first_sentence, fold
from qa.model import Paragraph
from qa.text import bigrams

QUESTION = "2023年阿坝旅游收入多少"
EVIDENCE = "全年接待游客5300万人次，实现旅游总收入438亿元"


class Counting:
    """The library's encoder, which notes how many texts each call brings."""

    def __init__(self, encoder):
        self.encoder, self.spec = encoder, encoder.spec
        self.passages, self.queries = [], []

    def encode_queries(self, texts):
        self.queries.append(list(texts))
        return self.encoder.encode_queries(texts)

    def encode_passages(self, texts, progress=None):
        self.passages.append(list(texts))
        return self.encoder.encode_passages(texts, progress)


@pytest.fixture(scope="module")
def llama(seed_library):
    """(baseline, encoder, attempts to reach the network) over both seeds, made while there is no network."""
    reached = []

    def refuse(*address):
        reached.append(address)
        raise OSError("no network")

    encoder = Counting(seed_library.encoder)
    reports = [seed_library.catalogue.report(info.id) for info in seed_library.reports()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        baseline = LlamaIndexBaseline(reports, encoder)
        baseline.search(QUESTION, 1)
    return baseline, encoder, reached


def test_llama_index_needs_no_network(llama):
    assert llama[2] == []


def test_all_chunks_are_embedded_in_one_call_with_the_file_name(llama, seed_library):
    baseline, encoder, _ = llama
    assert [len(call) for call in encoder.passages] == [len(baseline.chunks())]
    names = {info.source for info in seed_library.reports()}
    assert {text.split("\n", 1)[0] for text in encoder.passages[0]} == {f"file_name: {name}" for name in names}


def test_chunks_are_of_the_default_size_and_verbatim(llama, seed_library):
    chunks = llama[0].chunks()
    texts = {info.id: seed_library.catalogue.report_text(info.id) for info in seed_library.reports()}
    assert all(texts[c.report_id][c.start : c.end] == c.text for c in chunks)
    assert 600 < np.median([len(c.text) for c in chunks]) < 1200  # 1,024 of tiktoken's tokens
    for report_id, text in texts.items():
        covered = {i for c in chunks if c.report_id == report_id for i in range(c.start, c.end)}
        assert all(i in covered for i, char in enumerate(text) if not char.isspace())


def test_global_settings_do_not_change_the_chunks(llama, seed_library, monkeypatch):
    from llama_index.core import Settings
    from llama_index.core.node_parser import SentenceSplitter

    monkeypatch.setattr(Settings, "_node_parser", SentenceSplitter(chunk_size=128, chunk_overlap=0))
    monkeypatch.setattr(Settings, "_transformations", None)
    report = seed_library.catalogue.report(seed_library.reports()[0].id)
    made = LlamaIndexBaseline([report], seed_library.encoder).chunks()
    assert {c for c in llama[0].chunks() if c.report_id == report.id} == set(made)


def test_search_gives_the_nearest_chunks(llama):
    baseline, encoder, _ = llama
    found = baseline.search(QUESTION, 5)
    embedded = encoder.passages[0]
    cosines = encoder.encode_passages(embedded) @ encoder.encode_queries([QUESTION])[0]
    order = np.argsort(-cosines)[:5]
    assert [c.text for c in found] == [embedded[i].split("\n\n", 1)[1] for i in order]
    assert encoder.queries[0] == [QUESTION]
    assert any(EVIDENCE in c.text for c in baseline.search(QUESTION, 100))


CHUNKS = [Chunk("a", 0, 100, ""), Chunk("b", 0, 100, ""), Chunk("a", 80, 200, "")]


@pytest.mark.parametrize(
    ("relevant", "expected"),
    [
        ([], ["a@0-100", "b@0-100", "a@80-200"]),
        ([Evidence("x#1", "a", 0, 100)], ["x#1", "b@0-100", "a@80-200"]),
        ([Evidence("x#1", "a", 0, 101)], ["a@0-100", "b@0-100", "a@80-200"]),  # in no chunk as a whole
        ([Evidence("x#1", "b", 10, 20)], ["a@0-100", "x#1", "a@80-200"]),
        ([Evidence("x#1", "a", 80, 100)], ["x#1", "b@0-100"]),  # the overlap: given once
        ([Evidence("x#1", "a", 50, 150), Evidence("x#1", "a", 90, 101)], ["a@0-100", "b@0-100", "x#1"]),
        ([Evidence("x#9", "a", 30, 40), Evidence("x#8", "a", 10, 20)], ["x#8", "x#9", "b@0-100", "a@80-200"]),
    ],
)
def test_fold(relevant, expected):
    assert fold(CHUNKS, relevant) == expected


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        ((), [(10, 18)]),
        (("丙丁。",), [(15, 18)]),
        (("甲乙。", "丙丁。"), [(10, 15), (15, 18)]),
        (("不在。",), [(10, 18)]),
        (("", "丙丁。"), [(15, 18)]),
    ],
)
def test_evidence_stands_in_the_source_text(sentences, expected):
    # two characters of a page break were left out of the source between 甲 and 乙
    paragraph = Paragraph(3, "甲乙。丙丁。", 10, 18, (), 2023, "review", ((1, 2),))
    assert evidence_in("s#3", "r", paragraph, sentences) == [Evidence("s#3", "r", *span) for span in expected]


@pytest.mark.parametrize(
    ("passage", "expected"),
    [
        ("增长5.1%。又增长。", "增长5.1%。"),
        ("一、回顾\n\n  旅游收入438亿元。增长。", "旅游收入438亿元。"),
        ("他说“加油干！”。完。", "他说“加油干！”。"),
        ("（一）\n旅游收入438亿元（含餐饮。）\n完。", "旅游收入438亿元（含餐饮。）"),
        ("没有句号", "没有句号"),
        ("标题\n又一行", "标题"),
        (" \n", ""),
        ("", ""),
    ],
)
def test_first_sentence(passage, expected):
    assert first_sentence(passage) == expected


@given(st.text(alphabet="增长。！\n 5.1%“”（）", max_size=60))
def test_first_sentence_is_verbatim_and_there_if_anything_is(passage):
    sentence = first_sentence(passage)
    assert sentence in passage
    assert bool(sentence) == bool(passage.strip())


@pytest.mark.parametrize("question", [QUESTION, "凉山脱贫人口", "how much did tourism earn in Aba"])
def test_each_side_alone_ranks_as_its_index_does(seed_library, question):
    retriever = PlainRetriever(seed_library)
    rows = {hit: _row(seed_library, hit) for how in ("bm25", "dense") for hit in retriever.rank(question, how, 20)}
    lexical = seed_library.catalogue.lexical(bigrams(question), 20)
    nearest, _ = seed_library.index.search(seed_library.encoder.encode_queries([question])[0], 20)
    assert [rows[hit] for hit in retriever.rank(question, "bm25", 20)] == [i for i, _ in lexical]
    assert [rows[hit] for hit in retriever.rank(question, "dense", 20)] == nearest.tolist()


def _row(library, hit):
    ids = library.catalogue.passage_ids([hit.report.id])
    at = (hit.report.id, hit.paragraph.number, hit.start, hit.end)
    rows = library.catalogue.passage_rows(ids)
    return next(row.id for row in rows if (row.report, row.paragraph, row.start, row.end) == at)


def test_fused_looks_at_both_sides_with_nothing_filtered(seed_library):
    retriever = PlainRetriever(seed_library)
    fused = retriever.rank("2023年旅游收入多少", "fused", 60)
    scores = [hit.score for hit in fused]
    assert scores == sorted(scores, reverse=True)
    assert len(fused) == 60
    assert {hit.report.identity.year for hit in fused} == {2020, 2024}  # 2023 would be the 2024 report alone
    found = {hit.paragraph.text[hit.start : hit.end] for hit in retriever.rank(QUESTION, "fused", 10)}
    assert any(EVIDENCE in text for text in found)


def test_another_way_of_ranking_is_refused(seed_library):
    with pytest.raises(KeyError, match="magic"):
        PlainRetriever(seed_library).rank(QUESTION, "magic")
