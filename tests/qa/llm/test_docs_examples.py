"""The examples of docs/examples run as they stand there, with a server in place of a model."""

import asyncio
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("llama_index.llms.openai_like", reason="needs wenbao[llm]")

from llama_index.core.postprocessor import LLMRerank
from llama_index.core.vector_stores import SimpleVectorStore
from scripted_server import Reply

from qa.config import Config
from qa.llama import WenbaoRetriever
from qa.llm.client import connect
from qa.llm.settings import LLMSettings

REPOSITORY = Path(__file__).resolve().parents[3]
EXAMPLES = REPOSITORY / "docs" / "examples"
TOURISM = "2023年阿坝旅游收入多少"
PLAIN = "2023年，阿坝州旅游总收入438亿元，比上年增长35.2%。[1]"


def example(name):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def settings_of(server) -> LLMSettings:
    return LLMSettings("scripted", base_url=server.base_url, timeout=20)


def looking_up(*questions, said):
    """A model that asks the tool these questions one by one, then says something."""

    def reply(body) -> Reply:
        asked = sum(message["role"] == "tool" for message in body["messages"])
        if asked < len(questions):
            return Reply(tool=("work_reports", {"input": questions[asked]}))
        return Reply(said)

    return reply


def asked_through_the_agent(answerer, server, question=TOURISM) -> str:
    agent = example("agent_with_wenbao")
    return asyncio.run(agent.ask(answerer, agent.model(settings_of(server)), question))


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("2023年阿坝州旅游总收入为438亿元，增长35.2%。", "2023年阿坝州旅游总收入为438亿元，增长35.2%。"),
        ("2023年阿坝州旅游总收入为43.8亿元。", PLAIN),
        ("旅游总收入约一万亿元。", PLAIN),
    ],
)
def test_an_agent_uses_wenbao_as_a_tool(seed_answerer, scripted, said, answer):
    server = scripted(looking_up(TOURISM, said=said))
    assert asked_through_the_agent(seed_answerer, server) == answer
    assert [r.path for r in server.requests] == ["/v1/chat/completions"] * 2
    assert [tool["function"]["name"] for tool in server.requests[0].body["tools"]] == ["work_reports"]
    assert PLAIN in server.requests[1].prompt  # what the tool said is what the model reads


def test_an_agent_asks_twice_and_compares(seed_answerer, scripted):
    said = "阿坝州438亿元，凉山州541.8亿元，凉山州高。"
    questions = (TOURISM, "2019年凉山旅游收入多少")
    server = scripted(looking_up(*questions, said=said))
    shown = asked_through_the_agent(seed_answerer, server, "阿坝和凉山的旅游收入谁高")
    quoted = [seed_answerer.ask(question).answer for question in questions]
    assert len(server.requests) == 3
    assert shown == said or shown.splitlines() == quoted
    figures = set(re.findall(r"[\d.]+(?=亿元)", shown))
    assert figures <= set(re.findall(r"[\d.]+(?=亿元)", "".join(quoted)))


def test_an_agent_that_looks_nothing_up_gets_the_answer_all_the_same(seed_answerer, scripted):
    assert asked_through_the_agent(seed_answerer, scripted(["一万亿元。"])) == PLAIN


def stores():
    yield pytest.param(lambda _: SimpleVectorStore(), id="simple")
    yield pytest.param(faiss_store, id="faiss")


def faiss_store(dimensions):
    faiss = pytest.importorskip("faiss")
    vector_stores = pytest.importorskip("llama_index.vector_stores.faiss", reason="needs wenbao[test]")
    return vector_stores.FaissVectorStore(faiss_index=faiss.IndexFlatIP(dimensions))


@pytest.mark.parametrize("store", stores())
def test_the_passages_in_another_vector_store(seed_library, store):
    index = example("other_parts").index_in(store(seed_library.encoder.spec.dimension), seed_library)
    found = index.as_retriever(similarity_top_k=3).retrieve("阿坝州2023年旅游总收入")
    assert len(found) == 3
    assert any("438亿元" in scored.node.text.replace(" ", "") for scored in found)
    for scored in found:
        report = next(i for i in seed_library.reports() if i.identity.title == scored.node.metadata["report"])
        paragraph = seed_library.catalogue.paragraph(report.id, scored.node.metadata["paragraph"])
        assert scored.node.text in paragraph.text


def test_every_passage_is_a_node_once(seed_library):
    nodes = example("other_parts").passage_nodes(seed_library)
    assert len({node.id_ for node in nodes}) == len(nodes) == len(seed_library.catalogue.vectors()[0])


def test_a_reranker_orders_what_wenbao_finds(seed_library, scripted):
    question = "阿坝州怎样发展旅游"
    before = [scored.node.node_id for scored in WenbaoRetriever(seed_library, similarity_top_k=10).retrieve(question)]
    assert len(before) > 2
    server = scripted(["Doc: 3, Relevance: 9\nDoc: 1, Relevance: 4\n"])
    reranker = LLMRerank(llm=connect(settings_of(server), {}), top_n=2)
    after = example("other_parts").reranked(seed_library, reranker, question)
    assert [scored.node.node_id for scored in after] == [before[2], before[0]]
    assert [scored.score for scored in after] == [9.0, 4.0]
    assert question in server.requests[0].prompt


@pytest.mark.parametrize(
    ("name", "script", "told"),
    [
        ("agent_with_wenbao", looking_up(TOURISM, said="438亿元。"), "438亿元。"),
        ("other_parts", ["Doc: 1, Relevance: 9\n"], "LLMRerank"),
    ],
)
def test_from_the_command_line(own_home, scripted, tmp_path, name, script, told):
    environment = {
        "PATH": "", "PYTHONPATH": str(REPOSITORY), "PYTHONUTF8": "1", "WENBAO_HOME": str(own_home),
        "HOME": str(tmp_path), "WENBAO_LLM_MODEL": "scripted", "WENBAO_LLM_BASE_URL": scripted(script).base_url,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, EXAMPLES / f"{name}.py", TOURISM],
        env=environment, capture_output=True, text=True, encoding="utf-8", cwd=tmp_path, timeout=300,
    )  # fmt: skip
    assert (done.returncode, told in done.stdout) == (0, True), done.stderr


def test_the_guide_names_every_example():
    guide = (REPOSITORY / "docs" / "llm.md").read_text("utf-8")
    assert {path.name for path in EXAMPLES.glob("*.py")} == set(re.findall(r"examples/(\w+\.py)\)", guide))


def test_a_library_of_its_own_has_no_passages_yet(tmp_path):
    from qa.library import Library

    with Library.open(Config(tmp_path)) as library:
        assert example("other_parts").passage_nodes(library) == []
