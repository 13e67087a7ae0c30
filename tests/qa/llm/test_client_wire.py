"""Every fault of the wire, for both protocols: one line within the time, and nothing left open behind it."""

import gc
import logging
import socket
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

pytest.importorskip("llama_index.llms.openai_like", reason="needs wenbao[llm]")
pytest.importorskip("llama_index.llms.ollama", reason="needs wenbao[llm]")

from llama_index.core.llms import ChatMessage, MockLLM
from scripted_server import FAULTS, Reply

from qa.llm import wire
from qa.llm.client import Limits, Usage, connect, limits, stream
from qa.llm.errors import LLMError
from qa.llm.settings import LLMSettings

KEY = "sk-0123456789abcdef"
ENV = {"WENBAO_LLM_API_KEY": KEY}
ASKED = [ChatMessage(role="system", content="按资料回答。"), ChatMessage(role="user", content="旅游收入多少？")]
SLACK = 2.5  # seconds that a busy machine may add
KINDS = ["openai", "ollama"]


def settings_of(server, kind="openai", **changed) -> LLMSettings:
    url = server.ollama_url if kind == "ollama" else server.base_url
    return replace(LLMSettings(model="scripted", kind=kind, base_url=url, timeout=20.0), **changed)


def said(settings, usage=None, environ=ENV) -> list[str]:
    return list(stream(connect(settings, environ), ASKED, limits(settings), settings, usage))


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "wenbao-llm"]


def left_nothing(server) -> bool:
    until = time.monotonic() + SLACK
    while threads() and time.monotonic() < until:
        time.sleep(0.01)
    return server.settled(SLACK) and not threads()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["全年旅游收入438亿元[1]。", "a", "。\n\n" * 50, "“引号”\\n{}\u2028😀[1]"])
def test_the_words_come_as_they_were_sent(scripted, kind, text):
    server = scripted([text])
    assert "".join(said(settings_of(server, kind))) == text
    assert server.requests[0].prompt == "按资料回答。\n旅游收入多少？"
    assert left_nothing(server)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_asked_of_the_server(scripted, kind):
    server = scripted(["好。"])
    said(settings_of(server, kind, max_tokens=77, context_window=2048, temperature=0.5))
    body = server.requests[0].body
    assert (body["model"], body["stream"]) == ("scripted", True)
    if kind == "openai":
        assert server.requests[0].path == "/v1/chat/completions"
        assert (body["max_tokens"], body["temperature"]) == (77, 0.5)
    else:
        assert server.requests[0].path == "/api/chat"
        assert body["options"] == {"num_predict": 77, "temperature": 0.5, "num_ctx": 2048}


@pytest.mark.parametrize("kind", KINDS)
def test_words_are_given_as_soon_as_they_come(scripted, kind):
    server = scripted([Reply("一二三四", piece=2, pause=0.4)])
    settings = settings_of(server, kind)
    llm = connect(settings, ENV)
    pieces = stream(llm, ASKED, limits(settings), settings)
    assert next(pieces) == "一二"
    first = time.monotonic()
    assert list(pieces) == ["三四"]
    assert time.monotonic() - first > 0.3


EXPECTED = {
    "empty": ("empty", ""),
    "hang": ("timeout", ""),
    "hang_half": ("timeout", "全年地区生产"),
    "drop": ("dropped", "全年地区生产"),
    "reset": ("dropped", "全年地区生产"),
    "cut": ("dropped", "全年地区生产"),
    "drip": ("timeout", ""),
    "headers": ("timeout", ""),
    "garbage": ("wire", ""),
    "bad_json": ("wire", "全年地区生产总值[1]"),
    "html": ("wire", ""),
    "100000 tokens": ("too_long", ("增长。" * 200)[:400]),
    "endless": ("too_long", "增长" * 200),
    "401": ("key", ""),
    "402": ("quota", ""),
    "404": ("model", ""),
    "429": ("quota", ""),
    "500": ("server", ""),
    "redirect": ("wire", ""),
    "template": ("template", ""),
    "window": ("window", ""),
}


def test_every_ready_made_fault_is_tested():
    assert EXPECTED.keys() == FAULTS.keys()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", EXPECTED)
def test_a_fault_is_one_line_within_the_time(scripted, caplog, kind, name):
    caplog.set_level(logging.DEBUG)
    fault, words = EXPECTED[name]
    server = scripted([FAULTS[name]])
    timeout = 1.0 if fault == "timeout" else 20.0
    settings = settings_of(server, kind, timeout=timeout, max_tokens=100)
    llm = connect(settings, ENV)
    got: list[str] = []
    start = time.monotonic()
    with pytest.raises(LLMError) as caught:
        for piece in stream(llm, ASKED, limits(settings), settings):
            got.append(piece)
    seconds = time.monotonic() - start
    assert caught.value.fault == fault
    assert "".join(got) == words
    assert seconds < timeout + SLACK
    assert fault != "timeout" or seconds >= timeout
    one_line = str(caught.value)
    assert "\n" not in one_line
    assert one_line.endswith(")。")
    assert left_nothing(server)
    assert len(server.requests) == 1  # no second try
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    trace = "".join(traceback.format_exception(caught.value))
    for shown in (one_line, repr(caught.value), trace, caplog.text, repr(settings), repr(llm), str(llm), llm.to_json()):
        assert KEY not in shown


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("hang", "llm.timeout"),
        ("100000 tokens", "llm.max_tokens"),
        ("401", "WENBAO_LLM_API_KEY"),
        ("404", "llm.model"),
        ("redirect", "llm.base_url"),
        ("html", "llm.base_url"),
        ("template", "模板"),
        ("window", "llm.context_window"),
        ("429", "额度"),
        ("500", "日志"),
    ],
)
def test_the_line_says_what_to_change(scripted, name, advice):
    server = scripted([FAULTS[name]])
    with pytest.raises(LLMError, match=advice):
        said(settings_of(server, timeout=1.0, max_tokens=100))


# What servers really say: vLLM, llama.cpp, DeepSeek, Qwen (DashScope), Ollama.
REFUSALS = [
    (400, "As of transformers v4.44, default chat template is no longer allowed, so you must provide one", "template"),
    (400, "Unable to generate parser for this template. Automatic parser generation failed", "template"),
    (500, "Jinja Exception: System role not supported", "template"),
    (400, '"bge-m3" does not support chat', "template"),
    (400, "request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it", "window"),
    (400, "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens", "window"),
    (413, "Payload Too Large", "window"),
    (404, "The model `gpt` does not exist.", "model"),
    (404, 'model "qwen9" not found, try pulling it first', "model"),
    (400, "Model Not Exist", "model"),
    (404, "Not Found", "model"),
    (403, "Access denied", "key"),
    (402, "Insufficient Balance", "quota"),
    (400, "Temperature must be below 1", "wire"),
    (422, "Failed to deserialize the JSON body", "wire"),
    (301, "Moved", "wire"),
    (502, "Bad Gateway", "server"),
    (503, "Loading model", "server"),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("status", "words", "fault"), REFUSALS)
def test_what_servers_say_is_understood_and_not_repeated(scripted, kind, status, words, fault):
    server = scripted([Reply(status=status, error=f"{words} ({{key}})")])
    with pytest.raises(LLMError) as caught:
        said(settings_of(server, kind))
    assert caught.value.fault == fault
    assert words not in str(caught.value)
    assert f"HTTP {status}" in str(caught.value) or fault == "window"


@pytest.mark.parametrize("kind", KINDS)
def test_an_unreachable_server(kind):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    settings = LLMSettings(model="m", kind=kind, base_url=url)
    with pytest.raises(LLMError, match=url) as caught:
        said(settings)
    assert caught.value.fault == "unreachable"


@pytest.mark.parametrize("kind", KINDS)
def test_https_where_the_server_speaks_http(scripted, kind):
    settings = settings_of(scripted(["好。"]), kind)
    with pytest.raises(LLMError, match="http 还是 https") as caught:
        said(replace(settings, base_url=settings.base_url.replace("http:", "https:")))
    assert caught.value.fault == "unreachable"


@pytest.mark.parametrize("kind", KINDS)
def test_a_host_without_an_address(kind):
    with pytest.raises(LLMError) as caught:
        said(LLMSettings(model="m", kind=kind, base_url="http://nowhere.invalid", timeout=10.0))
    assert caught.value.fault in ("unreachable", "timeout")  # a resolver may be slow to say so


def test_an_endless_thought_is_ended_by_its_bytes(scripted, monkeypatch):
    monkeypatch.setattr(wire, "MAX_BYTES", 20_000)
    server = scripted([Reply("好。", thinking="想" * 20_000)])
    with pytest.raises(LLMError) as caught:
        said(settings_of(server))
    assert caught.value.fault == "too_long"
    assert left_nothing(server)


def test_thoughts_are_not_the_answer(scripted):
    assert "".join(said(settings_of(scripted([Reply("好。", thinking="想了想")])))) == "好。"


@pytest.mark.parametrize("kind", KINDS)
def test_thoughts_that_fill_the_length(scripted, kind):
    with pytest.raises(LLMError, match="llm.max_tokens") as caught:
        said(settings_of(scripted([Reply(thinking="想", finish="length")]), kind))
    assert caught.value.fault == "empty"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("reply", "usage"),
    [
        (Reply("好。", usage=(31, 2)), Usage(31, 2)),
        (Reply("好。"), Usage(None, None)),
        (Reply("好。", usage=(31, 2), finish="length"), Usage(31, 2, cut=True)),
    ],
)
def test_what_the_server_counts(scripted, kind, reply, usage):
    counted = Usage()
    said(settings_of(scripted([reply]), kind), counted)
    assert counted == usage


def test_nothing_is_counted_where_nothing_came(scripted):
    counted = Usage()
    with pytest.raises(LLMError):
        said(settings_of(scripted([FAULTS["500"]])), counted)
    assert counted == Usage()


@pytest.mark.parametrize("kind", KINDS)
def test_a_reader_that_stops_early_ends_the_call(scripted, kind):
    server = scripted([Reply("增长", fault="endless", pause=0.01)])
    settings = settings_of(server, kind, max_tokens=4000)
    pieces = stream(connect(settings, ENV), ASKED, limits(settings), settings)
    assert next(pieces)
    pieces.close()
    assert left_nothing(server)


@pytest.mark.parametrize("kind", KINDS)
def test_a_flood_is_ended_without_waiting_for_the_collector(scripted, kind):
    server = scripted([FAULTS["endless"]])
    settings = settings_of(server, kind, max_tokens=4000)
    pieces = stream(connect(settings, ENV), ASKED, limits(settings), settings)
    gc.disable()
    try:
        assert next(pieces)
        time.sleep(0.3)  # every buffer on the way is full
        pieces.close()
        assert left_nothing(server)
    finally:
        gc.enable()


def test_a_slow_reader_does_not_stop_the_clock(scripted):
    server = scripted([Reply("一二三四", piece=1)])
    settings = settings_of(server, timeout=1.0)
    llm = connect(settings, ENV)
    with pytest.raises(LLMError, match="timed out"):
        for _ in stream(llm, ASKED, limits(settings), settings):
            time.sleep(0.6)


def test_the_time_given_is_the_time_taken(scripted):
    settings = settings_of(scripted([FAULTS["hang"]]), timeout=60.0)
    llm = connect(settings, ENV)
    start = time.monotonic()
    with pytest.raises(LLMError, match="timed out"):
        list(stream(llm, ASKED, Limits(0.3, 100), settings))
    assert time.monotonic() - start < 0.3 + SLACK


@pytest.mark.parametrize("kind", KINDS)
def test_many_at_once_are_kept_apart(scripted, kind):
    server = scripted(lambda body: Reply(body["messages"][-1]["content"] * 50, piece=3, pause=0.001))
    settings = settings_of(server, kind)
    llm = connect(settings, ENV)

    def echoed(word: str) -> str:
        return "".join(stream(llm, [ChatMessage(role="user", content=word)], limits(settings), settings))

    words = list("甲乙丙丁")
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(echoed, words)) == [word * 50 for word in words]
    assert left_nothing(server)


@pytest.mark.parametrize("kind", KINDS)
def test_keys_of_other_variables_are_not_sent(scripted, kind, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    monkeypatch.setenv("OLLAMA_API_KEY", KEY)
    server = scripted(["好。"])
    said(settings_of(server, kind), environ={})
    sent = server.requests[0].headers
    assert "authorization" not in sent
    assert "openai-organization" not in sent
    assert KEY not in str(sent)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", ["口令", "sk-“x”", "sk-1 sk-2", "sk-1\nX-Evil: 1"])
def test_a_key_that_cannot_be_sent(scripted, kind, key):
    server = scripted(["好。"])
    with pytest.raises(LLMError, match="WENBAO_LLM_API_KEY") as caught:
        connect(settings_of(server, kind), {"WENBAO_LLM_API_KEY": key})
    assert caught.value.fault == "key"
    assert key not in str(caught.value)
    assert server.requests == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_redirect_is_not_followed_with_the_key(scripted, kind):
    other = scripted(["好。"])
    path = "/api/chat" if kind == "ollama" else "/v1/chat/completions"
    server = scripted([Reply(status=307, location=other.root + path)])
    with pytest.raises(LLMError, match="redirected"):
        said(settings_of(server, kind))
    assert other.requests == []


def test_another_llm_of_llama_index_can_be_read():
    settings = LLMSettings(model="mock", base_url="http://localhost/v1")
    text = "".join(stream(MockLLM(), ASKED, limits(settings), settings))
    assert "旅游收入多少" in text


def test_whatever_another_llm_raises_is_one_line():
    class Broken(MockLLM):
        def stream_chat(self, messages, **kwargs):
            raise ZeroDivisionError(f"secret {KEY}\nof the server")

    settings = LLMSettings(model="mock", base_url="http://localhost/v1")
    with pytest.raises(LLMError) as caught:
        list(stream(Broken(), ASKED, limits(settings), settings))
    assert caught.value.fault == "wire"
    assert KEY not in str(caught.value)
    assert "\n" not in str(caught.value)
