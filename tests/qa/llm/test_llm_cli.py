"""``wenbao ask --llm``: the model configured answers, or one line says why it did not."""

import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("llama_index.llms.openai_like", reason="needs wenbao[llm]")

from rich.console import Console
from scripted_server import FAULTS, Reply

from qa.cli import _show, main
from qa.llm.engine import ModelAnswerer
from qa.llm.settings import LLMSettings

REPOSITORY = Path(__file__).resolve().parents[3]
TOURISM = "2023年阿坝旅游收入多少"
PLAIN = "2023年，阿坝州旅游总收入438亿元，比上年增长35.2%。[1]"
SAID = "2023年阿坝州实现旅游总收入438亿元，增长35.2%[1]。"
SHOWN = "2023年阿坝州实现旅游总收入438亿元，增长35.2%。[1]"
KEY = "sk-very-secret"


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def wenbao(own_home, monkeypatch, capfd):
    """``wenbao(*arguments, config=…, stdin=…)`` on a copy of the seeds' home."""

    def run(*argv, config="", stdin=""):
        if config:
            (own_home / "wenbao.toml").write_text(config, "utf-8")
        monkeypatch.setenv("WENBAO_HOME", str(own_home))
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8"))
        try:
            code = main(list(argv))
        except SystemExit as end:
            code = end.code
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        assert KEY not in out + err
        return Ran(code, out, err)

    for name in list(os.environ):
        if name.startswith("WENBAO_LLM"):
            monkeypatch.delenv(name)
    return run


def table(server, enabled=False, **more) -> str:
    rows = {"model": "scripted", "base_url": server.base_url, "timeout": 10, "enabled": enabled, **more}
    return "[llm]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in rows.items())


# ---- which answer


@pytest.mark.parametrize(
    ("enabled", "arguments", "used"),
    [(False, [], False), (False, ["--llm"], True), (True, [], True), (True, ["--no-llm"], False)],
)
def test_the_switch_goes_before_the_settings(wenbao, scripted, enabled, arguments, used):
    server = scripted([SAID])
    ran = wenbao("ask", TOURISM, "--json", *arguments, config=table(server, enabled))
    item = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert item["answer"] == (SHOWN if used else PLAIN)
    assert (item["llm"] or {}).get("used", False) is used
    assert bool(server.requests) is used


def test_the_text_says_which_model_answered(wenbao, scripted):
    ran = wenbao("ask", TOURISM, "--llm", config=table(scripted([SAID + "收入一万亿元[1]。"])))
    assert ran.out.splitlines()[0] == SHOWN
    assert "由大模型 scripted 作答，逐句与原文核对，1 句未通过核对，已删去。" in ran.out
    assert "5300万人次" in ran.out


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (FAULTS["401"], "WENBAO_LLM_API_KEY"),
        (FAULTS["404"], "llm.model"),
        (FAULTS["template"], "对话模板"),
        (FAULTS["drop"], "中途断开"),
        ("一万亿元[1]。", "没有通过核对"),
        ("", "没有说话"),
    ],
)
def test_the_text_says_why_the_answer_is_the_one_without_it(wenbao, scripted, monkeypatch, reply, words):
    monkeypatch.setenv("WENBAO_LLM_API_KEY", KEY)
    server = scripted([reply])
    ran = wenbao("ask", TOURISM, "--llm", config=table(server))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[0] == PLAIN
    last = ran.out.splitlines()[-1]
    assert last.startswith("未采用大模型")
    assert "scripted" in last
    assert words in last
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


def test_nobody_at_the_address(wenbao):
    config = '[llm]\nmodel = "m"\nbase_url = "http://127.0.0.1:9/v1"\nenabled = true\n'
    ran = wenbao("ask", TOURISM, config=config)
    assert ran.out.splitlines()[0] == PLAIN
    assert "llm.base_url" in ran.out.splitlines()[-1]


@pytest.mark.parametrize("arguments", [["ask", TOURISM, "--llm"], ["chat", "--llm"]])
def test_a_model_is_wanted_and_none_configured(wenbao, arguments):
    ran = wenbao(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "[llm]" in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "key"),
    [('modle = "x"', "llm.modle"), ("timeout = -1", "llm.timeout"), ('api_key = "sk-very-secret"', "llm.api_key"),
     ('kind = "other"', "llm.kind"), ('base_url = "ftp://x"', "llm.base_url")],
)  # fmt: skip
def test_settings_that_cannot_be_used_are_named(wenbao, line, key):
    config = '[llm]\nmodel = "m"\n' + ("" if "base_url" in line else 'base_url = "http://127.0.0.1:9/v1"\n') + line
    ran = wenbao("ask", TOURISM, "--llm", config=config)
    assert (ran.code, ran.out) == (1, "")
    assert key in ran.err
    assert ran.err.count("\n") == 1


# ---- batch and chat


def test_a_batch_is_answered_by_the_model(wenbao, scripted):
    lines = "\n".join(json.dumps({"id": n, "question": TOURISM}, ensure_ascii=False) for n in range(2))
    server = scripted([SAID, FAULTS["500"]])
    ran = wenbao("ask", "--batch", "-", "--llm", config=table(server), stdin=f"{lines}\nnot json\n")
    items = [json.loads(line) for line in ran.out.splitlines()]
    assert [item.get("answer") for item in items] == [SHOWN, PLAIN, None]
    assert [item["llm"]["fault"] for item in items[:2]] == ["", "server"]


def test_a_conversation_goes_through_the_model(wenbao, scripted):
    server = scripted([SAID, "2023年阿坝州粮食产量达16万吨[1]。"])
    ran = wenbao("chat", config=table(server, enabled=True), stdin=f"{TOURISM}\n那粮食产量呢\n")
    assert ran.code == 0
    assert SHOWN in ran.out
    assert "粮食产量达16万吨。[1]" in ran.out
    assert TOURISM in server.requests[1].prompt


# ---- on a terminal


def shown(answerer, server, question) -> str:
    out = Console(file=io.StringIO(), force_terminal=True, width=200, color_system=None)
    _show(ModelAnswerer(answerer, LLMSettings("scripted", base_url=server.base_url, timeout=10)), out, question)
    return out.file.getvalue()


def test_checked_sentences_are_printed_once(seed_answerer, scripted):
    said = "2023年阿坝州旅游总收入438亿元[1]。收入一万亿元[1]。比上年增长35.2%[1]。"
    text = shown(seed_answerer, scripted([Reply(said, piece=2)]), TOURISM)
    assert text.count("旅游总收入438亿元。[1]") == 1
    assert text.count("比上年增长35.2%。[1]") == 1
    assert "一万亿" not in text
    assert (
        text.index("438亿元。[1]") < text.index("比上年增长35.2%") < text.index("《2024年阿坝") < text.index("由大模型")
    )


def test_no_sentence_of_an_answer_that_does_not_go_out_is_printed(seed_answerer, scripted):
    text = shown(seed_answerer, scripted(["2023年阿坝州旅游总收入438亿元[1]。"]), TOURISM)
    assert text.count(PLAIN) == 1
    assert "旅游总收入438亿元。[1]" not in text
    assert "未采用大模型" in text


# ---- nothing of it without a model


@pytest.mark.parametrize("arguments", [[], ["--json"], ["--no-llm"]])
def test_without_a_model_nothing_of_it_is_imported(own_home, arguments):
    code = (
        "import sys; from qa.cli import main; code = main(sys.argv[1:]);"
        "bad = [m for m in sys.modules if m.split('.')[0] in ('llama_index', 'openai', 'ollama', 'httpx')"
        " or m.startswith('qa.llm')]; sys.exit(code or len(bad))"
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith("WENBAO")}
    environment |= {"WENBAO_HOME": str(own_home), "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-c", code, "ask", TOURISM, *arguments]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert "438亿元" in ran.stdout
