"""Retrieval in llama-index's own socket, over the seed reports."""

import asyncio
import re
import subprocess
import sys

import pytest
from llama_index.core import PromptTemplate
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import get_response_synthesizer
from llama_index.core.schema import MetadataMode, NodeRelationship

from qa.errors import UsageError
from qa.llama import WenbaoRetriever
from qa.passages import split_sentences

QUESTION = "2023年阿坝旅游收入多少"
METADATA = {
    "report", "region", "report_year", "period", "stance", "section", "paragraph", "start", "end", "source",
}  # fmt: skip


@pytest.fixture
def retriever(seed_library):
    return WenbaoRetriever(seed_library)


def source_id(node) -> str:
    return node.relationships[NodeRelationship.SOURCE].node_id


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_the_sentence_that_answers_comes_first(retriever):
    best = retriever.retrieve(QUESTION)[0]
    assert (
        best.node.text == "全年接待游客5300万人次，实现旅游总收入438亿元，分别增长44.6%、35.2%，超过九寨沟地震前水平。"
    )
    assert set(best.node.metadata) == METADATA
    assert best.node.metadata | {"start": 0, "end": 0} == {
        "report": "2024年阿坝藏族羌族自治州政府工作报告",
        "region": "阿坝藏族羌族自治州",
        "report_year": 2024,
        "period": 2023,
        "stance": "review",
        "section": "2023年工作回顾 › 二、经济发展实现新突破",
        "paragraph": 10,
        "start": 0,
        "end": 0,
        "source": "003_41c047111ad46cae.txt",
    }


@pytest.mark.parametrize(
    ("question", "regions", "periods", "stances"),
    [
        (QUESTION, {"阿坝藏族羌族自治州"}, {2023}, {"review"}),
        ("凉山2020年的GDP目标", {"凉山彝族自治州"}, {2020}, {"plan"}),
        ("阿坝和凉山去年的旅游收入", {"阿坝藏族羌族自治州", "凉山彝族自治州"}, {2023, 2019}, {"review"}),
        ("2023年成都旅游收入多少", set(), set(), set()),
        ("2035年阿坝旅游收入多少", set(), set(), set()),
    ],
)
def test_only_the_place_and_the_year_asked_about(seed_library, question, regions, periods, stances):
    found = [n.node.metadata for n in WenbaoRetriever(seed_library, similarity_top_k=8).retrieve(question)]
    assert {m["region"] for m in found} <= regions
    assert {m["period"] for m in found} <= periods
    assert {m["stance"] for m in found} <= stances
    assert bool(found) == bool(regions)


@pytest.mark.parametrize("question", [QUESTION, "乡村振兴做了哪些工作", "凉山脱贫攻坚怎么做", "民营经济"])
def test_nodes_are_whole_sentences_of_the_source(seed_library, question):
    nodes = [n.node for n in WenbaoRetriever(seed_library, similarity_top_k=40).retrieve(question)]
    assert nodes
    for node in nodes:
        source, at = seed_library.catalogue.report_text(source_id(node)), node.metadata
        assert (node.start_char_idx, node.end_char_idx) == (at["start"], at["end"])
        assert squeeze(source[at["start"] : at["end"]]) == squeeze(node.text)
        paragraph = seed_library.catalogue.paragraph(source_id(node), at["paragraph"]).text
        start = paragraph.index(node.text)
        spans = split_sentences(paragraph)
        assert start in {a for a, _ in spans}
        assert start + len(node.text) in {b for _, b in spans}
    sentences = [
        (source_id(n), n.metadata["paragraph"], s) for n in nodes for s in range(n.metadata["start"], n.metadata["end"])
    ]
    assert len(sentences) == len(set(sentences))  # no sentence is given twice


def test_ids_are_stable_and_say_where(retriever, seed_library):
    found, again = retriever.retrieve(QUESTION), WenbaoRetriever(seed_library, similarity_top_k=9).retrieve(QUESTION)
    ids = [n.node.node_id for n in found]
    assert ids == [n.node.node_id for n in again][: len(ids)]
    assert len(set(ids)) == len(ids)
    best = found[0].node
    assert best.node_id == f"{source_id(best)}-{best.metadata['paragraph']}-{best.metadata['start']}"


@pytest.mark.parametrize("k", [1, 3, 10])
def test_best_first_and_no_more_than_asked(seed_library, k):
    scores = [n.score for n in WenbaoRetriever(seed_library, similarity_top_k=k).retrieve("凉山2019年的交通建设")]
    assert len(scores) == k
    assert scores == sorted(scores, reverse=True)


def test_what_a_model_is_shown(retriever):
    best = retriever.retrieve(QUESTION)[0].node
    assert best.get_content(MetadataMode.EMBED) == (
        "report: 2024年阿坝藏族羌族自治州政府工作报告\nsection: 2023年工作回顾 › 二、经济发展实现新突破\n\n" + best.text
    )
    shown = best.get_content(MetadataMode.LLM)
    assert "period: 2023" in shown
    assert "paragraph: 10" in shown
    assert "003_41c047111ad46cae" not in shown


def test_async_gives_the_same(retriever):
    assert asyncio.run(retriever.aretrieve(QUESTION)) == retriever.retrieve(QUESTION)


def test_an_empty_question_is_refused(retriever):
    with pytest.raises(UsageError, match="问题是空的"):
        retriever.retrieve("  ")


@pytest.mark.parametrize("mode", ["compact", "refine", "simple_summarize"])
def test_inside_a_query_engine(retriever, mode):
    """MockLLM says its prompt back, so the response shows what a model would be told."""
    template = PromptTemplate("{context_str}\n问：{query_str}")
    synthesizer = get_response_synthesizer(llm=MockLLM(), response_mode=mode, text_qa_template=template)
    response = RetrieverQueryEngine(retriever, response_synthesizer=synthesizer).query(QUESTION)
    assert [n.node.node_id for n in response.source_nodes] == [n.node.node_id for n in retriever.retrieve(QUESTION)]
    if mode != "refine":
        assert "实现旅游总收入438亿元" in str(response)
        assert f"问：{QUESTION}" in str(response)


def test_llama_index_is_not_imported_by_a_plain_question():
    code = "import qa.answer, qa.cli, sys; sys.exit('llama_index' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
