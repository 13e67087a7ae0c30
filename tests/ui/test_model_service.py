"""A language model behind the page: for programs, in feedback, and nowhere unless it is configured and asked for."""

import concurrent.futures
import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from qa import feedback
from qa.config import Config
from qa.errors import HomeError, UsageError
from qa.model import LLMUse
from ui.markup import told_by
from ui.service import MODEL_CALLS, Service
from ui.text import text

REPOSITORY = Path(__file__).resolve().parents[2]
TOURISM = "2023年阿坝旅游收入多少"
PLAIN = "2023年，阿坝州旅游总收入438亿元，比上年增长35.2%。[1]"
SAID = "2023年阿坝州实现旅游总收入438亿元，增长35.2%[1]。"
SHOWN = "2023年阿坝州实现旅游总收入438亿元，增长35.2%。[1]"
INVENTED = "2023年阿坝州旅游总收入918.7亿元，增长88.8%[1]。"


@pytest.fixture(autouse=True)
def no_variables(monkeypatch):
    for name in [name for name in os.environ if name.startswith("WENBAO_LLM")]:
        monkeypatch.delenv(name)


@pytest.fixture
def home_with(own_home):
    """``home_with(server, **settings)``: a data folder with this model configured."""

    def configured(server, **settings) -> Path:
        table = {"model": "scripted", "base_url": server.base_url, "timeout": 10, **settings}
        rows = "".join(f"{key} = {json.dumps(value)}\n" for key, value in table.items())
        (own_home / "wenbao.toml").write_text(f"[llm]\n{rows}", "utf-8")
        return own_home

    return configured


@pytest.fixture
def scripted():
    """``scripted(script)``: a model that says what the script says."""
    pytest.importorskip("llama_index.llms.openai_like", reason="needs wenbao[llm]")
    from scripted_server import ScriptedServer

    with contextlib.ExitStack() as stack:
        yield lambda script=(): stack.enter_context(ScriptedServer(script))


@pytest.fixture
def served(home_with, scripted, serve_page):
    """``with served(script, **settings) as (url, server, home)``: a page with a model."""

    @contextlib.contextmanager
    def serve(script=(), **settings):
        server = scripted(script)
        home = home_with(server, **settings)
        with serve_page(home) as url:
            yield url, server, home

    return serve


# ---- not configured, badly configured


def test_without_a_model_nothing_of_one_is_loaded(seed_home):
    code = f"""
import sys
from qa.config import Config
from ui.service import Service
service = Service(Config(__import__("pathlib").Path({str(seed_home)!r})))
assert service.model is None and service.ask({TOURISM!r}).answered
import ui.ask, ui.routes, ui.api, ui.wire
print(sorted(name for name in sys.modules if name.startswith(("qa.llm", "llama_index.llms", "openai", "ollama"))))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=REPOSITORY, timeout=120)
    assert (run.returncode, run.stdout.strip()) == (0, "[]"), run.stderr


def test_none_is_configured_means_none_can_be_asked(seed_home):
    with contextlib.closing(Service(Config(seed_home))) as service:
        assert service.model is None
        with pytest.raises(UsageError, match="no language model"):
            service.ask_model(TOURISM)
        assert service.given(TOURISM) is None


@pytest.mark.parametrize(
    "table, key",
    [
        ('model = "m"', "base_url"),
        ('model = "m"\nbase_url = "http://127.0.0.1:9/v1"\ntimeout = 0', "timeout"),
        ("enabled = true", "model"),
        ("mood = 1", "mood"),
    ],
)
def test_bad_settings_are_told_when_the_page_is_started(own_home, table, key):
    (own_home / "wenbao.toml").write_text(f"[llm]\n{table}\n", "utf-8")
    with pytest.raises(HomeError, match=key) as error:
        Service(Config(own_home))
    assert "\n" not in str(error.value)


# ---- for programs


@pytest.mark.parametrize("enabled", [False, True])
def test_programs_get_the_model_only_where_they_ask_for_it(served, enabled):
    with served([SAID], enabled=enabled) as (url, server, _):
        for given in ({}, {"llm": False}, {"llm": "0"}):
            found = httpx.post(f"{url}/api/ask", json={"question": TOURISM, **given}).json()
            assert (found["answer"], found["llm"]) == (PLAIN, None)
        assert server.requests == []
        found = httpx.post(f"{url}/api/ask", json={"question": TOURISM, "llm": True}, timeout=60).json()
        assert found["answer"] == SHOWN
        assert (found["llm"]["model"], found["llm"]["used"], found["llm"]["sentences"]) == ("scripted", True, 1)
        assert found["citations"][0]["quote"].startswith("全年接待游客5300万人次")
        found = httpx.get(f"{url}/api/ask", params={"question": TOURISM, "llm": "true"}, timeout=60).json()
        assert found["answer"] == SHOWN
        assert len(server.requests) == 2  # programs that ask again are answered anew


def test_a_program_is_told_why_the_model_did_not_word_it(served):
    with served([INVENTED]) as (url, _, __):
        found = httpx.post(f"{url}/api/ask", json={"question": TOURISM, "llm": True}, timeout=60).json()
        assert found["answer"] == PLAIN
        assert (found["llm"]["used"], found["llm"]["dropped"]) == (False, 1)
        assert "没有通过核对" in found["llm"]["note"]


def test_mcp_has_the_same_switch(served):
    from gradio_client import Client

    with served([SAID]) as (url, server, _), concurrent.futures.ThreadPoolExecutor(1) as thread:
        client = thread.submit(lambda: Client(url, verbose=False, analytics_enabled=False)).result(60)
        for llm, said in ((False, PLAIN), (True, SHOWN)):
            call = lambda llm=llm: client.predict(TOURISM, "", 0, llm, api_name="/ask_reports")  # noqa: E731
            assert json.loads(thread.submit(call).result(60))["answer"] == said
        assert len(server.requests) == 1


def test_programs_that_wait_for_the_model_leave_room_for_the_others(served):
    from scripted_server import FAULTS

    with served([FAULTS["hang"]], timeout=6) as (url, server, _):
        asked = {"question": TOURISM, "llm": True}
        with concurrent.futures.ThreadPoolExecutor(60) as threads:
            waiting = [threads.submit(httpx.post, f"{url}/api/ask", json=asked, timeout=300) for _ in range(50)]
            until = time.monotonic() + 5
            while len(server.requests) < MODEL_CALLS and time.monotonic() < until:
                time.sleep(0.05)
            began = time.monotonic()
            assert httpx.post(f"{url}/api/ask", json={"question": TOURISM}, timeout=30).json()["answer"] == PLAIN
            assert time.monotonic() - began < 3
            assert len(server.requests) <= 2 * MODEL_CALLS
            assert {one.result().json()["answer"] for one in waiting} == {PLAIN}


# ---- what is remembered


def test_feedback_keeps_the_answer_that_was_shown_and_its_model(served):
    with served([SAID, INVENTED]) as (url, server, home):
        shown = httpx.post(f"{url}/api/ask", json={"question": TOURISM, "llm": True}, timeout=60).json()
        given = {"question": TOURISM, "verdict": "right", "llm": True, "region": "", "year": None}
        assert httpx.post(f"{url}/api/feedback", json=given, timeout=60).json() == {"kept": True}
        kept = feedback.read(home)[0][-1].answer
        assert kept["answer"] == SHOWN
        assert (kept["llm"]["model"], kept["llm"]["prompt"]) == ("scripted", shown["llm"]["prompt"])
        assert len(kept["llm"]["prompt"]) == 12
        assert len(server.requests) == 1
        given = {"question": TOURISM, "verdict": "right"}
        assert httpx.post(f"{url}/api/feedback", json=given, timeout=60).json() == {"kept": True}
        assert feedback.read(home)[0][-1].answer["llm"] is None


def test_the_last_answers_are_known_until_the_reports_change(home_with, scripted):
    home = home_with(scripted([SAID, INVENTED, INVENTED, SAID]))
    with contextlib.closing(Service(Config(home))) as service:
        first = service.ask_model(TOURISM)
        assert first.answer == SHOWN
        assert service.given(TOURISM) == first
        for other in ((TOURISM, ["凉山？"]), (TOURISM, (), "513200"), (TOURISM, (), None, 2023), (f"{TOURISM}？",)):
            assert service.given(*other) is None
        assert service.ask_model(TOURISM).answer == PLAIN  # asked again, and this is the last now
        assert service.given(TOURISM).answer == PLAIN
        service.library.remove(service.reports()[-1].id)
        assert service.given(TOURISM) is None


def test_an_error_inside_gives_the_answer_there_is(home_with, scripted, monkeypatch, caplog):
    from qa.llm.engine import ModelAnswerer

    def broken(*_, **__):
        raise RuntimeError("/home/li")
        yield

    monkeypatch.setattr(ModelAnswerer, "stream", broken)
    with contextlib.closing(Service(Config(home_with(scripted([SAID]))))) as service:
        answer = service.ask_model(TOURISM)
    assert (answer.answer, answer.llm.used) == (PLAIN, False)
    assert "/home/li" not in answer.llm.note
    assert "/home/li" in caplog.text


def test_several_ask_at_once(home_with, scripted):
    home = home_with(scripted([SAID]))
    with contextlib.closing(Service(Config(home))) as service, concurrent.futures.ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: service.ask_model(TOURISM).answer, range(8)))
    assert answers == [SHOWN] * 8


# ---- the line on the card


@pytest.mark.parametrize(
    "use, chinese, english",
    [
        (
            LLMUse("m", "p", used=True, sentences=2),
            "由 m 组织语言，逐句核对：2 句。",
            "Worded by m; sentences checked: 2.",
        ),
        (
            LLMUse("m", "p", used=True, sentences=5, dropped=2),
            "由 m 组织语言，逐句核对：5 句，其中 2 句未通过，已删去。",
            "Worded by m; sentences checked: 5, 2 of them dropped.",
        ),
        (
            LLMUse("m", "p", used=True, sentences=1, note="模型没有说完：连接中途断开 (connection dropped)。"),
            "由 m 组织语言，逐句核对：1 句。模型没有说完：连接中途断开 (connection dropped)。",
            "Worded by m; sentences checked: 1. Connection dropped.",
        ),
        (
            LLMUse("big-model", "p", note="大模型 big-model 在 2 秒内没有答完：请调大 llm.timeout (timed out)。"),
            "未采用大模型：大模型 big-model 在 2 秒内没有答完：请调大 llm.timeout (timed out)。",
            "Not worded by big-model: timed out.",
        ),
        (
            LLMUse("m", "p", note="The reports do not tell, so the model was not asked."),
            "未采用大模型：The reports do not tell, so the model was not asked.",
            "Not worded by a model: The reports do not tell, so the model was not asked.",
        ),
    ],
)
def test_who_worded_it_in_one_line(use, chinese, english):
    assert told_by(use, text("zh")) == chinese
    assert told_by(use, text("en")) == english


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_does_not_say_where_the_model_stands(lang):
    note = "连不上大模型服务 http://10.1.2.3:8000/v1：请检查 llm.base_url (cannot reach the model)。"
    said = told_by(LLMUse("m", "0" * 12, note=note, fault="unreachable"), text(lang))
    assert "10.1.2.3" not in said
    assert ("连不上大模型服务：" if lang == "zh" else "annot reach the model") in said
