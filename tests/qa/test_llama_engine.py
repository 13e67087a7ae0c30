"""The answerer as a llama-index query engine: the same answers, with their passages as nodes."""

import asyncio
import re

import pytest

pytest.importorskip("llama_index.llms.openai_like", reason="needs wenbao[llm]")

from llama_index.core.base.response.schema import AsyncStreamingResponse, Response, StreamingResponse
from llama_index.core.schema import NodeRelationship, QueryBundle
from llama_index.core.tools import QueryEngineTool
from scripted_server import FAULTS, ScriptedServer

from qa.errors import UsageError
from qa.llama import WenbaoQueryEngine, WenbaoRetriever
from qa.llm.engine import ModelAnswerer
from qa.llm.settings import LLMSettings

QUESTION = "2023年阿坝旅游收入多少"
PLAIN = "2023年，阿坝州旅游总收入438亿元，比上年增长35.2%。[1]"
SAID = "2023年阿坝州旅游总收入438亿元[1]。编造的一万亿元[1]。比上年增长35.2%[1]。"
SHOWN = "2023年阿坝州旅游总收入438亿元。[1]比上年增长35.2%。[1]"


@pytest.fixture
def with_model(seed_answerer):
    """``with_model(reply)`` → a query engine over the seeds with a model that says it."""
    servers = []

    def make(reply, **more):
        server = ScriptedServer([reply])
        servers.append(server.__enter__())
        settings = LLMSettings("scripted", base_url=server.base_url, timeout=20)
        return WenbaoQueryEngine(ModelAnswerer(seed_answerer, settings), **more)

    yield make
    for server in servers:
        server.__exit__()


def assert_nodes_are_the_citations(nodes, metadata, library) -> None:
    assert [n.node.text for n in nodes] == [c["quote"] for c in metadata["citations"]]
    for scored, c in zip(nodes, metadata["citations"], strict=True):
        node = scored.node
        source = library.catalogue.report_text(node.relationships[NodeRelationship.SOURCE].node_id)
        assert re.sub(r"\s", "", source[node.start_char_idx : node.end_char_idx]) == re.sub(r"\s", "", node.text)
        assert (node.metadata["report"], node.metadata["paragraph"]) == (c["report"], c["paragraph"])
        assert 0 < scored.score <= 1


@pytest.mark.parametrize("question", [QUESTION, "凉山2019年哪些县摘帽", "阿坝和凉山旅游收入谁高", "凉山州州长是谁"])
def test_the_answer_of_the_command_line(seed_answerer, question):
    response = WenbaoQueryEngine(seed_answerer).query(question)
    answer = seed_answerer.ask(question)
    assert isinstance(response, Response)
    assert str(response) == answer.answer
    assert response.metadata["answered"]
    assert response.metadata["llm"] is None
    assert_nodes_are_the_citations(response.source_nodes, response.metadata, seed_answerer.library)


def test_a_cited_passage_has_the_fields_of_a_retrieved_one(seed_answerer):
    cited = WenbaoQueryEngine(seed_answerer).query(QUESTION).source_nodes[0].node
    retrieved = WenbaoRetriever(seed_answerer.library).retrieve(QUESTION)[0].node
    assert cited.metadata == retrieved.metadata
    assert cited.id_ == retrieved.id_
    assert cited.text == retrieved.text


def test_silence_has_no_nodes(seed_answerer):
    response = WenbaoQueryEngine(seed_answerer).query("2022年阿坝旅游收入多少")
    assert response.source_nodes == []
    assert response.metadata["reason"] == "no_period"
    with pytest.raises(UsageError):
        WenbaoQueryEngine(seed_answerer).query(" ")


@pytest.mark.parametrize(
    ("reply", "said", "used"), [(SAID, SHOWN, True), (FAULTS["500"], PLAIN, False), ("", PLAIN, False)]
)
def test_a_model_in_front(with_model, seed_answerer, reply, said, used):
    response = with_model(reply).query(QueryBundle(QUESTION))
    assert str(response) == said
    assert response.metadata["llm"]["used"] is used
    assert_nodes_are_the_citations(response.source_nodes, response.metadata, seed_answerer.library)


@pytest.mark.parametrize(("reply", "said"), [(SAID, SHOWN), (FAULTS["500"], PLAIN)])
def test_streaming_gives_checked_sentences(with_model, seed_answerer, reply, said):
    response = with_model(reply, streaming=True).query(QUESTION)
    assert isinstance(response, StreamingResponse)
    pieces = list(response.response_gen)
    assert "".join(pieces) == said
    assert not any("一万亿" in piece for piece in pieces)
    assert_nodes_are_the_citations(response.source_nodes, response.metadata, seed_answerer.library)


def test_streaming_without_a_model(seed_answerer):
    response = WenbaoQueryEngine(seed_answerer, streaming=True).query(QUESTION)
    assert str(response) == PLAIN
    assert len(response.source_nodes) == 1


def test_in_a_loop(with_model):
    async def both():
        whole = await with_model(SAID).aquery(QUESTION)
        parts = await with_model(SAID, streaming=True).aquery(QUESTION)
        assert isinstance(parts, AsyncStreamingResponse)
        return str(whole), [piece async for piece in parts.async_response_gen()], parts.source_nodes

    whole, pieces, nodes = asyncio.run(both())
    assert whole == "".join(pieces) == SHOWN
    assert len(nodes) == 1


def test_passages_alone(seed_answerer):
    nodes = WenbaoQueryEngine(seed_answerer).retrieve(QueryBundle(QUESTION))
    assert nodes[0].node.text.startswith("全年接待游客5300万人次")


def test_as_a_tool(seed_answerer):
    tool = QueryEngineTool.from_defaults(
        WenbaoQueryEngine(seed_answerer), name="government_reports", description="Figures of Chinese work reports"
    )
    output = tool.call(QUESTION)
    assert output.content == PLAIN
    assert output.raw_output.metadata["figures"][0]["value"] == "438"
